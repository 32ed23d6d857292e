"""What several looks agree on: areas are judged whole, by what the looks and the ground say of them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from editor.engines.matting import multi_pass
from editor.engines.networks import isnet

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Merge = Callable[[Pixels, Plane, Plane, Plane], Plane]

SIDE = isnet.SIDE
GROUND, PRODUCT, THING = (205, 205, 200), (40, 70, 160), (190, 60, 120)
BOX, DISC = (300, 400, 620, 760), (600, 480, 840, 740)


@pytest.fixture
def merge(monkeypatch: pytest.MonkeyPatch) -> Merge:
    """Give a function that merges a first look, one at inverted tones and one at others; no network."""

    def run(square: Pixels, first: Plane, inverted: Plane, toned: Plane) -> Plane:
        looks = iter((inverted, toned))

        class Scripted:
            def subject(self, small: Pixels) -> Plane:
                look = Image.fromarray(next(looks))
                return np.array(look.resize((small.shape[1], small.shape[0]), Image.Resampling.BILINEAR))

        monkeypatch.setattr(isnet, "segmenter", lambda side: Scripted())
        return multi_pass.merge_looks(square, first).seen

    return run


def claim(*shapes: tuple[str, tuple[int, int, int, int], float]) -> Plane:
    """Return a look that claims shapes so much each, later ones over earlier."""
    look = Image.new("F", (SIDE, SIDE))
    for kind, box, level in shapes:
        getattr(ImageDraw.Draw(look), kind)(box, fill=level)
    return np.array(look)


def photo(*shapes: tuple[str, tuple[int, int, int, int], tuple[int, int, int]]) -> Pixels:
    picture = Image.new("RGB", (SIDE, SIDE), GROUND)
    for kind, box, colour in shapes:
        getattr(ImageDraw.Draw(picture), kind)(box, fill=colour)
    return np.array(picture)


def seen_in(look: Plane, box: tuple[int, int, int, int]) -> float:
    left, top, right, bottom = box
    return float(look[top:bottom, left:right].mean())


THING_AT = (720, 560, 780, 660)  # well within the disc, beside the box
BESIDE = photo(("ellipse", DISC, THING), ("rectangle", BOX, PRODUCT))
PRODUCT_ALONE = claim(("rectangle", BOX, 1))
WITH_THING = claim(("ellipse", DISC, 1), ("rectangle", BOX, 1))


def test_a_thing_that_the_first_look_rejected_stays_out_whatever_others_claim(merge: Merge) -> None:
    seen = merge(BESIDE, PRODUCT_ALONE, WITH_THING, WITH_THING)
    assert seen_in(seen, THING_AT) < 0.02
    assert seen_in(seen, (320, 420, 600, 740)) > 0.98


def test_a_thing_that_no_look_claims_is_not_added_for_its_colour(merge: Merge) -> None:
    seen = merge(BESIDE, PRODUCT_ALONE, PRODUCT_ALONE, PRODUCT_ALONE)
    assert seen_in(seen, THING_AT) < 0.02


def test_a_part_that_the_first_look_half_saw_is_added_by_the_others(merge: Merge) -> None:
    half = claim(("ellipse", DISC, 0.3), ("rectangle", BOX, 1))
    assert seen_in(merge(BESIDE, half, WITH_THING, WITH_THING), THING_AT) > 0.98


def test_a_part_that_resembles_the_ground_is_added_if_one_look_claims_it(merge: Merge) -> None:
    """Where the network errs: a white side before a white wall."""
    pale = photo(("ellipse", DISC, (222, 222, 217)), ("rectangle", BOX, PRODUCT))
    assert seen_in(merge(pale, PRODUCT_ALONE, WITH_THING, PRODUCT_ALONE), THING_AT) > 0.98


SLOT = (380, 540, 540, 600)


def test_a_slot_that_is_half_filled_calls_for_further_looks() -> None:
    whole, half, clean = (claim(("rectangle", BOX, 1), ("rectangle", SLOT, level)) for level in (1, 0.5, 0))
    assert multi_pass.is_doubtful(half)
    assert multi_pass.measure_enclosed_doubt(multi_pass.to_grid(half)) > multi_pass.ENCLOSED_DOUBT
    assert not multi_pass.is_doubtful(whole)
    assert not multi_pass.is_doubtful(clean)


@pytest.mark.parametrize("certain", [0.5, 1.0])
def test_a_slot_that_both_others_see_is_open_though_the_first_look_filled_it(
    merge: Merge, certain: float
) -> None:
    square = photo(("rectangle", BOX, PRODUCT), ("rectangle", SLOT, GROUND))
    filled = claim(("rectangle", BOX, 1), ("rectangle", SLOT, certain))
    opened = claim(("rectangle", BOX, 1), ("rectangle", SLOT, 0))
    assert seen_in(merge(square, filled, opened, opened), (400, 555, 520, 585)) < 0.02


@pytest.mark.parametrize(("level", "share"), [(0.65, 1), (0.35, 0)])
def test_what_is_enclosed_is_decided_as_a_whole(merge: Merge, level: float, share: float) -> None:
    square = photo(("rectangle", BOX, PRODUCT), ("rectangle", SLOT, GROUND))
    look = claim(("rectangle", BOX, 1), ("rectangle", SLOT, level))
    assert abs(seen_in(merge(square, look, look, look), (400, 555, 520, 585)) - share) < 0.02


def test_what_is_enclosed_and_narrow_stays_as_it_is_seen(merge: Merge) -> None:
    gap = (380, 560, 540, 563)
    look = claim(("rectangle", BOX, 1), ("rectangle", gap, 0.4))
    seen = merge(photo(("rectangle", BOX, PRODUCT)), look, look, look)
    assert np.abs(seen - look)[540:584, 380:540].max() < 0.02


WHITE, SKIN, SHADOW = (255, 255, 255), (205, 150, 120), (150, 150, 150)
SHIRT, ARM = (300, 0, 720, SIDE), (0, 380, 320, 560)  # the picture's edge cuts the arm
ARM_AT = (20, 400, 280, 540)
SHIRT_ALONE, NOTHING = claim(("rectangle", SHIRT, 1)), claim()


def wear(
    ground: tuple[int, int, int], arm: tuple[int, int, int], box: tuple[int, int, int, int] = ARM
) -> Pixels:
    """A shirt that the picture's edges cut, and an arm."""
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(box, fill=arm)
    pen.rectangle(SHIRT, fill=PRODUCT)
    return np.array(picture)


def test_before_white_an_arm_that_the_edge_cuts_belongs_to_the_shirt(merge: Merge) -> None:
    seen = merge(wear(WHITE, SKIN), SHIRT_ALONE, SHIRT_ALONE, SHIRT_ALONE)
    assert seen_in(seen, ARM_AT) > 0.99
    assert seen_in(seen, (20, 20, 280, 360)) < 0.01


def test_before_white_what_fills_the_picture_is_seen_though_no_look_saw_it(merge: Merge) -> None:
    square = wear(WHITE, PRODUCT, (300, 0, SIDE, SIDE))
    seen = merge(square, NOTHING, NOTHING, NOTHING)
    assert seen_in(seen, (320, 0, SIDE, SIDE)) > 0.99
    assert seen_in(seen, (0, 0, 280, SIDE)) < 0.01


@pytest.mark.parametrize(
    ("ground", "arm", "box"),
    [
        pytest.param((225, 225, 225), SKIN, ARM, id="grey-ground"),
        pytest.param(WHITE, SHADOW, ARM, id="shadow"),
        pytest.param(WHITE, (245, 225, 215), ARM, id="haze"),
        pytest.param(WHITE, SKIN, (0, 380, 270, 560), id="apart"),
        pytest.param(WHITE, SKIN, (40, 380, 320, 560), id="not-cut"),
        pytest.param(WHITE, SKIN, (0, 380, 320, 400), id="small"),
    ],
)
def test_what_no_look_saw_stays_out(
    merge: Merge, ground: tuple[int, int, int], arm: tuple[int, int, int], box: tuple[int, int, int, int]
) -> None:
    seen = merge(wear(ground, arm, box), SHIRT_ALONE, SHIRT_ALONE, SHIRT_ALONE)
    assert seen_in(seen, (box[0] + 4, box[1] + 4, 260, box[3] - 4)) < 0.02


def test_a_shore_below_a_white_sky_is_not_the_boats(merge: Merge) -> None:
    square, look = wear(WHITE, SKIN, (0, 600, SIDE, SIDE)), claim(("rectangle", (300, 300, 720, SIDE), 1))
    square[:300] = WHITE
    assert seen_in(merge(square, look, look, look), (20, 620, 280, SIDE)) < 0.01


@pytest.mark.parametrize(("arm", "missed"), [(SKIN, True), (WHITE, False)])
def test_a_look_that_missed_most_of_what_the_edge_cuts_calls_for_more(
    arm: tuple[int, int, int], missed: bool
) -> None:
    collar = claim(("rectangle", (300, 0, 720, 300), 1))
    square = wear(WHITE, arm, (0, 380, 320, SIDE))
    square[300:, 300:720] = arm
    assert multi_pass.misses_most(square, collar) is missed


def test_before_white_gaps_that_looks_left_in_an_arm_are_filled(merge: Merge) -> None:
    gaps = [("rectangle", (760, y, 800, y + 40), 0.0) for y in range(200, 800, 90)]
    look = claim(("rectangle", SHIRT, 1), ("rectangle", (720, 0, 900, SIDE), 1), *gaps)
    square = wear(WHITE, SKIN)
    square[:, 720:900] = SKIN
    look[80:900, 400:600] = 0  # large, and closed in
    seen = merge(square, look, look, look)
    assert seen_in(seen, ARM_AT) > 0.99
    assert seen_in(seen, (765, 205, 795, 235)) > 0.99
    assert seen_in(seen, (410, 90, 590, 890)) > 0.99
