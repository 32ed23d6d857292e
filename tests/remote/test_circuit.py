"""When a service is left alone, who finds out whether it answers again, and what people are told."""

import json
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editor.models import Photo, Provider, Task
from editor.remote import circuit
from editor.tasks import lease
from editor.tools import Tool
from editor.work import maintenance, orders
from tests.support import waiting
from web.environment import Service

ROOT = Path(__file__).resolve().parents[2]
NAME = "picwish"
SENTENCE = "PicWish does not answer. Try again in a few minutes."


@pytest.fixture(autouse=True)
def cutouts_go_to_picwish(settings: Any) -> None:
    given = Service("http://127.0.0.1:9", "a key that nobody may see", False)
    settings.SERVICES = {**settings.SERVICES, NAME: given}
    settings.WAYS = dict.fromkeys(Tool, "") | {"cutout": NAME}


def picwish() -> Provider:
    return Provider.objects.get(pk=NAME)


def fail(times: int = circuit.MOST_FAILURES) -> None:
    for _ in range(times):
        circuit.record_failure(NAME, SENTENCE)


def pause_is_over() -> None:
    Provider.objects.update(open_until=timezone.now())


def pause() -> timedelta:
    """How long it is left alone from now on, rounded to whole seconds."""
    until = picwish().open_until
    assert until is not None
    return timedelta(seconds=round((until - timezone.now()).total_seconds()))


@pytest.mark.django_db
def test_it_is_left_alone_after_several_failures_in_a_row() -> None:
    fail(circuit.MOST_FAILURES - 1)
    assert circuit.check_circuit(NAME) is None
    assert not picwish().is_paused
    circuit.record_failure(NAME, SENTENCE)
    assert circuit.check_circuit(NAME) == picwish().open_until
    assert pause() == circuit.FIRST_PAUSE
    assert (picwish().last_error, picwish().failures) == (SENTENCE, circuit.MOST_FAILURES)


@pytest.mark.django_db
def test_a_success_between_failures_keeps_it_in_use() -> None:
    for _ in range(3):
        fail(circuit.MOST_FAILURES - 1)
        circuit.record_success(NAME)
    assert not picwish().is_paused
    assert picwish().failing_since is None


@pytest.mark.django_db
def test_failures_of_calls_that_were_under_way_do_not_lengthen_the_pause() -> None:
    fail(circuit.MOST_FAILURES + 4)
    assert pause() == circuit.FIRST_PAUSE


@pytest.mark.django_db
def test_one_call_finds_out_whether_it_answers_again() -> None:
    fail()
    pause_is_over()
    assert circuit.check_circuit(NAME) is None
    for _ in range(3):
        assert circuit.check_circuit(NAME) is not None, "one is asking already"
    circuit.record_success(NAME)
    assert circuit.check_circuit(NAME) is None
    assert not picwish().is_paused


@pytest.mark.django_db
def test_each_pause_is_twice_as_long_up_to_a_bound() -> None:
    fail()
    pauses = []
    for _ in range(6):
        pauses.append(pause())
        pause_is_over()
        assert circuit.check_circuit(NAME) is None
        fail(1)
    minutes = [1, 2, 4, 8, 10, 10]
    assert pauses == [timedelta(minutes=number) for number in minutes]


@pytest.mark.django_db
def test_a_worker_that_died_while_it_asked_does_not_keep_it_out_of_use() -> None:
    fail()
    pause_is_over()
    assert circuit.check_circuit(NAME) is None
    Provider.objects.update(probe_until=timezone.now())
    assert circuit.check_circuit(NAME) is None


def test_tasks_that_waited_are_taken_up_as_soon_as_it_answers(alice: User, photo_of: Any) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    attempt = lease.claim(task.pk)
    assert attempt is not None
    fail()
    attempt.put_back(timezone.now() + timedelta(minutes=9), provider=NAME)
    Task.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert maintenance.send_missing() == 0
    assert lease.claim(task.pk) is None

    circuit.record_success(NAME)

    assert maintenance.send_missing() == 1
    assert lease.claim(task.pk) is not None


@pytest.mark.parametrize(
    ("way", "outcome"), [("picwish", "cutouts wait."), ("picwish+local", "cutouts run locally.")]
)
def test_the_page_says_so_with_the_tool_in_hand(
    alice_client: Client, settings: Any, way: str, outcome: str
) -> None:
    settings.WAYS |= {"cutout": way}
    page = reverse("editor:editor")
    assert b"does not answer" not in alice_client.get(page).content
    fail()
    since = timezone.localtime(picwish().failing_since)
    said = f"PicWish does not answer since {since:%H:%M}; {outcome}"
    assert said in alice_client.get(page).content.decode()
    assert b"does not answer" not in alice_client.get(page, {"tool": "erase"}).content


def test_the_page_says_so_to_who_waits(alice: User, alice_client: Client, photo_of: Any) -> None:
    photo: Photo = photo_of(alice)
    task = orders.place(alice, photo, Tool.CUTOUT, {})
    attempt = lease.claim(task.pk)
    assert attempt is not None
    fail()
    attempt.put_back(timezone.now(), provider=NAME, message="PicWish does not answer. This waits.")
    poll = alice_client.get(reverse("editor:task-status", args=[task.pk]), headers={"HX-Request": "true"})
    assert "PicWish does not answer. This waits." in poll.content.decode()
    assert "; cutouts wait." in poll.content.decode()


@pytest.mark.django_db
def test_a_far_moment_is_not_taken(settings: Any) -> None:
    settings.PROVIDER_RATE = 2.0
    circuit.hold_off(NAME, 30)
    slot = circuit.take_slot(NAME, timedelta(seconds=1))
    assert not slot.taken
    assert 28 < slot.seconds <= 30
    assert picwish().calls_today == 0


def test_twenty_at_once_never_call_sooner_than_the_limit_allows(tmp_path: Path) -> None:
    """In processes and threads of their own, on one database."""
    command = [sys.executable, "-m", "tests.remote.slots", str(tmp_path)]
    moments = json.loads(waiting.run(command, cwd=ROOT).stdout)
    assert len(moments) == 20
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) >= 0.5 - 1e-6
