"""Making copies of people's data: ZIPs written straight into storage by whoever holds the row.

No more is in memory than a chunk and the names, and nothing lies on this machine's disk but the list. Where a
worker dies, its lease runs out and another begins anew; where a file is gone, the list says so.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from accounts import audit, belongings
from accounts.belongings import Piece
from accounts.emails.queue import send_export_note
from accounts.models import Export, User
from accounts.models.export import LASTS, MAX_ATTEMPTS
from web import clock
from web.file_answers import CHUNK
from web.language.sentences import tell
from web.spreadsheets import write_lines

from . import asking, contents

logger = logging.getLogger(__name__)

# Seconds between two looks for what is asked for, and between two notes of how far it is.
LOOK_EVERY = 5.0
NOTE_EVERY = 2.0
# How long one that failed is left alone before it is tried again.
PAUSE = timedelta(seconds=30)

LIST = "files.csv"
HEADS = ("file", "what", "of", "made", "bytes", "note")
GONE = "The file is gone from the studio's storage."
FAILED = "The copy could not be made. Ask for it again; if it fails again, tell the studio's admin."
NO_ROOM = "The studio's disk has no room for a copy of all your data. Tell its admin, then ask again."
README = gettext_noop(
    """This is a copy of all that the studio has of you.

files.csv      every file in here: what it is, of which photo, and when it was made.
               A file that was lost before is in the list too, with a note instead of its size.
profile.json   who you are here, and what opens your account.
ledger.csv     every entry of your credits.
keys.csv       your API keys. Their secrets are kept nowhere, so they are not in here either.

Times are in UTC. Pictures are as they came, and as they were made.
"""
)


class LetGo(Exception):
    """The row is another worker's by now, or was deleted, or this process is to stop."""


def keep_making(stop: threading.Event) -> None:
    """Make what is asked for until told to stop. For a thread of its own: it takes minutes."""
    while not stop.wait(LOOK_EVERY):
        close_old_connections()
        try:
            make_due(stop.is_set)
        except Exception:
            # Database, storage or queue are away: rows stay, and are taken up again.
            logger.exception("The copies of people's data could not be made; they are made later.")
    connection.close()


def make_due(is_stopped: Callable[[], bool] = lambda: False) -> int:
    """Make the copies that wait, one after the other. Return how many were done."""
    count = 0
    for export in Export.objects.due().select_related("owner__plan"):
        if is_stopped():
            break
        count += make(export, is_stopped)
    return count


def make(export: Export, is_stopped: Callable[[], bool] = lambda: False) -> bool:
    """Make one copy. False where another has it, or it failed."""
    if export.attempts >= MAX_ATTEMPTS:
        return fail(export, FAILED)
    left_over, name = export.stored, export.claim()
    if name is None:
        return False
    if left_over:
        default_storage.delete(left_over)
    writing = Writing(export, is_stopped)
    if not belongings.has_room_for(writing.total):
        return fail(export, NO_ROOM)
    try:
        with translation.override(export.owner.language or settings.LANGUAGE_CODE):
            writing.write_to(name)
    except LetGo:
        # Told to stop: the next one begins at once, and no attempt was lost.
        export.hold(state=Export.State.WAITING, lease_expires_at=None, attempts=export.attempts)
    except (DatabaseError, InterfaceError):
        # Its lease runs out, and then it is taken up again.
        raise
    except Exception:
        logger.exception("The copy of the data of person %s failed; it is tried again.", export.owner_id)
        export.hold(lease_expires_at=clock.now() + PAUSE)
    else:
        if settle(export, writing):
            hand_over(export)
            return True
    default_storage.delete(name)
    return False


def settle(export: Export, writing: "Writing") -> bool:
    """Let its owner have it. False where it is wanted no more."""
    now = clock.now()
    return export.hold(
        state=Export.State.DONE,
        total=writing.total,
        gathered=writing.total,
        bytes=writing.bytes,
        files=writing.files,
        missing=writing.missing,
        lease_expires_at=None,
        ended_at=now,
        expires_at=now + LASTS,
    )


def hand_over(export: Export) -> None:
    """Put it in the place of older ones, on record, and tell its owner by a letter."""
    asking.forget(list(Export.objects.owned_by(export.owner).exclude(pk=export.pk)))
    audit.record(None, "made a copy of somebody's data", export.owner, by="studio")
    send_export_note.enqueue(export.owner_id)


def fail(export: Export, sentence: str) -> bool:
    """End one that cannot be made, with the reason. Return False, as it was not made."""
    now = clock.now()
    rows = Export.objects.under_way().filter(pk=export.pk, token=export.token)
    ends = {"ended_at": now, "expires_at": now + LASTS, "lease_expires_at": None}
    if rows.update(state=Export.State.FAILED, message=sentence, stored="", **ends) and export.stored:
        default_storage.delete(export.stored)
    return False


class Writing:
    """One ZIP on its way into storage, and how far it is."""

    def __init__(self, export: Export, is_stopped: Callable[[], bool]) -> None:
        self.export, self.is_stopped = export, is_stopped
        self.total = belongings.count_bytes(export.owner)
        self.gathered = self.bytes = self.files = self.missing = 0
        self.noted_at = 0.0
        self.taken: set[str] = set()

    def write_to(self, name: str) -> None:
        """Write all of it into a file of the storage. Raises LetGo, OSError."""
        # Made first, as not every storage makes folders for what is opened.
        if default_storage.save(name, ContentFile(b"")) != name:
            raise FileExistsError(name)
        with default_storage.open(name, "wb") as target:
            for chunk in self.pack():
                target.write(chunk)
                self.bytes += len(chunk)
                self.note()

    def note(self) -> None:
        """Keep the row, and say in it how far this is. Raises LetGo where it is this worker's no more."""
        if time.monotonic() - self.noted_at < NOTE_EVERY:
            return
        self.noted_at = time.monotonic()
        if self.is_stopped() or not self.export.hold(total=self.total, gathered=self.gathered):
            raise LetGo

    def pack(self) -> Generator[bytes]:
        """Yield the ZIP's bytes; the list of all that is in it comes last, as it is known then."""
        stream = ZipStream(compress_type=ZIP_STORED)
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as lines:
            lines.write(write_lines([HEADS]))
            self.add_text(stream, "README.txt", [gettext(README)])
            yield from stream.file()
            for piece in list_pieces(self.export.owner):
                path = self.keep_apart(piece.path)
                size = yield from self.add(stream, piece, path)
                note = GONE if size is None else piece.note
                lines.write(
                    write_lines([(path, tell(piece.kind), piece.source, piece.made, size or "", tell(note))])
                )
            lines.seek(0)
            self.add_text(stream, LIST, iter(lambda: lines.read(CHUNK), ""))
            yield from stream.finalize()

    def add(self, stream: ZipStream, piece: Piece, path: str) -> Generator[bytes, None, int | None]:
        """Yield the bytes of a piece, and return how many it has; None where its file is gone."""
        before = self.gathered
        if piece.stored:
            try:
                file = default_storage.open(piece.stored)
            except FileNotFoundError:
                logger.error("The stored file %s is missing (wanted for a copy of data).", piece.stored)
                self.missing += 1
                return None
            with file:
                # Pictures are compressed already: packing them again costs time and gains nothing.
                stream.add(self.count(file), path)
                yield from stream.file()
        else:
            self.add_text(stream, path, piece.text)
            yield from stream.file()
        self.files += 1
        return self.gathered - before if piece.stored else 0

    def count(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield a file's bytes, counted."""
        while chunk := file.read(CHUNK):
            self.gathered += len(chunk)
            yield chunk

    def add_text(self, stream: ZipStream, path: str, text: Iterable[str]) -> None:
        stream.add((part.encode() for part in text), path, compress_type=ZIP_DEFLATED)

    def keep_apart(self, path: str) -> str:
        """Return a path that no other has, also where capitals make no difference."""
        folder, slash, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, f".{ending}") if dot and stem else (name, "")
        number, kept = 1, path
        while kept.casefold() in self.taken:
            number += 1
            kept = f"{folder}{slash}{stem}-{number}{ending}"
        self.taken.add(kept.casefold())
        return kept


def list_pieces(user: User) -> Iterator[Piece]:
    """Yield all that is somebody's: the account's own, then what others keep."""
    yield from contents.list_pieces(user)
    yield from belongings.list_pieces(user)
