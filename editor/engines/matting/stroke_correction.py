"""Correction of a matte by a person's strokes: solved again near them, left as it was everywhere else.

What a stroke says spreads from it to what looks alike, up to an edge: a random walker with colour
priors (Grady, "Multilabel Random Walker Image Segmentation Using Prior Models", CVPR 2005) finds how
far. Its border is then fitted to the photo's by a guided filter (He, Sun, Tang, ECCV 2010) whose
guide is the one colour axis that tells the two sides apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import row_bands, tiles, types
from editor.engines.tiles import Tiles

from . import stroke_kernels
from .enclosed import click
from .random_walker_kernels import walk
from .strokes import LAST, Box, Stroke, paint, surround

REACH = 12.0
"""How far a stroke may spread, in its own radii."""

LEAST_REACH = 0.1
"""The same as a share of the photo's longer side: a fine brush means the thing, not the line."""

REGION_SIDE = 1024
"""Longer side in pixels at which the region that a click means is found."""

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

    Each acts upon what those before it made. Pixels beyond its reach stay.
    """
    result = alpha.copy()
    changed: Tiles = {}
    for count in range(1, len(strokes) + 1):
        changed |= change(rgb, alpha, changed, strokes[:count])
    for tile, part in changed.items():
        result[tiles.cut(tile)] = part
    return result


def change(rgb: types.Image, alpha: types.Alpha, changed: Tiles, strokes: Sequence[Stroke]) -> Tiles:
    """Return the tiles of an alpha (H, W) that the last of the strokes changes, as they are then.

    changed: those that the strokes before it changed.
    """
    stroke = strokes[-1]
    height, width = alpha.shape
    if stroke.region:
        return _change_region(rgb, alpha, changed, stroke)
    if not stroke.binds:
        return _let_through(alpha, changed, stroke)
    reach = max(REACH * stroke.radius, LEAST_REACH * max(width, height))
    # Beyond the reach some more, to see what it is that the stroke stops at.
    window = _clip(surround(stroke), 1.4 * reach, (0, 0, width, height))
    if window is None or _clip(surround(stroke), 0, (0, 0, width, height)) is None:
        return {}
    left, top, right, bottom = window
    near = [(other, box) for other in strokes if other.binds and (box := _clip(surround(other), 0, window))]
    edges = list(zip(*(box for _, box in near), strict=True))
    painted = min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])
    part = slice(top, bottom), slice(left, right)
    place = Place(
        rgb[part],
        tiles.read(alpha, changed, part),
        paint([other for other, _ in near], painted),
        (painted[1] - top, painted[0] - left),
        1.0 if stroke.keep else 0.0,
        reach,
        min(1.0, SIDE / max(bottom - top, right - left)),
    )
    spread = _spread_stroke(place) or Spread(np.zeros((1, 1), np.float32), np.zeros(3, np.float32))
    return _lay_tiles(place, spread, part, alpha, changed)


def _lay_tiles(place: Place, spread: Spread, part: tiles.Window, alpha: types.Alpha, changed: Tiles) -> Tiles:
    """Return the tiles that what a stroke means changes in its window, as they are then."""
    made: Tiles = {}
    for tile, new in _fit_tiles(place, spread, part):
        made[tile] = (changed[tile] if tile in changed else alpha[tiles.cut(tile)]).copy()
        inside = tiles.within(tiles.find_edges(tile, part), tiles.cut(tile))
        made[tile][inside] = new
    return made


def _change_region(rgb: types.Image, alpha: types.Alpha, changed: Tiles, stroke: Stroke) -> Tiles:
    """Return the tiles that a click changes: of the region around it, filled, opened or let shine through."""
    height, width = alpha.shape
    x, y = (int(value) for value in stroke.points[0])
    if not (0 <= x < width and 0 <= y < height):
        return {}
    whole = slice(0, height), slice(0, width)
    now = tiles.read(alpha, changed, whole)
    scale = min(1.0, REGION_SIDE / max(height, width))
    rows, columns = (_cells(side, max(1, round(side * scale))) for side in (height, width))
    small, before = _shrink(rgb, now, rows, columns)
    at = int(np.searchsorted(rows, y, "right")) - 1, int(np.searchsorted(columns, x, "right")) - 1
    # A part that is to shine through is found as one that is to go.
    region = click.find(small, before, at, fill=stroke.keep and stroke.binds)
    if region is None:
        return {}
    down, across = np.flatnonzero(region.any(1)), np.flatnonzero(region.any(0))
    first, last = max(0, int(down[0]) - 4), min(len(rows) - 1, int(down[-1]) + 5)
    begin, end = max(0, int(across[0]) - 4), min(len(columns) - 1, int(across[-1]) + 5)
    part = slice(int(rows[first]), int(rows[last])), slice(int(columns[begin]), int(columns[end]))
    share = np.where(region[first:last, begin:end], np.float32(1), np.float32(0))
    colours = small[first:last, begin:end]
    axis = _find_axis(colours[share > 0], colours[share == 0])
    target = stroke.opacity if stroke.opacity is not None else float(stroke.keep)
    nothing = np.zeros((0, 0), np.uint8)
    place = Place(rgb[part], now[part], nothing, (0, 0), target, 0.0, scale)
    return _lay_tiles(place, Spread(share, axis), part, alpha, changed)


def _let_through(alpha: types.Alpha, changed: Tiles, stroke: Stroke) -> Tiles:
    """Return the tiles in which what is painted shines through so far, and no less than it did."""
    height, width = alpha.shape
    box = _clip(surround(stroke), 0, (0, 0, width, height))
    if box is None or stroke.opacity is None:
        return {}
    left, top, right, bottom = box
    part = slice(top, bottom), slice(left, right)
    # Of twice the size: its rim is soft by a pixel.
    painted = paint([stroke.enlarge(2)], (2 * left, 2 * top, 2 * right, 2 * bottom)) > 0
    cover = painted.reshape(bottom - top, 2, right - left, 2).mean(axis=(1, 3), dtype=np.float32)
    now = tiles.read(alpha, changed, part)
    new = now + cover * (np.minimum(now, np.float32(stroke.opacity)) - now)
    made: Tiles = {}
    for tile in tiles.list_within(part):
        edges = tiles.find_edges(tile, part)
        inside = tiles.within(edges, part)
        if (new[inside] != now[inside]).any():
            made[tile] = tiles.pick(alpha, changed, tile).copy()
            made[tile][tiles.within(edges, tiles.cut(tile))] = new[inside]
    return made


def _clip(box: tuple[float, float, float, float], by: float, whole: Box) -> Box | None:
    """Return a box that is wider by so much, in whole pixels within another; None where it lies outside."""
    left, top = max(whole[0], int(box[0] - by)), max(whole[1], int(box[1] - by))
    right, bottom = min(whole[2], int(box[2] + by) + 1), min(whole[3], int(box[3] + by) + 1)
    return (left, top, right, bottom) if left < right and top < bottom else None


@dataclass(frozen=True)
class Place:
    """A stroke's window of the photo: colours (h, w, 3) and alpha (h, w), and what is painted there.

    said: as strokes.paint has it, from corner (top, left) on. target: the alpha that the stroke means. reach:
    how far it may spread, in pixels. scale: the size solved at as a share of the photo's.
    """

    rgb: types.Image
    alpha: types.Alpha
    said: NDArray[np.uint8]
    corner: tuple[int, int]
    target: float
    reach: float
    scale: float

    @property
    def radius(self) -> int:
        """Of the guided filter, in the photo's pixels."""
        return max(2, round(1.5 / self.scale))


def _fit_tiles(place: Place, spread: Spread, window: tiles.Window) -> list[tuple[tiles.Tile, types.Alpha]]:
    """Return the tiles that a stroke changes, and the alpha of what of them lies in its window."""
    found = tiles.list_within(window)
    top, left = window[0].start, window[1].start
    edges = np.array([tiles.find_edges(tile, window) for tile in found]) - np.array([top, left, top, left])
    made = np.empty((len(found), tiles.SIDE, tiles.SIDE), np.float32)
    differs = np.zeros(len(found), np.uint8)
    asked = place.rgb, place.alpha, spread.share, spread.axis, place.target, place.radius
    painted = place.said, np.array(place.corner)
    row_bands.work(
        len(found),
        lambda *part: stroke_kernels.change_tiles(*asked, *painted, edges, made, differs, *part),
        least=1,
    )
    return [
        (tile, new[: bottom - upper, : right - begin].copy())
        for tile, (upper, begin, bottom, right), new, other in zip(
            found, edges.tolist(), made, differs, strict=True
        )
        if other
    ]


def _spread_stroke(place: Place) -> Spread | None:
    """Return how far the stroke spreads; None where it is too fine to be seen at the size solved at."""
    rows, columns = (_cells(side, max(1, round(side * place.scale))) for side in place.alpha.shape)
    small, before = _shrink(place.rgb, place.alpha, rows, columns)
    cover = _cover(place, rows, columns)
    stroke, against = cover[int(place.target == 0) + LAST] > COVERED, cover[int(place.target == 1)] > COVERED
    if not stroke.any():
        return None
    smooth = ndimage.gaussian_filter(small, (TEXTURE, TEXTURE, 0))
    return _spread(
        smooth, _bonds(smooth), before, stroke, against & ~stroke, place.target, place.reach * place.scale
    )


def _shrink(
    rgb: types.Image, alpha: types.Alpha, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[Plane, Plane]:
    """Return the means of colours (h, w, 3) in 0..1 and of alpha (h, w) over cells."""
    small = np.empty((len(rows) - 1, len(columns) - 1, 3), np.float32)
    before = np.empty(small.shape[:2], np.float32)
    row_bands.work(len(small), lambda *part: stroke_kernels.shrink_colours(rgb, rows, columns, small, *part))
    row_bands.work(len(small), lambda *part: stroke_kernels.shrink_alpha(alpha, rows, columns, before, *part))
    return small, before


def _cells(side: int, count: int) -> NDArray[np.int64]:
    """Return the edges (count + 1,) of cells that divide a side, as evenly as whole pixels go."""
    return (np.arange(count + 1) * side / count + 0.5).astype(np.int64)


def _cover(place: Place, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the shares (4, h, w) of each cell that have each word of strokes.paint, from KEPT on."""
    made = np.zeros((4, len(rows) - 1, len(columns) - 1), np.float32)
    cells = [
        np.searchsorted(edges, start + np.arange(count), side="right") - 1
        for edges, start, count in zip((rows, columns), place.corner, place.said.shape, strict=True)
    ]
    stroke_kernels.count_painted(place.said, cells[0], cells[1], made)
    return np.asarray(made / np.outer(np.diff(rows), np.diff(columns)), np.float32)


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
    return likeness, _find_axis(ours, theirs)


def _find_axis(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the colour axis (3,) that tells two sides (n, 3) apart."""
    # Sides of one mean colour: their brightness is the best guide there is.
    plain = np.full(3, 1 / np.sqrt(3), np.float32)
    if not (len(ours) and len(theirs)):
        return plain
    axis = ours.mean(axis=0) - theirs.mean(axis=0)
    length = float(np.linalg.norm(axis))
    return (axis / length).astype(np.float32) if length > 0.02 else plain


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
