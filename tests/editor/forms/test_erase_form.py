"""What may be erased: each wrong mark is refused in one sentence that says what to do."""

import json
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from editor.forms import EraseForm
from editor.forms.fields import count_pixels
from tests.conftest import encoded

SIZE = (600, 400)


def box(x: Any = 10, y: Any = 20, width: Any = 30, height: Any = 40) -> dict[str, Any]:
    return {"x": x, "y": y, "width": width, "height": height}


def form_of(rectangles: Any = None, *, size: tuple[int, int] = SIZE, **sent: Any) -> EraseForm:
    """A form as it comes in: rectangles as a list or as text, files under mask and avoid."""
    files = {name: sent.pop(name) for name in ("mask", "avoid") if name in sent}
    if rectangles is not None:
        sent["rectangles"] = rectangles if isinstance(rectangles, str) else json.dumps(rectangles)
    return EraseForm(sent, files, size=size)


def refusal(form: EraseForm) -> tuple[str, str]:
    """The code and the sentence of the only error."""
    assert not form.is_valid()
    ((error,),) = form.errors.as_data().values()
    sentence = str(error.messages[0])
    assert sentence.endswith((".", "}]."))
    return str(error.code), sentence


def picture(width: int = 600, height: int = 400, format: str = "PNG") -> SimpleUploadedFile:
    pixels = np.zeros((height, width), np.uint8)
    pixels[:10, :10] = 255
    return SimpleUploadedFile(f"mask.{format.lower()}", encoded(pixels, format), "image/png")


def test_boxes_come_out_as_the_engine_takes_them() -> None:
    form = form_of([box(), box(0, 0, 100, 100)], seed="3", format="jpg")
    assert form.is_valid(), form.errors
    assert form.to_params() == {
        "seed": 3,
        "format": "jpg",
        "rectangles": [box(), box(0, 0, 100, 100)],
    }
    assert form.mask_uploads == {}


def test_without_seed_and_format_it_is_the_best_guess_as_png() -> None:
    form = form_of([box()])
    assert form.is_valid()
    params = form.to_params()
    assert (params["seed"], params["format"]) == (0, "png")


def test_a_box_that_sticks_out_is_clipped() -> None:
    form = form_of([box(-50, -60, 100, 100), box(590, 390, 100, 100)])
    assert form.is_valid()
    assert form.cleaned_data["rectangles"] == [box(0, 0, 50, 40), box(590, 390, 10, 10)]


def test_every_pixel_that_a_box_touches_is_in_it() -> None:
    form = form_of([box(1.5, 2.0, 2.0, 2.25)])
    assert form.is_valid()
    assert form.cleaned_data["rectangles"] == [box(1, 2, 3, 3)]


@pytest.mark.parametrize("rectangles", [None, "", "[]", "   "])
def test_nothing_marked_is_said(rectangles: str | None) -> None:
    code, sentence = refusal(form_of(rectangles))
    assert code == "nothing_marked"
    assert sentence.startswith("Nothing is marked yet.")


@pytest.mark.parametrize(
    "text",
    [
        "[{",
        "nonsense",
        "{}",
        '{"x":0,"y":0,"width":9,"height":9}',
        "[1, 2]",
        "[[0,0,9,9]]",
        "[" * 9000,
        "[null]",
    ],
)
def test_broken_json_is_said_with_an_example(text: str) -> None:
    code, sentence = refusal(form_of(text))
    assert code == "json"
    assert '"width": 100' in sentence


def test_a_whole_number_too_long_to_read_is_broken_json() -> None:
    assert refusal(form_of('[{"x":' + "9" * 5000 + ',"y":0,"width":9,"height":9}]'))[0] == "json"


@pytest.mark.parametrize("side", ["x", "y", "width", "height"])
@pytest.mark.parametrize("value", ["10", "many", None, True, [1], float("nan"), float("inf"), 1e300])
def test_what_is_no_number_is_named(side: str, value: object) -> None:
    code, sentence = refusal(form_of([box(), {**box(), side: value}]))
    assert code == "not_a_number"
    assert "Box 2" in sentence
    assert side in sentence


def test_a_missing_side_is_named() -> None:
    code, sentence = refusal(form_of([{"x": 1, "y": 2, "width": 3}]))
    assert (code, "height" in sentence) == ("not_a_number", True)


@pytest.mark.parametrize("sides", [{"width": 0}, {"height": 0}, {"width": -5}, {"height": -0.5}])
def test_a_box_without_size_is_refused(sides: dict[str, float]) -> None:
    code, sentence = refusal(form_of([{**box(), **sides}]))
    assert (code, "Box 1" in sentence) == ("no_size", True)


@pytest.mark.parametrize("place", [{"x": 600}, {"y": 400}, {"x": -30}, {"y": -40}])
def test_a_box_outside_is_refused_with_the_size_of_the_photo(place: dict[str, int]) -> None:
    code, sentence = refusal(form_of([box(), {**box(), **place}]))
    assert code == "outside"
    assert "Box 2" in sentence
    assert "600 × 400" in sentence


def test_fifty_boxes_are_taken_and_51_are_not() -> None:
    assert form_of([box()] * 50).is_valid()
    code, sentence = refusal(form_of([box()] * 51))
    assert code == "too_many"
    assert sentence.startswith("51 boxes are marked")


def test_exactly_half_may_be_marked_and_a_pixel_more_may_not() -> None:
    assert form_of([box(0, 0, 300, 400)]).is_valid()
    code, sentence = refusal(form_of([box(0, 0, 300, 400), box(300, 0, 1, 1)]))
    assert code == "too_much"
    assert sentence.startswith("51 % of the photo is marked")


def test_boxes_that_overlap_are_counted_once() -> None:
    assert form_of([box(0, 0, 300, 400)] * 3).is_valid()


def test_all_of_it_marked_is_said_as_such() -> None:
    code, sentence = refusal(form_of([box(-5, -5, 2000, 2000)]))
    assert code == "too_much"
    assert sentence.startswith("The whole photo is marked")


def test_the_area_of_boxes_is_that_of_their_pixels() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        boxes, pixels = [], np.zeros((60, 80), bool)
        for x, y, width, height in random.integers(1, [50, 30, 30, 30], size=(12, 4)).tolist():
            boxes.append(box(x, y, width, height))
            pixels[y : y + height, x : x + width] = True
        assert count_pixels(boxes) == np.count_nonzero(pixels)
    assert count_pixels([]) == 0


def test_a_mask_of_the_photos_size_is_taken_in_the_boxes_stead() -> None:
    form = form_of(mask=picture(), avoid=picture())
    assert form.is_valid(), form.errors
    assert "rectangles" not in form.to_params()
    assert set(form.mask_uploads) == {"mask", "avoid"}


def test_what_is_not_to_be_copied_goes_with_boxes_too() -> None:
    form = form_of([box()], avoid=picture())
    assert form.is_valid()
    assert set(form.mask_uploads) == {"avoid"}


def test_what_is_not_to_be_copied_marks_nothing_by_itself() -> None:
    assert refusal(form_of(avoid=picture()))[0] == "nothing_marked"


def test_boxes_and_a_mask_at_once_are_refused() -> None:
    assert refusal(form_of([box()], mask=picture()))[0] == "two_marks"


@pytest.mark.parametrize("name", ["mask", "avoid"])
def test_a_mask_of_another_size_is_refused_with_both_sizes(name: str) -> None:
    marks = None if name == "mask" else [box()]
    code, sentence = refusal(form_of(marks, **{name: picture(300, 200)}))
    assert code == "other_size"
    assert "300 × 200" in sentence
    assert "600 × 400" in sentence


@pytest.mark.parametrize("content", [b"just words", b"\x89PNG\r\n\x1a\n and then nothing"])
def test_a_mask_that_is_no_picture_is_refused(content: bytes) -> None:
    code, sentence = refusal(form_of(mask=SimpleUploadedFile("mask.png", content)))
    assert code == "no_picture"
    assert "black and white PNG" in sentence


def test_an_empty_mask_file_is_refused() -> None:
    assert refusal(form_of(mask=SimpleUploadedFile("mask.png", b"")))[0] == "empty"


@pytest.mark.parametrize("seed", ["-1", "2147483648", "some", "1.5"])
def test_a_seed_is_a_whole_number_that_the_engine_takes(seed: str) -> None:
    form = form_of([box()], seed=seed)
    assert not form.is_valid()
    assert set(form.errors) == {"seed"}


def test_an_unknown_format_is_refused() -> None:
    form = form_of([box()], format="gif")
    assert not form.is_valid()
    assert set(form.errors) == {"format"}


def test_a_very_long_text_is_refused_unread() -> None:
    form = form_of("[" + " " * 30_000 + "]")
    assert not form.is_valid()
    assert set(form.errors) == {"rectangles"}
