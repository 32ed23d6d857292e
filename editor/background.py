"""Messages under the names that earlier releases gave them: a queue that was full at an upgrade is emptied.

What is sent today is in work/messages.py.
"""

import uuid

from django.tasks import task

from .models import Task
from .tools import QUICK
from .work import pipeline
from .work.messages import serve

__all__ = ["find_heads", "look", "perform", "prepare_photo", "serve"]


@task(queue_name=QUICK)
def perform(task_id: str) -> None:
    for row in Task.objects.filter(pk=task_id):
        serve.call(row.queue)


@task(queue_name=QUICK)
def look(task_id: str) -> None:
    serve.call(QUICK)


@task(queue_name=QUICK)
def prepare_photo(photo_id: str) -> None:
    pipeline.prepare_copies(uuid.UUID(photo_id))


@task(queue_name=QUICK)
def find_heads(photo_id: str) -> None:
    pipeline.find_heads(uuid.UUID(photo_id))
