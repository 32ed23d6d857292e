"""Corrections of cutouts as runs follow them: the files of a photo that was corrected are made again."""

from functools import partial

from django.db import transaction

from editor.models import RunItem, Task
from editor.tasks import signals
from web import outages

State = RunItem.State
FOLLOWING = (State.CUTTING, State.DELIVERING, State.DONE, State.FAILED)


@outages.begin_again
def hand_over(task: Task) -> None:
    """Have the runs of a photo take this cutout of it from now on, which a person painted or went back to."""
    subject = task.params.get("subject", "")
    items = RunItem.objects.filter(photo=task.photo_id, state__in=FOLLOWING).exclude(task=None)
    with transaction.atomic():
        for item in (
            items.exclude(task=task).select_related("task").select_for_update(of=("self",), no_key=True)
        ):
            if item.task is not None and item.task.params.get("subject", "") == subject:
                item.task, item.state, item.message = task, State.CUTTING, ""
                item.save(update_fields=["task", "state", "message"])
        if task.status.is_settled:
            # It ended long ago, and counts again: who follows it is told as if it ended now.
            transaction.on_commit(partial(signals.task_ended.send_robust, sender=Task, task=task))
