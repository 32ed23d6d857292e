"""Leases: a worker's hold on a task, what it may write to the row, and how it lets go of it.

The row is written only while its owner token is this attempt's. Whoever lost it (a lease that ran
out while the machine slept, a row deleted by its owner) writes nothing, so a late worker cannot
double or overwrite what a second one did.
"""

import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, QuerySet

from editor.engines.types import PATCH, PATCH_WORDS, Output
from editor.files import uploads
from editor.models import MAX_ATTEMPTS, Preparation, Result, Task, stored_name
from editor.providers.contract import Watch
from editor.providers.errors import Cancelled, Fenced
from editor.states import State
from editor.tools import QUICK, RENDER
from web import clock, outages
from web.statements.writes import Update

from . import scheduling, settlement, takes
from .archive import Saved, archive, archive_in_time, merge_facts, record_results
from .reading import Held, read_claimed

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=0.5)  # how soon a cancel is seen, and how fresh the progress shown is
LEASE = timedelta(seconds=settings.LEASE_SECONDS)

AFTER_OUTAGE = timedelta(seconds=2)

SAVING = 95  # percent; what the engine reports is scaled to end here


@dataclass(frozen=True)
class Again:
    """When a task is to be taken up again: to look how it goes elsewhere, or else from its beginning."""

    task: Task
    at: datetime
    look: bool


@outages.outlast
def take_next(queue: str) -> "Attempt | Preparation | None":
    """Take what is next in a queue, and count it as its owner's turn. None where nothing waits.

    A database that is away is waited for: the message that had it called is used up.
    """
    waits = False
    while True:
        are_served = False
        for choice in scheduling.list_choices(queue):
            with outages.without_the_disk():
                # Whoever another worker serves this moment: who else is next is known without waiting for it.
                if not scheduling.take_turn(choice, waits=waits):
                    are_served = True
                    continue
                held = take_piece(choice.row)
                if held is not None:
                    return held
                # It was taken, or went, while we looked, and so it is nobody's turn yet.
                transaction.set_rollback(True)
            break
        else:
            if not are_served:
                return None
        waits = are_served


def take_piece(row: Task | Preparation) -> "Attempt | Preparation | None":
    """Take this very piece, if it still waits."""
    if isinstance(row, Preparation):
        return row if row.claim(LEASE) else None
    return claim(row.pk) if row.status is State.QUEUED else claim_parked(row.pk)


def claim(task_id: uuid.UUID) -> "Attempt | None":
    """Take a waiting task, by one conditional update. None if it does not wait (any more), or not yet."""
    return claim_row(task_id, parked=False)


def claim_parked(task_id: uuid.UUID) -> "Attempt | None":
    """Take a task that another service works on, to look after it. None if it is not time yet."""
    attempt = claim_row(task_id, parked=True)
    if attempt is not None:
        attempt.queue, attempt.is_look = QUICK, True
    return attempt


def build_claim(
    parked: bool, *, task: uuid.UUID, token: uuid.UUID, now: datetime, until: datetime
) -> tuple[QuerySet[Task], dict[str, Any]]:
    """Return the task, if it waits to be taken, and what is written to it when it is. parked: for a look."""
    hold = {"owner_token": token, "lease_expires_at": until}
    if parked:
        return Task.objects.parked().due(now).filter(pk=task), hold
    begun = {"state": State.PREPARING, "attempts": F("attempts") + 1, "processed_at": now}
    fresh = {"not_before": None, "progress": 0, "message": ""}
    return Task.objects.queued().due(now).filter(pk=task), {**hold, **begun, **fresh}


CLAIM = Update(build_claim, task=uuid.UUID, token=uuid.UUID, now=datetime, until=datetime)


def claim_row(task_id: uuid.UUID, *, parked: bool) -> "Attempt | None":
    """Make a task this worker's if it waits to be taken, by one conditional update."""
    token, now = uuid.uuid4(), clock.now()
    if not CLAIM.write({}, parked, task=task_id, token=token, now=now, until=now + LEASE):
        return None
    task = read_claimed(task_id, token)
    return Attempt(task, token) if task else None


def renew_claim(asked: Preparation) -> Watch:
    """Return a watch that renews the lease of what is made of a photo."""
    renewed_at = clock.now()

    def watch(fraction: float) -> None:
        nonlocal renewed_at
        now = clock.now()
        if now - renewed_at >= LEASE / 4:
            renewed_at = now
            Preparation.objects.filter(pk=asked.pk).update(lease_expires_at=now + LEASE)

    return watch


@outages.outlast
def put_preparation_back(asked: Preparation) -> None:
    """Leave what is to be made of a photo for later, since database or store went away meanwhile."""
    rows = Preparation.objects.filter(pk=asked.pk, attempts__gt=0)
    rows.update(lease_expires_at=clock.now() + AFTER_OUTAGE, attempts=F("attempts") - 1)


class Attempt:
    """A worker's hold on a task. queue: the worker's. folder: where its files are, once there are some.

    is_look: whether a service has the task, and it is only looked after.
    """

    def __init__(self, task: Task, token: uuid.UUID) -> None:
        self.task, self.token, self.queue, self.is_look = task, token, task.queue, False
        self.started = time.monotonic()
        self.looked_at = self.renewed_at = clock.now()
        self.shown = task.progress
        # Takes that another worker has finished need no early pictures any more.
        self.early: list[str] = [""] * len(task.finished)
        self.finished: list[dict[str, Any]] = list(task.finished)
        self.unnoted = self.patched = False
        self.unsaid: dict[str, Any] = {}
        self.folder: Path | None = None

    @property
    def rows(self) -> QuerySet[Task]:
        """The task's row, if it still is this attempt's."""
        return Task.objects.held_by(self.token).filter(pk=self.task.pk)

    @property
    def seconds_allowed(self) -> float:
        """How long work on a task of this kind may take."""
        return settings.RENDER_DEADLINE if self.task.queue == RENDER else settings.TASK_DEADLINE

    @property
    def seconds_left(self) -> float:
        return self.seconds_allowed - (time.monotonic() - self.started)

    def watch(self, fraction: float) -> None:
        """Show progress, renew the lease, and stop the work if it is no longer wanted or ours."""
        now = clock.now()
        try:
            self.show_patch()
            if now - self.looked_at < LOOK_EVERY:
                return
            self.looked_at = now
            self.look(now, fraction)
        except Exception as exc:
            # The work goes on. Whether it still is ours is seen once the database answers.
            if not outages.is_outage(exc):
                raise
            outages.rest(exc, 0)

    def look(self, now: datetime, fraction: float) -> None:
        """Do what a watch is for. Raises Cancelled, Fenced."""
        row = self.rows.values("cancel_requested").first()
        if row is None:
            raise Fenced
        if row["cancel_requested"]:
            raise Cancelled
        self.show_early()
        self.keep_takes()
        percent = int(SAVING * min(1.0, max(0.0, fraction)))
        if self.unsaid or percent > self.shown or now - self.renewed_at >= LEASE / 4:
            self.shown, self.renewed_at = max(percent, self.shown), now
            self.write(progress=self.shown)

    def show_early(self) -> None:
        """Store what the engine can show of its pictures before they are done, one for each take."""
        number = len(self.early) + 1
        path = self.folder / f"early-{number}.webp" if self.folder else None
        if path is None or not path.exists():
            return
        name = stored_name("early", "webp")
        with path.open("rb") as file:
            self.early.append(default_storage.save(name, File(file)))
        self.write(early=self.early)

    def show_patch(self) -> None:
        """Store what a correction changes of the stage as soon as that is there; its file follows."""
        words = self.folder / PATCH_WORDS if self.folder and not self.patched else None
        if words is None or not words.exists():
            return
        self.patched = True
        with (words.parent / PATCH).open("rb") as file:
            self.early = [default_storage.save(stored_name("early", "png"), File(file))]
        self.write(early=self.early, facts={**self.task.facts, "patch": json.loads(words.read_text())})

    def keep_takes(self) -> None:
        """Archive the takes that are done, and note them, so that nothing that comes can cost them."""
        known = [take["number"] for take in self.finished]
        for number, outputs, gave_way in takes.read_finished(self.folder, known) if self.folder else ():
            names = [one.name for one in archive(outputs, "results")]
            self.finished.append(takes.describe_take(number, outputs, names, gave_way))
            self.unnoted = True
        if self.unnoted:
            # Where the database is away the next look notes them.
            self.write(finished=self.finished)
            self.unnoted = False

    @outages.outlast
    def keep_all_takes(self) -> None:
        """Keep the takes that are done as soon as the database lets us. Raises Fenced as write."""
        self.keep_takes()

    def say(self, **changes: object) -> None:
        """Have the row say this from the next look on, or once it ends: nobody sees what passes before."""
        self.unsaid |= changes

    @outages.outlast
    def hold(self, **changes: object) -> None:
        """Write to the row as soon as the database lets us, see write."""
        with outages.without_the_disk():
            self.write(**changes)

    def write(self, **changes: object) -> None:
        """Write to the row and renew the lease, if it is still ours. Raises Fenced otherwise."""
        written = {"lease_expires_at": clock.now() + LEASE, **self.unsaid, **changes}
        if not Held(self.task.pk, self.token).write(written):
            raise Fenced
        self.unsaid = {}

    @contextmanager
    def keep(self) -> Iterator[None]:
        """Renew the lease from a thread while the context lasts: the time that the task has, at most.

        What comes from a store, and goes there, may take longer than a lease.
        """
        stop = threading.Event()
        thread = threading.Thread(target=self.renew, args=[stop], name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def renew(self, stop: threading.Event) -> None:
        """Renew the lease until told to stop. Whether it still is ours is seen by who does the work."""
        while not stop.wait(LEASE.total_seconds() / 4) and self.seconds_left > 0:
            try:
                self.rows.update(lease_expires_at=clock.now() + LEASE)
            except (DatabaseError, InterfaceError) as exc:
                logger.warning("The lease of task %s could not be renewed: %s", self.task.pk, exc)
            finally:
                connection.close()

    # -- Letting go -------------------------------------------------------------------------------

    def park(self, at: datetime, **changes: object) -> Again:
        """Leave the task to a service that works on it, until it is time to look. Raises Cancelled, Fenced.

        Its lease goes on: a look that was not made by then is sent again.
        """
        return self.let_go(at, look=True, lease_expires_at=at + LEASE, **changes)

    def put_back(self, at: datetime, **changes: object) -> Again:
        """Have the task wait, to be taken from its beginning. Raises Cancelled, Fenced.

        What is counted as attempts are workers that died, and this one did not.
        """
        return self.let_go(
            at,
            look=False,
            state=State.QUEUED,
            lease_expires_at=None,
            attempts=F("attempts") - 1,
            progress=0,
            **changes,
        )

    @property
    def may_try_again(self) -> bool:
        return self.task.attempts < MAX_ATTEMPTS

    def leave_to_others(self) -> Again:
        """Have another worker take the task. This one's attempt counts, so that it ends where none can."""
        at = clock.now() + AFTER_OUTAGE * self.task.attempts
        return self.let_go(at, look=False, state=State.QUEUED, lease_expires_at=None, progress=0)

    def come_again(self) -> Again:
        """Leave the task for later, since the database went away in the middle of it. Raises as park."""
        at = clock.now() + AFTER_OUTAGE
        return self.park(at) if self.is_look else self.put_back(at)

    @outages.outlast
    def let_go(self, at: datetime, *, look: bool, **changes: object) -> Again:
        wanted = self.rows.filter(cancel_requested=False)
        if wanted.update(owner_token=None, not_before=at, **changes):
            return Again(self.task, at, look)
        raise Cancelled if self.rows.exists() else Fenced

    def publish(self, outputs: list[Output], facts: Mapping[str, Any] | None = None) -> None:
        """Archive the files, then make rows of them and settle the task in one transaction."""
        self.keep_all_takes()
        known = [take["number"] for take in self.finished]
        saved = archive_in_time(
            [one for one in outputs if one.kind != "facts" and one.number not in known], "results"
        )
        self.deliver(saved, {**merge_facts(outputs), **(facts or {})})

    @outages.outlast
    def deliver(self, saved: list["Saved"], facts: Mapping[str, Any]) -> None:
        """Make rows of what was archived and settle the task, as soon as the database lets us."""
        names = [one.name for one in saved]
        pictures = len({one.output.number for one in saved if one.output.kind in Result.Kind.values})
        try:
            with transaction.atomic():
                self.settle(State.DONE, pictures=pictures, progress=100, facts=dict(facts))
                record_results(self.task, saved)
        except Fenced:
            # A commit whose answer got lost with the connection has delivered them, though it is tried again.
            delivered = names or takes.list_files(self.finished)
            if delivered and Result.objects.filter(task=self.task.pk, file__in=delivered).exists():
                return
            uploads.remove_files(names)
            raise

    @outages.outlast
    def fail(self, state: State, sentence: str = "") -> None:
        """Settle the task as failed, if it is still ours."""
        try:
            self.settle(state, message=sentence[:300])
        except Fenced:
            logger.warning("Task %s failed with %s, but is no longer ours.", self.task.pk, state)

    def settle(self, state: State, **changes: Any) -> None:
        unsaid = {name: value for name, value in self.unsaid.items() if name != "state"}
        if not settlement.end(Held(self.task.pk, self.token), state, **{**unsaid, **changes}):
            # Whoever has it now, or has deleted it, knows nothing of these.
            uploads.remove_files(self.early)
            raise Fenced
