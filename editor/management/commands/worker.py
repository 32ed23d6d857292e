"""Carry out tasks of the queues named, with the imaging process warm from the start."""

import ctypes
import logging
import os
import signal
import sys
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import Min, Q, QuerySet
from django.utils.crypto import get_random_string
from django_tasks.signals import task_started
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_db.utils import exclusive_transaction

from editor import wiring
from editor.tasks import heartbeat
from editor.tools import QUICK
from editor.work import messages, wakeups
from web import clock, outages
from web.statements.queries import Statement
from web.statements.writes import Removal

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have this process told to stop when the one that it was forked from is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def renew_connections(**signal: Any) -> None:
    close_old_connections()


def build_ready(backend: str, *queues: str, now: datetime) -> QuerySet[DBTaskResult]:
    """Return the query of the messages of these queues that are to be taken now, what goes first foremost."""
    due = Q(run_after=get_date_max()) | Q(run_after__lte=now)
    return DBTaskResult.objects.filter(due, status="READY", backend_name=backend, queue_name__in=queues)


def build_seen(*kind: str, now: datetime) -> QuerySet[DBTaskResult, Any]:
    return build_ready(*kind, now=now).order_by().values_list("pk")[:1]


def build_next(*kind: str, now: datetime) -> QuerySet[DBTaskResult, Any]:
    """Return the query of the next message, which other workers leave alone from then on."""
    rows = build_ready(*kind, now=now).select_for_update(skip_locked=True)
    return rows.values_list("pk", "task_path", "args_kwargs")[:1]


SEEN, NEXT = Statement(build_seen, now=datetime), Statement(build_next, now=datetime)
TAKE = Removal(lambda message: DBTaskResult.objects.filter(pk=message), message=UUID)


class DatabaseWorker(db_worker.Worker):
    """Sleeps until it is woken or a message is due, where django-tasks-db's own looks again and again.

    It goes on when the database comes back; that one ends where it is locked for long.
    """

    # Whether the last look found a message: then there may be more.
    is_busy = False

    def run(self) -> None:
        bell = wakeups.hang(self.queue_names)
        try:
            while self.running:
                try:
                    if self.look() or not self.running:
                        continue
                    if self.batch:
                        return
                    seconds = self.count_seconds_to_next()
                except (DatabaseError, InterfaceError) as exc:
                    if not outages.is_outage(exc):
                        raise
                    outages.rest(exc, outages.PAUSES[1])
                else:
                    bell.wait(seconds)
        finally:
            bell.close()

    @property
    def waiting(self) -> QuerySet[DBTaskResult]:
        rows = DBTaskResult.objects.filter(status="READY", backend_name=self.backend_name)
        return rows.filter(queue_name__in=self.queue_names)

    def look(self) -> bool:
        """Carry out the next message, if one is ready. Return whether one was."""
        # After the last one it was in use a moment ago; a connection that broke is closed where that shows.
        if not self.is_busy:
            close_old_connections()
        kind = (self.backend_name, *self.queue_names)
        # Read first: to take one locks all of a SQLite, and after a wait there mostly is none.
        if not self.is_busy and not SEEN.ask(*kind, now=clock.now()):
            return False
        message = None
        with outages.without_the_disk(exclusive_transaction):
            (key, path, words), *_ = [*NEXT.ask(*kind, now=clock.now()), (None, "", {})]
            self.is_busy = key is not None
            if path == messages.serve.module_path:
                # It says "look" and no more: how that went stands in the rows.
                TAKE.carry_out(message=key)
            elif self.is_busy:
                message = DBTaskResult.objects.get(pk=key)
                message.claim(self.worker_id)
        if not self.is_busy:
            return False
        if message is not None:
            self.run_task(message)
        else:
            self.serve(words["args"])
        return True

    def serve(self, words: list[str]) -> None:
        """Do as a message of ours says, which is taken off the queue already."""
        self.running_task = True
        try:
            messages.serve.call(*words)
        except Exception:
            logger.exception("A message could not be carried out: %s", words)
        finally:
            self.running_task = False
            self._run_tasks += 1

    def count_seconds_to_next(self) -> float:
        """Return how long there is nothing to look for, unless it is rung: one interval at most."""
        now = clock.now()
        soonest = self.waiting.aggregate(first=Min("run_after", filter=Q(run_after__gt=now)))["first"]
        left = (soonest - now).total_seconds() if soonest else self.interval
        return min(max(left, 0.0), self.interval)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", default=QUICK, choices=settings.QUEUES, help="Which queue to work on.")
        parser.add_argument("--batch", action="store_true", help="Stop when nothing is left to do.")

    def handle(self, *args: Any, queue: str, batch: bool, **options: Any) -> None:
        provider = wiring.get_engine("local", queue)
        try:
            with heartbeat.keep_beating(queue, ready=queue != QUICK) as say_ready:
                if queue == QUICK:
                    # Before it claims anything: what waits for a cold worker would wait less for another.
                    provider.warm()
                    say_ready()
                self.work(queue, batch, options["verbosity"])
        except KeyboardInterrupt as exc:
            raise CommandError("Stopped.") from exc
        finally:
            provider.close()

    def work(self, queue: str, batch: bool, verbosity: int) -> None:
        """Take from the queue until told to stop; with batch, until it is empty."""
        queues = ["letters", queue] if queue == QUICK else [queue]
        if settings.TASKS_URL.startswith("database"):
            db_worker.Command().configure_logging(verbosity)
            worker = DatabaseWorker(
                queue_names=queues,
                interval=settings.WORKER_INTERVAL,
                batch=batch,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=get_random_string(32),
                excluded_queue_names=[],
            )
            worker.configure_signals()
            worker.run()
        else:
            # The simple worker stays in this process: the default one forks for every job,
            # and each would start an imaging process of its own. With the scheduler, or nobody would
            # look after what other services work on: it is a fork of this process.
            os.register_at_fork(after_in_child=end_with_parent)
            # Each message begins with a connection that works: one that broke would fail all that follow.
            task_started.connect(renew_connections, dispatch_uid="worker")
            call_command(
                "rqworker", *queues, burst=batch, worker_class="rq.SimpleWorker", with_scheduler=not batch
            )
