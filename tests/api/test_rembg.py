"""The address of rembg's server: what its words make of a photo, and how it answers and refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from accounts import ledger
from editor.api import long_poll
from editor.api.dialects.rembg.forms import ServerForm
from editor.models import Task
from editor.states import State
from editor.tasks import settlement

from .conftest import Program, ask
from .test_answers import waited_for
from .test_parameters import URL

REMOVE = "/api/remove"


def asked(**fields: str) -> dict[str, Any]:
    """Return what the engine is asked for."""
    form = ServerForm({"url": URL} | fields, MultiValueDict())
    assert form.is_valid(), form.errors
    return form.to_params()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("cup.jpg", content)


@pytest.mark.parametrize(
    ("bgc", "background"),
    [
        ("", ""),
        ("0,0,0,0", ""),
        ("12,34,56,0", ""),
        ("255,255,255,255", "#ffffff"),
        ("255, 0, 16, 128", "#ff001080"),
        ("white", "#ffffff"),
        ("#fff", "#ffffff"),
    ],
)
def test_a_ground_is_four_levels_or_a_style_sheet_s_colour(bgc: str, background: str) -> None:
    assert asked(bgc=bgc)["finish"].get("background", "") == background


def test_what_its_client_sends_by_itself_asks_for_a_plain_cutout() -> None:
    usual = {
        "model": "u2net",
        "a": "false",
        "af": "240",
        "ab": "10",
        "ae": "10",
        "om": "false",
        "ppm": "false",
    }
    assert asked(**usual, bgc="0,0,0,0") == asked()
    assert asked()["outputs"] == "image"
    assert asked(om="true")["outputs"] == "mask"
    assert asked(model="u2net_human_seg")["subject"] == "person"


@pytest.mark.parametrize(
    ("name", "value"), [("model", "u2net_cloth_seg"), ("model", "sam"), ("bgc", "1,2,3,256"), ("af", "many")]
)
def test_what_is_not_done_is_refused_by_its_name(alice_program: Program, name: str, value: str) -> None:
    answer = alice_program.post(REMOVE, {"url": URL, name: value})
    assert answer.status_code == 400
    assert answer.json().keys() == {"detail"}
    assert answer.json()["detail"].startswith(f"{name}: ")
    assert value in answer.json()["detail"] or name == "af"
    assert not Task.objects.exists()


def test_the_answer_is_the_picture(alice_program: Program, coffee: bytes, done: Callable[..., Any]) -> None:
    response, body = waited_for(alice_program, REMOVE, {"file": upload(coffee), "om": "true"}, done)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert body.startswith(b"\x89PNG")


def test_it_is_ordered_by_get_and_by_post_and_by_no_head(
    alice_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)
    assert alice_program.get(f"{REMOVE}?url={URL}&bgc=255,0,0,255").status_code == 503  # nobody worked on it
    assert Task.objects.get().params["finish"]["background"] == "#ff0000"
    assert alice_program.ask("head", f"{REMOVE}?url={URL}")[0].status_code == 405
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "status"), [(State.NOT_A_PICTURE, 400), (State.NOTHING_FOUND, 400), (State.FAILED, 500)]
)
def test_a_failure_says_why_and_costs_nothing(
    alice_program: Program, coffee: bytes, state: State, status: int
) -> None:
    before = ledger.get_balance(alice_program.owner)
    response, _ = waited_for(
        alice_program,
        REMOVE,
        {"file": upload(coffee)},
        lambda task: settlement.end(Task.objects.filter(pk=task.pk), state),
    )
    assert (response.status_code, response.json()) == (status, {"detail": state.sentence})
    assert ledger.get_balance(alice_program.owner) == before


def test_who_shows_no_key_or_no_picture_is_told_what_to_send(alice_program: Program) -> None:
    nobody, _ = ask(None, "post", REMOVE, {"url": URL})
    assert nobody.status_code == 401
    assert "X-API-KEY" in nobody.json()["detail"]
    empty = alice_program.post(REMOVE, {})
    assert empty.status_code == 400
    assert "Send it as file" in empty.json()["detail"]
