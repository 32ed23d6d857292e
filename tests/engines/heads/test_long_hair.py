"""long_hair: how broad and how far down hair hangs, and faces that fur, hood or veil goes around."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engines.heads import long_hair
from editor.engines.heads.long_hair import Plane, Sides

UNIT, SIDE = 60.0, 300
LOBE, CHIN = 0.3, 0.7


@pytest.fixture(scope="module")
def sides() -> Sides:
    """A face seen from the front, the skull's centre at (150, 100)."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    side, low = (columns - 150) / np.float32(UNIT), (rows - 100) / np.float32(UNIT)
    face = np.hypot(side / 0.4, (low - 0.1) / 0.6) <= 1
    under = (np.abs(side) < 0.38) & (low > 0.45) & ~face
    return Sides(side, low, low, under, face, LOBE, CHIN, UNIT)


def hair(sides: Sides, inner: float, outer: float, top: float = -0.5, bottom: float = 3.0) -> Plane:
    """Hair between two distances from the face's middle, on both sides, and between two heights."""
    beside = (np.abs(sides.side) > inner) & (np.abs(sides.side) < outer)
    return (beside & (sides.low > top) & (sides.low < bottom)).astype(np.float32)


def at(sides: Sides, plane: Plane, side: float, low: float) -> float:
    return float(plane[round(100 + low * UNIT), round(150 + side * UNIT)])


def test_hair_hangs_to_the_chest_and_over_clothes_of_its_colours_to_the_shoulders(sides: Sides) -> None:
    locks = hair(sides, 0.4, 0.7)
    apart, alike = (long_hair.measure_hang(sides, locks, share) for share in (0.1, 0.9))
    assert at(sides, apart, 0.5, 1.4) > 0.9
    assert at(sides, alike, 0.5, 1.4) < 0.1
    assert at(sides, alike, 0.5, 0.8) > 0.9


def test_the_room_for_hair_closes_in_a_curve(sides: Sides) -> None:
    """What has to be cut ends round rather than by a straight line."""
    room = long_hair.measure_hang(sides, hair(sides, 0.4, 0.7), 0.1)
    assert at(sides, room, 0.2, 1.6) > 0.5
    assert at(sides, room, 0.85, 1.6) < 0.3


def test_hair_that_is_blown_aside_has_more_room_than_a_sleeve_that_begins_below_the_ear(sides: Sides) -> None:
    blown, sleeve = hair(sides, 0.4, 1.3), hair(sides, 0.4, 0.6) + hair(sides, 0.6, 1.3, top=0.35)
    assert at(sides, long_hair.measure_hang(sides, blown, 0.1), 1.15, 0.6) > 0.7
    assert at(sides, long_hair.measure_hang(sides, sleeve, 0.1), 1.15, 0.6) < 0.3


def test_without_a_lock_beside_the_jaw_nothing_hangs(sides: Sides) -> None:
    assert not long_hair.measure_hang(sides, hair(sides, 0.4, 0.7, bottom=0.25), 0.1).any()


@pytest.mark.parametrize(
    ("throat", "alike", "wrapped"),
    [(0.7, 0.9, True), (0.7, None, True), (0.7, 0.3, False), (0.9, 0.3, True), (0.2, 0.9, False)],
)
def test_what_goes_on_below_the_chin_and_on_the_body_wraps_the_face(
    sides: Sides, throat: float, alike: float | None, wrapped: bool
) -> None:
    around = np.full((SIDE, SIDE), throat, np.float32)
    assert long_hair.is_wrapped(sides, around, alike) is wrapped


def test_what_wraps_a_face_is_head_to_the_collar(sides: Sides) -> None:
    wrap = long_hair.measure_wrap(sides)
    assert at(sides, wrap, 0.0, CHIN + 0.05) > 0.8
    assert at(sides, wrap, 0.6, 0.5) > 0.8
    assert at(sides, wrap, 0.0, CHIN + 0.4) < 0.1
    assert at(sides, wrap, 0.9, CHIN + 0.1) < 0.1


def test_a_long_beard_is_no_scarf(sides: Sides) -> None:
    everywhere = np.ones((SIDE, SIDE), np.float32)
    assert long_hair.is_wrapped(sides, everywhere, 0.3)
    assert not long_hair.is_wrapped(sides, everywhere, 0.3, bearded=True)
