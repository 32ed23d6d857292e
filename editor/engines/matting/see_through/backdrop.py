"""The ground behind a subject, as it goes on from around it, and how opaque that leaves each pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas, plain_background

SIDE = 256
"""Side of the square that see-through parts are looked for on."""

MOUTH = 9
"""Pixels of SIDE: what the subject closes in but for a mouth so wide is behind it, too."""

LEAST_GROUND = 0.02
"""Share of the square that must be ground."""

COLOURED = 6.0
"""Grey levels that a ground's channels are apart, from which on its hue tells how much shines through."""

NEAR = 24
"""Pixels of SIDE around the subject in which the ground's roughness and hue count."""

ROUGHEST = 5.0
"""Grey levels of the ground's texture from which on how it goes on is a guess."""

LEAST_HUE = 8.0
"""Grey levels that the ground's channels are apart around the subject, below which its hue tells nothing."""

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Backdrop:
    """A picture on SIDE, and what is behind its subject.

    colours, behind: (SIDE, SIDE, 3), the latter as the ground goes on. hull: the subject and what it
    encloses. opacity: the least with which something before that ground can look so, 0..1. through: the
    share of the ground's own light that is left. foreign: grey levels by which a pixel's hue is neither the
    ground's nor a grey added to it. slope: grey levels per pixel. chroma: those that the ground's channels
    are apart.
    """

    colours: Pixels
    behind: Pixels
    hull: types.Mask
    opacity: types.Alpha
    through: types.Alpha
    foreign: types.Alpha
    slope: types.Alpha
    chroma: types.Alpha


def survey(square: types.Image, seen: types.Alpha) -> Backdrop | None:
    """Return what is behind a square picture's subject; None where that is rough, grey, or hardly there."""
    colours = np.asarray(Image.fromarray(square).reduce(len(square) // SIDE), np.float32)
    grid = np.asarray(Image.fromarray(seen).reduce(len(seen) // SIDE))
    subject = grid > 0.5
    hull = areas.find_hull(subject, MOUTH)
    ground = ~areas.widen(hull | (grid > 0.1), 7)
    if ground.mean() < LEAST_GROUND or subject.mean() < LEAST_GROUND / 10:
        return None
    near = areas.look_near(hull, NEAR) & ground
    if not near.any():
        return None
    around = colours[near]
    if float(np.median((around - around.mean(axis=-1, keepdims=True)).std(axis=-1))) < LEAST_HUE:
        return None
    local = np.asarray(ndimage.uniform_filter(colours, (7, 7, 0)), np.float32)
    if float(np.percentile(widest(np.abs(colours - local))[near], 75)) > ROUGHEST:
        return None
    behind = np.clip(_continue(colours, ground), 1, 254)
    foreign, through, chroma = _explain(colours, behind)
    return Backdrop(
        colours,
        behind,
        hull,
        least_opacity(colours, behind),
        through,
        foreign,
        plain_background.measure_slope(colours),
        chroma,
    )


def least_opacity(colours: Pixels, behind: Pixels) -> types.Alpha:
    """Return the least alpha with which some colour before what is behind looks so, in each pixel."""
    difference = colours - behind
    room = np.where(difference > 0, np.maximum(255 - behind, 12), np.maximum(behind, 12))
    share = np.asarray(np.abs(difference) / room, np.float32)
    return np.clip(widest(share), 0, 1)


def _continue(colours: Pixels, ground: types.Mask) -> Pixels:
    """Return the ground as it goes on behind the subject: row by row between both sides, else from around.

    Tables, walls and sweeps change from the top down; a row without ground at both sides tells nothing.
    """
    around = plain_background.spread_out(colours, ground)
    share = ndimage.uniform_filter1d(ground.astype(np.float32), 9, axis=1, mode="constant")
    mean = ndimage.uniform_filter1d(colours * ground[..., None], 9, axis=1, mode="constant")
    mean = mean / np.maximum(share, 1e-3)[..., None]
    columns = np.arange(SIDE)
    left = np.maximum.accumulate(np.where(ground, columns, -1), axis=1)
    right = np.minimum.accumulate(np.where(ground, columns, SIDE)[:, ::-1], axis=1)[:, ::-1]
    both = (left >= 0) & (right < SIDE)
    rows = np.arange(SIDE)[:, None]
    first, last = np.maximum(left, 0), np.minimum(right, SIDE - 1)
    share = ((columns - first) / np.maximum(last - first, 1)).astype(np.float32)[..., None]
    across = mean[rows, first] * (1 - share) + mean[rows, last] * share
    weight = ndimage.uniform_filter(both.astype(np.float32), 9, mode="nearest")[..., None]
    return np.asarray(np.where(both[..., None], around + weight * (across - around), around), np.float32)


def _explain(colours: Pixels, behind: Pixels) -> tuple[types.Alpha, types.Alpha, types.Alpha]:
    """Return by how much hues are foreign, how much of the ground is left, and how coloured that is."""
    light, before = (plane.mean(axis=-1, keepdims=True) for plane in (colours, behind))
    hue, own = colours - light, behind - before
    power = (own * own).sum(axis=-1)
    chroma = np.sqrt(power / 3)
    by_hue = (hue * own).sum(axis=-1) / np.maximum(power, 1e-3)
    through = np.clip(np.where(chroma > COLOURED, by_hue, (light / before)[..., 0]), 0, 1.05)
    foreign = np.sqrt(((hue - through[..., None] * own) ** 2).sum(axis=-1) / 3)
    return foreign, through, chroma


def widest(channels: Pixels) -> Pixels:
    """Return the largest of the three channels."""
    return np.maximum(np.maximum(channels[..., 0], channels[..., 1]), channels[..., 2])
