"""The region that a click means: the gap or pane that it lies in, or the even part of the subject."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas

MOUTHS = (1, 5, 11, 21, 41)
"""Pixels of a window of a thousand: gaps are looked for whose mouth is narrower, the narrowest first."""

STEPS = (5, 8, 12, 17, 23, 30, 38, 47, 57, 70, 85)
"""Grey levels from the clicked colour up to which a part may go; the first extent that holds counts."""

STEADY = 0.15
"""By how much, as a logarithm, an extent may grow between the steps before and after, and hold."""

LEAST = 9
"""Pixels: what is smaller is noise around the click."""

MOST = 0.9
"""Share of the subject from which on a part is all of it."""

CRUMB = 0.02
ISLAND = 0.35
"""Shares of the subject up to which a piece apart goes whole, the latter if what is clicked is most of it."""

BEYOND = 6
"""Pixels by which a region goes on into what is as it shall be."""

PANE = 7
"""Pixels of a window of a thousand: what is half transparent and as broad is a pane, no soft outline."""

CLEAR = (0.01, 0.95)
"""Alphas between which something is neither open nor solid."""

Point = tuple[int, int]


def find(rgb: NDArray[np.float32], alpha: types.Alpha, at: Point, *, fill: bool) -> types.Mask | None:
    """Return the region (h, w) of a window rgb (h, w, 3) in 0..1 that is to be filled, or to be opened.

    at: the click's row and column. None where there is none: what is to be filled is subject already, or
    what is to be opened none.
    """
    free = alpha < 0.5 if fill else alpha >= 0.5
    region = _find_pane(alpha, at) if fill else None
    if region is not None:
        return region
    if not free[at]:
        return None
    region = _find_gap(free, at) if fill else None
    if region is None:
        region = _flood(rgb, free, at)
    if not fill:
        island = _find_part(free, at)
        share = float(island.sum()) / float(free.sum())
        if share < CRUMB or (share < ISLAND and region.sum() > 0.5 * island.sum()):
            region = island
    # Over its soft rim, and on into what is filled or open already: nothing of the rim is left there.
    rim = ndimage.maximum_filter(region, 3) & (alpha < 0.98 if fill else alpha > 0.02)
    return region | rim | (ndimage.maximum_filter(region, 2 * BEYOND + 1) & ~free)


def _find_part(mask: types.Mask, at: Point) -> types.Mask:
    numbered, _ = ndimage.label(mask)
    return np.asarray(numbered == numbered[at])


def _find_pane(alpha: types.Alpha, at: Point) -> types.Mask | None:
    """Return the pane around a point, with its rim; None where nothing broad is half transparent."""
    low, high = CLEAR
    clear = (alpha > low) & (alpha < high)
    wide = max(3, round(PANE * max(alpha.shape) / 1000)) | 1
    broad = areas.open_mask(clear, wide)
    if not broad[at]:
        return None
    pane = _find_part(broad, at)
    # Glints in it and what is as narrow as they are belong to it; what is solid beside it stays so anyway.
    return areas.fill_holes(ndimage.maximum_filter(pane, wide) & (alpha > low)) & (alpha > low)


def _find_gap(free: types.Mask, at: Point) -> types.Mask | None:
    """Return the gap around a point that the subject closes in, or nearly; None where it lies open."""
    scale = max(free.shape) / 1000
    for mouth in MOUTHS:
        width = max(1, round(mouth * scale)) | 1
        closed = ndimage.maximum_filter(~free, width, mode="constant")
        closed = ndimage.minimum_filter(closed, width, mode="nearest")
        gaps = areas.fill_holes(closed | ~free) & free
        if gaps[at]:
            return _find_part(gaps, at)
    return None


def _flood(rgb: NDArray[np.float32], free: types.Mask, at: Point) -> types.Mask:
    """Return what hangs on a point by its colour, at the first threshold around which that hardly changes."""
    smooth = ndimage.uniform_filter(rgb, (3, 3, 0), mode="nearest") * np.float32(255)
    seed = smooth[at]
    difference = np.abs(smooth - seed).max(axis=-1)
    found = [_find_part(free & (difference <= step), at) for step in STEPS]
    sizes = np.array([float(one.sum()) for one in found])
    growth = np.log(sizes[2:] + LEAST) - np.log(sizes[:-2] + LEAST)
    usable = (sizes[1:-1] >= LEAST) & (sizes[1:-1] < MOST * free.sum())
    if not usable.any():
        return found[0]
    steady = np.flatnonzero(usable & (growth < STEADY))
    chosen = int(steady[0] if len(steady) else np.argmin(np.where(usable, growth, np.inf))) + 1
    region = areas.fill_holes(ndimage.median_filter(found[chosen].astype(np.uint8), 3) > 0)
    region &= free
    region[at] = True
    return _find_part(region, at)
