"""Screened Poisson blending: copied pixels laid in so that no seam shows.

The copies' gradients are kept, and their colours bent to fit.

Perez, Gangnet, Blake, "Poisson Image Editing", SIGGRAPH 2003; screened as in Bhat, Curless, Cohen,
Zitnick, "Fourier Analysis of the 2D Screened Poisson Equation", ECCV 2008. Solved by conjugate
gradients with Jacobi's preconditioner on the hole's pixels alone. Not scipy's cg: that solves one right-hand
side at a time, of a matrix to be built first; here the channels share one stencil of four weights a pixel.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from editor.engines import types

SCREEN = 0.003
"""How strongly a pixel holds on to its copy: a seam's step fades out over 1 / sqrt of it, 18 pixels."""

MISFIT = 24.0
"""Grey levels of step at a seam from which on it is an edge that is meant, not one to be smoothed."""

BAND_PIXELS = 1_000_000
"""About so many of the hole's pixels are solved at once, at 110 bytes each; the rest band by band."""

OVERLAP = 48
"""Rows of the next band that are solved with a band and thrown away: its lower end is not yet final."""

MAX_STEPS = 200
TOLERANCE = 0.03
MEMBRANE_STEPS = 2000
MEMBRANE_TOLERANCE = 0.01

_threads = ThreadPoolExecutor(2, thread_name_prefix="poisson")


def blend(
    rgb: types.Image,
    from_y: NDArray[np.int16],
    from_x: NDArray[np.int16],
    behind: NDArray[np.uint8] | None = None,
) -> None:
    """Fill the hole of rgb, in place, with copies that are blended into one another.

    from_y, from_x (H, W): where each pixel of the hole is copied from, which is known; -1 elsewhere.
    behind (H, W): not 0 where the hole's ground goes on behind what is seen, to which nothing is blended.
    A gradient is the mean of what both of its pixels' sources have there.
    """
    hole = from_y >= 0
    rgb[hole] = rgb[from_y[hole], from_x[hole]]
    rows = np.cumsum(np.count_nonzero(hole, axis=1))
    numbers = np.empty(hole.shape, np.int32)
    behind = np.zeros((1, 1), np.uint8) if behind is None else behind
    top = 0
    while top < len(rows) and rows[-1] > (rows[top - 1] if top else 0):
        done = int(rows[top - 1]) if top else 0
        bottom = max(top + 1, int(np.searchsorted(rows, done + BAND_PIXELS)))
        last = min(bottom + OVERLAP, len(rows))
        numbers[:] = -1
        inside = hole[top:last]
        numbers[top:last][inside] = np.arange(np.count_nonzero(inside), dtype=np.int32)
        solved = _blend_hole(rgb, numbers, from_y, from_x, behind)
        keep = hole[top:bottom]
        rgb[top:bottom][keep] = solved[: np.count_nonzero(keep)]
        top = bottom


def _blend_hole(
    rgb: types.Image,
    numbers: NDArray[np.int32],
    from_y: NDArray[np.int16],
    from_x: NDArray[np.int16],
    behind: NDArray[np.uint8],
) -> types.Image:
    """Return the colours (N, 3) of the numbered pixels, all others being as they should be."""
    count = int(numbers.max()) + 1
    copies = np.empty((3, count), np.float32)
    pull = np.empty((3, count), np.float32)
    weights = np.empty((count, 4), np.float32)
    neighbours = np.empty((count, 4), np.int32)
    _equations(rgb, numbers, from_y, from_x, behind, copies, pull, weights, neighbours)
    solved = copies.copy()
    jobs = [
        _threads.submit(
            _solve, solved[c], copies[c], pull[c], weights, neighbours, SCREEN, MAX_STEPS, TOLERANCE
        )
        for c in range(3)
    ]
    for job in jobs:
        job.result()
    return np.clip(solved.T + np.float32(0.5), 0, 255).astype(np.uint8)


def solve_membrane(values: NDArray[Any], hole: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return for the hole's N pixels (N, C) the smoothest surface between the known values (H, W, C).

    That is Laplace's equation. Where nothing is known, all is 0.
    """
    count = int(np.count_nonzero(hole))
    result = np.zeros((count, values.shape[2]), np.float32)
    if count in (0, hole.size):
        return result
    numbers = _number_pixels(hole)
    weights = np.empty((count, 4), np.float32)
    neighbours = np.empty((count, 4), np.int32)
    border = np.empty(count, np.float32)
    for channel in range(values.shape[2]):
        # One channel at a time: float32 copies of all would take 20 bytes a pixel.
        plane = values[..., channel].astype(np.float32)
        _flat_equations(plane, numbers, border, weights, neighbours)
        solved = np.full(count, plane[hole == 0].mean(), np.float32)
        _solve(solved, solved.copy(), border, weights, neighbours, 0.0, MEMBRANE_STEPS, MEMBRANE_TOLERANCE)
        result[:, channel] = solved
    return result


def _number_pixels(hole: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the number of each of the hole's pixels in reading order, -1 elsewhere."""
    numbers = np.full(hole.shape, -1, np.int32)
    numbers[hole != 0] = np.arange(np.count_nonzero(hole), dtype=np.int32)
    return numbers


@njit(
    "void(u1[:, :, ::1], i4[:, ::1], i2[:, ::1], i2[:, ::1], u1[:, ::1],"
    "f4[:, ::1], f4[:, ::1], f4[:, ::1], i4[:, ::1])",
    cache=True,
    nogil=True,
)
def _equations(rgb, numbers, from_y, from_x, behind, copies, pull, weights, neighbours):  # type: ignore[no-untyped-def]
    """Set up sum over neighbours of w (u_p - u_q) + SCREEN (u_p - copy_p) = pull_p.

    pull holds the gradients wanted and the known neighbours' colours. w sinks where the copies of two
    neighbours disagree by more than MISFIT: smoothing that would bleed colours over a true edge.
    """
    height, width = numbers.shape
    all_seen = 1 if behind.shape[0] < height else 0
    step = np.empty(3, np.float32)
    for y in range(height):
        for x in range(width):
            n = numbers[y, x]
            if n < 0:
                continue
            sy, sx = np.int64(from_y[y, x]), np.int64(from_x[y, x])
            for c in range(3):
                copies[c, n] = rgb[sy, sx, c]
                pull[c, n] = 0
            for side in range(4):
                dy = (-1, 1, 0, 0)[side]
                dx = (0, 0, -1, 1)[side]
                ny, nx = y + dy, x + dx
                neighbours[n, side] = -1
                weights[n, side] = 0
                if ny < 0 or nx < 0 or ny >= height or nx >= width:
                    continue
                other = numbers[ny, nx]
                if other < 0 and all_seen == 0 and behind[ny, nx] != 0:
                    continue
                sides = 0
                step[:] = 0
                if 0 <= sy + dy < height and 0 <= sx + dx < width and from_y[sy + dy, sx + dx] < 0:
                    sides += 1
                    for c in range(3):
                        step[c] += np.float32(rgb[sy + dy, sx + dx, c]) - np.float32(rgb[sy, sx, c])
                oy, ox = ny, nx
                if from_y[ny, nx] >= 0:
                    oy, ox = int(from_y[ny, nx]), int(from_x[ny, nx])
                    if 0 <= oy - dy < height and 0 <= ox - dx < width and from_y[oy - dy, ox - dx] < 0:
                        sides += 1
                        for c in range(3):
                            step[c] += np.float32(rgb[oy, ox, c]) - np.float32(rgb[oy - dy, ox - dx, c])
                misfit = np.float32(0)
                for c in range(3):
                    apart = np.float32(rgb[oy, ox, c]) - np.float32(rgb[sy, sx, c])
                    step[c] = step[c] / np.float32(sides) if sides > 0 else apart
                    misfit = max(misfit, abs(apart - step[c]))
                misfit = misfit / np.float32(MISFIT)
                w = np.float32(1) / (np.float32(1) + misfit * misfit)
                weights[n, side] = w
                neighbours[n, side] = other
                for c in range(3):
                    pull[c, n] -= w * step[c]
                    if other < 0:
                        pull[c, n] += w * np.float32(rgb[ny, nx, c])


@njit("void(f4[:, ::1], i4[:, ::1], f4[::1], f4[:, ::1], i4[:, ::1])", cache=True, nogil=True)
def _flat_equations(values, numbers, pull, weights, neighbours):  # type: ignore[no-untyped-def]
    height, width = numbers.shape
    for y in range(height):
        for x in range(width):
            n = numbers[y, x]
            if n < 0:
                continue
            pull[n] = 0
            for side in range(4):
                ny = y + (-1, 1, 0, 0)[side]
                nx = x + (0, 0, -1, 1)[side]
                neighbours[n, side] = -1
                weights[n, side] = 0
                if ny < 0 or nx < 0 or ny >= height or nx >= width:
                    continue
                weights[n, side] = 1
                neighbours[n, side] = numbers[ny, nx]
                if numbers[ny, nx] < 0:
                    pull[n] += values[ny, nx]


@njit("f8(f4[::1], f4[:, ::1], i4[:, ::1], f8, f4[::1])", cache=True, nogil=True, fastmath=True)
def _apply(values, weights, neighbours, screen, result):  # type: ignore[no-untyped-def]
    """Set result to the matrix times values and return their inner product."""
    inner = 0.0
    for n in range(values.shape[0]):
        total = np.float32(screen) * values[n]
        for side in range(4):
            w = weights[n, side]
            total += w * values[n]
            other = neighbours[n, side]
            if other >= 0:
                total -= w * values[other]
        result[n] = total
        inner += total * values[n]
    return inner


@njit(
    "void(f4[::1], f4[::1], f4[::1], f4[:, ::1], i4[:, ::1], f8, i8, f8)",
    cache=True,
    nogil=True,
    fastmath=True,
)
def _solve(values, copies, pull, weights, neighbours, screen, steps, tolerance):  # type: ignore[no-untyped-def]
    """Improve values in place until the root mean square residual is below tolerance grey levels."""
    count = values.shape[0]
    rest = np.empty(count, np.float32)
    way = np.empty(count, np.float32)
    product = np.empty(count, np.float32)
    scale = np.empty(count, np.float32)
    _apply(values, weights, neighbours, screen, product)
    gain = 0.0
    for n in range(count):
        diagonal = np.float32(screen + 1e-6)
        for side in range(4):
            diagonal += weights[n, side]
        scale[n] = np.float32(1) / diagonal
        rest[n] = pull[n] + np.float32(screen) * copies[n] - product[n]
        way[n] = scale[n] * rest[n]
        gain += rest[n] * way[n]
    for _ in range(steps):
        if gain <= tolerance * tolerance * count:
            break
        inner = _apply(way, weights, neighbours, screen, product)
        if inner <= 0.0:
            break
        length = np.float32(gain / inner)
        before = gain
        gain = 0.0
        for n in range(count):
            values[n] += length * way[n]
            rest[n] -= length * product[n]
            gain += rest[n] * rest[n] * scale[n]
        turn = np.float32(gain / before)
        for n in range(count):
            way[n] = scale[n] * rest[n] + turn * way[n]
