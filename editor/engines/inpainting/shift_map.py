"""A shift map, the first guess for a hole across straight structures: pieces, each copied by one shift.

After He, Sun, "Statistics of Patch Offsets for Image Completion", ECCV 2012: few shifts are worth
trying, those by which the picture resembles itself and those that fit the hole's border. Which pixel
takes which is a labelling problem whose cost is the seams (Pritch, Kav-Venaki, Peleg, "Shift-Map
Image Editing", ICCV 2009), solved here by min-sum belief propagation, for small pictures only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from . import patchmatch as pm
from . import patchmatch_kernels as kernels

SHIFTS = 48
MAX_PIXELS = 1600
"""Of the hole; the time grows with them, and 0.3 s is what a better start is worth."""

SWEEPS = 8
PROBES = 100
"""About so many known patches look for their like, to learn by which shifts the picture repeats."""

CLEAR = 4
"""Pixels between two shifts that are both tried; nearer ones say the same."""

IMPOSSIBLE = 1e9
NOT_SEEN = 2
"""Marks pixels that are no hole and tell nothing of it either."""


def label_shifts(
    features: pm.Features, hole: pm.Bytes, barred: pm.Bytes, behind: pm.Bytes, valid: pm.Bytes
) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
    """Return how far down and right (N,) each of the hole's pixels, in reading order, is copied from.

    None where the hole is too large, or no shift brings something known to every pixel.
    """
    count = int(np.count_nonzero(hole))
    if not 0 < count <= MAX_PIXELS:
        return None
    unknown = ((hole != 0) | (barred != 0) | (behind != 0)).astype(np.uint8)
    hidden = (behind != 0) & (hole == 0)
    down, right = _candidates(features, np.where(hidden, NOT_SEEN, hole).astype(np.uint8), unknown, valid)
    if not len(down):
        return None
    numbers = np.where(hidden, np.int32(-NOT_SEEN), np.int32(-1))
    numbers[hole != 0] = np.arange(count, dtype=np.int32)
    costs = np.empty((count, len(down)), np.float32)
    apart = np.empty((count, len(down), len(down)), np.float32)
    neighbours = np.empty((count, 4), np.int32)
    _set_costs(features, numbers, unknown, down, right, costs, apart, neighbours)
    if (costs.min(axis=1) >= IMPOSSIBLE).any():
        return None
    labels = np.empty(count, np.int32)
    _propagate(costs, apart, neighbours, SWEEPS, labels)
    return down[labels], right[labels]


def _candidates(
    features: pm.Features, hole: pm.Bytes, unknown: pm.Bytes, valid: pm.Bytes
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the shifts to try: half repeat the picture, half fit the border."""
    height, width = hole.shape
    ys, xs = np.nonzero(valid)
    every = max(1, len(ys) // PROBES)
    repeats = np.zeros((2 * height - 1, 2 * width - 1), np.float32)
    rows, columns = np.nonzero(hole == 1)
    thick = min(int(np.ptp(rows)), int(np.ptp(columns))) + 1
    _count_repeats(features, valid, ys[::every], xs[::every], max(CLEAR, thick // 2), repeats)
    fits = np.zeros_like(repeats)
    _measure_fits(features, hole, unknown, fits)
    chosen: list[tuple[int, int]] = []
    for votes in (repeats, fits):
        votes = votes.copy()
        for y, x in chosen:
            _clear(votes, y, x)
        for _ in range(SHIFTS // 2):
            y, x = (int(n) for n in np.unravel_index(int(votes.argmax()), votes.shape))
            if votes[y, x] <= 0:
                break
            chosen.append((y, x))
            _clear(votes, y, x)
    places = np.array(chosen, np.int32).reshape(-1, 2)
    return (
        np.ascontiguousarray(places[:, 0] - (height - 1), np.int32),
        np.ascontiguousarray(places[:, 1] - (width - 1), np.int32),
    )


def _clear(votes: NDArray[np.float32], y: int, x: int) -> None:
    near = CLEAR // 2
    votes[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1] = 0


@njit("void(i2[:, ::1], u1[:, ::1], i8[:], i8[:], i8, f4[:, ::1])", cache=True, nogil=True)
def _count_repeats(features, valid, ys, xs, least, votes):  # type: ignore[no-untyped-def]
    """Count by how far each probe's best like, at least `least` pixels off, is away."""
    height, width = valid.shape
    for n in range(ys.shape[0]):
        y, x = ys[n], xs[n]
        best = np.float32(3e38)
        best_y, best_x = -1, -1
        for sy in range(height):
            for sx in range(width):
                if valid[sy, sx] == 0 or max(abs(sy - y), abs(sx - x)) < least:
                    continue
                d = kernels.patch_distance(features, y, x, sy, sx, best)
                if d < best:
                    best, best_y, best_x = d, sy, sx
        if best_y >= 0:
            # Both ways: what repeats upwards repeats downwards. Neighbours count as half.
            for v in range(-1, 2):
                for u in range(-1, 2):
                    share = np.float32(1.0 if v == 0 and u == 0 else 0.5)
                    for sign in (-1, 1):
                        vy = height - 1 + sign * (best_y - y) + v
                        vx = width - 1 + sign * (best_x - x) + u
                        if 0 <= vy < votes.shape[0] and 0 <= vx < votes.shape[1]:
                            votes[vy, vx] += share


@njit("void(i2[:, ::1], u1[:, ::1], u1[:, ::1], f4[:, ::1])", cache=True, nogil=True)
def _measure_fits(features, hole, unknown, votes):  # type: ignore[no-untyped-def]
    """Set how well the ring around the hole matches what each shift would bring there."""
    height, width = hole.shape
    ring_y = np.empty(height * width, np.int64)
    ring_x = np.empty(height * width, np.int64)
    count = 0
    for y in range(height):
        for x in range(width):
            if hole[y, x] != 0:
                continue
            near = False
            for v in range(-2, 3):
                for u in range(-2, 3):
                    if 0 <= y + v < height and 0 <= x + u < width and hole[y + v, x + u] == 1:
                        near = True
            if near:
                ring_y[count] = y
                ring_x[count] = x
                count += 1
    bound = np.float32((40 * pm.UNIT) ** 2)
    for dy in range(-(height - 1), height):
        for dx in range(-(width - 1), width):
            if max(abs(dy), abs(dx)) < CLEAR:
                continue
            score = np.float32(0)
            for n in range(count):
                y, x = ring_y[n], ring_x[n]
                sy, sx = y + dy, x + dx
                if sy < 0 or sx < 0 or sy >= height or sx >= width or unknown[sy, sx] != 0:
                    continue
                d = np.float32(0)
                for c in range(3):
                    step = np.float32(features[y, x * 5 + c]) - np.float32(features[sy, sx * 5 + c])
                    d += step * step
                if d < bound:
                    score += np.float32(1) - d / bound
            votes[height - 1 + dy, width - 1 + dx] = score


@njit(
    "void(i2[:, ::1], i4[:, ::1], u1[:, ::1], i4[::1], i4[::1], f4[:, ::1], f4[:, :, ::1], i4[:, ::1])",
    cache=True,
    nogil=True,
)
def _set_costs(features, numbers, unknown, down, right, costs, apart, neighbours):  # type: ignore[no-untyped-def]
    """Set what each shift costs at each pixel (costs), and the colours' distance of each two (apart)."""
    height, width = numbers.shape
    shifts = down.shape[0]
    bound = np.float32((60 * pm.UNIT) ** 2)
    for y in range(height):
        for x in range(width):
            n = numbers[y, x]
            if n < 0:
                continue
            for k in range(shifts):
                sy, sx = y + down[k], x + right[k]
                ok = 0 <= sy < height and 0 <= sx < width and unknown[sy, sx] == 0
                costs[n, k] = np.float32(0) if ok else np.float32(IMPOSSIBLE)
            for side in range(4):
                dy = (-1, 1, 0, 0)[side]
                dx = (0, 0, -1, 1)[side]
                ny, nx = y + dy, x + dx
                neighbours[n, side] = -1
                if ny < 0 or nx < 0 or ny >= height or nx >= width or numbers[ny, nx] == -NOT_SEEN:
                    continue
                neighbours[n, side] = numbers[ny, nx]
                if numbers[ny, nx] >= 0:
                    continue
                for k in range(shifts):
                    sy, sx = ny + down[k], nx + right[k]
                    d = bound
                    if 0 <= sy < height and 0 <= sx < width and unknown[sy, sx] == 0:
                        d = np.float32(0)
                        for c in range(5):
                            step = np.float32(features[ny, nx * 5 + c]) - np.float32(features[sy, sx * 5 + c])
                            d += step * step
                    costs[n, k] += np.float32(2) * min(d, bound)
            for a in range(shifts):
                apart[n, a, a] = 0
                if costs[n, a] >= np.float32(IMPOSSIBLE):
                    apart[n, a, :] = bound
                    apart[n, :, a] = bound
                    apart[n, a, a] = 0
                    continue
                ay, ax = y + down[a], x + right[a]
                for b in range(a):
                    if costs[n, b] >= np.float32(IMPOSSIBLE):
                        continue
                    by, bx = y + down[b], x + right[b]
                    d = np.float32(0)
                    for c in range(5):
                        step = np.float32(features[ay, ax * 5 + c]) - np.float32(features[by, bx * 5 + c])
                        d += step * step
                    apart[n, a, b] = apart[n, b, a] = min(d, bound)


@njit("void(f4[:, ::1], f4[:, :, ::1], i4[:, ::1], i8, i4[::1])", cache=True, nogil=True)
def _propagate(costs, apart, neighbours, sweeps, labels):  # type: ignore[no-untyped-def]
    """Min-sum belief propagation in alternating raster sweeps; messages[p, s] came to p from side s."""
    count, shifts = costs.shape
    messages = np.zeros((count, 4, shifts), np.float32)
    belief = np.empty(shifts, np.float32)
    out = np.empty(shifts, np.float32)
    for sweep in range(sweeps):
        for step in range(count):
            n = step if sweep % 2 == 0 else count - 1 - step
            for side in range(4):
                # Forwards to what comes later (down, right), backwards to what came before.
                ahead = side % 2 == 1 if sweep % 2 == 0 else side % 2 == 0
                other = neighbours[n, side]
                if not ahead or other < 0:
                    continue
                for k in range(shifts):
                    total = costs[n, k]
                    for source in range(4):
                        if source != side:
                            total += messages[n, source, k]
                    belief[k] = total
                out[:] = np.float32(3e38)
                for a in range(shifts):
                    start = belief[a]
                    for b in range(shifts):
                        d = start + apart[n, a, b] + apart[other, a, b]
                        out[b] = min(out[b], d)
                lowest = out.min()
                for k in range(shifts):
                    messages[other, side ^ 1, k] = out[k] - lowest
    for n in range(count):
        best = np.float32(3e38)
        for k in range(shifts):
            total = costs[n, k]
            for side in range(4):
                total += messages[n, side, k]
            if total < best:
                best = total
                labels[n] = k
