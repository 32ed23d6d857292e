"""Composition of pictures: colours read, a subject's box found, parts taken out, one laid over another."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from editor.engines import row_bands, types
from editor.engines.errors import InvalidOptions

from . import pictures
from .words import Colour
from .words import parse_colour as parse_colour
from .words import parse_colour_alpha as parse_colour_alpha

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of the photo, right and bottom outside; may exceed the photo."""

VISIBLE = 0.05
"""Alpha below this does not widen the subject's box."""

MOST_MARGIN = {"canvas": 0.45, "subject": 0.5}
"""The largest margin on each side, by what it is a share of."""

MOST_GROWTH = 2
"""How many times as long as the photo a canvas may become: it bounds what a margin costs in memory."""

STRIPE = 256
"""Rows blended at once, so that no float copy of a whole picture is made."""


def blend(colour: Colour, alpha: float, ground: Colour) -> Colour:
    """Return a see-through colour laid on an opaque one."""
    red, green, blue = (
        round(below + (own - below) * alpha) for own, below in zip(colour, ground, strict=True)
    )
    return red, green, blue


def subject_box(alpha: types.Alpha) -> Box:
    """Return the box around all that is visible; the whole picture where nothing is."""
    return find_box(alpha, VISIBLE) or (0, 0, alpha.shape[1], alpha.shape[0])


def find_box(alpha: types.Alpha, low: float, high: float = math.inf) -> Box | None:
    """Return the box around all alpha between low and high; None where there is none."""
    from . import alpha_kernels

    height, width = alpha.shape
    alpha = np.require(alpha, np.float32, "C")
    rows = np.zeros(height, np.uint8)
    parts: list[NDArray[np.uint8]] = []

    def mark(top: int, bottom: int) -> None:
        # Threads must not write to the same columns.
        columns = np.zeros(width, np.uint8)
        alpha_kernels.mark(alpha, low, high, rows, columns, top, bottom)
        parts.append(columns)

    row_bands.work(height, mark)
    across, down = np.flatnonzero(np.bitwise_or.reduce(parts)), np.flatnonzero(rows)
    if not len(down):
        return None
    return int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1


def visible_box(seen: types.Mask) -> Box:
    """Return the box around all that is marked; the whole picture where nothing is."""
    rows = np.flatnonzero(seen.any(axis=1))
    columns = np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return 0, 0, seen.shape[1], seen.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def check_margin(margin: object, margin_of: object) -> None:
    """Raise InvalidOptions unless it is a margin that leaves the subject some of its canvas."""
    if margin_of not in MOST_MARGIN:
        raise InvalidOptions(f"margin_of must be one of {', '.join(map(repr, MOST_MARGIN))}.")
    most = MOST_MARGIN[str(margin_of)]
    if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 <= margin <= most:
        raise InvalidOptions(f"margin must be a number from 0 to {most}, as a share of the {margin_of}.")


def extract_box(rgb: types.Image, alpha: types.Alpha, box: Box) -> tuple[types.Image, types.Alpha]:
    """Return the part of the picture in the box; transparent black where the box exceeds it."""
    height, width = alpha.shape
    left, top, right, bottom = box
    if box == (0, 0, width, height):
        return rgb, alpha
    inner_left, inner_top = max(0, left), max(0, top)
    inner_right, inner_bottom = min(width, right), min(height, bottom)
    new_rgb = np.zeros((bottom - top, right - left, 3), np.uint8)
    new_alpha = np.zeros((bottom - top, right - left), np.float32)
    rows = slice(inner_top - top, inner_bottom - top)
    columns = slice(inner_left - left, inner_right - left)
    new_rgb[rows, columns] = rgb[inner_top:inner_bottom, inner_left:inner_right]
    new_alpha[rows, columns] = alpha[inner_top:inner_bottom, inner_left:inner_right]
    return new_rgb, new_alpha


def scale_to_cover(background: types.Image, width: int, height: int) -> types.Image:
    """Return the background scaled to cover width x height, centred, what exceeds it cut off."""
    return np.array(ImageOps.fit(Image.fromarray(background), (width, height), Image.Resampling.LANCZOS))


def lay_over(rgb: types.Image, alpha: types.Alpha, background: types.Image | Colour) -> types.Image:
    """Return the subject on a background of its own size, or on a colour: F a + B (1 - a)."""
    from . import alpha_kernels

    result = np.empty(rgb.shape, np.uint8)
    ground = np.broadcast_to(np.asarray(background, np.uint8), rgb.shape)
    row_bands.work(len(rgb), lambda top, end: alpha_kernels.lay(rgb, alpha, ground, result, top, end))
    return result


def flatten(picture: pictures.Picture, ground: Colour = (255, 255, 255)) -> types.Image:
    """Return the picture's RGB, laid on `ground` where it is transparent."""
    return picture.rgb if picture.alpha is None else lay_over(picture.rgb, picture.alpha, ground)
