"""Whatever a word can set in a plan is read by what builds the set, and changes its picture."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.errors import InvalidOptions
from editor.engines.scenes import blender_process
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.plan import VERSION, Piece, SetPlan
from editor.engines.scenes.prompt import understand
from editor.engines.scenes.prompt.defaults import DIMS
from editor.engines.tools import scene
from tests.engines.tools.test_scene import cutout

ENGINES = Path(__file__).resolve().parents[3] / "editor/engines"
SEEN_BY_THE_FRAME = {"camera", "pose"}
"""What is made a Frame of before Blender hears of it."""

PLAIN = SetPlan(Piece("plaster"), Piece("brick"), Piece("podium"), air="mist", blur=0.0)
OTHERS = {
    "warm": {"warmth": 1.0},
    "cool": {"warmth": -1.0},
    "blue light": {"hues": ("#1f5fff",)},
    "purple mist": {"air_colour": "#a020f0"},
    "out of focus": {"blur": 1.0},
}
"""Of each field that is no word of the vocabulary: values of which a picture tells."""


def test_every_field_of_a_plan_is_read_where_the_set_is_built() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ENGINES / "blender").rglob("*.py"))
    framed = "".join((ENGINES / name).read_text("utf-8") for name in FRAMING)
    for field in fields(SetPlan):
        if field.name == "version":
            continue
        read = framed if field.name in SEEN_BY_THE_FRAME else source
        assert re.search(rf"\bplan\.{field.name}\b", read), f"{field.name} is read by nobody"


LIT = ("plain", "blue light")
FLAT = SetPlan(Piece("plaster"), Piece("wall"), props=(Piece("drape"), Piece("ball", count=2)), camera="top")
"""A flat lay: what would hang behind is not in it."""

TOLD: list[dict[str, Any]] = []
"""What Blender said when a picture was done."""

INDEX: list[NDArray[np.uint8]] = []
LIGHT: dict[str, NDArray[np.float32]] = {}
"""The light on the product in these two, and the pieces of the first, as soon as the pictures are there."""

FRAMING = ("tools/scene.py", "scenes/product_pose.py")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NDArray[np.int16]]:
    """The plain plan's picture and the others', all of one process of Blender's."""
    folder, product = tmp_path_factory.mktemp("plans"), scene.Product.of(cutout())
    plans = {"plain": PLAIN} | {name: replace(PLAIN, **changes) for name, changes in OTHERS.items()}
    plans["flat"] = FLAT
    takes: list[dict[str, Any]] = []
    options = SceneOptions(plan=PLAIN.to_dict(), size=96, aspect="1:1")
    for number, plan in enumerate(plans.values(), 1):
        asked = replace(options, plan=plan.to_dict())
        files = {kind: str(folder / f"{kind}-{number}.png") for kind in ("early", "plate")}
        if list(plans)[number - 1] in LIT:
            files["light"] = str(folder / f"light-{list(plans)[number - 1]}.npy")
        if number == 1:
            files["index"] = str(folder / "index.npy")
        takes.append(scene.plan_take(product, asked, 1, folder) | {"number": number, "samples": 2, **files})
    job = scene.build_job(product, takes, folder, options)
    blender_process.render(job, TOLD.append, lambda share: None)
    LIGHT.update({name: np.load(folder / f"light-{name}.npy") for name in LIT})
    INDEX.append(np.load(folder / "index.npy"))
    made = [np.asarray(Image.open(take["plate"]).convert("RGB"), np.int16) for take in takes]
    return dict(zip(plans, made, strict=True))


@pytest.mark.parametrize("name", OTHERS)
def test_what_words_change_in_a_plan_changes_its_picture(
    seen: dict[str, NDArray[np.int16]], name: str
) -> None:
    assert np.abs(seen[name] - seen["plain"]).mean() > 1


def test_warm_cool_and_named_light_have_their_colours(seen: dict[str, NDArray[np.int16]]) -> None:
    plain, warm, cool, blue = (
        float(seen[name][..., 2].mean() / seen[name][..., 0].mean())
        for name in ("plain", "warm", "cool", "blue light")
    )
    assert warm < 0.85 * plain < plain < 1.25 * plain < cool
    assert blue > 1.5 * plain


def test_pieces_are_counted_where_they_are_seen(seen: dict[str, NDArray[np.int16]]) -> None:
    """The plain plan's podium is number 1, in the lower half; of no piece is what stands behind."""
    assert seen
    (index,) = INDEX
    podium = index == 1
    assert 0.01 < podium.mean() < 0.4
    assert not podium[: len(index) // 2].any()
    assert {*np.unique(index)} == {0, 1}


def test_what_words_asked_for_and_cannot_be_seen_is_told(seen: dict[str, NDArray[np.int16]]) -> None:
    done = {said["done"]: said["gave_way"] for said in TOLD if "done" in said}
    assert done.pop(len(seen)) == {"hidden": ["drape"]}
    assert not any(done.values())


def test_the_set_lights_the_product(seen: dict[str, NDArray[np.int16]]) -> None:
    assert seen
    plain, blue = LIGHT["plain"], LIGHT["blue light"]
    assert plain.ndim == blue.ndim == 3
    assert np.isfinite(plain).all()
    assert 0.4 < np.median(plain) < 2.5
    # One side is nearer to the main light than the other.
    height, width = plain.shape[:2]
    middle = plain[height // 4 : 3 * height // 4]
    sides = middle[:, : width // 3].mean(), middle[:, -width // 3 :].mean()
    assert max(sides) > 1.05 * min(sides)
    assert np.median(blue[..., 2] / blue[..., 0]) > 1.5 * np.median(plain[..., 2] / plain[..., 0])


@pytest.mark.parametrize(
    ("text", "hues"),
    [
        ("moody blue light", 1),
        ("pink and blue neon light on black marble", 2),
        ("neon tubes in pink and cyan behind a podium", 2),
        ("wet street with magenta and cyan neon", 2),
        ("luz azul y rosa, podio blanco", 2),
        ("lumière bleue et rose", 2),
        ("blaues Licht auf schwarzem Marmor", 1),
        ("neon, pink, cyan", 2),
    ],
)
def test_colours_said_of_light_are_the_lights_and_paint_nothing(text: str, hues: int) -> None:
    plan = understand(text).plan(3)
    assert len(plan.hues) == hues
    assert all(prop.colour in ("", *plan.hues) or prop.name == "tubes" for prop in plan.props)
    # Where light of that colour falls what has none of its own is black or grey.
    assert plan.backdrop.colour in ("", "#000000", *DIMS.values())


def test_colours_said_of_smoke_are_the_smokes() -> None:
    plan = understand("purple smoke, black podium").plan(1)
    assert plan.air == "smoke"
    assert plan.air_colour
    assert plan.stand is not None
    assert plan.stand.colour != plan.air_colour


def test_a_plan_says_for_which_version_it_was_made() -> None:
    assert SetPlan.from_dict(PLAIN.to_dict()).version == VERSION
    older = {name: value for name, value in PLAIN.to_dict().items() if name not in ("version", "hues")}
    assert SetPlan.from_dict(older).version == 1
    for broken in ({"hues": ["red"]}, {"hues": 5}, {"air_colour": "smoke"}, {"version": "new"}):
        with pytest.raises(InvalidOptions):
            SetPlan.from_dict(PLAIN.to_dict() | broken)
