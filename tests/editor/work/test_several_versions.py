"""Machines that are not alike: a worker of older code beside a newer web, two upkeeps, a wrong clock."""

import errno
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import CreditEntry, User
from editor import wiring
from editor.engines.types import Output
from editor.models import MAX_ATTEMPTS, Photo, Task, Worker
from editor.providers.contract import Job, Watch
from editor.providers.errors import Unknown
from editor.states import State
from editor.tasks import lease
from editor.tools import QUICK, Tool
from editor.work import maintenance, orders, pipeline
from web import clock, version

MakePhoto = Callable[..., Photo]


class Older:
    """An engine that does not know an option of today's."""

    def run(self, job: Job, watch: Watch) -> list[Output]:
        raise Unknown(State.UNSUITABLE, "There is no option halo.")


@pytest.fixture
def order(alice: User, photo_of: MakePhoto, monkeypatch: pytest.MonkeyPatch) -> Task:
    photo = photo_of(alice)
    Photo.objects.update(preview=photo.file.name)
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="": Older())
    return orders.place(alice, photo, Tool.CUTOUT, {"halo": 3})


def test_what_an_older_worker_does_not_know_is_left_to_a_newer_one(order: Task) -> None:
    Worker.objects.create(queue=QUICK, host="newer", process=1, code="newer")
    again = pipeline.perform(order.pk)
    order.refresh_from_db()
    assert again is not None
    assert (order.status, order.owner_token, order.attempts) == (State.QUEUED, None, 1)
    assert order.not_before is not None


def test_and_ends_with_the_reason_where_there_is_none(order: Task) -> None:
    Worker.objects.create(queue=QUICK, host="alike", process=1, code=version.hash_code())
    assert pipeline.perform(order.pk) is None
    order.refresh_from_db()
    assert (order.status, order.message) == (State.UNSUITABLE, "There is no option halo.")


def test_and_where_none_could_after_all(order: Task) -> None:
    Worker.objects.create(queue=QUICK, host="newer", process=1, code="newer")
    for _ in range(MAX_ATTEMPTS):
        Task.objects.update(not_before=None)
        pipeline.perform(order.pk)
    order.refresh_from_db()
    assert (order.status, order.attempts) == (State.UNSUITABLE, MAX_ATTEMPTS)


def test_a_tool_that_only_newer_code_knows_is_left_alone(order: Task) -> None:
    """By an older worker, and by an older upkeep when its worker has died."""
    long_ago = timezone.now() - timedelta(days=1)
    Task.objects.update(tool="upscale")
    assert pipeline.serve(QUICK) is None
    Task.objects.update(state=State.PROCESSING, lease_expires_at=long_ago)
    maintenance.run_often()
    assert Task.objects.get().state == State.PROCESSING


def test_two_upkeeps_that_see_the_same_do_it_once(
    order: Task, alice: User, photo_of: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one acts in the midst of each: after this one has read, before it writes."""
    other = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    long_ago = timezone.now() - timedelta(hours=3)
    running = {"state": State.PROCESSING, "lease_expires_at": long_ago}
    Task.objects.filter(pk=order.pk).update(**running, attempts=MAX_ATTEMPTS)
    Task.objects.filter(pk=other.pk).update(**running, attempts=1)
    first = maintenance.is_elsewhere
    acted: list[int] = []

    def meanwhile(task: Task) -> bool:
        if not acted:
            acted.append(0)
            acted[0] = maintenance.requeue_expired()
        return first(task)

    monkeypatch.setattr(maintenance, "is_elsewhere", meanwhile)
    assert maintenance.requeue_expired() == 0
    assert acted == [2]
    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.status, other.status) == (State.FAILED, State.QUEUED)
    assert CreditEntry.objects.filter(task_id=order.pk, kind="return").count() == 1


def test_two_upkeeps_delete_what_has_expired_without_a_quarrel(
    order: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    Task.objects.update(state=State.DONE, expires_at=timezone.now() - timedelta(hours=1))
    delete = orders.delete_photo

    def twice(photo: Photo) -> None:
        delete(Photo.objects.get(pk=photo.pk))
        delete(photo)

    monkeypatch.setattr(orders, "delete_photo", twice)
    assert maintenance.remove_expired() == 1
    assert not Photo.with_trash.exists()


@pytest.mark.parametrize(("workers", "state"), [(1, State.NOT_ARCHIVED), (2, State.QUEUED)])
def test_a_worker_whose_disk_is_full_leaves_work_to_others_if_there_are_some(
    order: Task, workers: int, state: State
) -> None:
    """A few times; else it would end all that waits, one after the other, faster than they do it."""
    for number in range(workers):
        Worker.objects.create(queue=QUICK, host=str(number), process=1)

    def fail(attempt: lease.Attempt) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    pipeline.run_attempt(lease.claim(order.pk), fail)
    order.refresh_from_db()
    assert (order.status, order.attempts) == (state, 1)
    Task.objects.update(state=State.QUEUED, not_before=None, attempts=MAX_ATTEMPTS - 1)
    pipeline.run_attempt(lease.claim(order.pk), fail)
    order.refresh_from_db()
    assert order.status is State.NOT_ARCHIVED


@pytest.mark.parametrize("writes", [True, False])
def test_a_databases_full_disk_is_waited_for(
    order: Task, writes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OperationalError("could not extend file: No space left on device")

    def fail(attempt: lease.Attempt) -> None:
        raise full

    attempt = lease.claim(order.pk)
    assert attempt is not None
    if writes:
        assert pipeline.run_attempt(attempt, fail) is not None
    else:
        monkeypatch.setattr(lease.Attempt, "put_back", lambda attempt, at: fail(attempt))
        with pytest.raises(OperationalError):
            pipeline.run_attempt(attempt, fail)
    order.refresh_from_db()
    assert order.status is (State.QUEUED if writes else State.PREPARING)
    assert order.attempts == (0 if writes else 1)


class Database:
    """A connection to a PostgreSQL whose clock is another than this machine's."""

    vendor = "postgresql"

    def __init__(self, ahead: timedelta) -> None:
        self.ahead, self.asked, self.away = ahead, 0, False

    def cursor(self) -> Any:
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def execute(self, sql: str) -> None:
        if self.away:
            raise OperationalError("away")
        self.asked += 1

    def fetchone(self) -> tuple[datetime]:
        return (timezone.now() + self.ahead,)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Database:
    database = Database(timedelta(hours=1))
    monkeypatch.setattr(clock, "connection", database)
    monkeypatch.setattr(clock, "_last", None)
    return database


def test_the_studios_clock_is_the_databases_and_is_seldom_asked_for(elsewhere: Database) -> None:
    moments = [clock.now() for _ in range(5)]
    assert moments == sorted(moments)
    for moment in moments:
        assert abs(moment - timezone.now() - elsewhere.ahead) < timedelta(minutes=1)
    assert elsewhere.asked == 1


def test_it_is_asked_for_anew_once_this_machines_was_set(
    elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now()
    monkeypatch.setattr(clock.time, "time", lambda: 0.0)
    elsewhere.away = True
    clock.now()  # goes on as it did
    elsewhere.away = False
    clock.now()
    assert elsewhere.asked == 2


def test_a_clock_that_never_was_known_is_an_outage(elsewhere: Database) -> None:
    elsewhere.away = True
    with pytest.raises(OperationalError):
        clock.now()
