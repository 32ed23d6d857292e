"""The queue's side of a task. Its messages carry ids only; whoever gets one looks at the row."""

import logging
import uuid

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import default_task_backend, task
from redis.exceptions import RedisError

from . import pipeline
from .models import Task

logger = logging.getLogger(__name__)


@task(queue_name="quick")
def perform(task_id: str) -> None:
    """Carry out one task, if it still is to be done. Safe to run twice, and at the same time."""
    pipeline.perform(uuid.UUID(task_id))


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


def send(task_id: uuid.UUID, queue: str, priority: int = 0) -> None:
    """Put a message for this task into its queue.

    A queue that does not answer loses nothing: the row stays queued and unsent, and upkeep
    sends it again. So this never raises into the request that placed the order.
    """
    message = perform.using(queue_name=queue)
    if default_task_backend.supports_priority:
        message = message.using(priority=priority)
    try:
        # One transaction where the queue is in the database: one wait for the disk instead of two.
        with transaction.atomic():
            message.enqueue(str(task_id))
            Task.objects.filter(pk=task_id).update(enqueued_at=timezone.now())
    except (DatabaseError, OSError, RedisError) as exc:
        logger.warning("Task %s could not be sent to the queue: %s", task_id, exc)
