"""Running somebody's failed task again, for them: at the desk, by who may help.

It is a new order of its owner's: the credits of the one that failed came back with its end, so they are
charged once. A program's order stays a program's, with its key, its wish for the answer and its callback.
"""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import audit
from accounts.models import User
from editor.models import Task
from web import outages

from .orders import ApiCall, OrderRefused, check_source, place

ACTION = gettext_noop("retried a task")


@outages.begin_again
def rerun(task: Task, actor: User) -> Task:
    """Place a failed task's order anew, on record. Raises OrderRefused, saying why it cannot be."""
    with transaction.atomic():
        # Two who press at once: the second finds what the first ordered.
        task = (
            Task.objects.select_for_update(of=("self",))
            .select_related("owner__plan", "photo", "source_result", "api_key")
            .get(pk=task.pk)
        )
        check(task)
        again = place(
            task.owner,
            task.photo,
            task.tool,
            task.params,
            task.backdrop,
            mask=task.mask,
            avoid=task.avoid,
            source_result=task.source_result,
            call=find_call(task),
        )
        if task.expires_at is not None:
            # Its photo goes with the first of the two that is over.
            Task.objects.filter(pk=task.pk).update(expires_at=again.expires_at)
        audit.record(actor, ACTION, task, f"of {task.owner}, as {again.pk}")
        audit.record(actor, "ordered it in place of one that failed", again, f"of {task.owner}, {task.pk}")
    return again


def check(task: Task) -> None:
    """Raise OrderRefused where a task cannot be run again."""
    if not task.status.is_settled:
        raise OrderRefused(
            "under_way", "This is still being worked on. Wait for it, or cancel it first.", 409
        )
    if not task.status.is_failed:
        raise OrderRefused(
            "done", "This is done and was charged. Its owner can order it again from the photo.", 409
        )
    if task.photo.trashed_at is not None:
        raise OrderRefused(
            "photo_is_gone", "Its photo is in its owner's trash. It must come back first.", 409
        )
    check_source(task)
    others = Task.objects.filter(photo=task.photo_id, tool=task.tool, created_at__gt=task.created_at)
    for other in others.order_by("created_at"):
        if not other.status.is_failed and other.params == task.params:
            raise OrderRefused(
                "again_already", f"The same was ordered again already: task {str(other.pk)[:8]}.", 409
            )


def find_call(task: Task) -> ApiCall | None:
    """Return the program's call that a task was, None for the page's own. Raises OrderRefused."""
    if task.expires_at is None:
        return None
    if task.api_key is None or task.api_key.revoked_at is not None:
        raise OrderRefused("key_is_gone", "The API key that ordered it is revoked. Nobody waits for it.", 409)
    callback = getattr(task, "callback", None)
    return ApiCall(task.api_key, task.answer, callback.url if callback else "")
