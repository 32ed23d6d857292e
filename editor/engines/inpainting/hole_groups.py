"""The holes of a mask in groups that are filled one by one, each with the part of the picture to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

JOINED_PX = 40
"""Holes closer than this are filled as one: each would take the other's border for granted."""

CELL = 8
"""Pixels a side of the grid that holes are joined on; 64 times less work than on pixels."""

MIN_MARGIN_PX = 96
MAX_GROUPS = 256


@dataclass(frozen=True)
class Group:
    """Holes that are filled as one: their pixels, and the part of the picture to look at."""

    window: tuple[slice, slice]
    hole: types.Mask

    @property
    def pixels(self) -> int:
        return int(np.count_nonzero(self.hole))


def find_groups(mask: types.Mask, margin: float) -> list[Group]:
    """Return the holes in groups that cover the mask (H, W), each pixel once.

    margin: how far around a hole to look, as a share of its longer side.
    """
    height, width = mask.shape
    grid = find_cells(mask)
    reach = -(-JOINED_PX // (2 * CELL))
    while True:
        near = ndimage.maximum_filter(grid, 2 * reach + 1, mode="constant")
        labels, count = ndimage.label(near, np.ones((3, 3)))
        if count <= MAX_GROUPS:
            break
        reach *= 2
    labels = np.where(grid, labels, 0)
    boxes = [_box(mask, labels, number) for number in range(1, count + 1)]
    merged = list(_merge(boxes, margin, width, height))
    groups = []
    for numbers, (left, top, right, bottom) in merged:
        cells = np.isin(labels[top // CELL : -(-bottom // CELL), left // CELL : -(-right // CELL)], numbers)
        own = np.kron(cells, np.ones((CELL, CELL), np.bool_))
        own = own[top % CELL :, left % CELL :][: bottom - top, : right - left]
        window = (slice(top, bottom), slice(left, right))
        groups.append(Group(window, mask[window] & own))
    return groups


def find_cells(mask: types.Mask) -> NDArray[np.bool_]:
    """Return which cells of CELL x CELL pixels hold a marked one."""
    height, width = mask.shape
    rows = np.logical_or.reduceat(mask, np.arange(0, height, CELL), axis=0)
    return np.logical_or.reduceat(rows, np.arange(0, width, CELL), axis=1)


Box = tuple[int, int, int, int]


def _box(mask: types.Mask, labels: NDArray[np.int32], number: int) -> Box:
    """Return left, top, right, bottom of a group's marked pixels, in whole cells."""
    rows, columns = np.nonzero(labels == number)
    height, width = mask.shape
    return (
        int(columns.min()) * CELL,
        int(rows.min()) * CELL,
        min(width, (int(columns.max()) + 1) * CELL),
        min(height, (int(rows.max()) + 1) * CELL),
    )


def _merge(boxes: list[Box], margin: float, width: int, height: int) -> Iterator[tuple[list[int], Box]]:
    """Return the groups' numbers and windows, merged where apart they would be more work."""
    todo = [([number], box, _window(box, margin, width, height)) for number, box in enumerate(boxes, 1)]
    while todo:
        numbers, box, window = todo.pop()
        for other in todo:
            joined = _around(box, other[1])
            together = _window(joined, margin, width, height)
            if _area(together) <= 1.1 * (_area(window) + _area(other[2])):
                todo.remove(other)
                todo.append((numbers + other[0], joined, together))
                break
        else:
            yield numbers, window


def _window(box: Box, margin: float, width: int, height: int) -> Box:
    left, top, right, bottom = box
    around = max(round(margin * max(right - left, bottom - top)), MIN_MARGIN_PX)
    return (
        max(0, left - around),
        max(0, top - around),
        min(width, right + around),
        min(height, bottom + around),
    )


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
