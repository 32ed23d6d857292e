"""What is asked of a picture in words: size, format, colour, region. Loads no arrays: the web may ask."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PIL import ImageColor

from editor.engines.errors import InvalidOptions, RegionEmpty, RegionOutside
from editor.engines.limits import STUDIO

SIZES = {"full": STUDIO.side, "preview": 256, "small": 512, "medium": 1024, "large": 2048}
"""Longest side in pixels of the size presets of seed 004."""

FORMATS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}

Colour = tuple[int, int, int]

LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(%|px)")


def parse_colour(text: str) -> Colour:
    """Return (red, green, blue) 0..255 of `81d4fa`, `#fff`, `rgb(1, 2, 3)` or a CSS name.

    Raises InvalidOptions for anything else, a translucent colour included.
    """
    wanted = text.strip()
    bare_hex = len(wanted) in (3, 6) and all(digit in "0123456789abcdefABCDEF" for digit in wanted)
    try:
        found = ImageColor.getrgb(f"#{wanted}" if bare_hex else wanted)
    except ValueError as exc:
        raise InvalidOptions(
            f"'{text}' is not a colour. Use hex such as 81d4fa, rgb(129, 212, 250) or a CSS name."
        ) from exc
    if len(found) != 3 or max(found) > 255:
        raise InvalidOptions(f"'{text}' is not an opaque colour.")
    return found[0], found[1], found[2]


def parse_colour_alpha(text: str) -> tuple[Colour, float]:
    """Return a colour and its alpha 0..1: as parse_colour, and hex of 4 or 8 digits or rgba() with alpha.

    Raises InvalidOptions.
    """
    wanted = text.strip()
    bare_hex = len(wanted) in (4, 8) and all(digit in "0123456789abcdefABCDEF" for digit in wanted)
    try:
        red, green, blue, *alpha = ImageColor.getrgb(f"#{wanted}" if bare_hex else wanted)
    except ValueError:
        alpha = []
    if not alpha or max(red, green, blue, alpha[0]) > 255:
        return parse_colour(text), 1.0
    return (red, green, blue), alpha[0] / 255


def parse_length(text: str) -> tuple[float, str]:
    """Return the number and the unit, "%" or "px", of a length such as `12.5%` or `20px`.

    Raises InvalidOptions.
    """
    found = LENGTH.fullmatch(text.strip())
    if found is None:
        raise InvalidOptions(f"'{text[:20]}' is no length. Write it as 10% or 20px.")
    return float(found[1]), found[2]


def check_region(region: object) -> None:
    """Raise InvalidOptions unless it is four lengths."""
    if (
        not isinstance(region, list | tuple)
        or len(region) != 4
        or not all(isinstance(one, str) for one in region)
    ):
        raise InvalidOptions("A region has four lengths: x1, y1, x2, y2.")
    for text in region:
        parse_length(text)


def resolve_region(region: Sequence[str], width: int, height: int) -> tuple[int, int, int, int]:
    """Return the pixels of a region of a picture: left, top, right, bottom, right and bottom outside.

    region: its corners x1, y1, x2, y2, each a length, whichever of the two is first. Raises InvalidOptions
    for what is none, RegionOutside where it leaves the picture, RegionEmpty where no pixel is in it.
    """
    check_region(region)
    corners = []
    for text, side in zip(region, (width, height) * 2, strict=True):
        number, unit = parse_length(text)
        place = round(number * side / 100) if unit == "%" else round(number)
        if place > side:
            sentence = f"The region leaves the picture, which is {width} x {height} pixels. Keep it inside."
            raise RegionOutside(sentence)
        corners.append(place)
    left, right = sorted(corners[::2])
    top, bottom = sorted(corners[1::2])
    if left == right or top == bottom:
        raise RegionEmpty("There is no pixel in the region. Make it larger.")
    return left, top, right, bottom
