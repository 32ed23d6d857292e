"""Addresses as programs write them, and answers that programs can read whatever happens."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django import forms
from PIL import Image

from editor.api import task_status
from editor.api.dialects import registry
from editor.api.reference.openapi import build_document
from editor.engines.limits import STUDIO
from editor.forms import EraseForm, FinishForm, HeadForm, SceneForm, SubjectForm
from editor.forms.fields import UploadForm
from editor.models import Task
from picwish_site.server import api_gate
from picwish_site.server.body_limit import most_bytes
from tests.support.served import call
from web import api_errors

from .conftest import VISUAL, Program, png

URL = "https://pictures.example/lamp.jpg"
CREATE = f"{VISUAL}segmentation"
PATHS = [
    *build_document()["paths"],
    "/api/nothing",
    "/v1/nothing",
    "/v1",
    "/v1.0",
    "/v1.0/nothing",
    "/api/tasks/visual/segmentation/a/b",
]


@pytest.fixture
def key(alice_program: Program) -> dict[str, str]:
    return {"X-API-KEY": alice_program.secret}


@pytest.mark.parametrize(
    "slashes", ["//api/tasks/visual/segmentation", "/api//tasks///visual/segmentation//"]
)
def test_a_base_address_that_ends_in_a_slash_leads_to_the_same(key: dict[str, str], slashes: str) -> None:
    answer = call("POST", slashes, data={"image_url": URL}, headers=key)
    assert answer.status_code == 200
    task = Task.objects.get()
    for path in (f"{slashes}/{task.pk}", f"{slashes}/{task.pk}/"):  # by the short way
        assert call("GET", path, headers=key).json()["data"]["task_id"] == str(task.pk)
        assert call("HEAD", path, headers=key).status_code == 200


def test_the_other_addresses_do_so_too(key: dict[str, str]) -> None:
    assert call("GET", "//v1/me", headers=key).status_code == 200
    assert call("GET", "/api//tasks/visual/background/scenes", headers=key).status_code == 200
    assert call("GET", "//api/openapi.json").json()["openapi"] == "3.1.0"


@pytest.mark.django_db
@pytest.mark.parametrize("path", [CREATE, "/v1/remove", "/v1.0/removebg", "/v1/segment"])
def test_an_order_in_the_clear_is_led_to_https_with_its_body(path: str) -> None:
    # 301 makes a GET of it, which no client that follows can explain.
    answer = call("POST", f"/{path}?crop=1", data={"image_url": URL}, site="https://studio.example")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://studio.example{path}?crop=1")
    assert "https://studio.example" in json.dumps(answer.json())
    assert not Task.objects.exists()


def test_what_a_proxy_says_of_the_way_is_djangos_to_believe(key: dict[str, str]) -> None:
    said = {**key, "X-Forwarded-Proto": "https"}
    answer = call("POST", CREATE, data={"image_url": URL}, headers=said, site="https://studio.example")
    assert answer.status_code == 200


def test_without_https_an_order_is_taken(key: dict[str, str]) -> None:
    assert call("POST", CREATE, data={"image_url": URL}, headers=key).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_refusal_is_json_of_its_family(method: str, slash: str) -> None:
    for path in PATHS:
        answer = call(method, slash + path)
        if answer.status_code == 200:
            continue
        assert answer.status_code in (401, 403, 404, 405), path
        assert answer.headers["Content-Type"] == "application/json", path
        told = answer.json()
        wanted = json.loads(api_errors.refusal(path, answer.status_code, "Why.")[2])
        assert told.keys() - {"details"} == wanted.keys(), path
        if "errors" in told:
            (told["message"],) = (error["title"] for error in told["errors"])
        if "data" in told:
            assert (told["status"], told["data"]) == (answer.status_code, None)
        assert told.get("message") or told["detail"]


@pytest.mark.django_db
def test_the_reference_s_own_address_answers_programs_too() -> None:
    assert call("GET", "/api/").headers["Content-Type"].startswith("text/html")
    answer = call("POST", "/api/", data={"image_url": URL})
    assert (answer.status_code, answer.json()["data"]) == (405, None)


def test_what_breaks_outside_of_django_is_json_as_well(
    key: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(task_status, "answer_poll", broken)
    answer = call(
        "GET", f"{CREATE}/0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b", headers=key, origins=("https://a.example",)
    )
    assert (answer.status_code, answer.json()["status"], answer.json()["data"]) == (500, 500, None)
    assert "secret" not in answer.text
    assert "Traceback" in caplog.text  # for who looks after the studio


def test_what_breaks_in_the_middle_of_an_answer_is_the_server_s_to_cut_off() -> None:
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    async def send(message: Any) -> None:
        sent.append(message["type"])

    sent: list[str] = []
    scope = {"type": "http", "method": "GET", "path": "/v1/me", "headers": []}
    with pytest.raises(RuntimeError):
        asyncio.run(api_gate.Programs(half)(scope, send, send))
    assert sent == ["http.response.start"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8000:9", "a" * 300])
def test_a_wrong_host_is_told_in_json(key: dict[str, str], host: str) -> None:
    answer = call("POST", CREATE, headers=key | {"Host": host})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert "ALLOWED_HOSTS" in answer.json()["message"]


# -- Bodies that tell no length ----------------------------------------------------------------------------


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


KINDS = ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "application/json"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_is_streamed_counts(key: dict[str, str], kind: str) -> None:
    part = (
        b'--b\r\nContent-Disposition: form-data; name="image_url"\r\n\r\n' + URL.encode() + b"\r\n--b--\r\n"
    )
    bodies = dict(
        zip(KINDS, [part, f"image_url={URL}".encode(), f'{{"image_url": "{URL}"}}'.encode()], strict=True)
    )
    headers = key | {"Content-Type": kind}
    answer = call("POST", CREATE, content=pieces(bodies[kind]), headers=headers)
    assert answer.status_code == 200, answer.text
    assert Task.objects.get().photo.url == URL


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_streamed_form_may_have_no_more_text_than_another(key: dict[str, str], kind: str) -> None:
    headers = key | {"Content-Type": kind}
    # An address that takes no base64.
    answer = call("POST", "/api/remove", content=pieces(b"a=" + b"b" * 1_100_000), headers=headers)
    assert answer.status_code == 413


# -- How large a body may be ---------------------------------------------------------------------------------

MB = 2**20


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """A sound picture of exactly 20 MB."""
    picture = png(Image.new("RGB", (300, 200), (200, 30, 30)))
    return picture + bytes(20 * MB - len(picture))


PAIRS = [
    ("segmentation", {}, "image_file", "bg_image_file"),
    ("inpaint", {}, "image_file", "mask_file"),
]


@pytest.mark.parametrize(("endpoint", "fields", "first", "second"), PAIRS, ids=["backdrop", "mask"])
def test_each_of_two_pictures_may_have_20_mb(
    key: dict[str, str], endpoint: str, fields: dict[str, str], first: str, second: str, heavy: bytes
) -> None:
    answer = call("POST", VISUAL + endpoint, data=fields, files={first: heavy, second: heavy}, headers=key)
    assert answer.status_code == 200, answer.text
    task = Task.objects.get()
    for picture in (task.photo, task.backdrop or task.mask):
        assert picture is not None
        assert picture.bytes == 20 * MB


@pytest.mark.parametrize(("endpoint", "fields", "first", "second"), PAIRS, ids=["backdrop", "mask"])
def test_none_of_the_two_may_have_more(
    key: dict[str, str],
    endpoint: str,
    fields: dict[str, str],
    first: str,
    second: str,
    heavy: bytes,
    coffee: bytes,
) -> None:
    for large, light in ((first, second), (second, first)):
        files = {large: heavy + b"a", light: coffee}
        answer = call("POST", VISUAL + endpoint, data=fields, files=files, headers=key)
        assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert not Task.objects.exists()


def test_where_one_picture_is_taken_two_of_that_size_are_cut_off(key: dict[str, str], heavy: bytes) -> None:
    files = {"image_file": heavy, "bg_image_file": heavy}
    # Both take base64 as well, and the one call has two names for the one picture that it takes.
    more = files | {"file": heavy}
    assert call("POST", f"{VISUAL}self-face-cutout", files=more, headers=key).status_code == 413
    more |= {"more": heavy}
    assert call("POST", "/v1/remove", files=more, headers=key).json()["code"] == "image_too_large"
    # What cameras make is larger: the page takes three times as much.
    many = {str(number): heavy for number in range(4)}
    assert call("POST", "/editor/photos/", files=many).status_code == 413


def test_every_form_s_files_fit_into_its_body_all_at_once() -> None:
    photo = "/editor/photos/0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b"
    calls = {
        endpoint.path: (endpoint.form, endpoint.form.limits.bytes) for endpoint in registry.list_endpoints()
    }
    pages = {"/editor/photos/": UploadForm, f"{photo}/cutout/": SubjectForm, f"{photo}/head/": HeadForm}
    pages |= {f"{photo}/erase/": EraseForm, f"{photo}/scene/": SceneForm, f"{photo}/finish/": FinishForm}
    for path, (form, most) in {
        **calls,
        **{path: (form, STUDIO.bytes) for path, form in pages.items()},
    }.items():
        files = [field for field in form.base_fields.values() if isinstance(field, forms.FileField)]
        text = getattr(form, "most_text", 0)
        for one in {path, path.rstrip("/") if path in calls else path}:
            assert most_bytes(one) > len(files) * most + text + MB, one
            assert most_bytes(one) < (max(1, len(files)) + 1) * most + text, one
