"""Deletion of an account: a person's rows, files and sessions go, and nothing comes back."""

from collections.abc import Callable

from django.db import transaction

from web import outages

from . import belongings
from .export import asking
from .models import User
from .protection import lockout


class LastSuperuser(Exception):
    """Nobody could run the studio any more. Remedy: make somebody else a superuser first."""

    sentence = "This is the only account that can run the studio. Make somebody else a superuser first."


@outages.begin_again
def delete_account(user: User, note: Callable[[], object] | None = None) -> None:
    """Delete a person with all that is theirs, rows first, then files.

    Work under way is asked to stop first. What finishes all the same finds its row gone; sessions
    elsewhere find nobody and end. note: what is written down along with it. Raises LastSuperuser.
    """
    for kept in belongings.REGISTERED:
        kept.stop_work(user)
    with transaction.atomic():
        if note is not None:
            note()
        # Locks out this person's orders and a second superuser's leaving, but not the end of a task, whose
        # results refer to this row: that is waited for next.
        list(User.objects.who_run_the_studio().select_for_update(no_key=True).order_by("pk"))
        person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if person.is_last_superuser:
            raise LastSuperuser
        for kept in belongings.REGISTERED:
            kept.end_work(person)
        # Locks out uploads as well, and whatever else refers to the row.
        User.objects.select_for_update().get(pk=user.pk)
        for kept in belongings.REGISTERED:
            kept.prepare_deletion(person)
        asking.drop(person)
        person.delete()
        lockout.forget(person.email)
