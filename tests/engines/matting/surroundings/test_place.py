"""The place that was taken along goes, the product's own foot stays: parts, their measures, and the look."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from editor.engines.errors import WeightsDamaged
from editor.engines.matting.surroundings import parts, place
from editor.engines.networks import isnet

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Looks = Callable[[float, float], list[Pixels]]

SIDE = isnet.SIDE
GROUND, PODIUM = (120, 170, 140), (100, 146, 119)
LIKELY = (90, 110, 140)
"""A foot that may be a place: smooth and low, and hardly of the ground's hue."""
PRODUCT, FOOT = (370, 250, 650, 700), (350, 690, 670, 780)
IN_PRODUCT, IN_FOOT = (400, 300, 620, 660), (370, 720, 650, 770)


def stand(colour: tuple[int, int, int], grain: float = 0) -> tuple[Pixels, Plane]:
    """A box with a print on a slab of a colour, and the look that takes both."""
    photo, look = Image.new("RGB", (SIDE, SIDE), GROUND), Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(photo)
    pen.rectangle(FOOT, fill=colour)
    pixels = np.array(photo).astype(float)
    noise = np.random.default_rng(4).normal(0, 1, (SIDE // 8, SIDE // 8, 1)).repeat(8, 0).repeat(8, 1)
    left, top, right, bottom = FOOT
    pixels[top:bottom, left:right] += grain * noise[top:bottom, left:right]
    photo = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(photo)
    pen.rectangle(PRODUCT, fill=(220, 60, 40))
    for line in range(270, 690, 30):
        pen.line((380, line, 640, line + 12), fill=(250, 240, 90), width=9)
    for box in (PRODUCT, FOOT):
        ImageDraw.Draw(look).rectangle(box, fill=255)
    soft = look.filter(ImageFilter.GaussianBlur(2))
    return np.array(photo), np.asarray(soft, np.float32) / np.float32(255)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Give a function that sets what the look claims of the rest and of all else; crops seen are listed."""

    def set_claims(rest: float, other: float) -> list[Pixels]:
        shown: list[Pixels] = []

        class Scripted:
            def subject(self, crop: Pixels) -> Plane:
                shown.append(crop)
                red = (crop[..., 0] > 160).astype(np.float32) * (rest - other) + other
                return np.array(Image.fromarray(red).resize((place.SIDE,) * 2, Image.Resampling.BOX))

        monkeypatch.setattr(isnet, "segmenter", lambda side: Scripted())
        return shown

    return set_claims


def seen_in(look: Plane, box: tuple[int, int, int, int]) -> float:
    left, top, right, bottom = box
    return float(look[top:bottom, left:right].mean())


def test_a_podium_that_the_look_at_the_rest_denies_goes_and_the_product_stays(looks: Looks) -> None:
    shown = looks(1, 0)
    square, seen = stand(LIKELY, grain=3)
    left = place.take_away(square, seen)
    assert 1 <= len(shown) <= place.ROUNDS
    assert seen_in(left, IN_FOOT) < 0.02
    assert seen_in(left, IN_PRODUCT) > 0.98


def test_the_cut_runs_where_the_colours_change(looks: Looks) -> None:
    looks(1, 0)
    square, seen = stand(PODIUM)
    left = place.take_away(square, seen)
    column = left[600:760, 510]
    assert abs(600 + int((column > 0.5).sum()) - PRODUCT[3]) <= 4


def test_a_foot_that_the_look_claims_as_much_as_the_rest_stays(looks: Looks) -> None:
    looks(1, 1)
    square, seen = stand(LIKELY, grain=3)
    assert np.array_equal(place.take_away(square, seen), seen)


def test_a_look_that_does_not_know_the_rest_takes_nothing_away(looks: Looks) -> None:
    looks(0.3, 0)
    square, seen = stand(PODIUM)
    assert np.array_equal(place.take_away(square, seen), seen)


def test_no_rim_of_what_goes_is_left(looks: Looks) -> None:
    looks(1, 0)
    square, seen = stand(PODIUM)
    left = place.take_away(square, seen)
    assert float(left[FOOT[3] - 30 : FOOT[3] + 30, FOOT[0] - 20 : FOOT[2] + 20].max()) < 0.05


def test_a_foot_of_another_hue_and_with_a_grain_is_not_even_looked_at(looks: Looks) -> None:
    shown = looks(1, 0)
    square, seen = stand((60, 40, 200), grain=30)
    assert np.array_equal(place.take_away(square, seen), seen)
    assert not shown


def test_a_black_foot_is_a_shade_of_any_ground_and_stays(looks: Looks) -> None:
    shown = looks(1, 0)
    square, seen = stand((14, 20, 17))
    assert np.array_equal(place.take_away(square, seen), seen)
    assert not shown


def test_what_is_alone_in_the_matte_is_no_place(looks: Looks) -> None:
    looks(0, 0)
    square, _ = stand(PODIUM)
    only = np.zeros((SIDE, SIDE), np.float32)
    only[700:780, 350:670] = 1
    assert np.array_equal(place.take_away(square, only), only)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_matte_of_nothing_or_of_everything_is_left(share: float) -> None:
    square, _ = stand(PODIUM)
    full = np.full((SIDE, SIDE), share, np.float32)
    assert place.take_away(square, full) is full


def test_a_place_is_kin_to_the_ground_and_smooth() -> None:
    square, seen = stand(PODIUM)
    scene = parts.part(square, seen)
    assert scene is not None
    foot = scene.parts[186, 128]
    measures = parts.measure(scene)[foot - 1]
    assert measures["kin"] > 0.4
    assert measures["smooth"] < 0
    assert measures["low"] > 0.6
    assert place.weigh(measures) > place.SUSPECT
    assert place.weigh(measures, 1.0) < place.weigh(measures) < place.weigh(measures, 0.0)


@pytest.mark.parametrize("document", ["", "{}", '{"measures": {}, "offset": 0, "denied": 1}'])
def test_damaged_numbers_are_named(tmp_path: Path, document: str) -> None:
    path = tmp_path / "place.json"
    path.write_text(document)
    with pytest.raises(WeightsDamaged, match=r"place\.json"):
        place.read_fit(path)


def test_the_numbers_say_which_command_fitted_them() -> None:
    assert "bench.places" in json.loads(place.NUMBERS.read_text("ascii"))["command"]


def test_a_foot_in_the_colour_of_the_products_head_is_its_own(looks: Looks) -> None:
    looks(1, 0)
    square, seen = stand(LIKELY, grain=3)
    cap = np.s_[260:480, 371:649]
    square[cap] = LIKELY
    assert place.take_away(square, seen) is seen


@pytest.mark.parametrize(("low", "suspected"), [(0.8, True), (0.2, False)])
def test_what_lies_low_is_not_its_own_by_what_is_below(low: float, suspected: bool) -> None:
    square, seen = stand(LIKELY)
    square[260:480, 371:649] = LIKELY
    # Its head below: so does a mirror image lie, whose other parts have its colours too.
    scene = parts.part(square[::-1].copy(), seen[::-1].copy())
    assert scene is not None
    foot = int(scene.parts[(SIDE - 740) * parts.GRID // SIDE, parts.GRID // 2])
    one_suspected = [number == foot for number in range(1, scene.count + 1)]
    assert any(one_suspected)
    left = place.clear_own(scene, [{"low": low, "apart": 0.0}] * scene.count, one_suspected)
    assert any(left) is suspected


@pytest.mark.parametrize(("down", "suspected"), [(0, False), (-150, False), (500, True)])
def test_the_other_of_a_pair_beside_it_or_above_is_its_own_and_a_mirror_image_below_is_not(
    down: int, suspected: bool
) -> None:
    square = np.full((SIDE, SIDE, 3), (150, 160, 90), np.uint8)
    seen = np.zeros((SIDE, SIDE), np.float32)
    for top, left, right in ((200, 400, 800), (200 + down, 40, 200)):
        box = np.s_[top : top + 300, left:right]
        square[box], seen[box] = (165, 155, 160), 1
    scene = parts.part(square, seen)
    assert scene is not None
    measures = parts.measure(scene)
    assert [one["apart"] for one in measures] == [0, 1]
    assert place.clear_own(scene, measures, [False, True]) == [False, suspected]


@pytest.mark.parametrize(
    ("claim", "rest", "goes"),
    [
        (0.0, 0.9, True),
        (0.0, 0.5, True),
        (0.3, 0.5, False),
        (0.0, 0.2, False),
        (None, 0.9, False),
        (None, 0.5, False),
    ],
)
def test_what_goes_depends_on_how_well_the_look_knows_the_rest(
    monkeypatch: pytest.MonkeyPatch, claim: float | None, rest: float, goes: bool
) -> None:
    def weigh(measures: dict[str, float], claim: float | None = None) -> float:
        return 0.9 if claim is not None or rest < place.KNOWN else 0.7

    monkeypatch.setattr(place, "weigh", weigh)
    assert place.is_place({}, claim, rest) is goes
