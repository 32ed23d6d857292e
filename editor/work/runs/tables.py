"""Tables that are laid beside a run's photos: what they say of each, and photos behind addresses in them."""

from collections import defaultdict
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from editor.engines import errors
from editor.engines.catalogue import sources, tables
from editor.models import Photo, Run, RunItem
from editor.providers import ssrf_guard

from .errors import RunRefused
from .gather import MOST_ITEMS, Gathered, State, check_open, clean_path, mark_doubles

Key = tuple[str, str]
"""What a row of a table and an item have in common: "url" and an address, or "name" and a path."""


def add_table(run: Run, upload: UploadedFile) -> Gathered:
    """Lay a table beside a run's photos. Of what it names it says all; other photos stay as they are.

    An address in it is a photo that a worker fetches when its turn comes. What is wrong with a row is told
    by its line. Raises RunRefused where it is no table, and then nothing changed.
    """
    if (upload.size or 0) > tables.MOST_TABLE_BYTES:
        raise RunRefused(f"A table may have {tables.MOST_TABLE_BYTES // 2**20} MB. Split this one.")
    upload.seek(0)
    return lay_table(run, upload.read())


def lay_table(run: Run, data: bytes) -> Gathered:
    """Do so with the bytes of a table."""
    try:
        table = tables.read_table(data)
    except errors.InvalidOptions as exc:
        raise RunRefused(str(exc)) from exc
    with transaction.atomic():
        number = check_open(run)
        known: dict[Key, list[RunItem]] = defaultdict(list)
        for item in run.items.exclude(state=State.UNREADABLE).select_related("photo").order_by("number"):
            known[find_key(item)].append(item)
        said, notes = match(table, [name for kind, name in known if kind == "name"])
        fresh: list[RunItem] = []
        for key, rows in said.items():
            if not known[key]:
                fresh.append(
                    RunItem(run=run, name=name_address(key[1]), photo=Photo(owner=run.owner, url=key[1]))
                )
                known[key] = [fresh[-1]]
            elif len({item.photo_id for item in known[key]}) > 1:
                notes.append(f"There are several files called {key[1]}. Add them from different folders.")
                continue
            fresh += lay_rows(run, known[key], rows)
        if number - 1 + len(fresh) > MOST_ITEMS:
            raise RunRefused(
                f"A run has at most {MOST_ITEMS:,} photos, and with this table it had more. Split it."
            )
        for place, item in enumerate(fresh, number):
            item.number = place
            if item.photo is not None and item.photo._state.adding:
                item.photo.name, item.photo.on_desk = PurePosixPath(item.name).name[:120], False
                item.photo.save()
                item.photo_id = item.photo.pk
            item.save()
        doubles = mark_doubles(run)
    both = sum(item.pk in doubles for item in fresh)
    return Gathered(len(fresh) - both, both, 0, notes)


def match(table: tables.Table, names: list[str]) -> tuple[dict[Key, list[dict[str, str]]], list[str]]:
    """Return what a table says of each file and address, and what is wrong with its rows."""
    files = [row for row in table.rows if not row.is_address]
    found = sources.match(replace(table, rows=files), names)
    said: dict[Key, list[dict[str, str]]] = defaultdict(list)
    notes = list(found.objections)
    for name, columns in found.rows:
        if columns:
            said["name", name].append(columns)
    for row in table.rows:
        if not row.is_address:
            continue
        try:
            ssrf_guard.check_url(row.file)
        except ValueError as exc:
            notes.append(f"Line {row.line}: {exc}")
        else:
            said["url", row.file].append(row.columns)
    return said, notes


def lay_rows(run: Run, items: list[RunItem], rows: list[dict[str, str]]) -> list[RunItem]:
    """Give one photo's items its rows; what there is too much of goes, what is lacking is returned."""
    for item, columns in zip(items, rows, strict=False):
        item.columns = columns
        if item.pk is not None:
            item.save(update_fields=["columns"])
    run.items.filter(pk__in=[item.pk for item in items[len(rows) :] if item.pk]).delete()
    first = items[0]
    return [
        RunItem(run=run, name=first.name, sha256=first.sha256, photo=first.photo, columns=columns)
        for columns in rows[len(items) :]
    ]


def find_key(item: RunItem) -> Key:
    """Return by what a table names an item."""
    return ("url", item.photo.url) if item.photo is not None and item.photo.url else ("name", item.name)


def name_address(address: str) -> str:
    """Return the name of a picture behind an address: its path's last part, or else its host."""
    parts = urlsplit(address)
    return clean_path(PurePosixPath(unquote(parts.path)).name or parts.hostname or "photo")
