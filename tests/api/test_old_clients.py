"""How clients of long ago send what they send: keys, brackets, forms that they wrote by hand."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from editor.api import long_poll
from editor.api.access import auth
from editor.api.requests.bracketed_names import read_brackets
from editor.api.requests.fields import AlphaColourField, BoxesField, ColourField
from editor.models import Task
from tests.support.served import call

from .conftest import VISUAL, Program
from .removebg_calls import ENCODED, URL

CREATE = f"{VISUAL}segmentation"
BOX = {"x": 1, "y": 2, "width": 3, "height": 4}
KINDS = {"/v1.0/removebg": 403, "/v2/edit": 403, CREATE: 401, "/v1/remove": 401, "/api/remove": 401}


@pytest.fixture(autouse=True)
def ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody works on it, and nobody waits.
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)


def send(program: Program, body: Any, kind: str, path: str = CREATE, **headers: str) -> Any:
    told = {"X-API-KEY": program.secret, "Content-Type": kind} | headers
    return call("POST", path, content=body.encode() if isinstance(body, str) else body, headers=told)


# -- Keys ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("X-API-KEY", "%s"),
        ("x-api-key", ' "%s" '),
        ("X-API-KEY", "Bearer %s"),
        ("Authorization", "Bearer %s"),
        ("Authorization", "%s"),
        ("Authorization", "Token %s"),
        ("Authorization", "ApiKey %s"),
    ],
)
def test_a_key_is_read_however_its_header_is_written(header: str, form: str) -> None:
    secret = "k" * 43
    headers = MultiValueDict({header.lower(): [form % secret]})

    class Headers(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            return headers.get(name.lower(), default)

    assert auth.read_secret(Headers()) == secret


@pytest.mark.parametrize("path", KINDS)
def test_a_password_or_a_word_in_the_address_opens_nothing_and_the_answer_says_so(
    alice_program: Program, path: str
) -> None:
    secret = alice_program.secret
    for asked, headers in (
        (f"{path}?api_key={secret}", {}),
        (path, {"Authorization": "Basic OmtleQ=="}),
    ):
        answer = call("POST", asked, data={"image_url": URL}, headers=headers)
        assert answer.status_code == KINDS[path]
        assert "X-API-KEY header: in the address" in answer.text
        assert (answer.headers.get("WWW-Authenticate") == 'Bearer realm="Sweep"') == (KINDS[path] == 401)


@pytest.mark.parametrize("path", KINDS)
def test_a_full_disk_says_when_to_come_again(
    alice_program: Program, settings: Any, coffee: bytes, path: str
) -> None:
    settings.DISK_RESERVE_MB = 10**9
    name = {"/v2/edit": "imageFile", "/api/remove": "file"}.get(path, "image_file")
    answer = call(
        "POST", path, files={name: ("cup.jpg", coffee)}, headers={"X-API-KEY": alice_program.secret}
    )
    # Photoroom's document knows no 507.
    assert (answer.status_code, answer.headers["Retry-After"]) == (500 if path == "/v2/edit" else 507, "60")


# -- Names with brackets ------------------------------------------------------------------------------


def test_what_lies_in_brackets_comes_under_its_plain_name() -> None:
    data = QueryDict(
        "type[]=person&background[color]=fff&sync[0]=1&crop=1&crop[]=0&of[nobody]=x", mutable=True
    )
    read_brackets(data, MultiValueDict(), {"type", "background.color", "sync", "crop"})
    assert {**data.dict()} == {
        "type": "person",
        "background.color": "fff",
        "sync": "1",
        "crop": "1",
        "crop[]": "0",
        "of[nobody]": "x",
    }


def test_boxes_come_as_a_list_of_a_list_s_parts_or_one_alone(alice_program: Program) -> None:
    sides = "&".join(f"rectangles[{n}][{side}]={value}" for n in (1, 0) for side, value in BOX.items())
    data = QueryDict(sides, mutable=True)
    read_brackets(data, MultiValueDict(), {"rectangles"})
    one = json.dumps(BOX)
    for given in (
        data,
        {"rectangles": one},
        QueryDict(f"rectangles={one}"),
        QueryDict(f"rectangles=[{one}]"),
    ):
        told = BoxesField().widget.value_from_datadict(given, {}, "rectangles")
        assert BoxesField().clean(told) == [BOX] * (2 if given is data else 1)
    several = QueryDict(mutable=True)
    several.setlist("rectangles", [one, f"[{one}, {one}]"])
    assert len(BoxesField().clean(BoxesField().widget.value_from_datadict(several, {}, "rectangles"))) == 3


def test_files_and_nested_json_are_heeded_under_such_names(alice_program: Program, coffee: bytes) -> None:
    headers = {"X-API-KEY": alice_program.secret}
    files = {"image_file[]": ("cup.jpg", coffee)}
    answer = call("POST", CREATE, data={"type[]": "person"}, files=files, headers=headers)
    assert (answer.status_code, Task.objects.get().params["subject"]) == (200, "person")
    Task.objects.all().delete()
    body = json.dumps({"imageUrl": URL, "background": {"color": "ff0000", "imageUrl": None}})
    send(alice_program, body, "application/json", "/v2/edit")
    assert Task.objects.get().params["finish"]["background"] == "#ff0000"


# -- Bodies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["image/jpeg", "application/octet-stream", "text/xml"])
def test_a_body_of_another_kind_is_told_what_to_be(alice_program: Program, kind: str) -> None:
    answer = send(alice_program, b"\xff\xd8\xff\xe0", kind)
    assert (answer.status_code, kind in answer.json()["message"]) == (400, True)
    assert "multipart/form-data" in answer.json()["message"]


def test_a_packed_body_is_told_so(alice_program: Program) -> None:
    answer = send(alice_program, b"\x1f\x8b", "application/json", **{"Content-Encoding": "gzip"})
    assert (answer.status_code, "packed (gzip)" in answer.json()["message"]) == (400, True)


PART = '--b\r\nContent-Disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\nxx\r\n'


@pytest.mark.parametrize("body", [PART, (PART + "--b--\r\n").replace("\r\n", "\n")])
def test_a_form_that_is_written_wrong_is_not_called_one_without_a_picture(
    alice_program: Program, body: str
) -> None:
    answer = send(alice_program, body, "multipart/form-data; boundary=b")
    assert (answer.status_code, "CR LF" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    ("fields", "files", "said"),
    [
        ({"image_file": "photo.jpg"}, {}, "image_file came as text"),
        ({"image_file": ENCODED}, {}, "image_file came as text"),
        ({}, {"image": ("cup.jpg", b"x")}, "A file came as “image”"),
        (
            {},
            {"file": ("cup.jpg", b"x")},
            "file: no file of this name is taken here.",
        ),
    ],
)
def test_a_picture_in_the_wrong_place_is_told_where_it_was(
    alice_program: Program, fields: dict[str, str], files: dict[str, Any], said: str
) -> None:
    headers = {"X-API-KEY": alice_program.secret}
    answer = call("POST", CREATE, data=fields, files=files or None, headers=headers)
    assert (answer.status_code, said in answer.json()["message"]) == (400, True)


# -- Colours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0x0a141e", "%230a141e", "10,20,30", " 10, 20, 30 ", "#0a141eff"])
@pytest.mark.parametrize("field", [ColourField(), AlphaColourField()])
def test_a_colour_may_be_written_as_scripts_do(field: ColourField, text: str) -> None:
    assert field.clean(text) == "#0a141e"


@pytest.mark.parametrize("text", ["ffffff00", "#fff0", "rgba(0, 0, 0, 0)"])
def test_what_is_wholly_see_through_is_no_colour(text: str) -> None:
    assert ColourField(required=False).clean(text) == ""
    assert AlphaColourField().clean(text) != ""
