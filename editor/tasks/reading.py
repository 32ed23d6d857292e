"""A task that a worker has: read with its photo once it is claimed, then locked and written to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from editor.models import Photo, Task
from web.statements.queries import Statement, list_columns, make_row
from web.statements.writes import Update

TASK, PHOTO = list_columns(Task), list_columns(Photo)


def build_claimed(*, task: UUID, token: UUID) -> QuerySet[Task, Any]:
    """Return the query of a task and its photo.

    What else it may have is asked for where there is some: six joined tables take as long as all the rest.
    """
    names = [*TASK, *(f"photo__{name}" for name in PHOTO)]
    return Task.objects.filter(pk=task, owner_token=token).order_by().values_list(*names)


def build_held(*, task: UUID, token: UUID) -> tuple[QuerySet[Task], dict[str, Any]]:
    return Task.objects.held_by(token).filter(pk=task), {}


def build_locked(*, task: UUID, token: UUID) -> QuerySet[Task, Any]:
    rows, _ = build_held(task=task, token=token)
    return rows.select_for_update(no_key=True).order_by().values_list(*TASK)


CLAIMED = Statement(build_claimed, task=UUID, token=UUID)
LOCKED = Statement(build_locked, task=UUID, token=UUID)
HELD = Update(build_held, task=UUID, token=UUID)


def read_claimed(task: UUID, token: UUID) -> Task | None:
    """Return a task that was claimed with this token, None where it is gone already."""
    for values in CLAIMED.ask(task=task, token=token):
        row = make_row(Task, TASK, values[: len(TASK)])
        row.photo = make_row(Photo, PHOTO, values[len(TASK) :])
        return row
    return None


@dataclass(frozen=True)
class Held:
    """The row of a task, as long as whoever has this token may write to it."""

    task: UUID
    token: UUID

    def lock(self) -> Task | None:
        """Return the row, as it stays until the transaction ends; None where it is another's, or gone."""
        for values in LOCKED.ask(task=self.task, token=self.token):
            return make_row(Task, TASK, values)
        return None

    def write(self, changes: dict[str, Any]) -> int:
        """Write plain values to the row, by its columns. 0 where it is another's, or gone."""
        return HELD.write(changes, task=self.task, token=self.token)
