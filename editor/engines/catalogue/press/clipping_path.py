"""The clipping path of a product: its outline as one path of closed curves, with fewer than 600 points.

GS1 asks for "exactly one closed clipping path of fewer than 600 points". One path it is; a product of several
parts, or with holes, has several closed curves in it, each a sub-path, and what lies within two of them is
outside, as within a handle. All of them together have fewer than 600 points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from editor.engines import types
from editor.engines.errors import UnsuitableContent

from . import curve_fit, outlines
from .curve_fit import Knots
from .outlines import Line

MOST_POINTS = 599
FINEST = 0.3
"""Pixels by which a curve may be off the outline, where so few points allow it; then by STEP more."""
STEP = 1.5
FINER = (0.75, 0.5, 0.25)
"""Shares of a step by which it is gone back."""
LEAST_AREA = 2e-5
"""Of the product's whole area what a part or hole must have to be one: less is dust in the matte."""
NOTHING = "There is no product in this picture to draw a path around. Cut it out anew."


@dataclass(frozen=True)
class ClippingPath:
    """A path. parts: the knots of each closed curve, in pixels. size: the picture's width and height.

    agreement: with the mask that it was drawn of, intersection over union, 0..1.
    """

    parts: tuple[Knots, ...]
    size: tuple[int, int]
    agreement: float

    @property
    def points(self) -> int:
        return sum(len(part) for part in self.parts)


def draw(alpha: types.Alpha) -> ClippingPath:
    """Return the path around what is at least half opaque. Raises UnsuitableContent where nothing is."""
    lines = sorted(outlines.trace(alpha), key=lambda line: -abs(outlines.measure_area(line)))
    inside = alpha >= outlines.HALF
    least = LEAST_AREA * float(inside.sum())
    if not lines:
        raise UnsuitableContent(NOTHING)
    tolerance = FINEST
    while (parts := _fit(lines, least, tolerance)) is None:
        tolerance *= STEP
    # Between the last two there may be one that makes more of the points there are.
    for share in FINER if tolerance > FINEST else ():
        finer = _fit(lines, least, tolerance / STEP**share)
        if finer is not None:
            parts = finer
            break
    height, width = alpha.shape
    covered = fill(parts, (width, height))
    either = int((covered | inside).sum())
    agreement = int((covered & inside).sum()) / either
    return ClippingPath(tuple(parts), (width, height), agreement)


def _fit(lines: list[Line], least: float, tolerance: float) -> list[Knots] | None:
    """Return the knots along lines, of which the first is the largest, None where they are too many.

    least: pixels that a part or a hole has around it. What is smaller than curves are exact says nothing.
    """
    floor = max(least, 4 * tolerance**2)
    lines = [lines[0], *(line for line in lines[1:] if abs(outlines.measure_area(line)) >= floor)]
    parts: list[Knots] = []
    left = MOST_POINTS
    for line in lines:
        knots = curve_fit.fit(line, tolerance, left)
        if knots is None:
            return None
        left -= len(knots)
        parts.append(knots)
    return parts


def fill(parts: list[Knots], size: tuple[int, int]) -> types.Mask:
    """Return which pixels' centres lie within an odd number of closed curves."""
    width, height = size
    crossings = np.zeros((height, width + 1), np.uint8)
    for knots in parts:
        here = curve_fit.flatten(knots)
        there = np.roll(here, -1, axis=0)
        lower = np.where((here[:, 1] <= there[:, 1])[:, None], here, there)
        upper = np.where((here[:, 1] <= there[:, 1])[:, None], there, here)
        # The rows whose centres lie between the two ends of each stretch.
        first = np.clip(np.ceil(lower[:, 1] - 0.5), 0, height).astype(np.int64)
        end = np.clip(np.ceil(upper[:, 1] - 0.5), 0, height).astype(np.int64)
        many = end - first
        which = np.repeat(np.arange(len(here)), many)
        row = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many) + first[which]
        share = (row + 0.5 - lower[which, 1]) / (upper[which, 1] - lower[which, 1])
        x = lower[which, 0] + share * (upper[which, 0] - lower[which, 0])
        np.add.at(crossings, (row, np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)), 1)
    return np.asarray(np.cumsum(crossings[:, :-1], axis=1, dtype=np.uint8) & 1, bool)
