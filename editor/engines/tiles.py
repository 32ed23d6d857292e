"""The tiles that a picture is told in where little of it changes: a grid from its corner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SIDE = 128
"""Pixels a side; those at the right and lower edge are smaller."""

Tile = tuple[int, int]
"""Its row and column in the grid."""

Tiles = dict[Tile, NDArray[Any]]
"""Pictures' parts by tile; what is not there is as it was."""

Window = tuple[slice, slice]
"""Rows and columns of a picture."""


def cut(tile: Tile) -> Window:
    """Return where a tile lies in its picture, which may end before it does."""
    top, left = tile[0] * SIDE, tile[1] * SIDE
    return slice(top, top + SIDE), slice(left, left + SIDE)


def list_within(window: Window) -> list[Tile]:
    """Return the tiles that some of a window lies in."""
    rows, columns = (range(part.start // SIDE, -(-part.stop // SIDE)) for part in window)
    return [(row, column) for row in rows for column in columns]


def find_edges(tile: Tile, window: Window) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of what of a tile lies in a window."""
    (y, x), (rows, columns) = cut(tile), window
    top, left = max(y.start, rows.start), max(x.start, columns.start)
    return top, left, min(y.stop, rows.stop), min(x.stop, columns.stop)


def within(edges: tuple[int, int, int, int], window: Window) -> Window:
    """Return where in a window of a picture the rows and columns between edges are."""
    top, left, bottom, right = edges
    rows, columns = window
    return slice(top - rows.start, bottom - rows.start), slice(left - columns.start, right - columns.start)


def widen(window: Window, by: int, whole: Window) -> Window:
    """Return a window with so many pixels more on each side, as far as the whole goes."""
    rows, columns = (
        slice(max(limit.start, part.start - by), min(limit.stop, part.stop + by))
        for part, limit in zip(window, whole, strict=True)
    )
    return rows, columns


def read(picture: NDArray[Any], changed: Tiles, window: Window) -> NDArray[Any]:
    """Return a window of a picture with the tiles that changed in their place."""
    made = picture[window].copy()
    lay(made, changed, window)
    return made


def pick(picture: NDArray[Any], changed: Tiles, tile: Tile) -> NDArray[Any]:
    """Return a tile of a picture of which some changed."""
    return changed[tile] if tile in changed else picture[cut(tile)]


def lay(made: NDArray[Any], changed: Tiles, window: Window) -> None:
    """Lay the tiles that changed onto a window of a picture."""
    for tile in list_within(window):
        if tile in changed:
            edges = find_edges(tile, window)
            made[within(edges, window)] = changed[tile][within(edges, cut(tile))]


def group(chosen: Iterable[Tile]) -> Iterator[Window]:
    """Yield windows around tiles that touch one another; they may end beyond the picture."""
    found = set(chosen)
    if not found:
        return
    rows, columns = 1 + max(row for row, _ in found), 1 + max(column for _, column in found)
    marked = np.zeros((rows, columns), bool)
    for tile in found:
        marked[tile] = True
    labels, _ = ndimage.label(marked, np.ones((3, 3)))
    for down, across in ndimage.find_objects(labels):
        yield slice(down.start * SIDE, down.stop * SIDE), slice(across.start * SIDE, across.stop * SIDE)
