"""The queue's messages. Each says that there is something to take; scheduling says what that is.

Every row that waits has a message that wakes a worker for it, but not for it alone: whoever gets one
takes what is next. One too many finds nothing, and upkeep sends those that are missing.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.tasks import default_task_backend, task
from redis.exceptions import RedisError

from editor.tools import QUICK
from web import clock

from . import pipeline

logger = logging.getLogger(__name__)

# Letters, which are short, go first where the queue knows of priorities.
PRIORITY = -10
MOST_AT_ONCE = 100


@task(queue_name=QUICK)
def serve(queue: str) -> None:
    """Take up what is next in a queue. Safe to run at any time, and as often as one likes."""
    again = pipeline.serve(queue)
    if again is not None:
        send(QUICK if again.look else again.task.queue, again.at)


def send(queue: str, at: datetime | None = None) -> None:
    """Have a worker of a queue take what is next, at that moment where one is given.

    A queue that does not answer loses nothing: the rows wait, and upkeep sends what is missing. So
    this never raises into the request that placed an order.
    """
    try:
        schedule_message(serve.using(queue_name=queue), at).enqueue(queue)
    except (DatabaseError, InterfaceError, OSError, RedisError) as exc:
        logger.warning("A message could not be put into the queue %s: %s", queue, exc)


def schedule_message(message: Any, at: datetime | None) -> Any:
    """Return the message with its priority, where the queue knows such, and not before that moment."""
    if default_task_backend.supports_priority:
        message = message.using(priority=PRIORITY)
    if at is None or at <= clock.now():
        return message
    if settings.TASKS_URL.startswith("redis"):
        # Its scheduler counts in whole seconds, and comes early rather than late.
        at = at.replace(microsecond=0) + timedelta(seconds=1)
    return message.using(run_after=at)


def send_missing(queue: str, waiting: int) -> int:
    """Send messages for what waits without one. waiting: rows that are due. Return how many were sent."""
    missing = min(waiting - count_ready(queue), MOST_AT_ONCE)
    for _ in range(missing):
        send(queue)
    return max(0, missing)


def count_ready(queue: str) -> int:
    """Return how many messages of a queue a worker could take now."""
    if settings.TASKS_URL.startswith("redis"):
        import django_rq

        return int(django_rq.get_queue(queue).count)
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.ready().filter(queue_name=queue).count()
