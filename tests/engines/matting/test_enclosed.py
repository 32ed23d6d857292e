"""What a subject encloses is looked at more closely: openings open, insides fill, the clear stays."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from editor.engines.matting.enclosed import judgement, regions
from editor.engines.networks import isnet

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Claim = Callable[[Pixels], Plane]
Looks = Callable[[Claim], list[Pixels]]

SIDE = isnet.SIDE
WALL, BODY, GLASS = (150, 160, 150), (40, 60, 160), (150, 150, 175)
CASE, LENS = (260, 300, 760, 800), (420, 460, 600, 640)
IN_LENS, IN_CASE = (440, 480, 580, 620), (280, 320, 400, 780)


def photograph(inside: tuple[int, int, int], *, gap: bool) -> tuple[Pixels, Plane]:
    """A case with a square of a colour in it before a wall; and a look that has a gap there, or doubts it."""
    photo, look = Image.new("RGB", (SIDE, SIDE), WALL), Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(photo).rectangle(CASE, fill=BODY)
    ImageDraw.Draw(photo).rectangle(LENS, fill=inside)
    ImageDraw.Draw(look).rectangle(CASE, fill=255)
    ImageDraw.Draw(look).rectangle(LENS, fill=0 if gap else 225)
    soft = look.filter(ImageFilter.GaussianBlur(2))
    return np.array(photo), np.asarray(soft, np.float32) / np.float32(255)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Give a function that sets what closer looks claim of the pixels they see; these are listed."""

    def set_claim(claim: Claim) -> list[Pixels]:
        shown: list[Pixels] = []

        class Scripted:
            def subject(self, crop: Pixels) -> Plane:
                shown.append(crop)
                made = Image.fromarray(claim(crop))
                return np.array(made.resize((judgement.SIDE,) * 2, Image.Resampling.BOX))

        monkeypatch.setattr(isnet, "segmenter", lambda side: Scripted())
        return shown

    return set_claim


def everything(crop: Pixels) -> Plane:
    return np.ones(crop.shape[:2], np.float32)


def the_blue(crop: Pixels) -> Plane:
    return (crop[..., 2] > 1.5 * crop[..., 0]).astype(np.float32)


def seen_in(look: Plane, box: tuple[int, int, int, int]) -> float:
    left, top, right, bottom = box
    return float(look[top:bottom, left:right].mean())


def test_a_lens_that_was_emptied_is_filled_where_closer_looks_see_the_whole(looks: Looks) -> None:
    shown = looks(everything)
    square, seen = photograph((20, 20, 20), gap=True)

    made = judgement.settle(square, square, seen)

    assert len(shown) == len(judgement.TIMES)
    assert made[380:680, 340:680].min() > 0.95, "its soft rim as well"
    assert seen_in(made, (0, 0, SIDE, 250)) == seen_in(seen, (0, 0, SIDE, 250))
    assert seen_in(seen, IN_LENS) == 0, "what is handed in is not changed"


def test_an_opening_that_was_filled_is_opened_up_to_its_rim(looks: Looks) -> None:
    looks(the_blue)
    square, seen = photograph((152, 161, 149), gap=False)

    made = judgement.settle(square, square, seen)

    assert seen_in(made, IN_LENS) < 0.01
    assert seen_in(made, IN_CASE) > 0.99
    opened = int((made[CASE[1] + 20 : CASE[3] - 20, CASE[0] + 20 : CASE[2] - 20] < 0.5).sum())
    assert opened == pytest.approx(181 * 181, rel=0.05)


@pytest.mark.parametrize(("inside", "gap"), [(WALL, True), ((200, 30, 30), False)])
def test_what_colours_tell_costs_no_look_and_stays(
    looks: Looks, inside: tuple[int, int, int], gap: bool
) -> None:
    shown = looks(everything if gap else the_blue)
    square, seen = photograph(inside, gap=gap)

    assert judgement.settle(square, square, seen) is seen
    assert not shown


def test_what_all_looks_are_sure_of_is_not_looked_at(looks: Looks) -> None:
    shown = looks(the_blue)
    square, doubted = photograph(WALL, gap=False)
    sure = np.where(doubted > 0.5, np.float32(1), doubted)

    assert judgement.settle(square, square, sure) is sure
    assert not shown
    # The first look denied it, and others put it in.
    assert seen_in(judgement.settle(square, square, sure, 1 - sure), IN_LENS) < 0.01


@pytest.mark.parametrize(
    ("inside", "gap", "claim"),
    [
        # A dial of the wall's colour that is seen as the case's.
        (WALL, False, everything),
        # An opening that shows something dark, and is seen as one.
        ((20, 20, 20), True, the_blue),
        # The look takes something else for the subject: it tells nothing.
        ((20, 20, 20), True, lambda crop: 1 - the_blue(crop)),
        ((152, 161, 149), False, lambda crop: np.zeros(crop.shape[:2], np.float32)),
    ],
)
def test_what_a_look_does_not_contradict_stays(
    looks: Looks, inside: tuple[int, int, int], gap: bool, claim: Claim
) -> None:
    shown = looks(claim)
    square, seen = photograph(inside, gap=gap)

    assert judgement.settle(square, square, seen) is seen
    assert len(shown) == 1, "the first look was enough"


def test_looks_are_at_the_photo_s_full_size(looks: Looks) -> None:
    shown = looks(everything)
    square, seen = photograph((20, 20, 20), gap=True)
    photo = square.repeat(3, 0).repeat(2, 1)

    judgement.settle(photo, square, seen)

    # 181 of the square's pixels are 543 and 362 of the photo's, and the crop's sides are alike.
    assert [crop.shape[0] for crop in shown] == pytest.approx([4 * 543, 2 * 543], rel=0.03)
    assert shown[1].shape[1] == pytest.approx(2 * 543, rel=0.03)


def test_ground_that_crosses_a_gap_goes_without_a_look(looks: Looks) -> None:
    shown = looks(everything)
    photo, look = Image.new("RGB", (SIDE, SIDE), WALL), Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(photo)
    # A pale shelf behind a chair, whose post shows in its slot.
    pen.rectangle((470, 0, 510, SIDE), fill=(240, 235, 230))
    pen.rectangle((0, 60, SIDE, 140), fill=(240, 235, 230))
    pen.rectangle((260, 200, 760, 800), fill=BODY)
    pen.rectangle((340, 460, 660, 540), fill=WALL)
    pen.rectangle((470, 460, 510, 540), fill=(240, 235, 230))
    mask = ImageDraw.Draw(look)
    mask.rectangle((260, 200, 760, 800), fill=255)
    for left, right in ((340, 468), (512, 660)):
        mask.rectangle((left, 460, right, 540), fill=0)
    square, seen = np.array(photo), np.asarray(look.filter(ImageFilter.GaussianBlur(2)), np.float32) / 255

    made = judgement.settle(square, square, seen)

    assert not shown
    assert seen_in(made, (475, 470, 505, 530)) < 0.02
    assert seen_in(made, (470, 560, 510, 780)) > 0.99
    # The same post in the chair's own colours is the chair's.
    pen.rectangle((470, 460, 510, 540), fill=BODY)
    own = np.array(photo)
    assert judgement.settle(own, own, seen) is seen


BAY = (560, 640, 760, 800)
"""A corner of the case that is wall."""
IN_BAY = (580, 660, 740, 780)


def take_along(first: float) -> tuple[Pixels, Plane, Plane]:
    """The wall in a bay of the case: the matte has it, and what the first look claimed of it."""
    photo, look = Image.new("RGB", (SIDE, SIDE), WALL), Image.new("L", (SIDE, SIDE))
    for drawn, case, bay in ((photo, BODY, WALL), (look, 255, round(255 * first))):
        ImageDraw.Draw(drawn).rectangle(CASE, fill=case)
        ImageDraw.Draw(drawn).rectangle(BAY, fill=bay)
    whole = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(whole).rectangle(CASE, fill=255)
    seen, claim = (np.asarray(one, np.float32) / np.float32(255) for one in (whole, look))
    return np.array(photo), seen, claim


def test_ground_in_a_bay_that_further_looks_added_goes_where_a_closer_one_denies_it(looks: Looks) -> None:
    shown = looks(the_blue)
    square, seen, first = take_along(0.02)
    made = judgement.settle(square, square, seen, first)
    left, top, right, bottom = IN_BAY
    assert len(shown) == 1
    assert made[top:bottom, left:right].mean() < 0.05
    left, top, right, bottom = IN_CASE
    assert made[top:bottom, left:right].mean() > 0.98


@pytest.mark.parametrize(("first", "claim", "asked"), [(0.1, everything, 1), (0.9, the_blue, 0)])
def test_a_bay_that_a_look_claims_stays(looks: Looks, first: float, claim: Claim, asked: int) -> None:
    shown = looks(claim)
    square, seen, look = take_along(first)
    assert judgement.settle(square, square, seen, look) is seen
    assert len(shown) == asked


def test_a_picture_that_is_all_subject_is_left_alone() -> None:
    square = np.full((SIDE, SIDE, 3), 90, np.uint8)
    whole = np.ones((SIDE, SIDE), np.float32)
    assert regions.survey(square, whole) is None
    assert judgement.settle(square, square, whole) is whole
