"""Hair below the ears: how far down and out it may hang, and where a face is wrapped in fur, hood or veil.

Lengths are in face heights from the skull's centre, in the frame of the body below the head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engines import types

Plane = NDArray[np.float32]

# Set on a dozen photos of long hair, pulled-up hair and dark clothes, and looked at on others
# (docs/quality.md, "Heads").
LONGEST, SHOULDERS = 1.75, 1.05
"""How far down hair may hang, and where it ends where the clothes are of its colours."""
ALIKE = (0.4, 0.8)
"""Shares of the body that have the hair's colours: from the one on hair is cut shorter, from the other on at
the shoulders."""
NARROWEST, WIDEST = 0.92, 1.45
"""How far aside hair may always hang, and at most."""
SPREADING = 0.45
"""By how much further out hair may be for each height further down: a sleeve beside it is broader at once."""
TAPER = 2.6
"""Exponent of the curve in which the room for hair closes at its end, so that what is cut there is round."""
SOFT = 0.09
"""Half of the width over which that room ends."""
LOCK = 0.07
"""Width of a lock that, all along the jaw, makes hair long."""
ROOT = (-0.35, -0.05)
"""Between these heights from the ear lobe it is measured how broad the hair is."""
ROOT_FILLED = 0.15
"""The share of that band that is hair, from which on hair is so broad."""

THROAT = 0.3
"""How far below the chin the throat is looked at."""
WRAPPED, WRAPPED_ALIKE = 0.6, 0.75
"""Shares of the throat and of the body that have the colours of what is around the face, from which on it is
wrapped: a beast's fur, a hood, a veil."""
COVERED, COVERED_TO = 0.85, 0.55
"""The share of throat and chest together, down to so far below the chin, from which on clothes of any other
colours below say nothing: a scarf."""
COLLAR, COLLAR_WIDE = 0.2, 1.0
"""How far below the chin, and how far aside, what wraps a face is of the head."""


@dataclass(frozen=True)
class Sides:
    """Where pixels lie beside a head, (H, W): side and low in the body's frame, under: below the jaw.

    lobe, chin: the heights of ear lobes and chin.
    """

    side: Plane
    low: Plane
    down: Plane
    under: types.Mask
    face: types.Mask
    lobe: float
    chin: float
    unit: float


def measure_hang(sides: Sides, hair: Plane, alike: float) -> Plane:
    """Return (H, W) 0..1, how likely a pixel below the ears has hair of the head if it looks like hair.

    hair: (H, W), how likely each pixel is hair by its colour, times the subject's alpha. alike: the share of
    the body that has the hair's colours.
    """
    shorter = float(np.clip((alike - ALIKE[0]) / (ALIKE[1] - ALIKE[0]), 0, 1))
    end = LONGEST + (SHOULDERS - LONGEST) * shorter
    along = np.clip((sides.low - sides.lobe) / max(end - sides.lobe, 0.2), 0, None)
    chance = np.zeros_like(hair)
    for sign in (-1, 1):
        root = _measure_root(sides, hair, sign)
        room = np.clip(root + SPREADING * (sides.low - sides.lobe), NARROWEST, WIDEST)
        # The room closes towards the end as a super-ellipse does.
        ratio = (np.abs(sides.side) / room) ** TAPER + along**TAPER
        inside = _smoothstep(1 - ratio ** (1 / TAPER), SOFT)
        own = sides.side >= 0 if sign > 0 else sides.side < 0
        chance[own] = (inside * _measure_lock(sides, hair, sign))[own]
    return chance


def is_wrapped(sides: Sides, hair: Plane, alike: float | None, *, bearded: bool = False) -> bool:
    """Whether what is around the face goes on below the chin and on the body: fur, a hood, a veil.

    hair: how likely each pixel is of what is around the face by its colour, times the subject's alpha. alike:
    the share of the body that has its colours, None where no body is seen. bearded: what covers a throat is
    then no scarf.
    """
    throat, chest = (sides.under & (sides.low < sides.chin + reach) for reach in (THROAT, COVERED_TO))
    if not throat.any():
        return False
    if not bearded and float(hair[chest].mean()) >= COVERED:
        return True
    return (alike is None or alike >= WRAPPED_ALIKE) and float(hair[throat].mean()) >= WRAPPED


def measure_wrap(sides: Sides) -> Plane:
    """Return (H, W) 0..1, how likely a pixel below a wrapped face's ears is of the head: to the collar."""
    return _smoothstep(1 - np.hypot(sides.side / COLLAR_WIDE, sides.low / (sides.chin + COLLAR)), SOFT)


def _measure_root(sides: Sides, hair: Plane, sign: int) -> float:
    """Return how far aside hair reaches at the ear lobe on one side."""
    band = (sides.low > sides.lobe + ROOT[0]) & (sides.low < sides.lobe + ROOT[1]) & (sign * sides.side > 0)
    if not band.any():
        return NARROWEST
    edges = np.arange(0.3, WIDEST + 0.05, 0.05)
    places = np.digitize(np.abs(sides.side[band]), edges)
    sums = np.bincount(places, hair[band], len(edges) + 1)
    counts = np.maximum(np.bincount(places, minlength=len(edges) + 1), 1)
    filled = sums[1:-1] / counts[1:-1] >= ROOT_FILLED
    # From the face outwards, as far as there is hair without a gap once it began.
    begun = np.flatnonzero(filled)
    if not len(begun):
        return NARROWEST
    gaps = np.flatnonzero(~filled[begun[0] :])
    last = begun[0] + (gaps[0] if len(gaps) else len(filled) - begun[0]) - 1
    return float(edges[last + 1])


def _measure_lock(sides: Sides, hair: Plane, sign: int) -> float:
    """Return how surely hair hangs on one side: is there any beside the jaw?

    Short hair ends at the ear, and what has its colour further down is a collar or a sleeve.
    """
    beside = (sides.down > sides.lobe) & (sides.low < sides.chin) & ~sides.under & ~sides.face
    band = beside & (sign * sides.side > 0) & (np.abs(sides.side) < 1.0)
    lock = max(sides.chin - sides.lobe, 0.15) * LOCK * sides.unit**2
    return min(1.0, float(hair[band].sum()) / lock)


def _smoothstep(value: NDArray[np.floating], width: float) -> Plane:
    """Return 0 below -width, 1 above width, smooth between."""
    share = np.clip(value / (2 * width) + 0.5, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
