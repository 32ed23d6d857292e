"""Where a product stands in the picture: arithmetic that the page and the engine share."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from pathlib import Path

import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.scenes import framing
from editor.engines.scenes.vocabulary import CAMERAS

ROOT = Path(__file__).resolve().parents[3]
BOTTLE, SHOE, SHIRT, NECKLACE = (300, 1200), (1600, 500), (1300, 1250), (40, 60)
PICTURES = ((1024, 1024), (819, 1024), (576, 1024), (1024, 576), (1536, 256), (256, 1536))


@pytest.mark.parametrize("product", [BOTTLE, SHOE, SHIRT, NECKLACE])
@pytest.mark.parametrize("picture", PICTURES)
def test_whatever_its_shape_a_product_is_whole_and_large_in_the_picture(
    product: tuple[int, int], picture: tuple[int, int]
) -> None:
    for camera, stand in itertools.product(CAMERAS, ("", "podium", "column")):
        frame = framing.frame_product(product, picture, camera=camera, stand=stand)
        left, top, right, bottom = frame.box
        assert left >= 0
        assert top >= 0
        assert right <= picture[0]
        assert bottom <= picture[1]
        assert max((right - left) / picture[0], (bottom - top) / picture[1]) > 0.25


def test_a_product_keeps_its_proportions_to_the_pixel() -> None:
    left, top, right, bottom = framing.frame_product(BOTTLE, (1024, 1024)).box
    assert (right - left) / (bottom - top) == pytest.approx(300 / 1200, abs=0.002)


def test_the_camera_sees_the_ground_in_perspective_and_the_horizon_stays_when_the_product_is_moved() -> None:
    usual = framing.frame_product(SHOE, (1024, 1024))
    nearer = framing.frame_product(SHOE, (1024, 1024), place=(0.3, 0.95, usual.place[2]))
    assert nearer.horizon == usual.horizon
    assert nearer.camera_height > usual.camera_height
    larger = framing.frame_product(SHOE, (1024, 1024), place=(*usual.place[:2], 2 * usual.place[2]))
    assert larger.distance == pytest.approx(usual.distance / 2)
    assert larger.horizon == usual.horizon


def test_a_place_comes_back_as_it_was_given() -> None:
    place = (0.31, 0.72, 0.44)
    assert framing.frame_product(BOTTLE, (800, 1000), place=place).place == pytest.approx(place)


def test_a_foot_above_the_horizon_takes_the_horizon_with_it() -> None:
    frame = framing.frame_product(SHOE, (1024, 1024), place=(0.5, 0.1, 0.3))
    assert frame.horizon < 0.1
    assert frame.camera_height > 0


def test_the_camera_looks_from_as_high_as_the_product_was_photographed_with_the_horizon_in_sight() -> None:
    level = framing.frame_product(SHOE, (1024, 1024))
    assert framing.frame_product(SHOE, (1024, 1024), elevation=3.0) == level
    for degrees in (12.0, 18.0):
        frame = framing.frame_product(SHOE, (1024, 1024), elevation=degrees)
        assert math.degrees(math.atan2(frame.camera_height, frame.distance)) == pytest.approx(
            degrees, abs=2.5
        )
        assert 0 < frame.horizon < level.horizon
        assert frame.box == level.box


def test_ground_that_is_seen_above_the_foot_lies_behind_it() -> None:
    frame = framing.frame_product(SHOE, (1024, 1024), elevation=18.0)
    away = frame.behind(0.1)
    # On the ground so far behind the foot, the camera looks down by less.
    seen = frame.camera_height * frame.distance / (frame.distance + away)
    assert frame.camera_height - seen == pytest.approx(0.1)
    assert frame.behind(0.0) == 0.0


@pytest.mark.parametrize(("side", "empty"), [("left", (0.0, 0.4)), ("right", (0.6, 1.0))])
def test_copy_space_at_a_side_is_free_of_the_product(side: str, empty: tuple[float, float]) -> None:
    for product in (BOTTLE, SHOE, SHIRT):
        left, _, right, _ = framing.frame_product(product, (1024, 1024), copy_space=side).box
        assert right <= 1024 * empty[0] or left >= 1024 * empty[0]
        assert left >= 1024 * empty[1] or right <= 1024 * empty[1] or side == "left"


def test_copy_space_at_the_top_is_free_of_the_product() -> None:
    for product in (BOTTLE, SHOE, SHIRT):
        assert framing.frame_product(product, (819, 1024), copy_space="top").box[1] > 0.38 * 1024


def test_a_stand_leaves_room_below_the_foot() -> None:
    without = framing.frame_product(BOTTLE, (1024, 1024))
    raised = framing.frame_product(BOTTLE, (1024, 1024), stand="column")
    assert raised.foot[1] < without.foot[1]
    assert raised.unit < without.unit


@pytest.mark.parametrize("place", [(1.2, 0.5, 0.5), (0.5, -0.1, 0.5), (0.5, 0.5, 0.0), (0.5, 0.5, 9.0)])
def test_a_place_outside_the_picture_is_refused(place: framing.Place) -> None:
    with pytest.raises(InvalidOptions, match="place"):
        framing.frame_product(BOTTLE, (1024, 1024), place=place)


def test_sizes_follow_the_aspect_or_the_source() -> None:
    assert framing.picture_size("4:5", 1000, (1, 1)) == (800, 1000)
    assert framing.picture_size("16:9", 1600, (1, 1)) == (1600, 900)
    assert framing.picture_size("", 1024, (3000, 2000)) == (1024, 683)


def test_the_web_process_can_frame_without_numpy() -> None:
    code = (
        "import sys\n"
        "from editor.engines.scenes import framing, options\n"
        "from editor.engines.scenes.templates import catalogue\n"
        "framing.frame_product((300, 900), (1024, 1024))\n"
        "print(sorted({'numpy', 'bpy', 'scipy', 'PIL', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_wide_leaves_room_for_what_stands_beside_it() -> None:
    alone, beside = (framing.frame_product(SHOE, (1000, 1000), company=company) for company in (False, True))
    assert beside.unit * beside.size[0] == pytest.approx(framing.ACCOMPANIED * 1000, abs=1)
    assert beside.unit < alone.unit
    assert framing.frame_product(BOTTLE, (1000, 1000), company=True) == framing.frame_product(
        BOTTLE, (1000, 1000)
    )
