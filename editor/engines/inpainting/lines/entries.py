"""Where edges enter a hole: seen in a small picture, followed on their run outside it.

All places and lengths are of the small picture's pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from .strips import RUN, Entry, Reals, measure_profile

BLUR = 1.2
"""Standard deviation of the Gaussian whose derivative tells an edge."""
GREY = np.array([[0.299], [0.587], [0.114]], np.float32)
OFF = (3.0, 6.0)
"""How far from the hole an entry is looked for first: what is nearer may be the thing's soft rim."""
GRAZE = 26
"""Pixels ahead in which an edge that runs along the hole has to meet it, to enter."""
LONG = 36
"""Pixels of an edge's run that say its way, where it is as long."""
LEAST_STEEP, ABOVE_MEDIAN = 3.0, 2.5
"""Grey levels a pixel of an edge at least, and how many times steeper it is than the median around."""
SUPPORT = 0.8
"""The share of that run on which it is seen, that much as steep as it is at the hole."""
STILL = 0.35
SLACK = 1.5
"""Pixels by which it may stray sideways there."""
INWARD = 0.3
"""Cosine of the angle to the way into the hole, at least: what runs along a busy border enters nowhere."""
MOST_ENTRIES, MOST_TRIES = 60, 160


@dataclass(frozen=True)
class Slopes:
    """How steep the small picture is across and down, (h, w), and where that is the ground's own."""

    across: NDArray[np.float32]
    down: NDArray[np.float32]
    sound: types.Mask


def measure_slopes(rgb: NDArray[np.float32], blind: types.Mask) -> Slopes:
    """Return the slopes of the channel that is steepest at each pixel: an edge may be one of hue alone."""
    # The hole's own step must not be seen.
    nearest = ndimage.distance_transform_edt(blind, return_distances=False, return_indices=True)
    calm = rgb[tuple(nearest)]
    across, down, most = (np.zeros(blind.shape, np.float32) for _ in range(3))
    for channel in range(calm.shape[2]):
        plane = np.ascontiguousarray(calm[..., channel])
        x = ndimage.gaussian_filter(plane, BLUR, order=(0, 1))
        y = ndimage.gaussian_filter(plane, BLUR, order=(1, 0))
        steep = np.hypot(x, y)
        more = steep > most
        across[more], down[more], most[more] = x[more], y[more], steep[more]
    return Slopes(across, down, ndimage.distance_transform_edt(~blind) > 2)


def find_entries(slopes: Slopes, hole: types.Mask, rgb: types.Image, step: int, reach: float) -> list[Entry]:
    """Return the entries of edges within reach of the hole."""
    away = ndimage.distance_transform_edt(~hole)
    across, down, sound = slopes.across, slopes.down, slopes.sound
    steep = np.hypot(across, down)
    around = sound & (away < RUN)
    if not around.any():
        return []
    least = max(LEAST_STEEP, ABOVE_MEDIAN * float(np.median(steep[around])))
    ring = sound & (away >= OFF[0]) & (away < reach) & (steep > least)
    ring = _is_ridge(steep, across, down, ring)
    rows, columns = np.nonzero(ring)
    places = np.stack([columns, rows], axis=-1).astype(np.float64)
    ways = np.stack([-down[ring], across[ring]], axis=-1) / steep[ring][:, None]
    # Each edge has two ways to go on.
    places, ways = np.concatenate([places, places]), np.concatenate([ways, -ways])
    order = _order(places, ways, steep, away, reach)
    found: list[Entry] = []
    tries = 0
    while len(order) and len(found) < MOST_ENTRIES and tries < MOST_TRIES:
        place, way = places[order[0]], ways[order[0]]
        order, tries = order[1:], tries + 1
        straight = follow(slopes, place, way, float(steep[int(place[1]), int(place[0])]), reach >= GRAZE)
        if straight is None:
            continue
        profile = measure_profile(rgb, *straight, step)
        entry = Entry(*straight, profile, float(steep[int(place[1]), int(place[0])]))
        found.append(entry)
        # What lies on its run is the same edge.
        apart = places[order] - entry.place
        aside = np.abs(apart @ np.array([-entry.way[1], entry.way[0]]))
        same = aside <= 2.5 if reach >= GRAZE else np.hypot(*apart.T) < 2.5
        order = order[~same | (apart @ entry.way > GRAZE) | (ways[order] @ entry.way < 0)]
    return found


def _order(
    places: Reals, ways: Reals, steep: NDArray[np.float32], away: NDArray[np.float64], reach: float
) -> NDArray[np.int64]:
    """Return which places on edges may be entries, the likeliest first.

    Where all edges within reach count, those that meet the hole, the nearest first; else those at its very
    border that go in rather than along, the steepest first.
    """
    slope = steep[places[:, 1].astype(int), places[:, 0].astype(int)]
    if reach >= GRAZE:
        ahead = _meet(places, ways, away < OFF[0])
        order = np.argsort(ahead - slope)
        return order[ahead[order] < GRAZE]
    down, right = np.gradient(ndimage.gaussian_filter(away, 2))
    rows, columns = places[:, 1].astype(int), places[:, 0].astype(int)
    inward = -np.stack([right[rows, columns], down[rows, columns]], axis=-1)
    order = np.argsort(-slope)
    return order[((ways * inward).sum(axis=1) >= INWARD * np.hypot(*inward.T))[order]]


def _meet(places: Reals, ways: Reals, blind: types.Mask) -> Reals:
    """Return how far ahead of each place on its way what is blind begins, GRAZE where it is not so near."""
    along = np.arange(1.0, GRAZE)
    x = np.rint(places[:, :1] + along * ways[:, :1]).astype(int)
    y = np.rint(places[:, 1:] + along * ways[:, 1:]).astype(int)
    inside = (x >= 0) & (y >= 0) & (x < blind.shape[1]) & (y < blind.shape[0])
    met = inside & blind[np.where(inside, y, 0), np.where(inside, x, 0)]
    return np.where(met.any(axis=1), along[met.argmax(axis=1)], float(GRAZE))


def _is_ridge(
    steep: NDArray[np.float32], across: NDArray[np.float32], down: NDArray[np.float32], places: types.Mask
) -> types.Mask:
    """Return which of the places are steeper than a pixel further up and down their slope."""
    rows, columns = np.nonzero(places)
    own = steep[rows, columns]
    y, x = down[rows, columns] / own, across[rows, columns] / own
    ahead = ndimage.map_coordinates(steep, [rows + y, columns + x], order=1, mode="nearest")
    behind = ndimage.map_coordinates(steep, [rows - y, columns - x], order=1, mode="nearest")
    result = np.zeros_like(places)
    result[rows, columns] = (own >= ahead) & (own >= behind)
    return result


def follow(
    slopes: Slopes, place: Reals, way: Reals, steep: float, long: bool = False
) -> tuple[Reals, Reals] | None:
    """Return an edge's place and way by all of its run out of the hole; None where it does not go on."""
    across, down, sound = slopes.across, slopes.down, slopes.sound
    normal = np.array([-way[1], way[0]])
    polarity = np.sign(
        across[int(place[1]), int(place[0])] * normal[0] + down[int(place[1]), int(place[0])] * normal[1]
    )
    offsets = np.arange(-3, 3.01, 0.5)
    for run in (RUN, RUN, LONG) if long else (RUN, RUN):
        distances = np.arange(0, run)
        x = place[0] - way[0] * distances[:, None] + normal[0] * offsets
        y = place[1] - way[1] * distances[:, None] + normal[1] * offsets
        inside = (x > 1) & (y > 1) & (x < sound.shape[1] - 2) & (y < sound.shape[0] - 2)
        if inside[:, len(offsets) // 2].mean() < SUPPORT:
            return None if run == RUN else (place, way)
        grid = [y, x]
        along_x = ndimage.map_coordinates(across, grid, order=1, mode="nearest")
        along_y = ndimage.map_coordinates(down, grid, order=1, mode="nearest")
        known = ndimage.map_coordinates(sound.astype(np.float32), grid, order=0, mode="constant") > 0.5
        answer = polarity * (along_x * normal[0] + along_y * normal[1]) * known * inside
        best = answer.argmax(axis=1)
        seen = answer.max(axis=1) > STILL * steep
        if seen.mean() < SUPPORT:
            return None if run == RUN else (place, way)
        slope, shift = np.polyfit(distances[seen], offsets[best[seen]], 1)
        rest = np.abs(offsets[best[seen]] - slope * distances[seen] - shift)
        if rest.mean() > (SLACK / 2 if run == RUN else SLACK / 4):
            # What bends goes in by its last way.
            return None if run == RUN else (place, way)
        place = place + normal * shift
        way = way - normal * slope
        way /= np.hypot(*way)
        normal = np.array([-way[1], way[0]])
    return place, way


def find_exit(entry: Entry, hole: types.Mask) -> float:
    """Return how far along its way an entry is in the hole for the last time."""
    along = np.arange(1.0, np.hypot(*hole.shape))[:, None]
    places = entry.place + along * entry.way
    inside = ((places >= 0) & (places < hole.shape[::-1])).all(axis=1) & look_up(hole, places)
    return float(along[inside][-1, 0]) if inside.any() else 0.0


def look_up(hole: NDArray[Any], places: Reals) -> NDArray[Any]:
    """Return what a mask or plane says at places (N, 2), x and y each."""
    rows = np.clip(places[:, 1].astype(int), 0, hole.shape[0] - 1)
    columns = np.clip(places[:, 0].astype(int), 0, hole.shape[1] - 1)
    return np.asarray(hole[rows, columns])
