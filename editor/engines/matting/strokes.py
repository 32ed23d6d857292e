"""Strokes that a person painted on a cutout to correct it: they keep, remove, or let the ground through."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeGuard

from editor.engines.errors import InvalidOptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from editor.engines import types

MOST_STROKES = 300
MOST_POINTS = 20_000
LARGEST_RADIUS = 1024.0
FARTHEST = 10_000.0

KEPT, REMOVED, LAST = 1, 2, 2

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom outside."""


@dataclass(frozen=True)
class Stroke:
    """A line drawn with a round brush: keep or remove, radius and points (x, y) in the photo's pixels.

    region: a click: what lies around its first point is kept or removed as a whole. opacity: what is painted,
    or the region, becomes so opaque at most, 0..1; None for a stroke that keeps or removes for good.
    """

    keep: bool
    radius: float
    points: tuple[tuple[float, float], ...]
    # Unseen in what names of strokes were made of before there were such.
    region: bool = field(default=False, repr=False)
    opacity: float | None = field(default=None, repr=False)

    @property
    def binds(self) -> bool:
        """Whether what it paints is decided for strokes that come after it."""
        return self.opacity is None

    def enlarge(self, times: float) -> Stroke:
        """Return it as it is on a photo so many times as large."""
        points = tuple((times * x, times * y) for x, y in self.points)
        return replace(self, radius=times * self.radius, points=points)


WORDS = tuple(one.name for one in fields(Stroke))
"""What a stroke may say as JSON holds it; the first three each has to."""


def read_strokes(strokes: object) -> tuple[Stroke, ...]:
    """Return strokes from a list of {"keep", "radius", "points"}, as JSON holds it. Raises InvalidOptions.

    Some have "region": true, or an "opacity".
    """
    if not isinstance(strokes, list | tuple):
        raise InvalidOptions("strokes must be a list.")
    if len(strokes) > MOST_STROKES:
        raise InvalidOptions(f"At most {MOST_STROKES} strokes are taken; {len(strokes)} came.")
    made = tuple(_stroke(number, stroke) for number, stroke in enumerate(strokes, 1))
    if sum(len(stroke.points) for stroke in made) > MOST_POINTS:
        raise InvalidOptions(f"The strokes have more than {MOST_POINTS} points together. Use fewer of them.")
    return made


def _stroke(number: int, stroke: object) -> Stroke:
    if isinstance(stroke, Stroke):
        return stroke
    if not isinstance(stroke, dict) or not isinstance(stroke.get("keep"), bool):
        raise InvalidOptions(f"Stroke {number} does not say whether to keep or to remove.")
    radius, points = stroke.get("radius"), stroke.get("points")
    if not _number(radius) or not 0.5 <= radius <= LARGEST_RADIUS:
        raise InvalidOptions(f"Stroke {number} needs a radius from 0.5 to {LARGEST_RADIUS:.0f} pixels.")
    if not isinstance(points, list | tuple) or not points or not all(_point(point) for point in points):
        raise InvalidOptions(f"Stroke {number} needs points, each an x and a y in pixels.")
    region, opacity = stroke.get("region", False), stroke.get("opacity")
    if not isinstance(region, bool):
        raise InvalidOptions(f"Stroke {number} says something other than true or false of its region.")
    if opacity is not None and not (stroke["keep"] and _number(opacity) and 0 <= opacity <= 1):
        raise InvalidOptions(f"Stroke {number} needs an opacity from 0 to 1, and to keep what it is for.")
    made = tuple((float(x), float(y)) for x, y in points)
    return Stroke(stroke["keep"], float(radius), made, region, None if opacity is None else float(opacity))


def _point(point: object) -> bool:
    if not isinstance(point, list | tuple) or len(point) != 2:
        return False
    return all(_number(value) and abs(value) <= FARTHEST for value in point)


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def name_strokes(strokes: Sequence[Stroke], subject: str) -> str:
    """Return a short name that only the same strokes on the cutout of the same subject have."""
    said = repr((subject, tuple(strokes)))
    special = [(n, one.region, one.opacity) for n, one in enumerate(strokes) if one.region or not one.binds]
    return hashlib.sha256((said + (repr(special) if special else "")).encode()).hexdigest()[:20]


def paint_masks(strokes: Sequence[Stroke], width: int, height: int) -> tuple[types.Mask, types.Mask]:
    """Return the masks (height, width) of what is to be kept and what removed; a later stroke wins."""
    said = paint(strokes, (0, 0, width, height))
    return said % 2 == 1, (said > 0) & (said % 2 == 0)


def paint(strokes: Sequence[Stroke], box: Box) -> NDArray[np.uint8]:
    """Return what strokes say of a box's pixels: KEPT or REMOVED, LAST more where the last does; or 0."""
    # Here, since the web process judges strokes and must not load what only paints them.
    import numpy as np
    from PIL import Image, ImageDraw

    left, top, right, bottom = box
    canvas = Image.new("L", (right - left, bottom - top), 0)
    draw = ImageDraw.Draw(canvas)
    for number, stroke in enumerate(strokes, 1):
        shade, radius = (KEPT if stroke.keep else REMOVED), stroke.radius
        shade += LAST if number == len(strokes) else 0
        points = [(x - left, y - top) for x, y in stroke.points]
        draw.line(points, fill=shade, width=max(1, round(2 * radius)))
        # Round ends and joints, which a line of some width lacks.
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)
    return np.asarray(canvas)


def surround(stroke: Stroke) -> tuple[float, float, float, float]:
    """Return the box around all that a stroke paints, and a little more: left, top, right, bottom."""
    xs, ys = zip(*stroke.points, strict=True)
    by = stroke.radius + 2
    return min(xs) - by, min(ys) - by, max(xs) + by, max(ys) + by
