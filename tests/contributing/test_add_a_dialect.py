"""What CONTRIBUTING lists for a new API dialect is all it takes: added to a copy, it is found everywhere."""

import json
from pathlib import Path

import pytest

from .copied_tree import ROOT, Additions, CopiedTree, list_files

FOLDER = "editor/api/dialects/plain"
A_DIALECT: Additions = {
    f"{FOLDER}/__init__.py": (
        ("", '"""Plain words: a picture\'s subject is freed of what is behind it."""\n'),
    ),
    f"{FOLDER}/errors.py": (
        (
            "",
            '''"""How plain words tell of errors."""

import json

from web.api_errors import Answer, Family, Refusal


def tell_plainly(refusal: Refusal) -> Answer:
    body = json.dumps({"wrong": refusal.sentence, "number": refusal.status}).encode()
    return refusal.status, {"Content-Type": "application/json"}, body


FAMILY = Family(("/plain/",), tell_plainly, {403: 451})
''',
        ),
    ),
    f"{FOLDER}/forms.py": (
        (
            "",
            '''"""What freeing takes."""

from typing import Any

from django import forms

from editor.api.requests.call_form import CallForm
from editor.api.requests.fields import PictureFileField
from editor.forms import CutoutForm
from editor.tools import Tool


class FreeForm(CallForm):
    tool = Tool.CUTOUT
    also = {"portrait": "image_file"}

    mood = forms.CharField(required=False, max_length=20, help_text="How the subject is to feel.")
    mirror = PictureFileField(help_text="What it sees.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.tool_form = self.judged(CutoutForm({"format": "png"}))
        return cleaned

    def to_params(self) -> dict[str, Any]:
        return self.tool_form.to_params()
''',
        ),
    ),
    f"{FOLDER}/endpoints.py": (
        (
            "",
            '''"""What the reference says of freeing."""

from editor.api.reference.reference_data import Call, Endpoint
from editor.api.reference.task_answers import IMAGE, TASK

from .forms import FreeForm

FREE = Endpoint(
    "free",
    "Freeing",
    "Frees the subject.",
    FreeForm,
    (*TASK, IMAGE),
    beginning="/plain/",
    example=Call("photo.jpg", "free.png"),
)
STATUSES = dict.fromkeys((400, 401, 404, 405, 413, 429, 451, 500), "It went wrong, plainly.")
''',
        ),
    ),
    f"{FOLDER}/views.py": (
        (
            "",
            '''"""Freeing: the order, and how it goes."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from editor.api import task_status
from editor.api.access.auth import by_get, with_key
from editor.api.orders import place_order

from .forms import FreeForm


@with_key("POST", "order")
async def free(request: HttpRequest) -> HttpResponseBase:
    task = await sync_to_async(place_order)(request, request.api_key, "free", FreeForm)
    return JsonResponse({"freed_soon": str(task.pk)})


@by_get
async def ask(request: HttpRequest, task_id: str) -> HttpResponse:
    told = await sync_to_async(task_status.answer_poll)(request.path, request.headers, "free", task_id)
    return HttpResponse(told[2], status=told[0], headers=told[1])
''',
        ),
    ),
    f"{FOLDER}/dialect.py": (
        (
            "",
            '''"""The row of plain words."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect
from editor.api.reference import operations

from . import views
from .endpoints import FREE, STATUSES
from .errors import FAMILY

DIALECT = Dialect(
    family=FAMILY,
    called="plain speech",
    urlpatterns=[
        re_path(r"^plain/free/?$", views.free, name="free"),
        re_path(r"^plain/free/(?P<task_id>[^/]+)/?$", views.ask, name="free-task"),
    ],
    endpoints=(FREE,),
    statuses=STATUSES,
    refusal="PlainRefusal",
    refusal_schema=operations.make_object({"wrong": {"type": "string"}, "number": {"type": "integer"}}),
    refusal_example='{"wrong": "…", "number": 400}',
    elsewhere={"brightness": ("0",)},
)
''',
        ),
    ),
}
"""One folder, and nothing beside it changes."""

CALLED = """
import io, json
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from accounts.models import ApiKey
from editor.models import Task

alice = get_user_model().objects.create_user("alice@example.com", "a long password")
_, secret = ApiKey.make(alice, "program", 1000)
here, key = {"host": "localhost"}, {"X-API-KEY": secret, "host": "localhost"}
made = io.BytesIO()
Image.new("RGB", (64, 48), "teal").save(made, "PNG")
picture = lambda: SimpleUploadedFile("a.png", made.getvalue())
ask = lambda method, path, data=None, headers=key: getattr(Client(raise_request_exception=False), method)(
    path, data or {}, headers=headers
)
tell = lambda answer: print(answer.status_code, json.dumps(answer.json()))

tell(ask("post", "/plain/free", headers=here))
tell(ask("post", "/plain/free", {"mood": "glad"}))
tell(ask("get", "/plain/free"))
tell(ask("get", "/plain/nothing"))
tell(ask("get", "/plain"))
ordered = ask("post", "/plain/free/", {"portrait": picture(), "mood": "glad"})
task = Task.objects.get()
print(ordered.status_code, ordered.json() == {"freed_soon": str(task.pk)}, task.tool, task.answer["endpoint"])
print(ask("get", f"/plain/free/{task.pk}").json()["data"]["state_detail"])
print(ask("get", f"/api/tasks/visual/segmentation/{task.pk}").status_code)
tell(ask("post", "/api/tasks/visual/segmentation", {"image_file": picture(), "mood": "glad"}))
tell(ask("post", "/v1/remove", {"image_file": picture(), "brightness": "3"}))
"""

OUTSIDE = """
import asyncio, json
from picwish_site.asgi import application
from web import api_errors

async def call(method, path, *headers):
    sent = []
    async def send(message): sent.append(message)
    async def receive(): return {"type": "http.request", "body": b"", "more_body": False}
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "scheme": "http",
        "query_string": b"", "headers": [(b"host", b"localhost"), *headers], "client": ("127.0.0.1", 1)}
    await application(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])

for path in ("/plain/free", "//plain//free"):
    print(*asyncio.run(call("POST", path, (b"content-length", b"99999999999"))))
from picwish_site.server.body_limit import most_bytes
print(most_bytes("/plain/free") - most_bytes("/plain/other") == most_bytes("/plain/other") - 5 * 2**20)
"""

TOLD = """
import json
from django.test import Client

get = lambda path: Client().get(path, headers={"host": "localhost"})
document = get("/api/openapi.json").json()
paths, schemas = document["paths"], document["components"]["schemas"]
print(sorted(path for path in paths if "plain" in path))
post = paths["/plain/free"]["post"]
print(post["operationId"], "mood" in json.dumps(post["requestBody"]))
print("451" in post["responses"], "PlainRefusal" in json.dumps(post["responses"]["451"]))
print(schemas["PlainRefusal"]["required"], "FreeTask" in schemas)
page = get("/api/").content.decode()
print('<section id="free"' in page, "<code>mood</code>" in page, "http://localhost/plain/free" in page)
print("Of plain speech" in page, "It went wrong, plainly." in page, "&quot;wrong&quot;" in page)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> CopiedTree:
    """A copy with the dialect in it."""
    copy = CopiedTree(tmp_path_factory.mktemp("dialect"), A_DIALECT)
    migrated = copy.manage("migrate")
    assert migrated.returncode == 0, migrated.stderr
    return copy


def test_its_calls_are_carried_out_and_refused_in_its_own_words(tree: CopiedTree) -> None:
    no_key, no_picture, method, nothing, bare, ordered, state, elsewhere, foreign, beyond = tree.ask(
        CALLED
    ).splitlines()
    for line, status in ((no_key, 401), (no_picture, 400), (method, 405), (nothing, 404), (bare, 404)):
        number, _, body = line.partition(" ")
        assert (int(number), json.loads(body)["number"]) == (status, status)
        assert json.loads(body).keys() == {"wrong", "number"}
    assert (ordered, state, elsewhere) == ("200 True cutout free", "Processing", "404")
    # What one dialect knows another does not ignore.
    assert foreign.startswith("400")
    assert "mood" in foreign
    assert beyond.startswith("400")
    assert "brightness" in beyond


def test_the_server_around_django_knows_its_words(tree: CopiedTree) -> None:
    *refused, takes_two_pictures = tree.ask(OUTSIDE).splitlines()
    for line in refused:
        assert line.startswith('413 b\'{"wrong": ')
    assert takes_two_pictures == "True"


def test_the_document_and_the_reference_tell_of_it(tree: CopiedTree) -> None:
    assert tree.ask(TOLD).splitlines() == [
        "['/plain/free', '/plain/free/{task_id}']",
        "create-free True",
        "True True",
        "['wrong', 'number'] True",
        "True True True",
        "True True True",
    ]


@pytest.mark.skipif(not Path(ROOT, "CONTRIBUTING.md").exists(), reason="CONTRIBUTING.md is not written yet")
def test_contributing_lists_each_file() -> None:
    assert list_files("Add an API dialect", "plain") == A_DIALECT.keys()
