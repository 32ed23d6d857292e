"""human_head: what of a drawn person is head, hair of every length among it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import human_head
from editor.engines.networks import face_detection

UNIT = 96.0
SIDE = 380
CENTRE = (190.0, 150.0)
SKIN, HAIR, CLOTHES, GROUND = (224, 172, 140), (60, 40, 28), (40, 80, 160), (200, 220, 200)
FACE = (190.0, 165.0)
HALF = (0.40 * UNIT, 0.5 * UNIT)

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]


def ellipse(x: float, y: float, across: float, down: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return np.asarray(np.hypot((columns - x) / across, (rows - y) / down) <= 1)


def head() -> human_head.HumanHead:
    """The frame of a face seen from the front, its mesh on an ellipse."""
    points = np.tile(np.array(FACE, np.float32), (468, 1))
    for place, index in enumerate(face_detection.OVAL):
        angle = 2 * np.pi * place / len(face_detection.OVAL)
        points[index] = FACE[0] + HALF[0] * np.sin(angle), FACE[1] - HALF[1] * np.cos(angle)
    for sign, index in zip((-1, 1), human_head.BROWS, strict=True):
        points[index] = FACE[0] + sign * 0.2 * UNIT, FACE[1] - 0.18 * UNIT
    for sign, index in zip((-1, 1), (18, 17), strict=True):
        points[index] = FACE[0] + sign * 0.08 * UNIT, FACE[1] + 0.3 * UNIT
    return human_head.HumanHead(CENTRE, UNIT, 0.0, points)


def person(
    *, locks: float = 0.0, wide: float = 0.28, beard: bool = False, clothes: object = CLOTHES
) -> Pixels:
    """Somebody drawn; locks: how far hair hangs beside the face, in units below the skull's centre."""
    rgb = np.full((SIDE, SIDE, 3), GROUND, np.uint8)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    rgb[ellipse(190, 400, 170, 145)] = clothes
    rgb[(np.abs(columns - 190) < 24) & (rows > 190) & (rows < 275)] = SKIN
    if locks:
        side = np.abs(columns - 190) / UNIT
        rgb[(side > 0.38) & (side < 0.38 + wide) & (rows > 140) & (rows < 150 + locks * UNIT)] = HAIR
    rgb[ellipse(190, 145, 0.52 * UNIT, 0.62 * UNIT) & (rows < 175)] = HAIR
    rgb[ellipse(*FACE, *HALF) & (rows > 135)] = SKIN
    noise = np.random.default_rng(0).normal(0, 3, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def chosen(rgb: Pixels) -> Plane:
    matte = (np.abs(rgb.astype(int) - GROUND).max(axis=2) > 24).astype(np.float32)
    return human_head.choose_pixels(rgb, matte, head())


def share(choice: Plane, rgb: Pixels, colour: tuple[int, ...], top: float, bottom: float) -> float:
    """How much of a colour between two heights, in units below the skull's centre, is head."""
    rows = np.mgrid[:SIDE, :SIDE][0]
    between = (rows > CENTRE[1] + top * UNIT) & (rows < CENTRE[1] + bottom * UNIT)
    meant = between & (np.abs(rgb.astype(int) - colour).max(axis=2) < 24)
    assert meant.any()
    return float(choice[meant].mean())


def test_face_and_short_hair_are_head_and_neck_and_clothes_are_not() -> None:
    rgb = person()
    before = rgb.copy()
    choice = chosen(rgb)
    assert share(choice, rgb, HAIR, -0.6, 0.2) > 0.9
    assert share(choice, rgb, SKIN, 0, 0.6) > 0.9
    assert share(choice, rgb, SKIN, 0.85, 1.3) < 0.15
    assert share(choice, rgb, CLOTHES, 1.2, 2.4) < 0.05
    assert (rgb == before).all()


def test_long_hair_is_head_down_to_the_chest() -> None:
    rgb = person(locks=2.2)
    choice = chosen(rgb)
    assert share(choice, rgb, HAIR, 0.3, 1.1) > 0.85
    assert share(choice, rgb, HAIR, 1.9, 2.2) < 0.2


def test_hair_over_clothes_of_its_own_colour_ends_at_the_shoulders() -> None:
    apart, alike = person(locks=2.2), person(locks=2.2, clothes=HAIR)
    assert share(chosen(apart), apart, HAIR, 1.15, 1.4) > share(chosen(alike), alike, HAIR, 1.15, 1.4) + 0.2


@pytest.mark.parametrize(("hair", "short"), [(0.3, False), (0.9, True)])
def test_where_so_much_of_the_body_has_the_hairs_colours_it_is_cut_shorter(hair: float, short: bool) -> None:
    zones = human_head._Zones(head(), SIDE, SIDE)
    side, low = int(CENTRE[0] - 0.7 * UNIT), int(CENTRE[1] + 1.25 * UNIT)
    assert bool(hangs(zones, hair=1.0, alike=hair)[low, side] < 0.3) is short


@pytest.mark.parametrize(("hair", "beard"), [(0.45, False), (0.75, True)])
def test_hair_on_the_chin_goes_on_below_the_jaw(hair: float, beard: bool) -> None:
    zones = human_head._Zones(head(), SIDE, SIDE)
    throat = hangs(zones, hair=hair)[int(CENTRE[1] + 0.85 * UNIT), int(CENTRE[0])]
    assert bool(throat > 0.5) is beard


@pytest.mark.parametrize(("wide", "long"), [(0.02, False), (0.2, True)])
def test_a_lock_beside_the_jaw_makes_hair_long_and_a_stray_hair_does_not(wide: float, long: bool) -> None:
    zones = human_head._Zones(head(), SIDE, SIDE)
    hair = np.zeros((SIDE, SIDE), np.float32)
    hair[:, int(CENTRE[0] + 0.5 * UNIT) : int(CENTRE[0] + (0.5 + wide) * UNIT)] = 1
    found = materials(hair)
    chance = zones.hair(found, np.ones_like(hair))[int(CENTRE[1] + 1.0 * UNIT), int(CENTRE[0] + 0.5 * UNIT)]
    assert bool(chance > 0.6) is long


def materials(hair: Plane, alike: float = 0.0) -> human_head._Materials:
    """Nothing but hair and what is no kind of anything."""
    nothing = np.zeros_like(hair)
    return human_head._Materials(hair, nothing, nothing, 1 - hair, alike)


def hangs(zones: human_head._Zones, hair: float, alike: float = 0.0) -> Plane:
    """Where hair can hang on somebody of whom every pixel is that likely hair."""
    everywhere = np.full((SIDE, SIDE), hair, np.float32)
    return np.asarray(zones.hair(materials(everywhere, alike), np.ones_like(everywhere)))


def test_a_plush_of_one_colour_ends_in_a_curve_below_the_chin() -> None:
    """Nothing tells its neck and chest from its face but where they are."""
    rgb = person(clothes=SKIN)
    rgb[np.abs(rgb.astype(int) - HAIR).max(axis=2) < 24] = SKIN
    choice = chosen(rgb)
    assert share(choice, rgb, SKIN, -0.4, 0.6) > 0.95
    assert share(choice, rgb, SKIN, 1.2, 2.4) < 0.05


def test_a_scarf_around_head_and_neck_is_head_below_the_chin_and_not_on_the_chest() -> None:
    rgb = person(locks=1.0, wide=0.5)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    rgb[(np.abs(columns - 190) < 60) & (rows > 212) & (rows < 330)] = HAIR
    choice = chosen(rgb)
    assert float(choice[222, 190]) > 0.5
    assert float(choice[310, 150:230].mean()) < 0.1


VEIL, FOLD = (176, 190, 204), (120, 136, 152)


def veiled(below: tuple[int, int, int]) -> Pixels:
    """Somebody in a cloth around head, throat and body, of which half below the chin is of another colour."""
    rgb = person(locks=1.0, wide=0.3, clothes=HAIR)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    rgb[(np.abs(columns - 190) < 66) & (rows > 212) & (rows < 330)] = HAIR
    rgb[np.abs(rgb.astype(int) - HAIR).max(axis=2) < 24] = VEIL
    across = (np.abs(columns - 190) < 40) & (rows > 218) & (rows < 300) & (rows // 8 % 2 == 0)
    rgb[across] = below
    return rgb


def test_a_veil_in_folds_of_other_tones_is_head_below_the_chin() -> None:
    rgb = veiled(FOLD)
    choice = chosen(rgb)
    assert float(choice[218:228, 165:215].mean()) > 0.8
    assert float(choice[310:330, 150:230].mean()) < 0.1


def test_a_hand_below_the_chin_is_no_fold() -> None:
    assert float(chosen(veiled(SKIN))[224:231, 165:215].mean()) < 0.4
