"""What the studio keeps for a person, as accounts ask for it: photos, results, work under way, files."""

import uuid
from collections.abc import Iterator, Sequence
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import ledger
from accounts.belongings import Belongings, Piece
from accounts.models import User
from editor.files import uploads
from editor.models import Photo, Result, Run, RunFile, Task, Turn
from editor.tasks import takes

from . import exports, orders
from .runs import stored


class StudioBelongings(Belongings):
    def count_photos(self, user: User) -> int:
        return Photo.with_trash.owned_by(user).taking_room().count()

    def count_bytes(self, user: User) -> int:
        return uploads.count_stored_bytes(user)

    def list_activity(self) -> Sequence[QuerySet]:
        return [Photo.objects.newest_first(), Task.objects.newest_first()]

    def list_pieces(self, user: User) -> Iterator[Piece]:
        return exports.list_pieces(user)

    def has_room_for(self, size: int) -> bool:
        return uploads.has_room_for(size)

    def stop_work(self, user: User) -> None:
        """Cancel the person's tasks. A worker that finishes all the same finds no row and writes nothing."""
        Run.objects.owned_by(user).filter(state=Run.State.GOING).update(
            state=Run.State.STOPPED, ended_at=timezone.now()
        )
        with transaction.atomic():
            for task in Task.objects.filter(pk__in=lock_work(user)):
                orders.cancel(task)

    def end_work(self, user: User) -> None:
        for task_id in lock_work(user):
            ledger.give_back(task_id)

    def prepare_deletion(self, user: User) -> None:
        names = [name for photo in Photo.with_trash.owned_by(user) for name in photo.files]
        names += [name for result in Result.with_trash.owned_by(user) for name in result.files]
        names += stored.list_names(RunFile.objects.filter(item__run__owner=user))
        for early, finished in Task.objects.owned_by(user).values_list("early", "finished"):
            names += [*early, *takes.list_files(finished)]
        transaction.on_commit(partial(uploads.remove_files, names))


def lock_work(user: User) -> list[uuid.UUID]:
    """Keep all that is under way for a person as it is until the transaction ends. Returns the tasks' keys.

    The person, their turns and their tasks are locked in the order in which orders and workers do it.
    """
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    turns = Turn.objects.filter(owner=user).order_by("pk")
    list(turns.select_for_update(no_key=True).values_list("pk"))
    return Task.objects.owned_by(user).under_way().lock()
