"""Wake-ups: whoever puts a message into the queue rings, and idle workers look at once.

A ring says no more than "look". One that is lost loses nothing, as workers look every few seconds all the
same (WORKER_INTERVAL); where nothing can ring they look ten times a second. PostgreSQL rings by NOTIFY,
beside SQLite pipes in the data folder do; Redis has a queue of its own, which wakes its workers itself.
"""

import logging
import os
import random
import select
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

FOLDER = "wake"
CHANNEL = "sweep_queue_"
# Seconds between two looks of a worker that cannot be woken.
BLIND = 0.1
# Seconds after which a connection that broke is made anew; until then its worker is blind.
MEND = 5.0
# What is written into a pipe: look now, or a moment later, should the one that was to look at once be busy.
FIRST, NEXT = b"!", b"?"
# Seconds of that moment: an idle worker has taken what came by then. Both at once would wait for each other,
# as a SQLite lets one write at a time, and who waits for it looks again after up to 25 ms.
STAND_BACK = 0.02


class Bell(Protocol):
    """What wakes one worker."""

    def wait(self, seconds: float) -> bool:
        """Return True when it was rung since the last time, False after so many seconds at most."""

    def close(self) -> None: ...


def hang(queues: list[str]) -> Bell:
    """Return a bell that is rung for these queues. From now on no ring is missed."""
    return Notices(queues) if connection.vendor == "postgresql" else Pipe(get_folder(), queues)


def ring_for(task_result: Any, **signal: Any) -> None:
    """Ring for a message that was just put into the queue, once it can be seen (task_enqueued's receiver)."""
    ring(task_result.task.queue_name)


def ring(queue: str) -> None:
    """Wake the workers of a queue when what was written until now can be seen."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL + queue])  # with the commit, by itself
    else:
        transaction.on_commit(lambda: ring_pipes(get_folder(), queue), robust=True)


def get_folder() -> Path:
    return settings.DATA_DIR / FOLDER


class Blind:
    """Wakes nobody: a worker that has it looks often."""

    def wait(self, seconds: float) -> bool:
        time.sleep(min(seconds, BLIND))
        return False

    def close(self) -> None: ...


class Pipe:
    """A named pipe of one worker's own, whose name says for which queues it is rung."""

    def __init__(self, folder: Path, queues: list[str]) -> None:
        self.path = folder / f"{'+'.join(queues)}.{uuid4().hex}"
        self.end: int | None = None
        self.open()

    def open(self) -> None:
        """Make the pipe. It gets its name when it has a reader: one without is swept away."""
        draft = self.path.with_name(f".{self.path.name}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.mkfifo(draft, 0o600)
            # With a writer of its own it never ends.
            self.end = os.open(draft, os.O_RDWR | os.O_NONBLOCK)
            os.replace(draft, self.path)
        except OSError as exc:
            with suppress(OSError):
                draft.unlink()
            logger.warning("This worker cannot be woken and looks ten times a second: %s", exc)

    def wait(self, seconds: float) -> bool:
        if self.end is None:
            return Blind().wait(seconds)
        if select.select([self.end], [], [], seconds)[0]:
            rung = os.read(self.end, 65536)
            if FIRST not in rung and select.select([self.end], [], [], STAND_BACK)[0]:
                os.read(self.end, 65536)
            return True
        if not self.path.exists():
            self.close()
            self.open()
        return False

    def close(self) -> None:
        with suppress(OSError):
            self.path.unlink()
        if self.end is not None:
            os.close(self.end)
            self.end = None


def ring_pipes(folder: Path, queue: str) -> None:
    """Write into the pipes of all workers of a queue, and sweep away those that nobody reads any more.

    One of them, whichever, is to look at once, the others a moment later.
    """
    paths = [path for path in folder.glob("[!.]*") if queue in path.name.partition(".")[0].split("+")]
    random.shuffle(paths)
    word = FIRST
    for path in paths:
        try:
            end = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            path.unlink(missing_ok=True)
            continue
        try:
            os.write(end, word)
            word = NEXT
        except BlockingIOError:
            pass  # Full of rings: it is awake.
        finally:
            os.close(end)


class Notices:
    """A connection of one worker's own that listens to PostgreSQL's notices."""

    def __init__(self, queues: list[str]) -> None:
        self.queues = queues
        # psycopg, which is loaded where its database is and nowhere else.
        self.driver: Any = connection.Database  # type: ignore[attr-defined]
        self.connection: Any = None
        self.mended_at = 0.0
        self.listen()

    def listen(self) -> None:
        self.mended_at = time.monotonic()
        try:
            self.connection = self.driver.connect(**connection.get_connection_params(), autocommit=True)
            for queue in self.queues:
                self.connection.execute(f'LISTEN "{CHANNEL}{queue}"')
        except self.driver.Error as exc:
            self.give_up(exc)

    def give_up(self, exc: Exception) -> None:
        logger.warning("This worker cannot be woken and looks ten times a second: %s", exc)
        self.close()

    def wait(self, seconds: float) -> bool:
        if self.connection is None and time.monotonic() - self.mended_at >= MEND:
            self.listen()
        if self.connection is None:
            return Blind().wait(seconds)
        try:
            return any(True for _ in self.connection.notifies(timeout=seconds, stop_after=1))
        except self.driver.Error as exc:
            self.give_up(exc)
            return False

    def close(self) -> None:
        if self.connection is not None:
            with suppress(self.driver.Error):
                self.connection.close()
            self.connection = None
