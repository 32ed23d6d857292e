"""The pictures: which of them rows speak of, and their way from the storage into a backup and back."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, models

from editor.models import Task
from editor.tasks import takes

from . import manifest


class Cursor(Protocol):
    """Django's, or sqlite3's own: what was asked for is read from it."""

    def execute(self, sql: str) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


def list_named(rows: Cursor) -> set[str]:
    """Return the names of all files in storage that the rows of a database speak of."""
    names: set[str] = set()
    for model in apps.get_models():
        columns = [one.column for one in model._meta.concrete_fields if isinstance(one, models.FileField)]
        if columns:
            for row in read_columns(rows, model._meta.db_table, columns):
                names.update(name for name in row if name)
    for finished, early in read_columns(rows, Task._meta.db_table, ["finished", "early"]):
        names.update([*takes.list_files(json.loads(finished)), *filter(None, json.loads(early))])
    return names


def read_columns(rows: Cursor, table: str, columns: Iterable[str | None]) -> Iterable[Any]:
    quote = connection.ops.quote_name
    wanted = ", ".join(quote(column) for column in columns if column)
    rows.execute(f"SELECT {wanted} FROM {quote(table)}")  # noqa: S608 (names of our own)
    return rows


def save(names: Iterable[str], folder: Path, earlier: Path | None) -> Iterator[tuple[str, str, int]]:
    """Copy files from the storage into a backup's folder; yield the name, SHA-256 and bytes of each.

    What an earlier backup has is not read again but linked: a stored file never changes. What was deleted
    meanwhile is left out.
    """
    known = manifest.read_sums(earlier) if earlier else {}
    for name in names:
        path = folder / manifest.FILES / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        inner = f"{manifest.FILES}/{name}"
        if earlier and inner in known and link(earlier / inner, path):
            yield name, known[inner], path.stat().st_size
            continue
        try:
            with default_storage.open(name) as source, open_private(path) as target:
                digest, size = manifest.copy_hashed(cast(BinaryIO, source), target)
        except FileNotFoundError:
            path.unlink(missing_ok=True)
            continue
        yield name, digest, size


def link(source: Path, path: Path) -> bool:
    """Give a file another name. False where it is not there, or lies on another disk."""
    try:
        os.link(source, path)
    except OSError:
        return False
    return True


def open_private(path: Path) -> BinaryIO:
    """Open a new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def put_back(folder: Path, names: Iterable[str]) -> None:
    """Store a backup's files under the names that they had."""
    for name in names:
        if default_storage.exists(name):
            default_storage.delete(name)
        with (folder / manifest.FILES / name).open("rb") as source:
            stored = default_storage.save(name, File(source))
        if stored != name:
            raise FileExistsError(f"The storage kept {name} as {stored}.")


def has_any(folder: str = "") -> bool:
    """Whether anything is stored below a folder, or anywhere that pictures of rows are."""
    if not folder:
        return any(has_any(one) for one in ("photos", "results"))
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return False
    return bool(files) or any(has_any(f"{folder}/{inner}") for inner in folders)
