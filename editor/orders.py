"""The one door to work: may they, then the row, then the queue. And the ways to stop it and clear up."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User

from . import background, photos
from .models import SOURCE_IS_GONE, Photo, Result, Task, Tool
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
    owner: User,
    photo: Photo,
    tool: str,
    params: dict[str, Any],
    backdrop: Photo | None = None,
    *,
    mask: Photo | None = None,
    avoid: Photo | None = None,
    source_result: Result | None = None,
) -> Task:
    """Accept an order for a tool's work on a photo and hand it to the queue once it is committed.

    params: as the tool's form cleaned them. mask: what to work on, white; avoid: what not to copy
    from, white; source_result: the result of this photo to go on from. Raises OrderRefused.
    """
    pictures = [photo, backdrop, mask, avoid, source_result]
    if any(picture is not None and picture.owner_id != owner.pk for picture in pictures):
        raise OrderRefused("not_yours", "This photo belongs to somebody else.", status=404)
    if source_result is not None and source_result.photo_id != photo.pk:
        raise OrderRefused("other_photo", "This result was made of another photo.", status=404)
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
            mask=mask,
            avoid=avoid,
            source_result=source_result,
            continues=source_result is not None,
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
    return place_again(task, task.params)


def another_fill(task: Task) -> Task:
    """Erase the same marks once more, from another start, as a further variant. Raises OrderRefused."""
    tasks = Task.objects.filter(photo=task.photo_id, tool=Tool.ERASE)
    # Beyond all seeds of this photo, so that no variant comes twice.
    last = max((params.get("seed", 0) for params in tasks.values_list("params", flat=True)), default=0)
    return place_again(task, {**task.params, "seed": last + 1})


def place_again(task: Task, params: dict[str, Any]) -> Task:
    """Place a task's order anew, with all that came along with it. Raises OrderRefused."""
    if task.lost_its_source:
        raise OrderRefused("source_is_gone", SOURCE_IS_GONE, status=409)
    return place(
        task.owner,
        task.photo,
        task.tool,
        params,
        task.backdrop,
        mask=task.mask,
        avoid=task.avoid,
        source_result=task.source_result,
    )


def prepare(photo: Photo) -> None:
    """Have a photo's clean copies made though nothing is to be done to it yet, once it is committed."""
    transaction.on_commit(partial(background.send_photo, photo.pk))


def delete_photo(photo: Photo) -> None:
    """Delete a photo with its tasks and results, rows first, then files.

    A worker that has one of the tasks finds its row gone at the next look and lets go.
    """
    with transaction.atomic():
        # Read afresh: a worker may have made its clean copies since this row was loaded.
        names = [name for row in Photo.objects.filter(pk=photo.pk) for name in row.files]
        for result in Result.objects.filter(photo=photo):
            names += result.files
        companions = set(photo.tasks.values_list("backdrop", "mask", "avoid"))
        photo.delete()
        # What came along with its tasks alone goes at once; upkeep would take it a day later.
        unused = Photo.objects.filter(pk__in={pk for row in companions for pk in row if pk}).unused()
        names += [name for row in unused for name in row.files]
        unused.delete()
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
