"""Bodies whose kind is not said, or said wrong, and pictures in base64: as clients and prompts send them."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from editor.api import long_poll
from editor.models import Task
from tests.support.served import call

from .conftest import VISUAL, Program
from .removebg_calls import ADDRESS, ENCODED, PICTURE, URL, check_refusal, part

FORM, TEXT = "application/x-www-form-urlencoded", "text/plain;charset=UTF-8"
URI = "data:image/png;base64," + ENCODED
CREATE = f"{VISUAL}segmentation"


@pytest.fixture(autouse=True)
def ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody works on it, and nobody waits.
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)


def ordered() -> Task:
    return Task.objects.get()


def send(program: Program, path: str, body: Any, kind: str) -> Any:
    headers = {"X-API-KEY": program.secret} | ({"Content-Type": kind} if kind else {})
    return call("POST", path, content=body, headers=headers)


@pytest.mark.parametrize(
    "kind",
    ["", FORM, TEXT, "application/vnd.api+json", "application/json; charset=utf-8", "Application/JSON"],
)
@pytest.mark.parametrize("path", [CREATE, ADDRESS])
def test_json_is_read_whatever_it_is_said_to_be(alice_program: Program, path: str, kind: str) -> None:
    body = "\ufeff " + json.dumps({"image_url": URL, "crop": True})
    assert send(alice_program, path, body.encode(), kind).status_code in (200, 503)
    params = ordered().params
    assert params.get("crop") or params["finish"]["canvas"] == "content"


@pytest.mark.parametrize("kind", ["", TEXT, f"{FORM}; charset=ISO-8859-1", f"{FORM}; charset=us-ascii"])
def test_a_form_is_read_whatever_it_is_said_to_be(alice_program: Program, kind: str) -> None:
    body = urlencode({"image_url": "https://pictures.example/größe.jpg", "crop": "1"})
    assert send(alice_program, CREATE, body.encode(), kind).status_code == 200
    assert (ordered().params["crop"], ordered().photo.url[-9:]) == (True, "größe.jpg")


def test_what_begins_as_json_and_is_none_is_told_so(alice_program: Program) -> None:
    answer = send(alice_program, CREATE, b"{image_url: x}", FORM)
    assert (answer.status_code, "not valid JSON" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    "kind",
    [
        "Multipart/Form-Data; boundary=b",
        "multipart/form-data; Boundary=b",
        'multipart/form-data;boundary="b"',
        "multipart/form-data; charset=utf-8; boundary=b",
        "multipart/form-data; boundary=b; charset=UTF-8",
        "multipart/form-data; boundary=b; charset=none-such",
    ],
)
def test_a_form_s_kind_counts_in_any_spelling(alice_program: Program, kind: str) -> None:
    body = part("image_file", PICTURE, '; filename="a.png"')
    assert send(alice_program, CREATE, body, kind).status_code == 200
    assert ordered().photo.width == 400


def test_a_form_without_a_boundary_is_told_what_to_leave_out(alice_program: Program) -> None:
    body = part("image_file", PICTURE, '; filename="a.png"')
    answer = send(alice_program, ADDRESS, body, "multipart/form-data")
    check_refusal(answer, 400)
    assert "no boundary" in answer.json()["errors"][0]["title"]


# -- Base64 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [ENCODED, URI])
@pytest.mark.parametrize("endpoint", ["segmentation", "self-face-cutout", "inpaint"])
def test_a_task_s_picture_comes_in_base64_too(alice_program: Program, endpoint: str, value: str) -> None:
    fields = {"image_base64": value, "sync": "0"}
    fields |= {"mask_base64": value} if endpoint == "inpaint" else {}
    for body, kind in ((json.dumps(fields), "application/json"), (urlencode(fields), FORM)):
        Task.objects.all().delete()
        answer = send(alice_program, VISUAL + endpoint, body.encode(), kind)
        assert answer.status_code == 200, answer.text
        task = ordered()
        assert (task.photo.width, bool(task.mask)) == (400, endpoint == "inpaint")
    assert alice_program.post(endpoint, fields).status_code == 200


def test_one_picture_is_sent_in_one_way(alice_program: Program) -> None:
    for other in ({"image_url": URL}, {"image_base64": "no base64!"}):
        answer = alice_program.post("segmentation", {"image_base64": ENCODED, **other})
        assert answer.status_code == 400
        assert "image_base64" in answer.json()["message"]
    boxes = '[{"x":0,"y":0,"width":10,"height":10}]'
    answer = alice_program.post("inpaint", {"image_url": URL, "mask_base64": ENCODED, "rectangles": boxes})
    assert answer.status_code == 400
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("path", "field"),
    [(ADDRESS, "image_file_b64"), ("/v1/remove", "image_file_b64"), (CREATE, "image_base64")],
)
def test_base64_that_is_left_empty_is_none(alice_program: Program, path: str, field: str) -> None:
    # Forms of no-code tools send all fields, those that nobody filled too.
    for body, kind in (
        (
            part(field, b"").replace(b"--b--\r\n", b"") + part("image_url", URL.encode()),
            "multipart/form-data; boundary=b",
        ),
        (urlencode({field: "", "image_url": URL}).encode(), FORM),
    ):
        Task.objects.all().delete()
        answer = send(alice_program, path, body, kind)
        assert answer.status_code in (200, 503), answer.text
        assert ordered().photo.url == URL


# -- What is left ------------------------------------------------------------------------------------


def test_what_is_left_adds_up_as_its_clients_reckon(alice_program: Program) -> None:
    task = alice_program.ordered(image_base64=base64.b64encode(PICTURE).decode())
    left = 500 - task.credits
    (coins,) = alice_program.get("/api/customers/coins").json()["data"]
    of_month = coins["period_limit"] - coins["period_used"]
    assert of_month + coins["lifetime_limit"] - coins["lifetime_used"] == left
    (package,) = alice_program.get("/api/customers/package-credits/").json()["data"]
    assert package == {"remaining_credits": left, "used_credits": 0}
    for name in ("coins", "package-credits"):
        answer = call("GET", f"/api/customers/{name}")
        assert (answer.status_code, answer.json()["data"]) == (401, None)
