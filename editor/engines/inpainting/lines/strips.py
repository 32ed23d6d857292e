"""The strip along a line that runs through a hole, made of what runs along it outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial

from editor.engines import types

Reals = NDArray[np.float64]

RUN = 14
"""Pixels outside, straight on, along which an edge must go to be one."""
HALF = 5
"""Half the width of the strip that is drawn along a line."""
OTHER_SIDE = 30.0
"""Grey levels of a channel from which on what lies beside a line is another ground at its other end: that
side is left to be filled."""
GRAIN = 10.0
"""Grey levels by which what is drawn differs from the line's own colours at most."""


@dataclass(frozen=True)
class Entry:
    """Where an edge enters: place and the way in, (x, y) each; the colours across it, left to right."""

    place: Reals
    way: Reals
    profile: Reals
    steep: float
    seen: bool = True
    """Whether there is ground behind it, not a line that was drawn."""


def sample(rgb: types.Image, x: Reals, y: Reals, step: int) -> Reals:
    """Return the colours (…, 3) of the full picture at places of the small one."""
    grid = [(y + 0.5) * step - 0.5, (x + 0.5) * step - 0.5]
    left, top = (int(np.clip(np.floor(grid[axis].min()) - 1, 0, rgb.shape[axis] - 1)) for axis in (1, 0))
    right, bottom = (int(np.ceil(grid[axis].max()) + 2) for axis in (1, 0))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    part = rgb[top:bottom, left:right].astype(np.float32)
    grid = [grid[0] - top, grid[1] - left]
    return np.stack(
        [ndimage.map_coordinates(part[..., c], grid, order=1, mode="nearest") for c in range(3)], -1
    )


def measure_profile(rgb: types.Image, place: Reals, way: Reals, step: int) -> Reals:
    """Return the median colours across an edge just outside the hole, from left to right of its way in."""
    distances, offsets = np.arange(1, RUN // 2)[:, None], np.arange(-HALF, HALF + 1)
    x = place[0] - way[0] * distances - way[1] * offsets
    y = place[1] - way[1] * distances + way[0] * offsets
    return np.asarray(np.median(sample(rgb, x, y, step), axis=0))


def draw_curve(first: Entry, last: Entry, step: int) -> Reals:
    """Return the curve (N, 2) from one entry to the other, x and y, twice as dense as pixels."""
    length = float(np.hypot(*(last.place - first.place)))
    share = np.linspace(0, 1, max(8, int(2 * length * step)))[:, None]
    # Hermite's cubic: it leaves either end in the way that the edge has there.
    return np.asarray(
        (2 * share**3 - 3 * share**2 + 1) * first.place
        + (share**3 - 2 * share**2 + share) * length * first.way
        + (3 * share**2 - 2 * share**3) * last.place
        - (share**3 - share**2) * length * last.way
    )


def _find_same(one: Reals, two: Reals) -> types.Mask:
    """Return at which offsets from a line what is beside it is one ground at both its ends."""
    same = np.ones(len(one), np.bool_)
    for side in (slice(0, HALF - 1), slice(HALF + 2, None)):
        same[side] = np.abs(one[side].mean(axis=0) - two[side].mean(axis=0)).max() < OTHER_SIDE
    return same


def draw_strip(
    rgb: types.Image,
    hole: types.Mask,
    drawn: types.Mask,
    first: Entry,
    last: Entry,
    step: int,
    *,
    calm: bool = False,
) -> None:
    """Fill the strip along the curve from one entry to the other with what runs along it outside.

    calm: whether to leave out the side that is another ground at the other end.
    """
    length = float(np.hypot(*(last.place - first.place)))
    curve = draw_curve(first, last, step)
    tangent = np.gradient(curve, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1])[:, None], 1e-6)
    room = HALF + 1
    left, top = (int(max(0, (edge - room) * step)) for edge in curve.min(axis=0))
    right, bottom = (int((edge + room + 1) * step) for edge in curve.max(axis=0))
    rows, columns = np.nonzero((hole & ~drawn)[top:bottom, left:right])
    if not len(rows):
        return
    rows, columns = rows + top, columns + left
    places = np.stack([(columns + 0.5) / step - 0.5, (rows + 0.5) / step - 0.5], axis=-1)
    distance, at = spatial.cKDTree(curve).query(places, distance_upper_bound=HALF)
    near = np.isfinite(distance) & (at > 0) & (at < len(curve) - 1)
    rows, columns, places, at = rows[near], columns[near], places[near], at[near]
    apart = places - curve[at]
    offset = apart[:, 1] * tangent[at, 0] - apart[:, 0] * tangent[at, 1]
    if calm:
        index = np.clip(np.rint(offset).astype(int) + HALF, 0, 2 * HALF)
        own = _find_same(first.profile, last.profile[::-1])[index]
        rows, columns, places, at, offset = rows[own], columns[own], places[own], at[own], offset[own]
    if not len(rows):
        return
    along = at / (len(curve) - 1)
    colours = np.empty((len(rows), 3))
    profiles = first.profile, last.profile[::-1]
    for early in (True, False):
        own = ((along < 0.5) | (not last.seen)) == early
        if not own.any():
            continue
        end, travelled = (first, along[own]) if early else (last, 1 - along[own])
        # There and back along the run outside: a mirror has no seam.
        back = 1 + np.abs((travelled * length + RUN / 2) % RUN - RUN / 2)
        side = offset[own] if early else -offset[own]
        x = end.place[0] - end.way[0] * back - end.way[1] * side
        y = end.place[1] - end.way[1] * back + end.way[0] * side
        here, there = profiles if early else profiles[::-1]
        index = np.clip(np.rint(offset[own]).astype(int) + HALF, 0, 2 * HALF)
        # What crosses the line outside is not repeated along it.
        grain = np.clip(sample(rgb, x, y, step) - here[index], -GRAIN, GRAIN)
        colours[own] = here[index] + travelled[:, None] * (there - here)[index] + grain
    rgb[rows, columns] = np.clip(colours + 0.5, 0, 255).astype(np.uint8)
    drawn[rows, columns] = True
