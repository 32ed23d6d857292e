"""The catalogue, its plans and takes, and that Blender has a function for every word."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.scenes import vocabulary
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.plan import COLOUR, Piece, SetPlan
from editor.engines.scenes.templates import catalogue

ROOT = Path(__file__).resolve().parents[4]


def test_there_are_thirty_scenes_in_eight_categories_and_105_is_one() -> None:
    assert len(catalogue.TEMPLATES) >= 30
    assert len(catalogue.CATEGORIES) >= 8
    assert 105 in catalogue.TEMPLATES


def test_every_scene_can_be_told_apart_and_found() -> None:
    templates = catalogue.TEMPLATES.values()
    assert len({template.name for template in templates}) == len(templates)
    for template in templates:
        assert template.name
        assert template.keywords
        assert SetPlan.from_dict(json.loads(json.dumps(template.plan.to_dict()))) == template.plan


def test_the_takes_of_a_scene_differ_and_those_of_a_seed_do_not() -> None:
    for template in catalogue.TEMPLATES.values():
        if template.choices:
            assert template.take(3, 1) != template.take(3, 2), template.name
        assert template.take(7, 2) == template.take(7, 2)
        assert template.take(0, 1) == template.plan


def test_every_choice_of_a_scene_is_a_plan_that_can_be_built() -> None:
    for template in catalogue.TEMPLATES.values():
        for field, values in template.choices.items():
            for value in values:
                replace(template.plan, **{field: value})


def test_blender_has_a_function_for_every_word() -> None:
    code = (
        "import json\n"
        "from editor.engines.blender import pieces\n"
        "from editor.engines.blender.kit import finishes, registry as p\n"
        "pieces.load_pieces()\n"
        "tables = dict(surface=p.SURFACES, backdrop=p.BACKDROPS, stand=p.STANDS, prop=p.PROPS,"
        " light=p.LIGHTS, air=p.AIRS, finish=finishes.FINISHES)\n"
        "print('WORDS', json.dumps({kind: sorted(table) for kind, table in tables.items()}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("WORDS"))
    for kind, names in json.loads(line.removeprefix("WORDS")).items():
        assert names == sorted(vocabulary.KINDS[kind]), kind


def test_palettes_are_colours() -> None:
    for name, palette in vocabulary.PALETTES.items():
        assert bool(palette.schemes) == bool(palette.hues) == bool(name)
        for scheme in palette.schemes:
            for colour in (scheme.surface, scheme.backdrop, scheme.stand, *scheme.accents):
                assert COLOUR.match(colour)


def test_a_plan_of_unknown_words_is_refused() -> None:
    good = SetPlan(Piece("sand"), Piece("sea")).to_dict()
    assert SetPlan.from_dict(good).surface.name == "sand"
    for broken in (
        good | {"surface": {"name": "lava"}},
        good | {"light": "__import__('os')"},
        good | {"volcano": True},
        good | {"blur": 7},
        {"surface": "sand"},
    ):
        with pytest.raises(InvalidOptions):
            SetPlan.from_dict(broken)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({}, "one of them"),
        ({"scene": 101, "backdrop_path": "wall.jpg"}, "one of them"),
        ({"scene": 99999}, "no scene 99999"),
        ({"scene": "101"}, "scene must be a whole number"),
        ({"scene": 101, "takes": 3}, "takes"),
        ({"scene": 101, "size": 4096}, "size"),
        ({"scene": 101, "aspect": "3:1"}, "aspect"),
        ({"scene": 101, "place": [0.5, "x", 1]}, "place"),
        ({"scene": 101, "place": [0.5, 2, 1]}, "place"),
        ({"scene": 101, "copy_space": "middle"}, "copy_space"),
        ({"scene": 101, "accent": "red"}, "accent"),
        ({"scene": 101, "match": 1}, "match"),
        ({"scene": 101, "format": "gif"}, "format"),
        ({"scene": 101, "colour": "#ffffff"}, "no option colour"),
        ({"backdrop_path": "wall.jpg", "floor": 1.4}, "floor"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidOptions, match=named):
        SceneOptions.from_dict(options)


def test_colours_asked_for_take_the_place_of_the_scenes_own() -> None:
    plan = SceneOptions(scene=105, backdrop="#102030", accent="#aabbcc").plan_of(1)
    assert plan.backdrop.colour == "#102030"
    assert {prop.colour for prop in plan.props} == {"#aabbcc"}
    assert plan.surface.colour == catalogue.template(105).plan.surface.colour
