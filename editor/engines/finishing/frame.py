"""The frame of a finish: how large its canvas is, and where on it the photo lies.

The stage draws by the same rules.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from editor.engines import types
from editor.engines.errors import InvalidOptions
from editor.engines.io import compose, formats
from editor.engines.limits import STUDIO

from .finish import Finish

Points = NDArray[np.float64]
"""x, y in the photo's pixels, (N, 2); a pixel reaches from its number to the next."""

LEAST_ROOM = 1.0
"""Pixels of the canvas that margins must leave to the subject, across and down."""


@dataclass(frozen=True)
class Placement:
    """A canvas in pixels, and the photo on it: turned about its own top left corner, scaled, and moved so
    that this corner lies at x, y.

    rotation: degrees clockwise. smaller: whether the subject would have been enlarged to be as asked.
    """

    width: int
    height: int
    scale: float
    x: float
    y: float
    rotation: float = 0.0
    smaller: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether each pixel of the photo is one of the canvas, so that nothing need be resampled."""
        whole = self.x == round(self.x) and self.y == round(self.y)
        return self.scale == 1 and self.rotation == 0 and whole

    def fit(self, side: int) -> Placement:
        """Return the placement scaled down, never up, so that the canvas is at most `side` pixels a side."""
        width, height = formats.fit_size(self.width, self.height, side)
        factor = max(width, height) / max(self.width, self.height)
        return replace(
            self,
            width=width,
            height=height,
            scale=self.scale * factor,
            x=self.x * factor,
            y=self.y * factor,
        )


def find_outline(alpha: types.Alpha) -> Points:
    """Return points around all that is visible, of which each corner of its convex hull is one.

    The corners of the whole picture where nothing is visible.
    """
    left, top, right, bottom = compose.subject_box(alpha)
    seen = alpha[top:bottom, left:right] > compose.VISIBLE
    rows = np.flatnonzero(seen.any(axis=1))
    if not len(rows):
        return _corners(0, 0, alpha.shape[1], alpha.shape[0])
    first = left + seen[rows].argmax(axis=1)
    last = right - seen[rows][:, ::-1].argmax(axis=1)
    ends = np.concatenate([first, last]).astype(np.float64)
    tops = np.concatenate([rows, rows]).astype(np.float64) + top
    return np.concatenate([np.stack([ends, tops], 1), np.stack([ends, tops + 1], 1)])


def find_corners(alpha: types.Alpha) -> Points:
    """Return the corners of the box around all that is visible: an outline, where nothing is rotated."""
    return _corners(*compose.subject_box(alpha))


def place(outline: Points, size: tuple[int, int], finish: Finish) -> Placement:
    """Return the canvas that a finish asks for, and the photo's place on it.

    outline: of the visible subject, see find_outline; its box's corners do where nothing is rotated.
    size: the photo's width and height. Raises InvalidOptions where margins leave no room, and where the
    canvas would be too large.
    """
    photo = _corners(0, 0, *size)
    reference = _Box.around(_turn(outline if finish.reference == "subject" else photo, finish.rotation))
    if finish.canvas in ("content", "ratio"):
        return _limit(_grow_canvas(reference, finish), size)
    width, height = size
    if finish.canvas == "exact":
        width, height = finish.width, finish.height
    elif finish.rotation % 180 == 90:
        width, height = height, width
    if finish.canvas == "photo" and finish.scaling == "stay":
        middle = _Box.around(_turn(photo, finish.rotation))
        return Placement(
            width,
            height,
            1.0,
            (width - middle.left - middle.right) / 2,
            (height - middle.top - middle.bottom) / 2,
            finish.rotation,
        )
    return _fit_in_canvas(reference, width, height, finish)


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Points) -> _Box:
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        return cls(float(left), float(top), float(right), float(bottom))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def _corners(left: float, top: float, right: float, bottom: float) -> Points:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _turn(points: Points, degrees: float) -> Points:
    """Return points turned clockwise about the photo's top left corner; by quarters exactly."""
    if degrees % 90 == 0:
        cosine, sine = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][int(degrees // 90) % 4]
    else:
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return points @ np.array([(cosine, sine), (-sine, cosine)], np.float64)


def _grow_canvas(box: _Box, finish: Finish) -> Placement:
    """Return the canvas around a box and its margins, at the photo's own scale."""
    left, top, right, bottom = finish.margins
    wide, tall = box.width, box.height
    if finish.margin_of == "canvas":
        wide, tall = wide / (1 - (left + right)), tall / (1 - (top + bottom))
    else:
        unit = max(wide, tall) if finish.margin_of == "subject" else 1
        wide, tall = wide + (left + right) * unit, tall + (top + bottom) * unit
    if finish.canvas == "ratio":
        across, down = finish.ratio
        wide, tall = max(wide, tall * across / down), max(tall, wide * down / across)
    width, height = max(1, round(wide)), max(1, round(tall))
    if finish.margin_of == "canvas":
        gaps = left * width, top * height, right * width, bottom * height
    else:
        unit = max(box.width, box.height) if finish.margin_of == "subject" else 1
        gaps = left * unit, top * unit, right * unit, bottom * unit
    x = gaps[0] + (width - box.width - gaps[0] - gaps[2]) * finish.align[0]
    y = gaps[1] + (height - box.height - gaps[1] - gaps[3]) * finish.align[1]
    if finish.rotation % 90 == 0:
        # On whole pixels, so that nothing need be resampled.
        x, y = math.floor(x + 1e-6), math.floor(y + 1e-6)
    return Placement(width, height, 1.0, x - box.left, y - box.top, finish.rotation)


def _limit(placed: Placement, size: tuple[int, int]) -> Placement:
    """Return a placement whose canvas is no larger than is good: beyond, the subject gives way."""
    most = min(compose.MOST_GROWTH * max(size), STUDIO.side)
    longest = max(placed.width, placed.height)
    side = most if longest > most else longest
    pixels = placed.width * placed.height * (side / longest) ** 2
    if pixels > STUDIO.pixels:
        side = int(side * math.sqrt(STUDIO.pixels / pixels))
    return placed if side >= longest else placed.fit(max(1, side))


def _fit_in_canvas(box: _Box, width: int, height: int, finish: Finish) -> Placement:
    """Return the place of a box within the margins of a canvas whose size is given."""
    left, top, right, bottom = finish.margins
    if finish.margin_of == "subject":
        # Shares of what is to be scaled: they are scaled with it.
        longer = max(box.width, box.height)
        across, down = box.width + (left + right) * longer, box.height + (top + bottom) * longer
        ratios = width / across, height / down
    else:
        units = (float(width), float(height)) if finish.margin_of == "canvas" else (1.0, 1.0)
        room = width - (left + right) * units[0], height - (top + bottom) * units[1]
        if min(room) < LEAST_ROOM:
            raise InvalidOptions("These margins leave the subject no pixel. Make them smaller.")
        ratios = room[0] / box.width, room[1] / box.height
    asked = {"fit": min(ratios), "fill": max(ratios)}.get(finish.scaling, 1.0) * finish.share
    scale = asked if finish.enlarge else min(1.0, asked)
    if finish.margin_of == "subject":
        unit = max(box.width, box.height) * scale
        units = (unit, unit)
    gaps = left * units[0], top * units[1], right * units[0], bottom * units[1]
    x = gaps[0] + (width - gaps[0] - gaps[2] - box.width * scale) * finish.align[0]
    y = gaps[1] + (height - gaps[1] - gaps[3] - box.height * scale) * finish.align[1]
    if scale == 1 and finish.rotation % 90 == 0:
        x, y = math.floor(x + 0.5), math.floor(y + 0.5)
    return Placement(
        width, height, scale, x - box.left * scale, y - box.top * scale, finish.rotation, asked > scale
    )
