"""Heartbeats: each worker, and upkeep, says every few seconds in the database that it lives."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from editor.models import Worker
from web import clock, version

logger = logging.getLogger(__name__)

# What died without a word stays listed as dead for a day.
FORGOTTEN_AFTER = timedelta(days=1)
# What upkeep, which takes from no queue, is listed as.
UPKEEP = "upkeep"
# Who gets ready for longer than any machine takes to compile the networks dies again and again before it is.
GETTING_READY = timedelta(minutes=15)


@contextmanager
def keep_beating(queue: str, *, ready: bool = True) -> Iterator[Callable[[], None]]:
    """Say that a worker of this queue lives, from a thread of its own, for as long as the context lasts.

    ready: whether it takes work from the start. Yields what it calls once it does.
    """
    stop = threading.Event()
    worker = Worker(
        queue=queue,
        host=socket.gethostname()[:100],
        process=os.getpid(),
        code=version.hash_code(),
        ready=ready,
    )
    thread = threading.Thread(target=beat, args=[worker, stop], name="pulse", daemon=True)
    thread.start()
    try:
        yield partial(say_ready, worker)
    finally:
        stop.set()
        thread.join(timeout=5)


def say_ready(worker: Worker) -> None:
    """Have the row say at once that a worker takes work. Where it cannot, the next beat says so."""
    worker.ready = True
    try:
        Worker.objects.filter(pk=worker.pk).update(ready=True)
    except (DatabaseError, InterfaceError) as exc:
        logger.warning("This worker could not say that it is ready: %s", exc)
        connection.close()


def beat(worker: Worker, stop: threading.Event) -> None:
    """Write the row anew until told to stop, and then delete it. A database that is away is waited for."""
    try:
        while True:
            try:
                worker.seen_at = clock.now()
                worker.save()
                Worker.objects.filter(seen_at__lt=worker.seen_at - FORGOTTEN_AFTER).delete()
            except (DatabaseError, InterfaceError) as exc:
                logger.warning("This worker could not say that it lives: %s", exc)
                connection.close()
            if stop.wait(Worker.BEAT.total_seconds()):
                break
        Worker.objects.filter(pk=worker.pk).delete()
    except (DatabaseError, InterfaceError) as exc:
        logger.warning("This worker could not sign off: %s", exc)
    finally:
        connection.close()


def has_others(queue: str) -> bool:
    """Whether workers of this queue live that run other code than this process."""
    return Worker.objects.alive().filter(queue=queue).exclude(code=version.hash_code()).exists()


def has_company(queue: str) -> bool:
    """Whether another worker than this one takes from a queue."""
    return Worker.objects.alive().filter(queue=queue).count() > 1


class Lookout:
    """Notices when a queue is without a worker, and says so once; and when it has one again."""

    def __init__(self) -> None:
        # Workers that start with this one are given the time that a beat may take.
        self.seen_at = dict.fromkeys(settings.QUEUES, clock.now())
        self.missing: set[str] = set()
        # Since when there has been one that gets ready, and none that works.
        self.coming: dict[str, datetime] = {}
        self.slow: set[str] = set()

    def look(self) -> None:
        now = clock.now()
        alive = set(Worker.objects.alive().values_list("queue", flat=True))
        coming = set(Worker.objects.getting_ready().values_list("queue", flat=True)) - alive
        self.coming = {queue: self.coming.get(queue, now) for queue in coming}
        # Where its networks are compiled already it is there before anybody need know.
        slow = {queue for queue, since in self.coming.items() if now - since >= 2 * Worker.BEAT}
        for queue in sorted(slow - self.slow):
            logger.warning(
                "A worker of the queue %s is getting ready, which takes minutes where a machine compiles its "
                "networks for the first time. What waits there is taken then.",
                queue,
            )
        self.slow = slow
        for queue in settings.QUEUES:
            if queue in alive:
                self.seen_at[queue] = now
                if queue in self.missing:
                    logger.warning("A worker takes from the queue %s again.", queue)
                    self.missing.discard(queue)
            elif queue in coming and now - self.coming[queue] < GETTING_READY:
                self.seen_at[queue] = now
            elif queue not in self.missing and now - self.seen_at[queue] >= 3 * Worker.BEAT:
                logger.error(
                    "No worker takes from the queue %s. What waits there waits until one does: "
                    "manage.py worker --queue %s",
                    queue,
                    queue,
                )
                self.missing.add(queue)
