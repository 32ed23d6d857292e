"""Colours by name, and what light, dark, pale and their like make of them.

CSS Color Module Level 4, section 6.1, and the everyday names that shops use. Written small, "#rrggbb".
"""

from __future__ import annotations

import colorsys
import re
from pathlib import Path

from PIL import ImageColor

LISTED = Path(__file__).parent / "language/lexicons/colours.txt"
LEAST_HUE = 40  # of 255: what has less between its strongest and weakest channel is grey
VALUE = re.compile(r"[0-9a-f]{6}\Z")


def _read_listed() -> dict[str, str]:
    """Return the colours of the list by name; a name without a value has the one that Pillow knows for it."""
    values: dict[str, str] = {}
    name = ""
    for line in LISTED.read_text("utf-8").splitlines():
        for word in () if line.startswith("#") else line.split():
            if VALUE.match(word):
                values[name] = f"#{word}"
            else:
                name = word
                values[name] = ""
    return {name: value or str(ImageColor.colormap[name.replace("-", "")]) for name, value in values.items()}


COLOURS = _read_listed()


def _hls(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    rgb = colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), min(max(saturation, 0), 1))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def apply_tone(colour: str, tone: str) -> str:
    """Return a colour made light, dark, pale, deep, bright, pastel, neon, muted, warm, cool or soft."""
    hue, lightness, saturation = _hls(colour)
    grey = saturation < 0.08
    match tone:
        case "light":
            return _hex(hue, lightness + (1 - lightness) * 0.55, saturation * 0.9)
        case "dark":
            return _hex(hue, lightness * 0.5, saturation)
        case "pale":
            return _hex(hue, lightness + (1 - lightness) * 0.6, saturation * 0.7)
        case "soft":
            return _hex(hue, lightness + (1 - lightness) * 0.2, saturation * 0.85)
        case "deep":
            return _hex(hue, lightness * 0.65, saturation if grey else saturation * 1.15)
        case "bright":
            return _hex(hue, lightness if grey else 0.3 * lightness + 0.37, saturation if grey else 0.95)
        case "pastel":
            return _hex(hue, max(lightness, 0.86), saturation if grey else min(0.65, saturation))
        case "neon":
            return _hex(hue, lightness if grey else 0.55, saturation if grey else 1.0)
        case "muted":
            return _hex(hue, lightness, saturation * 0.5)
        case _:
            return colour


def parse_colour(written: str) -> str:
    """Return "#rrggbb" of a colour written as #rgb, #rrggbb, rrggbb or rgb(r, g, b); numbers stop at 255."""
    if written.startswith("rgb"):
        numbers = [min(int(number), 255) for number in re.findall(r"\d+", written)[:3]]
        return "#" + "".join(f"{number:02x}" for number in numbers)
    digits = written.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}"


def measure_distance(one: str, other: str) -> float:
    """Return how far two colours are from each other: 0 alike, about 1.7 black from white."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return float(sum(((a - b) / 255) ** 2 for a, b in pairs) ** 0.5)


def is_blue(colour: str) -> bool:
    """Whether a colour (#rrggbb) is more blue than anything else."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return blue > green >= red


def is_grey(colour: str) -> bool:
    """Whether a colour has hardly any hue."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return max(channels) - min(channels) < LEAST_HUE


def make_vivid(colour: str) -> str:
    """Return a colour as light or smoke has it: as strong as can be, but for white and grey."""
    return colour if is_grey(colour) else apply_tone(colour, "neon")
