"""How likely a cutout is right, from what the engine saw on its way to it: no look more is taken for it.

A logistic regression on six measures, fitted on pictures whose true alpha is known. "Right" is an overlap
with the truth (IoU of alpha > 0.5) of RIGHT. `python -m bench.confidence` prints how often it is so, and fits
it anew.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import row_bands, types
from editor.engines.io import resampling

from . import multi_pass, regression

RIGHT = 0.97
"""Overlap with the truth from which on a cutout is right."""

SURE = 0.9
"""Confidence from which on nobody need look."""

NUMBERS = Path(__file__).with_name("confidence.json")
"""What was fitted, on what, and by which command."""

AMBIGUOUS = (0.1, 0.9)
"""Alphas between the two are neither subject nor ground."""

MEASURES = ("halfhearted", "overruled", "toned_apart", "cut_off", "area", "soft")
"""What speaks against a cutout: see measure."""

HOPELESS = 0.02
SCATTERED = 0.8
THIN = 0.35
"""Below the first chance, a matte is bits of a pattern if its undecided area is the second share of its
decided one, or if it touches all four sides and takes no more of the picture than the third. Of ten pictures
without a subject five were cut, and four of these are refused by it (bricks, tiles, boards); of 135 drawn
ones with a subject none comes near.
"""

LEAST = 1e-3
"""Added to shares before their logarithm is taken: below it all are as good as none."""

CUT_OFF = 0.02
"""Share of a side of the picture that the subject must touch to be cut off there."""

LEAST_SAMPLED = 3
"""Of a large alpha so many pixels a side are read for each of the grid's."""

BAND = 1024
"""Rows that are counted at once, so that no mask of a whole large picture is made."""


@dataclass(frozen=True)
class Evidence:
    """What was seen of a picture, each (GRID, GRID) of multi_pass: the first look, and what was made of all.

    toned: the further look in other tones; None where the first was enough.
    """

    first: types.Alpha
    seen: types.Alpha
    toned: types.Alpha | None


@dataclass(frozen=True)
class Fit:
    """The regression: of each measure its mean, spread and weight, and the odds' offset."""

    terms: regression.Terms
    offset: float


def measure(evidence: Evidence, alpha: types.Alpha) -> dict[str, float]:
    """Return what speaks against a cutout, by name; alpha (H, W) is what the evidence came to.

    halfhearted: how far from certain the network is within the subject, in the mean, as a logarithm.
    overruled: where the first look saw it otherwise, beside the subject's area, as a logarithm.
    toned_apart: where the look in other tones did, the same. 0 where there was none.
    cut_off: sides of the picture, 0 to 4, at which the subject runs out of it.
    area: the subject's share of the picture. soft: undecided area beside the subject's.
    """
    grid = _shrink(alpha)
    subject = grid > 0.5
    area = max(1, int(subject.sum()))
    inside = evidence.seen > 0.5
    certain = float(evidence.seen[inside].mean()) if inside.any() else 0.0
    toned = 0.0 if evidence.toned is None else float(((evidence.toned > 0.5) ^ subject).sum()) / area
    sides = (subject[0], subject[-1], subject[:, 0], subject[:, -1])
    return {
        "halfhearted": math.log(1 - certain + LEAST),
        "overruled": math.log(float(((evidence.first > 0.5) ^ subject).sum()) / area + LEAST),
        "toned_apart": math.log(toned + LEAST),
        "cut_off": float(sum(bool(side.mean() > CUT_OFF) for side in sides)),
        "area": float(subject.mean()),
        "soft": float(((grid > AMBIGUOUS[0]) & (grid < AMBIGUOUS[1])).sum()) / area,
    }


def weigh(measures: Mapping[str, float], fit: Fit | None = None) -> float:
    """Return the chance, 0..1, that a cutout of such measures is right. Raises WeightsDamaged."""
    fit = fit or read_fit()
    odds = fit.offset
    for name, (mean, spread, weight) in fit.terms.items():
        odds += weight * (measures[name] - mean) / spread
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))


def is_pattern(measures: Mapping[str, float]) -> bool:
    """Return whether a matte of such measures is bits of a pattern, of bricks or tiles, and no subject."""
    if weigh(measures) > HOPELESS:
        return False
    return measures["soft"] > SCATTERED or (measures["cut_off"] == 4 and measures["area"] < THIN)


def measure_softness(alpha: types.Alpha) -> float:
    """Return how undecided what is visible of an alpha is, in the mean: 0 not at all, 1 wholly."""
    visible = alpha[alpha > AMBIGUOUS[0]]
    return float((1 - np.abs(2 * visible - 1)).mean()) if visible.size else 1.0


def measure_ambiguity(alpha: types.Alpha | NDArray[np.uint8]) -> float:
    """Return the share of a picture's pixels whose alpha (H, W) is neither subject nor ground.

    It may be as it is stored too, in 0..255.
    """
    low, high = (255 * bound for bound in AMBIGUOUS) if alpha.dtype == np.uint8 else AMBIGUOUS
    parts = (alpha[top : top + BAND] for top in range(0, len(alpha), BAND))
    return sum(int(np.count_nonzero((part > low) & (part < high))) for part in parts) / max(1, alpha.size)


@functools.cache
def read_fit(path: Path = NUMBERS) -> Fit:
    """Return what was fitted. Raises WeightsDamaged unless it is whole."""
    terms, numbers = regression.read(path, MEASURES, "offset")
    return Fit(terms, *numbers)


def _shrink(alpha: types.Alpha) -> types.Alpha:
    """Return alpha squeezed to multi_pass.GRID a side; of a large one some pixels tell enough."""
    step = max(1, min(alpha.shape) // (LEAST_SAMPLED * multi_pass.GRID))
    sampled = np.ascontiguousarray(alpha[::step, ::step])
    size = (multi_pass.GRID, multi_pass.GRID)
    if sampled.size >= row_bands.LARGE:
        return resampling.shrink(sampled, size, "triangle")
    return np.asarray(Image.fromarray(sampled).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
