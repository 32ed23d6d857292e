"""A soft choice of pixels that keeps to the picture's edges.

Grady, "Multilabel Random Walker Image Segmentation Using Prior Models", CVPR 2005: the minimum of
sum over neighbours of w (x_i - x_j)^2 + sum over pixels of l (x_i - p_i)^2, solved from coarse to fine.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from . import contract

FLOOR = 0.003
"""The weight across the hardest edge: everything stays joined, so the minimum is one."""

ROUNDS = (200, 60, 40, 30)
"""Sweeps at the coarsest level and at the finer ones; a start from the coarser level needs few."""


def chosen(
    colours: NDArray[np.float32],
    prior: contract.Alpha,
    trust: contract.Alpha,
    bond: contract.Alpha,
) -> contract.Alpha:
    """Return (H, W) float32 in 0..1: the prior, spread along what is alike and stopped at edges.

    colours: (H, W, 3) in which distance means difference (L*a*b*). prior: 0..1 per pixel, believed
    as far as trust (0 not at all, 1 as much as one neighbour that looks alike, large: surely) says.
    bond: 0..1, how far a pixel holds together with its neighbours at all.
    """
    levels = [(colours, prior, trust, bond)]
    while min(levels[-1][1].shape) > 48 and len(levels) < len(ROUNDS):
        levels.append(_halved(*levels[-1]))
    result = levels[-1][1].copy()
    for level, rounds in zip(reversed(levels), ROUNDS, strict=False):
        guide, belief, weight, joint = level
        height, width = belief.shape
        if result.shape != belief.shape:
            result = np.repeat(np.repeat(result, 2, axis=0), 2, axis=1)[:height, :width].copy()
        right, down = _weights(guide, joint)
        _solve(result, belief, weight, right, down, rounds)
    return result


def _halved(
    colours: NDArray[np.float32], prior: contract.Alpha, trust: contract.Alpha, bond: contract.Alpha
) -> tuple[NDArray[np.float32], contract.Alpha, contract.Alpha, contract.Alpha]:
    """Return one level coarser: what is believed is averaged by how far it is believed."""
    height, width = prior.shape
    padding = ((0, height % 2), (0, width % 2))
    full = [np.pad(plane, padding, mode="edge") for plane in (prior, trust, bond)]
    shade = np.pad(colours, (*padding, (0, 0)), mode="edge")
    rows, columns = full[0].shape[0] // 2, full[0].shape[1] // 2
    prior, trust, bond = (plane.reshape(rows, 2, columns, 2) for plane in full)
    weight = trust.sum(axis=(1, 3))
    mean = (prior * trust).sum(axis=(1, 3)) / np.maximum(weight, 1e-6)
    belief = np.where(weight > 1e-6, mean, prior.mean(axis=(1, 3)))
    return (
        np.ascontiguousarray(shade.reshape(rows, 2, columns, 2, 3).mean(axis=(1, 3)), np.float32),
        belief.astype(np.float32),
        # Four pixels' worth of belief against bonds that are as strong as before.
        weight.astype(np.float32),
        bond.mean(axis=(1, 3)).astype(np.float32),
    )


def _weights(
    colours: NDArray[np.float32], bond: contract.Alpha
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return each pixel's weight towards its right and its lower neighbour, (H, W) each."""
    planes = []
    for axis in (1, 0):
        step = (np.diff(colours, axis=axis) ** 2).sum(axis=2)
        first = (slice(None), slice(None, -1)) if axis else (slice(None, -1), slice(None))
        second = (slice(None), slice(1, None)) if axis else (slice(1, None), slice(None))
        joint = np.minimum(bond[first], bond[second])
        # Edges are judged by what is usual within what is held together (Rother et al., GrabCut, 2004).
        usual = float((step * joint).sum() / max(float(joint.sum()), 1e-6))
        weight = (np.exp(-step / max(2 * usual, 1e-3)) + FLOOR) * (0.02 + joint)
        plane = np.zeros(bond.shape, np.float32)
        plane[first] = weight
        planes.append(plane)
    return planes[0], planes[1]


@njit("void(f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], i8)", cache=True, nogil=True)
def _solve(x, prior, trust, right, down, rounds):  # type: ignore[no-untyped-def]
    """Sweep x in place towards the minimum: Gauss-Seidel, over-relaxed, there and back in turn."""
    height, width = x.shape
    for sweep in range(rounds):
        for line in range(height):
            i = line if sweep % 2 == 0 else height - 1 - line
            for place in range(width):
                j = place if sweep % 2 == 0 else width - 1 - place
                top = trust[i, j] * prior[i, j]
                total = trust[i, j]
                if j > 0:
                    top += right[i, j - 1] * x[i, j - 1]
                    total += right[i, j - 1]
                if j < width - 1:
                    top += right[i, j] * x[i, j + 1]
                    total += right[i, j]
                if i > 0:
                    top += down[i - 1, j] * x[i - 1, j]
                    total += down[i - 1, j]
                if i < height - 1:
                    top += down[i, j] * x[i + 1, j]
                    total += down[i, j]
                if total > 0:
                    value = x[i, j] + np.float32(1.5) * (top / total - x[i, j])
                    x[i, j] = min(np.float32(1), max(np.float32(0), value))
