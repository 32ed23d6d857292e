"""What is asked of a picture in words: size, format, a colour. Loads no arrays: the web process may ask."""

from __future__ import annotations

from PIL import ImageColor

from editor.engines.errors import InvalidOptions
from editor.engines.limits import STUDIO

SIZES = {"full": STUDIO.side, "preview": 256, "small": 512, "medium": 1024, "large": 2048}
"""Longest side in pixels of the size presets of seed 004."""

FORMATS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}

Colour = tuple[int, int, int]


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
