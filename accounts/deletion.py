"""Deletion of an account: a person's rows, files and sessions go, and nothing comes back."""

from django.db import transaction

from . import belongings
from .export import asking
from .models import User
from .protection import lockout


class LastSuperuser(Exception):
    """Nobody could run the studio any more. Remedy: make somebody else a superuser first."""

    sentence = "This is the only account that can run the studio. Make somebody else a superuser first."


def delete_account(user: User) -> None:
    """Delete a person with all that is theirs, rows first, then files.

    Work under way is asked to stop first. What finishes all the same finds its row gone; sessions
    elsewhere find nobody and end. Raises LastSuperuser.
    """
    for kept in belongings.REGISTERED:
        kept.stop_work(user)
    with transaction.atomic():
        # Locks out uploads of this person, which refer to the row, and a second superuser's leaving.
        list(User.objects.who_run_the_studio().select_for_update().order_by("pk"))
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.is_last_superuser:
            raise LastSuperuser
        for kept in belongings.REGISTERED:
            kept.prepare_deletion(person)
        asking.drop(person)
        person.delete()
        lockout.forget(person.email)
