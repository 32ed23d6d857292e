"""Subjects: what stands apart from a hole, and people, are not copied; what the hole lies in is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.engines.inpainting.foreign_subjects import Box, Subjects, glance

SIZE = (300, 400)
WHOLE = (slice(0, 300), slice(0, 400))


def matte(*boxes: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """Return a matte of 100 x 100 cells with subjects in boxes left, top, right, bottom."""
    cells = np.zeros((100, 100), np.float32)
    for left, top, right, bottom in boxes:
        cells[top:bottom, left:right] = 1
    return cells


def hole(left: int, top: int, right: int, bottom: int) -> NDArray[np.bool_]:
    """Return a mask of the picture, its box in the matte's cells."""
    mask = np.zeros(SIZE, bool)
    mask[3 * top : 3 * bottom, 4 * left : 4 * right] = True
    return mask


def find(
    cells: NDArray[np.float32], marked: NDArray[np.bool_], faces: tuple[Box, ...] = ()
) -> NDArray[np.bool_]:
    return Subjects(cells, lambda where: faces).find_foreign(marked, WHOLE, SIZE).barred


def test_a_thing_that_stands_apart_is_barred_and_its_ground_is_not() -> None:
    foreign = find(matte((40, 40, 50, 60), (70, 40, 85, 60)), hole(38, 38, 52, 62))
    assert foreign[3 * 50, 4 * 77]
    assert not foreign[3 * 50, 4 * 60]
    assert not foreign[3 * 10, 4 * 10]


def test_a_logo_takes_from_the_shirt_that_it_lies_in() -> None:
    assert not find(matte((20, 20, 80, 90)), hole(45, 45, 55, 52)).any()


def test_what_goes_on_beyond_the_hole_may_be_copied() -> None:
    bench, marked = matte((10, 50, 90, 60), (45, 20, 55, 60)), hole(43, 18, 57, 62)
    assert not find(bench, marked).any()


def test_a_neighbour_with_a_face_is_barred_although_the_hole_touches_it() -> None:
    # The neighbour's hair is above the hole.
    two, marked = matte((20, 20, 40, 90), (40, 20, 60, 90), (20, 10, 60, 20)), hole(18, 20, 40, 92)
    assert not find(two, marked)[3 * 60, 4 * 50]
    assert find(two, marked, ((0.46, 0.22, 0.54, 0.32),))[3 * 60, 4 * 50]


def test_the_ground_beside_a_face_may_be_copied_where_its_outline_is_known() -> None:
    two, marked = matte((20, 20, 40, 90), (40, 20, 60, 90), (20, 10, 60, 20)), hole(18, 20, 40, 92)
    face = ((0.5, 0.22, 0.58, 0.32),)
    assert not find(two, marked, face)[3 * 27, 4 * 68]
    # What the look has no outline of is barred with room around it.
    two[22:32, 50:58] = 0.3
    assert find(two, marked, face)[3 * 27, 4 * 60]


def test_a_neighbour_whose_outline_stays_outside_the_hole_stands_before_its_ground() -> None:
    two, marked = matte((20, 20, 40, 90), (40, 20, 60, 90)), hole(18, 18, 40, 92)
    foreign = Subjects(two, lambda where: ()).find_foreign(marked, WHOLE, SIZE)
    assert foreign.barred[3 * 60, 4 * 50]
    assert foreign.behind[3 * 60, 4 * 50]
    assert not foreign.behind[3 * 60, 4 * 80]


def test_what_stands_apart_stands_before_nothing_of_the_hole() -> None:
    foreign = Subjects(matte((40, 40, 50, 60), (70, 40, 85, 60)), lambda where: ()).find_foreign(
        hole(38, 38, 52, 62), WHOLE, SIZE
    )
    assert not foreign.behind.any()


def test_a_spot_on_a_face_takes_from_the_face() -> None:
    head, marked = matte((30, 10, 70, 60)), hole(49, 30, 52, 33)
    assert not find(head, marked, ((0.4, 0.2, 0.6, 0.45),)).any()


def test_what_is_left_of_the_marked_thing_is_barred() -> None:
    assert find(matte((40, 30, 60, 70)), hole(38, 28, 56, 72))[3 * 50, 4 * 58]


def test_a_window_all_of_subjects_is_left_to_be_copied() -> None:
    cells, marked = matte((0, 0, 100, 40), (0, 52, 100, 100)), hole(45, 43, 55, 49)
    assert not find(cells, marked).any()


def test_only_a_picture_with_something_strange_is_looked_at() -> None:
    picture = np.random.default_rng(4).integers(100, 130, (*SIZE, 3)).astype(np.uint8)
    marked = hole(40, 40, 55, 60)
    assert not glance(picture, marked).strange
    picture[60:140, 320:380] = (220, 40, 40)
    assert glance(picture, marked).strange


def test_a_border_that_something_touches_is_mixed() -> None:
    picture = np.random.default_rng(4).integers(100, 130, (*SIZE, 3)).astype(np.uint8)
    marked = hole(40, 40, 55, 60)
    assert not glance(picture, marked).mixed
    picture[:, 56 * 4 : 75 * 4] = (220, 40, 40)
    assert glance(picture, marked).mixed


def test_what_the_network_doubts_is_no_subject() -> None:
    doubtful = matte((40, 40, 50, 60)) + 0.5 * matte((70, 40, 85, 60))
    assert not find(doubtful, hole(38, 38, 52, 62)).any()


def test_a_rail_that_runs_behind_the_hole_is_ground_and_one_thing_beside_it_is_not() -> None:
    rail, marked = matte((5, 40, 40, 60), (60, 40, 95, 60)), hole(40, 20, 60, 80)
    assert not find(rail, marked).any()
    assert find(matte((5, 40, 40, 60)), marked)[3 * 50, 4 * 20]
