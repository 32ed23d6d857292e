"""Fit the two linear measures of editor/engines/networks/animacy.py: is it alive, where is its head?

    python -m bench.vivacity FOLDER [--keep]

FOLDER holds photos named for what they show as ImageNet names it (n02085620_Chihuahua.jpg), one or
more of each of the thousand kinds. Life is learnt from the names. Where a head is, nobody has drawn:
it is learnt from the faces that the detectors are surest of in animals, against the rest of the
animal and against things, and then told of animals in which they see none. Prints the accuracy on
photos held out (five folds); --keep writes the weights into the engine (animacy.json). Ridge regression,
so the same photos give the same numbers.
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

from editor.engines.heads import animal_head, animal_place, detection
from editor.engines.io import pictures
from editor.engines.networks import animacy, isnet
from editor.engines.networks.weights import ISNET, need

Rows = NDArray[np.floating]

FOLDS = 5
LOOK_SIDE = 800
SURE = 3.0
CELLS_OF_A_FACE, CELLS_OF_THE_REST, CELLS_OF_A_THING = 30, 50, 12

# WordNet's numbers of ImageNet's animals, and among them those without a face to speak of.
ANIMALS = (1_440_764, 2_514_041)
FACELESS = ((1_440_000, 1_500_000), (1_674_464, 1_796_000), (1_796_000, 2_000_000), (2_165_000, 2_325_000))


@dataclass(frozen=True)
class Sample:
    """One photo: its subject's mean features, and features of cells in its face and in the rest."""

    living: bool
    mean: Rows
    face: Rows
    rest: Rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="write the weights into the engine")
    asked = parser.parse_args()
    dice = np.random.default_rng(0)
    made = (sample(path, dice) for path in sorted(asked.folder.glob("n[0-9]*")))
    samples = [one for one in made if one is not None]
    order = dice.permutation(len(samples))
    right: dict[str, list[bool]] = {"life": [], "head": []}
    for fold in range(FOLDS):
        held_out = set(order[fold::FOLDS].tolist())
        rest = [one for place, one in enumerate(samples) if place not in held_out]
        models = {"life": life(rest), "head": head(rest)}
        for place in held_out:
            one = samples[place]
            weights, offset = models["life"]
            right["life"].append((one.mean @ weights + offset > 0) == one.living)
            weights, offset = models["head"]
            right["head"] += (one.face @ weights + offset > 0).tolist()
            right["head"] += (one.rest @ weights + offset < 0).tolist()
    for name, judged in right.items():
        print(f"{name}: {len(judged)} judged while held out, {np.mean(judged):.1%} of them right")
    if asked.keep:
        keep({"life": life(samples), "head": head(samples)}, len(samples))


def keep(models: dict[str, tuple[Rows, float]], count: int) -> None:
    """Write the measures, and how they came to be, into the engine; weights in half precision."""
    document: dict[str, Any] = {
        "what": "Two linear measures of ISNet's features, see animacy.py: is a subject alive, and which of "
        f"its cells are a head. Fitted by `python -m bench.vivacity FOLDER --keep` on {count} photos of "
        "ImageNet's kinds; kinds without a face to speak of, and things shown with people, left out.",
        "isnet": need(ISNET).edition.sha256,
    }
    for name, (weights, offset) in models.items():
        halves = [float(np.format_float_positional(weight)) for weight in weights.astype(np.float16)]
        document[name] = {"offset": round(offset, 5), "weights": halves}
    animacy.MEASURES.write_text(json.dumps(document, indent=1) + "\n", "ascii")


def sample(path: Path, dice: np.random.Generator) -> Sample | None:
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
    none = np.empty((0, len(mean)))
    if not living:
        return Sample(living, mean, none, some(deep, share > 0.5, CELLS_OF_A_THING, dice))
    face = animal_head.find_surest_face(rgb, alpha)
    if face is None or face[0] < SURE:
        return Sample(living, mean, none, none)
    near, far = animal_place.split_cells(face[1], alpha.shape, share.shape)
    own, rest = near & (share > 0.5), far & (share > 0.5)
    return Sample(
        living, mean, some(deep, own, CELLS_OF_A_FACE, dice), some(deep, rest, CELLS_OF_THE_REST, dice)
    )


def some(deep: NDArray[np.float32], where: NDArray[np.bool_], most: int, dice: np.random.Generator) -> Rows:
    """Return up to `most` cells' features, (N, 512)."""
    rows = deep[:, where].T.astype(np.float64)
    return rows if len(rows) <= most else rows[dice.choice(len(rows), most, replace=False)]


def life(samples: list[Sample]) -> tuple[Rows, float]:
    means = np.array([one.mean for one in samples])
    return fit(means, np.array([1.0 if one.living else -1.0 for one in samples]), ridge=1.0)


def head(samples: list[Sample]) -> tuple[Rows, float]:
    faces = np.concatenate([one.face for one in samples])
    rest = np.concatenate([one.rest for one in samples])
    wanted = np.r_[np.ones(len(faces)), -np.ones(len(rest))]
    # Both sides count the same, however many cells each has.
    share = np.r_[np.full(len(faces), 0.5 / len(faces)), np.full(len(rest), 0.5 / len(rest))]
    return fit(np.concatenate([faces, rest]), wanted, share, ridge=0.15)


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
