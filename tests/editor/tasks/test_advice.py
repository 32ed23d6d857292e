"""What is said of work that failed names the cause, and what helps against that one."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from editor import wiring
from editor.models import MAX_ATTEMPTS, Photo, Task
from editor.providers.contract import Job, Watch
from editor.providers.errors import DeadlinePassed
from editor.states import State
from editor.tasks import advice
from editor.tools import Tool
from editor.work import maintenance, orders, pipeline

from .test_takes import Renderer

MakePhoto = Callable[..., Photo]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Returns a function that sets how many processes want a processor, for each that there is."""

    def set_to(share: float) -> None:
        processes = share * (os.process_cpu_count() or 1)
        monkeypatch.setattr(os, "getloadavg", lambda: (processes, 0.0, 0.0))

    set_to(1.0)
    return set_to


def order(owner: User, photo: Photo, takes: int = 2) -> Task:
    return orders.place(owner, photo, Tool.SCENE, {"scene": 105, "takes": takes, "seed": 1})


class Slow(Renderer):
    """A provider whose every job but the photo's copies is stopped at its deadline."""

    def run(self, job: Job, watch: Watch) -> Any:
        if job.tool != "prepare":
            raise DeadlinePassed
        return super().run(job, watch)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Callable[[Task], str]:
    """Returns a function that has a task stopped at its deadline, and returns what is said of it."""
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": Slow())

    def perform(task: Task) -> str:
        pipeline.perform(task.pk)
        task.refresh_from_db()
        assert task.status is State.TOO_SLOW
        assert len(task.sentence) < 300
        return task.sentence

    return perform


def test_a_slow_machine_is_told_from_a_busy_one(
    alice: User,
    photo_of: MakePhoto,
    load: Callable[[float], None],
    stopped: Callable[[Task], str],
    settings: Any,
) -> None:
    settings.RENDER_DEADLINE = 240
    slow = stopped(order(alice, photo_of(alice)))
    load(4.0)
    busy = stopped(order(alice, photo_of(alice)))
    for sentence in (slow, busy):
        assert "240 seconds" in sentence
        assert "one take" in sentence
        assert "smaller size" in sentence
        assert "RENDER_DEADLINE" in sentence
        assert "photo" not in sentence, "how large the photo is does not matter to a scene"
    assert ("slow" in slow, "busy" in slow, "quieter" in slow) == (True, False, False)
    assert ("slow" in busy, "busy" in busy, "quieter" in busy) == (False, True, True)


def test_who_asked_for_one_take_is_not_told_to(
    alice: User, photo_of: MakePhoto, load: Callable[[float], None], stopped: Callable[[Task], str]
) -> None:
    assert "one take" not in stopped(order(alice, photo_of(alice), takes=1))


def test_of_a_cutout_the_photos_size_is_what_matters(
    alice: User, photo_of: MakePhoto, load: Callable[[float], None], stopped: Callable[[Task], str]
) -> None:
    sentence = stopped(orders.place(alice, photo_of(alice), Tool.CUTOUT, {}))
    assert "smaller photo" in sentence
    assert "TASK_DEADLINE" in sentence


def test_what_ended_its_workers_again_and_again_is_told(alice: User, photo_of: MakePhoto) -> None:
    task = order(alice, photo_of(alice))
    expired = timezone.now() - timedelta(minutes=1)
    Task.objects.filter(pk=task.pk).update(
        state=State.PROCESSING, attempts=MAX_ATTEMPTS, owner_token=task.pk, lease_expires_at=expired
    )
    maintenance.requeue_expired()
    task.refresh_from_db()
    assert "memory" in task.sentence
    assert "one take" in task.sentence


def test_whoever_waited_for_the_queue_alone_is_told_so(alice: User, bob: User, photo_of: MakePhoto) -> None:
    orders.place(bob, photo_of(bob), Tool.CUTOUT, {})
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    other = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    Task.objects.filter(pk=other.pk).update(state=State.PROCESSING, owner_token=other.pk)
    for one in (task, other):
        assert orders.time_out(one)
        one.refresh_from_db()
    assert "waiting for its turn, behind 1 other." in task.sentence
    assert "waiting for its turn" not in other.sentence
    assert task.status is other.status is State.TOO_SLOW


def test_a_machine_that_does_not_tell_its_load_is_not_called_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def untold() -> tuple[float, float, float]:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", untold)
    assert not advice.is_busy()
