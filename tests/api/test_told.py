"""What is told of a task at every endpoint alike: its state in a word, its time, its picture's size."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import ledger
from editor.api import long_poll, webhooks
from editor.models import Result, Scene, Task
from editor.states import State
from editor.tasks import settlement

from .conftest import Program
from .hosts import Host

URL = "https://pictures.example/lamp.jpg"
ENDPOINTS: dict[str, dict[str, str]] = {
    "segmentation": {},
    "self-face-cutout": {},
    "inpaint": {"rectangles": '[{"x":0,"y":0,"width":10,"height":10}]'},
    "background": {"scene_type": "105", "batch_size": "1"},
}
WAIT = [endpoint for endpoint in ENDPOINTS if endpoint != "background"]
NUMBERS = ("time_elapsed", "return_type", "image_width", "image_height")
End = Callable[..., list[Result]]


@pytest.fixture(autouse=True)
def scenes(db: None) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})


def ordered(program: Program, endpoint: str, **fields: str) -> Task:
    return program.ordered(endpoint, image_url=URL, **ENDPOINTS[endpoint], **fields)


def data_of(program: Program, task: Task) -> dict[str, Any]:
    data: dict[str, Any] = program.get(f"{task.answer['endpoint']}/{task.pk}").json()["data"]
    for name in NUMBERS:
        assert isinstance(data[name], int | float), name
        assert not isinstance(data[name], bool), name
    return data


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_word_is_complete_failed_or_processing_whatever_the_page_says(
    alice_program: Program, endpoint: str
) -> None:
    task = ordered(alice_program, endpoint)
    for state in State:
        Task.objects.filter(pk=task.pk).update(state=state)
        word = "Complete" if state == 1 else "Failed" if state < 0 else "Processing"
        data = data_of(alice_program, task)
        assert (data["state"], data["state_detail"]) == (state, word)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_done_task_tells_how_long_it_took_and_how_large_its_picture_is(
    alice_program: Program, done: End, endpoint: str
) -> None:
    task = ordered(alice_program, endpoint)
    data = data_of(alice_program, task)
    assert [data[name] for name in NUMBERS] == [0, 1, 0, 0]
    Task.objects.filter(pk=task.pk).update(processed_at=timezone.now() - timedelta(seconds=7))
    done(task, {"size": (50, 30)})
    data = data_of(alice_program, task)
    assert 7000 <= data["time_elapsed"] < 8000
    assert (data["image_width"], data["image_height"]) == (50, 30)


@pytest.fixture
def host(settings: Any) -> Iterator[Host]:
    with Host() as running:
        settings.FETCH_ALLOW = [running.place]
        yield running


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_callback_tells_what_asking_would(
    alice_program: Program, done: End, host: Host, endpoint: str
) -> None:
    good = ordered(alice_program, endpoint, callback_url=f"{host.url}/hook")
    done(good)
    bad = ordered(alice_program, endpoint, callback_url=f"{host.url}/hook")
    settlement.end(Task.objects.filter(pk=bad.pk), State.UNSUITABLE)
    webhooks.deliver_due()
    called = {told["data"]["task_id"]: told for told in (json.loads(one.body) for one in host.requests)}
    assert called[str(good.pk)]["data"]["state_detail"] == "Complete"
    assert called[str(bad.pk)]["data"]["state_detail"] == "Failed"
    for task in (good, bad):
        assert called[str(task.pk)]["data"].keys() == data_of(alice_program, task).keys()


# -- Who waited in vain ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.QUEUED, State.PREPARING, State.WAITING, State.PROCESSING])
@pytest.mark.parametrize("endpoint", WAIT)
def test_what_is_not_done_in_time_has_failed_by_minus_8_for_good_and_costs_nothing(
    alice_program: Program, monkeypatch: pytest.MonkeyPatch, endpoint: str, state: State
) -> None:
    async def in_vain(pk: uuid.UUID) -> bool:
        held = {} if state is State.QUEUED else {"owner_token": uuid.uuid4()}
        await Task.objects.filter(pk=pk).aupdate(state=state, **held)
        return False

    monkeypatch.setattr(long_poll, "wait_until_settled", in_vain)
    before = ledger.get_balance(alice_program.owner)
    answer = alice_program.post(endpoint, {"image_url": URL, "sync": "1", **ENDPOINTS[endpoint]})
    told = answer.json()
    assert (answer.status_code, told["data"]["state"], told["data"]["state_detail"]) == (200, -8, "Failed")
    assert "three minutes" in told["message"]
    task = Task.objects.get()
    assert data_of(alice_program, task)["state"] == -8
    assert ledger.get_balance(alice_program.owner) == before
    # Whichever worker has it writes nothing any more.
    assert not Task.objects.running().exists()


def test_what_is_done_in_the_very_moment_that_the_wait_ends_is_given(
    alice_program: Program, done: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def a_moment_late(pk: uuid.UUID) -> bool:
        await sync_to_async(lambda: done(Task.objects.get(pk=pk)))()
        return False

    monkeypatch.setattr(long_poll, "wait_until_settled", a_moment_late)
    told = alice_program.post("segmentation", {"image_url": URL, "sync": "1"}).json()
    assert told["data"]["state"] == 1
    assert told["data"]["image"].startswith("http")


def test_the_one_call_that_is_not_done_in_time_is_503_and_cancelled(
    alice_program: Program, coffee: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_poll, "LONGEST", 0.05)
    answer = alice_program.post("/v1/remove", {"image_file": SimpleUploadedFile("lamp.jpg", coffee)})
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_error")
    # Nobody could fetch what came of it later.
    assert Task.objects.get().state == State.CANCELLED


# -- The account ----------------------------------------------------------------------------------------


def test_what_can_be_used_stays_the_same_while_work_is_under_way_and_after_it(
    alice_program: Program, done: End
) -> None:
    def account() -> dict[str, Any]:
        told: dict[str, Any] = alice_program.get("/v1/me").json()
        return told

    most = account()["maxCredits"]
    assert most == ledger.get_balance(alice_program.owner)
    tasks = [ordered(alice_program, endpoint) for endpoint in ENDPOINTS]
    assert (account()["maxCredits"], account()["usedCredits"]) == (most, 0)
    used = 0
    for task in tasks[:-1]:
        done(task)
        used += task.credits
        assert (account()["maxCredits"], account()["usedCredits"]) == (most, used)
    settlement.end(Task.objects.filter(pk=tasks[-1].pk), State.FAILED)
    assert (account()["maxCredits"], account()["usedCredits"]) == (most, used)
    ledger.grant(alice_program.owner, 7, reason="a present")
    assert account()["maxCredits"] == most + 7
