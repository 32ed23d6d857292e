"""Fit the one linear measure of our own, editor/engines/vivacity.py: is a subject a living thing?

    python -m bench.vivacity FOLDER

FOLDER holds photos named for what they show as ImageNet names it (n02085620_Chihuahua.jpg), one or
more of each of the thousand kinds. Prints the accuracy on photos held out (five folds) and then the
weights, as vivacity.py holds them. Ridge regression, so the same photos give the same numbers.
"""

from __future__ import annotations

import argparse
import base64
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import faces, network, pictures, vivacity

FOLDS = 5
RIDGE = 1.0

# WordNet's numbers of ImageNet's animals, and among them those without a face to speak of.
ANIMALS = (1_440_764, 2_514_041)
FACELESS = ((1_440_000, 1_500_000), (1_674_464, 1_796_000), (1_796_000, 2_000_000), (2_165_000, 2_325_000))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    rows, labels = [], []
    for path in sorted(parser.parse_args().folder.glob("n[0-9]*")):
        number = int(path.name[1:9])
        if any(low <= number < high for low, high in FACELESS):
            continue
        living = ANIMALS[0] <= number <= ANIMALS[1]
        rgb = pictures.read(path).rgb
        if not living and shows_people(rgb):
            continue
        matte = network.segmenter().subject(rgb)
        if (matte > 0.5).mean() < 0.01:
            continue
        rows.append(vivacity.features(rgb, matte))
        labels.append(1.0 if living else -1.0)
    features, wanted = np.array(rows, np.float64), np.array(labels)
    held_out = np.empty(len(wanted))
    order = np.random.default_rng(0).permutation(len(wanted))
    for fold in range(FOLDS):
        rest = np.setdiff1d(order, order[fold::FOLDS])
        weights, offset = fitted(features[rest], wanted[rest])
        held_out[order[fold::FOLDS]] = features[order[fold::FOLDS]] @ weights + offset
    print(f"{len(wanted)} photos, {np.mean((held_out > 0) == (wanted > 0)):.1%} right on those held out")
    weights, offset = fitted(features, wanted)
    text = base64.b64encode(weights.astype("<f2").tobytes()).decode("ascii")
    print(f"OFFSET = {offset:.5f}")
    for start in range(0, len(text), 96):
        print(f'    "{text[start : start + 96]}"')


def shows_people(rgb: NDArray[np.uint8]) -> bool:
    """Say whether a photo of a thing shows somebody with it, who would count as a living thing."""
    small = Image.fromarray(rgb)
    small.thumbnail((800, 800))
    look = np.asarray(small)
    return any(face.score > 0.8 and faces.mesh(look, face).presence > 0.5 for face in faces.found(look))


def fitted(features: NDArray[np.float64], wanted: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the offset that least-squares with a ridge gives, for raw features."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = np.c_[(features - mean) / spread, np.ones(len(features))]
    solved = np.linalg.solve(
        scaled.T @ scaled + RIDGE * len(scaled) * np.eye(scaled.shape[1]), scaled.T @ wanted
    )
    weights = solved[:-1] / spread
    return weights, float(solved[-1] - mean @ weights)


if __name__ == "__main__":
    main()
