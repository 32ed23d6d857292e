"""The boxes of an ISO base media file (ISO/IEC 14496-12, 23008-12) that tell of its picture's colours."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

LARGEST_META = 8 << 20
"""Bytes of a meta box that is read: a profile and the places of a few hundred tiles are far less."""

Property = tuple[bytes, bytes]
"""A box's type, and what it holds."""


def properties(file: BinaryIO) -> list[Property]:
    """Return the properties (colr, clli, mdcv, irot …) of the file's primary picture, in the file's order.

    Raises struct.error, ValueError or IndexError where the boxes are damaged; none where there are none.
    """
    meta = dict(_inside(_meta(file)[4:]))
    if b"pitm" not in meta or b"iprp" not in meta:
        return []
    primary = _number(meta[b"pitm"], 4, 4 if meta[b"pitm"][0] else 2)
    tables = list(_inside(meta[b"iprp"]))
    known = [box for name, content in tables if name == b"ipco" for box in _inside(content)]
    indices = [at for name, content in tables if name == b"ipma" for at in _associated(content, primary)]
    return [known[at - 1] for at in indices if 1 <= at <= len(known)]


def _meta(file: BinaryIO) -> bytes:
    """Return what the file's meta box holds."""
    file.seek(0)
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        header = 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            header = 16
        if name == b"meta":
            return file.read(min(size - header, LARGEST_META) if size else LARGEST_META)
        if size < header:
            break
        file.seek(size - header, io.SEEK_CUR)
    return b""


def _inside(content: bytes) -> Iterator[Property]:
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        header = 8
        if size == 1:
            (size,) = struct.unpack(">Q", content[at + 8 : at + 16])
            header = 16
        elif size == 0:
            size = len(content) - at
        if size < header:
            raise ValueError(name)
        yield name, content[at + header : at + size]
        at += size


def _associated(content: bytes, item: int) -> Iterator[int]:
    """Yield the indices, from 1, of the properties of an item, from an ItemPropertyAssociationBox."""
    version, wide = content[0], content[3] & 1
    (entries,) = struct.unpack(">I", content[4:8])
    at = 8
    for _ in range(entries):
        width = 2 if version < 1 else 4
        number = _number(content, at, width)
        count = content[at + width]
        at += width + 1
        for _ in range(count):
            index = _number(content, at, 2) & 0x7FFF if wide else content[at] & 0x7F
            at += 2 if wide else 1
            if number == item:
                yield index


def _number(content: bytes, at: int, width: int) -> int:
    return int(struct.unpack(">H" if width == 2 else ">I", content[at : at + width])[0])
