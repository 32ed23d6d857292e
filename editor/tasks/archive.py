"""What an engine made goes into storage, and becomes rows."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from editor.engines.types import Output
from editor.files import uploads
from editor.models import Result, Task, stored_name
from web import clock, outages
from web.statements.writes import insert

MOST_JSON = 64 * 1024  # bytes


def merge_facts(outputs: list[Output]) -> dict[str, Any]:
    """Return what the engine says that it found, of all its JSON files together."""
    facts: dict[str, Any] = {}
    for output in outputs:
        if output.kind == "facts" and output.bytes <= MOST_JSON:
            facts |= json.loads(Path(output.path).read_text())
    return facts


@dataclass(frozen=True)
class Saved:
    """A file that a provider made, and its name in storage."""

    output: Output
    name: str


def archive(outputs: list[Output], folder: str) -> list[Saved]:
    """Store the files that a provider made. Where one cannot be stored none stays, and OSError is raised."""
    saved: list[Saved] = []
    try:
        for output in outputs:
            name = stored_name(folder, output.format)
            with Path(output.path).open("rb") as file:
                saved.append(Saved(output, default_storage.save(name, File(file))))
    except OSError:
        uploads.remove_files([one.name for one in saved])
        raise
    return saved


archive_in_time = outages.outlast(archive)


def record_results(task: Task, saved: list[Saved]) -> None:
    """Make a Result of every picture and mask; a thumbnail follows the one that it shows."""
    now = clock.now()
    for one, following in zip(saved, [*saved[1:], None], strict=True):
        if one.output.kind not in Result.Kind.values:
            continue
        thumbnail = following.name if following and following.output.kind == "thumbnail" else ""
        insert(
            Result(
                owner_id=task.owner_id,
                task=task,
                photo_id=task.photo_id,
                tool=task.tool,
                kind=one.output.kind,
                number=one.output.number,
                bare=task.makes_bare_cutout and one.output.kind == Result.Kind.IMAGE,
                file=one.name,
                thumbnail=thumbnail,
                format=one.output.format,
                width=one.output.width,
                height=one.output.height,
                bytes=one.output.bytes,
                created_at=now,
            )
        )
