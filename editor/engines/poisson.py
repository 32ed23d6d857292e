"""Copied pixels laid in so that no seam shows: the copies' gradients kept, their colours bent to fit.

Perez, Gangnet, Blake, "Poisson Image Editing", SIGGRAPH 2003; screened as in Bhat, Curless, Cohen,
Zitnick, "Fourier Analysis of the 2D Screened Poisson Equation", ECCV 2008. Solved by conjugate
gradients with Jacobi's preconditioner on the hole's pixels alone.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from numpy.typing import NDArray

from . import contract

SCREEN = 0.003
"""How strongly a pixel holds on to its copy: a seam's step fades out over 1 / sqrt of it, 18 pixels."""

MISFIT = 24.0
"""Grey levels of step at a seam from which on it is an edge that is meant, not one to be smoothed."""

MAX_STEPS = 200
TOLERANCE = 0.03
MEMBRANE_STEPS = 2000
MEMBRANE_TOLERANCE = 0.01

_threads = ThreadPoolExecutor(2, thread_name_prefix="poisson")


def blend(
    rgb: contract.Image,
    hole: NDArray[np.uint8],
    from_y: NDArray[np.int16],
    from_x: NDArray[np.int16],
) -> NDArray[np.uint8]:
    """Return the colours (N, 3) uint8 of the hole's N pixels in reading order, copied and blended.

    from_y, from_x say where every pixel of the hole is copied from; that place is known. A gradient
    is the mean of what both of its pixels' sources have there.
    """
    numbers = _numbered(hole)
    count = int(np.count_nonzero(hole))
    copies = np.empty((3, count), np.float32)
    pull = np.empty((3, count), np.float32)
    weights = np.empty((count, 4), np.float32)
    neighbours = np.empty((count, 4), np.int32)
    _equations(rgb, numbers, from_y, from_x, copies, pull, weights, neighbours)
    solved = copies.copy()
    jobs = [
        _threads.submit(_solve, solved[c], copies[c], pull[c], weights, neighbours, SCREEN, MAX_STEPS, TOLERANCE)
        for c in range(3)
    ]
    for job in jobs:
        job.result()
    return np.clip(solved.T + np.float32(0.5), 0, 255).astype(np.uint8)


def membrane(values: NDArray[np.float32], hole: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a copy of values (H, W, C) whose hole is the smoothest surface between its borders.

    That is Laplace's equation. Where nothing is known, all is 0.
    """
    result = np.where(hole[..., None] != 0, np.float32(0), values).astype(np.float32)
    count = int(np.count_nonzero(hole))
    if count == 0 or count == hole.size:
        return result
    numbers = _numbered(hole)
    start = result[hole == 0].mean(axis=0)
    for channel in range(values.shape[2]):
        plane = np.ascontiguousarray(result[..., channel])
        border = np.empty(count, np.float32)
        weights = np.empty((count, 4), np.float32)
        neighbours = np.empty((count, 4), np.int32)
        _flat_equations(plane, numbers, border, weights, neighbours)
        solved = np.full(count, start[channel], np.float32)
        _solve(solved, solved.copy(), border, weights, neighbours, 0.0, MEMBRANE_STEPS, MEMBRANE_TOLERANCE)
        result[..., channel][hole != 0] = solved
    return result


def _numbered(hole: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the number of each of the hole's pixels in reading order, -1 elsewhere."""
    numbers = np.full(hole.shape, -1, np.int32)
    numbers[hole != 0] = np.arange(np.count_nonzero(hole), dtype=np.int32)
    return numbers


@njit(
    "void(u1[:, :, ::1], i4[:, ::1], i2[:, ::1], i2[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], i4[:, ::1])",
    cache=True,
    nogil=True,
)
def _equations(rgb, numbers, from_y, from_x, copies, pull, weights, neighbours):  # type: ignore[no-untyped-def]
    """Set up sum over neighbours of w (u_p - u_q) + SCREEN (u_p - copy_p) = pull_p.

    pull holds the gradients wanted and the known neighbours' colours. w sinks where the copies of two
    neighbours disagree by more than MISFIT: smoothing that would bleed colours over a true edge.
    """
    height, width = numbers.shape
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
                sides = 0
                step[:] = 0
                if 0 <= sy + dy < height and 0 <= sx + dx < width and numbers[sy + dy, sx + dx] < 0:
                    sides += 1
                    for c in range(3):
                        step[c] += np.float32(rgb[sy + dy, sx + dx, c]) - np.float32(rgb[sy, sx, c])
                oy, ox = ny, nx
                if other >= 0:
                    oy, ox = np.int64(from_y[ny, nx]), np.int64(from_x[ny, nx])
                    if 0 <= oy - dy < height and 0 <= ox - dx < width and numbers[oy - dy, ox - dx] < 0:
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
