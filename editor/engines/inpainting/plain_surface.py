"""Smooth surfaces: what a plain ground around a hole is without its grain, and how it goes on under it.

Each is of second order, fitted so that what lies off it counts for less and less, and bent to what is left of
the ground at the hole's border.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from .lines.joining import BEYOND
from .lines.strips import RUN, Reals

WORK_SIDE = 220
"""Cells of the longer side of the hole, at most, in which its ground is looked at."""
FRINGE, NEAR = 3.0, 9.0
"""Cells from the hole within which its border is: nearer may be the thing's soft rim."""
REACH, LEAST_REACH, MOST_REACH = 0.5, 14.0, 60.0
"""How far around the ground is looked at, in square roots of the hole's area, and in cells."""
BLUR = 1.5
"""Standard deviation of the Gaussian whose derivative tells what is not smooth."""
STEEP, NOISY = 1.7, 0.5
"""Grey levels a cell from which on ground is not smooth; and what of its noise is added."""
CALM = 0.7
"""The share of the border that has to be smooth for edges and lines to be parted at all."""
ROUGH = 1.3
"""Grey levels by which waves of some pixels may go up and down: more is a texture to be copied."""
MOST_GRAIN = 9.0
LEAST_CELLS = 30
MOST_SAMPLES = 3000
FIT_ROUNDS = 4
OFF_SURFACE, ON_SURFACE = 4.0, 0.95
"""In spreads of its grain, what is no longer a region's; and how much of its border has to be."""
ANCHOR = 6
"""Cells a side of which the border's difference from the surface is one mean."""
RANGE = 12.0
"""Grey levels by which a surface may leave the range of the ground that it was fitted to."""


@dataclass(frozen=True)
class Surroundings:
    """What is around a hole, in cells: colours (h, w, 3), and where they are smooth, and known at all.

    away: from the hole, in cells; nearest: the hole's cell that is nearest, row and column.
    """

    colours: NDArray[np.float32]
    hole: types.Mask
    known: types.Mask
    smooth: types.Mask
    away: NDArray[np.float64]
    nearest: NDArray[np.int32]
    step: int

    @property
    def calm(self) -> bool:
        """Whether most of the border is smooth."""
        border = self.known & (self.away <= NEAR)
        return bool(np.count_nonzero(border & self.smooth) > CALM * np.count_nonzero(border) > 0)


@dataclass(frozen=True)
class Surface:
    """A smooth ground: polynomials of second order (6, 3) of places, and what is left at the border."""

    terms: Reals
    middle: Reals
    scale: float
    places: Reals
    rest: Reals
    low: Reals
    high: Reals


def measure_room(hole: types.Mask) -> tuple[slice, slice]:
    """Return the part of a picture that is looked at: the hole with room around it."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    step = -(-int(max(np.ptp(rows), np.ptp(columns)) + 1) // WORK_SIDE)
    room = int(max(MOST_REACH, RUN + BEYOND) + 2) * step
    return (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + 1 + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + 1 + room),
    )


def look_around(rgb: types.Image, hole: types.Mask, unknown: types.Mask) -> Surroundings | None:
    """Return what is around a hole; None where there is no hole, or nothing around it.

    unknown: what is no ground, such as other holes and other things.
    """
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    if not len(rows):
        return None
    step = -(-int(max(np.ptp(rows), np.ptp(columns)) + 1) // WORK_SIDE)
    high, wide = (side // step for side in hole.shape)
    if min(high, wide) < 16:
        return None
    size = high, step, wide, step
    part = slice(0, high * step), slice(0, wide * step)
    colours = rgb[part].reshape(*size, 3).mean(axis=(1, 3), dtype=np.float32)
    small = hole[part].reshape(size).any(axis=(1, 3))
    known = ~(hole | unknown)[part].reshape(size).any(axis=(1, 3))
    away, nearest = ndimage.distance_transform_edt(~small, return_indices=True)
    reach = float(np.clip(REACH * np.sqrt(np.count_nonzero(small)), LEAST_REACH, MOST_REACH))
    known &= (away > FRINGE) & (away <= reach)
    if not known.any():
        return None
    # What is not known must not be seen as a step.
    calm = colours[tuple(ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True))]
    steep = np.zeros(small.shape, np.float32)
    for channel in range(3):
        plane = calm[..., channel]
        across = ndimage.gaussian_filter(plane, BLUR, order=(0, 1))
        down = ndimage.gaussian_filter(plane, BLUR, order=(1, 0))
        steep = np.maximum(steep, np.hypot(across, down))
    fine = np.abs(calm - ndimage.uniform_filter(calm, (3, 3, 1)))[known]
    smooth = known & (steep < STEEP + NOISY * float(np.median(fine)))
    return Surroundings(colours, small, known, smooth, away, nearest, step)


def is_grain(around: Surroundings, region: types.Mask) -> bool:
    """Whether what is left of a region without its shading is grain."""
    weight = region.astype(np.float32)
    colours = around.colours * weight[..., None]
    blurred = []
    for size in (5, 17):
        share = np.maximum(ndimage.uniform_filter(weight, size), np.float32(1e-3))[..., None]
        blurred.append(ndimage.uniform_filter(colours, (size, size, 0)) / share)
    waves = (blurred[0] - blurred[1])[region]
    rough = (around.colours - blurred[0])[region]
    return bool(waves.std(axis=0).max() < ROUGH and rough.std(axis=0).max() < MOST_GRAIN)


def fit_surface(around: Surroundings, region: types.Mask) -> tuple[Surface, types.Mask, float]:
    """Return the surface of a region, what of the region is on it, and which share of its border is."""
    rows, columns = np.nonzero(region)
    places = np.stack([columns, rows], axis=-1).astype(np.float64)
    values = around.colours[rows, columns].astype(np.float64)
    middle, scale = places.mean(axis=0), float(np.abs(places - places.mean(axis=0)).max()) + 1
    near = around.away[rows, columns] <= NEAR
    # As many of the border as from beyond, which may be another ground behind an edge that ended.
    order = np.random.default_rng(0).permutation(len(rows))
    some = np.concatenate([order[near[order]][:MOST_SAMPLES], order[~near[order]][:MOST_SAMPLES]])
    known, wanted = _terms(places[some], middle, scale), values[some]
    # Of two grounds, that of most of the border.
    common = np.median(wanted[near[some]], axis=0)
    weight = np.where(near[some], 1.0, 0.25) / (1 + (np.abs(wanted - common).max(axis=1) / RANGE) ** 2)
    # Curvature has to be earned: without it a part that is seen from one side runs away.
    hold = np.diag([0.0, 1e-3, 1e-3, 0.02, 0.02, 0.02]) * len(some)
    terms = np.zeros((6, 3))
    for _ in range(FIT_ROUNDS):
        weighted = known * weight[:, None]
        terms = np.linalg.solve(weighted.T @ known + hold, weighted.T @ wanted)
        rest = np.abs(wanted - known @ terms).max(axis=1)
        scatter = 2 * float(np.median(rest[near[some]])) + 0.5
        weight = np.where(near[some], 1.0, 0.25) / (1 + (rest / scatter) ** 2) ** 2
    left = values - _terms(places, middle, scale) @ terms
    on = np.abs(left).max(axis=1) < OFF_SURFACE * scatter
    on |= near & (np.count_nonzero(on & near) < LEAST_CELLS / 3)
    kept = np.zeros_like(region)
    kept[rows[on], columns[on]] = True
    share = float(np.count_nonzero(on & near)) / max(int(np.count_nonzero(near)), 1)
    near &= on
    grid = (places[near] // ANCHOR).astype(int)
    _, which = np.unique(grid[:, 1] * 100_000 + grid[:, 0], return_inverse=True)
    numbers = np.maximum(np.bincount(which), 1)
    anchors = np.stack([np.bincount(which, places[near][:, axis]) for axis in (0, 1)], -1) / numbers[:, None]
    means = np.stack([np.bincount(which, left[near][:, channel]) for channel in range(3)], -1)
    solid = numbers >= min(8, int(numbers.max()))
    low, high = np.percentile(values[near], [1, 99], axis=0)
    means = (means / numbers[:, None])[solid]
    return Surface(terms, middle, scale, anchors[solid], means, low - RANGE, high + RANGE), kept, share


def _terms(places: Reals, middle: Reals, scale: float) -> Reals:
    x, y = ((places - middle) / scale).T
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def read_surface(surface: Surface, places: Reals) -> Reals:
    """Return a surface's colours (N, 3) at places (N, 2) in cells, x and y."""
    values = _terms(places, surface.middle, surface.scale) @ surface.terms
    # What is left at the border fades into the hole; in few places, as it is smooth.
    corner = np.floor(places.min(axis=0)).astype(int)
    size = np.ceil(places.max(axis=0)).astype(int) - corner + 1
    every = max(1, int(size.max()) // 40)
    ys, xs = (np.arange(0, side + every, every) for side in (size[1], size[0]))
    grid = np.stack(np.meshgrid(xs + corner[0], ys + corner[1]), axis=-1).astype(np.float64)
    apart = ((grid[:, :, None, :] - surface.places) ** 2).sum(axis=-1)
    weight = 1 / (apart + ANCHOR**2 / 4) ** 1.5
    bent = (weight @ surface.rest) / weight.sum(axis=-1)[..., None]
    where = ((places - corner) / every).T[::-1]
    for channel in range(3):
        values[:, channel] += ndimage.map_coordinates(bent[..., channel], where, order=1, mode="nearest")
    return np.clip(values, surface.low, surface.high)
