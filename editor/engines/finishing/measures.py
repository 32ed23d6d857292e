"""What is measured on a product: the light that it lacks, the light's colour, and the angle that it leans by.

Each is a proposal, in the words of a finish: nothing is done to a pixel here. Where nothing can be told
nothing is proposed, and a sentence says why.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from editor.engines import types
from editor.engines.io import pictures

from .finish import Finish
from .light import LUMINANCE, find_gains, to_linear
from .own_ground import OwnGround, look_at_ground
from .proposals import Measures, limit
from .upright import find_upright

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


def measure_pictures(cutout: pictures.Picture, photo: str | Path | None) -> Measures:
    """Return what is proposed for a cutout. photo: the file of what it was cut out of, if that is there.

    Raises what pictures.read raises.
    """
    alpha = np.ones(cutout.rgb.shape[:2], np.float32) if cutout.alpha is None else cutout.alpha
    taken = pictures.read(photo) if photo else None
    if taken is None or taken.rgb.shape != cutout.rgb.shape:
        return measure(cutout.rgb, alpha)
    return measure(cutout.rgb, alpha, taken.rgb, taken.alpha)


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
        linear = linear * find_gains(Finish(warmth=limit(white[0], 1), tint=limit(white[1], 1)))
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
