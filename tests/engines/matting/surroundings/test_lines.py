"""Lines of the ground that meet the product go from a matte; its own thin parts stay."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from editor.engines.matting.surroundings import lines
from editor.engines.networks import isnet

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]

SIDE = isnet.SIDE
BRICK, MORTAR, PRODUCT, LEG = (120, 70, 60), (205, 190, 175), (40, 80, 190), (60, 60, 70)
BODY: Box = (380, 250, 650, 640)
EVERY, WIDE = 96, 8
JOINT: Box = (480, 641, 480 + WIDE, 760)
"""A joint that the matte took along, below the body."""
STAFF: Box = (600, 640, 610, 800)


def draw_wall(*things: tuple[Box, tuple[int, int, int]]) -> Pixels:
    """The body before bricks, with things of other colours in the order given behind it."""
    photo = Image.new("RGB", (SIDE, SIDE), BRICK)
    pen = ImageDraw.Draw(photo)
    for at in range(0, SIDE, EVERY):
        pen.rectangle((at, 0, at + WIDE, SIDE), fill=MORTAR)
        pen.rectangle((0, at, SIDE, at + WIDE), fill=MORTAR)
    for box, colour in (*things, (BODY, PRODUCT)):
        pen.rectangle(box, fill=colour)
    return np.array(photo)


def see(*boxes: Box) -> Plane:
    """A matte of these boxes."""
    look = Image.new("L", (SIDE, SIDE))
    for box in boxes:
        ImageDraw.Draw(look).rectangle(box, fill=255)
    return np.asarray(look.filter(ImageFilter.GaussianBlur(2)), np.float32) / np.float32(255)


def mean_in(matte: Plane, box: Box) -> float:
    left, top, right, bottom = box
    return float(matte[top + 20 : bottom - 20, left + 2 : right - 2].mean())


def test_a_joint_that_runs_on_in_the_wall_goes_and_the_product_stays() -> None:
    left = lines.take_away(draw_wall(), see(BODY, JOINT))
    assert mean_in(left, JOINT) < 0.05
    assert mean_in(left, BODY) > 0.99


def test_a_products_own_leg_before_the_wall_stays() -> None:
    seen = see(BODY, STAFF)
    assert lines.take_away(draw_wall((STAFF, LEG)), seen) is seen


def test_a_leg_of_the_joints_colour_that_ends_before_a_joint_stays() -> None:
    short = (600, 640, 608, 660)
    seen = see(BODY, short)
    assert lines.take_away(draw_wall((short, MORTAR)), seen) is seen


@pytest.mark.parametrize("colour", [LEG, (250, 250, 250)])
def test_a_thin_part_before_an_even_ground_stays(colour: tuple[int, int, int]) -> None:
    square = np.full((SIDE, SIDE, 3), 250, np.uint8)
    left, top, right, bottom = STAFF
    square[top:bottom, left:right] = colour
    seen = see(BODY, STAFF)
    assert lines.take_away(square, seen) is seen


def stretch(*sticks: tuple[Box, tuple[int, int, int]]) -> Pixels:
    photo = Image.new("RGB", (SIDE, SIDE), (225, 225, 220))
    for box, colour in (*sticks, (BODY, PRODUCT)):
        ImageDraw.Draw(photo).rectangle(box, fill=colour)
    return np.array(photo)


ABOVE: Box = (500, 0, 510, 249)
BELOW: Box = (500, 641, 510, SIDE)


def test_a_stick_from_edge_to_edge_behind_the_product_goes() -> None:
    left = lines.take_away(stretch((ABOVE, LEG), (BELOW, LEG)), see(ABOVE, BELOW, BODY))
    assert mean_in(left, ABOVE) < 0.05
    assert mean_in(left, BELOW) < 0.05
    assert mean_in(left, BODY) > 0.99


def test_a_cord_that_the_product_hangs_on_stays() -> None:
    seen = see(ABOVE, BODY)
    assert lines.take_away(stretch((ABOVE, LEG)), seen) is seen


def test_what_leaves_the_picture_above_in_another_colour_than_below_stays() -> None:
    seen = see(ABOVE, BELOW, BODY)
    assert lines.take_away(stretch((ABOVE, LEG), (BELOW, PRODUCT)), seen) is seen


FRAME: list[Box] = [(200, 150, 760, 210), (200, 700, 760, 760), (200, 150, 260, 760), (700, 150, 760, 760)]
SPOKES: list[Box] = [(at, 210, at + 8, 700) for at in (300, 402, 492, 612)]


def test_a_spoke_that_is_lost_in_part_does_not_take_the_rest_with_it() -> None:
    photo = Image.fromarray(draw_wall())
    pen = ImageDraw.Draw(photo)
    for box, colour in (
        (BODY, BRICK),
        *((one, PRODUCT) for one in FRAME),
        *((one, MORTAR) for one in SPOKES),
    ):
        pen.rectangle(box, fill=colour)
    upper: list[Box] = [(left, 210, right, 420) for left, _, right, _ in SPOKES[:2]]
    left = lines.take_away(np.array(photo), see(*FRAME, *upper, *SPOKES[2:]))
    assert min(mean_in(left, box) for box in upper) > 0.9


def test_a_foot_of_the_joints_colour_stays() -> None:
    foot = (570, 640, 592, 668)
    seen = see(BODY, foot)
    assert lines.take_away(draw_wall((foot, MORTAR)), seen) is seen
