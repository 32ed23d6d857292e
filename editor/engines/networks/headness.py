"""Headness: how likely each part of a subject is a beast's head, by the segmenting network's features.

Where a head ends was drawn by hand on some two hundred photos of animals (bench/head_outlines.txt); ridge
regression on three inner maps of the network tells those parts from the rest of a beast and from things. It
looks at the subject alone, cut out of the picture with little around it, so that a head is large enough.
The weights are ours (headness.json), made again by `python -m bench.headness FOLDER --keep`.
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

STAGES = ((1, 256, 64, 64), (1, 512, 32, 32), (1, 512, 16, 16))
"""The network's stages that are read; what they have of a square of SIDE pixels is CELLS a side at most."""

SIDE, CELLS = 640, 40

CHANNELS = sum(stage[1] for stage in STAGES)

CONTEXT = 33
"""How much is told of a cell and its surroundings (heads/head_map.py)."""

LENGTHS = {"cells": CHANNELS, "context": CONTEXT}

ROOM, LONGEST = 0.08, 1.35
"""How much is seen around a subject, in its longer side, and how long the look may be beside its width."""

MEASURES = Path(__file__).with_name("headness.json")
"""Our weights, and how they came to be."""

Frame = tuple[int, int, int, int]
"""left, top, right, bottom of a look, in pixels of the picture and within it."""


@dataclass(frozen=True)
class HeadMap:
    """What a subject's parts are like. frame: where in the picture.

    likeness: (CELLS, CELLS), about 1 of a head's cells, -1 of others; share: of a cell that is subject, 0..1.
    """

    likeness: NDArray[np.float32]
    share: NDArray[np.float32]
    frame: Frame


def measure(rgb: types.Image, alpha: types.Alpha) -> HeadMap | None:
    """Return where in a picture's subject heads are likely; alpha (H, W).

    None where this edition of the network cannot say, or without a subject. Raises WeightsMissing.
    """
    frame = frame_subject(alpha)
    if frame is None:
        return None
    left, top, right, bottom = frame
    seen = extract_features(np.ascontiguousarray(rgb[top:bottom, left:right]))
    if seen is None:
        return None
    own = Image.fromarray(np.ascontiguousarray(alpha[top:bottom, left:right]))
    share = np.asarray(own.resize((CELLS, CELLS), Image.Resampling.BOX))
    weights, offset = read_weights("cells")
    likeness = np.tensordot(weights, seen, 1) + np.float32(offset)
    return HeadMap(likeness.astype(np.float32), share, frame)


def extract_features(rgb: types.Image) -> NDArray[np.float32] | None:
    """Return (CHANNELS, CELLS, CELLS) of a picture squeezed to a square; None where there are none."""
    maps = _network().of(rgb)
    if maps is None:
        return None
    return np.concatenate([_enlarge(one) for one in maps])


def frame_subject(alpha: types.Alpha) -> Frame | None:
    """Return what of a picture to look at: its subject with some room around; None without any."""
    rows, columns = np.nonzero(alpha > 0.5)
    if len(rows) < 64:
        return None
    height, width = alpha.shape
    left, right = np.percentile(columns, [0.5, 99.5])
    top, bottom = np.percentile(rows, [0.5, 99.5])
    across, down = float(right - left + 1), float(bottom - top + 1)
    around = 1 + 2 * ROOM
    least = max(across, down) * around / LONGEST
    x = _place((left + right) / 2, max(across * around, least), width)
    y = _place((top + bottom) / 2, max(down * around, least), height)
    return x[0], y[0], x[1], y[1]


def _place(middle: float, length: float, available: int) -> tuple[int, int]:
    length = min(length, available)
    start = min(max(0.0, middle - length / 2), available - length)
    return int(start), min(available, int(np.ceil(start + length)))


def _enlarge(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    if maps.shape[1:] == (CELLS, CELLS):
        return maps
    return np.stack(
        [np.asarray(Image.fromarray(one).resize((CELLS, CELLS), Image.Resampling.BILINEAR)) for one in maps]
    )


@functools.cache
def _network() -> features.Features:
    return features.Features(STAGES, SIDE)


@functools.cache
def read_weights(name: str, path: Path = MEASURES) -> tuple[NDArray[np.float32], float]:
    """Return weights and their offset by name, "cells" (CHANNELS,) or "context" (CONTEXT,).

    Raises WeightsDamaged unless they are whole.
    """
    try:
        document = json.loads(path.read_text("ascii"))[name]
        with np.errstate(over="ignore"):
            weights = np.array(document["weights"], np.float32)
        offset = float(document["offset"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise WeightsDamaged(WeightsDamaged.own.format(path.name)) from exc
    if weights.shape != (LENGTHS[name],) or not np.isfinite(np.append(weights, offset)).all():
        raise WeightsDamaged(WeightsDamaged.own.format(path.name))
    return weights, offset
