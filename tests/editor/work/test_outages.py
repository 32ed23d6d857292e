"""A database that is locked or away is no verdict: work goes on or waits again, people are asked back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.test import Client

from accounts.models import ApiKey, User
from editor.engines.types import Output
from editor.management.commands.worker import DatabaseWorker
from editor.models import Photo, Task
from editor.states import State
from editor.tasks import lease, scheduling, settlement
from editor.tasks.lease import Attempt
from editor.tools import Tool
from editor.work import orders, pipeline
from web import outages

MakePhoto = Callable[..., Photo]


def locked(folder: Path) -> OperationalError:
    """What a database says that another process has locked."""
    holder, other = (sqlite3.connect(folder / "locked.sqlite3", timeout=0, autocommit=True) for _ in range(2))
    try:
        holder.execute("BEGIN EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as exc:
        return caused(OperationalError("database is locked"), exc)
    finally:
        holder.close()
        other.close()
    raise AssertionError("It was not locked.")


def caused[Error: Exception](error: Error, cause: Exception) -> Error:
    error.__cause__ = cause
    return error


AWAY: dict[str, Callable[[Path], Exception]] = {
    "locked": locked,
    "no connection": lambda folder: caused(OperationalError("refused"), psycopg.OperationalError()),
    "shut down": lambda folder: caused(OperationalError("shut down"), psycopg.errors.AdminShutdown()),
    "not up yet": lambda folder: caused(OperationalError("starting"), psycopg.errors.CannotConnectNow()),
    "deadlock": lambda folder: caused(OperationalError("deadlock"), psycopg.errors.DeadlockDetected()),
    "stood still": lambda folder: caused(
        InternalError("terminated"), psycopg.errors.IdleInTransactionSessionTimeout()
    ),
    "closed": lambda folder: InterfaceError("connection already closed"),
}


@pytest.fixture(params=AWAY)
def away(request: pytest.FixtureRequest, tmp_path: Path) -> Exception:
    return AWAY[request.param](tmp_path)


def failing(times: int, exc: Exception, then: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that raises so many times, and then does what it should."""
    left = iter([exc] * times)

    def act(*args: Any, **kwargs: Any) -> Any:
        for one in left:
            raise one
        return then(*args, **kwargs)

    return act


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(outages, "LONGEST_PAUSE", 0.0)


def test_what_is_broken_for_good_is_no_outage() -> None:
    missing = sqlite3.OperationalError("no such table: editor_task")
    assert not outages.is_outage(caused(OperationalError("no such table: editor_task"), missing))
    assert not outages.is_outage(caused(OperationalError("full"), psycopg.errors.DiskFull()))
    assert not outages.is_outage(caused(InternalError("aborted"), psycopg.errors.InFailedSqlTransaction()))
    assert not outages.is_outage(ValueError("database is locked"))


def test_work_that_the_database_interrupts_waits_again_and_costs_no_attempt(
    alice: User, photo_of: MakePhoto, away: Exception
) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    attempt = lease.claim(task.pk)
    again = pipeline.run_attempt(attempt, failing(1, away, lambda attempt: None))
    task.refresh_from_db()
    assert again is not None
    assert not again.look
    assert (task.status, task.attempts, task.owner_token) == (State.QUEUED, 0, None)


def test_a_worker_that_is_to_take_something_waits_for_the_database(
    alice: User, photo_of: MakePhoto, away: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message is used up, and none of another queue would have it make its connection anew."""
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    monkeypatch.setattr(scheduling, "list_choices", failing(2, away, scheduling.list_choices))
    # The test's own transaction is none that the worker is in.
    monkeypatch.setattr(outages, "connection", mock.Mock(in_atomic_block=False, vendor="another"))
    held = lease.take_next("quick")
    assert isinstance(held, Attempt)
    assert held.task == task


def test_who_is_at_work_on_what_waits_for_no_disk_and_all_else_does(transactional_db: None) -> None:
    def ask() -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA synchronous").fetchone()[0])

    full, normal = 2, 1
    with outages.without_the_disk():
        assert ask() == normal
    assert ask() == full
    with pytest.raises(ValueError, match="went wrong"), outages.without_the_disk():
        raise ValueError("It went wrong.")
    assert ask() == full
    with transaction.atomic(), outages.without_the_disk():
        assert ask() == full


def test_a_watch_in_the_middle_of_work_lets_it_go_on(
    alice: User, photo_of: MakePhoto, away: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    attempt = lease.claim(task.pk)
    assert attempt is not None
    monkeypatch.setattr(lease, "LOOK_EVERY", lease.timedelta(0))
    monkeypatch.setattr(Attempt, "write", failing(1, away, Attempt.write))
    attempt.watch(0.4)
    attempt.watch(0.6)
    task.refresh_from_db()
    assert task.progress == 57


def test_what_is_made_is_delivered_once_the_database_is_back(
    transactional_db: None,
    alice: User,
    photo_of: MakePhoto,
    away: Exception,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    attempt = lease.claim(task.pk)
    assert attempt is not None
    picture = tmp_path / "result.png"
    picture.write_bytes(b"a picture")
    monkeypatch.setattr(settlement, "end", failing(3, away, settlement.end))
    attempt.publish([Output("image", str(picture), 1, 1, "png", 9)])
    task.refresh_from_db()
    assert (task.status, task.results.count()) == (State.DONE, 1)


@pytest.mark.parametrize("path", ["/editor/photos/", "/v1/remove", "/api/tasks/visual/segmentation"])
def test_who_orders_meanwhile_is_told_when_to_come_again_and_nothing_is_kept(
    alice: User,
    alice_client: Client,
    upload_of: Callable[..., Any],
    away: Exception,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    _, key = ApiKey.make(alice)
    monkeypatch.setattr(orders, "place", failing(9, away, orders.place))
    program = path != "/editor/photos/"
    sent = {"image_file": upload_of()} if program else {"photo": upload_of(), "tool": "cutout"}
    headers = {"X-API-KEY": key} if program else {"X-Requested-With": "fetch"}
    response = alice_client.post(path, sent, headers=headers)
    assert response.status_code == 503, response.content
    assert int(response["Retry-After"]) > 0
    assert not Task.objects.exists()
    assert not Photo.objects.exists()


FULL = {
    "PostgreSQL": caused(OperationalError("could not extend file"), psycopg.errors.DiskFull()),
    "SQLite": caused(OperationalError("database or disk is full"), sqlite3.OperationalError()),
}


@pytest.mark.parametrize("full", FULL.values(), ids=FULL)
@pytest.mark.parametrize(
    ("path", "status"), [("/editor/photos/", 507), ("/v1/remove", 507), ("/v1/segment", 500)]
)
def test_who_orders_while_the_databases_disk_is_full_is_told_that(
    alice: User,
    alice_client: Client,
    upload_of: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    full: Exception,
    path: str,
    status: int,
) -> None:
    """Not that something broke. Photoroom's document knows 500 alone, and the body says what it is."""
    _, key = ApiKey.make(alice)
    monkeypatch.setattr(orders, "place", failing(9, full, orders.place))
    program = path != "/editor/photos/"
    sent = {"image_file": upload_of()} if program else {"photo": upload_of(), "tool": "cutout"}
    headers = {"X-API-KEY": key} if program else {"X-Requested-With": "fetch"}
    response = alice_client.post(path, sent, headers=headers)
    assert (response.status_code, b"disk is full" in response.content) == (status, True), response.content
    assert not Task.objects.exists()
    assert not Photo.objects.exists()


def test_a_full_disk_before_any_view_is_reached_is_told_the_same_way(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "load", failing(1, FULL["PostgreSQL"], SessionStore.load))
    alice_client.raise_request_exception = False
    response = alice_client.post("/editor/photos/", headers={"X-Requested-With": "fetch"})
    assert response.status_code == 507
    assert b"disk is full" in response.content


def test_an_outage_before_any_view_is_reached_is_told_the_same_way(
    alice_client: Client, away: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A middleware looks at the session, where the database is gone already."""
    monkeypatch.setattr(SessionStore, "load", failing(9, away, SessionStore.load))
    alice_client.raise_request_exception = False
    response = alice_client.post("/editor/photos/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_a_worker_outlasts_a_database_that_is_locked_for_long(
    away: Exception, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    rounds: list[str] = []
    looks = failing(4, away, lambda self: rounds.append("done"))
    monkeypatch.setattr(DatabaseWorker, "look", looks)
    worker = DatabaseWorker(
        queue_names=["quick"],
        interval=0.1,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="one",
        excluded_queue_names=[],
    )
    worker.run()
    assert rounds == ["done"]
