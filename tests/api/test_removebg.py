"""remove.bg's address: every value of every field, and every kind of body."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image

from editor.engines.finishing.finish import Finish
from editor.models import Photo, Task

from .conftest import Program, png
from .removebg_calls import (
    ADDRESS,
    ENCODED,
    MULTIPART,
    PICTURE,
    URL,
    check_refusal,
    finish,
    params,
    part,
    photo_pixels,
    refusal,
    upload,
)

pytestmark = pytest.mark.usefixtures("no_patience")


def test_what_is_left_out_is_as_the_document_has_it(alice_program: Program) -> None:
    assert params(alice_program) == {
        "subject": "",
        "outputs": "image",
        "finish": Finish().to_dict(),
        "most_pixels": 250_000,
        "jpg_where_opaque": True,
    }
    empty = dict.fromkeys(("size", "type", "type_level", "format", "roi", "crop", "crop_margin"), "")
    empty |= dict.fromkeys(
        ("scale", "position", "channels", "add_shadow", "semitransparency", "bg_color"), ""
    )
    assert params(alice_program, **empty) == params(alice_program)


SIZES = {
    250_000: ["preview", "small", "regular"],
    1_500_000: ["medium"],
    4_000_000: ["hd"],
    25_000_000: ["full", "4k", "4K"],
    50_000_000: ["50MP", "50mp", "auto", "AUTO"],
}


@pytest.mark.parametrize(
    ("pixels", "size"), [(most, size) for most, sizes in SIZES.items() for size in sizes]
)
def test_a_size_caps_the_megapixels(alice_program: Program, pixels: int, size: str) -> None:
    assert params(alice_program, size=size)["most_pixels"] == pixels


@pytest.mark.parametrize(
    ("type", "subject"),
    [
        ("auto", ""),
        ("person", "person"),
        ("product", "object"),
        ("car", "object"),
        ("animal", "object"),
        ("transportation", "object"),
        ("graphic", ""),
        ("graphics", ""),
    ],
)
def test_a_type_says_what_is_kept(alice_program: Program, type: str, subject: str) -> None:
    assert params(alice_program, type=type)["subject"] == subject


def test_a_format_is_that_of_the_file(alice_program: Program) -> None:
    for format in ("png", "jpg", "webp", "JPEG"):
        asked = params(alice_program, format=format)
        assert asked["finish"].get("format", "png") == {"JPEG": "jpg"}.get(format, format)
        assert "jpg_where_opaque" not in asked
    assert params(alice_program, format="zip")["layers"] is True


def test_auto_is_jpg_where_nothing_shows_through(alice_program: Program) -> None:
    for fields in ({"bg_color": "81d4fa"}, {"bg_color": "red"}, {"bg_image_url": URL}):
        assert finish(alice_program, **fields).format == "jpg"
        assert params(alice_program, channels="alpha", **fields)["finish"].get("format", "png") == "png"
        assert "format" not in params(alice_program, format="zip", **fields)["finish"]
    for colour in ("81d4fa80", "#fff8", "rgba(1, 2, 3, 0.5)", ""):
        asked = params(alice_program, bg_color=colour)
        assert "format" not in asked["finish"]
        assert asked["jpg_where_opaque"] is True


@pytest.mark.parametrize(
    ("colour", "background"),
    [
        ("81d4fa", "#81d4fa"),
        ("#81d4fa", "#81d4fa"),
        ("fff", "#ffffff"),
        ("f00c", "#ff0000cc"),
        ("81d4fa80", "#81d4fa80"),
        ("#81d4faff", "#81d4fa"),
        ("black", "#000000"),
        ("transparent", ""),
    ],
)
def test_a_colour_may_have_an_alpha(alice_program: Program, colour: str, background: str) -> None:
    assert finish(alice_program, bg_color=colour).background == background


def test_a_picture_behind_comes_as_a_file_or_from_an_address(alice_program: Program) -> None:
    params(alice_program, bg_image_url=URL + "?2")
    backdrop = Task.objects.get().backdrop
    assert backdrop is not None
    assert backdrop.url == URL + "?2"
    params(alice_program, bg_image_file=upload())
    backdrop = Task.objects.get().backdrop
    assert backdrop is not None
    assert (backdrop.width, backdrop.height) == (400, 300)


def test_a_mask_alone_is_of_the_format_that_is_asked_for(alice_program: Program) -> None:
    for format, kept in (("auto", "png"), ("png", "png"), ("jpg", "jpg"), ("webp", "webp")):
        asked = params(alice_program, channels="alpha", format=format)
        assert asked["outputs"] == "mask"
        assert asked.get("mask_format", "png") == kept


def test_a_region_goes_to_the_engine(alice_program: Program) -> None:
    assert "region" not in params(alice_program)
    assert params(alice_program, roi="10% 0 90% 20px")["region"] == ["10%", "0px", "90%", "20px"]


@pytest.mark.parametrize(
    ("fields", "made"),
    [
        ({"crop": "true"}, {"canvas": "content"}),
        ({"crop_margin": "10%"}, {}),  # with crop only
        ({"crop": "true", "crop_margin": "0"}, {"canvas": "content"}),
        (
            {"crop": "1", "crop_margin": "30px"},
            {"canvas": "content", "margins": [30.0] * 4, "margin_of": "px"},
        ),
        # Ten of each side of the subject are a twelfth of a canvas that has them too.
        ({"crop": "true", "crop_margin": "10%"}, {"canvas": "content", "margins": [10 / 120] * 4}),
        (
            {"crop": "true", "crop_margin": "10px 20px"},
            {"canvas": "content", "margins": [20.0, 10.0, 20.0, 10.0], "margin_of": "px"},
        ),
        (
            {"crop": "true", "crop_margin": "1px 2px 3px 4px"},
            {"canvas": "content", "margins": [4.0, 1.0, 2.0, 3.0], "margin_of": "px"},
        ),
        (
            {"crop": "true", "crop_margin": "20px", "position": "0% 100%"},
            {"canvas": "content", "margins": [0.0, 40.0, 40.0, 0.0], "margin_of": "px"},
        ),
        ({"position": "original"}, {}),
        ({"position": "center"}, {"scaling": "keep"}),
        ({"position": "0%"}, {"scaling": "keep", "align": [0.0, 0.0]}),
        ({"position": "25% 100%"}, {"scaling": "keep", "align": [0.25, 1.0]}),
        ({"scale": "original"}, {}),
        ({"scale": "100%"}, {"scaling": "fit", "enlarge": True}),
        ({"scale": "50%"}, {"scaling": "fit", "enlarge": True, "margins": [0.25] * 4}),
        (
            {"scale": "50%", "position": "0% 100%"},
            {
                "scaling": "fit",
                "enlarge": True,
                "align": [0.0, 1.0],
                "margins": [0.0, 0.5, 0.5, 0.0],
            },
        ),
        (
            {"scale": "10%", "position": "100%"},
            {"scaling": "fit", "enlarge": True, "align": [1.0, 1.0], "margins": [0.9, 0.9, 0.0, 0.0]},
        ),
        ({"scale": "50%", "crop": "true"}, {"canvas": "content", "margins": [0.25] * 4}),
        ({"add_shadow": "true"}, {"shadow": "drop"}),
        ({"add_shadow": "true", "shadow_opacity": "30"}, {"shadow": "drop", "shadow_strength": 0.3}),
        ({"shadow_type": "drop"}, {"shadow": "drop"}),
        ({"shadow_type": "drop", "add_shadow": "false"}, {}),
        ({"shadow_type": "none", "add_shadow": "true"}, {}),
    ],
)
def test_frame_and_shadow_become_a_finish(
    alice_program: Program, fields: dict[str, str], made: dict[str, Any]
) -> None:
    asked = params(alice_program, **fields)["finish"]
    asked.pop("version")
    margins, expected = asked.pop("margins", None), made.pop("margins", None) if "margins" in made else None
    assert margins == (pytest.approx(expected) if expected else None)
    assert asked == made


def test_a_scaled_subject_rests_where_it_was_where_that_is_asked(alice_program: Program) -> None:
    asked = params(alice_program, scale="50%", position="original")
    assert (asked["rest"], asked["finish"]["scaling"]) == (True, "fit")
    for fields in ({"scale": "50%"}, {"position": "original"}, {"scale": "50%", "position": "0%"}):
        assert "rest" not in params(alice_program, **fields)


def test_what_is_half_transparent_inside_is_opaque_where_that_is_asked(alice_program: Program) -> None:
    assert params(alice_program, semitransparency="false")["solid"] is True
    for said in ("true", "1", ""):
        assert "solid" not in params(alice_program, semitransparency=said)


WRITTEN = {
    "bare": ENCODED,
    "data URI": f"data:image/png;base64,{ENCODED}",
    "lines": "\r\n".join(ENCODED[at : at + 76] for at in range(0, len(ENCODED), 76)),
    "no padding": ENCODED.rstrip("="),
    "for addresses": base64.urlsafe_b64encode(PICTURE).decode(),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_base64_is_taken_in_every_kind_of_body(alice_program: Program, written: str) -> None:
    text = WRITTEN[written]
    bodies = {
        MULTIPART: part("image_file_b64", text.encode()),
        "application/x-www-form-urlencoded": urlencode({"image_file_b64": text}),
        "application/json": json.dumps({"image_file_b64": text, "crop": True, "size": "auto"}),
    }
    for kind, body in bodies.items():
        Task.objects.all().delete()
        answer = alice_program.post(ADDRESS, body, content_type=kind)
        assert answer.status_code == 503, (kind, answer.content)
        assert photo_pixels() == (400, 300)


def test_a_form_that_forgot_to_escape_its_plus_signs_is_read(alice_program: Program) -> None:
    noisy = png(Image.effect_noise((64, 64), 90).convert("RGB"))
    text = base64.b64encode(noisy).decode()
    assert "+" in text
    alice_program.post(ADDRESS, f"image_file_b64={text}", content_type="application/x-www-form-urlencoded")
    assert photo_pixels() == (64, 64)


def test_all_three_kinds_of_body_ask_for_the_same(alice_program: Program) -> None:
    fields = {"image_url": URL, "crop": True, "size": "full", "bg_color": "fff8", "semitransparency": False}
    text = {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
    alice_program.post(ADDRESS, text)
    alice_program.post(ADDRESS, urlencode(text), content_type="application/x-www-form-urlencoded")
    alice_program.post(ADDRESS + "/", json.dumps(fields), content_type="application/json")
    asked = [task.params for task in Task.objects.all()]
    assert len(asked) == 3
    assert asked == [asked[0]] * 3
    assert asked[0]["finish"]["canvas"] == "content"


def test_a_picture_may_have_22_mb_and_no_more(alice_program: Program) -> None:
    most = 22 * 2**20
    alice_program.post(ADDRESS, {"image_file": upload(PICTURE + bytes(most - len(PICTURE)))})
    assert Task.objects.get().photo.bytes == most
    Task.objects.all().delete()
    Photo.objects.all().delete()
    large = upload(PICTURE + bytes(most + 1 - len(PICTURE)))
    assert refusal(alice_program, image_file=large) == "file_too_large"
    small = upload()
    assert refusal(alice_program, image_file=small, bg_image_file=upload(bytes(most + 1))) == "file_too_large"


def test_thirty_megabytes_of_base64_are_read_and_more_are_not(alice_program: Program) -> None:
    most = 30 * 2**20
    padded = PICTURE + bytes(22 * 2**20 - len(PICTURE))
    text = base64.b64encode(padded).decode()
    assert len(text) < most
    alice_program.post(ADDRESS, json.dumps({"image_file_b64": text}), content_type="application/json")
    assert Task.objects.get().photo.bytes == len(padded)
    Task.objects.all().delete()
    Photo.objects.all().delete()
    for kind, body in (
        ("application/json", json.dumps({"image_file_b64": "A" * (most + 4)})),
        ("application/json", json.dumps({"image_file_b64": "A" * (most + 2**21)})),
        (MULTIPART, part("image_file_b64", b"A" * (most + 4))),
    ):
        answer = alice_program.post(ADDRESS, body, content_type=kind)
        assert check_refusal(answer, 400) == "file_too_large"


def call_twice(program: Program) -> None:
    for _ in range(2):
        body = json.dumps({"image_file_b64": ENCODED})
        program.post(ADDRESS, body, content_type="application/json", headers={"Idempotency-Key": "one"})


def test_the_same_call_again_is_the_same_task(
    alice_program: Program, carried_out: Callable[..., None]
) -> None:
    carried_out()
    call_twice(alice_program)
    assert Task.objects.count() == 1


def test_the_same_call_again_is_placed_anew_where_the_first_waited_in_vain(alice_program: Program) -> None:
    call_twice(alice_program)
    assert Task.objects.count() == 2
