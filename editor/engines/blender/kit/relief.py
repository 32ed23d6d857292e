"""Height fields for meshes, in numpy: gradient noise and what is made of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Heights = NDArray[np.float64]


def noise(x: Heights, y: Heights, seed: int = 0) -> Heights:
    """Return gradient noise in about -1..1 at the points, one bump per unit.

    Perlin, "Improving Noise", SIGGRAPH 2002; gradients from a hash of the cell instead of a table.
    """
    left, below = np.floor(x), np.floor(y)
    across, up = x - left, y - below
    total = np.zeros(np.broadcast(x, y).shape)
    for step_x in (0.0, 1.0):
        for step_y in (0.0, 1.0):
            angle = _hash_cell(left + step_x, below + step_y, seed) * 2 * np.pi
            reach = np.cos(angle) * (across - step_x) + np.sin(angle) * (up - step_y)
            share_x = _ease(across if step_x else 1 - across)
            total += reach * share_x * _ease(up if step_y else 1 - up)
    return total * 1.5


def layers(x: Heights, y: Heights, seed: int = 0, *, count: int = 4, roughness: float = 0.5) -> Heights:
    """Return noise with `count` layers, each twice as fine and `roughness` times as high."""
    total = np.zeros(np.broadcast(x, y).shape)
    height, scale = 1.0, 1.0
    for layer in range(count):
        total += height * noise(x * scale + 17.3 * layer, y * scale - 9.1 * layer, seed + layer)
        height, scale = height * roughness, scale * 2.03
    return total


def ridges(x: Heights, y: Heights, seed: int = 0, *, count: int = 4) -> Heights:
    """Return sharp crests with wide valleys, 0..1: folds, dunes, mountains."""
    total = np.zeros(np.broadcast(x, y).shape)
    height, scale = 0.55, 1.0
    for layer in range(count):
        total += height * (1 - np.abs(noise(x * scale, y * scale, seed + layer))) ** 2
        height, scale = height * 0.45, scale * 2.1
    return total


def step(value: Heights, low: float, high: float) -> Heights:
    """Return 0 below low, 1 above high, and a smooth way between."""
    return _ease(np.clip((value - low) / (high - low), 0, 1))


def _ease(share: Heights) -> Heights:
    return share**3 * (share * (share * 6 - 15) + 10)


def _hash_cell(column: Heights, row: Heights, seed: int) -> Heights:
    """Return a number 0..1 that looks random for every cell."""
    value = column.astype(np.int64) * 374761393 + row.astype(np.int64) * 668265263 + seed * 974634599
    value = (value ^ (value >> 13)) * 1274126177
    value = (value ^ (value >> 16)) & 0xFFFFFF
    return value / float(0x1000000)
