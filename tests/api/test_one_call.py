"""The one call as its service is today: what its words make of a photo. The seed's form stays the seed's."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from editor.api import long_poll
from editor.api.dialects.one_call.forms import RemoveForm
from editor.engines import types
from editor.engines.finishing.render import Rendering
from editor.engines.io import compose
from editor.engines.tools import cutout
from editor.engines.tools.cutout import CutoutOptions
from editor.models import Task
from editor.states import State
from editor.tasks import settlement

from .conftest import Program
from .test_answers import waited_for
from .test_parameters import URL

# A photo, and the subject in it: 200 pixels wide and 100 high, left of the middle.
PHOTO = (800, 600)
BOX = (100, 300, 300, 400)
WIDE, HIGH = 200, 100


def asked(source: str = "image_url", **fields: str) -> dict[str, Any]:
    """Return what the engine is asked for."""
    form = RemoveForm({source: URL, **fields}, MultiValueDict())
    assert form.is_valid(), form.errors
    return form.to_params()


def made(**fields: str) -> Rendering:
    """Return what becomes of the photo above."""
    left, top, right, bottom = BOX
    alpha: types.Alpha = np.zeros((PHOTO[1], PHOTO[0]), np.float32)
    alpha[top:bottom, left:right] = 1
    rgb = np.full((*alpha.shape, 3), 90, np.uint8)
    return cutout.finish(rgb, alpha, CutoutOptions.from_dict(asked(**fields)))[0]


def size(picture: Rendering) -> tuple[int, int]:
    return picture.mask.shape[1], picture.mask.shape[0]


def box(picture: Rendering) -> compose.Box:
    return compose.subject_box((picture.mask > 0.5).astype(np.float32))


# -- As the service's document has it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sides", "subject"),
    [
        # As it is, and cropped with so much around the subject, on each side, of its own width and height.
        ({}, PHOTO, BOX),
        ({"crop": "false", "padding": "30%"}, PHOTO, BOX),
        ({"crop": "true", "padding": "0"}, (WIDE, HIGH), (0, 0, WIDE, HIGH)),
        ({"crop": "true", "padding": "10%"}, (240, 120), (20, 10, 220, 110)),
        ({"crop": "true", "padding": "0.1"}, (240, 120), (20, 10, 220, 110)),
        ({"crop": "true", "padding": "10%,5%"}, (240, 110), (20, 5, 220, 105)),
        ({"crop": "true", "padding": "5%,0"}, (220, 100), (10, 0, 210, 100)),
        # A ratio: what is padded is widened to it.
        ({"crop": "1:1", "padding": "0"}, (200, 200), (0, 50, 200, 150)),
        ({"crop": "1:1"}, (240, 240), (20, 70, 220, 170)),
        ({"crop": "1:2", "padding": "0"}, (200, 400), (0, 150, 200, 250)),
        # remove.bg's word for it, in shares and pixels, as style sheets write several.
        ({"crop": "true", "crop_margin": "10%"}, (240, 120), (20, 10, 220, 110)),
        ({"crop": "true", "crop_margin": "0px 5%"}, (220, 100), (10, 0, 210, 100)),
        ({"crop": "true", "crop_margin": "30px"}, (260, 160), (30, 30, 230, 130)),
        ({"crop": "true", "crop_margin": "1px 2px 3px 4px"}, (206, 104), (4, 1, 204, 101)),
        ({"crop": "true", "padding": "0", "crop_margin": "30px"}, (WIDE, HIGH), (0, 0, WIDE, HIGH)),
        # One side, the other follows; both make a canvas.
        ({"width": "400"}, (400, 300), (50, 150, 150, 200)),
        ({"height": "1200"}, (1600, 1200), (200, 600, 600, 800)),
        ({"width": "1600", "fit": "scale-down"}, PHOTO, BOX),
        ({"width": "400", "height": "400"}, (400, 400), (50, 200, 150, 250)),
        ({"width": "1600", "height": "1600"}, (1600, 1600), (200, 800, 600, 1000)),
        ({"width": "1000", "height": "1000", "fit": "scale-down"}, (1000, 1000), (200, 500, 400, 600)),
        ({"crop": "true", "padding": "0", "width": "500", "height": "500"}, (500, 500), (0, 125, 500, 375)),
        (
            {"crop": "true", "padding": "10%", "width": "480", "height": "480"},
            (480, 480),
            (40, 140, 440, 340),
        ),
        ({"crop": "1:1", "width": "480", "height": "240"}, (480, 240), (140, 70, 340, 170)),
        ({"crop": "true", "padding": "10%", "width": "120"}, (120, 60), (10, 5, 110, 55)),
        # Over all of it: of what exceeds the canvas the part is seen in which the subject is.
        ({"width": "300", "height": "600", "fit": "cover"}, (300, 600), (50, 300, 250, 400)),
        ({"crop": "true", "padding": "0", "width": "100", "height": "100", "fit": "cover"}, (100, 100), None),
        # The seed's lengths of the longer side, and one size that it does not have.
        ({"size": "preview"}, (256, 192), None),
        ({"size": "small"}, (512, 384), None),
        ({"size": "regular"}, (256, 192), None),
        ({"size": "hd"}, PHOTO, BOX),
        ({"size": "preview", "width": "400"}, (400, 300), None),
    ],
)
def test_a_frame_comes_out_as_it_is_written(
    fields: dict[str, str], sides: tuple[int, int], subject: compose.Box | None
) -> None:
    picture = made(**fields)
    assert size(picture) == sides
    if subject is not None:
        assert box(picture) == pytest.approx(subject, abs=1)


def test_hd_has_at_most_four_megapixels() -> None:
    assert asked(size="hd")["most_pixels"] == 4_000_000
    assert "most_pixels" not in asked(size="hd", width="5000", height="4000")


@pytest.mark.parametrize("source", ["image_url", "image_file", "url", "file"])
def test_the_seed_s_form_crops_tightly_and_today_s_with_a_margin(source: str) -> None:
    """What says neither of the two is the seed's, for it was there before."""
    margins = asked_with(source, crop="true")["finish"].get("margins", [0, 0, 0, 0])
    assert margins == pytest.approx([0.1 / 1.2] * 4 if source in ("url", "file") else [0] * 4)
    # A ratio is today's whatever the picture is called.
    assert asked_with(source, crop="4:3")["finish"]["margins"] == pytest.approx([0.1 / 1.2] * 4)


def asked_with(source: str, **fields: str) -> dict[str, Any]:
    if not source.endswith("file"):
        return asked(source, **fields)
    form = RemoveForm(fields, MultiValueDict({source: [SimpleUploadedFile("cup.jpg", b"cup")]}))
    assert form.is_valid(), form.errors
    return form.to_params()


def test_what_lies_behind_is_laid_behind() -> None:
    assert made(bg_color="red").alpha is None
    assert tuple(made(bg_color="red").rgb[0, 0]) == (255, 0, 0)
    assert tuple(made(channels="rgb").rgb[0, 0]) == tuple(made(format="jpg").rgb[0, 0]) == (255, 255, 255)
    assert made().alpha is not None


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"crop": "perhaps"}, "crop"),
        ({"crop": "0:3"}, "crop"),
        ({"crop": "1:400"}, "crop"),
        ({"padding": "10px"}, "padding"),
        ({"padding": "300%"}, "padding"),
        ({"padding": "1,2,3"}, "padding"),
        ({"crop_margin": "10% 5px"}, "crop_margin"),
        ({"crop_margin": "1px 1px 1px 1px 1px"}, "crop_margin"),
        ({"crop_margin": "much"}, "crop_margin"),
        ({"width": "0"}, "width"),
        ({"height": "6001"}, "height"),
        ({"width": "ten"}, "width"),
        ({"fit": "stretch"}, "fit"),
        ({"format": "zip"}, "format"),
        ({"crop": "true", "crop_margin": "9px", "width": "50", "height": "50"}, "crop_margin"),
    ],
)
def test_what_cannot_be_is_named(fields: dict[str, str], named: str) -> None:
    form = RemoveForm({"image_url": URL, **fields}, MultiValueDict())
    assert not form.is_valid()
    assert named in str(form.errors)


def test_all_that_is_wrong_is_told_by_its_name(alice_program: Program) -> None:
    answer = alice_program.post("/v1/remove", {"image_url": URL, "crop": "perhaps", "width": "0"})
    assert answer.json()["details"].keys() == {"crop", "width"}
    assert all(isinstance(one, str) for said in answer.json()["details"].values() for one in said)


# -- What is told of the picture --------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{}, {"confidence": 0.93, "ambiguous": 0.0125}, {"confidence": None}])
def test_a_confidence_is_told_where_there_is_one(
    alice_program: Program, done: Any, facts: dict[str, Any]
) -> None:
    def end(task: Task) -> None:
        done(task)
        Task.objects.filter(pk=task.pk).update(facts=facts)

    response, _ = waited_for(alice_program, "/v1/remove", {"image_url": URL}, end)
    assert response.status_code == 200
    told = response.get("X-Matte-Confidence"), response.get("X-Matte-Ambiguous-Ratio")
    assert told == (("0.9300", "0.0125") if facts.get("confidence") else (None, None))


def test_the_account_may_be_looked_at_as_often_as_one_likes(bob: User) -> None:
    program = Program(bob, per_second=1)
    assert {program.get("/v1/me").status_code for _ in range(30)} == {200}
    assert "autoRechargeThreshold" not in program.get("/v1/me").json()


def test_a_picture_that_is_none_costs_nothing(alice_program: Program) -> None:
    def end(task: Task) -> None:
        settlement.end(Task.objects.filter(pk=task.pk), State.NOT_A_PICTURE)

    response, _ = waited_for(alice_program, "/v1/remove", {"url": URL}, end)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_image")
    assert alice_program.get("/v1/me").json()["usedCredits"] == 0


@pytest.mark.parametrize("path", ["/v1/remove", "/v1/segment"])
@pytest.mark.parametrize("prefix", ["", "data:image/jpeg;base64,"])
def test_a_picture_may_come_in_base64(
    alice_program: Program, coffee: bytes, monkeypatch: pytest.MonkeyPatch, path: str, prefix: str
) -> None:
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)
    text = prefix + base64.b64encode(coffee).decode()
    for kind in ("multipart", "json"):
        sent: Any = {"image_file_b64": text}
        if kind == "json":
            alice_program.post(path, json.dumps(sent), content_type="application/json")
        else:
            alice_program.post(path, sent)
    assert [task.photo.bytes for task in Task.objects.all()] == [len(coffee)] * 2


def test_of_several_pictures_the_file_counts_then_base64_then_the_address() -> None:
    text, file = base64.b64encode(b"two").decode(), SimpleUploadedFile("one.jpg", b"one")
    fields = {"image_file_b64": text, "url": URL}
    form = RemoveForm(fields, MultiValueDict({"file": [file]}))
    assert form.is_valid()
    assert form.picture().read() == b"one"
    form = RemoveForm(fields, MultiValueDict())
    assert form.is_valid()
    assert form.picture().read() == b"two"


def test_what_is_no_base64_is_named(alice_program: Program) -> None:
    answer = alice_program.post("/v1/remove", {"image_file_b64": "!not base64!"})
    assert (answer.status_code, answer.json()["details"].keys()) == (400, {"image_file_b64"})
