"""A claimed task and its photo, read in one query."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from editor.models import Photo, Task

from .statements import Statement, list_columns, make_row

TASK, PHOTO = list_columns(Task), list_columns(Photo)


def build_claimed(*, task: UUID, token: UUID) -> QuerySet[Task, Any]:
    """Return the query of a task and its photo.

    What else it may have is asked for where there is some: six joined tables take as long as all the rest.
    """
    names = [*TASK, *(f"photo__{name}" for name in PHOTO)]
    return Task.objects.filter(pk=task, owner_token=token).order_by().values_list(*names)


CLAIMED = Statement(build_claimed, task=UUID, token=UUID)


def read_claimed(task: UUID, token: UUID) -> Task | None:
    """Return a task that was claimed with this token, None where it is gone already."""
    for values in CLAIMED.ask(task=task, token=token):
        row = make_row(Task, TASK, values[: len(TASK)])
        row.photo = make_row(Photo, PHOTO, values[len(TASK) :])
        return row
    return None
