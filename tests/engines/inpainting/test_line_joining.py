"""join_lines: what runs straight into a hole and out of it again is drawn through; nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.inpainting.lines import joining
from editor.engines.tools import erase

Pixels = NDArray[np.uint8]


def wall() -> NDArray[np.float64]:
    return np.random.default_rng(2).normal((170.0, 160.0, 150.0), 2, (200, 300, 3))


def with_line(slope: float, dark: tuple[int, int, int] = (60, 40, 120)) -> Pixels:
    """Return a wall with a line 4 pixels wide through its middle."""
    scene = wall()
    rows, columns = np.mgrid[:200, :300]
    scene[np.abs(rows - 100 - slope * (columns - 150)) < 2 * np.hypot(1, slope)] = dark
    return np.clip(scene, 0, 255).astype(np.uint8)


def join(image: Pixels, hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    lines = joining.find_lines(image, hole, hole)
    assert lines is not None
    return joining.join_lines(image, hole, lines)


def middle() -> NDArray[np.bool_]:
    hole = np.zeros((200, 300), bool)
    hole[60:140, 110:190] = True
    return hole


@pytest.mark.parametrize("slope", [0.0, 0.2, -0.35])
def test_a_line_is_drawn_through_the_hole(slope: float) -> None:
    truth, hole = with_line(slope), middle()
    image = truth.copy()
    image[hole] = 0
    drawn = join(image, hole)
    assert not (drawn & ~hole).any()
    line = hole & (truth[..., 0] < 90)
    assert drawn[line].mean() > 0.95
    assert np.abs(image[line].astype(float) - truth[line]).mean() < 25


def test_an_erased_thing_leaves_the_thin_line_behind_it_whole() -> None:
    truth, hole = with_line(0.1), middle()
    image = truth.copy()
    image[66:134, 116:184] = (230, 200, 40)
    filled = erase.erase(image, hole)
    for column in range(112, 188):
        assert filled[:, column, 0].min() < 110, "the line is broken"


def test_a_joint_goes_on_that_is_wider_and_darker_near_by() -> None:
    scene, hole = wall(), middle()
    rows, columns = np.mgrid[:200, :300]
    wide = 1.5 + 2.5 * rows / 200
    scene[np.abs(columns - 150 - 0.1 * (rows - 100)) < wide / 2] = (90, 80, 70)
    scene[100:][np.abs(columns - 150 - 0.1 * (rows - 100))[100:] < wide[100:] / 2] = (60, 50, 40)
    image = np.clip(scene, 0, 255).astype(np.uint8)
    image[hole] = 200
    join(image, hole)
    assert (image[64:136, 110:190, 0].min(axis=1) < 125).mean() > 0.95


def test_a_line_goes_on_behind_what_crosses_it_at_the_hole() -> None:
    image, hole = with_line(0.0), middle()
    image[:, 92:108] = (120, 200, 90)
    image[hole] = 230
    join(image, hole)
    assert (image[97:104, 114:188, 0].min(axis=0) < 110).mean() > 0.95


def test_a_joint_ends_at_the_joint_that_it_meets() -> None:
    image, hole = with_line(0.0), middle()
    image[:100, 148:152] = (60, 40, 120)
    image[hole] = 230
    drawn = join(image, hole)
    assert (image[64:98, 140:160, 0].min(axis=1) < 110).mean() > 0.9
    assert not drawn[110:].any()


def test_an_arc_is_joined_as_an_arc() -> None:
    rows, columns = np.mgrid[:200, :300]
    line = np.abs(np.hypot(rows + 20, columns - 150) - 120) < 2
    scene, hole = wall(), middle()
    scene[line] = (60, 40, 120)
    image = np.clip(scene, 0, 255).astype(np.uint8)
    image[hole] = 230
    join(image, hole)
    assert (image[..., 0][line & hole] < 120).mean() > 0.8


def test_a_line_that_ends_at_the_hole_is_not_made_up() -> None:
    image, hole = with_line(0.0), middle()
    image[:, 190:] = np.clip(wall()[:, 190:], 0, 255)
    assert not join(image, hole).any()


def test_lines_that_look_different_are_not_joined() -> None:
    image, hole = with_line(0.0), middle()
    image[:, 190:] = with_line(0.0, (240, 250, 235))[:, 190:]
    assert not join(image, hole).any()


def test_there_are_no_lines_in_gravel() -> None:
    from skimage import data

    grey = np.asarray(data.gravel())[:200, :300]
    image, hole = np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2)), middle()
    assert join(image, hole).sum() < 0.05 * hole.sum()


@pytest.mark.parametrize("size", [(3, 3), (8, 200), (60, 60)])
def test_a_picture_without_room_has_no_entries(size: tuple[int, int]) -> None:
    image, hole = np.full((*size, 3), 90, np.uint8), np.ones(size, bool)
    hole[0] = False
    assert not join(image, hole).any()


def test_wherever_a_hole_lies_only_its_own_pixels_are_drawn() -> None:
    draw = np.random.default_rng(9)
    picture = np.clip(wall(), 0, 255).astype(np.uint8)
    for offset in range(0, 300, 23):
        picture[:, offset : offset + 3] = (40, 60, 90)
        picture[offset // 2 : offset // 2 + 2] = (220, 80, 40)
    for _ in range(30):
        top, left = int(draw.integers(-20, 190)), int(draw.integers(-20, 290))
        hole = np.zeros((200, 300), bool)
        bottom, right = top + int(draw.integers(2, 90)), left + int(draw.integers(2, 90))
        hole[max(0, top) : max(1, bottom), max(0, left) : max(1, right)] = True
        image = picture.copy()
        drawn = join(image, hole)
        assert not (drawn & ~hole).any()
        assert (image[~drawn] == picture[~drawn]).all()
