"""See-through marks, watermarks mostly, taken off the picture so that what lies under them stays.

A mark of one colour C, laid on with one opacity a, turns a picture's B into (1 - a) B + a C. Beside the
mark's edge what is under it is known about: it goes on. So means inside and outside along the edge lie on a
line, whose slope is 1 - a and whose offset a C (after Dekel, Rubinstein, Liu, Freeman, "On the Effectiveness
of Visible Watermarks", CVPR 2017, who have many pictures with one mark; here one picture has a long edge).
Where they do not, the mark is no such mark, and nothing is taken off. A seam about as wide as the mark's own
soft edge is left to be filled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial

from editor.engines import types

Plane = NDArray[np.float32]

LEAST_PX = 150
"""Pixels of a mark below which a line through its edge's means says nothing."""

ROOM = 30
"""Pixels around the mask that are looked at."""
LOOK_SIDE = 640
"""Pixels of the longer side at which a mark is looked for."""
RADII = (4, 13)
"""Half the width of a mark's strokes at most, there: of thin ones and of bold ones."""
GREY = np.array([0.299, 0.587, 0.114], np.float32)

LEAST_CONTRAST = 5.0
"""Grey levels by which a mark has to be lighter or darker than what is beside it."""

NEAR = 11
"""Side in pixels of the window in which the means inside and outside are taken."""
SAMPLES = 4000
ROUNDS = 5

LEAST_LEFT, MOST_LEFT = 0.22, 0.94
"""The share of the picture that the mark lets through. Below, nothing worth keeping is left."""

MISFIT, COLOURED_MISFIT, CERTAIN_MISFIT = 0.17, 0.08, 0.03
"""What the line leaves unexplained at most, in how much the mark changes the picture (median of both): on
photos marks of letters in one colour leave 0.01 to 0.13, people, dogs and lanterns 0.22 to 0.5. Less where
the mark is coloured, as few are; and where that little is left there is no doubt."""
WORSE = 1.25
"""How much worse a mark may fit with what of it is faint, and is found only once it is known."""
PURE, PURE_MISFIT = 40.0, 0.21
"""Grey levels from white or black of what most marks are; and what the line may leave unexplained of them."""
LEAST_COVER = 0.2
"""The share of what is masked that a mark has to be where there is a doubt: a knife has a dark edge, too."""
COLOURED = 60.0
"""Grey levels between a mark's channels from which on it is coloured."""
GRAINS = (0.45, 2.2)
"""How rough what was under the mark may be beside what is next to it."""
FLAT = 4.0
"""A spread of the picture beside the edge, in grey levels, below which no slope can be told."""

BESIDE = 14
"""Pixels within which the picture beside a mark is compared with what was under it."""
CLIPPED = 8.0
"""Grey levels beyond the ends of the scale from which on what was under a mark is taken as lost."""

STRANGE, NEIGHBOURS = 14.0, 3
"""Grey levels, of three channels together, from so many colours of the picture around, beyond which a colour
under a mark is taken for no ground's."""
MOST_STRANGE = (0.2, 0.5)
"""The share of what is masked that may be so, with a doubt about the fit and without; of a thing more is."""

EDGE = 1.6
"""Pixels on either side of a mark's edge where its opacity is in between."""


@dataclass(frozen=True)
class Mark:
    """What lies on a picture: where (H, W), what share of the picture it lets through, what it adds (3,)."""

    cover: types.Mask
    left: float
    added: Plane
    misfit: float


def take_off(rgb: types.Image, mask: types.Mask) -> tuple[types.Image, types.Mask] | None:
    """Return the picture without the see-through mark under a mask, and what is still to be filled.

    None where what is masked is no such mark. rgb (H, W, 3), with some room around the mask.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if np.count_nonzero(mask) < LEAST_PX:
        return None
    part = (
        slice(max(0, int(rows[0]) - ROOM), int(rows[-1]) + 1 + ROOM),
        slice(max(0, int(columns[0]) - ROOM), int(columns[-1]) + 1 + ROOM),
    )
    inner, masked = rgb[part], mask[part]
    mark = _find_mark(inner, masked)
    if mark is None:
        return None
    if mark.misfit > CERTAIN_MISFIT and mark.cover.sum() < LEAST_COVER * masked.sum():
        return None
    whole = (inner.astype(np.float32) - mark.added) / np.float32(mark.left)
    freed = inner.copy()
    freed[mark.cover] = np.clip(whole[mark.cover] + np.float32(0.5), 0, 255).astype(np.uint8)
    within = ndimage.distance_transform_edt(mark.cover)
    beyond = ndimage.distance_transform_edt(~mark.cover)
    beside = (beyond > EDGE + 1) & (beyond < BESIDE)
    # Of what fits to a hundredth the picture itself may be rougher there.
    if mark.misfit >= CERTAIN_MISFIT and not _is_even(freed, mark.cover & (within > EDGE + 1), beside):
        return None
    seam = np.where(mark.cover, within, beyond) <= EDGE
    # What went to the ends of the scale is lost under the mark.
    lost = mark.cover & ((whole < -CLIPPED) | (whole > 255 + CLIPPED)).any(axis=2)
    strange = _find_strange(freed, masked & ~seam, masked)
    most = MOST_STRANGE[mark.misfit < CERTAIN_MISFIT]
    if np.count_nonzero(strange) > most * np.count_nonzero(masked):
        return None
    result, hole = rgb.copy(), np.zeros_like(mask)
    result[part] = freed
    hole[part] = masked & (seam | lost | ndimage.binary_dilation(strange, iterations=2))
    return result, hole


def _find_strange(rgb: types.Image, inside: types.Mask, mask: types.Mask) -> types.Mask:
    """Return which pixels have colours that the picture around the mask has nowhere."""
    away = ndimage.distance_transform_edt(~mask)
    ring = rgb[(away > 2) & (away <= ROOM)]
    result = np.zeros_like(mask)
    if len(ring) > NEIGHBOURS and inside.any():
        around = spatial.cKDTree(ring[:: max(1, len(ring) // SAMPLES)])
        # How near is enough to know, and by that it is quick.
        far, _ = around.query(rgb[inside], k=[NEIGHBOURS], distance_upper_bound=STRANGE)
        result[inside] = np.isinf(far[:, 0])
    return result


def _find_mark(rgb: types.Image, mask: types.Mask) -> Mark | None:
    """Return the mark that lies on a picture, its strokes below the mask; None where there is none."""
    step = -(-max(mask.shape) // LOOK_SIDE)
    high, wide = (side // step * step for side in mask.shape)
    small = (
        rgb[:high, :wide]
        .reshape(high // step, step, wide // step, step, 3)
        .mean(axis=(1, 3), dtype=np.float32)
    )
    masked = mask[:high:step, :wide:step]
    best: tuple[float, int, Mark] | None = None
    grey = small @ GREY
    if masked.all() or not masked.any():
        return None
    # What lies on a picture makes it lighter or darker.
    sign = 1 if grey[masked].mean() > grey[~masked].mean() else -1
    for radius in RADII:
        standing, ground = _measure_standing(sign * grey, radius)
        threshold = _split(standing[masked])
        cover = None if threshold is None else _find_strokes(standing, threshold, masked)
        found = None if cover is None else _fit(small, cover)
        if found is None:
            continue
        # A white mark changes what is pale less than what is dark.
        cover = _find_strokes(standing, _halve_change(found[1], ground, sign), masked)
        again = None if cover is None else _fit(small, cover)
        if again is not None and again[0] < WORSE * found[0] + CERTAIN_MISFIT / 2:
            found = again
        if best is None or found[0] < best[0]:
            best = found[0], radius, found[1]
    if best is None:
        return None
    _, radius, mark = best
    if step == 1:
        return mark
    standing, ground = _measure_standing(sign * (rgb @ GREY), radius * step)
    cover = _find_strokes(standing, _halve_change(mark, ground, sign), mask)
    return None if cover is None else replace(mark, cover=cover)


def _measure_standing(grey: Plane, radius: int) -> tuple[Plane, Plane]:
    """Return by how much what is no wider than 2 radii is lighter than its ground, and that ground."""
    calm = ndimage.gaussian_filter(grey, 0.8)
    ground = ndimage.uniform_filter(ndimage.grey_opening(calm, 2 * radius + 1), 5)
    return calm - ground, ground


def _halve_change(mark: Mark, ground: Plane, sign: int) -> Plane:
    """Return half of what a mark changes on its ground, at least as much as is seen."""
    change = (mark.left - 1) * ground + sign * float(mark.added @ GREY)
    return np.maximum(change / 2, np.float32(LEAST_CONTRAST))


def _find_strokes(standing: Plane, threshold: Plane | float, mask: types.Mask) -> types.Mask | None:
    """Return where, under the mask, strokes are lighter than what is around them; None without any."""
    cover = mask & (standing > threshold)
    # In the picture's own texture there are crumbs of the same kind.
    cover = ndimage.binary_closing(cover, iterations=1) & mask
    # But a stroke that is broken is one.
    pieces, count = ndimage.label(ndimage.binary_dilation(cover, iterations=2))
    if count:
        sizes = ndimage.sum_labels(cover, pieces, np.arange(1, count + 1))
        cover &= np.isin(pieces, 1 + np.flatnonzero(sizes >= max(12, 0.004 * sizes.sum())))
    return cover if cover.sum() >= LEAST_PX else None


def _split(values: Plane) -> float | None:
    """Return the value that parts the values into two kinds (Otsu 1979); None where they are one."""
    low, high = (float(end) for end in np.percentile(values, [1, 99]))
    if high - low < LEAST_CONTRAST:
        return None
    counts, edges = np.histogram(values, 64, (low, high))
    middles = (edges[1:] + edges[:-1]) / 2
    share = np.cumsum(counts) / counts.sum()
    mean = np.cumsum(counts * middles) / counts.sum()
    between = (mean[-1] * share - mean) ** 2 / np.maximum(share * (1 - share), 1e-9)
    return float(middles[int(between.argmax())])


def _fit(rgb: Plane, cover: types.Mask) -> tuple[float, Mark] | None:
    """Return the mark whose strokes are `cover`, with how badly it fits; None where none does."""
    within = ndimage.distance_transform_edt(cover)
    beyond = ndimage.distance_transform_edt(~cover)
    inner, outer = cover & (within > EDGE), (beyond > EDGE) & (beyond < 9)
    if inner.sum() < LEAST_PX / 2:
        inner = cover & (within > 1)
    on, on_weight = _mean(rgb, inner)
    off, off_weight = _mean(rgb, outer)
    sound = cover & (on_weight > 0.05) & (off_weight > 0.05)
    if sound.sum() < LEAST_PX / 2:
        return None
    every = max(1, int(sound.sum()) // SAMPLES)
    x, y = off[sound][::every], on[sound][::every]
    fitted = _fit_line(x, y)
    if fitted is None:
        return None
    left, added = fitted
    rest = np.abs(y - left * x - added).mean(axis=1)
    change = np.abs(y - x).mean(axis=1)
    misfit = float(np.median(rest) / max(float(np.median(change)), 1e-3))
    colour = added / (1 - left)
    most = COLOURED_MISFIT if float(np.ptp(colour)) > COLOURED else MISFIT
    if float(np.ptp(colour)) <= COLOURED and min(abs(float(colour.mean()) - end) for end in (0, 255)) < PURE:
        most = PURE_MISFIT
    if misfit > most or float(np.median(change)) < LEAST_CONTRAST:
        return None
    return misfit, Mark(cover, left, added.astype(np.float32), misfit)


def _fit_line(x: Plane, y: Plane) -> tuple[float, Plane] | None:
    """Return the slope, one for all channels, and each channel's offset, of what most samples say."""
    weight = np.ones(len(x), np.float32)
    left, added = 0.5, np.zeros(3, np.float32)
    for _ in range(ROUNDS):
        total = float(weight.sum())
        mean_x, mean_y = (weight @ x) / total, (weight @ y) / total
        apart_x, apart_y = x - mean_x, y - mean_y
        spread = float((weight[:, None] * apart_x**2).sum())
        together = float((weight[:, None] * apart_x * apart_y).sum())
        # Marks are white or black as a rule, and that alone says their opacity on a plain ground.
        end = np.float32(255 if float((mean_y - mean_x).mean()) > 0 else 0)
        far, moved = float(((end - mean_x) ** 2).sum()), float(((end - mean_x) * (end - mean_y)).sum())
        trust = total * FLAT**2 * 3 / max(far, 1.0)
        left = (together + trust * moved) / max(spread + trust * far, 1e-6)
        added = (mean_y - left * mean_x).astype(np.float32)
        rest = np.abs(y - left * x - added).mean(axis=1)
        scale = 1.5 * float(np.median(rest)) + 1
        weight = (1 / (1 + (rest / scale) ** 2) ** 2).astype(np.float32)
    if not LEAST_LEFT <= left <= MOST_LEFT:
        return None
    colour = added / (1 - left)
    if (colour < -40).any() or (colour > 295).any():
        return None
    return left, added


def _mean(values: Plane, chosen: types.Mask) -> tuple[Plane, Plane]:
    """Return the mean of the chosen pixels around each one, and how many there are, as a share."""
    weight = ndimage.uniform_filter(chosen.astype(np.float32), NEAR)
    planes = [ndimage.uniform_filter(values[..., c] * chosen, NEAR) for c in range(3)]
    return np.stack(planes, axis=-1) / np.maximum(weight, np.float32(1e-3))[..., None], weight


def _is_even(rgb: types.Image, inside: types.Mask, outside: types.Mask) -> bool:
    """Whether what came out from under the mark is as rough as what is beside it."""
    if inside.sum() < 30 or outside.sum() < 30:
        return True
    grey = rgb.astype(np.float32).mean(axis=2)
    steps = np.abs(grey - ndimage.gaussian_filter(grey, 1.5))
    rough, beside = float(steps[inside].mean()) + 0.7, float(steps[outside].mean()) + 0.7
    return GRAINS[0] < rough / beside < GRAINS[1]
