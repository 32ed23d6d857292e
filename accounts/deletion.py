"""A person leaves: their rows, their files and their sessions go, and nothing comes back."""

from functools import partial

from django.db import transaction

from editor.files import uploads
from editor.models import Photo, Result, Task
from editor.tasks import takes
from editor.work import orders

from . import ledger, lockout
from .models import User


class LastSuperuser(Exception):
    """Nobody could run the studio any more. Remedy: make somebody else a superuser first."""

    sentence = "This is the only account that can run the studio. Make somebody else a superuser first."


def delete_account(user: User) -> None:
    """Delete a person with all that is theirs, rows first, then files.

    Work under way is asked to stop first. A worker that finishes all the same finds its row gone
    and writes nothing; sessions elsewhere find nobody and end. Raises LastSuperuser.
    """
    for task in Task.objects.owned_by(user).under_way():
        orders.cancel(task)
    with transaction.atomic():
        # Locks out uploads of this person, which refer to the row, and a second superuser's leaving.
        list(User.objects.who_run_the_studio().select_for_update().order_by("pk"))
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.is_last_superuser:
            raise LastSuperuser
        # Locked before the account is, as where tasks end: what was reserved for them goes back.
        for task in Task.objects.owned_by(person).under_way().select_for_update():
            ledger.give_back(task.pk)
        names = [name for photo in Photo.with_trash.owned_by(person) for name in photo.files]
        names += [name for result in Result.with_trash.owned_by(person) for name in result.files]
        for early, finished in Task.objects.owned_by(person).values_list("early", "finished"):
            names += [*early, *takes.files(finished)]
        person.delete()
        lockout.forget(person.email)
        transaction.on_commit(partial(uploads.remove_files, names))
