"""What strokes change at a photo's full size, compiled: tile by tile, and only where something changes."""

from __future__ import annotations

import numpy as np
from numba import njit, types

PIXELS = types.Array(types.u1, 3, "A", readonly=True)
ALPHA = types.Array(types.f4, 2, "A", readonly=True)
PLANE = types.Array(types.f4, 2, "C")
f4, i8, u1, void = types.f4, types.i8, types.u1, types.void

LEAST = 0.25 / 255
"""A tile of which nothing changes by more is as it was: its pixels are stored as the same."""

SMOOTHING = 2e-4
"""The guided filter's epsilon: contrast below its root, of 0..1, is no edge."""


@njit(void(PIXELS, i8[::1], i8[::1], types.Array(f4, 3, "C"), i8, i8), cache=True, nogil=True)
def shrink_colours(rgb, rows, columns, made, first, last):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the means of rgb (H, W, 3) over cells into made (h, w, 3) as 0..1, its rows first to last.

    rows (h + 1,), columns (w + 1,): the cells' edges.
    """
    width = len(columns) - 1
    for i in range(first, last):
        row = made[i]
        row[:] = 0
        for y in range(rows[i], rows[i + 1]):
            for j in range(width):
                red, green, blue = np.int64(0), np.int64(0), np.int64(0)
                for x in range(columns[j], columns[j + 1]):
                    red += rgb[y, x, 0]
                    green += rgb[y, x, 1]
                    blue += rgb[y, x, 2]
                row[j, 0] += red
                row[j, 1] += green
                row[j, 2] += blue
        for j in range(width):
            pixels = (rows[i + 1] - rows[i]) * (columns[j + 1] - columns[j])
            for channel in range(3):
                row[j, channel] /= f4(255 * pixels)


@njit(void(ALPHA, i8[::1], i8[::1], PLANE, i8, i8), cache=True, nogil=True)
def shrink_alpha(alpha, rows, columns, made, first, last):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the means of alpha (H, W) over cells into made (h, w), its rows first to last."""
    for i in range(first, last):
        row = made[i]
        row[:] = 0
        for y in range(rows[i], rows[i + 1]):
            for j in range(len(row)):
                total = f4(0)
                for x in range(columns[j], columns[j + 1]):
                    total += alpha[y, x]
                row[j] += total
        for j in range(len(row)):
            row[j] /= f4((rows[i + 1] - rows[i]) * (columns[j + 1] - columns[j]))


@njit(
    void(types.Array(u1, 2, "A", readonly=True), i8[::1], i8[::1], types.Array(f4, 3, "C")),
    cache=True,
    nogil=True,
)
def count_painted(said, rows, columns, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Add up what was painted into the cells of made (words, h, w), by what is said, from 1 on.

    rows, columns: the cell of each row and column of said.
    """
    for y in range(said.shape[0]):
        for x in range(said.shape[1]):
            if said[y, x]:
                made[said[y, x] - 1, rows[y], columns[x]] += 1


# Rows in functions of their own, on parts that begin at 0: the compiler makes vectors of nothing else.


@njit(void(f4[::1], f4[::1]), cache=True, nogil=True, fastmath=True)
def _add(sums, row):  # type: ignore[no-untyped-def]  # pragma: no cover
    for i in range(len(sums)):
        sums[i] += row[i]


@njit(void(f4[::1], f4[::1]), cache=True, nogil=True, fastmath=True)
def _take(sums, row):  # type: ignore[no-untyped-def]  # pragma: no cover
    for i in range(len(sums)):
        sums[i] -= row[i]


@njit(void(f4[::1], i8, i8, f4[::1]), cache=True, nogil=True, fastmath=True)
def _slide(sums, radius, tall, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the means of four planes along a row, whose sums of `tall` rows are there, into made."""
    width, wide = len(sums) // 4, min(radius, len(sums) // 4)
    first, second, third, fourth = f4(0), f4(0), f4(0), f4(0)
    for x in range(wide):
        first += sums[4 * x]
        second += sums[4 * x + 1]
        third += sums[4 * x + 2]
        fourth += sums[4 * x + 3]
    for x in range(width):
        if x + radius < width:
            at = 4 * (x + radius)
            first += sums[at]
            second += sums[at + 1]
            third += sums[at + 2]
            fourth += sums[at + 3]
            wide += 1
        if x > radius:
            at = 4 * (x - radius - 1)
            first -= sums[at]
            second -= sums[at + 1]
            third -= sums[at + 2]
            fourth -= sums[at + 3]
            wide -= 1
        share = f4(1) / f4(tall * wide)
        made[4 * x] = first * share
        made[4 * x + 1] = second * share
        made[4 * x + 2] = third * share
        made[4 * x + 3] = fourth * share


@njit(void(types.Array(f4, 2, "C"), i8, types.Array(f4, 2, "C")), cache=True, nogil=True, fastmath=True)
def _box_means(planes, radius, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the means of four planes (H, W * 4) over squares, of what of them is inside, into made."""
    height = len(planes)
    sums = np.zeros(planes.shape[1], np.float32)
    for y in range(min(radius, height)):
        _add(sums, planes[y])
    for y in range(height):
        if y + radius < height:
            _add(sums, planes[y + radius])
        if y > radius:
            _take(sums, planes[y - radius - 1])
        _slide(sums, radius, min(y + radius + 1, height) - max(y - radius, 0), made[y])


@njit(
    void(PIXELS, f4[::1], f4[::1], i8, i8, f4[::1], i8[::1], f4[::1], f4[::1]),
    cache=True,
    nogil=True,
    fastmath=True,
)
def _lay_out(rgb, axis, small, y, left, shares, firsts, parts, row):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write guide, share, guide squared and their product, of a row of the photo, into row."""
    red, green, blue = axis[0] / f4(255), axis[1] / f4(255), axis[2] / f4(255)
    for x in range(len(firsts)):
        guide = red * rgb[y, left + x, 0] + green * rgb[y, left + x, 1] + blue * rgb[y, left + x, 2]
        at = firsts[x]
        value = small[at] + parts[x] * (small[at + 1] - small[at])
        shares[x] = value
        row[4 * x] = guide
        row[4 * x + 1] = value
        row[4 * x + 2] = guide * guide
        row[4 * x + 3] = guide * value


@njit(void(f4[::1], f4[::1]), cache=True, nogil=True, fastmath=True)
def _draw_lines(means, lines):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the slope and the offset of the line that foretells a square's share from its guide."""
    for x in range(len(means) // 4):
        guide, value = means[4 * x], means[4 * x + 1]
        slope = (means[4 * x + 3] - guide * value) / (means[4 * x + 2] - guide * guide + f4(SMOOTHING))
        lines[4 * x] = slope
        lines[4 * x + 1] = value - slope * guide


@njit(
    types.b1(PIXELS, PLANE, f4[::1], i8[::1], i8[::1], i8, PLANE),
    cache=True,
    nogil=True,
    fastmath=True,
)
def _fit(rgb, share, axis, window, tile, radius, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the share (h, w) of a window, enlarged and led to the photo's edges, into made; False if it is 0.

    window, tile: top, left, bottom, right in rgb. Only a border is led: deep inside and outside the guide
    would bring the texture in.
    """
    rows, columns = share.shape
    # A border moves what is within one square of it, by what is within two of it.
    margin = 2 * radius + 1
    top, left = max(window[0], tile[0] - margin), max(window[1], tile[1] - margin)
    bottom, right = min(window[2], tile[2] + margin), min(window[3], tile[3] + margin)
    down = rows / (window[2] - window[0])
    across = columns / (window[3] - window[1])
    y0 = max(0, int((top - window[0]) * down - 0.5))
    y1 = min(rows, int((bottom - window[0]) * down + 0.5) + 1)
    x0 = max(0, int((left - window[1]) * across - 0.5))
    x1 = min(columns, int((right - window[1]) * across + 0.5) + 1)
    least, most = f4(2), f4(-1)
    for y in range(y0, y1):
        for x in range(x0, x1):
            least, most = min(least, share[y, x]), max(most, share[y, x])
    if least == most:
        made[:] = most
        return most > 0
    height, width = bottom - top, right - left
    firsts, parts = np.empty(width, np.int64), np.empty(width, np.float32)
    for x in range(width):
        at = min(max((x + left - window[1] + 0.5) * across - 0.5, 0.0), columns - 1.0)
        firsts[x] = int(at)
        parts[x] = f4(at - firsts[x])
    # One more, as large as the last: what lies beyond the last cell's middle is that cell's.
    small = np.empty(columns + 1, np.float32)
    planes = np.empty((height, 4 * width), np.float32)
    shares = np.empty((height, width), np.float32)
    for y in range(height):
        at = min(max((y + top - window[0] + 0.5) * down - 0.5, 0.0), rows - 1.0)
        upper = int(at)
        lower = min(upper + 1, rows - 1)
        part = f4(at - upper)
        for x in range(x0, x1):
            small[x] = share[upper, x] + part * (share[lower, x] - share[upper, x])
        small[x1] = small[x1 - 1]
        _lay_out(rgb, axis, small, y + top, left, shares[y], firsts, parts, planes[y])
    means, lines = np.empty_like(planes), np.zeros_like(planes)
    _box_means(planes, radius, means)
    for y in range(height):
        _draw_lines(means[y], lines[y])
    led = np.empty_like(planes)
    _box_means(lines, radius, led)
    for y in range(tile[2] - tile[0]):
        i = y + tile[0] - top
        for x in range(tile[3] - tile[1]):
            j = x + tile[1] - left
            value, mean = shares[i, j], means[i, 4 * j + 1]
            border = min(max(f4(8) * mean * (f4(1) - mean), f4(0)), f4(1))
            fit = led[i, 4 * j] * planes[i, 4 * j] + led[i, 4 * j + 1]
            made[y, x] = min(max(value + border * (fit - value), f4(0)), f4(1))
    return True


@njit(
    void(
        PIXELS,
        ALPHA,
        PLANE,
        f4[::1],
        f4,
        i8,
        types.Array(u1, 2, "A", readonly=True),
        i8[::1],
        types.Array(i8, 2, "C"),
        types.Array(f4, 3, "C"),
        u1[::1],
        i8,
        i8,
    ),
    cache=True,
    nogil=True,
)
def change_tiles(  # type: ignore[no-untyped-def]  # pragma: no cover
    rgb, alpha, share, axis, target, radius, said, corner, tiles, made, changed, first, last
):
    """Write the alpha of tiles first to last into made (n, T, T), and into changed (n,) whether it is new.

    rgb, alpha: a window of the photo; tiles (n, 4): top, left, bottom, right in it. share (h, w), axis (3,)
    and target: how far a stroke spreads in it, by which colours, and which alpha it means. said: what was
    painted, from corner (top, left) on, as strokes.paint has it.
    """
    window = np.array([0, 0, alpha.shape[0], alpha.shape[1]])
    led = np.empty((made.shape[1], made.shape[2]), np.float32)
    for n in range(first, last):
        tile, out = tiles[n], made[n]
        height, width = tile[2] - tile[0], tile[3] - tile[1]
        touched = _fit(rgb, share, axis, window, tile, radius, led)
        for y in range(height):
            for x in range(width):
                out[y, x] = alpha[y + tile[0], x + tile[1]]
        if touched:
            for y in range(height):
                for x in range(width):
                    out[y, x] += led[y, x] * (target - out[y, x])
        for y in range(max(tile[0], corner[0]), min(tile[2], corner[0] + said.shape[0])):
            for x in range(max(tile[1], corner[1]), min(tile[3], corner[1] + said.shape[1])):
                word = said[y - corner[0], x - corner[1]]
                if word:
                    out[y - tile[0], x - tile[1]] = f4(word % 2)
                    touched = True
        differs = False
        if touched:
            for y in range(height):
                for x in range(width):
                    differs |= abs(out[y, x] - alpha[y + tile[0], x + tile[1]]) > f4(LEAST)
        changed[n] = differs
