"""Byte ranges: what a Range header asks for of a file (RFC 9110, chapter 14)."""

import re
from dataclasses import dataclass
from typing import IO, Any

from django.http import HttpRequest

UNIT = "bytes"
PART = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*")
MOST_DIGITS = 18  # no file is longer, and int() of very many takes long


class Unsatisfiable(Exception):
    """The part lies behind the file's end."""


@dataclass(frozen=True)
class Part:
    """Some bytes of a file, at least one: from start on, so many. size: of the whole file."""

    start: int
    length: int
    size: int

    @property
    def bounds(self) -> str:
        return f"{self.start}-{self.start + self.length - 1}"

    @property
    def header(self) -> str:
        return f"{UNIT} {self.bounds}/{self.size}"

    def begin(self, file: IO[bytes] | Any) -> IO[bytes] | Any:
        """Return what to read the part from, at its start: the file, or what a bucket sends of it.

        A file in S3 is fetched whole as soon as it is touched; of its object a part can be had alone.
        """
        if open_part := getattr(file, "open_part", None):  # of editor.files.picture_store
            return open_part(self.bounds)
        file.seek(self.start)
        return file


def parse_range(request: HttpRequest, size: int, etag: str | None) -> Part | None:
    """Return the part of a file that a request asks for, None for all of it.

    etag: the file's, quoted; None where it has none. Whoever has a part of another file gets all of this
    one, and so does who asks for several parts, which a server may do. Raises Unsatisfiable.
    """
    unit, _, wanted = request.headers.get("Range", "").partition("=")
    before = request.headers.get("If-Range")
    if request.method != "GET" or unit.strip().lower() != UNIT or before not in (None, etag):
        return None
    found = PART.fullmatch(wanted)
    if found is None or not (found[1] or found[2]) or max(map(len, found.groups())) > MOST_DIGITS:
        return None
    if not found[1]:  # the last so many
        length = min(int(found[2]), size)
        start = size - length
    else:
        start = int(found[1])
        end = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < start:
            return None
        length = end - start + 1
    if length <= 0:
        raise Unsatisfiable
    return Part(start, length, size)
