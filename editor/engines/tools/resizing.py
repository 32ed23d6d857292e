"""How large a finished picture is handed over: scaled as a whole, once it is framed and on its ground."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from PIL import Image

from editor.engines import types
from editor.engines.errors import InvalidOptions, UnsuitableContent
from editor.engines.finishing.render import Rendering
from editor.engines.io import pictures
from editor.engines.limits import STUDIO
from editor.engines.options import check_flag, check_whole


class Sized(Protocol):
    """The options of a tool that say how large its picture is to be.

    resize: width and height that the picture is to fit into, 0 for whatever comes of the other.
    resize_up: whether it is enlarged for that, too. most_pixels: that it may have; 0 for any number.
    """

    @property
    def resize(self) -> tuple[int, int]: ...
    @property
    def resize_up(self) -> bool: ...
    @property
    def most_pixels(self) -> int: ...


def check(options: Sized) -> tuple[int, int]:
    """Return `resize` as a pair, which JSON has as a list. Raises InvalidOptions, naming the option."""
    sides: Any = options.resize
    if not isinstance(sides, list | tuple) or len(sides) != 2:
        raise InvalidOptions("resize must be a width and a height.")
    for side in sides:
        check_whole("resize", side, 0, STUDIO.side)
    check_flag("resize_up", options.resize_up)
    check_whole("most_pixels", options.most_pixels, 0, STUDIO.pixels)
    return sides[0], sides[1]


def fit(width: int, height: int, options: Sized) -> tuple[int, int]:
    """Return the sides that a picture comes to have, at least one pixel each.

    Raises UnsuitableContent where enlarging one side would make the other far too long.
    """
    most_wide, most_high = options.resize
    scales = [most / side for most, side in ((most_wide, width), (most_high, height)) if most]
    scale = min(scales, default=1.0)
    if not options.resize_up:
        scale = min(scale, 1.0)
    if options.most_pixels:
        scale = min(scale, math.sqrt(options.most_pixels / (width * height)))
    made = max(1, round(width * scale)), max(1, round(height * scale))
    if scale > 1 and (max(made) > STUDIO.side or made[0] * made[1] > STUDIO.pixels):
        raise UnsuitableContent(
            f"That would make a picture of {made[0]:,} x {made[1]:,} pixels, more than are made here. "
            "Ask for a smaller width or height."
        )
    # Rounding both sides up may exceed what both may have.
    while scale < 1 and options.most_pixels and made[0] * made[1] > options.most_pixels:
        made = (made[0] - 1, made[1]) if made[0] >= made[1] else (made[0], made[1] - 1)
    return made


def resize(made: Rendering, options: Sized) -> Rendering:
    """Return the picture, and the mask beside it, as large as options ask."""
    height, width = made.mask.shape
    size = fit(width, height, options)
    if size == (width, height):
        return made
    # Colours are weighed by alpha; a smaller reduction first keeps a large one quick.
    scaled, mask = (
        one.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        for one in (pictures.to_pillow(made.rgb, made.alpha), pictures.to_grey(made.mask))
    )
    rgb, alpha = pictures.from_pillow(scaled)
    grey: types.Alpha = np.asarray(mask, np.float32) / np.float32(255)
    if made.alpha is not None and alpha is None:
        alpha = np.ones(grey.shape, np.float32)
    placed, factor = made.placement, size[0] / width
    placement = replace(
        placed,
        width=size[0],
        height=size[1],
        scale=placed.scale * factor,
        x=placed.x * factor,
        y=placed.y * factor,
    )
    return Rendering(rgb, alpha, grey, placement)
