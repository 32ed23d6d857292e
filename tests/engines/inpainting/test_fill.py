"""fill.fill: what the made-up part looks like."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from editor.engines.inpainting import fill, image_pyramid, shift_map
from editor.engines.inpainting import patchmatch as pm

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


def test_what_was_copied_often_is_dear_but_where_it_is_smooth() -> None:
    image = np.full((120, 240, 3), 120, np.uint8)
    image[:, :120] = np.random.default_rng(2).integers(60, 180, (120, 120, 3))
    hole = hole_at(image.shape, 40, 100, 40)
    level = image_pyramid.build_pyramid(
        image, hole.astype(np.uint8), image_pyramid.mark_unwanted(hole, None)
    )[0]
    field = pm.Field.empty(*hole.shape)
    ys, xs = np.nonzero(level.centres)
    # All from one rough tuft, or from one smooth place.
    for column, dear in ((50, True), (200, False)):
        field.y[ys, xs], field.x[ys, xs] = 20 + ys % 3, column + xs % 3
        worn = fill._count_wear(level, field, image_pyramid.measure_variance(level)).costs
        fresh = 0.0 if level.dear is None else level.dear.costs.max()
        assert (worn[20:23, column : column + 3].min() > fresh + 100 * pm.UNIT**2) == dear
        # Once each, as a piece that is copied whole, costs nothing.
        field.y[ys, xs], field.x[ys, xs] = ys - 35, xs - 90 + column - 20
        if column == 200:
            worn = fill._count_wear(level, field, image_pyramid.measure_variance(level)).costs
            assert worn[10:20].max() <= fresh


@pytest.mark.parametrize("far", [0, 1])
def test_what_is_far_beyond_a_neighbour_says_nothing_of_the_layers(far: int) -> None:
    picture = np.zeros((160, 400, 3), np.uint8)
    picture[:80], picture[80:] = (60, 120, 200), (90, 140, 60)
    # Beyond the neighbour, who stands beside the hole, is another ground.
    picture[:, 340:] = np.random.default_rng(1).integers(0, 255, (160, 60, 3))
    hole, neighbour = np.zeros((160, 400), bool), np.zeros((160, 400), bool)
    hole[30:130, 60:140] = True
    neighbour[:, 140 : 340 if far else 150] = True
    marks, behind = hole.astype(np.uint8), neighbour.astype(np.uint8)
    levels = image_pyramid.build_pyramid(picture, marks, image_pyramid.mark_unwanted(hole, neighbour), behind)
    assert image_pyramid.measure_layers(levels[-1]) > 0.8
