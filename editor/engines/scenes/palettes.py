"""Colour schemes chosen from a palette, so that the product stands out before them."""

from __future__ import annotations

import colorsys

from .vocabulary import PALETTES, Scheme

USUAL = "neutral"
OWN = "product"
"""The palette that is made of the product's own colour."""

LEAST_SATURATION, CALM = 0.08, 0.34
"""Of the product's mean colour: below the first it is grey; more than the second a set does not take."""

APART = 0.2
"""Distance in sRGB, 0 to 1, from which a product stands out from what is behind it."""


def choose_scheme(name: str, first: int, tone: str) -> Scheme:
    """Return a scheme of a palette ("" is USUAL) before which a product of this mean colour stands out.

    They are tried in turn from number `first`; where none is far enough from the product the farthest is
    taken. OWN is made of that colour.
    """
    if name == OWN and (own := derive_scheme(tone)) is not None:
        return own
    schemes = PALETTES[name or USUAL].schemes
    order = [schemes[(first + k) % len(schemes)] for k in range(len(schemes))]
    for scheme in order:
        if _distance(scheme.backdrop, tone) > APART:
            return scheme
    return max(order, key=lambda scheme: _distance(scheme.backdrop, tone))


def derive_scheme(tone: str) -> Scheme | None:
    """Return a calm scheme of a colour's own hue, light behind what is dark and dark behind what is light.

    None of a colour that is grey.
    """
    red, green, blue = (int(tone[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < LEAST_SATURATION:
        return None
    calm = min(saturation, CALM)

    def shade(light: float, share: float = 1.0) -> str:
        channels = colorsys.hls_to_rgb(hue, light, calm * share)
        return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)

    behind = 0.8 if lightness < 0.75 else 0.42
    accents = (shade(min(lightness, 0.55)), shade(0.35, 0.8), shade(0.93, 0.6))
    return Scheme(shade(behind + 0.05), shade(behind), shade(behind + 0.1), accents)


def _distance(one: str, other: str) -> float:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5 / (255 * 3**0.5)
