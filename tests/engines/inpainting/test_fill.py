"""fill.fill: what the made-up part looks like."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from editor.engines.inpainting import fill, shift_map

STARTS: tuple[fill.Start, ...] = ("best", "onion", "membrane", "shifts")


def hole_at(shape: tuple[int, ...], top: int, left: int, side: int) -> NDArray[np.bool_]:
    hole = np.zeros(shape[:2], bool)
    hole[top : top + side, left : left + side] = True
    return hole


def roughness(pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> float:
    grey = pixels.mean(axis=2)
    return float(np.abs(np.diff(grey, axis=1))[hole[:, 1:]].mean())


@pytest.mark.parametrize("start", STARTS)
def test_a_flat_picture_stays_flat(start: fill.Start) -> None:
    image = np.full((120, 120, 3), (10, 200, 90), np.uint8)
    hole = hole_at(image.shape, 40, 40, 40)
    image[hole] = 255
    filled = fill.fill(image, hole, start=start)
    assert (filled == (10, 200, 90)).all()
    assert (image[hole] == 255).all()


@pytest.mark.parametrize("start", STARTS)
def test_stripes_go_on_in_step(start: fill.Start) -> None:
    image = np.zeros((128, 128, 3), np.uint8)
    image[:, (np.arange(128) // 8) % 2 == 0] = 200
    hole = hole_at(image.shape, 40, 44, 40)
    filled = fill.fill(np.where(hole[..., None], 99, image).astype(np.uint8), hole, start=start)
    assert np.abs(filled.astype(int) - image).mean(where=hole[..., None]) < 8


@pytest.mark.parametrize("left", [0, 50])
def test_layers_go_on_at_their_height(left: int) -> None:
    colours = np.repeat(np.array([(90, 140, 220), (120, 150, 90), (200, 190, 120), (90, 120, 60)]), 40, 0)
    noise = np.random.default_rng(1).normal(0, 12, (160, 160, 3))
    image = np.clip(colours[:, None] + noise, 0, 255).astype(np.uint8)
    hole = hole_at(image.shape, 15, left, 60) | hole_at(image.shape, 75, left, 60)
    filled = fill.fill(np.where(hole[..., None], 99, image).astype(np.uint8), hole)
    rows = filled[15:135, left : left + 60].mean(axis=1) - colours[15:135]
    assert np.abs(rows).max(axis=1).mean() < 8
    assert (np.abs(rows).max(axis=1) > 40).sum() <= 4


def test_a_ramp_is_filled_without_a_step() -> None:
    ramp = np.linspace(20, 230, 160).astype(np.uint8)
    image = np.repeat(np.repeat(ramp[None, :, None], 120, 0), 3, 2)
    hole = hole_at(image.shape, 30, 50, 50)
    filled = fill.fill(np.where(hole[..., None], 0, image).astype(np.uint8), hole)
    assert np.abs(filled.astype(int) - image).max() < 12


@pytest.mark.parametrize("name", ["grass", "gravel", "brick"])
def test_a_texture_stays_as_rough_as_it_was(name: str) -> None:
    grey = getattr(skimage.data, name)()[100:400, 100:400]
    image = np.repeat(grey[..., None], 3, axis=2)
    hole = hole_at(image.shape, 100, 100, 90)
    filled = fill.fill(np.where(hole[..., None], 0, image).astype(np.uint8), hole)
    assert 0.6 < roughness(filled, hole) / roughness(image, hole) < 1.5


def test_the_made_up_pixels_come_from_known_ones() -> None:
    image = np.random.default_rng(0).integers(60, 190, (90, 90, 3)).astype(np.uint8)
    hole = hole_at(image.shape, 30, 30, 30)
    image[hole] = 255
    filled = fill.fill(image, hole)
    # Blending bends colours a little; nothing reaches what only the hole held.
    assert filled[hole].max() < 230


def test_shifts_give_up_on_a_hole_that_is_too_large() -> None:
    side = int(shift_map.MAX_PIXELS**0.5) + 2
    hole = hole_at((200, 200), 60, 60, side).astype(np.uint8)
    features = np.zeros((200, 200 * 5), np.int16)
    assert shift_map.label_shifts(features, hole, *[np.zeros_like(hole)] * 2, 1 - hole) is None


def test_shifts_find_the_period_of_stripes() -> None:
    values = np.zeros((48, 48, 5), np.int16)
    values[:, (np.arange(48) // 6) % 2 == 0, :3] = 1600
    hole = hole_at(values.shape, 18, 18, 10).astype(np.uint8)
    valid = np.zeros_like(hole)
    valid[3:-3, 3:-3] = 1
    valid[15:31, 15:31] = 0
    found = shift_map.label_shifts(values.reshape(48, -1), hole, *[np.zeros_like(hole)] * 2, valid)
    assert found is not None
    assert (found[1] % 12 == 0).all()


def test_ground_goes_on_behind_what_touches_the_hole_without_its_colours() -> None:
    image = np.random.default_rng(2).integers(110, 140, (120, 160, 3)).astype(np.uint8)
    hole = hole_at(image.shape, 40, 40, 40)
    image[hole] = (240, 240, 30)
    # The neighbour stands at the hole's right side.
    neighbour = np.zeros_like(hole)
    neighbour[30:90, 80:120] = True
    image[neighbour] = (250, 20, 20)
    alone = fill.fill(image, hole, barred=neighbour, behind=neighbour)
    assert alone[hole][:, 0].max() < 160
    assert (alone[~hole] == image[~hole]).all()
    # Where it is ground itself, the hole takes after it.
    assert fill.fill(image, hole)[hole][:, 0].max() > 200
