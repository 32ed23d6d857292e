"""What the studio keeps for a person, as accounts ask for it: photos, results, work under way, files."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import ledger
from accounts.belongings import Belongings, Piece
from accounts.models import User
from editor.files import uploads
from editor.models import Photo, Result, Run, RunFile, Task
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
        for task in Task.objects.owned_by(user).under_way():
            orders.cancel(task)

    def prepare_deletion(self, user: User) -> None:
        # Locked before the account is, as where tasks end: what was reserved for them goes back.
        for task in Task.objects.owned_by(user).under_way().select_for_update():
            ledger.give_back(task.pk)
        names = [name for photo in Photo.with_trash.owned_by(user) for name in photo.files]
        names += [name for result in Result.with_trash.owned_by(user) for name in result.files]
        names += stored.list_names(RunFile.objects.filter(item__run__owner=user))
        for early, finished in Task.objects.owned_by(user).values_list("early", "finished"):
            names += [*early, *takes.list_files(finished)]
        transaction.on_commit(partial(uploads.remove_files, names))
