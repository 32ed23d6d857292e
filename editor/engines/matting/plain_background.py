"""The plain background of a studio photo: what the picture's border runs on into, where that is plain.

A second opinion beside the network's, by the picture alone: the ground is what can be reached from
the border without crossing an edge. Shading and soft shadows are no edges, so they belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from . import areas

RING = 1 / 50
"""Share of the side that counts as the border, all round."""

OPEN_RING = 0.5
"""The border tells of the ground only if at least this share of it holds no subject."""

FAINTEST_EDGE = 1.0
"""Grey levels per pixel below which nothing is called an edge: 8-bit rounding and JPEG stay under it."""

TEXTURE = 5.0
"""Grey levels per pixel: a border whose own edges are stronger is no plain ground."""

SHADOW_HUE = 12.0
"""Grey levels by which a shadow's hue may differ from the ground's: light from walls and sky fills it."""

FAINTEST_DIFFERENCE = 3.0
"""Grey levels by which a colour must differ from the ground's around it."""

WHITE = 245
"""Grey levels of every channel from which on a ground is white: photos for shops are lit so, or painted."""

WHITE_RING = 0.08
"""Share of the border that must be white, for what is not to be told from it."""

RUNS_OUT = 0.02
TOP = 0.1
LARGE = 0.01
"""What runs out of the picture takes at least so much of the border, of its upper side and of the picture."""

FAR_FROM_WHITE = 40.0
PAINTED = 15.0
DARK = 90.0
"""Grey levels below white from which on it is no haze; and the hue, or the darkness, that no shadow has."""

SURELY = 0.5
"""Share of an area, at least, that is so."""

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Ground:
    """What the border's colour runs on into, (N, N) each.

    reached: surely ground. distinct: neither reached nor of the ground's colour nearby. What is neither
    of the two may be a hole that the ground shows through, or a subject of the ground's own colour.
    foreign: distinct from all that the ground shows anywhere in the picture, its shades included, which
    is what it takes to tell a part that the subject encloses from a hole in it.
    coloured: not reached, and no shadow on the ground, however sharp: another hue, or lighter.
    difference: grey levels from the ground's colour nearby, of the channel that differs most.
    """

    reached: types.Mask
    distinct: types.Mask
    foreign: types.Mask
    coloured: types.Mask
    difference: Pixels


def find_ground(square: types.Image, subject: types.Alpha) -> Ground | None:
    """Return the ground of a square picture; None where it is not plain, or hardly in the picture.

    subject is what is known of the subject, of the same shape: it is not taken for border.
    """
    side = len(square)
    width = max(1, round(side * RING))
    border = np.ones((side, side), bool)
    border[width:-width, width:-width] = False
    seeds = border & (subject < 0.1)
    if seeds.sum() < OPEN_RING * border.sum():
        return None
    smooth = ndimage.uniform_filter(square.astype(np.float32), (3, 3, 0), mode="nearest")
    slope = measure_slope(smooth)
    # Noise, grain and shading have edges too. Twice the border's strongest, bar a few: a subject's
    # corner or a speck may lie in it.
    usual = 2 * float(np.percentile(slope[seeds], 95))
    if usual > TEXTURE:
        return None
    even = slope < max(FAINTEST_EDGE, usual)
    # Thinned, so that the flood does not pass a gap of a pixel or two in a faint outline.
    thinned = areas.narrow(even, 3)
    regions, _ = ndimage.label(thinned)
    from_border = np.zeros(regions.max() + 1, bool)
    from_border[regions[seeds]] = True
    from_border[0] = False
    flooded = from_border[regions]
    reached = areas.widen(flooded, 5)
    behind = spread_out(smooth, flooded)
    difference = _widest(np.abs(smooth - behind))
    # A sixteenth of the ground is enough to know its noise and its shades.
    sample = flooded[::4, ::4]
    noise = float(np.median(difference[::4, ::4][sample])) if sample.any() else 0.0
    least = max(FAINTEST_DIFFERENCE, 3 * noise)
    uneven = float(smooth[::4, ::4][sample].std(axis=0).max()) if sample.any() else 0.0
    distinct = ~reached & (difference > least)
    foreign = distinct & (difference > max(least, 2 * uneven))
    coloured = ~reached & (_distance_from_shades(smooth, behind) > least + SHADOW_HUE)
    return Ground(reached, distinct, foreign, coloured, difference)


def find_cut_off(square: types.Image, subject: types.Mask) -> types.Mask:
    """Return what runs out of the picture before white and was missed; none where the ground is not white.

    What the picture's edge cuts, a model's arm and neck, the network takes for ground, and a sleeve that
    fills the picture for all of it. It counts where it goes on from the subject, or where there is none, and
    has a hue or darkness that no shadow on white has.
    """
    side = len(square)
    width = max(1, round(side * RING))
    border = np.ones((side, side), bool)
    border[width:-width, width:-width] = False
    none = np.zeros((side, side), bool)
    lowest = square.min(axis=2)
    white = lowest >= WHITE
    if np.count_nonzero(white & border) < WHITE_RING * np.count_nonzero(border):
        return none
    regions, count = ndimage.label(areas.narrow(white, 3))
    open_ones = np.zeros(count + 1, bool)
    open_ones[regions[border]] = True
    open_ones[0] = False
    # By the ground's soft rim, in which white is mixed with the subject.
    things = ~areas.widen(open_ones[regions], 5)
    numbered, count = ndimage.label(things)
    kept = areas.average(border, numbered, count) * np.bincount(numbered.ravel(), minlength=count + 1)
    runs_out = kept >= RUNS_OUT * np.count_nonzero(border)
    # Below a white sky everything is cut off, and nothing of it by the upper edge.
    runs_out &= np.bincount(numbered[:width].ravel(), minlength=count + 1) >= TOP * width * side
    runs_out &= (areas.average(subject, numbered, count) > 0) | (not subject.any())
    runs_out[0] = False
    missed = runs_out[numbered] & ~areas.widen(subject, 3)
    strong = (lowest < DARK) | (square.max(axis=2) - lowest > PAINTED)
    strong &= lowest < 255 - FAR_FROM_WHITE
    sure, aloof = _sort_missed(areas.open_mask(missed, 3), strong, border)
    # Where much of it was missed, so were bits beside it, which looks were of two minds about.
    found = np.bincount(numbered[sure], minlength=count + 1) >= LARGE * side * side
    whole = found[numbered] & ((strong & ~aloof) | sure | subject)
    return whole | (areas.fill_holes(whole) & strong)


def _sort_missed(missed: types.Mask, strong: types.Mask, border: types.Mask) -> tuple[types.Mask, types.Mask]:
    """Return those areas that mostly are what no shadow is, and large ones that the edge does not cut."""
    numbered, count = ndimage.label(missed)
    large = np.bincount(numbered.ravel(), minlength=count + 1) >= LARGE * missed.size
    aloof = large & (areas.average(border, numbered, count) == 0)
    sure = (areas.average(strong, numbered, count) > SURELY) & ~aloof
    sure[0] = aloof[0] = False
    return areas.widen(sure[numbered], 5), areas.widen(aloof[numbered], 5)


def _distance_from_shades(colours: Pixels, behind: Pixels) -> Pixels:
    """Return how many grey levels the colours are from the nearest darkening of what is behind, (N, N)."""
    product = np.einsum("yxc,yxc->yx", colours, behind)
    power = np.einsum("yxc,yxc->yx", behind, behind)
    light = np.clip(product / np.maximum(power, 1), 0, 1)[..., np.newaxis]
    return _widest(np.abs(colours - light * behind))


def _widest(channels: Pixels) -> Pixels:
    """Return the largest of the three channels; numpy.max is slow on so short an axis."""
    return np.maximum(np.maximum(channels[..., 0], channels[..., 1]), channels[..., 2])


def measure_slope(smooth: Pixels) -> Pixels:
    """Return grey levels per pixel of the steepest channel, (N, N)."""
    across = _widest(np.abs(smooth[:, 2:] - smooth[:, :-2])) / 2
    down = _widest(np.abs(smooth[2:] - smooth[:-2])) / 2
    slope = np.zeros(smooth.shape[:2], np.float32)
    slope[1:-1, 1:-1] = np.hypot(across[1:-1], down[:, 1:-1])
    return slope


def spread_out(values: Pixels, known: types.Mask) -> Pixels:
    """Return (N, N, 3) in which the known pixels' local mean runs on smoothly into the unknown.

    Push-pull: Gortler, Grzeszczuk, Szeliski, Cohen, "The Lumigraph", SIGGRAPH 1996. N is a power of two.
    """
    weight = known.astype(np.float32)[..., np.newaxis]
    levels = [(values * weight, weight)]
    while len(levels[-1][1]) > 1:
        levels.append((_halve(levels[-1][0]), _halve(levels[-1][1])))
    total, share = levels[-1]
    spread = _mean(total, share)
    for total, share in reversed(levels[:-1]):
        coarse = _double(spread)
        # From a sixteenth of a cell known on, the cell speaks for itself; below, the coarser level does.
        trust: Pixels = np.minimum(share * 16, 1)
        spread = coarse + trust * (_mean(total, share) - coarse)
    return spread


def _mean(total: Pixels, share: Pixels) -> Pixels:
    least: Pixels = np.maximum(share, 1e-6)
    return total / least


def _halve(grid: Pixels) -> Pixels:
    return (grid[::2, ::2] + grid[1::2, ::2] + grid[::2, 1::2] + grid[1::2, 1::2]) * np.float32(0.25)


def _double(grid: Pixels) -> Pixels:
    """Return the grid at twice its size, bilinear between the cells' centres."""
    for axis in (0, 1):
        before = np.concatenate([grid.take([0], axis), grid.take(range(grid.shape[axis] - 1), axis)], axis)
        after = np.concatenate([grid.take(range(1, grid.shape[axis]), axis), grid.take([-1], axis)], axis)
        pair = np.stack([grid * 0.75 + before * 0.25, grid * 0.75 + after * 0.25], axis + 1)
        shape = list(grid.shape)
        shape[axis] *= 2
        grid = pair.reshape(shape)
    return grid
