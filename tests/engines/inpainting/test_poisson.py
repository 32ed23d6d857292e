"""poisson: membranes and seams."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.inpainting import poisson


def test_a_membrane_over_a_plane_is_the_plane() -> None:
    rows, columns = np.mgrid[:40, :50].astype(np.float32)
    plane = np.dstack([2 * columns + rows, 90 - rows])
    hole = np.zeros((40, 50), np.uint8)
    hole[10:30, 12:40] = 1
    damaged = np.where(hole[..., None] != 0, np.float32(0), plane)
    before = damaged.copy()
    assert np.abs(poisson.solve_membrane(damaged, hole) - plane[hole != 0]).max() < 1
    assert (damaged == before).all()


def shifted(hole: NDArray[np.bool_], dx: int) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    from_y, from_x = (np.full(hole.shape, -1, np.int16) for _ in range(2))
    ys, xs = np.nonzero(hole)
    from_y[ys, xs], from_x[ys, xs] = ys, xs + dx
    return from_y, from_x


def test_a_copy_from_a_darker_part_takes_the_brightness_around_it() -> None:
    image = np.full((60, 120, 3), 100, np.uint8)
    image[:, 60:] = 112
    hole = np.zeros((60, 120), bool)
    hole[25:35, 20:30] = True
    image[hole] = 0
    poisson.blend(image, *shifted(hole, 60))
    # Ten pixels wide, so that the screening term has hardly a say.
    assert np.abs(image[hole].astype(int) - 100).max() <= 3


def test_what_is_copied_from_where_it_fits_stays_as_it_is() -> None:
    half = np.random.default_rng(5).integers(0, 256, (60, 60, 3)).astype(np.uint8)
    image = np.hstack([half, half])
    hole = np.zeros((60, 120), bool)
    hole[20:40, 20:40] = True
    damaged = image.copy()
    damaged[hole] = 0
    poisson.blend(damaged, *shifted(hole, 60))
    assert np.abs(damaged.astype(int) - image).max() <= 1


def test_a_large_hole_is_blended_in_bands_without_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.full((300, 200, 3), 100, np.uint8)
    image[:, 100:] = 110
    hole = np.zeros((300, 200), bool)
    hole[20:280, 20:80] = True
    whole, banded = image.copy(), image.copy()
    poisson.blend(whole, *shifted(hole, 100))
    monkeypatch.setattr(poisson, "BAND_PIXELS", 3000)
    poisson.blend(banded, *shifted(hole, 100))
    assert np.abs(whole.astype(int) - banded).max() <= 2
