"""Periodic maintenance: leases that expired, messages lost, files without a row.

Everything here is safe to run at any time, twice, and on several machines at once.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import models

from accounts import ledger
from accounts.export import asking
from accounts.models import Export
from accounts.models.export import FOLDER as EXPORTS
from accounts.protection import single_use
from editor.files import renders, uploads
from editor.models import (
    MAX_ATTEMPTS,
    IdempotencyKey,
    Photo,
    Preparation,
    RemoteCall,
    Result,
    Run,
    RunFile,
    Task,
)
from editor.states import UNDER_WAY, State
from editor.tasks import advice, scheduling, settlement, takes
from editor.tools import QUICK, Tool
from web import clock

from . import messages, orders, retention, trash
from .runs import steps, stored

logger = logging.getLogger(__name__)

LOOK_AGAIN_AFTER = timedelta(seconds=settings.LEASE_SECONDS)
# A file is stored a moment before its row is written, and an upload may take minutes.
ORPHAN_AFTER = timedelta(hours=1)
BACKDROP_AFTER = timedelta(days=1)
PREPARED_AFTER = timedelta(minutes=15)
PREPARED_WITHIN = timedelta(days=1)
RENDERS_LAST = timedelta(days=1)
# Keys in one question to the database.
AT_ONCE = 500
KEYS_LAST = timedelta(hours=24)
FOLDERS = ("photos", "copies", "results", "early", stored.FOLDER, EXPORTS)


def run_often() -> None:
    """What must not wait: work that stopped, and what programs and people were promised."""
    requeue_expired()
    steps.pick_up()
    send_missing()
    remove_expired()
    trash.delete_old()


def run_hourly() -> None:
    """What only grows, and what comes round with the month."""
    ledger.grant_monthly()
    remove_orphans()
    remove_unused_backdrops()
    remove_renders()
    asking.remove_old()
    Preparation.objects.given_up().delete()
    steps.pick_up(everything=True)
    prepare_again()
    retention.apply_plans()
    prune_queue()
    forget_keys()
    single_use.forget_old()
    call_command("clearsessions")


def requeue_expired() -> int:
    """Give tasks whose worker died to another one; after the last attempt, fail them. Return how many.

    What a service has is looked after again and not begun again, whoever had it or was to look.
    """
    count = 0
    # What only newer code knows is left to that.
    for task in Task.objects.expired().filter(tool__in=list(Tool)).select_related("remote_call"):
        # The very lease that was seen: a worker that renewed it since has won.
        held = Task.objects.filter(
            pk=task.pk, owner_token=task.owner_token, lease_expires_at=task.lease_expires_at
        )
        free: dict[str, object] = {"owner_token": None, "lease_expires_at": None}
        if task.cancel_requested:
            count += settlement.end(held, State.CANCELLED)
        elif is_elsewhere(task):
            count += look_again(held, task)
        elif task.attempts >= MAX_ATTEMPTS:
            logger.error("Task %s ended its worker %s times; it failed.", task.pk, task.attempts)
            count += settlement.end(held, State.FAILED, message=advice.describe_lost_workers(task))
        elif held.update(state=State.QUEUED, progress=0, not_before=clock.now(), early=[], **free):
            logger.warning("Task %s lost its worker; it is queued again.", task.pk)
            uploads.remove_files(task.early)
            messages.send(task.queue)
            count += 1
    return count


def is_elsewhere(task: Task) -> bool:
    """Whether a service has taken the task, and is known to have."""
    call = getattr(task, "remote_call", None)
    return call is not None and call.phase == RemoteCall.Phase.SUBMITTED


def look_again(held: models.QuerySet[Task], task: Task) -> bool:
    """Have a look made that was lost with its message or its worker."""
    now = clock.now()
    if not held.update(owner_token=None, lease_expires_at=now + LOOK_AGAIN_AFTER, not_before=now):
        return False
    logger.warning("Nobody looked after task %s; it is looked after again.", task.pk)
    messages.send(QUICK)
    return True


def send_missing() -> int:
    """Send messages for what waits without one: its own was lost, or never sent. Return how many."""
    return sum(messages.send_missing(queue, scheduling.count_waiting(queue)) for queue in settings.QUEUES)


def remove_expired() -> int:
    """Delete what programs ordered and had their hour to fetch: task, photo and results. Return how many."""
    settled = Task.objects.exclude(state__in=UNDER_WAY)
    expired = settled.filter(expires_at__lt=clock.now()).select_related("photo")
    count = 0
    for task in expired.iterator():
        orders.delete_photo(task.photo)
        count += 1
    return count


def remove_orphans() -> int:
    """Delete stored files that no row names. Return how many."""
    now = clock.now()
    old = [
        name
        for folder in FOLDERS
        for name, modified in list_stored_files(folder)
        if now - modified > ORPHAN_AFTER
    ]
    orphans = sorted(set(old) - list_known_files()) if old else []
    uploads.remove_files(orphans)
    if orphans:
        logger.info("Removed %s files that nothing named.", len(orphans))
    return len(orphans)


def list_stored_files(folder: str) -> Iterator[tuple[str, datetime]]:
    """Yield the names of all files below a folder of storage, and when each was written."""
    # A bucket says both of a thousand files in one answer.
    if walk := getattr(default_storage, "walk", None):
        yield from walk(folder)
        return
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if modified := get_modified_at(f"{folder}/{name}"):
            yield f"{folder}/{name}", modified
    for inner in folders:
        yield from list_stored_files(f"{folder}/{inner}")


def get_modified_at(name: str) -> datetime | None:
    """Return when a file was written, None if it is gone by now."""
    try:
        return default_storage.get_modified_time(name)
    except FileNotFoundError:
        return None


def list_known_files() -> set[str]:
    """Return the names of all files that rows speak of."""
    # Takes first: a task that is settled meanwhile has results of them by the time those are looked up.
    finished = Task.objects.exclude(finished=[]).values_list("finished", flat=True)
    names = {name for one in finished for name in takes.list_files(one)}
    columns: list[Callable[[], models.QuerySet]] = [
        lambda: Photo.with_trash.values_list("file", "preview", "thumbnail"),
        lambda: Result.with_trash.values_list("file", "thumbnail"),
        lambda: RunFile.objects.values_list("file", "thumbnail"),
        lambda: Task.objects.exclude(early=[]).values_list("early", flat=True),
        lambda: Export.objects.values_list("stored"),
    ]
    rows = chain.from_iterable(column().iterator() for column in columns)
    return names | {name for row in rows for name in row if name}


def remove_unused_backdrops() -> int:
    """Delete backdrops and masks whose tasks are all gone. Return how many."""
    unused = Photo.objects.unused().filter(created_at__lt=clock.now() - BACKDROP_AFTER)
    count = 0
    for photo in unused:
        names = photo.files
        photo.delete()
        uploads.remove_files(names)
        count += 1
    return count


def remove_renders() -> int:
    """Delete renders that nobody asked for in a day, and those of results that are gone. Return how many.

    What is deleted too soon is made again.
    """
    oldest = clock.now() - RENDERS_LAST
    doomed, by_result = [], defaultdict(list)
    for name, modified in list_stored_files(renders.FOLDER):
        if modified < oldest:
            doomed.append(name)
        else:
            by_result[renders.find_result_of(name)].append(name)
    keys = [key for key in by_result if key is not None]
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        for key in Result.with_trash.filter(pk__in=some).values_list("pk", flat=True):
            del by_result[key]
    doomed += chain.from_iterable(by_result.values())
    uploads.remove_files(doomed)
    return len(doomed)


def prepare_again() -> int:
    """Have the copies made of photos that wait for them without a task, for a day. Return how many."""
    now = clock.now()
    waiting = Photo.objects.sources().filter(
        preview="",
        unreadable="",
        tasks=None,
        preparations=None,
        created_at__range=(now - PREPARED_WITHIN, now - PREPARED_AFTER),
    )
    # What is yet to be fetched has nothing to copy; a run under way makes copies as it comes to each photo.
    waiting = waiting.exclude(file="").exclude(run_items__run__state=Run.State.GOING)
    found = list(waiting)
    for photo in found:
        orders.prepare(photo)
    return len(found)


def forget_keys() -> int:
    """Forget idempotency keys that were sent a day ago. Return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEYS_LAST).delete()[0]


def prune_queue() -> None:
    """Drop the queue's own records of messages that were carried out; the Task rows tell the story."""
    from django.tasks import task_backends
    from django_tasks_db import DatabaseBackend
    from django_tasks_db.models import DBTaskResult

    if not isinstance(task_backends["default"], DatabaseBackend):
        return
    day_ago = clock.now() - timedelta(days=1)
    # Not only finished ones: a worker that was killed leaves its message RUNNING for ever.
    DBTaskResult.objects.filter(enqueued_at__lt=day_ago).exclude(status="READY").delete()
