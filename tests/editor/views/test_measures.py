"""What is measured on a cutout, as the page asks for it: once, for its owner, or why not."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.engines.finishing.proposals import Measures
from editor.files import measures, render_process
from editor.models import Result
from tests.editor.files.files_out import photo_of, result_of

SCRIPT = {"X-Requested-With": "fetch"}
FOUND = Measures(
    exposure=0.4, warmth=0.0, tint=0.0, angle=-3.5, confidence=0.9, reasons={"white_balance": "…"}
)


@pytest.fixture
def cutout(alice: User) -> Result:
    return result_of(photo_of(alice), bare=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the process that makes pictures was asked for; it measures always the same."""
    seen: list[dict[str, Any]] = []

    def run(work: dict[str, Any]) -> dict[str, Any]:
        seen.append(work)
        return FOUND.to_dict()

    monkeypatch.setattr(render_process._process, "run", run)
    return seen


def ask(client: Client, cutout: Result, **headers: Any) -> Any:
    return client.post(reverse("editor:result-measures", args=[cutout.pk]), headers={**SCRIPT, **headers})


def test_a_cutout_is_measured_once(alice_client: Client, cutout: Result, asked: list[dict[str, Any]]) -> None:
    for _ in range(2):
        response = ask(alice_client, cutout)
        assert (response.status_code, response.json()) == (200, FOUND.to_dict())
    (work,) = asked
    assert work["work"] == "measure"
    assert work["source"] == default_storage.path(str(cutout.file))
    cutout.task.refresh_from_db()
    assert measures.get_kept(cutout) == FOUND


def test_what_was_measured_otherwise_is_measured_anew(
    alice_client: Client, cutout: Result, asked: list[dict[str, Any]]
) -> None:
    cutout.task.facts = {"box": [1, 2, 3, 4], measures.KEPT_AS: {**FOUND.to_dict(), "version": 0}}
    cutout.task.save()
    assert ask(alice_client, cutout).json() == FOUND.to_dict()
    assert len(asked) == 1
    cutout.task.refresh_from_db()
    assert cutout.task.facts["box"] == [1, 2, 3, 4]


def test_a_stranger_and_a_finished_picture_get_nothing(
    client: Client, charlie_client: Client, alice_client: Client, alice: User, cutout: Result
) -> None:
    assert ask(charlie_client, cutout).status_code == 404
    assert ask(client, cutout).status_code == 401
    assert ask(alice_client, result_of(photo_of(alice))).status_code == 404
    assert alice_client.get(reverse("editor:result-measures", args=[cutout.pk])).status_code == 405


def test_a_cutout_whose_file_is_gone_says_so(
    alice_client: Client, cutout: Result, asked: list[dict[str, Any]]
) -> None:
    default_storage.delete(str(cutout.file))
    response = ask(alice_client, cutout)
    assert (response.status_code, asked) == (409, [])
    assert "Cut the photo out again" in response.text


def test_what_the_process_refuses_is_said(
    alice_client: Client, cutout: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(work: dict[str, Any]) -> dict[str, Any]:
        raise render_process.RenderFailed(render_process.BUSY, 503)

    monkeypatch.setattr(render_process._process, "run", run)
    response = ask(alice_client, cutout)
    assert (response.status_code, response.text) == (503, render_process.BUSY)
    cutout.task.refresh_from_db()
    assert measures.KEPT_AS not in cutout.task.facts
