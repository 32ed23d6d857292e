"""Colour schemes chosen from a palette, so that the product stands out before them."""

from __future__ import annotations

from .vocabulary import PALETTES, Scheme

USUAL = "neutral"

APART = 0.2
"""Distance in sRGB, 0 to 1, from which a product stands out from what is behind it."""


def choose_scheme(name: str, first: int, tone: str) -> Scheme:
    """Return a scheme of a palette ("" is USUAL) before which a product of this mean colour stands out.

    They are tried in turn from number `first`; where none is far enough from the product the farthest is
    taken.
    """
    schemes = PALETTES[name or USUAL].schemes
    order = [schemes[(first + k) % len(schemes)] for k in range(len(schemes))]
    for scheme in order:
        if _distance(scheme.backdrop, tone) > APART:
            return scheme
    return max(order, key=lambda scheme: _distance(scheme.backdrop, tone))


def _distance(one: str, other: str) -> float:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5 / (255 * 3**0.5)
