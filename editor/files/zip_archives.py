"""ZIP archives of many results, made while they are sent: never whole in memory, never on disk."""

import logging
import threading
from collections.abc import AsyncIterator, Generator, Iterable
from dataclasses import replace
from typing import NamedTuple

from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from zipstream import ZIP_STORED, ZipStream

from editor import finishes
from editor.models import Result

from . import renders
from .downloads import CHUNK, NEVER, get_stem, name_result
from .render_process import RenderFailed
from .renders import Render

logger = logging.getLogger(__name__)

MAX_PICTURES = 5000

MISSING_NOTE = "These pictures are in your gallery, but their files are gone from the studio's storage:\n\n"
FAILED_NOTE = "These pictures could not be made with their finish. Download them one by one:\n\n"
MORE_NOTE = (
    f"This archive holds the newest {MAX_PICTURES:,} pictures. For the others, narrow the gallery down "
    "by date, tool or name, and download again.\n"
)


class Entry(NamedTuple):
    """A file of the archive: its name in the storage, the name that people see, and how it is made.

    render: where the file in the storage is not what is handed over, but a cutout with a finish.
    """

    stored: str
    name: str
    render: Render | None = None

    def open(self) -> File:
        return renders.open_render_now(self.render) if self.render else default_storage.open(self.stored)


class ArchiveStream:
    """An archive's bytes as an asynchronous iterator; the work is done on threads, step by step."""

    def __init__(self, parts: Generator[bytes]) -> None:
        self.parts = parts
        # When the client leaves, the generator may still be at work on its thread.
        self.lock = threading.Lock()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        step = sync_to_async(self.step, thread_sensitive=False)
        while chunk := await step():
            yield chunk

    def step(self) -> bytes:
        """Return the next quarter of a megabyte or so; nothing at the end."""
        gathered = bytearray()
        with self.lock:
            for part in self.parts:
                gathered += part
                if len(gathered) >= CHUNK:
                    break
        return bytes(gathered)

    def close(self) -> None:
        with self.lock:
            self.parts.close()


def write_archive(entries: Iterable[Entry], notes: dict[str, str]) -> Generator[bytes]:
    """Yield a ZIP of the stored files. Those that are gone are named in MISSING.txt instead."""
    # Pictures are compressed already: packing them again costs time and gains nothing.
    stream = ZipStream(compress_type=ZIP_STORED)
    missing, failed = [], []
    for entry in entries:
        try:
            file = entry.open()
        except FileNotFoundError:
            logger.error("The stored file %s is missing (wanted for an archive).", entry.stored)
            missing.append(entry.name)
            continue
        except RenderFailed as exc:
            failed.append(f"{entry.name}: {exc.sentence}")
            continue
        with file:
            stream.add(file.chunks(CHUNK), entry.name)
            yield from stream.file()
    if missing:
        notes = {**notes, "MISSING.txt": MISSING_NOTE + "\n".join(missing) + "\n"}
    if failed:
        notes = {**notes, "FAILED.txt": FAILED_NOTE + "\n".join(failed) + "\n"}
    for name, text in notes.items():
        stream.add(text.encode(), name)
    yield from stream.finalize()


def name_entries(results: Iterable[Result]) -> list[Entry]:
    """Give each result a name that no other has, also where capitals make no difference; cutouts a finish.

    The first of a name has it plain, the others are numbered; no number makes the name that another
    photo came with.
    """
    found = list(results)
    current = finishes.list_current(result.photo for result in found if result.bare)
    wanted = []
    for result in found:
        render = renders.find_picture(result, current[result.photo_id]) if result.bare else None
        wanted.append((result, render, name_result(result, render.format if render else "")))
    own = {name.casefold() for _, _, name in wanted}
    taken: set[str] = set()
    counters: dict[str, int] = {}
    entries = []
    for result, render, name in wanted:
        stem, _, ending = name.rpartition(".")
        key = name.casefold()
        while name.casefold() in taken or (name.casefold() != key and name.casefold() in own):
            counters[key] = counters.get(key, 1) + 1
            name = f"{stem}-{counters[key]}.{ending}"
        taken.add(name.casefold())
        entries.append(Entry(str(result.file), name, render))
    return entries


def send(results: list[Result], *, more: bool = False) -> StreamingHttpResponse:
    """Answer with the archive. more: whether there were pictures beyond it, which a note then says."""
    notes = {"MORE.txt": MORE_NOTE} if more else {}
    return send_entries(name_entries(results), f"Sweep {localtime():%Y-%m-%d %H.%M}.zip", notes)


def send_frames(result: Result, ratios: dict[str, tuple[float, float]]) -> StreamingHttpResponse:
    """Answer with a cutout on canvases of these ratios, by what their files are named for."""
    current = finishes.get_current(result.photo)
    entries = []
    for word, ratio in ratios.items():
        framed = replace(current, finish=finishes.reframe(current.finish, ratio))
        if render := renders.find_picture(result, framed):  # which a canvas of its own always is
            entries.append(Entry(str(result.file), name_framed(result, word, render.format), render))
    return send_entries(entries, name_framed(result, "frames", "zip"))


def name_framed(result: Result, word: str, ending: str) -> str:
    return f"{get_stem(result.photo)} {word}.{ending}"


def send_entries(
    entries: list[Entry], file_name: str, notes: dict[str, str] | None = None
) -> StreamingHttpResponse:
    """Answer with an archive of these entries. notes: texts to go along, by name."""
    return send_parts(write_archive(entries, notes or {}), file_name)


def send_parts(parts: Generator[bytes], file_name: str) -> StreamingHttpResponse:
    """Answer with an archive whose bytes are made while they are sent."""
    response = StreamingHttpResponse(ArchiveStream(parts), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    response["Cache-Control"] = NEVER
    return response
