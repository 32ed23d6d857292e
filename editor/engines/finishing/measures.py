"""What is measured on a product: the light that it lacks, the light's colour, and the angle that it leans by.

Each is a proposal, in the words of a finish: nothing is done to a pixel here. Where nothing can be told
nothing is proposed, and a sentence says why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np

from editor.engines import types

from .finish import Finish
from .light import LUMINANCE, find_gains, to_linear
from .own_ground import OwnGround, look_at_ground
from .upright import find_upright

VERSION = 1
"""Counts up whenever the same product is measured otherwise than before."""

SAMPLES = 200_000
"""About so many of a product's pixels tell how bright it is."""
SOLID = 0.95
"""Alpha from which on a pixel is the product's alone."""

WHITE = 0.85
"""Linear luminance that a white ground is to have: 237 of 255, which keeps its shades."""
WHITE_ENOUGH = 0.75
LEAST_WHITE = 0.25
"""A ground that is darker than 137 of 255 may be grey by itself."""
BRIGHTEST = 0.97
"""What a product's brightest part may become, as its largest channel in linear light."""
MOST_BY_GROUND, MOST_BY_PRODUCT = 1.5, 1.0
"""Stops that are proposed at most, by what tells them."""
LEAST_STOPS = 0.05
FAINT, DARK, BRIGHT = 0.25, 0.06, 0.6
"""Where no ground tells: below so bright a highlight, or so dark a middle, a product may be dark by itself;
from so bright a highlight on it lacks no light."""
WELL_LIT = 0.8
EVEN = 6.0
"""How many times brighter than its darkest part a product's brightest has to be, to tell of the light."""


@dataclass(frozen=True)
class Measures:
    """Proposals for one product, each None where there is none.

    exposure: stops. warmth, tint: as a finish has them. angle: degrees clockwise by which it is turned
    upright; confidence, 0..1, that it is right. reasons: by "exposure", "white_balance" and "straighten", a
    sentence where nothing is proposed, or nothing is to be done.
    """

    version: int = VERSION
    exposure: float | None = None
    warmth: float | None = None
    tint: float | None = None
    angle: float | None = None
    confidence: float = 0.0
    reasons: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return them as JSON holds them."""
        return asdict(self) | {"reasons": dict(self.reasons or {})}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self | None:
        """Return what to_dict gave; None for what was measured otherwise than it is now."""
        if found.get("version") != VERSION:
            return None
        names = ("version", "exposure", "warmth", "tint", "angle", "confidence", "reasons")
        return cls(**{name: found[name] for name in names if name in found})


def measure(
    rgb: types.Image,
    alpha: types.Alpha,
    photo: types.Image | None = None,
    opaque: types.Alpha | None = None,
) -> Measures:
    """Return what is proposed for a cutout, colours and alpha at its photo's size.

    photo: as it was taken, with the ground around the product; without it nothing tells of a ground.
    opaque: the photo's own alpha, None where it is opaque.
    """
    nothing = OwnGround(reason="The photo’s own ground is not there to be looked at.")
    ground = nothing if photo is None else look_at_ground(photo, opaque, alpha)
    white, why_white = _balance(ground)
    stops, why_stops = _expose(rgb, alpha, ground, white)
    upright = find_upright(alpha)
    reasons = {"exposure": why_stops, "white_balance": why_white, "straighten": upright.reason}
    return Measures(
        exposure=stops,
        warmth=None if white is None else white[0],
        tint=None if white is None else white[1],
        angle=upright.angle,
        confidence=round(upright.confidence, 3),
        reasons={name: reason for name, reason in reasons.items() if reason},
    )


def apply(
    finish: Finish,
    measures: Measures,
    *,
    exposure: float = 0.0,
    white_balance: float = 0.0,
    most_angle: float = 0.0,
) -> Finish:
    """Return a finish with what is proposed beside its own light and rotation.

    exposure, white_balance: 0..1, how much of it. most_angle: degrees; what leans further is left as it is.
    """
    changes: dict[str, Any] = {}
    if exposure and measures.exposure:
        changes["exposure"] = _limit(finish.exposure + exposure * measures.exposure, 3)
    if white_balance and measures.warmth is not None and measures.tint is not None:
        changes["warmth"] = _limit(finish.warmth + white_balance * measures.warmth, 1)
        changes["tint"] = _limit(finish.tint + white_balance * measures.tint, 1)
    if measures.angle is not None and 0 < abs(measures.angle) <= most_angle:
        changes["rotation"] = _limit(finish.rotation + measures.angle, 360)
    return replace(finish, **changes) if changes else finish


def _limit(value: float, most: float) -> float:
    return round(min(most, max(-most, value)), 4)


def _balance(ground: OwnGround) -> tuple[tuple[float, float] | None, str]:
    """Return the warmth and tint by which the ground becomes grey, None where it does not say."""
    if ground.colour is None:
        return None, ground.reason
    if not ground.is_neutral:
        return None, "The ground is coloured: it shows no grey or white."
    warmth, tint = (round(one, 4) for one in ground.balance)
    if max(abs(warmth), abs(tint)) < 0.01:
        return (0.0, 0.0), "The ground is free of colour already."
    return (warmth, tint), ""


def _expose(
    rgb: types.Image, alpha: types.Alpha, ground: OwnGround, white: tuple[float, float] | None
) -> tuple[float | None, str]:
    """Return the stops that a product lacks, None where nothing tells."""
    step = max(1, math.isqrt(alpha.size // SAMPLES))
    solid = alpha[::step, ::step] >= SOLID
    if not solid.any():
        return None, "The product is see-through: its own brightness does not show."
    linear = to_linear(rgb[::step, ::step][solid])
    if white is not None:
        linear = linear * find_gains(Finish(warmth=_limit(white[0], 1), tint=_limit(white[1], 1)))
    highlight = max(1e-3, float(np.percentile(linear.max(axis=1), 98)))
    if white is not None and ground.brightness >= LEAST_WHITE:
        return _expose_by_ground(ground.brightness, highlight)
    low, middle = np.percentile(linear @ LUMINANCE, [2, 50])
    if highlight >= BRIGHT:
        return 0.0, "The product is bright enough."
    if highlight < FAINT or middle < DARK or highlight < EVEN * low:
        return (
            None,
            "Nothing tells whether the product is dark or the light is: no white ground is shown.",
        )
    return _round_stops(min(MOST_BY_PRODUCT, math.log2(WELL_LIT / highlight)))


def _expose_by_ground(brightness: float, highlight: float) -> tuple[float, str]:
    """Return the stops by which a white ground becomes white, as far as the product's highlights allow."""
    if brightness >= WHITE_ENOUGH:
        return 0.0, "The photo’s own ground is white already."
    wanted = min(MOST_BY_GROUND, math.log2(WHITE / brightness))
    allowed = math.log2(BRIGHTEST / highlight)
    if allowed < LEAST_STOPS:
        return 0.0, "The product is bright enough: with more light its highlights would burn out."
    return _round_stops(min(wanted, allowed))


def _round_stops(stops: float) -> tuple[float, str]:
    return (0.0, "The product is bright enough.") if stops < LEAST_STOPS else (round(stops, 3), "")
