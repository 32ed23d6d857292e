"""Resampling: down, then across, in one pass over what is made; of weighed pictures by Lanczos's filter.

Weights as Pillow has them (Duchon, "Lanczos Filtering in One and Two Dimensions", Journal of Applied
Meteorology 18, 1979, three lobes, as wide as a pixel of the larger grid); between rows and columns nothing is
rounded. Sums are in a fixed order and never contracted, so every processor makes the same picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from editor.engines import row_bands

LOBES = 3

Shape = Literal["lanczos", "triangle", "box"]
REACH: dict[Shape, float] = {"lanczos": LOBES, "triangle": 1, "box": 0.5}
"""How far a pixel that is made reaches, in its own size; by the filter."""

f4, i8, u1, void = types.f4, types.i8, types.u1, types.void
Weights = types.Tuple((types.Array(i8, 1, "C"), types.Array(i8, 1, "C"), types.Array(f4, 2, "C")))

Filter = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
"""For each pixel that is made: the first that goes into it, how many do, and the weight of each."""


def resize(
    picture: NDArray[np.uint8], size: tuple[int, int], box: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """Return a box of a picture, (H, W, 4) with colours times alpha, at another size, by all processors.

    size: width and height. box: left, top, right, bottom in the picture's pixels, inside it.
    """
    width, height = size
    across = make_filter(picture.shape[1], box[0], box[2], width)
    down = make_filter(picture.shape[0], box[1], box[3], height)
    flat = picture.reshape(len(picture), -1)
    made = np.empty((height, width * 4), np.uint8)
    row_bands.work(height, lambda top, bottom: _resample(flat, made, across, down, top, bottom))
    return made.reshape(height, width, 4)


def resize_part(
    read: Callable[[int, int, int, int], NDArray[np.uint8]],
    whole: tuple[int, int],
    size: tuple[int, int],
    part: tuple[int, int, int, int],
) -> NDArray[np.uint8]:
    """Return a part, left, top, right, bottom, of what resize makes of a whole picture, from what that needs.

    whole: the picture's width and height. read(left, top, right, bottom) returns what is needed of it.
    """
    left, top, right, bottom = part
    across = _cut_filter(make_filter(whole[0], 0, whole[0], size[0]), left, right)
    down = _cut_filter(make_filter(whole[1], 0, whole[1], size[1]), top, bottom)
    first, upper = int(across[0][0]), int(down[0][0])
    last, lower = int((across[0] + across[1]).max()), int((down[0] + down[1]).max())
    picture = np.ascontiguousarray(read(first, upper, last, lower))
    flat = picture.reshape(len(picture), -1)
    across, down = (across[0] - first, *across[1:]), (down[0] - upper, *down[1:])
    made = np.empty((bottom - top, (right - left) * 4), np.uint8)
    row_bands.work(len(made), lambda first, last: _resample(flat, made, across, down, first, last))
    return made.reshape(bottom - top, right - left, 4)


def _cut_filter(whole: Filter, first: int, last: int) -> Filter:
    starts, lengths, weights = whole
    return starts[first:last], lengths[first:last], np.ascontiguousarray(weights[first:last])


def shrink(
    picture: NDArray[Any], size: tuple[int, int], shape: Shape, box: tuple[int, int, int, int] | None = None
) -> NDArray[np.float32]:
    """Return a picture, uint8 (H, W, 3) or float32 (H, W), at a smaller size, by all processors.

    size: width and height. box: left, top, right, bottom of the part that is shown; else all of it.
    Rows must lie whole in memory, one pixel behind the other; Pillow would copy them, and rounds in between.
    """
    left, top, right, bottom = box or (0, 0, picture.shape[1], picture.shape[0])
    width, height = size
    across = make_filter(picture.shape[1], left, right, width, shape)
    down = make_filter(picture.shape[0], top, bottom, height, shape)
    flat = picture.reshape(len(picture), -1)
    made = np.empty((height, width, *picture.shape[2:]), np.float32)
    rows = made.reshape(height, -1)
    row_bands.work(height, lambda first, last: _average(flat, rows, across, down, first, last))
    return made


def make_filter(size: int, first: float, last: float, count: int, shape: Shape = "lanczos") -> Filter:
    """Return what goes into each of `count` pixels that cover `first` to `last` of `size`."""
    scale = (last - first) / count
    wide = max(scale, 1.0)
    lobes = REACH[shape]
    middles = first + (np.arange(count) + 0.5) * scale
    starts = np.maximum(0, (middles - lobes * wide + 0.5).astype(np.int64))
    ends = np.minimum(size, (middles + lobes * wide + 0.5).astype(np.int64))
    lengths = np.maximum(ends - starts, 1)
    starts = np.minimum(starts, size - lengths)
    steps = np.arange(lengths.max())
    far = (starts[:, np.newaxis] + steps + 0.5 - middles[:, np.newaxis]) / wide
    if shape == "lanczos":
        weights = np.where(np.abs(far) < LOBES, np.sinc(far) * np.sinc(far / LOBES), 0.0)
    else:
        weights = np.ones_like(far) if shape == "box" else np.maximum(0, 1 - np.abs(far))
    weights[steps >= lengths[:, np.newaxis]] = 0
    weights /= weights.sum(axis=1, keepdims=True)
    return starts, lengths, np.ascontiguousarray(weights, np.float32)


@njit(
    void(types.Array(u1, 2, "C"), types.Array(u1, 2, "C"), Weights, Weights, i8, i8),
    cache=True,
    nogil=True,
)
def _resample(picture, made, across, down, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Make rows top to bottom. picture, made: rows of four values a pixel."""
    columns, wide, shares = across
    rows, tall, parts = down
    # Of the picture's rows only what some column asks for. Slices, since of their indices none can be
    # negative, which is what lets these loops be vectorised.
    begin = columns[0]
    end = columns[-1] + wide[-1]
    row = np.empty((end - begin) * 4, np.float32)
    for y in range(top, bottom):
        source = picture[rows[y], begin * 4 : end * 4]
        part = parts[y, 0]
        for i in range(len(source)):
            row[i] = part * f4(source[i])
        for k in range(1, tall[y]):
            source = picture[rows[y] + k, begin * 4 : end * 4]
            part = parts[y, k]
            for i in range(len(source)):
                row[i] += part * f4(source[i])
        target = made[y]
        for x in range(len(columns)):
            at = (columns[x] - begin) * 4
            window = row[at : at + 4 * wide[x]]
            weights = shares[x]
            first = f4(0.5)
            second = f4(0.5)
            third = f4(0.5)
            fourth = f4(0.5)
            for k in range(len(window) // 4):
                share = weights[k]
                first += share * window[4 * k]
                second += share * window[4 * k + 1]
                third += share * window[4 * k + 2]
                fourth += share * window[4 * k + 3]
            target[4 * x] = np.uint8(min(max(first, f4(0)), f4(255)))
            target[4 * x + 1] = np.uint8(min(max(second, f4(0)), f4(255)))
            target[4 * x + 2] = np.uint8(min(max(third, f4(0)), f4(255)))
            target[4 * x + 3] = np.uint8(min(max(fourth, f4(0)), f4(255)))


@njit(
    [
        void(types.Array(kind, 2, "C", readonly=True), types.Array(f4, 2, "C"), Weights, Weights, i8, i8)
        for kind in (u1, f4)
    ],
    cache=True,
    nogil=True,
)
def _average(picture, made, across, down, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Make rows top to bottom. picture, made: rows of as many values a pixel as made has."""
    columns, wide, shares = across
    rows, tall, parts = down
    channels = made.shape[1] // len(columns)
    begin = columns[0]
    end = columns[-1] + wide[-1]
    row = np.empty((end - begin) * channels, np.float32)
    for y in range(top, bottom):
        source = picture[rows[y], begin * channels : end * channels]
        part = parts[y, 0]
        for i in range(len(source)):
            row[i] = part * f4(source[i])
        for k in range(1, tall[y]):
            source = picture[rows[y] + k, begin * channels : end * channels]
            part = parts[y, k]
            for i in range(len(source)):
                row[i] += part * f4(source[i])
        target = made[y]
        for x in range(len(columns)):
            at = (columns[x] - begin) * channels
            weights = shares[x]
            if channels == 3:
                window = row[at : at + 3 * wide[x]]
                first = second = third = f4(0)
                for k in range(len(window) // 3):
                    first += weights[k] * window[3 * k]
                    second += weights[k] * window[3 * k + 1]
                    third += weights[k] * window[3 * k + 2]
                target[3 * x], target[3 * x + 1], target[3 * x + 2] = first, second, third
            else:
                total = f4(0)
                for k in range(wide[x]):
                    total += weights[k] * row[at + k]
                target[x] = total
