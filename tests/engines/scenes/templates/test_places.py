"""Scenes at home and out of doors: what their numbers, words and takes promise."""

from __future__ import annotations

import pytest

from editor.engines.scenes.plan import SetPlan
from editor.engines.scenes.templates import catalogue, places
from editor.engines.scenes.templates.base import Template

EACH = pytest.mark.parametrize("scene", places.TEMPLATES, ids=lambda scene: str(scene.number))

NUMBERS = {
    141: "Breakfast table",
    146: "Morning bathroom",
    151: "Beach",
    155: "Meadow",
    161: "Fresh snow",
    170: "Above the clouds",
}
"""Clients keep these numbers: they may be added to, never given to another scene."""


def test_numbers_stay_what_they_were() -> None:
    assert {number: catalogue.template(number).name for number in NUMBERS} == NUMBERS


def test_numbers_are_places_own_and_each_once() -> None:
    numbers = [scene.number for scene in places.TEMPLATES]
    assert len(set(numbers)) == len(numbers) >= 15
    assert all(141 <= number <= 179 for number in numbers)
    assert len(catalogue.TEMPLATES) == len({*catalogue.TEMPLATES})


def test_every_category_of_places_has_at_least_three_scenes() -> None:
    categories = [scene.category for scene in places.TEMPLATES]
    promised = {places.KITCHEN, places.BATHROOM, places.BEACH, places.MEADOW, places.WINTER}
    assert promised <= set(categories)
    assert all(categories.count(category) >= 3 for category in set(categories))


@EACH
def test_scene_is_found_by_words_and_survives_json(scene: Template) -> None:
    assert len(scene.keywords) >= 4
    assert all(word == word.lower().strip() for word in scene.keywords)
    assert SetPlan.from_dict(scene.plan.to_dict()) == scene.plan


@EACH
def test_first_take_of_seed_0_is_the_thumbnails_plan(scene: Template) -> None:
    assert scene.take(0) == scene.plan


@EACH
def test_takes_are_the_same_for_a_seed_and_differ_from_each_other(scene: Template) -> None:
    assert scene.choices, "a batch's two pictures must differ in more than their dice"
    for seed in (0, 1, 7):
        assert scene.take(seed, 1) == scene.take(seed, 1)
        assert scene.take(seed, 1) != scene.take(seed, 2)


@EACH
def test_every_choice_is_a_plan_that_can_be_built(scene: Template) -> None:
    """Names are checked when a plan is made, so each value must make one."""
    for name, others in scene.choices.items():
        for value in others:
            changed = SetPlan.from_dict({**scene.plan.to_dict(), **_as_json(name, value)})
            assert getattr(changed, name) == value


def _as_json(name: str, value: object) -> dict[str, object]:
    from dataclasses import asdict, is_dataclass

    if isinstance(value, tuple):
        return {name: [asdict(each) for each in value]}
    return {name: asdict(value) if is_dataclass(value) and not isinstance(value, type) else value}
