"""One hole filled from its surroundings: multi-scale PatchMatch, then a blend of gradients.

Newson, Almansa, Gousseau, Perez, "Non-Local Patch-Based Image Inpainting", IPOL 2017, with two
starts that compete, votes in 16-bit features, and poisson.blend as the finish.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from . import contract, poisson
from . import patchmatch as pm

Start = Literal["best", "onion", "membrane"]

COARSEST_THICKNESS = 14
COARSEST_SIDE = 35
"""Pixels: the pyramid ends where the hole is at most so thick, or the picture's short side so small."""

ROUGHNESS_WEIGHT = 50.0
"""Of the squared difference of mean gradients against that of colours (Newson's lambda)."""

COMPARED_PATCHES = 6000
"""Both starts are followed up to the last level that has at most so many patches."""

ONION_FAVOUR = 0.9
"""The onion keeps structures that the membrane smoothes away: its distance counts for less."""

COARSEST_ROUNDS = 12
ROUNDS = (1, 2, 3, 4, 6)
"""At most so many rounds of search and vote: at full size, at half, at a quarter, …"""

STILL = 0.1
"""Mean change of a colour in grey levels below which more rounds change nothing."""

FRINGE_PX = 3
"""Around a hole: the thing's soft outline often sticks out so far, and must not be copied."""


@dataclass(frozen=True)
class Level:
    """One size of the picture. All (H, W) but features, which is int16 (H, W * CHANNELS).

    hole: to be filled. centres: of the patches that overlap it. valid: of those to copy from.
    """

    features: pm.Features
    hole: pm.Bytes
    barred: pm.Bytes
    centres: pm.Bytes
    valid: pm.Bytes
    sources: NDArray[np.int32]

    @property
    def patches(self) -> int:
        return int(np.count_nonzero(self.centres))


def fill(
    rgb: contract.Image,
    hole: contract.Mask,
    *,
    barred: contract.Mask | None = None,
    start: Start = "best",
    seed: int = 0,
    report: contract.Report = contract.unheard,
) -> contract.Image:
    """Return a copy of rgb whose hole is filled from what is around it.

    barred: pixels that must not be copied from. Where no patch of 7 x 7 known pixels is left to copy
    from, the hole is filled smoothly instead. The same arguments give the same picture.
    report is called between levels; what it raises stops the work.
    """
    result = rgb.copy()
    if not hole.any():
        return result
    marks = hole.astype(np.uint8)
    pyramid = _pyramid(rgb, marks, _unwanted(hole, barred))
    if not pyramid and barred is not None and barred.any():
        # Better something from the forbidden part than a smear.
        pyramid = _pyramid(rgb, marks, _unwanted(hole, None))
    if not pyramid:
        smooth = poisson.membrane(rgb.astype(np.float32), marks)
        result[hole] = np.clip(smooth[hole] + 0.5, 0, 255).astype(np.uint8)
        return result
    work = [level.patches + 2000 for level in pyramid]
    total = float(sum(work)) * 1.25
    field, done = _coarse(pyramid, start, seed)
    while True:
        report(sum(work[done:]) / total)
        if done == 0:
            break
        done -= 1
        level = pyramid[done]
        field = pm.enlarged(field, level.centres, level.valid, level.sources, seed=seed)
        pm.vote(level.features, level.hole, field)
        _refine(level, field, done, seed, last=False)
        # What is finished holds memory that the larger levels need.
        del pyramid[done + 1 :]
    from_y, from_x = pm.choose(marks, field)
    result[hole] = poisson.blend(rgb, marks, from_y, from_x)
    return result


def _unwanted(hole: contract.Mask, barred: contract.Mask | None) -> pm.Bytes:
    fringe = ndimage.binary_dilation(hole, iterations=FRINGE_PX)
    return (fringe if barred is None else fringe | barred).astype(np.uint8)


def _coarse(pyramid: list[Level], start: Start, seed: int) -> tuple[pm.Field, int]:
    """Fill the coarse levels and return the field of the last one filled, and its number."""
    stop = len(pyramid) - 1
    while stop > 0 and pyramid[stop - 1].patches <= COMPARED_PATCHES:
        stop -= 1
    starts: tuple[Start, ...] = ("onion", "membrane") if start == "best" else (start,)
    best: tuple[float, list[Level], pm.Field] | None = None
    for kind in starts:
        levels = [replace(level, features=level.features.copy()) for level in pyramid[stop:]]
        coarsest = levels[-1]
        field = _onion(coarsest, seed) if kind == "onion" else _membrane(coarsest, seed)
        _refine(coarsest, field, stop + len(levels) - 1, seed, last=True)
        for number in range(len(levels) - 2, -1, -1):
            level = levels[number]
            field = pm.enlarged(field, level.centres, level.valid, level.sources, seed=seed)
            pm.vote(level.features, level.hole, field)
            _refine(level, field, stop + number, seed, last=False)
        cost = pm.mean_distance(levels[0].centres, field) * (ONION_FAVOUR if kind == "onion" else 1.0)
        if best is None or cost < best[0]:
            best = cost, levels, field
    assert best is not None  # noqa: S101 - starts is never empty
    pyramid[stop:] = best[1]
    return best[2], stop


def _refine(level: Level, field: pm.Field, number: int, seed: int, *, last: bool) -> None:
    """Search and vote in turn until the hole is still."""
    rounds = COARSEST_ROUNDS if last else ROUNDS[min(number, len(ROUNDS) - 1)]
    height, width = level.hole.shape
    radius = max(height, width) if last else 8 << min(number, 8)
    for count in range(rounds):
        pm.search(
            level.features,
            None,
            level.centres,
            level.valid,
            level.sources,
            field,
            seed=(seed * 64 + number) * 64 + count,
            passes=5 if last and count == 0 else 2,
            radius=min(radius, max(height, width)),
            draws=2 if last else min(number, 1),
        )
        if pm.vote(level.features, level.hole, field) < STILL:
            break


def _membrane(level: Level, seed: int) -> pm.Field:
    """Start from the smoothest surface over the hole."""
    height, width = level.hole.shape
    values = level.features.reshape(height, width, pm.CHANNELS)
    smooth = poisson.membrane(values.astype(np.float32), level.hole)
    inside = level.hole != 0
    values[inside] = np.rint(smooth[inside])
    return pm.Field.empty(height, width)


def _onion(level: Level, seed: int) -> pm.Field:
    """Start from the border inwards, ring by ring, each matched over what is known by then."""
    field = pm.Field.empty(*level.hole.shape)
    # The picture's edge is no border: the rings count from known pixels alone.
    depth = ndimage.distance_transform_edt(level.hole)
    known = (level.hole == 0).astype(np.uint8)
    ring_centres = (level.centres != 0) & (known != 0)
    deepest = math.ceil(float(depth.max()))
    for ring in range(deepest + 1):
        if ring:
            inside = (depth > ring - 1) & (depth <= ring)
            ring_centres = inside & (level.centres != 0)
        if ring_centres.any():
            pm.search(
                level.features,
                known,
                ring_centres.astype(np.uint8),
                level.valid,
                level.sources,
                field,
                seed=seed * 4096 + ring,
                passes=4,
                radius=max(level.hole.shape),
                draws=8,
            )
        if ring:
            pm.vote(level.features, inside.astype(np.uint8), field)
            known[inside] = 1
    return field


def _pyramid(rgb: contract.Image, hole: pm.Bytes, barred: pm.Bytes) -> list[Level]:
    """Return the levels from full size down; empty if not even the full size has a valid source."""
    height, width = hole.shape
    if min(height, width) < pm.PATCH:
        return []
    thickness = 2 * float(ndimage.distance_transform_edt(hole).max())
    count = 1
    while thickness / 2 ** (count - 1) > COARSEST_THICKNESS and min(height, width) >> count >= COARSEST_SIDE:
        count += 1
    features = np.empty((height, width * pm.CHANNELS), np.int16)
    _fill_features(rgb, hole, 2 ** (count - 1) + 1, features)
    levels: list[Level] = []
    while len(levels) < count:
        level = _level(features, hole, barred)
        if level is None:
            break
        levels.append(level)
        features, hole, barred = _halved(features, hole, barred)
    return levels


def _level(features: pm.Features, hole: pm.Bytes, barred: pm.Bytes) -> Level | None:
    """Return the level, None if nothing in it can be copied from."""
    near = ndimage.maximum_filter(hole, pm.PATCH, mode="constant")
    never = ndimage.maximum_filter(hole | barred, pm.PATCH, mode="constant")
    inside = np.zeros_like(hole)
    inside[pm.HALF : -pm.HALF, pm.HALF : -pm.HALF] = 1
    valid = inside & (never == 0)
    sources = np.flatnonzero(valid).astype(np.int32)
    if not len(sources):
        return None
    return Level(features, hole, barred, inside & near, valid.astype(np.uint8), sources)


def _fill_features(rgb: contract.Image, hole: pm.Bytes, window: int, features: pm.Features) -> None:
    """Set the features of the known pixels: colours and roughness, the mean gradient over window."""
    height, width = hole.shape
    known = hole == 0
    grey = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    scale = np.float32(pm.UNIT * math.sqrt(ROUGHNESS_WEIGHT))
    out = features.reshape(height, width, pm.CHANNELS)
    np.multiply(rgb, np.int16(pm.UNIT), out=out[..., :3], dtype=np.int16)
    for axis in (0, 1):
        sound = (known & np.roll(known, 1, axis)).astype(np.float32)
        first = (0, slice(None)) if axis == 0 else (slice(None), 0)
        sound[first] = 0
        steep = np.abs(grey - np.roll(grey, 1, axis)) * sound
        mean = ndimage.uniform_filter(steep, window, mode="constant")
        share = ndimage.uniform_filter(sound, window, mode="constant")
        rough = scale * mean / np.maximum(share, np.float32(1e-3))
        out[..., 4 - axis] = np.clip(rough, 0, pm.ROUGHEST)
    out[~known] = 0


def _halved(
    features: pm.Features, hole: pm.Bytes, barred: pm.Bytes
) -> tuple[pm.Features, pm.Bytes, pm.Bytes]:
    height, width = hole.shape
    small = ((height + 1) // 2, (width + 1) // 2)
    smaller = np.empty((small[0], small[1] * pm.CHANNELS), np.int16)
    small_hole, small_barred = np.empty(small, np.uint8), np.empty(small, np.uint8)
    _halve(features, hole, barred, smaller, small_hole, small_barred)
    return smaller, small_hole, small_barred


@njit(
    "void(i2[:, ::1], u1[:, ::1], u1[:, ::1], i2[:, ::1], u1[:, ::1], u1[:, ::1])", cache=True, nogil=True
)
def _halve(features, hole, barred, smaller, small_hole, small_barred):  # type: ignore[no-untyped-def]
    """Halve with the kernel 1 3 3 1 over known pixels. What is half unknown is hole; barred spreads."""
    height, width = hole.shape
    taps = (1, 3, 3, 1)
    total = np.empty(5, np.float32)
    for y in range(small_hole.shape[0]):
        for x in range(small_hole.shape[1]):
            total[:] = 0
            weights = np.float32(0)
            whole = np.float32(0)
            bar = 0
            for v in range(4):
                fy = 2 * y + v - 1
                if fy < 0 or fy >= height:
                    continue
                for u in range(4):
                    fx = 2 * x + u - 1
                    if fx < 0 or fx >= width:
                        continue
                    w = np.float32(taps[v] * taps[u])
                    whole += w
                    if 1 <= v <= 2 and 1 <= u <= 2 and barred[fy, fx] != 0:
                        bar = 1
                    if hole[fy, fx] != 0:
                        continue
                    weights += w
                    for c in range(5):
                        total[c] += w * np.float32(features[fy, fx * 5 + c])
            unknown = weights < np.float32(0.5) * whole
            small_hole[y, x] = 1 if unknown else 0
            small_barred[y, x] = bar
            for c in range(5):
                smaller[y, x * 5 + c] = 0 if unknown else np.int16(total[c] / weights + np.float32(0.5))
