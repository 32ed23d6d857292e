"""The form of a finish: what the page sends becomes the engine's data, and the other way round."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from editor.engines.finishing.finish import Finish
from editor.forms.finish import FinishForm, read_fields


def make_finish(**values: object) -> Finish:
    form = FinishForm({name: str(value) for name, value in values.items()})
    assert form.is_valid(), form.errors
    return form.to_finish()


def read_errors(**values: object) -> dict[str, str]:
    form = FinishForm({name: str(value) for name, value in values.items()})
    assert not form.is_valid()
    return {name: " ".join(errors) for name, errors in form.errors.items()}


def test_empty_form_changes_nothing() -> None:
    assert make_finish() == Finish()


def test_margin_in_an_exact_canvas_is_a_share_of_it() -> None:
    finish = make_finish(canvas="exact", width=1600, height=1600, margin=8, background="fff", format="jpg")
    assert (finish.width, finish.height, finish.scaling) == (1600, 1600, "fit")
    assert finish.margins == (0.08,) * 4
    assert finish.margin_of == "canvas"
    assert (finish.background, finish.format) == ("#ffffff", "jpg")


@pytest.mark.parametrize(
    ("margin_of", "typed", "margin"), [("canvas", 49, 0.49), ("subject", 100, 1.0), ("px", 40, 40.0)]
)
def test_margin_is_in_what_it_is_measured_in(margin_of: str, typed: int, margin: float) -> None:
    assert make_finish(canvas="content", margin=typed, margin_of=margin_of).margins == (margin,) * 4


def test_each_side_may_have_a_margin_of_its_own() -> None:
    sides = {"margin_left": 10, "margin_top": 5, "margin_right": 0, "margin_bottom": 20}
    assert make_finish(canvas="content", margin=3, **sides).margins == (0.03,) * 4
    finish = make_finish(canvas="content", margin=90, sides="on", **sides)
    assert finish.margins == (0.1, 0.05, 0, 0.2)
    assert make_finish(margin_top="much") == Finish()


@pytest.mark.parametrize(("canvas", "scaling"), list(FinishForm.USUAL_SCALING.items()))
def test_scaling_follows_from_the_canvas_unless_it_is_said(canvas: str, scaling: str) -> None:
    sides = {"width": 300, "height": 200, "ratio": "3:2"}
    assert make_finish(canvas=canvas, **sides).scaling == scaling
    assert make_finish(canvas=canvas, scaling="fill", **sides).scaling == "fill"


@pytest.mark.parametrize(
    ("typed", "ratio"), [("4:5", (4, 5)), ("1.91:1", (1.91, 1)), ("A4", (210, 297)), ("a4", (210, 297))]
)
def test_ratio_is_two_numbers_or_a_sheet(typed: str, ratio: tuple[float, float]) -> None:
    assert make_finish(canvas="ratio", ratio=typed).ratio == ratio


@pytest.mark.parametrize("typed", ["4", "4:0", "4:5:6", "wide", "nan:1", "1:inf", "-4:5"])
def test_what_is_no_ratio_is_refused_by_a_sentence(typed: str) -> None:
    assert "such as 4:5" in read_errors(canvas="ratio", ratio=typed)["ratio"]


@pytest.mark.parametrize(
    ("sides", "refused"),
    [
        ({}, {"width", "height"}),
        ({"width": 1600}, {"height"}),
        ({"width": 1, "height": 20_000}, {"height"}),
        ({"width": 0, "height": "wide"}, {"width", "height"}),
        ({"width": 16_000, "height": 16_000}, {"__all__"}),
    ],
)
def test_exact_canvas_has_sides_that_can_be_made(sides: dict, refused: set[str]) -> None:
    assert set(read_errors(canvas="exact", **sides)) == refused


def test_sides_of_another_canvas_say_nothing() -> None:
    assert make_finish(canvas="content", width=20_000, height="wide") == make_finish(canvas="content")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"margin": 50}, "margin"),
        ({"margin": 101, "margin_of": "subject"}, "margin"),
        ({"margin": -1}, "margin"),
        ({"sides": "on", "margin_top": 50}, "margin_top"),
        ({"sides": "on", "margin_left": "much"}, "margin_left"),
        ({"rotation": "nan"}, "rotation"),
        ({"backdrop_zoom": 9}, "backdrop_zoom"),
        ({"shadow_strength": 1.5}, "shadow_strength"),
        ({"align_x": 2}, "align_x"),
        ({"exposure": "bright"}, "exposure"),
        ({"background": "mauvish"}, "background"),
        ({"background": "picture"}, "backdrop"),
        ({"canvas": "round"}, "canvas"),
        ({"format": "gif"}, "format"),
    ],
)
def test_what_cannot_be_is_refused_by_the_fields_name(values: dict, field: str) -> None:
    assert set(read_errors(**values)) == {field}


def test_margin_that_leaves_the_product_no_pixel_is_refused() -> None:
    said = read_errors(canvas="exact", width=100, height=900, margin=50, margin_of="px")
    assert "no pixel" in said["__all__"]


def test_picture_behind_is_meant_only_where_it_is_chosen() -> None:
    kept = uuid4()
    chosen = FinishForm({"background": "picture", "kept_backdrop": str(kept)})
    assert chosen.is_valid()
    assert chosen.backdrop_before == kept
    assert chosen.backdrop_upload is None
    upload = SimpleUploadedFile("wall.png", b"PNG")
    new = FinishForm({"background": "picture", "kept_backdrop": str(kept)}, {"backdrop": upload})
    assert new.is_valid()
    assert new.backdrop_before is None
    assert new.backdrop_upload is upload
    plain = FinishForm({"background": "#fff", "kept_backdrop": str(kept)}, {"backdrop": upload})
    assert plain.is_valid()
    assert plain.backdrop_before is None
    assert plain.backdrop_upload is None


@pytest.mark.parametrize(
    "finish",
    [
        Finish(),
        Finish(canvas="exact", width=1600, height=900, scaling="fit", margins=(0.07,) * 4, enlarge=True),
        Finish(canvas="ratio", ratio=(210, 297), scaling="keep", margin_of="px", margins=(12.0,) * 4),
        Finish(canvas="content", scaling="keep", margins=(0.07, 0, 0.125, 0.3)),
        Finish(background="#f1ede6", shadow="drop", shadow_softness=0.2, exposure=-0.5, format="webp"),
        Finish(align=(0.5, 1.0), rotation=-3.25, backdrop_at=(0.1, 0.9), backdrop_zoom=2.0, size="large"),
    ],
)
def test_fields_of_a_finish_make_it_again(finish: Finish) -> None:
    values = read_fields(finish)
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    form = FinishForm(sent)
    assert form.is_valid(), form.errors
    assert form.to_finish() == finish


def test_a_field_for_every_value_and_none_beside() -> None:
    assert set(read_fields(Finish())) | {"backdrop"} == set(FinishForm.base_fields)
