"""The boxes of ISO base media files (ISO/IEC 14496-12, 23008-12): what their picture is, and its colours."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LARGEST_META = 8 << 20
"""Bytes of a meta box that is read: a profile and the places of a few hundred tiles are far less."""

Property = tuple[bytes, bytes]
"""A box's type, and what it holds."""


@dataclass(frozen=True)
class Items:
    """What a file's meta box says of its items, by their numbers.

    kinds: hvc1, av01, grid, Exif … parts: what a derived picture is put together from. ends: where in the
    file an item's bytes end.
    """

    primary: int
    kinds: dict[int, bytes]
    parts: dict[int, list[int]]
    ends: dict[int, int]


def items(file: BinaryIO) -> Items | None:
    """Return what the meta box of a still picture says; None where there is none.

    Raises struct.error, ValueError or IndexError where the boxes are damaged.
    """
    meta = dict(_inside(_meta(file)[4:]))
    if meta.get(b"hdlr", b"")[8:12] != b"pict" or b"pitm" not in meta or b"iinf" not in meta:
        return None
    primary = _number(meta[b"pitm"], 4, 4 if meta[b"pitm"][0] else 2)
    kinds = dict(_kinds(meta[b"iinf"]))
    return Items(primary, kinds, dict(_parts(meta.get(b"iref", b""))), dict(_ends(meta.get(b"iloc", b""))))


def properties(file: BinaryIO, item: int | None = None) -> list[Property]:
    """Return the properties (colr, clli, mdcv, irot …) of an item, in the file's order.

    Of the primary picture where no item is named.

    Raises struct.error, ValueError or IndexError where the boxes are damaged; none where there are none.
    """
    meta = dict(_inside(_meta(file)[4:]))
    if b"pitm" not in meta or b"iprp" not in meta:
        return []
    if item is None:
        item = _number(meta[b"pitm"], 4, 4 if meta[b"pitm"][0] else 2)
    tables = list(_inside(meta[b"iprp"]))
    known = [box for name, content in tables if name == b"ipco" for box in _inside(content)]
    indices = [at for name, content in tables if name == b"ipma" for at in _read_associations(content, item)]
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


def _read_associations(content: bytes, item: int) -> Iterator[int]:
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


def _kinds(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield numbers and kinds of the items of an ItemInfoBox."""
    for name, entry in _inside(content[8 if content[0] else 6 :]):
        if name == b"infe" and entry[0] >= 2:
            width = 2 if entry[0] == 2 else 4
            yield _number(entry, 4, width), entry[6 + width : 10 + width]


def _parts(content: bytes) -> Iterator[tuple[int, list[int]]]:
    """Yield derived pictures and what they are put together from, from an ItemReferenceBox."""
    width = 4 if content[:1] > b"\0" else 2
    for name, entry in _inside(content[4:]):
        if name == b"dimg":
            count = _number(entry, width, 2)
            yield (
                _number(entry, 0, width),
                [_number(entry, width + 2 + width * at, width) for at in range(count)],
            )


def _ends(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield items and where in the file their bytes end, from an ItemLocationBox."""
    reader = io.BytesIO(content)

    def number(size: int) -> int:
        return int.from_bytes(reader.read(size), "big")

    version = number(4) >> 24
    sizes = number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        within = number(2) & 15 if version else 0
        number(2)
        base, ends = number(base_size), [0]
        for _ in range(number(2)):
            number(index_size)
            ends.append(base + number(offset_size) + number(length_size))
        if not within:
            yield item, max(ends)
