"""Who moves here is told what to change, and what a call would be answered, by the forms themselves."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from editor.api.dialects import registry
from editor.api.moving import moves, sample_call, verdicts
from editor.api.reference.examples import write_examples
from editor.models import Photo, Scene, Task

from .conftest import Program

ROOT = Path(__file__).parents[2]
URL = "https://pictures.example/lamp.jpg"


def judge(text: str) -> verdicts.Verdict:
    return verdicts.judge(sample_call.read_call(text))


# -- Reading ----------------------------------------------------------------------------------------------

LINES = {
    "a form": "curl -X POST https://api.example/v1/remove -H 'X-Api-Key: K' -F image_file=@a.jpg -F size=hd",
    "told apart by =": "curl --request=POST --url=https://api.example/v1/remove --header='x-api-key: K' "
    "--form=image_file=@a.jpg --form=size=hd",
    "joined": "curl -XPOST https://api.example/v1/remove -HX-Api-Key:K -Fimage_file=@a.jpg -Fsize=hd -so a",
    "in several lines": "curl https://api.example/v1/remove \\\n  -H 'Authorization: Bearer K' \\\n"
    "  -F 'image_file=@a.jpg;type=image/jpeg' \\\n  -F 'size=hd' --fail-with-body -o cut.png",
    "at Windows' prompt": 'curl.exe https://api.example/v1/remove ^\r\n -H "X-Api-Key: K" -F size=hd '
    "-F image_file=@a.jpg",
    "plainly": "POST /v1/remove image_file=@a.jpg size=hd X-Api-Key:K",
    "plainly at a host": "post api.example/v1/remove X-API-KEY:K image_file@a.jpg size=hd",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_call_is_read_however_it_is_written(line: str) -> None:
    call = sample_call.read_call(line)
    assert (call.method, call.path, call.files) == ("POST", "/v1/remove", ["image_file"])
    assert call.fields == [("size", "hd")]
    assert call.has_key


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f"curl https://a.example/v1/remove -d image_url={URL} -d crop=true", sample_call.TEXT),
        (f"curl https://a.example/v1/remove --data 'image_url={URL}&crop=true'", sample_call.TEXT),
        (
            "curl https://a.example/v1/remove -H 'Content-Type: application/json' "
            f"""-d '{{"image_url": "{URL}", "crop": true, "size": null}}'""",
            sample_call.JSON,
        ),
        (
            f"""curl https://a.example/v1/remove --json '{{"image_url": "{URL}", "crop": true}}'""",
            sample_call.JSON,
        ),
    ],
)
def test_a_body_of_text_is_read_by_its_kind(line: str, kind: str) -> None:
    call = sample_call.read_call(line)
    assert (call.method, call.kind) == ("POST", kind)
    assert call.fields == [("image_url", URL), ("crop", "true")]


def test_what_stands_in_the_address_counts_too() -> None:
    call = sample_call.read_call(
        f"curl -G https://a.example/v2/edit -d imageUrl={URL} --url x -d padding=0.1"
    )
    assert (call.method, call.path) == ("GET", "/v2/edit")
    assert ("padding", "0.1") in call.fields
    assert sample_call.read_call(f"curl 'https://a.example/v2/edit?imageUrl={URL}'").fields == [
        ("imageUrl", URL)
    ]


NO_CALLS = [
    "",
    "hello",
    "curl",
    "curl -F a=b",
    "curl 'https://a.example",
    "FETCH /v1/remove",
    "POST /v1/remove what",
    "curl https://a.example -F nothing",
    "curl https://a.example --json '[]'",
    "curl https://a.example --json '{'",
    f"curl https://a.example --json '{'[' * 9000}'",
    "x" * 30_000,
]


@pytest.mark.parametrize("text", NO_CALLS)
def test_what_is_no_call_is_told_how_one_is_written(text: str) -> None:
    with pytest.raises(sample_call.NotACall, match=r"\w+\."):
        sample_call.read_call(text)


# -- Judging ----------------------------------------------------------------------------------------------


@pytest.fixture
def ready(db: None) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("endpoint", registry.list_endpoints(), ids=lambda one: one.path)
def test_every_example_of_the_reference_would_be_taken(endpoint: Any) -> None:
    (curl,) = (one.code for one in write_examples(endpoint, "https://studio.example") if one.title == "curl")
    line = curl[curl.index("curl -sS") :].replace('"$address"', f"https://studio.example{endpoint.path}")
    line = line.partition("\n  | ")[0].partition("\n\n")[0].rstrip(") \\")
    verdict = judge(line)
    assert verdict.is_taken, verdict
    assert endpoint.title in verdict.sentence
    assert not verdict.notes
    assert json.loads(verdict.asked)


def test_a_refusal_is_told_in_the_words_of_its_address(alice_program: Program) -> None:
    """It is the very answer that the call gets."""
    for path, fields in (
        ("/v1/remove", {"image_url": URL, "crop": "perhaps"}),
        ("/v2/edit", {"imageUrl": URL, "lighting.mode": "ai.auto"}),
        ("/api/tasks/visual/segmentation", {"image_url": URL, "format": "gif"}),
        ("/v1/segment", {}),
    ):
        words = " ".join(f"{name}={value}" for name, value in fields.items())
        verdict, answer = judge(f"POST {path} X-API-KEY:K {words}"), alice_program.post(path, fields)
        assert not verdict.is_taken
        told, wanted = json.loads(verdict.body), answer.json()
        told.pop("request_id", None), wanted.pop("request_id", None)
        assert (verdict.status, told) == (answer.status_code, wanted)


def test_nothing_is_kept_or_ordered(alice_program: Program) -> None:
    assert judge(f"POST /v1/remove url={URL}").is_taken
    assert judge(f"GET /v2/edit?imageUrl={URL}").is_taken
    assert not Task.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("line", "status", "named"),
    [
        ("POST /remove file=@a.jpg", 404, "/v1/remove"),
        ("POST /api/remove file=@a.jpg model=u2net_cloth_seg", 400, "u2net_cloth_seg"),
        ("POST https://sdk.photoroom.com/v2/segment image_file=@a.jpg", 404, "/v1/segment"),
        ("GET /v1/remove", 405, "POST"),
        ("PUT /v2/edit", 405, "GET"),
        ("POST /editor/", 404, ""),
        ("POST /v1/remove/jobs", 404, ""),
    ],
)
def test_a_wrong_address_or_method_names_the_right_one(line: str, status: int, named: str) -> None:
    verdict = judge(line)
    assert (verdict.is_taken, verdict.status) == (False, status)
    assert named in " ".join((verdict.sentence, *verdict.notes))


@pytest.mark.parametrize(
    "path", ["/v1/me", "//v1/me/", "/v1/account", "/v2/account", "/api/tasks/visual/segmentation/abc"]
)
def test_who_only_asks_is_told_that_nothing_is_ordered(path: str) -> None:
    verdict = judge(f"GET {path} X-API-KEY:K")
    assert (verdict.is_taken, verdict.status, verdict.notes) == (True, 200, ())


def test_a_missing_key_and_unknown_names_are_noted() -> None:
    verdict = judge(f"POST /v1/remove url={URL} sparkle=much")
    assert verdict.is_taken
    assert "X-API-KEY" in verdict.notes[0]
    assert "sparkle" in verdict.notes[1]


# -- For people -------------------------------------------------------------------------------------------


def test_the_page_judges_what_is_pasted(client: Client, db: None) -> None:
    assert client.get("/moving-here/").status_code == 200
    page = client.post("/moving-here/", {"call": f"curl x.example/v1/remove -F url={URL} -F crop=4:3"})
    assert page.status_code == 200
    assert "It would be taken." in page.content.decode()
    refused = client.post("/moving-here/", {"call": f"POST /v1/remove url={URL} format=<b>"})
    assert "It would be refused." in refused.content.decode()
    assert "<b>" not in refused.content.decode().partition('class="verdict"')[2].partition("</section>")[
        0
    ].replace('<p class="address"><b>', "")
    wrong = client.post("/moving-here/", {"call": "what is this"})
    assert wrong.status_code == 422
    assert "Write a curl line" in wrong.content.decode()


def test_a_forged_form_is_refused(db: None) -> None:
    assert (
        Client(enforce_csrf_checks=True).post("/moving-here/", {"call": "POST /v1/remove"}).status_code == 403
    )


def test_the_command_says_the_same(db: None) -> None:
    said = StringIO()
    call_command("check_client", f"POST /v1/remove url={URL} X-API-KEY:K", stdout=said)
    assert said.getvalue().startswith("200  Remove background")
    assert '"finish"' in said.getvalue()
    with pytest.raises(CommandError, match="refused"):
        call_command("check_client", "POST", "/v1/remove", stdout=said)
    with pytest.raises(CommandError, match="Write a curl line"):
        call_command("check_client", "nonsense", stdout=said)


def test_page_and_document_say_the_same_of_every_service(client: Client, db: None) -> None:
    document = " ".join((ROOT / "docs/moving-here.md").read_text().split())
    page = client.get("/moving-here/").content.decode()
    for move in moves.MOVES:
        assert f"## From {move.title} " in document
        assert f'id="{move.name}"' in page
        for sentence in (*move.change, *move.differs):
            assert sentence in document
    assert "/moving-here/" in client.get("/api/").content.decode()


def test_the_document_s_tables_have_every_field_of_the_forms() -> None:
    """A field that is new is told of."""
    document = (ROOT / "docs/moving-here.md").read_text()
    for endpoint in registry.list_endpoints():
        if endpoint.path in ("/v1/remove", "/v1/segment", "/v2/edit"):
            table = document.partition(f"`{endpoint.path}` | Here")[2].partition("\n\n")[0]
            for name in endpoint.form.base_fields:
                group = re.sub(r"(?<=margin|adding)[A-Z].*", "", name)
                assert f"`{name}`" in table or f"`{group}…`" in table, name


def test_the_flow_for_n8n_makes_a_call_that_is_taken() -> None:
    flow = json.loads((ROOT / "docs/n8n-flow.json").read_text())
    nodes = {node["name"]: node for node in flow["nodes"]}
    for source, targets in flow["connections"].items():
        assert {source, *(one["node"] for row in targets["main"] for one in row)} <= nodes.keys()
    node = nodes["Remove the background"]["parameters"]
    words = [node["method"], node["url"].rpartition("}}")[2]]
    fields = node["bodyParameters"]["parameters"]
    words += [f"{field['name']}=" + field.get("value", "@photo.jpg") for field in fields]
    words += [f"{one['name']}:{one['value']}" for one in node["headerParameters"]["parameters"]]
    verdict = verdicts.judge(sample_call.read_plain(words))
    assert verdict.is_taken
    assert not verdict.notes
