"""Asking for a copy of all one's data, its signed address, and how it goes again."""

import time
import uuid
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.models import Export, User

# An address of the page holds for a day; the page gives another one.
ADDRESS_LASTS = 24 * 60 * 60
_signer = Signer(sep=".", salt="accounts.export")


class AddressExpired(Exception):
    """The address was ours, but its time is over. Remedy: the page has another."""


def ask(user: User) -> Export:
    """Have a copy made of all that is a person's; return the one that is under way where there is one."""
    with transaction.atomic():
        # Whoever presses twice waits here, where the database can make them.
        User.objects.select_for_update().get(pk=user.pk)
        waiting = Export.objects.owned_by(user).under_way().first()
        if waiting is not None:
            return waiting
        export = Export.objects.create(owner=user)
        audit.record(user, "asked for a copy of their data", user)
    return export


def find_newest(user: User) -> Export | None:
    """Return the copy that a person is shown, None where there is none."""
    return Export.objects.owned_by(user).newest_first().first()


def drop(user: User) -> bool:
    """Delete a person's copies, and stop what is under way. False where there were none."""
    return bool(forget(list(Export.objects.owned_by(user))))


def forget(exports: list[Export]) -> int:
    """Delete copies: rows first, then their files. Return how many. A worker that makes one lets go of it."""
    names = [export.stored for export in exports if export.stored]
    Export.objects.filter(pk__in=[export.pk for export in exports]).delete()
    transaction.on_commit(partial(remove_files, names))
    return len(exports)


def remove_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def remove_old() -> int:
    """Delete the copies whose time is over. Return how many."""
    return forget(list(Export.objects.over()))


def make_path(export: Export) -> str:
    """Return the address of a copy that is done, for its owner while they are signed in."""
    token = _signer.sign(f"{export.pk.hex}-{int(time.time()) + ADDRESS_LASTS}")
    return reverse("accounts:export-file", args=[token, f"{name_archive(export)}.zip"])


def make_url(export: Export) -> str:
    """Return the address of the page that has it, for letters."""
    return settings.SITE_URL + reverse("accounts:export")


def name_archive(export: Export) -> str:
    return f"sweep-{export.created_at:%Y-%m-%d}"


def find_by_address(user: User, token: str) -> Export | None:
    """Return the copy that an address stands for, None where it is none of this person's.

    Raises AddressExpired.
    """
    try:
        key, _, end = _signer.unsign(token).partition("-")
    except BadSignature:
        return None
    if int(end) <= time.time():
        raise AddressExpired
    done = Export.objects.owned_by(user).filter(state=Export.State.DONE)
    return done.filter(pk=uuid.UUID(key)).first()
