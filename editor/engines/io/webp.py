"""WebP files by their chunks (RFC 9649): their canvas, and what is whole of one that was cut short."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

PIXELS = {b"VP8 ", b"VP8L", b"ANMF"}
SIGNATURE = struct.Struct("<4sI4s")
FIRST_CHUNK = 12 + 8


def read_canvas(file: BinaryIO) -> tuple[int, int] | None:
    """Return the width and height that a file's first chunk promises; None where it does not say."""
    file.seek(0)
    head = file.read(FIRST_CHUNK + 10)
    kind, content = head[12:16], head[FIRST_CHUNK:]
    if len(content) < 10:
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
    if kind == b"VP8L":
        sides = int.from_bytes(content[1:5], "little")
        return 1 + (sides & 0x3FFF), 1 + (sides >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None


def strip_cut_chunks(data: bytes) -> bytes | None:
    """Return a file with only the chunks that are there to their end, if a picture is among them; else None.

    What was cut off a file is often its last chunk, EXIF or XMP, or a byte that fills the last one up.
    """
    kept = list(_chunks(data))
    if not PIXELS.intersection(kind for kind, _ in kept):
        return None
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for kind, content in kept
    )
    return SIGNATURE.pack(b"RIFF", 4 + len(body), b"WEBP") + body


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = SIGNATURE.size
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        content = data[at + 8 : at + 8 + size]
        if len(content) < size:
            return
        yield kind, content
        at += 8 + size + size % 2
