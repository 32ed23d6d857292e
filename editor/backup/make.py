"""Making a backup while work goes on.

The pictures that rows name are copied first, then the database is, in one moment, then the pictures that came
meanwhile: every picture that the database speaks of is there. Stored files never change, so a copy is as good
before that moment as after it.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from editor.models import Backup
from web.version import VERSION

from . import database, manifest, stored_files
from .errors import CannotBackUp
from .manifest import KEY, Manifest

Tell = Callable[[str], None]
# How often a moment is looked for at which nothing that was just made is deleted before it is copied.
TRIES = 5


def make(to: Path, tell: Tell = lambda line: None, earlier: Path | None = None) -> Backup:
    """Write a backup into a folder that is not there yet, and note that it was made.

    earlier: a backup whose files are linked where they are the same. Raises CannotBackUp, Unsound; nothing is
    left behind then.
    """
    check_place(to)
    if earlier is not None:
        manifest.read_manifest(earlier)
    began = time.monotonic()
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{to.name}-", dir=to.parent))
    try:
        made = write(draft, tell, earlier)
        os.replace(draft, to)
    except OSError as exc:
        raise CannotBackUp(
            f"The backup could not be written: {exc}. Make room, or name another place."
        ) from exc
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Backup.objects.create(
        place=str(to)[:300], files=made.files, bytes=made.bytes, seconds=time.monotonic() - began
    )


def check_place(to: Path) -> None:
    """Raise CannotBackUp where a backup's folder has something in it, or is where the pictures are."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CannotBackUp(
            f"{to} is there already. Name a folder that is not: no backup is written over another."
        )
    media = settings.STORAGES["default"].get("OPTIONS", {}).get("location", "")
    if media and Path(media).is_absolute() and to.resolve().is_relative_to(Path(media).resolve()):
        raise CannotBackUp(f"{to} is among the pictures themselves. Name a place elsewhere, on another disk.")


def write(draft: Path, tell: Tell, earlier: Path | None) -> Manifest:
    """Fill a folder with all of the studio. Return what was written of it."""
    sums: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def save(names: set[str]) -> None:
        for name, digest, size in stored_files.save(sorted(names), draft, earlier):
            sums[name], sizes[name] = digest, size

    save(list_named_now())
    tell(f"{len(sums)} pictures copied; now the database, and what came meanwhile.")
    for _ in range(TRIES):
        with database.take_snapshot(draft) as (rows, columns):
            named = stored_files.list_named(rows)
            migrations = database.list_applied(rows)
            save(named - sums.keys())
        missing = named - sums.keys()
        if not missing or list_named_now() >= missing:
            break  # Those that are missing were so before: their rows are there and their files are not.
        forget_database(draft)
    for name in sums.keys() - named:
        (draft / manifest.FILES / name).unlink()
        del sums[name], sizes[name]
    for name in sorted(missing):
        tell(f"Not in the storage, though a row names it: {name}")

    with stored_files.open_private(draft / KEY) as file:
        file.write(settings.SECRET_KEY.encode())
    listed = {f"{manifest.FILES}/{name}": digest for name, digest in sums.items()}
    for path in [draft / KEY, draft / database.SQLITE_FILE, *sorted((draft / database.TABLES).glob("*"))]:
        if path.is_file():
            listed[str(path.relative_to(draft))] = manifest.hash_file(path)
    made = Manifest(
        format=manifest.FORMAT,
        version=VERSION,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        vendor=connection.vendor,
        migrations=migrations,
        columns=columns,
        files=len(sums),
        bytes=sum(sizes.values()),
        sums=manifest.write_sums(draft, listed),
    )
    made.write(draft)
    return made


def list_named_now() -> set[str]:
    with connection.cursor() as cursor:
        return stored_files.list_named(cursor)


def forget_database(draft: Path) -> None:
    """Make room for another copy of the database."""
    (draft / database.SQLITE_FILE).unlink(missing_ok=True)
    shutil.rmtree(draft / database.TABLES, ignore_errors=True)
