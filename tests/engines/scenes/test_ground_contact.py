"""How a product meets the ground, on drawn silhouettes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.errors import UnsuitableContent
from editor.engines.scenes import ground_contact, product_pose
from editor.engines.scenes.templates import catalogue

Alpha = NDArray[np.float32]
ROWS, COLUMNS = np.mgrid[:400, :400]


def solid(shape: NDArray[np.bool_]) -> Alpha:
    _, alpha = ground_contact.crop_to_visible(np.zeros((*shape.shape, 3), np.uint8), shape.astype(np.float32))
    return alpha


def box(top: int, left: int, bottom: int, right: int) -> NDArray[np.bool_]:
    return (top <= ROWS) & (bottom > ROWS) & (left <= COLUMNS) & (right > COLUMNS)


def test_a_flat_base_touches_along_all_of_it() -> None:
    foot = ground_contact.find_foot(solid(box(50, 150, 350, 250)))
    assert foot.left == pytest.approx(-100 / 300 / 2, abs=0.01)
    assert foot.right == pytest.approx(100 / 300 / 2, abs=0.01)
    assert np.abs(foot.lift).max() < 0.005


def test_a_round_base_seen_from_above_touches_along_its_front_edge() -> None:
    ellipse = ((COLUMNS - 200) / 80) ** 2 + ((ROWS - 320) / 20) ** 2 < 1
    foot = ground_contact.find_foot(solid(box(60, 120, 320, 280) | ellipse))
    middle = len(foot.lift) // 2
    assert foot.lift[middle] < 0.004
    # A third of the way out the ellipse has risen by b (1 - sqrt(1 - 1/9)); the longer side is 280 pixels.
    out = middle + round(80 / 3)
    assert foot.lift[out] == pytest.approx(20 * (1 - np.sqrt(1 - 1 / 9)) / 280, abs=0.004)
    assert foot.width > 0.5 * 160 / 280


def test_a_handle_does_not_touch_the_ground() -> None:
    handle = box(150, 80, 250, 160)
    foot = ground_contact.find_foot(solid(box(100, 150, 350, 330) | handle))
    width = 330 - 80
    assert foot.left > (150 - 80) / width - 0.5 - 0.05


def test_far_legs_stand_further_back_than_near_ones() -> None:
    stool = box(80, 100, 130, 300)
    stool |= box(130, 100, 350, 120) | box(130, 280, 350, 300)
    stool |= box(130, 150, 320, 165) | box(130, 235, 320, 250)
    foot = ground_contact.find_foot(solid(stool))
    near, far = foot.lift[10], foot.lift[57]
    assert near == pytest.approx(0, abs=0.01)
    assert far == pytest.approx(30 / 270, abs=0.02)


def test_a_stand_holds_a_shoe_from_toe_to_heel_and_a_bottle_by_its_foot() -> None:
    sole = (ROWS < 300) & (ROWS > 200) & (COLUMNS > 40) & (COLUMNS < 360)
    sole &= 300 - 0.9 * np.maximum(0, np.abs(COLUMNS - 200) - 60) > ROWS
    shoe = solid(sole)
    contact = ground_contact.find_foot(shoe)
    left, right = ground_contact.find_base(shoe, contact)
    assert right - left > 1.3 * contact.width
    bottle = solid(box(50, 150, 350, 250))
    assert ground_contact.find_base(bottle, ground_contact.find_foot(bottle)) == (
        ground_contact.find_foot(bottle).left,
        ground_contact.find_foot(bottle).right,
    )


def test_what_would_fall_over_lies() -> None:
    leaning = (np.abs((COLUMNS - 100) - 0.8 * (350 - ROWS)) < 25) & (ROWS > 60) & (ROWS < 350)
    alpha = solid(leaning)
    foot = ground_contact.find_foot(alpha)
    assert not foot.firm
    assert ground_contact.find_stance(alpha, foot).pose == "lie"


def shirt() -> Alpha:
    body = box(100, 130, 350, 270)
    sleeves = (ROWS > 100) & (ROWS < 200) & (np.abs(COLUMNS - 200) < 60 + 0.9 * (ROWS - 90))
    sleeves &= (np.abs(COLUMNS - 200) > 60) & (np.abs(COLUMNS - 200) < 130)
    collar = box(85, 165, 100, 235)
    return solid(body | sleeves | collar)


def test_a_shirt_lies_and_a_bottle_stands() -> None:
    worn = shirt()
    assert ground_contact.find_stance(worn, ground_contact.find_foot(worn)).pose == "lie"
    bottle = solid(box(40, 180, 120, 220) | box(120, 150, 360, 250))
    assert ground_contact.find_stance(bottle, ground_contact.find_foot(bottle)).pose == "stand"


def test_what_could_be_a_shirt_but_has_a_foot_stands() -> None:
    trophy = box(80, 120, 200, 280) | box(200, 185, 320, 215) | box(320, 150, 350, 250)
    alpha = solid(trophy)
    assert ground_contact.find_stance(alpha, ground_contact.find_foot(alpha)).pose == "stand"


def test_the_unseen_body_is_thick_in_the_middle_thin_at_the_sides_and_full_at_the_foot() -> None:
    alpha = solid(box(50, 150, 350, 250))
    depth = ground_contact.estimate_depth(alpha, standing=True)
    rows, columns = depth.shape
    assert depth[rows // 2, columns // 2] > 2 * depth[rows // 2, 0] > 0
    assert depth[-1, columns // 2] == pytest.approx(depth[rows // 2, columns // 2], rel=0.05)
    assert depth[0, columns // 2] < depth[rows // 2, columns // 2]


def test_specks_do_not_lift_a_product_off_the_ground() -> None:
    shape = box(50, 150, 300, 250)
    shape[390, 10] = True
    assert solid(shape).shape == (250, 100)


def test_a_picture_that_shows_nothing_is_refused() -> None:
    with pytest.raises(UnsuitableContent, match="transparent"):
        solid(np.zeros((40, 40), np.bool_))


def test_a_shoe_that_was_turned_and_seen_from_above_stands_on_all_of_its_soles_edge() -> None:
    # The sole's near edge goes up from the toe at the right to the heel at the left.
    edge = 330 - 0.33 * np.maximum(0, 250 - COLUMNS)
    shoe = solid((edge > ROWS) & (edge - 110 < ROWS) & (COLUMNS > 60) & (COLUMNS < 360))
    foot = ground_contact.find_foot(shoe)
    assert foot.left < -0.42
    assert foot.lift[6] > 0.19 > foot.lift[-6] + 0.15
    assert foot.elevation > 15


def test_a_bottle_seen_from_the_side_tells_of_no_height_and_a_round_base_of_its_own() -> None:
    assert ground_contact.find_foot(solid(box(50, 150, 350, 250))).elevation < 2
    tilted = ((COLUMNS - 200) / 100) ** 2 + ((ROWS - 320) / 26) ** 2 < 1
    # An ellipse of 26 to 100 is a circle seen from 15 degrees; its steep sides do not tell.
    assert 5 < ground_contact.find_foot(solid(box(60, 100, 320, 300) | tilted)).elevation < 20


def test_soles_seen_from_above_lie_and_a_bottle_with_round_corners_stands() -> None:
    soles = np.zeros(ROWS.shape, np.bool_)
    for middle in (120, 280):
        soles |= ((COLUMNS - middle) / 65) ** 2 + ((ROWS - 200) / 170) ** 2 < 1
    assert ground_contact.find_stance(solid(soles), ground_contact.find_foot(solid(soles))).pose == "lie"
    corner = 22
    reach = np.hypot(np.maximum(np.abs(COLUMNS - 200) - 50 + corner, 0), np.maximum(ROWS - 350 + corner, 0))
    bottle = solid((reach < corner) & (ROWS > 50))
    assert ground_contact.find_stance(bottle, ground_contact.find_foot(bottle)).pose == "stand"


def test_what_a_cutout_tells_of_its_stance_comes_back_as_it_was_and_nonsense_as_usual() -> None:
    shirt = product_pose.Stance("lie", True, 12.5)
    assert product_pose.Stance.read(shirt.to_dict()) == shirt
    assert (
        product_pose.Stance.read({"pose": "fly", "garment": "yes", "elevation": float("nan")})
        == product_pose.Stance()
    )


def test_shirts_hang_before_brick_and_lie_where_no_wall_makes_the_picture() -> None:
    shirt = product_pose.Stance("lie", True)
    loft, beach = catalogue.template(167).take(0), catalogue.template(151).take(0)
    assert (product_pose.choose_pose(loft, shirt), product_pose.choose_pose(beach, shirt)) == ("hang", "lie")
    assert product_pose.choose_pose(loft, product_pose.Stance("lie")) == "lie"
    assert product_pose.choose_pose(beach, product_pose.Stance()) == "stand"


@pytest.mark.parametrize("shape", [ROWS > 200, COLUMNS < 90, np.hypot(ROWS - 200, COLUMNS - 200) < 150])
def test_a_stance_can_be_written_as_json(shape: NDArray[np.bool_]) -> None:
    alpha = solid(shape)
    found = ground_contact.find_stance(alpha, ground_contact.find_foot(alpha)).to_dict()
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    "half",
    [
        2 * np.sqrt(np.maximum(0, ROWS / 399 * (1 - ROWS / 399))),  # a plate, or a saucer from above
        0.35 + 0.6 * np.exp(-(((ROWS / 399 - 0.45) / 0.22) ** 2)),  # a vase
        np.where(ROWS < 50, 0.4, 0.45 + 0.5 * np.sin(np.pi * np.minimum(1, (ROWS / 399 - 0.12) / 0.9))),
    ],
)
def test_what_is_turned_or_blown_is_no_shirt_though_it_is_widest_in_its_middle(
    half: NDArray[np.float64],
) -> None:
    assert not ground_contact.is_garment(solid(np.abs(COLUMNS - 200) < 150 * half))


def test_a_body_on_legs_is_as_deep_at_its_underside_as_above() -> None:
    alpha = np.zeros((60, 120), np.float32)
    alpha[:50] = 1.0
    alpha[:, 4:10] = alpha[:, 110:116] = 1.0
    depth = ground_contact.estimate_depth(alpha, standing=True)
    assert depth[49, 60] > 0.8 * depth.max()
    assert not depth[50:, 60].any()
    # Where it stands on one foot, the bowl above it stays round.
    glass = np.zeros((120, 60), np.float32)
    glass[:60] = 1.0
    glass[60:, 27:33] = 1.0
    round_below = ground_contact.estimate_depth(glass, standing=True)
    assert round_below[59, 8] < 0.5 * round_below.max()


def test_no_crease_of_a_shoe_s_body_is_a_line_of_light() -> None:
    down, across = np.mgrid[0:70, 0:118]
    # A sole that touches the ground under its toe alone, and rises to both sides.
    sole = 69 - np.maximum(0, 40 - across) * 0.7 - np.maximum(0, across - 70) * 0.4
    alpha = ((down < sole) & (down > 20 + 0.2 * across)).astype(np.float32)
    depth = ground_contact.estimate_depth(alpha, standing=True)
    behind = np.broadcast_to((69 - sole[0]) / 118 * 4, depth.shape)
    raw = behind + depth.max() - depth
    even = ground_contact.even_columns(behind) - ground_contact.smooth_relief(depth)
    inside = (slice(42, 58), slice(34, 78))
    bends = [np.abs(np.diff(front, 2, axis=1))[inside].max() for front in (raw, even)]
    assert bends[1] < 0.2 * bends[0]
    assert np.ptp(even[inside]) > 0.05
