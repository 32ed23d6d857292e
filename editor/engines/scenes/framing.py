"""Framing: where the product stands in the picture, how large, and how the camera sees it. Pure arithmetic.

The camera looks level and its lens is shifted, as an architect's is: whatever stands upright stays
upright, and the product, upright on the ground, is seen as an exact scaled copy of its cutout. Moving
the product moves it over the ground before a camera that stays; scaling it makes product and set
larger alike. One metre of the set is the product's longer side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from editor.engines.errors import InvalidOptions

from .vocabulary import CAMERAS, STANDS, Camera

Place = tuple[float, float, float]
"""x, y of the middle of the product's lower edge as shares of the picture's width and height, and the
product's longer side as a share of the picture's shorter side."""

ASPECTS = ("", "1:1", "4:5", "9:16", "16:9")
"""Shapes of a picture, width to height; "" is the source's."""

COPY_SPACES = ("", "left", "right", "top")
SCALES = (0.05, 2.0)

TOP = 0.12
"""The horizon stays at least this share of the height below the picture's upper edge."""

SHORTEST = 1.8
"""Focal length, in shorter sides, below which things look stretched."""

NEAREST = 0.06
"""The horizon stays at least this far above the product's foot, in shorter sides."""

ACCOMPANIED = 0.52
"""The share of the picture's width that a product fills at most where things stand beside it."""

PANORAMA, MOST_BELOW = 2.0, 0.4
"""From how many times as wide as high a picture may cut a stand's foot off, and what of a stand is seen of it
at least, beside the product's height."""


@dataclass(frozen=True)
class Frame:
    """A picture of width x height pixels with the product in it.

    foot: the middle of the product's lower edge, in pixels from the top left. unit: pixels to a metre of
    the set, where the product stands. size: the product's width and height in metres, the longer 1.
    horizon: share of the picture's height; what the camera is level with. lens: focal length in pixels.
    """

    width: int
    height: int
    foot: tuple[float, float]
    unit: float
    size: tuple[float, float]
    horizon: float
    lens: float
    pose: str

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The product's left, top, right and bottom in whole pixels; it may reach out of the picture."""
        width, height = max(1, round(self.size[0] * self.unit)), max(1, round(self.size[1] * self.unit))
        left, bottom = round(self.foot[0] - width / 2), round(self.foot[1])
        return left, bottom - height, left + width, bottom

    @property
    def distance(self) -> float:
        """Metres from the camera to the product."""
        return self.lens / self.unit

    @property
    def camera_height(self) -> float:
        """Metres from the product's foot up to the camera."""
        return (self.foot[1] - self.horizon * self.height) / self.unit

    def behind(self, rise: float) -> float:
        """Return how many metres behind the foot the ground is seen `rise` metres above it."""
        share = rise / max(self.camera_height, 0.02)
        return self.distance * (1 / (1 - min(share, 0.75)) - 1)

    @property
    def place(self) -> Place:
        """The place that gives this frame again."""
        scale = self.unit / min(self.width, self.height)
        return self.foot[0] / self.width, self.foot[1] / self.height, scale


def frame_product(
    product: tuple[int, int],
    picture: tuple[int, int],
    *,
    camera: str = "eye",
    pose: str = "stand",
    stand: str = "",
    copy_space: str = "",
    place: Place | None = None,
    elevation: float = 0.0,
    company: bool = False,
) -> Frame:
    """Return how a product is seen: product and picture as (width, height) in pixels.

    product is the box around all that is visible of it. Without a place it is set where it looks well:
    large, a little low, beside the copy space. elevation: from how many degrees above the ground it was
    photographed; the camera looks from as high, for else it would seem to tip over. company: things stand
    beside it, for which what is wide leaves room.
    Raises InvalidOptions for a place out of range.
    """
    width, height = picture
    longer = max(product)
    size = (product[0] / longer, product[1] / longer)
    lens = CAMERAS["top" if pose == "lie" else camera]
    if company and pose == "stand":
        lens = replace(lens, wide=min(lens.wide, ACCOMPANIED))
    shorter = min(width, height)
    lift = STANDS[stand].height if pose == "stand" and stand in STANDS else 0.0
    chosen = (
        check_place(place)
        if place is not None
        else _choose_place(size, picture, lens, pose, lift, copy_space)
    )
    foot = (chosen[0] * width, chosen[1] * height)
    usual = _choose_place(size, picture, lens, pose, lift, copy_space)
    if pose == "stand":
        lens = _raise_camera(lens, elevation, (usual[1] - TOP) * height / shorter)
    # The camera stays where it is while the product is moved about before it.
    horizon = usual[1] - lens.drop * shorter / height
    if pose == "hang":
        horizon = chosen[1] - 0.5 * size[1] * chosen[2] * shorter / height
    horizon = min(horizon, chosen[1] - NEAREST * shorter / height)
    return Frame(width, height, foot, chosen[2] * shorter, size, horizon, lens.length * shorter, pose)


def check_place(place: Place) -> Place:
    """Return the place, or raise InvalidOptions: the foot in the picture, the scale in SCALES."""
    x, y, scale = place
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise InvalidOptions("place: the product's foot must be inside the picture, x and y from 0 to 1.")
    if not SCALES[0] <= scale <= SCALES[1]:
        raise InvalidOptions(f"place: the scale goes from {SCALES[0]} to {SCALES[1]}.")
    return x, y, scale


def picture_size(aspect: str, size: int, source: tuple[int, int]) -> tuple[int, int]:
    """Return width and height for an aspect such as "4:5" ("" is the source's), the longer side `size`."""
    across, up = (int(part) for part in aspect.split(":")) if aspect else source
    if across >= up:
        return size, max(1, round(size * up / across))
    return max(1, round(size * across / up)), size


def _raise_camera(lens: Camera, elevation: float, room: float) -> Camera:
    """Return a lens that looks at the foot from so many degrees above, its horizon at most `room` above that.

    room: in shorter sides. A shorter lens sees the ground more from above before the horizon is out of sight.
    """
    steepness = math.tan(math.radians(elevation))
    if steepness * lens.length <= lens.drop:
        return lens
    drop = max(lens.drop, min(steepness * lens.length, room))
    return replace(lens, drop=drop, length=max(SHORTEST, min(lens.length, drop / steepness)))


def _choose_place(
    size: tuple[float, float],
    picture: tuple[int, int],
    lens: Camera,
    pose: str,
    lift: float,
    copy_space: str,
) -> Place:
    width, height = picture
    shorter = min(picture)
    wide, high = lens.wide, lens.high
    x, middle, lowest = 0.5, 0.53, 0.87
    if copy_space in ("left", "right"):
        wide, x = min(wide, 0.44), 0.70 if copy_space == "left" else 0.30
    elif copy_space == "top":
        high, middle, lowest = min(high, 0.46), 0.68, 0.92
    if pose != "stand":
        middle = 0.68 if copy_space == "top" else 0.5
        unit = min(wide * width / size[0], high * height / size[1])
        return x, middle + size[1] * unit / 2 / height, unit / shorter
    # What is seen of a stand below the foot: its height, and its top's front half.
    below = lift * 1.15 + (0.12 if lift else 0.0)
    if width > PANORAMA * height:
        # A column that was seen down to its foot would leave the product tiny.
        below = min(below, MOST_BELOW * size[1])
    unit = min(wide * width / size[0], high * height / (size[1] + 0.6 * below))
    # Product and stand together keep clear of the picture's edges.
    unit = min(unit, 0.84 * height / (size[1] + below))
    top = middle - (size[1] + below) * unit / 2 / height
    y = top + size[1] * unit / height
    y = min(max(y, 0.62), max(lowest - below * unit / height, 0.04 + size[1] * unit / height))
    return x, y, unit / shorter
