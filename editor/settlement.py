"""How a task ends: its state, its credits, its time to go, and who is told, all in one transaction."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import ledger

from . import photos
from .models import Callback, Task
from .states import State

# How long a program can fetch what it ordered (all five seeds say one hour).
API_RESULTS_LAST = timedelta(hours=1)


def end(rows: QuerySet[Task], state: State, **changes: object) -> bool:
    """End the one task that `rows` selects, on the conditions under which it selects it.

    Credits are settled if it is done and given back if not. False, and nothing is changed, where the
    conditions no longer hold: somebody else was first.
    """
    with transaction.atomic():
        # Locked, where the database can: what is read here must still hold at the update.
        task = rows.select_for_update().first()
        if task is None:
            return False
        now = timezone.now()
        changes |= {"owner_token": None, "lease_expires_at": None, "completed_at": now, "early": []}
        if task.expires_at is not None:
            changes["expires_at"] = now + API_RESULTS_LAST
        if not rows.filter(pk=task.pk).update(state=state, **changes):
            return False
        if state is State.DONE:
            ledger.settle(task.pk)
        else:
            ledger.give_back(task.pk)
        Callback.objects.filter(task=task, delivered_at=None).update(next_at=now)
        if task.early:
            transaction.on_commit(partial(photos.remove_files, task.early))
    return True
