"""Renders: pictures made of a result's file when somebody asks for one, kept while they are asked for.

A render is named by all that it is made of, so the same is made once, has the same bytes each time, and never
needs to be told that something changed. Those of a result lie in a folder of its own; upkeep deletes what
nobody asked for in a day, and what a deleted result leaves.
"""

import asyncio
import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage, storages

from editor.engines.finishing.finish import ARITHMETIC, Finish
from editor.engines.io.words import SIZES
from editor.finishes import USUAL, Current
from editor.models import Photo, Result
from web.outages import StoreAway

from . import render_process, uploads

logger = logging.getLogger(__name__)

FOLDER = "renders"
SCREEN_SIDE = 2048
THUMBNAIL_SIZE = "small"
# Of one result: whoever asks for one colour after the other must not fill the disk.
MOST_EACH = 24
# How long ago a render may have been asked for last before that is noted again.
NOTED_FOR = 3600  # seconds


@dataclass(frozen=True)
class Render:
    """A picture to be made of a result's file. work: what the engine is told besides files."""

    result: Result
    format: str
    work: dict[str, Any] = field(default_factory=dict)
    backdrop: Photo | None = None

    @property
    def is_mask(self) -> bool:
        return self.work.get("work") == "mask"

    @property
    def key(self) -> str:
        """Tells apart all that can be seen or read of a render."""
        behind = str(self.backdrop.file) if self.backdrop else ""
        made_of = [ARITHMETIC, str(self.result.file), self.work, behind, self.format]
        return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()

    @property
    def stored(self) -> str:
        """Its name in storage."""
        return f"{FOLDER}/{self.result.pk.hex[:2]}/{self.result.pk.hex}/{self.key}.{self.format}"


def find_picture(
    result: Result, current: Current, *, format: str = "", size: str = "", background: str = ""
) -> Render | None:
    """Return a cutout with the finish that counts; None where its own file is that picture already.

    format, size, background: instead of what the finish has. A background takes the place of a backdrop too.
    """
    finish = current.finish
    wanted = replace(
        finish,
        format=format or finish.format,
        size=size or finish.size,
        background=background or finish.background,
    )
    backdrop = None if background else current.backdrop
    if backdrop is None and wanted == USUAL:
        return None
    return Render(result, wanted.format, {"work": "finish", "finish": wanted.to_dict()}, backdrop)


def find_mask(result: Result, current: Current, *, size: str = "") -> Render:
    """Return the mask of a cutout, white where it is, as it lies on the canvas of the finish that counts."""
    finish = replace(current.finish, format="png", size=size or current.finish.size)
    return Render(result, "png", {"work": "mask", "finish": finish.to_dict()})


def find_thumbnail(result: Result, current: Current) -> Render | None:
    """Return the small copy of a cutout with its finish; None where the one that is stored will do."""
    if current.changes_nothing:
        return None
    finish = current.finish
    small = replace(finish, format="webp", size=get_smaller(finish.size), background=get_ground(finish))
    return Render(result, "webp", {"work": "finish", "finish": small.to_dict()}, current.backdrop)


def get_smaller(size: str) -> str:
    return size if SIZES[size] < SIZES[THUMBNAIL_SIZE] else THUMBNAIL_SIZE


def get_ground(finish: Finish) -> str:
    """Return the colour behind, which a file without transparency has though nobody chose one."""
    return finish.background or ("#ffffff" if finish.format == "jpg" else "")


def find_screen_copy(result: Result) -> Render | None:
    """Return a cutout as large as screens need it, without a finish; None where it is no larger."""
    if max(result.width, result.height) <= SCREEN_SIDE:
        return None
    return Render(result, "png", {"work": "screen", "side": SCREEN_SIDE})


def find_conversion(result: Result, *, format: str, size: str, background: str) -> Render:
    """Return a finished picture in another format or size. background: "#rrggbb", "" for none."""
    work = {"work": "convert", "format": format, "size": size or "full", "background": background}
    return Render(result, format, work)


async def open_render(render: Render) -> File:
    """Return a render's file, open; it is made where it is not there. The caller closes it.

    Raises RenderFailed, and FileNotFoundError where the result's own file is gone.
    """
    if kept := await sync_to_async(open_kept, thread_sensitive=False)(render):
        return kept
    made: File = await asyncio.wrap_future(render_process.submit(lambda run: make(render, run)))
    return made


def open_render_now(render: Render) -> File:
    """The same, for whoever may wait on a thread."""
    made: File = open_kept(render) or render_process.submit(lambda run: make(render, run)).result()
    return made


def open_kept(render: Render) -> File | None:
    """Return a render that is there already, and note that it is still asked for."""
    try:
        file = default_storage.open(render.stored)
        # A storage elsewhere looks for its file at the first touch.
        _ = file.size
    except FileNotFoundError:
        return None
    note_use(render.stored)
    return file


def note_use(stored: str) -> None:
    """Note that a render was asked for, where a storage can: elsewhere it is made again after a day."""
    if not isinstance(storages["default"], FileSystemStorage):
        return
    # Upkeep may have deleted it this moment; whoever has it open goes on reading.
    with suppress(FileNotFoundError):
        path = default_storage.path(stored)
        if time.time() - os.stat(path).st_mtime > NOTED_FOR:
            os.utime(path)


def make(render: Render, run: Callable[[dict[str, Any]], Any]) -> File:
    """Make a render in the process that does, and keep it. Return its file, open."""
    if kept := open_kept(render):  # somebody else asked for the same a moment ago
        return kept
    folder = Path(tempfile.mkdtemp(prefix="render-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        target = folder / f"target.{render.format}"
        files = {"source": str(get_path(render.result, folder)), "target": str(target)}
        if render.backdrop is not None:
            files["backdrop"] = str(get_path(render.backdrop, folder))
        run({**render.work, **files})
        # Open without a name from here on: whoever drops it, nothing stays behind on the disk.
        file = File(target.open("rb"))
        keep(render, file)
        return file
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(render: Render, file: File) -> None:
    """Keep a render for whoever asks next. Where there is no room it is made again then."""
    if not uploads.has_room_for(file.size):
        return
    make_room_beside(render)
    try:
        default_storage.save(render.stored, file)
    except OSError as exc:
        if not (uploads.is_disk_full(exc) or isinstance(exc, StoreAway)):
            raise
        logger.warning("A render was not kept: %s", exc)
    file.seek(0)


def make_room_beside(render: Render) -> None:
    """Delete the oldest renders of a result that has as many as are kept of one."""
    folder = str(PurePosixPath(render.stored).parent)
    try:
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        if len(names) < MOST_EACH:
            return
        names.sort(key=default_storage.get_modified_time, reverse=True)
    except FileNotFoundError:
        return  # it is the first, or upkeep deletes them this moment
    uploads.remove_files(names[MOST_EACH - 1 :])


def get_path(picture: Result | Photo, folder: Path) -> Path:
    """Return a path where the engine can read a picture's file. Raises FileNotFoundError if it is gone."""
    stored = str(picture.file)
    if isinstance(storages["default"], FileSystemStorage):
        path = Path(default_storage.path(stored))
        path.stat()
        return path
    path = folder / f"{picture.pk}{Path(stored).suffix}"
    with default_storage.open(stored) as source, path.open("wb") as copy:
        shutil.copyfileobj(source, copy, 256 * 1024)
    return path


def find_result_of(stored: str) -> uuid.UUID | None:
    """Return which result a render was made of, by its name in storage; None for a name that is none."""
    try:
        return uuid.UUID(Path(stored).parent.name)
    except ValueError:
        return None
