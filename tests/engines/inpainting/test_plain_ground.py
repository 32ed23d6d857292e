"""Plain grounds go on under a hole as they shade off around it, grain, edges and thin lines and all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines.inpainting import grain
from editor.engines.tools import erase

Pixels = NDArray[np.uint8]
ROWS, COLUMNS = np.mgrid[:200, :300]


def sweep() -> NDArray[np.float64]:
    """Return a ground that is lit from one side and falls off in all directions, with a camera's noise."""
    shade = 1 - 0.3 * np.hypot(COLUMNS / 300 - 0.2, ROWS / 200 - 0.1)
    noise = np.random.default_rng(4).normal(0, 2, (200, 300, 1))
    return shade[..., None] * (220.0, 200.0, 180.0) + noise


def erased(truth: NDArray[np.float64]) -> tuple[Pixels, Pixels, NDArray[np.bool_]]:
    """Return a ground, the same with a thing erased from it, and where that stood."""
    whole = np.clip(truth + 0.5, 0, 255).astype(np.uint8)
    image, hole = whole.copy(), np.zeros((200, 300), bool)
    image[66:134, 116:184] = (30, 60, 200)
    hole[60:140, 110:190] = True
    return whole, erase.erase(image, hole), hole


def measure_wrong(truth: Pixels, filled: Pixels) -> int:
    """Return how many pixels are wrong, however soft the edges are drawn."""
    calm = [ndimage.gaussian_filter(image.astype(float), (1.5, 1.5, 0)) for image in (truth, filled)]
    return int((np.abs(calm[0] - calm[1]).max(axis=2) > 25).sum())


def test_a_sweep_shades_off_under_what_was_erased() -> None:
    truth, filled, hole = erased(sweep())
    calm = [ndimage.gaussian_filter(image.astype(float), (4, 4, 0)) for image in (truth, filled)]
    assert np.abs(calm[0] - calm[1])[hole].max() < 2.5


def test_its_grain_is_the_grounds() -> None:
    truth, filled, hole = erased(sweep())
    inner = ndimage.binary_erosion(hole, iterations=4)
    spreads = []
    for image in (truth, filled):
        rest = image.astype(float) - ndimage.gaussian_filter(image.astype(float), (3, 3, 0))
        spreads.append(rest[inner].std(axis=0))
    assert np.allclose(spreads[0], spreads[1], rtol=0.2)


def test_what_an_edge_parts_is_filled_by_what_is_on_its_side() -> None:
    scene = sweep()
    scene[ROWS > 90 + 0.1 * COLUMNS] *= 0.5
    truth, filled, hole = erased(scene)
    assert measure_wrong(truth, filled) < 0.002 * hole.sum()


def test_a_pole_before_wall_and_floor_stands_before_both() -> None:
    scene = sweep()
    scene[ROWS > 90 + 0.1 * COLUMNS] *= 0.5
    scene[np.abs(COLUMNS - 150 - 0.2 * (ROWS - 100)) < 3] = (230, 220, 40)
    truth, filled, hole = erased(scene)
    assert measure_wrong(truth, filled) < 0.002 * hole.sum()


def test_grain_keeps_what_channels_have_in_common() -> None:
    noise = np.random.default_rng(1).normal(128, 6, (64, 64, 1)).repeat(3, axis=2)
    made = grain.make_grain(noise.astype(np.uint8), np.ones((64, 64), bool), 1, (300, 280), 0)
    assert made is not None
    assert made.shape == (300, 280, 3)
    assert np.allclose(made[..., 0], made[..., 2], atol=1e-3)


def test_too_little_ground_has_no_grain() -> None:
    assert grain.make_grain(np.zeros((9, 9, 3), np.uint8), np.ones((9, 9), bool), 1, (20, 20), 0) is None
