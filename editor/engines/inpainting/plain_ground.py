"""Plain grounds continued under a hole: a wall, a sweep, a table top, with the edges that run between them.

Most products stand before grounds that shade off smoothly. There nothing need be copied: of each part of
the hole, as the edges that run through it part it, the ground beside it says the surface and the grain. What
is busier than that is left to be copied. An edge is as soft as where it enters; a thin line is laid over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from . import grain
from .lines.entries import find_exit
from .lines.joining import Lines
from .lines.strips import Reals, draw_curve
from .lines.thin_lines import ThinLine, find_thin_line, lay_over, measure_softness
from .plain_surface import (
    FRINGE,
    LEAST_CELLS,
    MOST_REACH,
    NEAR,
    ON_SURFACE,
    Surroundings,
    fit_surface,
    is_grain,
    read_surface,
)

MOST_LINES = 8
"""More are tiles or a shelf, to be copied."""
BUSY, LEAST_BUSY = 0.01, 22
"""The share of the border that may be so; and cells that are less than any line that enters."""
SEEN = 0.3
"""The share of the border that has to be ground."""
BESIDE_LINE = (4.0, 2.0, 1.0)
"""Cells on either side of a line's edge that are not asked; less where nothing else is there."""
LEAST_PART = 12
"""Pixels: what is smaller between lines goes with what it lies beside."""
SMALL, LARGE = 0.04, 0.6
"""Of the hole: parts that are hardly more than a line's edge; and what has to be plain for them to be so."""
HIDDEN = 0.06
"""The share of the hole that edges may part off from all that is around: nobody knows what is there."""


@dataclass(frozen=True)
class Edge:
    """An edge between two grounds: its curve, how soft it is, and whether both its ends were seen."""

    curve: Reals
    softness: float
    sure: bool = True


def fill_plain(
    rgb: types.Image, hole: types.Mask, around: Surroundings, lines: Lines, seed: int
) -> types.Mask:
    """Fill what of a hole lies in plain ground, in place, and return where that is, (H, W).

    lines: those that run through the hole.
    """
    result = np.zeros_like(hole)
    thin, edges = _sort_lines(rgb, lines)
    if len(thin) + len(edges) > MOST_LINES:
        return result
    # A joint may have another board on its other side.
    bars = [*edges, *(Edge(line.curve, 0.0) for line in thin)]
    parts, count = _part(hole, lines, bars)
    if not count:
        return result
    step = around.step
    apart, sides = _measure_apart(around, lines, thin, bars)
    cells = parts[step // 2 :: step, step // 2 :: step][: around.hole.shape[0], : around.hole.shape[1]]
    owner = cells[around.nearest[0], around.nearest[1]]
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    box = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    base = rgb[box].astype(np.float32)
    noise = np.zeros_like(base)
    pixels, total = np.bincount(parts.ravel()), np.count_nonzero(hole)
    for number in sorted(range(1, count + 1), key=lambda part: -int(pixels[part])):
        own = parts[box] == number
        small = bool(pixels[number] < SMALL * total)
        if small and np.count_nonzero(result) < LARGE * total:
            # Smoothness of what is small says nothing by itself.
            break
        side = np.bincount(sides[cells == number], minlength=2)[1:].argmax() + 1
        region = _find_region(around, (owner == number) & (sides == side), apart, small=small)
        if region is None:
            continue
        surface, region, share = fit_surface(around, region)
        if share < (ON_SURFACE / 2 if small else ON_SURFACE) or not (small or is_grain(around, region)):
            continue
        ys, xs = np.nonzero(own)
        places = np.stack([(xs + columns[0] + 0.5) / step - 0.5, (ys + rows[0] + 0.5) / step - 0.5], axis=-1)
        base[own] = read_surface(surface, places)
        sheet = grain.make_grain(rgb, region & (around.away > FRINGE), step, own.shape, seed + number)
        if sheet is not None:
            noise[own] = sheet[own]
        result[box] |= own
    drawn = result[box]
    if not drawn.any():
        return result
    rest = hole[box] & ~drawn
    if rest.any():
        # An edge's softness must have nothing in it of what is to go.
        nearest = ndimage.distance_transform_edt(rest, return_distances=False, return_indices=True)
        base = base[tuple(nearest)]
    for edge in edges:
        _soften(base, drawn, edge, lines, box)
    for line in thin:
        lay_over(base, drawn, line, lines, box)
    rgb[box][drawn] = np.clip(base[drawn] + noise[drawn] + 0.5, 0, 255).astype(np.uint8)
    return result


def _sort_lines(rgb: types.Image, lines: Lines) -> tuple[list[ThinLine], list[Edge]]:
    """Return the thin lines, and the edges between two grounds."""
    inner = rgb[lines.part]
    thin: list[ThinLine] = []
    edges: list[Edge] = []
    for first, last in lines.pairs:
        if any(line.covers(first) and line.covers(last) for line in thin):
            continue
        curve = draw_curve(first, last, lines.step)
        line = find_thin_line(inner, first, last, curve, lines.step)
        if line is not None:
            thin.append(line)
        else:
            edges.append(Edge(curve, measure_softness(inner, [first, last], lines.step)))
    for entry in lines.single:
        if any(line.covers(entry) for line in thin):
            continue
        # It goes on straight: where it ought to have ended, both its sides say the same.
        out = find_exit(entry, lines.hole)
        if out > 0:
            share = np.linspace(0, out + 2, max(8, int(2 * out * lines.step)))[:, None]
            softness = measure_softness(inner, [entry], lines.step)
            edges.append(Edge(entry.place + share * entry.way, softness, sure=False))
    return thin, edges


def _to_full(curve: Reals, lines: Lines) -> Reals:
    """Return a curve's places in the pixels of what the lines were looked for in."""
    corner = np.array([lines.part[1].start, lines.part[0].start])
    return np.asarray((curve + 0.5) * lines.step - 0.5 + corner)


def _part(hole: types.Mask, lines: Lines, edges: list[Edge]) -> tuple[NDArray[np.int32], int]:
    """Return the numbers, from 1, of the hole's parts between edges, 0 outside, and how many there are.

    None are there where much of the hole is parted off from all that is around.
    """
    rim = ndimage.binary_dilation(~hole, iterations=2) & hole
    free = hole.copy()
    parts, kept = np.zeros(hole.shape, np.int32), np.zeros(0, np.int64)
    for sure in (True, False):
        for edge in (edge for edge in edges if edge.sure == sure):
            places = np.rint(_to_full(edge.curve, lines)).astype(int)
            inside = ((places >= 0) & (places < hole.shape[::-1])).all(axis=1)
            free[places[inside, 1], places[inside, 0]] = False
        parts, count = ndimage.label(free)
        sizes = np.bincount(parts.ravel(), minlength=count + 1)
        seen = np.isin(np.arange(count + 1), np.unique(parts[rim]))
        if sure and sizes[1:][~seen[1:]].sum() > HIDDEN * np.count_nonzero(hole):
            return parts, 0
        kept = np.flatnonzero(seen & (sizes >= LEAST_PART))
        kept = kept[kept > 0]
    if not len(kept):
        return hole.astype(np.int32), 1
    numbers = np.zeros(count + 1, np.int32)
    numbers[kept] = np.arange(1, len(kept) + 1)
    parts = numbers[parts]
    # What has no border is of what lies beside it.
    nearest = ndimage.distance_transform_edt(parts == 0, return_distances=False, return_indices=True)
    return np.where(hole, parts[tuple(nearest)], 0), len(kept)


def _measure_apart(
    around: Surroundings, lines: Lines, thin: list[ThinLine], edges: list[Edge]
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return how far cells are from the lines, as they go on straight from their ends, and the edges' sides.

    Cells that no edge parts have the same number as their side.
    """
    apart = np.full(around.hole.shape, np.inf)
    bars = np.zeros_like(around.hole)
    for half in {0.0, *(line.half for line in thin)}:
        drawn = np.zeros_like(around.hole)
        curves = [line.curve for line in thin if line.half == half]
        for curve in curves if half else [edge.curve for edge in edges]:
            places = np.rint(_extend((_to_full(curve, lines) + 0.5) / around.step - 0.5)).astype(int)
            places = places[((places >= 0) & (places < drawn.shape[::-1])).all(axis=1)]
            drawn[places[:, 1], places[:, 0]] = True
        if drawn.any():
            apart = np.minimum(
                apart, ndimage.distance_transform_edt(~drawn) - half * lines.step / around.step
            )
        bars |= drawn & (half == 0)
    return apart, ndimage.label(~bars)[0]


def _extend(curve: Reals) -> Reals:
    """Return a curve (N, 2) in cells, gone on straight from both its ends."""
    outward = np.arange(0, MOST_REACH, 0.5)[:, None]
    ways = [curve[0] - curve[2], curve[-1] - curve[-3]]
    ends = [
        end + outward * way / max(float(np.hypot(*way)), 1e-6)
        for end, way in zip((curve[0], curve[-1]), ways, strict=True)
    ]
    return np.concatenate([curve, *ends])


def _find_region(
    around: Surroundings, own: types.Mask, apart: NDArray[np.float64], *, small: bool
) -> types.Mask | None:
    """Return the smooth ground at a part's border and what goes on beyond it; None where it is not smooth."""
    for beside in BESIDE_LINE:
        clear = own & (apart > beside)
        border = clear & (around.away > FRINGE) & (around.away <= NEAR)
        asked = border & around.known
        # Between two edges all is steep, and so is what is around a part that is hardly larger than a line.
        smooth = asked & (around.smooth if beside == BESIDE_LINE[0] else around.known)
        count = np.count_nonzero(smooth)
        if count >= max(LEAST_CELLS, SEEN * np.count_nonzero(border)):
            if np.count_nonzero(asked) - count > max(BUSY * count, LEAST_BUSY):
                if small:
                    continue
                return None
            return np.asarray(ndimage.binary_propagation(smooth, mask=smooth | (clear & around.smooth)))
    return None


def _soften(
    base: NDArray[np.float32],
    drawn: types.Mask,
    edge: Edge,
    lines: Lines,
    box: tuple[slice, slice],
) -> None:
    """Blur what was filled along an edge to how soft the edge is, in place."""
    softness = edge.softness
    room = int(3 * softness) + 2
    places = np.rint(_to_full(edge.curve, lines)).astype(int) - (box[1].start, box[0].start)
    places = places[((places >= 0) & (places < drawn.shape[::-1])).all(axis=1)]
    if not len(places):
        return
    (left, top), (right, bottom) = places.min(axis=0) - 2 * room, places.max(axis=0) + 2 * room + 1
    part = slice(max(0, top), bottom), slice(max(0, left), right)
    along = np.ones(drawn[part].shape, np.bool_)
    along[places[:, 1] - part[0].start, places[:, 0] - part[1].start] = False
    near = drawn[part] & (ndimage.distance_transform_edt(along) <= room)
    base[part][near] = ndimage.gaussian_filter(base[part], (softness, softness, 0))[near]
