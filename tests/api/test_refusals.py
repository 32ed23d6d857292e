"""Every row of the documents' error tables, provoked for real."""

import json
import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import ledger
from accounts.models import ApiKey, Plan, User
from editor.models import Photo, Scene, Task
from tests.conftest import bomb

from .conftest import VISUAL, Program

URL = "https://pictures.example/lamp.jpg"
BOX = '[{"x":0,"y":0,"width":10,"height":10}]'


def upload(content: bytes = b"\xff\xd8\xff\xe0", name: str = "lamp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


# -- 400: the parameter is named --------------------------------------------------------------------

WRONG = [
    ("segmentation", {}, "image_url or image_file"),
    ("segmentation", {"image_url": "", "sync": "1"}, "image_url or image_file"),
    ("segmentation", {"image_url": URL, "image_file": upload()}, "image_url and image_file"),
    ("segmentation", {"image_url": "lamp.jpg"}, "image_url"),
    ("segmentation", {"image_url": "ftp://pictures.example/lamp.jpg"}, "image_url"),
    ("segmentation", {"image_url": "file:///etc/passwd"}, "image_url"),
    ("segmentation", {"image_url": "https://me:secret@pictures.example/lamp.jpg"}, "image_url"),
    ("segmentation", {"image_url": "https://pictures.example/" + "a" * 2048}, "image_url"),
    ("segmentation", {"image_file": "lamp.jpg"}, "image_url or image_file"),
    ("segmentation", {"image_file": upload(b"")}, "image_file"),
    ("segmentation", {"image_file": [upload(), upload()]}, "image_file"),
    ("segmentation", {"image_url": URL, "sync": "2"}, "sync"),
    ("segmentation", {"image_url": URL, "sync": "maybe"}, "sync"),
    ("segmentation", {"image_url": URL, "type": "face"}, "type"),
    ("segmentation", {"image_url": URL, "return_type": "4"}, "return_type"),
    ("segmentation", {"image_url": URL, "return_type": "url"}, "return_type"),
    ("segmentation", {"image_url": URL, "return_type": "3", "sync": "0"}, "return_type"),
    ("segmentation", {"image_url": URL, "return_type": "3"}, "return_type"),
    ("segmentation", {"image_url": URL, "return_type": "3", "sync": "1", "output_type": "1"}, "return_type"),
    ("segmentation", {"image_url": URL, "output_type": "0"}, "output_type"),
    ("segmentation", {"image_url": URL, "crop": "-1"}, "crop"),
    ("segmentation", {"image_url": URL, "format": "gif"}, "format"),
    ("segmentation", {"image_url": URL, "format": "jpg", "bg_color": "sky"}, "bg_color"),
    ("segmentation", {"image_url": URL, "bg_color": "fff", "bg_image_url": URL}, "bg_color and bg_image_url"),
    ("segmentation", {"image_url": URL, "bg_image_url": URL, "bg_image_file": upload()}, "bg_image_file"),
    ("segmentation", {"image_url": URL, "callback_url": "javascript:alert(1)"}, "callback_url"),
    ("self-face-cutout", {}, "image_url or image_file"),
    ("self-face-cutout", {"image_url": URL, "output_format": "webp"}, "output_format"),
    ("self-face-cutout", {"image_url": URL, "crop": "2"}, "crop"),
    ("self-face-cutout", {"image_url": URL, "faces": "two"}, "faces"),
    ("inpaint", {"rectangles": BOX}, "image_url or image_file"),
    ("inpaint", {"image_url": URL}, "mask_url, mask_file or rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": "[]"}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": "[{]"}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": "{}"}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": "[" * 9000}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": '[{"x":0,"y":0,"width":0,"height":9}]'}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": '[{"x":"a","y":0,"width":9,"height":9}]'}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": f"[{','.join([BOX[1:-1]] * 51)}]"}, "rectangles"),
    ("inpaint", {"image_url": URL, "rectangles": BOX, "mask_url": URL}, "mask_url and rectangles"),
    ("inpaint", {"image_url": URL, "mask_url": URL, "mask_file": upload()}, "mask_url and mask_file"),
    ("inpaint", {"image_url": URL, "rectangles": BOX, "return_type": "3"}, "return_type"),
    ("background", {"image_url": URL}, "prompt"),
    ("background", {"image_url": URL, "prompt": "a beach", "scene_type": "105"}, "scene_type"),
    ("background", {"image_url": URL, "scene_type": "99999"}, "scene_type"),
    ("background", {"image_url": URL, "scene_type": "106"}, "scene_type"),
    ("background", {"image_url": URL, "scene_type": "beach"}, "scene_type"),
    ("background", {"image_url": URL, "scene_type": "105", "batch_size": "0"}, "batch_size"),
    ("background", {"image_url": URL, "scene_type": "105", "batch_size": "3"}, "batch_size"),
    ("background", {"image_url": URL, "prompt": "a" * 1025}, "prompt"),
    ("background", {"scene_type": "105"}, "image_url or image_file"),
]


@pytest.fixture
def scenes(db: None) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})
    Scene.objects.update_or_create(
        number=106, defaults={"name": "Beach", "category": "Beach", "enabled": False}
    )


@pytest.mark.parametrize(
    ("endpoint", "fields", "named"), WRONG, ids=[f"{one[0]}-{number}" for number, one in enumerate(WRONG)]
)
def test_a_wrong_parameter_is_named_and_leaves_nothing_behind(
    alice_program: Program, scenes: None, endpoint: str, fields: dict[str, Any], named: str
) -> None:
    answer = alice_program.post(endpoint, fields)
    assert answer.status_code == 400
    told = answer.json()
    assert told.keys() == {"status", "message", "data"}
    assert told["data"] is None
    assert told["status"] == 400
    assert named in told["message"]
    assert not Task.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"a"', "[" * 100_000], ids=["broken", "list", "text", "deep"])
def test_a_body_of_bad_json_is_refused(alice_program: Program, body: str) -> None:
    answer = alice_program.post("segmentation", body, content_type="application/json")
    assert answer.status_code == 400
    assert "JSON" in answer.json()["message"]


def test_a_form_cut_off_is_refused(alice_program: Program) -> None:
    answer = alice_program.post(
        "segmentation", b"--no boundary", content_type="multipart/form-data; boundary="
    )
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_too_few_credits_is_a_wrong_request_to_the_task_endpoints_and_402_in_one_call(
    alice: User, alice_program: Program, coffee: bytes
) -> None:
    ledger.correct(alice, 1 - (ledger.get_balance(alice) or 0), reason="all but one are gone")
    alice_program.ordered(image_url=URL)
    answer = alice_program.post("segmentation", {"image_url": URL})
    assert answer.status_code == answer.json()["status"] == 400
    assert "credits" in answer.json()["message"]
    assert Task.objects.count() == Photo.objects.count() == 1
    answer = alice_program.post("/v1/remove", {"image_file": upload(coffee)})
    assert (answer.status_code, answer.json()["code"]) == (402, "payment_required")


# -- 401 ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["none", "wrong", "empty", "long", "revoked", "suspended"])
def shut_out(request: pytest.FixtureRequest, alice: User) -> dict[str, str]:
    """Headers of a call that may not come in."""
    key, secret = ApiKey.make(alice)
    if request.param == "revoked":
        key.revoke()
    if request.param == "suspended":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    shown = {"none": None, "wrong": "A" * 43, "empty": "", "long": "A" * 5000}.get(request.param, secret)
    return {} if shown is None else {"X-API-KEY": shown}


def test_who_has_no_valid_key_is_kept_out_of_the_tasks(shut_out: dict[str, str], client: Client) -> None:
    for answer in (
        client.post(f"{VISUAL}segmentation", {"image_url": URL}, headers=shut_out),
        client.get(f"{VISUAL}inpaint/0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b", headers=shut_out),
        client.get(f"{VISUAL}background/scenes", headers=shut_out),
    ):
        assert answer.status_code == answer.json()["status"] == 401
    assert not Photo.objects.exists()


def test_who_has_no_valid_key_is_kept_out_of_the_one_call(shut_out: dict[str, str], client: Client) -> None:
    suspended = bool(ApiKey.objects.filter(owner__is_active=False))
    wanted = (403, "permission_denied") if suspended else (401, "authentication_error")
    for answer in (
        client.post("/v1/remove", {"image_file": upload()}, headers=shut_out),
        client.get("/v1/me", headers=shut_out),
    ):
        assert (answer.status_code, answer.json()["code"]) == wanted
        assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_a_tool_that_is_not_in_the_plan_is_a_service_that_is_not_enabled(
    alice_program: Program, coffee: bytes
) -> None:
    Plan.objects.filter(pk=Plan.objects.default().pk).update(tools=["erase"])
    assert alice_program.post("segmentation", {"image_url": URL}).status_code == 401
    assert alice_program.post("inpaint", {"image_url": URL, "rectangles": BOX}).status_code == 200
    answer = alice_program.post("/v1/remove", {"image_file": upload(coffee)})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_the_header_counts_in_any_case_and_a_bearer_token_does_too(alice_program: Program) -> None:
    for name, value in (
        ("x-api-key", alice_program.secret),
        ("X-Api-Key", f" {alice_program.secret} "),
        ("Authorization", f"bearer {alice_program.secret}"),
    ):
        answer, _ = Program.ask(alice_program, "get", "/v1/me", headers={"X-API-KEY": "", name: value})
        assert answer.status_code == 200


def test_a_cookie_never_opens_the_api_and_a_key_never_a_page(
    alice_client: Client, alice_program: Program
) -> None:
    assert alice_client.post(f"{VISUAL}segmentation", {"image_url": URL}).status_code == 401
    assert alice_client.get("/v1/me").status_code == 401
    assert alice_program.get("/editor/").status_code == 302


# -- 404, 405, 413, 429, 500 --------------------------------------------------------------------------


def test_a_task_is_found_by_its_owner_at_its_endpoint_alone(
    alice_program: Program, bob_program: Program
) -> None:
    task = alice_program.ordered(image_url=URL)
    assert alice_program.get(f"segmentation/{task.pk}").status_code == 200
    assert alice_program.get(f"segmentation/{task.pk.hex}/").status_code == 200
    for answer in (
        bob_program.get(f"segmentation/{task.pk}"),
        alice_program.get(f"inpaint/{task.pk}"),
        alice_program.get("segmentation/0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b"),
        alice_program.get("segmentation/nonsense"),
        alice_program.get("segmentation/%00"),
        alice_program.get("upscale"),
        alice_program.get("/api/nothing"),
    ):
        assert answer.status_code == answer.json()["status"] == 404
    assert alice_program.get("/v1/nothing").json()["code"] == "not_found"


def test_a_page_s_own_task_is_not_a_program_s(alice: User, alice_program: Program) -> None:
    photo = Photo.objects.create(owner=alice, name="lamp.jpg")
    task = Task.objects.create(owner=alice, photo=photo, tool="cutout")
    assert alice_program.get(f"segmentation/{task.pk}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", f"{VISUAL}segmentation", "POST"),
        ("put", f"{VISUAL}inpaint/", "POST"),
        ("delete", f"{VISUAL}segmentation/0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b", "GET"),
        ("post", f"{VISUAL}background/scenes", "GET"),
        ("get", "/v1/remove", "POST"),
        ("post", "/v1/me", "GET"),
    ],
)
def test_another_method_is_405(alice_program: Program, method: str, path: str, allowed: str) -> None:
    answer, _ = alice_program.ask(method, path)
    assert answer.status_code == 405
    assert answer["Allow"] == {"GET": "GET, HEAD, OPTIONS", "POST": "POST, OPTIONS"}[allowed]
    assert answer["Content-Type"] == "application/json"


def test_a_picture_over_20_mb_is_413_and_in_one_call_a_400_of_its_own_name(alice_program: Program) -> None:
    heavy = b"\xff\xd8\xff\xe0" + bytes(20 * 2**20)
    answer = alice_program.post("segmentation", {"image_file": upload(heavy)})
    assert answer.status_code == answer.json()["status"] == 413
    answer = alice_program.post("inpaint", {"image_url": URL, "mask_file": upload(heavy)})
    assert answer.status_code == 413
    answer = alice_program.post("/v1/remove", {"image_file": upload(heavy)})
    assert (answer.status_code, answer.json()["code"]) == (400, "image_too_large")
    assert not Task.objects.exists()
    assert not Photo.objects.exists()


def test_a_slip_of_ours_is_500_without_a_word_of_where(
    alice_program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("editor.work.orders.place", broken)
    with caplog.at_level(logging.CRITICAL):
        answers = [
            alice_program.post("segmentation", {"image_url": URL}),
            alice_program.post("/v1/remove", {"image_file": upload()}),
        ]
    for answer in answers:
        assert answer.status_code == 500
        assert b"secret" not in answer.content
        assert b"Traceback" not in answer.content
    assert answers[0].json()["status"] == 500
    assert answers[1].json()["code"] == "internal_server_error"
    assert not Photo.objects.exists()


# -- One call ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({}, "missing_image", "image_file"),
        ({"image_file": "lamp.jpg"}, "missing_image", "image_file"),
        ({"url": "ftp://pictures.example/lamp.jpg"}, "validation_error", "url"),
        ({"file": upload(), "crop": "true", "padding": "-5%"}, "validation_error", "padding"),
        ({"image_file": upload(), "format": "gif"}, "validation_error", "format"),
        ({"image_file": upload(), "channels": "cmyk"}, "validation_error", "channels"),
        ({"image_file": upload(), "size": "huge"}, "validation_error", "size"),
        ({"image_file": upload(), "crop": "maybe"}, "validation_error", "crop"),
        (
            {"image_file": upload(), "channels": "rgb", "bg_color": "hsl(1,2,3)"},
            "validation_error",
            "bg_color",
        ),
        ({"image_file": upload(), "bg_color": "rgb(1,2,300)"}, "validation_error", "bg_color"),
        ({"image_file": upload(b"no picture at all")}, "invalid_image", "not a picture"),
        ({"image_file": upload(bomb())}, "validation_error", "4096"),
    ],
)
def test_the_one_call_names_what_is_wrong(
    alice_program: Program, fields: dict[str, Any], code: str, named: str
) -> None:
    answer = alice_program.post("/v1/remove", fields)
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (422 if code == "invalid_image" else 400, code)
    assert named in told["message"]
    if not named[0].isdigit() and " " not in named:
        # The parameter, for programs, and all that is wrong about it.
        assert told["details"].keys() == {named}
        assert told["details"][named][0] in told["message"]
    assert told.keys() == {"code", "message", "details", "request_id"}
    assert answer["X-Request-ID"] == told["request_id"]
