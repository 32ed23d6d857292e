"""Animacy: whether a subject is a living thing, by the segmenting network's features.

A network that finds subjects has learnt what they are like: its deep features, averaged over the
subject, tell animals from things with an area under the curve of 0.97 on photos held out. The 512 weights
are ours (animacy.json): ridge regression on one photo of each of ImageNet's thousand kinds, made again by
`python -m bench.vivacity FOLDER --keep`.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types
from editor.engines.errors import WeightsDamaged

from . import features

DEEPEST = (1, 512, 32, 32)
"""The shape of the features: the network's fifth stage, 32 pixels of its 1024 to a cell."""

MEASURES = Path(__file__).with_name("animacy.json")
"""Our measure of the features, and how it came to be."""


@dataclass(frozen=True)
class Measure:
    """A linear measure of the features: their product with weights (512,), float32, plus an offset."""

    weights: NDArray[np.float32]
    offset: float


@functools.cache
def _network() -> features.Features:
    return features.Features([DEEPEST])


@dataclass(frozen=True)
class Animacy:
    """living: about 1 for animals, -1 for things."""

    living: float


def extract_features(rgb: types.Image) -> NDArray[np.float32] | None:
    """Return the (512, 32, 32) features of the picture squeezed to a square; None where there are none."""
    maps = _network().of(rgb)
    return None if maps is None else maps[0]


def measure_cells(alpha: types.Alpha) -> NDArray[np.float32]:
    """Return how much of each of the 32 x 32 cells is subject; alpha (H, W) of any size."""
    return np.asarray(Image.fromarray(alpha).resize(DEEPEST[2:], Image.Resampling.BOX))


def measure(rgb: types.Image, alpha: types.Alpha) -> Animacy | None:
    """Return how alive the subject of a picture is.

    None where this edition of the network cannot say, or without a subject. Raises WeightsMissing.
    """
    deep = extract_features(rgb)
    share = measure_cells(alpha)
    if deep is None or share.sum() <= 0:
        return None
    mean = np.tensordot(deep, share, 2) / share.sum()
    life = read_measure()
    return Animacy(float(mean @ life.weights + life.offset))


@functools.cache
def read_measure(path: Path = MEASURES) -> Measure:
    """Return our measure of life. Raises WeightsDamaged unless it is whole."""
    try:
        document = json.loads(path.read_text("ascii"))["life"]
        # Fitted numbers are kept in half precision, whose shortest decimals these are.
        with np.errstate(over="ignore"):
            weights = np.array(document["weights"], np.float16).astype(np.float32)
        offset = float(document["offset"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise WeightsDamaged(WeightsDamaged.own.format(path.name)) from exc
    if weights.shape != DEEPEST[1:2] or not np.isfinite(np.append(weights, offset)).all():
        raise WeightsDamaged(WeightsDamaged.own.format(path.name))
    return Measure(weights, offset)
