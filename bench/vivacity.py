"""Fit the linear measure of editor/engines/networks/animacy.py: is it alive?

    python -m bench.vivacity FOLDER [--keep]

FOLDER holds photos named for what they show as ImageNet names it (n02085620_Chihuahua.jpg), one or
more of each of the thousand kinds. Life is learnt from the names. Prints the accuracy on photos held out
(five folds); --keep writes the weights into the engine (animacy.json). Ridge regression, so the same photos
give the same numbers. Where a beast's head is, `python -m bench.headness` fits.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines.heads import detection
from editor.engines.io import pictures
from editor.engines.networks import animacy, isnet
from editor.engines.networks.weights import ISNET, need

Rows = NDArray[np.floating]

FOLDS = 5
LOOK_SIDE = 800

# WordNet's numbers of ImageNet's animals, and among them those without a face to speak of.
ANIMALS = (1_440_764, 2_514_041)
FACELESS = ((1_440_000, 1_500_000), (1_674_464, 1_796_000), (1_796_000, 2_000_000), (2_165_000, 2_325_000))


@dataclass(frozen=True)
class Sample:
    """One photo: its subject's mean features."""

    living: bool
    mean: Rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="write the weights into the engine")
    asked = parser.parse_args()
    dice = np.random.default_rng(0)
    made = (sample(path) for path in sorted(asked.folder.glob("n[0-9]*")))
    samples = [one for one in made if one is not None]
    order = dice.permutation(len(samples))
    right: list[bool] = []
    for fold in range(FOLDS):
        held_out = set(order[fold::FOLDS].tolist())
        weights, offset = life([one for place, one in enumerate(samples) if place not in held_out])
        right += [(samples[place].mean @ weights + offset > 0) == samples[place].living for place in held_out]
    print(f"{len(right)} judged while held out, {np.mean(right):.1%} of them right")
    if asked.keep:
        keep(life(samples), len(samples))


def keep(model: tuple[Rows, float], count: int) -> None:
    """Write the measure, and how it came to be, into the engine; weights in half precision."""
    weights, offset = model
    halves = [float(np.format_float_positional(weight)) for weight in weights.astype(np.float16)]
    document: dict[str, Any] = {
        "what": "A linear measure of ISNet's features, see animacy.py: is a subject alive? "
        f"Fitted by `python -m bench.vivacity FOLDER --keep` on {count} photos of "
        "ImageNet's kinds; kinds without a face to speak of, and things shown with people, left out.",
        "isnet": need(ISNET).edition.sha256,
        "life": {"offset": round(offset, 5), "weights": halves},
    }
    animacy.MEASURES.write_text(json.dumps(document, indent=1) + "\n", "ascii")


def sample(path: Path) -> Sample | None:
    """Return what a photo teaches; None where it teaches nothing: a beetle, or a thing with its owner."""
    number = int(path.name[1:9])
    if any(low <= number < high for low, high in FACELESS):
        return None
    picture = Image.fromarray(pictures.read(path).rgb)
    picture.thumbnail((LOOK_SIDE, LOOK_SIDE))
    rgb = np.asarray(picture)
    living = ANIMALS[0] <= number <= ANIMALS[1]
    if not living and detection.find_human_heads(rgb):
        return None
    alpha = np.asarray(Image.fromarray(isnet.segmenter().subject(rgb)).resize(picture.size))
    deep = animacy.extract_features(rgb)
    share = animacy.measure_cells(alpha)
    if deep is None or (alpha > 0.5).mean() < 0.01:
        return None
    mean = np.tensordot(deep, share, 2) / share.sum()
    return Sample(living, mean)


def life(samples: list[Sample]) -> tuple[Rows, float]:
    means = np.array([one.mean for one in samples])
    return fit(means, np.array([1.0 if one.living else -1.0 for one in samples]), ridge=1.0)


def fit(rows: Rows, wanted: Rows, share: Rows | None = None, *, ridge: float) -> tuple[Rows, float]:
    """Return the weights and the offset of weighted least squares with a ridge, for raw features."""
    share = np.full(len(rows), 1 / len(rows)) if share is None else share
    mean = share @ rows
    spread = np.sqrt(share @ (rows - mean) ** 2) + 1e-6
    scaled = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    weighed = scaled * share[:, None]
    solved = np.linalg.solve(weighed.T @ scaled + ridge * np.eye(scaled.shape[1]), weighed.T @ wanted)
    weights = solved[:-1] / spread
    return weights, float(solved[-1] - mean @ weights)


if __name__ == "__main__":
    main()
