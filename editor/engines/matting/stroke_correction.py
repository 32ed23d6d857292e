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
from scipy import ndimage

from editor.engines import row_bands, types

from . import stroke_kernels, tiles
from .random_walker_kernels import walk
from .strokes import Stroke, paint, surround
from .tiles import Tiles

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

COVERED = 0.3
"""Share of a cell of the size solved at that must be painted for the stroke to be there."""

STEPS = 240
TOLERANCE = 1e-3

Plane = NDArray[np.float32]


def correct(rgb: types.Image, alpha: types.Alpha, strokes: Sequence[Stroke]) -> types.Alpha:
    """Return the alpha (H, W) with the strokes respected: 1 under those that keep, 0 where they remove.

    Each group of strokes that reach one another is solved together. Pixels beyond their reach stay.
    """
    height, width = alpha.shape
    result = alpha.copy()
    for place in find_places(strokes, width, height):
        for tile, part in solve(rgb, alpha, place).items():
            result[tiles.cut(tile)] = part
    return result


@dataclass(frozen=True)
class Place:
    """A window of the photo, rows and columns, the strokes in it, and how far they reach, in pixels."""

    window: tuple[slice, slice]
    reach: float
    strokes: tuple[Stroke, ...]


def find_places(strokes: Sequence[Stroke], width: int, height: int) -> Iterator[Place]:
    """Yield windows around strokes; those that overlap are one."""
    boxes: list[tuple[list[float], list[int]]] = []
    for number, stroke in enumerate(strokes):
        reach = max(REACH * stroke.radius, LEAST_REACH * max(width, height))
        xs, ys = zip(*stroke.points, strict=True)
        # Beyond the reach some more, to see what it is that the stroke stops at.
        pad = 1.4 * reach + stroke.radius
        box, numbers = [min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad, reach], [number]
        grown = True
        while grown:
            grown = False
            for other, others in boxes:
                if box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]:
                    boxes.remove((other, others))
                    numbers += others
                    box = [
                        min(box[0], other[0]),
                        min(box[1], other[1]),
                        max(box[2], other[2]),
                        max(box[3], other[3]),
                        max(box[4], other[4]),
                    ]
                    grown = True
                    break
        boxes.append((box, numbers))
    for (left, top, right, bottom, reach), numbers in boxes:
        x = slice(max(0, int(left)), max(0, min(width, int(right) + 1)))
        y = slice(max(0, int(top)), max(0, min(height, int(bottom) + 1)))
        if x.start < x.stop and y.start < y.stop:
            yield Place((y, x), reach, tuple(strokes[number] for number in sorted(numbers)))


def solve(rgb: types.Image, alpha: types.Alpha, place: Place) -> Tiles:
    """Return the alpha of the tiles that the strokes of a place change, of the photo's whole grid."""
    y, x = place.window
    box = surround(place.strokes, alpha.shape[1], alpha.shape[0])
    said = paint(place.strokes, box)
    if not said.any():
        return {}
    window = np.array([y.start, x.start, y.stop, x.stop])
    scale = min(1.0, SIDE / max(y.stop - y.start, x.stop - x.start))
    spreads = _spread_all(rgb, alpha, place, (said, box), scale)
    found = tiles.list_within(place.window)
    places = np.array([tiles.find_edges(tile, place.window) for tile in found])
    made = np.empty((len(found), tiles.SIDE, tiles.SIDE), np.float32)
    changed = np.zeros(len(found), np.uint8)
    shares = np.stack([spread.share for _, spread in spreads] or [np.zeros((1, 1), np.float32)])
    axes = np.stack([spread.axis for _, spread in spreads] or [np.zeros(3, np.float32)])
    targets = np.array([target for target, _ in spreads], np.float32)
    corner = np.array([box[1], box[0]])
    radius = max(2, round(1.5 / scale))
    row_bands.work(
        len(found),
        lambda first, last: stroke_kernels.change_tiles(
            rgb, alpha, window, shares, axes, targets, radius, said, corner, places, made, changed, first, last
        ),
        least=1,
    )
    return {
        tile: tiles.complete(alpha, tile, edges, part)
        for tile, edges, part, other in zip(found, places, made, changed, strict=True)
        if other
    }


def _spread_all(
    rgb: types.Image,
    alpha: types.Alpha,
    place: Place,
    painted: tuple[NDArray[np.uint8], tuple[int, int, int, int]],
    scale: float,
) -> list[tuple[float, Spread]]:
    """Return how far what is kept spreads, and then what is removed, each with the alpha that it means."""
    y, x = place.window
    rows, columns = (_cells(side, max(1, round((side.stop - side.start) * scale))) for side in (y, x))
    small = np.empty((len(rows) - 1, len(columns) - 1, 3), np.float32)
    before = np.empty(small.shape[:2], np.float32)
    row_bands.work(len(small), lambda *part: stroke_kernels.shrink_colours(rgb, rows, columns, small, *part))
    row_bands.work(len(small), lambda *part: stroke_kernels.shrink_alpha(alpha, rows, columns, before, *part))
    said, (left, top, _, _) = painted
    kept, removed = _cover(said, (top, left), rows, columns) > COVERED
    smooth = ndimage.gaussian_filter(small, (TEXTURE, TEXTURE, 0))
    bonds = _bonds(smooth)
    made = []
    # The removing is solved on what the keeping left, so that strokes of both kinds side by side
    # hold each other back.
    for stroke, against, target in ((kept, removed, 1.0), (removed, kept, 0.0)):
        if stroke.any():
            spread = _spread(smooth, bonds, before, stroke, against, target, place.reach * scale)
            before = before + spread.share * (np.float32(target) - before)
            made.append((target, spread))
    return made


def _cells(side: slice, count: int) -> NDArray[np.int64]:
    """Return the edges (count + 1,) of cells that divide a side of the photo, as evenly as whole pixels go."""
    return side.start + ((np.arange(count + 1) * (side.stop - side.start)) / count + 0.5).astype(np.int64)


def _cover(
    said: NDArray[np.uint8], corner: tuple[int, int], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the shares (2, h, w) of each cell that are to be kept and to be removed.

    corner: where in the photo, top and left, what was painted begins.
    """
    made = np.zeros((2, len(rows) - 1, len(columns) - 1), np.float32)
    cells = []
    for edges, start, count in zip((rows, columns), corner, said.shape, strict=True):
        cell = np.searchsorted(edges, start + np.arange(count), side="right") - 1
        cells.append(np.where(cell < len(edges) - 1, cell, -1))
    stroke_kernels.count_painted(said, *cells, made)
    return made / np.outer(np.diff(rows), np.diff(columns)).astype(np.float32)


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
