"""True size: what stands beside and below a product of so many centimetres, and what is replaced."""

from __future__ import annotations

import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.scenes import true_size
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.templates import catalogue
from editor.engines.scenes.true_size import fit_to_size, grain, guess_size, scale_prop
from editor.engines.scenes.vocabulary import BACKDROPS, PROPS, STANDS, SURFACES

KITCHEN = SetPlan(
    Piece("counter"), Piece("kitchen"), Piece("board"), (Piece("cup"), Piece("coffee"), Piece("plant"))
)


def test_a_bottle_stands_on_a_worktop_a_chair_on_the_floor_and_a_car_on_a_road() -> None:
    assert fit_to_size(KITCHEN, 22) == KITCHEN
    chair = fit_to_size(KITCHEN, 90)
    assert (chair.surface.name, chair.backdrop.name, chair.stand) == ("tiles", "kitchen", None)
    assert {prop.name for prop in chair.props} == {"cup", "plant"}
    car = fit_to_size(KITCHEN, 430)
    assert (car.surface.name, car.backdrop.name, car.stand) == ("concrete", "concrete-wall", None)
    assert {prop.name for prop in car.props} == {"plant"}
    deck = fit_to_size(SetPlan(Piece("planks"), Piece("sea")), 430)
    assert (deck.surface.name, deck.backdrop.name) == ("asphalt", "sea")


@pytest.mark.parametrize("size", [0.3, 2.5, 22, 74, 75, 120, 200, 250, 430, 1000])
def test_whatever_the_size_every_scene_makes_a_set_that_suits_it(size: float) -> None:
    for template in catalogue.TEMPLATES.values():
        plan = fit_to_size(template.plan, size)
        rows = [SURFACES[plan.surface.name], BACKDROPS[plan.backdrop.name]]
        sizes = [row.sizes for row in rows] + [PROPS[prop.name].sizes for prop in plan.props]
        sizes += [STANDS[plan.stand.name].sizes] if plan.stand else []
        assert all(low <= size <= high for low, high in sizes), (template.name, size)
        assert SetPlan.from_dict(plan.to_dict()) == plan
        assert fit_to_size(plan, size) == plan


def test_what_has_a_size_of_its_own_is_small_beside_what_is_large() -> None:
    sizes = [scale_prop("candles", size) for size in (2.5, 10, 20, 40, 90)]
    assert sizes == sorted(sizes, reverse=True)
    assert scale_prop("candles", 20) == 1
    assert scale_prop("candles", 40) == 0.5
    assert scale_prop("plant", 80) == 1
    assert scale_prop("ball", 90) == scale_prop("candles", 0) == 1
    assert grain(0) == grain(20) == 1
    assert grain(80) == 4 > grain(10)
    assert grain(90, BACKDROPS["brick"].metric) == 2
    assert grain(90, SURFACES["sand"].metric) == 1
    assert not true_size.stands_on_floor(40)
    assert true_size.stands_on_floor(90)


def test_plans_say_what_was_replaced() -> None:
    options = SceneOptions(plan=KITCHEN.to_dict(), size_cm=90.0)
    assert options.plan_of(1).surface.name == "tiles"
    assert SceneOptions(plan=KITCHEN.to_dict()).plan_of(1) == KITCHEN


@pytest.mark.parametrize("size", [0.0, 0.29, 1001.0, float("nan"), float("inf"), "22", True])
def test_a_size_is_a_number_of_centimetres(size: object) -> None:
    with pytest.raises(InvalidOptions, match="size_cm"):
        SceneOptions(scene=101, size_cm=size)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("white_sneaker-01.png", 29),
        ("Sofa grau.jpg", 200),
        ("a ring on marble", 2.5),
        ("earrings", 3),
        ("IMG_1234.jpg", None),
        ("carpet cleaner", None),
        ("", None),
    ],
)
def test_a_guess_is_of_what_is_named_as_a_word_of_its_own(words: str, size: float | None) -> None:
    assert guess_size(words) == size


def test_a_shirt_is_guessed_by_its_outline() -> None:
    assert guess_size("IMG_1.jpg", garment=True) == 70
