"""Outlines of an alpha: where it passes one half, between the pixels, as closed lines.

Marching squares (Lorensen and Cline 1987, in two dimensions), each crossing where alpha is linear between
two pixels' centres.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.engines import types

HALF = np.float32(0.5)

Line = NDArray[np.float64]
"""x and y of points (N, 2), in pixels from the picture's left top corner; the last goes on to the first."""


def trace(alpha: types.Alpha) -> list[Line]:
    """Return the outline of each part and each hole; parts run the other way round than holes.

    What reaches the picture's edge ends there.
    """
    inside = np.pad(alpha >= HALF, 1)
    begins, ends = _join_edges(inside)
    if not len(begins):
        return []
    order = np.argsort(begins)
    begins, ends = begins[order], ends[order]
    points = _place(begins, alpha, inside.shape)
    # Each edge that is crossed is left once and reached once, so following them comes back.
    following = np.searchsorted(begins, ends).tolist()
    left, lines = [True] * len(following), []
    for start in range(len(following)):
        ring, at = [], start
        while left[at]:
            left[at] = False
            ring.append(at)
            at = following[at]
        if ring:
            lines.append(points[ring])
    return lines


def measure_area(line: Line) -> float:
    """Return the area that a closed line has around it, positive one way round, negative the other."""
    x, y = line.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _join_edges(inside: types.Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which crossed edge leads to which, through the square of four pixels that both are sides of.

    An edge is told by a number: twice that of its left or upper pixel, one more where it goes down.
    """
    width = inside.shape[1]
    # Clockwise from the left top corner.
    corners = np.stack([inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]])
    crossed = corners != np.roll(corners, -1, axis=0)
    rows, columns = np.nonzero(crossed.any(axis=0))
    first = rows * width + columns
    edges = np.stack([2 * first, 2 * first + 3, 2 * (first + width), 2 * first + 1])
    corners = corners[:, rows, columns]
    following = np.roll(corners, -1, axis=0)
    entries, exits = following & ~corners, corners & ~following
    twice = entries.sum(axis=0) == 2
    begins = [edges[entries.argmax(axis=0), np.arange(len(first))][~twice]]
    ends = [edges[exits.argmax(axis=0), np.arange(len(first))][~twice]]
    # Of two opposite corners that are inside each is a part of its own, as neighbours are by their sides.
    for side in range(4):
        here = twice & corners[side]
        begins.append(edges[side - 1][here])
        ends.append(edges[side][here])
    return np.concatenate(begins), np.concatenate(ends)


def _place(edges: NDArray[np.int64], alpha: types.Alpha, shape: tuple[int, int]) -> Line:
    """Return where the outline crosses the edges between pixels' centres. shape: with a ring around."""
    padded = np.pad(alpha, 1)
    pixel, down = edges // 2, edges % 2
    row, column = pixel // shape[1], pixel % shape[1]
    here = padded[row, column].astype(np.float64)
    there = padded[row + down, column + 1 - down].astype(np.float64)
    share = (0.5 - here) / (there - here)
    x, y = column + share * (1 - down), row + share * down
    # The ring moves centres by one, and they lie half a pixel from a corner.
    return np.stack([x, y], axis=1) - 0.5
