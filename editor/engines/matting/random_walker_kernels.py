"""The random walker's equations, compiled: conjugate gradients over rows that run in vectors."""

from __future__ import annotations

import numpy as np
from numba import njit

# A row each, in functions of their own, on parts that begin at 0: the compiler makes vectors of nothing else.


@njit(f"f4(i8, i8{8 * ', f4[::1]'})", cache=True, nogil=True, fastmath=True)
def _apply(first, last, diagonal, right, upper, lower, row, above, below, product):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the system times the direction, and return its share of the product with the direction."""
    count = last - first
    if count <= 0:
        return np.float32(0)
    before, after, here = row[first - 1 : last - 1], row[first + 1 : last + 1], row[first:last]
    left, right = right[first - 1 : last - 1], right[first:last]
    upper, lower = upper[first:last], lower[first:last]
    above, below = above[first:last], below[first:last]
    diagonal, product = diagonal[first:last], product[first:last]
    total = np.float32(0)
    for j in range(count):
        value = diagonal[j] * here[j] - left[j] * before[j] - right[j] * after[j]
        value -= upper[j] * above[j] + lower[j] * below[j]
        product[j] = value
        total += here[j] * value
    return total


@njit(f"f4(i8, i8, f4{5 * ', f4[::1]'})", cache=True, nogil=True, fastmath=True)
def _move(first, last, length, x, direction, residual, product, inverse):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Go along the direction, and return the row's share of what is left."""
    count = last - first
    if count <= 0:
        return np.float32(0)
    x, direction = x[first:last], direction[first:last]
    residual, product, inverse = residual[first:last], product[first:last], inverse[first:last]
    total = np.float32(0)
    for j in range(count):
        x[j] += length * direction[j]
        rest = residual[j] - length * product[j]
        residual[j] = rest
        total += rest * rest * inverse[j]
    return total


@njit(f"void(i8, i8, f4{3 * ', f4[::1]'})", cache=True, nogil=True, fastmath=True)
def _turn(first, last, turn, direction, residual, inverse):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the next direction."""
    count = last - first
    if count <= 0:
        return
    direction, residual, inverse = direction[first:last], residual[first:last], inverse[first:last]
    for j in range(count):
        direction[j] = residual[j] * inverse[j] + turn * direction[j]


@njit(
    "f4[:, ::1](f4[:, ::1], u1[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], i8, f8)",
    cache=True,
    nogil=True,
    fastmath=True,
)
def walk(start, known, across, down, prior, trust, steps, tolerance):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the walk's solution (H, W) by conjugate gradients with Jacobi's preconditioner.

    Minimises the sum over neighbours of bond (x_i - x_j)^2 + the sum over pixels of trust_i (x_i - prior_i)^2
    where known is 0; elsewhere x stays at start. across and down are the bonds to the right and the lower
    pixel, 0 in the last column and row. Ends after `steps`, or once the residual fell by tolerance.
    """
    height, width = start.shape
    # A frame of zeros all round, and zeros for what is known: so the sweeps have no cases to tell apart.
    x = np.zeros((height + 2, width + 2), np.float32)
    right = np.zeros_like(x)
    lower = np.zeros_like(x)
    diagonal = np.zeros_like(x)
    inverse = np.zeros_like(x)
    residual = np.zeros_like(x)
    direction = np.zeros_like(x)
    product = np.zeros_like(x)
    # Each row's free pixels lie from first to last (outside).
    first = np.full(height + 2, width + 1)
    last = np.zeros(height + 2, np.int64)
    for i in range(height):
        for j in range(width):
            x[i + 1, j + 1] = start[i, j]
            right[i + 1, j + 1] = across[i, j]
            lower[i + 1, j + 1] = down[i, j]
            if known[i, j] == 0:
                first[i + 1] = min(first[i + 1], j + 1)
                last[i + 1] = j + 2
    total = 0.0
    for i in range(1, height + 1):
        for j in range(first[i], last[i]):
            weight = trust[i - 1, j - 1]
            bonds = right[i, j - 1] + right[i, j] + lower[i - 1, j] + lower[i, j] + weight
            diagonal[i, j] = bonds
            if known[i - 1, j - 1] == 0:
                near = right[i, j - 1] * x[i, j - 1] + right[i, j] * x[i, j + 1]
                near += lower[i - 1, j] * x[i - 1, j] + lower[i, j] * x[i + 1, j]
                inverse[i, j] = np.float32(1) / bonds
                residual[i, j] = weight * prior[i - 1, j - 1] + near - bonds * x[i, j]
                direction[i, j] = residual[i, j] * inverse[i, j]
                total += residual[i, j] * direction[i, j]
    enough = max(1e-12, tolerance * tolerance * total)
    for _ in range(steps):
        if total <= enough:
            break
        along = 0.0
        for i in range(1, height + 1):
            along += _apply(
                first[i],
                last[i],
                diagonal[i],
                right[i],
                lower[i - 1],
                lower[i],
                direction[i],
                direction[i - 1],
                direction[i + 1],
                product[i],
            )
        length = np.float32(total / along)
        following = 0.0
        for i in range(1, height + 1):
            following += _move(
                first[i], last[i], length, x[i], direction[i], residual[i], product[i], inverse[i]
            )
        turn = np.float32(following / total)
        total = following
        for i in range(1, height + 1):
            _turn(first[i], last[i], turn, direction[i], residual[i], inverse[i])
    return x[1 : height + 1, 1 : width + 1].copy()
