"""The queue's side of a task. Its messages carry ids only; whoever gets one looks at the row."""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.tasks import default_task_backend, task
from django.utils import timezone
from redis.exceptions import RedisError

from . import pipeline
from .models import Task

logger = logging.getLogger(__name__)

LOOK_PRIORITY = 50  # of -100 to 100; orders have 0 and less


@task(queue_name="quick")
def perform(task_id: str) -> None:
    """Carry out one task, if it still is to be done. Safe to run twice, and at the same time."""
    go_on(pipeline.perform(uuid.UUID(task_id)))


@task(queue_name="quick")
def look(task_id: str) -> None:
    """Look after a task that a service works on. Safe to run twice: what comes too early is no look."""
    go_on(pipeline.look(uuid.UUID(task_id)))


def go_on(again: pipeline.Again | None) -> None:
    """Put the message into the queue with which a task is taken up again, if it is to be."""
    if again is None:
        return
    if again.look:
        send_look(again.task.pk, again.at)
    else:
        send(again.task.pk, again.task.queue, again.task.priority, again.at)


@task(queue_name="quick")
def prepare_photo(photo_id: str) -> None:
    """Make a photo's clean copies, if it still lacks them. Safe to run twice."""
    pipeline.prepare(uuid.UUID(photo_id))


@task(queue_name="quick")
def find_heads(photo_id: str) -> None:
    """Find the heads in a photo, if that was not done. Safe to run twice."""
    pipeline.find_heads(uuid.UUID(photo_id))


def send_heads(photo_id: uuid.UUID) -> None:
    """Have the heads of a photo found. Lost, the page that wanted to know asks again."""
    try:
        find_heads.enqueue(str(photo_id))
    except (DatabaseError, OSError, RedisError) as exc:
        logger.warning("Photo %s could not be sent to the queue: %s", photo_id, exc)


def send_photo(photo_id: uuid.UUID) -> None:
    """Put a message for a photo without a task into the queue. Lost, upkeep or its first task sees to it."""
    try:
        prepare_photo.enqueue(str(photo_id))
    except (DatabaseError, OSError, RedisError) as exc:
        logger.warning("Photo %s could not be sent to the queue: %s", photo_id, exc)


def send_look(task_id: uuid.UUID, at: datetime) -> None:
    """Have a task looked after at that moment. Lost, upkeep sends it again once the task's lease is over.

    A look is short, and what it finds done is waited for: it goes before new work.
    """
    message = timed(look, LOOK_PRIORITY, at)
    try:
        message.enqueue(str(task_id))
    except (DatabaseError, OSError, RedisError) as exc:
        logger.warning("A look after task %s could not be sent to the queue: %s", task_id, exc)


def timed(message: Any, priority: int, at: datetime | None) -> Any:
    """Return the message with its priority, where the queue knows such, and not before that moment."""
    if default_task_backend.supports_priority:
        message = message.using(priority=priority)
    if at is None or at <= timezone.now():
        return message
    if settings.TASKS_URL.startswith("redis"):
        # Its scheduler counts in whole seconds, and comes early rather than late.
        at = at.replace(microsecond=0) + timedelta(seconds=1)
    return message.using(run_after=at)


def send(task_id: uuid.UUID, queue: str, priority: int = 0, at: datetime | None = None) -> None:
    """Put a message for this task into its queue, to be heeded at that moment where one is given.

    A queue that does not answer loses nothing: the row stays queued and unsent, and upkeep
    sends it again. So this never raises into the request that placed the order.
    """
    message = timed(perform.using(queue_name=queue), priority, at)
    try:
        # One transaction where the queue is in the database: one wait for the disk instead of two.
        with transaction.atomic():
            message.enqueue(str(task_id))
            Task.objects.filter(pk=task_id).update(enqueued_at=timezone.now())
    except (DatabaseError, OSError, RedisError) as exc:
        logger.warning("Task %s could not be sent to the queue: %s", task_id, exc)
