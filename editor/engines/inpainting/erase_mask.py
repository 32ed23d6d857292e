"""The mask of what a person marked to be erased, by rectangles or by a black and white picture.

UnsuitableContent     -14
├── NothingMarked     -14   no pixel of the picture is marked
├── TooMuchMarked     -14   more than half of it is
├── MaskDoesNotFit    -14   the mask has another size than the picture
└── NotAMask          -14   a photo, say, where black and white was asked for
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from editor.engines import types
from editor.engines.errors import InvalidOptions, UnsuitableContent
from editor.engines.io import pictures

MAX_RECTANGLES = 50
MAX_SHARE = 0.5

SIDES = ("x", "y", "width", "height")

BLACK, WHITE = 32, 223
"""Grey levels up to and from which a pixel of a mask is surely meant as black or white."""

COLOURFUL = 64
"""Grey levels between a pixel's channels above which no JPEG artefact explains its colour."""


class NothingMarked(UnsuitableContent):
    """No pixel of the picture is marked."""

    sentence = "Nothing is marked in the picture. Paint over what should go."


class TooMuchMarked(UnsuitableContent):
    """More than MAX_SHARE of the picture is marked."""

    sentence = "More than half of the picture is marked. Mark less of it, in several goes if need be."


class MaskDoesNotFit(UnsuitableContent):
    """The mask has another size than the picture."""

    sentence = "The mask has another size than the picture. Make both the same size."


class NotAMask(UnsuitableContent):
    """The picture given as a mask is not black and white."""

    sentence = (
        "This mask is not black and white. Use a picture that is white where things should go "
        "and black everywhere else."
    )


def mask_from_rectangles(rectangles: str | Sequence[Any], width: int, height: int) -> types.Mask:
    """Return the mask (height, width) of rectangles in pixels from the top left corner.

    rectangles: 1 to 50 of {"x", "y", "width", "height"} or [x, y, width, height], as a list or as
    JSON. What sticks out is clipped; of a broken pixel the whole is marked.
    Raises InvalidOptions for anything else, NothingMarked if all lie outside.
    """
    listed = _read_list(rectangles)
    mask = np.zeros((height, width), np.bool_)
    for number, rectangle in enumerate(listed, 1):
        x, y, wide, high = _numbers(rectangle, number)
        left, top = _clip(math.floor(x), width), _clip(math.floor(y), height)
        right, bottom = _clip(math.ceil(x + wide), width), _clip(math.ceil(y + high), height)
        mask[top:bottom, left:right] = True
    if not mask.any():
        raise NothingMarked("The rectangles lie outside the picture. Mark what should go inside it.")
    return mask


def mask_from_picture(path: str | os.PathLike[str], width: int, height: int) -> types.Mask:
    """Return the mask in a picture file: white is marked, black and transparent is not.

    Soft edges count from the middle. Raises MaskDoesNotFit unless it is width x height, NotAMask
    for a colourful or grey picture, and what pictures.read raises.
    """
    picture = pictures.read(path)
    if (picture.width, picture.height) != (width, height):
        raise MaskDoesNotFit(
            f"The mask is {picture.width} x {picture.height} pixels and the picture {width} x {height}. "
            "Make both the same size."
        )
    rgb = picture.rgb
    if picture.alpha is not None:
        rgb = (rgb * picture.alpha[..., None]).astype(np.uint8)
    # Ten bytes a pixel less than max(axis=2) - min(axis=2) in wider integers.
    low = np.minimum(np.minimum(rgb[..., 0], rgb[..., 1]), rgb[..., 2])
    high = np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2])
    pixels = width * height
    colourful = np.count_nonzero(high - low > COLOURFUL) / pixels
    white = np.count_nonzero(low >= WHITE) / pixels
    grey = 1 - white - np.count_nonzero(high <= BLACK) / pixels
    # A soft brush leaves grey around its strokes; a photo is hardly anything else.
    if colourful > 0.01 or grey > 0.2 or (grey > 0.05 and grey > white):
        raise NotAMask
    return rgb[..., 1] >= 128


def check_mask(mask: types.Mask, image: types.Image) -> types.Mask:
    """Return mask if it can be erased from image.

    Raises MaskDoesNotFit, NothingMarked, TooMuchMarked.
    """
    if mask.shape != image.shape[:2]:
        raise MaskDoesNotFit
    marked = int(np.count_nonzero(mask))
    if not marked:
        raise NothingMarked
    if marked > MAX_SHARE * mask.size:
        raise TooMuchMarked
    return mask


def _read_list(rectangles: str | Sequence[Any]) -> Sequence[Any]:
    found: Any = rectangles
    if isinstance(rectangles, str):
        try:
            found = json.loads(rectangles)
        except (ValueError, RecursionError) as exc:
            raise InvalidOptions(
                'rectangles must be JSON such as [{"x": 0, "y": 0, "width": 100, "height": 100}].'
            ) from exc
    if not isinstance(found, list | tuple):
        raise InvalidOptions("rectangles must be a list.")
    if not 1 <= len(found) <= MAX_RECTANGLES:
        raise InvalidOptions(f"rectangles must be 1 to {MAX_RECTANGLES}, not {len(found)}.")
    return found


def _numbers(rectangle: Any, number: int) -> tuple[float, float, float, float]:
    if isinstance(rectangle, Mapping):
        if missing := [side for side in SIDES if side not in rectangle]:
            raise InvalidOptions(f"rectangle {number} has no {missing[0]}.")
        values = [rectangle[side] for side in SIDES]
    elif isinstance(rectangle, list | tuple) and len(rectangle) == len(SIDES):
        values = list(rectangle)
    else:
        raise InvalidOptions(f"rectangle {number} must have x, y, width and height.")
    x, y, width, height = (_number(value, side, number) for value, side in zip(values, SIDES, strict=True))
    if width <= 0 or height <= 0:
        raise InvalidOptions(f"rectangle {number} must have a width and a height above 0.")
    return x, y, width, height


def _number(value: Any, side: str, number: int) -> float:
    """Return a number, which may have come as a string; true and NaN are none."""
    try:
        found = math.nan if isinstance(value, bool) or value is None else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    # Past 2^53 a float is not exact, and past any picture anyway.
    if not abs(found) <= 2**53:
        raise InvalidOptions(f"rectangle {number}: {side} must be a number of pixels.")
    return found


def _clip(edge: int, side: int) -> int:
    return min(max(edge, 0), side)
