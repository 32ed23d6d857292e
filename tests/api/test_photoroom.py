"""Photoroom's addresses: what their words make of a photo, and how they answer and refuse."""

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict

from accounts import ledger
from accounts.models import ApiKey, Plan, User
from editor.api import long_poll
from editor.api.access import rate_limit
from editor.api.dialects.photoroom.dialect import DIALECT
from editor.api.dialects.photoroom.forms import EditForm, SegmentForm
from editor.engines import types
from editor.engines.finishing.render import Rendering
from editor.engines.io import compose
from editor.engines.tools import cutout
from editor.engines.tools.cutout import CutoutOptions
from editor.models import Photo, Task
from editor.states import State
from editor.tasks import settlement

from .conftest import Program
from .test_answers import waited_for
from .test_parameters import URL

SEGMENT, EDIT = "/v1/segment", "/v2/edit"
# A photo, and the subject in it: 200 pixels wide and 100 high.
PHOTO = (800, 600)
BOX = (100, 300, 300, 400)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("cup.jpg", content)


def edited(**fields: str) -> dict[str, Any]:
    """Return what the engine is asked for. __ in a name stands for its point."""
    form = EditForm(
        {"imageUrl": URL} | {dotted(name): value for name, value in fields.items()}, MultiValueDict()
    )
    assert form.is_valid(), form.errors
    return form.to_params()


def dotted(name: str) -> str:
    return name.replace("__", ".")


def made(box: compose.Box = BOX, **fields: str) -> Rendering:
    left, top, right, bottom = box
    alpha: types.Alpha = np.zeros((PHOTO[1], PHOTO[0]), np.float32)
    alpha[top:bottom, left:right] = 1
    rgb = np.full((*alpha.shape, 3), 90, np.uint8)
    options = {name: value for name, value in edited(**fields).items() if name != "keep"}
    return cutout.finish(rgb, alpha, CutoutOptions.from_dict(options))[0]


# -- Edits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sides", "subject"),
    [
        # As large as the photo; the subject as large as it can be in it, or where it is.
        ({}, PHOTO, (0, 100, 800, 500)),
        ({"referenceBox": "originalImage"}, PHOTO, BOX),
        ({"outputSize": "originalImage", "padding": "0.25"}, PHOTO, (200, 200, 600, 400)),
        ({"outputSize": "croppedSubject"}, (200, 100), (0, 0, 200, 100)),
        ({"outputSize": "croppedSubject", "maxWidth": "100"}, (100, 50), (0, 0, 100, 50)),
        ({"outputSize": "croppedSubject", "maxWidth": "900"}, (200, 100), (0, 0, 200, 100)),
        ({"maxHeight": "300"}, (400, 300), (0, 50, 400, 250)),
        # On a canvas of its own, within margins and padding: shares of the canvas, and of what margins leave.
        ({"outputSize": "400x400"}, (400, 400), (0, 100, 400, 300)),
        ({"outputSize": "400x400", "margin": "10%"}, (400, 400), (40, 120, 360, 280)),
        ({"outputSize": "400x400", "margin": "40px"}, (400, 400), (40, 120, 360, 280)),
        ({"outputSize": "400x400", "padding": "0.25"}, (400, 400), (100, 150, 300, 250)),
        ({"outputSize": "400x400", "margin": "0.1", "padding": "0.25"}, (400, 400), (120, 160, 280, 240)),
        ({"outputSize": "400x400", "margin": "40px", "padding": "0.25"}, (400, 400), (120, 160, 280, 240)),
        (
            {"outputSize": "400x400", "marginLeft": "0.5px", "marginRight": "0.4"},
            (400, 400),
            (0, 140, 240, 260),
        ),
        ({"outputSize": "400x400", "paddingBottom": "0.4"}, (400, 400), (0, 20, 400, 220)),
        ({"outputSize": "400x400", "verticalAlignment": "top"}, (400, 400), (0, 0, 400, 200)),
        ({"outputSize": "900x100", "horizontalAlignment": "right"}, (900, 100), (700, 0, 900, 100)),
        ({"outputSize": "400x400", "scaling": "fill"}, (400, 400), (0, 0, 400, 400)),
        ({"outputSize": "600x600", "referenceBox": "originalImage"}, (600, 600), (75, 300, 225, 375)),
    ],
)
def test_a_frame_comes_out_as_it_is_written(
    fields: dict[str, str], sides: tuple[int, int], subject: compose.Box
) -> None:
    picture = made(**fields)
    assert (picture.mask.shape[1], picture.mask.shape[0]) == sides
    found = compose.subject_box((picture.mask > 0.5).astype(np.float32))
    assert found == pytest.approx(subject, abs=2)


def test_a_subject_that_the_photo_cuts_off_lies_at_that_edge() -> None:
    standing, asked = (300, 200, 500, 600), {"outputSize": "400x400", "padding": "0.1", "margin": "0.05"}
    found = compose.subject_box(made(standing, **asked).mask)
    assert found[3] == pytest.approx(380, abs=1)  # at its margin, without padding
    assert found[0] > 80
    for fields in ({"ignorePaddingAndSnapOnCroppedSides": "false"}, {"verticalAlignment": "center"}):
        found = compose.subject_box(made(standing, **asked, **fields).mask)
        assert found[3] == pytest.approx(344, abs=1)


def test_what_is_behind_is_behind() -> None:
    assert made(background__color="FF0000").alpha is None
    assert tuple(made(background__color="red").rgb[0, 0]) == (255, 0, 0)
    half = made(background__color="FF000080").alpha
    assert half is not None
    assert half[0, 0] == pytest.approx(0.5, abs=0.01)
    assert made().alpha is not None
    assert edited(export__format="jpeg")["finish"]["format"] == "jpg"
    assert edited(export__dpi="300")["dpi"] == 300


def test_a_picture_may_stay_whole_or_keep_its_transparency() -> None:
    whole = edited(removeBackground="false", outputSize="600x600", background__color="white")
    assert (whole["keep"], whole["finish"].get("reference")) == ("all", "photo")
    assert edited(keepExistingAlphaChannel="auto")["keep"] == "alpha"
    assert "keep" not in edited()


@pytest.mark.parametrize("mode", ["ai.soft", "ai.hard", "ai.floating", "ai.preset-soft", "ai.preset-hard"])
def test_a_shadow_is_one_of_ours(mode: str) -> None:
    assert edited(shadow__mode=mode)["finish"]["shadow"] in ("contact", "drop")
    picture = made(outputSize="400x400", padding="0.2", shadow__mode=mode)
    assert picture.alpha is not None
    assert (picture.alpha - picture.mask).max() > 0.02


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"outputSize": "huge"}, "outputSize"),
        ({"outputSize": "0x10"}, "outputSize"),
        ({"outputSize": "16384x16384"}, "megapixels"),
        ({"outputSize": "100x100", "maxWidth": "50"}, "maxWidth"),
        ({"padding": "0.6"}, "padding"),
        ({"marginTop": "-1px"}, "marginTop"),
        ({"margin": "5px", "padding": "0.1"}, "outputSize"),
        ({"outputSize": "10x10", "margin": "5px"}, "margins"),
        ({"scaling": "stretch"}, "scaling"),
        ({"horizontalAlignment": "up"}, "horizontalAlignment"),
        ({"shadow.mode": "ai.auto-with-overrides"}, "shadow.mode"),
        ({"background.scaling": "fit"}, "background.scaling"),
        ({"export.format": "gif"}, "export.format"),
        ({"export.dpi": "20"}, "export.dpi"),
        ({"preserveMetadata": "xmp"}, "preserveMetadata"),
        ({"removeBackground": "false", "shadow.mode": "ai.soft"}, "shadow.mode"),
        ({"background.color": "sky"}, "background.color"),
    ],
)
def test_what_cannot_be_is_named(alice_program: Program, fields: dict[str, str], named: str) -> None:
    answer = alice_program.post(EDIT, {"imageUrl": URL, **fields})
    told = answer.json()
    assert answer.status_code == told["status_code"] == 400
    assert told.keys() == {"detail", "status_code", "type"}
    assert named in told["detail"]
    assert not Photo.objects.exists()


BEYOND = [
    name for name, values in DIALECT.elsewhere.items() if not values and name not in EditForm.base_fields
]


@pytest.mark.parametrize("name", BEYOND)
def test_what_an_edit_can_be_besides_is_refused_by_its_name(alice_program: Program, name: str) -> None:
    answer = alice_program.post(EDIT, {"imageUrl": URL, name: "ai.auto"})
    assert (answer.status_code, answer.json()["type"]) == (400, "invalid_request")
    assert name in answer.json()["detail"]


# -- Segments ---------------------------------------------------------------------------------------------


def segmented(**fields: str) -> dict[str, Any]:
    form = SegmentForm(fields, MultiValueDict({"image_file": [upload(b"cup")]}))
    assert form.is_valid(), form.errors
    return form.to_params()


def test_a_segment_is_as_large_as_its_size_says() -> None:
    assert segmented()["most_pixels"] == 36_000_000
    assert segmented(size="preview")["most_pixels"] == 250_000
    assert segmented(channels="alpha")["outputs"] == "mask"
    assert segmented(crop="true")["finish"]["canvas"] == "content"
    assert segmented(bg_color="#FF00FF", format="webp")["finish"] == {
        "version": 1,
        "background": "#ff00ff",
        "format": "webp",
    }
    assert segmented(despill="true") == segmented(despill="false") == segmented()


# -- Answers and refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "score"), [({}, "-1"), ({"confidence": 0.97}, "0.0300"), ({"confidence": 1}, "0.0000")]
)
def test_the_answer_is_the_picture_and_how_unsure_it_is(
    alice_program: Program, coffee: bytes, done: Callable[..., Any], facts: dict[str, Any], score: str
) -> None:
    def end(task: Task) -> None:
        done(task)
        Task.objects.filter(pk=task.pk).update(facts=facts)

    response, body = waited_for(alice_program, SEGMENT, {"image_file": upload(coffee)}, end)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert body.startswith(b"\x89PNG")
    assert response["x-uncertainty-score"] == score


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("application/json", True),
        ("application/json, image/png", False),
        ("*/*", False),
        ("image/png, application/json", False),
    ],
)
def test_a_segment_comes_in_json_where_that_alone_is_asked(
    alice_program: Program, coffee: bytes, done: Callable[..., Any], accept: str, is_json: bool
) -> None:
    headers = {"Accept": accept}
    response, body = waited_for(alice_program, SEGMENT, {"image_file": upload(coffee)}, done, headers=headers)
    if is_json:
        assert response.json().keys() == {"base64img"}
        body = base64.b64decode(response.json()["base64img"])
    assert body.startswith(b"\x89PNG")


def test_an_edit_is_ordered_by_get_and_by_post_and_by_no_head(
    alice_program: Program, coffee: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)
    query = f"{EDIT}?imageUrl={URL}&outputSize=50x40&background.color=red"
    assert alice_program.get(query).status_code == 500  # nobody worked on it
    assert alice_program.post(EDIT, {"imageFile": upload(coffee), "outputSize": "50x40"}).status_code == 500
    first, second = Task.objects.order_by("created_at")
    assert (first.photo.url, first.params["finish"]["background"]) == (URL, "#ff0000")
    assert second.params["finish"]["width"] == 50
    for method in ("head", "put", "delete"):
        response, _ = alice_program.ask(method, query)
        assert (response.status_code, response["Allow"]) == (405, "GET, POST, OPTIONS")
    assert Task.objects.count() == 2


@pytest.mark.parametrize(
    ("state", "status"), [(State.NOT_A_PICTURE, 400), (State.NOTHING_FOUND, 400), (State.FAILED, 500)]
)
def test_a_failure_is_told_in_its_words_and_costs_nothing(
    alice_program: Program, coffee: bytes, state: State, status: int
) -> None:
    def end(task: Task) -> None:
        settlement.end(Task.objects.filter(pk=task.pk), state)

    before = ledger.get_balance(alice_program.owner)
    response, _ = waited_for(alice_program, SEGMENT, {"image_file": upload(coffee)}, end)
    assert response.status_code == response.json()["status_code"] == status
    assert response.json()["detail"] == state.sentence
    assert ledger.get_balance(alice_program.owner) == before


def test_each_of_its_refusals_comes_in_its_shape(
    alice: User, alice_program: Program, coffee: bytes, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = alice_program.post(SEGMENT, {})
    wrong = client.post(SEGMENT, {"image_file": upload(coffee)}, headers={"x-api-key": "wrong"})
    none = client.get("/v2/account")
    nothing = alice_program.get("/v2/nothing")
    bare = alice_program.get("/v2")
    method = alice_program.get(SEGMENT)
    balance = ledger.get_balance(alice) or 0
    ledger.correct(alice, -balance, reason="spent")
    poor = alice_program.post(SEGMENT, {"image_file": upload(coffee)})
    ledger.grant(alice, balance, reason="back")
    Plan.objects.filter(pk=Plan.objects.default().pk).update(tools=["erase"])
    absent = alice_program.post(SEGMENT, {"image_file": upload(coffee)})
    monkeypatch.setattr(rate_limit, "get_rate", lambda key: 0)
    pace = [alice_program.post(SEGMENT, {}) for _ in range(4)][-1]
    for answer, status, kind in (
        (missing, 400, "invalid_request"),
        (wrong, 403, "invalid_api_key"),
        (none, 403, "invalid_api_key"),
        (nothing, 404, "not_found"),
        (bare, 404, "not_found"),
        (method, 405, "method_not_allowed"),
        (poor, 402, "plan_limit_exceeded"),
        (absent, 403, "insufficient_permissions"),
        (pace, 429, "rate_limit_exceeded"),
    ):
        told = answer.json()
        assert told.keys() == {"detail", "status_code", "type"}
        assert (answer.status_code, told["status_code"], told["type"]) == (status, status, kind), told
    assert pace["Retry-After"]
    assert "image_file" in missing.json()["detail"]


def test_the_accounts_say_what_is_left(alice: User, alice_program: Program) -> None:
    most = ledger.get_balance(alice)
    assert alice_program.get("/v1/account").json() == {"credits": {"available": most, "subscription": most}}
    told = alice_program.get("/v2/account").json()
    assert told == {"images": {"available": most, "subscription": most}, "plan": str(Plan.objects.default())}
    Plan.objects.filter(pk=Plan.objects.default().pk).update(credits_per_month=None)
    assert alice_program.get("/v1/account").json()["credits"]["available"] > 1_000_000


def test_a_key_of_another_opens_another_s_account_alone(bob: User, alice_program: Program) -> None:
    _, secret = ApiKey.make(bob)
    ledger.grant(bob, 5, reason="a present")
    theirs = Client().get("/v1/account", headers={"x-api-key": secret}).json()
    assert theirs != alice_program.get("/v1/account").json()
