"""What a negative prompt takes out of a scene of the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.prompt import understand_refusals
from editor.engines.scenes.templates import catalogue

PROPS = (Piece("ball", finish="gold"), Piece("flowers"))
PLAN = SetPlan(
    Piece("marble"),
    Piece("disc"),
    Piece("podium"),
    (Piece("ball", finish="gold"), Piece("flowers")),
    "noon",
    air="mist",
)


@pytest.mark.parametrize(
    ("negative", "without"),
    [
        ("flowers", {"props": PLAN.props[:1]}),
        ("keine Kugel", {"props": PLAN.props[1:]}),
        ("sin flores, sin pedestal", {"props": PLAN.props[:1], "stand": None}),
        ("mist", {"air": ""}),
        ("no props", {"props": ()}),
        ("candles, people, blurry", {}),
    ],
)
def test_what_is_named_goes_and_all_else_stays(negative: str, without: dict[str, object]) -> None:
    assert understand_refusals(negative).apply_to(PLAN) == replace(PLAN, **without)


def test_a_set_without_its_ground_wall_and_light_gets_plain_ones() -> None:
    refused = understand_refusals("marble, disc, shadows")
    left = refused.apply_to(PLAN)
    assert {left.surface.name, left.backdrop.name, left.light}.isdisjoint({"marble", "disc", "noon"})
    assert set(refused.list_refused(PLAN)) == {"marble", "disc", "noon"}
    assert left.stand == PLAN.stand


def test_words_that_say_nothing_are_told_and_take_nothing() -> None:
    refused = understand_refusals("garlic")
    assert refused.missed == ("garlic",)
    assert refused.apply_to(PLAN) == PLAN
    assert refused.list_refused(PLAN) == []


def test_every_template_can_be_without_all_that_it_has() -> None:
    for template in catalogue.TEMPLATES.values():
        names = [one.name for one in template.plan.props]
        left = understand_refusals(", ".join(names).replace("-", " ")).apply_to(template.plan)
        assert len(left.props) <= len(names)
        SetPlan.from_dict(left.to_dict())


def test_both_takes_of_a_scene_are_without_it() -> None:
    assert "ball" in {one.name for one in SceneOptions(scene=105).plan_of(1).props}
    options = SceneOptions(scene=105, negative_prompt="gold ball", seed=3, takes=2)
    for take in (1, 2):
        assert "ball" not in {one.name for one in options.plan_of(take).props}


def test_a_negative_prompt_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidOptions, match="negative_prompt"):
        SceneOptions(scene=105, negative_prompt="x" * 1025)
