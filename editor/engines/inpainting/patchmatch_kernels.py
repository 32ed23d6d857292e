"""The compiled inner loops of patchmatch.py, which says what they are for.

All take a range of rows, top to bottom, which is one thread's; features are int16 (H, W * CHANNELS).
"""

from __future__ import annotations

import numpy as np
from numba import njit

PATCH = 7
HALF = PATCH // 2
CHANNELS = 5
"""Red, green, blue, and the mean of |d/dx| and |d/dy| around, which tells rough from smooth."""


@njit("u8(u8, u8)", cache=True, nogil=True)
def _hash(seed, value):  # type: ignore[no-untyped-def]
    """Return 64 well mixed bits (Steele, Lea, Flood, "SplitMix64", OOPSLA 2014)."""
    z = seed * np.uint64(0x9E3779B97F4A7C15) + (value + np.uint64(1)) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit("f4(i2[:, ::1], i8, i8, i8, i8, f4)", cache=True, nogil=True)
def patch_distance(features, ay, ax, by, bx, limit):  # type: ignore[no-untyped-def]
    """Return the distance of two patches, or anything above limit once it is above.

    Unsigned places and int32 sums are what makes LLVM use vectors: 0.11 us instead of 0.36. The sum
    cannot overflow: colours reach 255 UNIT, the other channels are cut off at ROUGHEST.
    """
    total = np.int32(0)
    stop = np.int32(min(limit, np.float32(4e7)) * np.float32(PATCH * PATCH))
    first_a = np.uint64((ax - HALF) * CHANNELS)
    first_b = np.uint64((bx - HALF) * CHANNELS)
    for row in range(PATCH):
        row_a = np.uint64(ay + row - HALF)
        row_b = np.uint64(by + row - HALF)
        for i in range(PATCH * CHANNELS):
            n = np.uint64(i)
            d = np.int32(np.int32(features[row_a, first_a + n]) - np.int32(features[row_b, first_b + n]))
            total = np.int32(total + np.int32(d * d))
        if total > stop:
            break
    return np.float32(total) * np.float32(1 / (PATCH * PATCH))


@njit("f4(i2[:, ::1], u1[:, ::1], i8, i8, i8, i8, f4)", cache=True, nogil=True, fastmath=True)
def _known_distance(features, known, ay, ax, by, bx, limit):  # type: ignore[no-untyped-def]
    """Return the distance of two patches over the first one's known pixels."""
    total = np.float32(0)
    count = 0
    for row in range(-HALF, HALF + 1):
        for column in range(-HALF, HALF + 1):
            if known[ay + row, ax + column] == 0:
                continue
            count += 1
            for channel in range(CHANNELS):
                d = np.float32(features[ay + row, (ax + column) * CHANNELS + channel]) - np.float32(
                    features[by + row, (bx + column) * CHANNELS + channel]
                )
                total += d * d
    return total / np.float32(max(count, 1))


@njit("f4(i8, i8, f8, f8, f8, f8)", cache=True, nogil=True)
def _away(down, right, pull_y, pull_x, layer, slack):  # type: ignore[no-untyped-def]
    """Return what copying from so far away costs: layer for each row beyond slack, besides the pull."""
    return np.float32(pull_y * abs(down) + pull_x * abs(right) + layer * max(abs(down) - slack, 0.0))


@njit(
    "void(i2[:, ::1], u1[:, ::1], b1, u1[:, ::1], i2[:, ::1], i2[:, ::1], f4[:, ::1], f8, f8, f8, f8,"
    "f4[:, ::1], i8, i8, i8)",
    cache=True,
    nogil=True,
)
def measure(  # type: ignore[no-untyped-def]
    features, known, partial, centres, field_x, field_y, distance,
    pull_y, pull_x, layer, slack, dear, halvings, top, bottom,
):  # fmt: skip
    """Set the distances of the sources that the field has."""
    far = np.float32(3e38)
    for y in range(top, bottom):
        for x in range(centres.shape[1]):
            if centres[y, x] == 0:
                continue
            if field_x[y, x] < 0:
                distance[y, x] = far
                continue
            cy, cx = np.int64(field_y[y, x]), np.int64(field_x[y, x])
            if partial:
                distance[y, x] = _known_distance(features, known, y, x, cy, cx, far)
            else:
                distance[y, x] = patch_distance(features, y, x, cy, cx, far)
            distance[y, x] += _away(cy - y, cx - x, pull_y, pull_x, layer, slack)
            distance[y, x] += dear[cy >> halvings, cx >> halvings]


@njit(
    "void(i2[:, ::1], u1[:, ::1], b1, u1[:, ::1], u1[:, ::1], i4[::1], i2[:, ::1], i2[:, ::1], f4[:, ::1],"
    "i2[:, ::1], i2[:, ::1], f8, f8, f8, f8, f4[:, ::1], i8, b1, f8, u8, i8, i8, i8, i8)",
    cache=True,
    nogil=True,
)
def improve(  # type: ignore[no-untyped-def]
    features, known, partial, centres, valid, sources, field_x, field_y, distance,
    before_x, before_y, pull_y, pull_x, layer, slack, dear, halvings, forward, better, seed, radius, draws,
    top, bottom,
):  # fmt: skip
    """One pass of PatchMatch over the rows top..bottom: propagation, then random search."""
    height, width = centres.shape
    gain = np.float32(better)
    step = -1 if forward else 1
    for row in range(bottom - top):
        y = top + row if forward else bottom - 1 - row
        for column in range(width):
            x = column if forward else width - 1 - column
            if centres[y, x] == 0:
                continue
            best = distance[y, x]
            best_x = np.int64(field_x[y, x])
            best_y = np.int64(field_y[y, x])
            for side in range(2):
                if side == 0:
                    ny, nx = y, x + step
                    if nx < 0 or nx >= width:
                        continue
                    cx, cy = np.int64(field_x[ny, nx]), np.int64(field_y[ny, nx])
                else:
                    ny, nx = y + step, x
                    if ny < 0 or ny >= height:
                        continue
                    if top <= ny < bottom:
                        cx, cy = np.int64(field_x[ny, nx]), np.int64(field_y[ny, nx])
                    else:
                        cx, cy = np.int64(before_x[ny, nx]), np.int64(before_y[ny, nx])
                if cx < 0:
                    continue
                cx += x - nx
                cy += y - ny
                if cx < 0 or cy < 0 or cx >= width or cy >= height or valid[cy, cx] == 0:
                    continue
                if cx == best_x and cy == best_y:
                    continue
                away = _away(cy - y, cx - x, pull_y, pull_x, layer, slack)
                away += dear[cy >> halvings, cx >> halvings]
                if away >= best:
                    continue
                if partial:
                    d = away + _known_distance(features, known, y, x, cy, cx, best - away)
                else:
                    d = away + patch_distance(features, y, x, cy, cx, best - away)
                if d < best:
                    best, best_x, best_y = d, cx, cy
            draw = np.uint64(y * width + x) * np.uint64(64)
            reach = radius
            first = draws
            while first > 0 or reach >= 1:
                bits = _hash(seed, draw)
                draw += np.uint64(1)
                if first > 0 or best_x < 0:
                    first -= 1
                    at = sources[bits % np.uint64(sources.shape[0])]
                    cy, cx = np.int64(at // width), np.int64(at % width)
                else:
                    span = np.uint64(2 * reach + 1)
                    cx = best_x + np.int64((bits >> np.uint64(33)) % span) - reach
                    cy = best_y + np.int64((bits & np.uint64(0x7FFFFFFF)) % span) - reach
                    reach //= 2
                    if cx < 0 or cy < 0 or cx >= width or cy >= height or valid[cy, cx] == 0:
                        continue
                away = _away(cy - y, cx - x, pull_y, pull_x, layer, slack)
                away += dear[cy >> halvings, cx >> halvings]
                if away >= best:
                    continue
                if partial:
                    d = away + _known_distance(features, known, y, x, cy, cx, best - away)
                else:
                    d = away + patch_distance(features, y, x, cy, cx, best - away)
                if d < best * gain:
                    best, best_x, best_y = d, cx, cy
            distance[y, x] = best
            field_x[y, x] = best_x
            field_y[y, x] = best_y


@njit("f4(f4[::1], i8, i8)", cache=True, nogil=True)
def _nth(values, count, n):  # type: ignore[no-untyped-def]
    """Return the n-th smallest of the first count values, which are reordered (Hoare's quickselect)."""
    low, high = 0, count - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if n <= j:
            high = j
        elif n >= i:
            low = i
        else:
            break
    return values[n]


@njit(
    "void(i2[:, ::1], u1[:, ::1], i2[:, ::1], i2[:, ::1], f4[:, ::1], f8[::1], i8, i8)",
    cache=True,
    nogil=True,
    fastmath=True,
)
def vote(features, hole, field_x, field_y, distance, change, top, bottom):  # type: ignore[no-untyped-def]
    """Weights exp(-d / 2 s), s the 75th percentile of the distances over the pixel (Newson, eq. 3).

    Sources are known throughout, so that writing the hole in place disturbs no other vote.
    """
    height, width = hole.shape
    near = np.empty(PATCH * PATCH, np.float32)
    sorted_near = np.empty(PATCH * PATCH, np.float32)
    at_y = np.empty(PATCH * PATCH, np.int64)
    at_x = np.empty(PATCH * PATCH, np.int64)
    total = np.empty(CHANNELS, np.float32)
    for y in range(top, bottom):
        for x in range(width):
            if hole[y, x] == 0:
                continue
            count = 0
            for ny in range(max(0, y - HALF), min(height, y + HALF + 1)):
                for nx in range(max(0, x - HALF), min(width, x + HALF + 1)):
                    if field_x[ny, nx] < 0:
                        continue
                    near[count] = distance[ny, nx]
                    at_y[count] = field_y[ny, nx] + y - ny
                    at_x[count] = field_x[ny, nx] + x - nx
                    count += 1
            if count == 0:
                continue
            sorted_near[:count] = near[:count]
            spread = np.float32(2) * _nth(sorted_near, count, (count - 1) * 3 // 4) + np.float32(1e-3)
            total[:] = 0
            weights = np.float32(0)
            for n in range(count):
                weight = np.exp(-near[n] / spread)
                weights += weight
                base = at_x[n] * CHANNELS
                for channel in range(CHANNELS):
                    total[channel] += weight * np.float32(features[at_y[n], base + channel])
            for channel in range(CHANNELS):
                value = np.int16(np.floor(total[channel] / weights + np.float32(0.5)))
                if channel < 3:
                    change[y] += abs(np.float32(value) - np.float32(features[y, x * CHANNELS + channel]))
                features[y, x * CHANNELS + channel] = value


@njit(
    "void(u1[:, ::1], i2[:, ::1], i2[:, ::1], f4[:, ::1], i2[:, ::1], i2[:, ::1], i8, i8)",
    cache=True,
    nogil=True,
)
def choose(hole, field_x, field_y, distance, from_y, from_x, top, bottom):  # type: ignore[no-untyped-def]
    height, width = hole.shape
    for y in range(top, bottom):
        for x in range(width):
            if hole[y, x] == 0:
                continue
            best = np.float32(3e38)
            for ny in range(max(0, y - HALF), min(height, y + HALF + 1)):
                for nx in range(max(0, x - HALF), min(width, x + HALF + 1)):
                    if field_x[ny, nx] >= 0 and distance[ny, nx] < best:
                        best = distance[ny, nx]
                        from_y[y, x] = field_y[ny, nx] + y - ny
                        from_x[y, x] = field_x[ny, nx] + x - nx


@njit(
    "void(i2[:, ::1], i2[:, ::1], f4[:, ::1], u1[:, ::1], u1[:, ::1], i4[::1], u8,"
    "i2[:, ::1], i2[:, ::1], f4[:, ::1])",
    cache=True,
    nogil=True,
)
def enlarge(coarse_x, coarse_y, coarse_distance, centres, valid, sources, seed, field_x, field_y, distance):  # type: ignore[no-untyped-def]
    height, width = centres.shape
    coarse_height, coarse_width = coarse_x.shape
    for y in range(height):
        for x in range(width):
            if centres[y, x] == 0:
                continue
            found = False
            for ring in range(4):
                for dy in range(-ring, ring + 1):
                    for dx in range(-ring, ring + 1):
                        cy, cx = y // 2 + dy, x // 2 + dx
                        if found or max(abs(dy), abs(dx)) != ring:
                            continue
                        if cy < 0 or cx < 0 or cy >= coarse_height or cx >= coarse_width:
                            continue
                        if coarse_x[cy, cx] < 0:
                            continue
                        sy = 2 * np.int64(coarse_y[cy, cx]) + y - 2 * cy
                        sx = 2 * np.int64(coarse_x[cy, cx]) + x - 2 * cx
                        if sy < 0 or sx < 0 or sy >= height or sx >= width or valid[sy, sx] == 0:
                            continue
                        found = True
                        field_y[y, x] = sy
                        field_x[y, x] = sx
                        distance[y, x] = coarse_distance[cy, cx]
            if not found:
                at = sources[_hash(seed, np.uint64(y * width + x)) % np.uint64(sources.shape[0])]
                field_y[y, x] = at // width
                field_x[y, x] = at % width
                distance[y, x] = coarse_distance[
                    min(y // 2, coarse_height - 1), min(x // 2, coarse_width - 1)
                ]
