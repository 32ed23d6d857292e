"""Correction of a matte by a person's strokes: solved again near them, left as it was everywhere else.

What a stroke says spreads from it to what looks alike, up to an edge: a random walker with colour
priors (Grady, "Multilabel Random Walker Image Segmentation Using Prior Models", CVPR 2005) finds how
far. Its border is then fitted to the photo's by a guided filter (He, Sun, Tang, ECCV 2010) whose
guide is the one colour axis that tells the two sides apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types

from .random_walker_kernels import walk
from .strokes import Stroke, paint_masks

REACH = 12.0
"""How far a stroke may spread, in its own radii."""

LEAST_REACH = 0.1
"""The same as a share of the photo's longer side: a fine brush means the thing, not the line."""

SIDE = 512
"""Longer side in pixels at which the spreading is solved; its border is fitted at full size."""

BINS = 24
PRIOR = 0.006
"""How strongly a pixel's own colour weighs against what its neighbours say."""

SHARPNESS = 12.0
"""Squared step in colour, in units of the window's everyday one, at which neighbours let go of each other."""

FAINTEST = 1e-5
"""The same where all is even: the square of a step of less than one grey level."""

TEXTURE = 0.7
"""Sigma in pixels, at the size solved at, of what counts as a thing's texture, not as its edge."""

SPECK = 0.004
"""Share of the window under which a hole in what a stroke reached is texture that it jumped over."""

TILE = 128
"""Pixels a side of the parts in which the border is fitted."""

STEPS = 240
TOLERANCE = 1e-3

Plane = NDArray[np.float32]


def correct(rgb: types.Image, alpha: types.Alpha, strokes: Sequence[Stroke]) -> types.Alpha:
    """Return the alpha (H, W) with the strokes respected: 1 under those that keep, 0 where they remove.

    Each group of strokes that reach one another is solved together. Pixels beyond their reach stay.
    """
    height, width = alpha.shape
    result = alpha.copy()
    if not strokes:
        return result
    keep, remove = paint_masks(strokes, width, height)
    for place in _places(strokes, width, height):
        y, x = place.window
        if not (keep[y, x].any() or remove[y, x].any()):
            continue
        result[y, x] = _solve_window(rgb[y, x], result[y, x], keep[y, x], remove[y, x], place.reach)
    return result


@dataclass(frozen=True)
class Place:
    """A window of the photo with strokes in it, and how far they reach, in pixels."""

    window: tuple[slice, slice]
    reach: float


def _places(strokes: Sequence[Stroke], width: int, height: int) -> Iterator[Place]:
    """Yield windows around strokes; those that overlap are one."""
    boxes: list[list[float]] = []
    for stroke in strokes:
        reach = max(REACH * stroke.radius, LEAST_REACH * max(width, height))
        xs, ys = zip(*stroke.points, strict=True)
        # Beyond the reach some more, to see what it is that the stroke stops at.
        pad = 1.4 * reach + stroke.radius
        box = [min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad, reach]
        grown = True
        while grown:
            grown = False
            for other in boxes:
                if box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]:
                    boxes.remove(other)
                    box = [
                        min(box[0], other[0]),
                        min(box[1], other[1]),
                        max(box[2], other[2]),
                        max(box[3], other[3]),
                        max(box[4], other[4]),
                    ]
                    grown = True
                    break
        boxes.append(box)
    for left, top, right, bottom, reach in boxes:
        x = slice(max(0, int(left)), max(0, min(width, int(right) + 1)))
        y = slice(max(0, int(top)), max(0, min(height, int(bottom) + 1)))
        if x.start < x.stop and y.start < y.stop:
            yield Place((y, x), reach)


def _solve_window(
    rgb: types.Image, alpha: types.Alpha, keep: types.Mask, remove: types.Mask, reach: float
) -> types.Alpha:
    """Return the alpha of one window."""
    height, width = alpha.shape
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BOX), np.float32) / 255
    before = _resize(alpha, size)
    kept, removed = (_resize(mask.astype(np.float32), size) > 0.3 for mask in (keep, remove))
    result = alpha
    smooth = ndimage.gaussian_filter(small, (TEXTURE, TEXTURE, 0))
    bonds = _bonds(smooth)
    # The removing is solved on what the keeping left, so that strokes of both kinds side by side
    # hold each other back.
    for stroke, against, target in ((kept, removed, 1.0), (removed, kept, 0.0)):
        if not stroke.any():
            continue
        spread = _spread(smooth, bonds, before, stroke, against, target, reach * scale)
        share = _fit_to_edges(rgb, spread.share, spread.axis, (width, height), 1 / scale)
        result = result + share * (np.float32(target) - result)
        before = before + spread.share * (np.float32(target) - before)
    result = np.where(keep, np.float32(1), np.where(remove, np.float32(0), result))
    return np.clip(result, 0, 1).astype(np.float32)


@dataclass(frozen=True)
class Spread:
    """How far what a stroke says goes: share (h, w) in 0..1, and the colour axis (3,) that ends it."""

    share: Plane
    axis: Plane


def _spread(
    rgb: NDArray[np.float32],
    bonds: tuple[Plane, Plane],
    alpha: Plane,
    stroke: types.Mask,
    against: types.Mask,
    target: float,
    reach: float,
) -> Spread:
    """Return where the stroke's word holds, solved on a small, smoothed window rgb (h, w, 3) in 0..1."""
    distance = ndimage.distance_transform_edt(~stroke)
    far = distance > reach
    # What is of the other side now and lies beyond the stroke's reach is what it stops at. Where the
    # window holds none of it (all of a leftover goes), the other strokes are what is left.
    other = np.abs(alpha - target) > 0.9
    stays = (other & far) | against
    if np.count_nonzero(stays) < 20:
        stays = against | (far & (np.abs(alpha - target) > 0.5))
    prior, axis = _likeness(rgb, stroke, stays)
    # What is of the target's side already says nothing about how far to go, but leads on to more of it.
    prior = np.where(np.abs(alpha - target) < 0.1, np.float32(0.5), prior)
    known = (stroke | against | far).astype(np.uint8)
    start = np.where(stroke, np.float32(1), np.float32(0))
    free = known == 0
    start[free] = prior[free]
    share = walk(start, known, *bonds, prior, np.full_like(prior, PRIOR), STEPS, TOLERANCE)
    fade = np.clip((reach - distance) / max(1.0, 0.15 * reach), 0, 1)
    crisp = _drop_islands(np.clip((share - 0.35) / 0.3, 0, 1), stroke, against | far)
    return Spread((crisp * crisp * (3 - 2 * crisp) * fade).astype(np.float32), axis)


def _drop_islands(share: Plane, stroke: types.Mask, stays: types.Mask) -> Plane:
    """Return the share without islands that no stroke reaches, and without the specks that it surrounds."""
    inside, _ = ndimage.label(share > 0.5)
    reached = np.unique(inside[stroke])
    share = np.where(np.isin(inside, reached[reached > 0]), share, np.minimum(share, np.float32(0.35)))
    holes, count = ndimage.label(share <= 0.5)
    sizes = np.bincount(holes.ravel(), minlength=count + 1)
    small = sizes < SPECK * share.size
    small[np.unique(holes[stays])] = False
    small[0] = False
    return np.where(small[holes], np.float32(1), share)


def _likeness(rgb: NDArray[np.float32], stroke: types.Mask, stays: types.Mask) -> tuple[Plane, Plane]:
    """Return how much more each pixel's colour is like the stroke's than like what stays, and the axis."""
    if not stays.any():
        return np.full(stroke.shape, 0.7, np.float32), np.full(3, 1 / np.sqrt(3), np.float32)
    ours, theirs = rgb[stroke], rgb[stays]
    bins = np.minimum((rgb * BINS).astype(np.int32), BINS - 1)
    index = (bins[..., 0] * BINS + bins[..., 1]) * BINS + bins[..., 2]
    densities = []
    for mask in (stroke, stays):
        counts = np.bincount(index[mask], minlength=BINS**3).astype(np.float32).reshape((BINS,) * 3)
        smooth = ndimage.gaussian_filter(counts, 1.2, mode="constant")
        densities.append(smooth / max(float(smooth.sum()), 1e-6))
    near, far = (density.ravel()[index] for density in densities)
    rarely = np.float32(1e-4)
    likeness = ((near + rarely) / (near + far + 2 * rarely)).astype(np.float32)
    axis = ours.mean(axis=0) - theirs.mean(axis=0)
    length = float(np.linalg.norm(axis))
    # Sides of one mean colour: their brightness is the best guide there is.
    guide = axis / length if length > 0.02 else np.full(3, 1 / np.sqrt(3))
    return likeness, guide.astype(np.float32)


def _bonds(rgb: NDArray[np.float32]) -> tuple[Plane, Plane]:
    """Return how strongly neighbours hold together, across (h, w) to the right one, down to the lower."""
    across = np.zeros(rgb.shape[:2], np.float32)
    down = np.zeros(rgb.shape[:2], np.float32)
    right = ((rgb[:, 1:] - rgb[:, :-1]) ** 2).sum(axis=-1)
    lower = ((rgb[1:] - rgb[:-1]) ** 2).sum(axis=-1)
    steps = np.concatenate([right.ravel(), lower.ravel()])
    # The median, not the mean: one strong print on a pale thing must not hide the thing's own edge.
    everyday = float(np.percentile(steps, 60)) if steps.size else 0.0
    fall = np.float32(1 / (SHARPNESS * everyday + FAINTEST))
    across[:, :-1] = np.exp(-fall * right) + 1e-4
    down[:-1] = np.exp(-fall * lower) + 1e-4
    return across, down


def _fit_to_edges(
    rgb: types.Image, share: Plane, axis: Plane, size: tuple[int, int], enlarged: float
) -> Plane:
    """Return the share at full size, its border moved to the photo's own edge along the colour axis.

    Tile by tile, since most of them hold no border.
    """
    full = _resize(share, size)
    radius = max(2, round(1.5 * enlarged))
    # A border moves what is within one window of it, by what is within two of it.
    margin = 2 * radius + 1
    result = full.copy()
    height, width = full.shape
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            y, x = (
                slice(max(0, top - margin), top + TILE + margin),
                slice(max(0, left - margin), left + TILE + margin),
            )
            around = full[y, x]
            if around.min() == around.max():
                continue
            inner = slice(top - y.start, top - y.start + TILE), slice(left - x.start, left - x.start + TILE)
            result[top : top + TILE, left : left + TILE] = _filter_border(rgb[y, x], around, axis, radius)[
                inner
            ]
    return result


def _filter_border(rgb: types.Image, share: Plane, axis: Plane, radius: int) -> Plane:
    """Return the share as a guided filter leads its border, by the colours' place along the axis."""
    diameter = 2 * radius + 1
    guide = (rgb @ axis).astype(np.float32) / 255
    mean = ndimage.uniform_filter(guide, diameter)
    mean_share = ndimage.uniform_filter(share, diameter)
    variance = ndimage.uniform_filter(guide * guide, diameter) - mean * mean
    together = ndimage.uniform_filter(guide * share, diameter) - mean * mean_share
    slope = together / (variance + np.float32(2e-4))
    offset = mean_share - slope * mean
    fitted = ndimage.uniform_filter(slope, diameter) * guide + ndimage.uniform_filter(offset, diameter)
    # Only the border is fitted; deep inside and outside the guide would bring the texture in.
    border = np.clip(4 * mean_share * (1 - mean_share) * 2, 0, 1)
    return np.clip(share + border * (fitted - share), 0, 1)


def _resize(plane: Plane, size: tuple[int, int]) -> Plane:
    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    shrinks = size[0] < plane.shape[1]
    way = Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR
    return np.array(Image.fromarray(plane).resize(size, way))
