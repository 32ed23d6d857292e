"""A mask grown to the rim of the thing that was marked, and over the shadow that it casts.

Who paints over a thing leaves some of its rim out, and its shadow. What is left is copied into the hole
as ground, or stays as a ghost's outline. A pixel beside the mask is the thing's if its colour is found
inside the mask's edge and not in the ground around; it is shadow if it is the ground's own colour, only
darker. Either has to end within reach: what runs on beyond (the shirt around a button that was marked, a
floor that is darker than the wall) is no rim and no shadow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial

from editor.engines import types

from . import poisson

WORK_SIDE = 400
"""Pixels of the longer side of the hole's surroundings at which it is looked for."""

RIM_REACH, LEAST_RIM, MOST_RIM = 0.1, 8.0, 16.0
"""How far a rim may stick out of the mask, in square roots of its area, and in pixels of the work's size."""
SHADOW_REACH, CLOSE_REACH = 0.75, 0.45
"""The same of a shadow; and of one at a tall thing, or on a ground that is dark in places itself."""
CALM, CLOSE_CALM = 1.0, 2.5
"""Standard deviation of the blur in which it is looked for: there grass has no dark places of its own."""

SAMPLES = 2500
NEIGHBOURS = 4
"""How many samples must be as near for a colour to count as found there: one may be a mistake."""

UNLIKE_GROUND = 11.0
"""Grey levels, of three channels together, from which on a colour is not the ground's."""
UNLIKE_CALM = 7.0
"""The same where noise was smoothed out: a shadow's colour is nowhere in the ground around."""
FRINGE = 3.0
"""Pixels beside the mask in which it is enough not to be the ground's."""
NEARER = 0.6
"""How much nearer the thing's colours must be than the ground's."""

LEAST_DARK, MOST_DARK = 0.94, 0.25
"""What a shadow leaves of the ground's light, at most and at least."""
LEAST_SHADOW, MOST_SHADOW = 0.01, 0.4
"""Its area in those of the mask: what is larger is a dark floor, as far as anybody can tell."""
LONGEST = 0.4
"""How far four fifths of it reach from the thing at most, in square roots of the mask's area."""
FAINTEST, FADING = 0.975, 0.15
"""Around a shadow its faint edge goes on to so much of the ground's light, and so many reaches far."""
DEEP = 0.88
"""What its darkest tenth leaves at most; a fainter one nobody misses."""
SAME_HUE = 0.07
"""By how much the channels' shares may differ: light from the sky tints a shadow a little."""

LEAK_ROOM = 1.15
"""Within so many reaches of where something runs on beyond, nothing is rim or shadow."""

SUBJECT, MOSTLY = 0.3, 0.4
"""Chance from which on a pixel is a subject's; and the share of the mask that has to be so at least."""
GRID_SIDE = 640
"""Pixels of the picture's longer side at which leftovers of a subject are looked for."""
LEAST_LEFTOVER, MOST_LEFTOVER = 3.0, 28.0
"""How far they may stick out of the mask, beside RIM_REACH, in pixels of that size."""
EMBEDDED = 0.6
"""Share of the mask's border along which the subject goes on, from which on the mask is a part of it: what is
left between a print and the outline of its shirt is no leftover."""
STRAP = 0.5
"""How wide what runs on beyond the reach may be, beside where it leaves the mask."""


def grow_mask(rgb: types.Image, mask: types.Mask) -> types.Mask:
    """Return the mask with the rim and the shadow of what it covers; the mask itself where there is none.

    rgb (H, W, 3): the picture, or a part of it with room around the mask.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return mask
    root = float(np.sqrt(np.count_nonzero(mask)))
    room = int(2 * SHADOW_REACH * root) + 24
    top, bottom = max(0, int(rows[0]) - room), min(mask.shape[0], int(rows[-1]) + 1 + room)
    left, right = max(0, int(columns[0]) - room), min(mask.shape[1], int(columns[-1]) + 1 + room)
    step = -(-max(bottom - top, right - left) // WORK_SIDE)
    part = rgb[top:bottom, left:right]
    hole = mask[top:bottom, left:right]
    small, small_hole = _shrink(part, hole, step)
    if min(small_hole.shape) < 8:
        return mask
    grown = small_hole | _find_rim(small, small_hole)
    grown |= _find_shadow_at_half(small, grown)
    added = grown & ~small_hole
    if not added.any():
        return mask
    result = mask.copy()
    high, wide = hole.shape
    # Of cells that are marked but for a corner, that corner goes along: left, it is a dash of the thing.
    added = ndimage.binary_dilation(added, np.ones((3, 3))) & grown
    large = np.kron(added, np.ones((step, step), np.bool_))[:high, :wide]
    result[top : top + large.shape[0], left : left + large.shape[1]] |= large
    return result


def find_leftover(matte: NDArray[np.float32], mask: types.Mask) -> types.Mask:
    """Return what a mask (H, W) leaves out of the subject that it covers, (H, W): the other half of a sleeve.

    matte (h, w): chances that a pixel is a subject's, squeezed over the picture. A neighbour that touches the
    mask goes on beyond reach and is left, and so is all of a subject of which the mask is a part.
    """
    nothing = np.zeros_like(mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return nothing
    step = -(-max(mask.shape) // GRID_SIDE)
    root = float(np.sqrt(np.count_nonzero(mask))) / step
    reach = min(max(RIM_REACH * root, LEAST_LEFTOVER), MOST_LEFTOVER)
    room = int(3 * reach + 4) * step
    part = (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + 1 + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + 1 + room),
    )
    hole = mask[part][step // 2 :: step, step // 2 :: step]
    places = [
        (np.arange(side.start + step // 2, min(side.stop, whole), step) + 0.5) * cells / whole - 0.5
        for side, whole, cells in zip(part, mask.shape, matte.shape, strict=True)
    ]
    chance = ndimage.map_coordinates(matte, np.meshgrid(*places, indexing="ij"), order=1, mode="nearest")
    subject = chance > SUBJECT
    if np.count_nonzero(subject & hole) < MOSTLY * np.count_nonzero(hole):
        return nothing
    left = subject & ~hole
    thick = ndimage.distance_transform_edt(left) > reach / 2
    core = left & (ndimage.distance_transform_edt(~thick) <= reach / 2 + 1.5)
    away = ndimage.distance_transform_edt(~hole)
    border = (away > 0) & (away <= 1.5)
    if np.count_nonzero(border & core) > EMBEDDED * np.count_nonzero(border):
        return nothing
    thin = left & ~core
    pieces, count = ndimage.label(thin & (away <= reach), np.ones((3, 3)))
    numbers = np.arange(1, count + 1)
    touching = ndimage.sum(border, pieces, numbers)
    leaking = ndimage.sum(thin & (away > reach - 1), pieces, numbers)
    kept = np.isin(pieces, numbers[(touching > 0) & (leaking <= STRAP * touching)])
    if not kept.any():
        return nothing
    # Its soft rim goes along.
    kept = ndimage.binary_dilation(kept, iterations=2) & ~core
    large = np.kron(kept, np.ones((step, step), np.bool_))
    result = nothing
    own = result[part]
    own |= large[: own.shape[0], : own.shape[1]]
    return result


def _shrink(rgb: types.Image, hole: types.Mask, step: int) -> tuple[NDArray[np.float32], types.Mask]:
    """Return the picture's means over step x step pixels, and the cells that are at least half hole."""
    high, wide = (side // step * step for side in hole.shape)
    cells = rgb[:high, :wide].reshape(high // step, step, wide // step, step, 3)
    small = cells.mean(axis=(1, 3), dtype=np.float32)
    marked = hole[:high, :wide].reshape(high // step, step, wide // step, step).mean(axis=(1, 3))
    return small, marked >= 0.5


def _find_rim(rgb: NDArray[np.float32], hole: types.Mask) -> types.Mask:
    """Return what of the thing sticks out of the hole, (h, w)."""
    nothing = np.zeros_like(hole)
    root = float(np.sqrt(np.count_nonzero(hole)))
    reach = min(max(RIM_REACH * root, LEAST_RIM), MOST_RIM)
    away = ndimage.distance_transform_edt(~hole)
    depth = ndimage.distance_transform_edt(hole)
    band = (away > 0) & (away <= reach)
    ring = (away > reach + 1) & (away <= 4 * reach + 8)
    inner = (depth > 0) & (depth <= reach)
    if ring.sum() < 16 or inner.sum() < 16 or not band.any():
        return nothing
    ground, thing = _tree(rgb[ring]), _tree(rgb[inner])
    colours = rgb[band]
    from_ground, from_thing = (_distance(tree, colours) for tree in (ground, thing))
    own = nothing.copy()
    # The last pixels are half thing, half ground, and look like neither.
    near_enough = (from_thing < NEARER * from_ground) | (away[band] <= FRINGE)
    own[band] = (from_ground > UNLIKE_GROUND) & near_enough
    own = ndimage.binary_opening(own | hole, iterations=1) & own
    kept = _keep_ending(own, hole, away, reach)
    if not kept.any():
        return nothing
    return ndimage.binary_dilation(kept, iterations=3) & ~hole


def _find_shadow_at_half(rgb: NDArray[np.float32], hole: types.Mask) -> types.Mask:
    """Return the shadow at the hole, looked for at half the size, which is soft enough for it."""
    result = np.zeros_like(hole)
    if min(hole.shape) < 64:
        return result
    high, wide = (side // 2 for side in hole.shape)
    small = rgb[: 2 * high, : 2 * wide].reshape(high, 2, wide, 2, 3).mean(axis=(1, 3))
    marked = hole[: 2 * high, : 2 * wide].reshape(high, 2, wide, 2).any(axis=(1, 3))
    found = _find_shadow(small, marked, SHADOW_REACH, CALM)
    if not found.any():
        found = _find_shadow(small, marked, CLOSE_REACH, CLOSE_CALM)
    result[: 2 * high, : 2 * wide] = np.kron(found, np.ones((2, 2), np.bool_))
    return result


def _find_shadow(rgb: NDArray[np.float32], hole: types.Mask, share: float, blur: float) -> types.Mask:
    """Return the shadow that lies at the hole, (h, w): ground that is only darker, and ends."""
    nothing = np.zeros_like(hole)
    root = float(np.sqrt(np.count_nonzero(hole)))
    reach = share * root
    away = ndimage.distance_transform_edt(~hole)
    near = away <= reach
    close = share < SHADOW_REACH
    if near.all() or (not close and near[0].any() and near[-1].any()):
        return nothing
    step = max(1, round(max(hole.shape) / 96))
    ground = _continue_ground(rgb, near, step)
    calm = _blur_known(rgb, ~hole, blur)
    ring = (away > reach + 2) & (away < 1.6 * reach + 8)
    if ring.sum() < 16:
        return nothing
    left = calm / np.maximum(ground, 1)
    light = left.mean(axis=2)
    tint = np.ptp(left, axis=2)
    dark = near & ~hole & (light < LEAST_DARK) & (light > MOST_DARK) & (tint < SAME_HUE + 0.15 * (1 - light))
    dark[dark] = _distance(_tree(calm[ring]), calm[dark]) > UNLIKE_CALM
    # What is thin by itself may be the part of a broad shadow that the mask leaves out.
    dark = ndimage.binary_opening(dark | hole, iterations=2) & dark
    # A shadow ends as a whole, and within the picture: a floor does neither.
    end = away > reach - 2
    end[[0, -1]] = end[:, [0, -1]] = True
    pieces, _ = ndimage.label(dark, np.ones((3, 3)))
    dark &= ~np.isin(pieces, np.unique(pieces[dark & end]))
    kept = _keep_ending(dark, hole, away, reach)
    if close:
        # So near it lies at the thing's foot: trees behind a head are dark, too.
        kept = _keep_low(kept, float(np.nonzero(hole)[0].mean()))
    if not kept.any():
        return nothing
    size = kept.sum() / hole.sum()
    if not LEAST_SHADOW < size < MOST_SHADOW or np.percentile(light[kept], 10) > DEEP:
        return nothing
    # Between it and the thing are pixels of both.
    result = kept | (ndimage.binary_closing(kept | hole, iterations=3) & near & ~hole)
    # A shadow fades out: from what is plain on to what is hardly seen, but not to another one's.
    faint = near & ~hole & (light < FAINTEST) & (ndimage.distance_transform_edt(~result) < FADING * reach)
    result = ndimage.binary_propagation(result, mask=faint | result)
    if result.sum() > MOST_SHADOW * hole.sum() or np.percentile(away[result], 80) > LONGEST * root:
        return nothing
    return ndimage.binary_dilation(result, iterations=2) & ~hole & near


def _continue_ground(rgb: NDArray[np.float32], unknown: types.Mask, step: int) -> NDArray[np.float32]:
    """Return the ground's colours as they go on smoothly below what is unknown, (h, w, 3)."""
    high, wide = unknown.shape
    rows, columns = (np.arange(step // 2, side, step) for side in (high, wide))
    calm = _blur_known(rgb, ~unknown, step)
    small, gap = calm[np.ix_(rows, columns)], unknown[np.ix_(rows, columns)]
    if gap.all() or not gap.any():
        return calm
    small = small.copy()
    small[gap] = poisson.solve_membrane(small, gap.astype(np.uint8))
    y = np.clip((np.arange(high) - step // 2) / step, 0, len(rows) - 1)
    x = np.clip((np.arange(wide) - step // 2) / step, 0, len(columns) - 1)
    grid = np.meshgrid(y, x, indexing="ij")
    planes = [ndimage.map_coordinates(small[..., c], grid, order=1) for c in range(3)]
    return np.stack(planes, axis=-1).astype(np.float32)


def _blur_known(rgb: NDArray[np.float32], known: types.Mask, sigma: float) -> NDArray[np.float32]:
    weight = ndimage.gaussian_filter(known.astype(np.float32), sigma)
    planes = [ndimage.gaussian_filter(rgb[..., c] * known, sigma) for c in range(3)]
    return np.stack(planes, axis=-1) / np.maximum(weight, np.float32(1e-3))[..., None]


def _keep_ending(found: types.Mask, hole: types.Mask, away: NDArray[np.float64], reach: float) -> types.Mask:
    """Return what was found that hangs on the hole, but for the parts that run on beyond the reach."""
    leaking = found & (away > reach - 1) & (away <= reach)
    if leaking.any():
        found = found & (ndimage.distance_transform_edt(~leaking) > LEAK_ROOM * reach)
    pieces, count = ndimage.label(found, np.ones((3, 3)))
    if not count:
        return found
    numbers = np.arange(1, count + 1)
    touching = ndimage.maximum(away <= 2, pieces, numbers) > 0
    return np.isin(pieces, numbers[touching])


def _keep_low(found: types.Mask, middle: float) -> types.Mask:
    """Return the pieces whose middle is below a row."""
    pieces, count = ndimage.label(found, np.ones((3, 3)))
    if not count:
        return found
    numbers = np.arange(1, count + 1)
    rows = ndimage.mean(np.arange(len(found))[:, None] + np.zeros(found.shape), pieces, numbers)
    return np.isin(pieces, numbers[np.asarray(rows) > middle])


def _tree(colours: NDArray[np.float32]) -> spatial.cKDTree:
    every = max(1, len(colours) // SAMPLES)
    return spatial.cKDTree(colours[::every])


def _distance(tree: spatial.cKDTree, colours: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how far each colour is from the tree's, in grey levels of three channels together."""
    found, _ = tree.query(colours, k=[min(NEIGHBOURS, tree.n)])
    return np.asarray(found[:, 0])
