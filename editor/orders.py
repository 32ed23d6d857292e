"""The one door to work: may they, then the row, then the queue. And the ways to stop it and clear up."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User

from . import background, photos
from .models import Photo, Result, Task, Tool
from .states import State

logger = logging.getLogger(__name__)

# What one person may have waiting. A plan will say it per person; this keeps the queue finite.
MAX_WAITING = 500


class OrderRefused(Exception):
    """A request was not accepted. `sentence` says why and what to do; `status` is for HTTP."""

    def __init__(self, code: str, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.status = code, sentence, status


def place(
    owner: User, photo: Photo, tool: str, params: dict[str, Any], backdrop: Photo | None = None
) -> Task:
    """Accept an order for a tool's work on a photo and hand it to the queue once it is committed.

    params: as the tool's form cleaned them. Raises OrderRefused.
    """
    if photo.owner_id != owner.pk or (backdrop is not None and backdrop.owner_id != owner.pk):
        raise OrderRefused("not_yours", "This photo belongs to somebody else.", status=404)
    with transaction.atomic():
        waiting = Task.objects.owned_by(owner).queued().count()
        if waiting >= MAX_WAITING:
            raise OrderRefused(
                "too_many_waiting",
                f"{MAX_WAITING} photos are waiting already. Go on when some are done.",
                429,
            )
        task = Task.objects.create(
            owner=owner,
            photo=photo,
            backdrop=backdrop,
            tool=Tool(tool),
            params=params,
            # A hundred photos of one person must not keep another waiting for all of them:
            # everybody's first photo goes before anybody's second.
            priority=-min(100, waiting),
        )
        transaction.on_commit(partial(background.send, task.pk, task.queue, task.priority))
    return task


def cancel(task: Task) -> bool:
    """Stop a task, at once where it still waits, else as soon as its worker looks. False if it had ended."""
    now = timezone.now()
    waiting = Task.objects.filter(pk=task.pk, state=State.QUEUED)
    if waiting.update(state=State.CANCELLED, cancel_requested=True, completed_at=now):
        return True
    return bool(Task.objects.filter(pk=task.pk).running().update(cancel_requested=True))


def retry(task: Task) -> Task:
    """Place the same order again. Raises OrderRefused while the first is still under way."""
    if not task.status.is_settled:
        raise OrderRefused(
            "under_way", "This is still being worked on. Wait for it, or cancel it first.", 409
        )
    return place(task.owner, task.photo, task.tool, task.params, task.backdrop)


def delete_photo(photo: Photo) -> None:
    """Delete a photo with its tasks and results, rows first, then files.

    A worker that has one of the tasks finds its row gone at the next look and lets go.
    """
    with transaction.atomic():
        # Read afresh: a worker may have made its clean copies since this row was loaded.
        names = [name for row in Photo.objects.filter(pk=photo.pk) for name in row.files]
        for result in Result.objects.filter(photo=photo):
            names += result.files
        photo.delete()
        transaction.on_commit(partial(photos.remove_files, names))


def delete_results(results: QuerySet[Result]) -> int:
    """Delete results with the masks made alongside, rows and files. Return how many rows went."""
    with transaction.atomic():
        # The tasks are named first: deleting by the given query would lose the masks beside it.
        task_ids = list(results.values_list("task_id", flat=True))
        doomed = list(Result.objects.filter(task_id__in=task_ids))
        names = [name for result in doomed for name in result.files]
        Result.objects.filter(pk__in=[result.pk for result in doomed]).delete()
        transaction.on_commit(partial(photos.remove_files, names))
    return len(doomed)
