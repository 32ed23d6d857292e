"""Whoever puts a message into the queue wakes the workers that take from it; a lost ring loses nothing."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
import pytest
from django.db.utils import ConnectionHandler
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from editor.management.commands.worker import DatabaseWorker
from editor.work import messages, wakeups
from editor.work.wakeups import Notices, Pipe, ring_pipes
from tests.support.servers import postgres  # noqa: F401  (a fixture)
from web import environment


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "wake"


@pytest.fixture
def quick(folder: Path) -> Iterator[Pipe]:
    with closing(Pipe(folder, ["letters", "quick"])) as pipe:
        yield pipe


class Patience:
    """A bell that does what is told instead of waiting, and then has its worker end."""

    def __init__(self, *meanwhile: Any) -> None:
        self.meanwhile, self.waits = list(meanwhile), list[float]()

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        if not self.meanwhile:
            raise SystemExit
        self.meanwhile.pop(0)()
        return True

    def close(self) -> None: ...


def work(bell: Patience, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a worker until its bell has nothing more to do."""
    monkeypatch.setattr(wakeups, "hang", lambda queues: bell)
    worker = DatabaseWorker(
        queue_names=["quick"],
        interval=5.0,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="one",
        excluded_queue_names=[],
    )
    with pytest.raises(SystemExit):
        worker.run()


def test_a_pipe_rings_for_its_own_queues_alone_and_once(quick: Pipe, folder: Path) -> None:
    ring_pipes(folder, "render")
    assert not quick.wait(0)
    ring_pipes(folder, "letters")
    ring_pipes(folder, "quick")
    assert quick.wait(0)
    assert not quick.wait(0)


def test_of_several_workers_one_is_to_look_at_once(quick: Pipe, folder: Path) -> None:
    """The others a moment later, lest all wait for one another's lock of a SQLite."""
    with closing(Pipe(folder, ["quick"])) as second, closing(Pipe(folder, ["render"])) as other:
        ring_pipes(folder, "quick")
        assert quick.end
        assert second.end
        assert {os.read(quick.end, 9), os.read(second.end, 9)} == {wakeups.FIRST, wakeups.NEXT}
        ring_pipes(folder, "quick")
        assert quick.wait(0)
        assert second.wait(0)
        assert not other.wait(0)


def test_rings_that_nobody_hears_hold_nobody_up(quick: Pipe, folder: Path) -> None:
    assert quick.end is not None
    while True:
        try:
            os.write(quick.end, bytes(65536))
        except BlockingIOError:
            break
    ring_pipes(folder, "quick")
    assert quick.wait(0)


def test_pipes_of_workers_that_died_are_swept_away(quick: Pipe, folder: Path) -> None:
    dead = Pipe(folder, ["quick"])
    assert dead.end is not None
    os.close(dead.end)
    ring_pipes(folder, "quick")
    assert [path.name for path in folder.iterdir()] == [quick.path.name]
    assert quick.wait(0)


def test_a_pipe_that_was_deleted_is_made_anew(quick: Pipe, folder: Path) -> None:
    quick.path.unlink()
    assert not quick.wait(0)
    ring_pipes(folder, "quick")
    assert quick.wait(0)


def test_a_worker_that_cannot_be_woken_looks_often(folder: Path) -> None:
    folder.write_text("in the way")
    with closing(Pipe(folder, ["quick"])) as pipe:
        assert not pipe.wait(5.0)
        assert pipe.end is None


def test_a_message_rings_when_it_can_be_seen(
    quick: Pipe, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        messages.send("quick")
        assert not quick.wait(0)
    for callback in callbacks:
        callback()
    assert quick.wait(0)


def test_a_worker_that_is_woken_carries_out_what_came(
    transactional_db: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Patience(lambda: messages.send("quick"))
    work(bell, monkeypatch)
    assert not DBTaskResult.objects.exists()
    assert bell.waits == [5.0, 5.0], "and looks after the longest all the same"


def test_a_worker_sleeps_no_longer_than_until_a_message_is_due(
    transactional_db: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def due_now() -> None:
        DBTaskResult.objects.update(run_after=timezone.now())

    messages.send("quick", timezone.now() + timedelta(seconds=2))
    bell = Patience(due_now)
    work(bell, monkeypatch)
    assert 0 < bell.waits[0] <= 2
    assert not DBTaskResult.objects.exists()


@pytest.fixture
def on_postgresql(
    postgres: str,  # noqa: F811  (the fixture)
    db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    handler = ConnectionHandler({"default": environment.database(dj_database_url.parse(postgres))})
    monkeypatch.setattr(wakeups, "connection", handler["default"])
    yield
    handler["default"].close()
    handler["default"].close_pool()  # type: ignore[attr-defined]


def test_postgresql_rings_and_a_connection_that_broke_is_made_anew(
    on_postgresql: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Notices(["letters", "quick"])) as bell:
        wakeups.ring("render")
        assert not bell.wait(0)
        wakeups.ring("quick")
        assert bell.wait(5.0)
        assert not bell.wait(0)
        assert isinstance(bell.connection, psycopg.Connection)
        process = bell.connection.info.backend_pid
        with wakeups.connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [process])
        assert not bell.wait(5.0)
        assert bell.connection is None
        monkeypatch.setattr(wakeups, "MEND", 0.0)
        assert not bell.wait(0)
        wakeups.ring("quick")
        assert bell.wait(5.0)
