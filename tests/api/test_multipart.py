"""Forms as clients make them by hand: files without a name, bodies in pieces of any size."""

import base64
from io import BytesIO
from typing import Any

import pytest
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from editor.api import long_poll
from editor.api.dialects import registry
from editor.api.dialects.tasks import forms
from editor.api.requests import parameter_names
from editor.api.requests.call_form import CallForm
from editor.api.requests.fields import PictureFileField
from editor.api.requests.multipart import NamedParts
from editor.models import Scene, Task

from .conftest import Program, png

BOUNDARY = "----b0undary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
URL = "https://pictures.example/lamp.jpg"
PICTURE = Image.linear_gradient("L").resize((300, 300)).convert("RGB")
KINDS = ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "SGI", "AVIF"]
PICTURES = [
    pytest.param(form, name, id=f"{form.__name__}.{name}")
    for form in parameter_names.list_forms()
    for name, field in form.base_fields.items()
    if isinstance(field, PictureFileField)
]
ADDRESSES = {endpoint.form: endpoint.path for endpoint in registry.list_endpoints()}


def body(*parts: tuple[str, bytes]) -> bytes:
    """Return a form of parts, each with the lines of its head."""
    made = b"".join(
        b"--" + BOUNDARY.encode() + b"\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"
        for head, content in parts
    )
    return made + b"--" + BOUNDARY.encode() + b"--\r\n"


def text(name: str, value: str) -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="{name}"', value.encode()


@pytest.fixture(autouse=True)
def ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)


HEADS = {
    "bare": 'Content-Disposition: form-data; name="{name}"',
    "no quotes": "Content-Disposition: form-data; name={name}",
    "small letters": 'content-disposition: form-data; name="{name}"',
    "empty": 'Content-Disposition: form-data; name="{name}"; filename=""',
    "a folder": 'Content-Disposition: form-data; name="{name}"; filename="photos/"',
    "with a type": 'Content-Disposition: form-data; name="{name}"\r\nContent-Type: image/png',
    "type first": "Content-Type: application/octet-stream\r\n"
    'Content-Disposition: form-data; name="{name}"\r\nContent-Transfer-Encoding: binary',
}


def companions(form: type[CallForm], name: str) -> list[tuple[str, bytes]]:
    """Return what a call needs besides this file."""
    needed = [] if name in form.sources else [text(form.sources[-1], URL)]
    if form is forms.InpaintForm and name == "image_file":
        needed.append(text("rectangles", '[{"x":0,"y":0,"width":10,"height":10}]'))
    if form is forms.BackgroundForm:
        needed.append(text("scene_type", "105"))
    return needed


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(("form", "name"), PICTURES)
def test_a_file_without_a_name_is_taken_in_every_field_for_one(
    alice_program: Program, form: type[CallForm], name: str, head: str, product: bytes
) -> None:
    sent = body((HEADS[head].format(name=name), product), *companions(form, name))
    answer = alice_program.post(ADDRESSES[form], sent, content_type=TYPE)
    # Nobody works on it.
    assert answer.status_code in (200, 500, 503), answer.content
    task = Task.objects.get()
    behind = {"bg_image_file": task.backdrop, "background.imageFile": task.backdrop}
    kept = {**behind, "mask_file": task.mask}.get(name, task.photo)
    assert kept is not None
    assert (kept.bytes, kept.width) == (len(product), 300)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_picture_is_told_from_text(alice_program: Program, kind: str) -> None:
    sent = body((HEADS["bare"].format(name="image_file"), png(PICTURE, kind)))
    assert alice_program.post("segmentation", sent, content_type=TYPE).status_code == 200
    assert Task.objects.get().photo.width == 300


def test_the_one_call_s_other_name_for_the_file_counts_without_a_name_too(alice_program: Program) -> None:
    alice_program.post(
        "/v1/remove", body((HEADS["bare"].format(name="file"), png(PICTURE))), content_type=TYPE
    )
    assert Task.objects.get().photo.width == 300


def test_a_file_in_base64_is_decoded(alice_program: Program) -> None:
    head = HEADS["bare"].format(name="image_file") + "\r\nContent-Transfer-Encoding: base64"
    sent = body((head, base64.b64encode(png(PICTURE))))
    alice_program.post("segmentation", sent, content_type=TYPE)
    assert Task.objects.get().photo.width == 300


@pytest.mark.parametrize("value", ["", "lamp.jpg", "größe.jpg", "https://pictures.example/lamp.jpg"])
def test_words_in_a_file_s_place_are_no_file(alice_program: Program, value: str) -> None:
    sent = body(text("image_file", value))
    answer = alice_program.post("segmentation", sent, content_type=TYPE)
    assert answer.status_code == 400
    assert "image_url or image_file" in answer.json()["message"]


def test_a_large_file_without_a_name_comes_in_whole(alice_program: Program) -> None:
    picture = png(Image.effect_noise((1500, 1000), 90))
    assert len(picture) > 1_000_000  # more than a form's text may have
    alice_program.post(
        "segmentation",
        body(text("sync", "0"), (HEADS["bare"].format(name="image_file"), picture)),
        content_type=TYPE,
    )
    task = Task.objects.get()
    assert (task.photo.bytes, task.photo.width) == (len(picture), 1500)


def test_a_file_s_own_name_stays(alice_program: Program) -> None:
    head = 'Content-Disposition: form-data; name="image_file"; filename="my cup.png"'
    alice_program.post("segmentation", body((head, png(PICTURE))), content_type=TYPE)
    assert Task.objects.get().photo.name == "my cup.png"


# -- The body as it passes -------------------------------------------------------------------------------


class Trickle(BytesIO):
    """A body of which at most so many bytes come at once."""

    def __init__(self, content: bytes, at_once: int) -> None:
        super().__init__(content)
        self.at_once = at_once

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.at_once)


def parsed(content: bytes, stream: Any) -> tuple[dict[str, list[str]], dict[str, list[tuple[str, bytes]]]]:
    """Return what Django makes of a form: fields, and files with their names."""
    request = RequestFactory().post("/", content, content_type=TYPE)
    post, files = MultiPartParser(request.META, stream, request.upload_handlers).parse()
    kept = {name: [(one.name, one.read()) for one in uploads] for name, uploads in files.lists()}
    return dict(post.lists()), kept


HEADINGS = st.sampled_from(
    [
        'Content-Disposition: form-data; name="a"',
        'Content-Disposition: form-data; name="image_file"; filename="x.png"',
        'Content-Disposition: form-data; name="b"; filename="y"\r\nContent-Type: image/png',
        "Content-Type: text/plain",
        "",
    ]
)
CONTENT = st.one_of(
    st.binary(max_size=400),
    st.lists(
        st.sampled_from([b"\r\n", b"--", BOUNDARY.encode()[:-1], b"\r\n\r\n", b"x" * 70, b"\xff\x00"])
    ).map(b"".join),
)


@settings(
    deadline=None, max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(parts=st.lists(st.tuples(HEADINGS, CONTENT), max_size=5), at_once=st.integers(1, 97))
def test_what_has_its_names_passes_as_it_is_in_pieces_of_any_size(
    parts: list[tuple[str, bytes]], at_once: int
) -> None:
    content = body(*parts)
    passing = NamedParts(Trickle(content, at_once), BOUNDARY.encode(), ["image_file"])
    assert b"".join(iter(passing.read, b"")) == content


@settings(
    deadline=None, max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(picture=st.binary(max_size=2000).map(lambda more: b"\x89PNG" + more), at_once=st.integers(1, 997))
def test_a_file_gets_its_name_in_pieces_of_any_size(picture: bytes, at_once: int) -> None:
    content = body(text("sync", "1"), (HEADS["bare"].format(name="image_file"), picture), text("crop", "0"))
    named = NamedParts(Trickle(content, at_once), BOUNDARY.encode(), ["image_file"])
    fields, files = parsed(content, named)
    assert fields == {"sync": ["1"], "crop": ["0"]}
    assert files == {"image_file": [("image_file", picture)]}


@pytest.mark.parametrize("end", [1, 40, 90, 140])
def test_a_form_that_breaks_off_ends(end: int) -> None:
    content = body((HEADS["bare"].format(name="image_file"), b"\x89PNG" * 20))[:end]
    assert b"".join(iter(NamedParts(BytesIO(content), BOUNDARY.encode(), ["image_file"]).read, b""))
