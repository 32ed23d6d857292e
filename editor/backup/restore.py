"""Restoring a backup: all is read and judged before anything is touched; the database comes last, at once."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.models import User
from editor.files import uploads
from editor.models import Photo, Worker
from web.environment import write_secret_key

from . import database, manifest, stored_files
from .errors import NotHere
from .manifest import KEY, Manifest

Tell = Callable[[str], None]


def restore(folder: Path, tell: Tell = lambda line: None, *, overwrite: bool = False) -> Manifest:
    """Make this studio the one that a backup is of.

    overwrite: although there are accounts, photos or files here. Raises Unsound, MadeByNewer, NotHere, and
    has touched nothing then.
    """
    said = manifest.read_manifest(folder)
    database.check_taken(said)
    check_key((folder / KEY).read_text("utf-8") if (folder / KEY).is_file() else "")
    check_idle()
    if not overwrite:
        check_empty()
    check_room(said)
    tell(f"Reading the backup of {said.made_at}: {said.files} pictures.")
    manifest.check(folder)
    prefix = f"{manifest.FILES}/"
    names = [name.removeprefix(prefix) for name in manifest.read_sums(folder) if name.startswith(prefix)]
    tell("It is whole. Putting the pictures back, then the database.")
    stored_files.put_back(folder, names)
    database.put_back(folder, said)
    put_key_back((folder / KEY).read_text("utf-8"))
    return said


def check_idle() -> None:
    """Raise NotHere while workers of this studio say that they live."""
    if "editor_worker" not in connection.introspection.table_names():
        return
    if alive := Worker.objects.heard_of().count():
        raise NotHere(
            f"This studio runs: {alive} of its workers said so within {3 * Worker.BEAT.seconds} seconds. "
            "Stop it, wait as long, and restore again."
        )


def check_empty() -> None:
    """Raise NotHere where somebody has an account here, or anything is stored."""
    tables = connection.introspection.table_names()
    if "accounts_user" in tables and User.objects.exists():
        trouble = f"{User.objects.count()} accounts"
    elif "editor_photo" in tables and Photo.with_trash.exists():
        trouble = f"{Photo.with_trash.count()} photos"
    elif stored_files.has_any():
        trouble = "pictures in its storage"
    else:
        return
    raise NotHere(
        f"This studio has data: {trouble}. Restore into an empty one (another DATA_DIR, database, storage) "
        "or add --overwrite: all that is here now is lost then."
    )


def check_key(key: str) -> None:
    """Raise NotHere where the environment sets another SECRET_KEY than the backup's."""
    if key and os.environ.get("SECRET_KEY") and key != settings.SECRET_KEY:
        raise NotHere(
            "SECRET_KEY is another than the backup's: signed addresses, sessions and other services' keys "
            f"would be lost. Set it to what {KEY} in the backup says, or unset it."
        )


def put_key_back(key: str) -> None:
    """Keep the backup's key as this installation's own, unless the environment has it."""
    if not os.environ.get("SECRET_KEY"):
        write_secret_key(settings.DATA_DIR / "secret_key", key)


def check_room(said: Manifest) -> None:
    """Raise NotHere where the pictures do not go on the disk."""
    if not uploads.has_room_for(said.bytes):
        raise NotHere(f"The backup's pictures have {said.bytes / 2**30:.2f} GB; so much is not free here.")
