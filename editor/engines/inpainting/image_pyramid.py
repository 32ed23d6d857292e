"""The image pyramid on which a hole is filled, coarse to fine: colours, roughness, and what may be copied."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from . import patchmatch as pm
from . import strange_sources

COARSEST_THICKNESS = 14
COARSEST_SIDE = 35
"""Pixels: the pyramid ends where the hole is at most so thick, or the picture's short side so small."""

ROUGHNESS_WEIGHT = 50.0
"""Of the squared difference of mean gradients against that of colours (Newson's lambda)."""

PULL_DOWN, PULL_ACROSS = 0.03, 0.015
"""What copying from as far as the hole is long costs, as a share of the colours' variance.

What is near belongs together, and what is beside more than what is above: without it, a floor's edge
continues in somebody's hair. Textures are as good with it as without.
"""

LAYERED, LAYERED_PULL, LAYERED_SLACK = 0.6, 6.0, 0.05
"""From which share on what differs between rows is no difference within them; what copying from as far up
or down as the hole is long costs where all is layers (sky, hills, grass), as a share of the colours'
variance; and the share of the hole's length by which layers may slant."""

END = 8
"""Pixels of a row on either side of the hole that say what the row is there."""

FAR_OFF = 0.75
"""In widths of the hole, from where on what lies beyond what is barred says nothing of a row."""

STRIPE = 512
"""Rows at a time where float32 copies of a large picture would take too much memory."""

FRINGE_PX = 3
"""Around a hole: the thing's soft outline often sticks out so far, and must not be copied."""


@dataclass(frozen=True)
class Level:
    """One size of the picture. All (H, W) but features, which is int16 (H, W * CHANNELS).

    hole: to be filled. behind: what the hole's ground goes on behind, which tells nothing of it; as far as
    patches reach into it, it is hole as well. centres: of the patches that overlap what is to be filled.
    valid: of those to copy from.
    """

    features: pm.Features
    hole: pm.Bytes
    barred: pm.Bytes
    behind: pm.Bytes
    centres: pm.Bytes
    valid: pm.Bytes
    sources: NDArray[np.int32]
    pull: tuple[float, float, float, float]
    dear: pm.Dear | None = None
    variance: NDArray[np.float32] | None = None
    """Of the colours in the patch around each place, in UNIT squared; None at full size."""

    @property
    def unseen(self) -> pm.Bytes:
        """Where nothing of the ground is seen."""
        return self.hole | self.behind

    @property
    def patches(self) -> int:
        return int(np.count_nonzero(self.centres))


def mark_unwanted(hole: types.Mask, barred: types.Mask | None) -> pm.Bytes:
    fringe = ndimage.binary_dilation(hole, iterations=FRINGE_PX)
    return (fringe if barred is None else fringe | barred).astype(np.uint8)


def build_pyramid(
    rgb: types.Image, hole: pm.Bytes, barred: pm.Bytes, behind: pm.Bytes | None = None
) -> list[Level]:
    """Return the levels from full size down; empty if not even the full size has a valid source."""
    hidden: pm.Bytes = np.zeros_like(hole)
    if behind is not None:
        hidden[:] = behind & (hole == 0)
    height, width = hole.shape
    if min(height, width) < pm.PATCH:
        return []
    thick = measure_thickness(hole)
    count = 1
    while thick / 2 ** (count - 1) > COARSEST_THICKNESS and min(height, width) >> count >= COARSEST_SIDE:
        count += 1
    features = np.empty((height, width * pm.CHANNELS), np.int16)
    _fill_features(rgb, hole | hidden, 2 ** (count - 1) + 1, features)
    levels: list[Level] = []
    while len(levels) < count:
        level = _level(features, hole, barred, hidden)
        if level is None:
            break
        levels.append(level)
        features, hole, barred, hidden = _halve_level(features, hole, barred, hidden)
    levels[1:] = [replace(level, variance=measure_variance(level)) for level in levels[1:]]
    layers = measure_layers(levels[-1]) if len(levels) > 1 else 0.0
    levels = [
        replace(level, pull=(*level.pull[:2], layers * level.pull[2], level.pull[3])) for level in levels
    ]
    if len(levels) > 1:
        # A thin hole takes what is beside it anyway.
        costs = strange_sources.measure_costs(levels[-1].features, levels[-1].hole, levels[-1].valid)
        if costs is not None:
            last = len(levels) - 1
            levels = [replace(level, dear=pm.Dear(costs, last - n)) for n, level in enumerate(levels)]
    return levels


def _level(features: pm.Features, hole: pm.Bytes, barred: pm.Bytes, behind: pm.Bytes) -> Level | None:
    """Return the level, None if nothing in it can be copied from."""
    near = ndimage.maximum_filter(hole, pm.PATCH, mode="constant")
    never = ndimage.maximum_filter(hole | barred | behind, pm.PATCH, mode="constant")
    inside = np.zeros_like(hole)
    inside[pm.HALF : -pm.HALF, pm.HALF : -pm.HALF] = 1
    valid = inside & (never == 0)
    sources = np.flatnonzero(valid).astype(np.int32)
    if not len(sources):
        return None
    colours = features.reshape(*hole.shape, pm.CHANNELS)[::4, ::4, :3][(hole | behind)[::4, ::4] == 0]
    variance = float(colours.var(axis=0, dtype=np.float64).sum()) if len(colours) else 0.0
    rows, columns = np.nonzero(hole.any(axis=1))[0], np.nonzero(hole.any(axis=0))[0]
    side = max(np.ptp(rows), np.ptp(columns)) + 1 if len(rows) else 1
    share = variance / float(side)
    pull = PULL_DOWN * share, PULL_ACROSS * share, LAYERED_PULL * share, LAYERED_SLACK * float(side)
    if behind.any():
        # As far as a patch over the hole reaches.
        hole = hole | (behind & ndimage.maximum_filter(hole, 2 * pm.PATCH - 1, mode="constant"))
    return Level(features, hole, barred, behind, inside & near, valid.astype(np.uint8), sources, pull)


def measure_variance(level: Level) -> NDArray[np.float32]:
    values = level.features.reshape(*level.hole.shape, pm.CHANNELS)[..., :3].astype(np.float32)
    mean = ndimage.uniform_filter(values, (pm.PATCH, pm.PATCH, 1))
    return np.asarray((ndimage.uniform_filter(values**2, (pm.PATCH, pm.PATCH, 1)) - mean**2).sum(axis=2))


def measure_layers(level: Level) -> float:
    """Return how far, 0 to 1, what is around the hole are layers: rows that differ, alike at both ends."""
    height, width = level.hole.shape
    values = level.features.reshape(height, width, pm.CHANNELS).astype(np.float32)
    hole = level.hole != 0
    unknown = hole | (level.barred != 0)
    rows = []
    for y in np.flatnonzero(hole.any(axis=1)):
        inside = np.flatnonzero(hole[y])
        known = np.flatnonzero(~unknown[y])
        # Beyond what is barred, where need be: behind two people goes on what is beside them.
        before, after = known[known < inside[0]], known[known > inside[-1]]
        ends = before[-END:], after[:END]
        # But not where that is far off, and the other side nearer.
        gaps = [
            inside[0] - before[-1] if len(before) else width,
            after[0] - inside[-1] if len(after) else width,
        ]
        if max(gaps) > FAR_OFF * (inside[-1] - inside[0] + 1) and max(gaps) > 2 * min(gaps):
            before, after = (before, after[:0]) if gaps[0] < gaps[1] else (before[:0], after)
        if not len(before) or not len(after):
            # The hole reaches the picture's edge: of what is beside it, what is near and what is further.
            beside = after[: 2 * END] if len(after) else before[::-1][: 2 * END]
            ends = beside[: len(beside) // 2], beside[len(beside) // 2 :]
        pair = [values[y, end].mean(axis=0) for end in ends if len(end) >= END // 4]
        if len(pair) == 2:
            rows.append(pair)
    if len(rows) < max(6, 0.6 * np.count_nonzero(hole.any(axis=1))):
        return 0.0
    pairs = np.array(rows)
    between = float(pairs.mean(axis=1).var(axis=0).sum())
    within = float(((pairs[:, 0] - pairs[:, 1]) ** 2).mean(axis=0).sum()) / 2
    share = between / max(between + within, 1e-6)
    return max(0.0, (share - LAYERED) / (1 - LAYERED)) ** 2


def measure_thickness(hole: pm.Bytes) -> float:
    """Return twice the largest distance from a pixel of the hole to its border, about, in pixels."""
    # The transform takes 24 bytes a pixel: of large pictures every second, fourth, … pixel will do.
    step = 1
    while hole.size // step**2 > 1_000_000:
        step *= 2
    return 2 * step * float(ndimage.distance_transform_edt(hole[::step, ::step]).max())


def _fill_features(rgb: types.Image, hole: pm.Bytes, window: int, features: pm.Features) -> None:
    """Set the features: colours, and the mean gradient over window x window; 0 in the hole."""
    height, width = hole.shape
    out = features.reshape(height, width, pm.CHANNELS)
    for top in range(0, height, STRIPE):
        bottom = min(height, top + STRIPE)
        first, last = max(0, top - window), min(height, bottom + window)
        rough = _roughness(rgb[first:last], hole[first:last] == 0, window)[top - first : bottom - first]
        part = out[top:bottom]
        np.multiply(rgb[top:bottom], np.int16(pm.UNIT), out=part[..., :3], dtype=np.int16)
        part[..., 3:] = rough
        part[hole[top:bottom] != 0] = 0


def _roughness(rgb: types.Image, known: types.Mask, window: int) -> NDArray[np.int16]:
    """Return the mean |d/dx| and |d/dy| of grey over the known pixels around, scaled (H, W, 2)."""
    grey = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    scale = np.float32(pm.UNIT * math.sqrt(ROUGHNESS_WEIGHT))
    result = np.empty((*known.shape, 2), np.int16)
    for axis in (0, 1):
        sound = (known & np.roll(known, 1, axis)).astype(np.float32)
        # The first row's upper neighbour is the last row, by np.roll's custom.
        sound[(0,) if axis == 0 else (slice(None), 0)] = 0
        steep = np.abs(grey - np.roll(grey, 1, axis)) * sound
        mean = ndimage.uniform_filter(steep, window, mode="constant")
        share = ndimage.uniform_filter(sound, window, mode="constant")
        result[..., 1 - axis] = np.clip(scale * mean / np.maximum(share, np.float32(1e-3)), 0, pm.ROUGHEST)
    return result


def _halve_level(
    features: pm.Features, hole: pm.Bytes, barred: pm.Bytes, behind: pm.Bytes
) -> tuple[pm.Features, pm.Bytes, pm.Bytes, pm.Bytes]:
    height, width = hole.shape
    small = ((height + 1) // 2, (width + 1) // 2)
    smaller = np.empty((small[0], small[1] * pm.CHANNELS), np.int16)
    small_unseen, small_barred = np.empty(small, np.uint8), np.empty(small, np.uint8)
    _halve(features, hole | behind, barred, smaller, small_unseen, small_barred)
    if not behind.any():
        return smaller, small_unseen, small_barred, np.zeros_like(small_unseen)
    columns = np.maximum.reduceat(hole, np.arange(0, height, 2), axis=0)
    any_hole = np.maximum.reduceat(columns, np.arange(0, width, 2), axis=1).astype(np.uint8)
    small_hole = small_unseen & any_hole
    return smaller, small_hole, small_barred, small_unseen & (any_hole ^ 1)


@njit("void(i2[:, ::1], u1[:, ::1], u1[:, ::1], i2[:, ::1], u1[:, ::1], u1[:, ::1])", cache=True, nogil=True)
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
