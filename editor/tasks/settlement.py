"""Settlement: a task's state, credits, time to go, and who is told, all in one transaction."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import ledger
from editor.files import uploads
from editor.models import Callback, Retention, Task
from editor.states import State
from web import clock, outages

from . import signals, takes
from .reading import Held


@outages.begin_again
def end(rows: QuerySet[Task] | Held, state: State, *, pictures: int | None = None, **changes: Any) -> bool:
    """End the one task that `rows` selects, or that a worker holds, on the conditions under which it does.

    Credits are settled if it is done and given back if not. What it has finished before is delivered and
    charged in either case. pictures: how many results of one kind it has besides; None for as many as were
    asked for. False, and nothing is changed, where the conditions no longer hold: somebody else was first.
    """
    # Of whoever has begun a transaction it is a part that cannot fail by itself.
    with transaction.atomic(savepoint=False):
        # Locked, where the database can: what is read here must still hold at the update.
        task = rows.lock() if isinstance(rows, Held) else rows.select_for_update(no_key=True).first()
        if task is None:
            return False
        if task.finished:
            state, pictures, changes = add_finished_takes(task, state, pictures, changes)
        price = 0 if state is not State.DONE else task.credits
        if state is State.DONE and pictures is not None:
            changes["credits"] = price = takes.compute_price(task, pictures)
        now = clock.now()
        changes |= {"owner_token": None, "lease_expires_at": None, "completed_at": now}
        changes |= {"early": [], "finished": []}
        if task.expires_at is not None:
            changes["expires_at"] = now + Retention.objects.for_programs(task.owner_id)
        changes["state"] = state
        if not (rows.write(changes) if isinstance(rows, Held) else rows.filter(pk=task.pk).update(**changes)):
            return False
        takes.record_takes(task)
        if price:
            ledger.settle(task.pk, price)
        else:
            ledger.give_back(task.pk)
        if task.expires_at is not None:  # a program's
            Callback.objects.filter(task=task, delivered_at=None).update(next_at=now)
        transaction.on_commit(partial(signals.task_ended.send_robust, sender=Task, task=task))
        if task.early:
            transaction.on_commit(partial(uploads.remove_files, task.early))
    return True


def add_finished_takes(
    task: Task, state: State, pictures: int | None, changes: dict[str, Any]
) -> tuple[State, int, dict[str, Any]]:
    """Return how a task ends that has finished takes: done, with what is missing said, if some are."""
    facts = {**task.facts, **changes.get("facts", {})}
    if gave_way := takes.list_concessions(task):
        facts["gave_way"] = gave_way
    changes = {**changes, "facts": facts, "progress": 100}
    if state is not State.DONE:
        cause = changes.get("message") or state.sentence
        shortage = takes.list_shortage(task, state, cause)
        facts |= {"shortage": shortage} if shortage else {}
        # For who looks at rows; people read what is made of the facts.
        changes["message"] = takes.say_shortage(shortage).put()[:300] if shortage else ""
    return State.DONE, len(task.finished) + (pictures or 0), changes
