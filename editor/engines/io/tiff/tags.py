"""The directories of a TIFF file, classic or BigTIFF, read without trust.

Imports the standard library alone. A directory's entries are read at once, what they point to only
when asked for, and never more of it than the caller allows: a count of four thousand million costs
nothing. TIFF 6.0 (Adobe 1992), TIFF Technical Notes 1 to 3, BigTIFF (libtiff).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

MOST_ENTRIES = 4096
MOST_DIRECTORIES = 64
"""Of one chain; scanners write hundreds, but the picture is not behind 64 thumbnails."""
MOST_CHILDREN = 16
MOST_ENTRIES_IN_ALL = 1 << 16
"""Read of one file: directories may lie over one another, and a small file may promise millions."""
MOST_VALUES = 1 << 20
MOST_BYTES = 1 << 25

# Bytes and struct code of the field types; 10 and 5 are pairs.
FIELDS = {
    1: (1, "B"),
    2: (1, "B"),
    3: (2, "H"),
    4: (4, "I"),
    5: (8, "II"),
    6: (1, "b"),
    7: (1, "B"),
    8: (2, "h"),
    9: (4, "i"),
    10: (8, "ii"),
    11: (4, "f"),
    12: (8, "d"),
    13: (4, "I"),
    16: (8, "Q"),
    17: (8, "q"),
    18: (8, "Q"),
}

SUB_IFDS = 330

Number = int | float


class Damaged(Exception):
    """A directory, or what one of its entries points to, is not in the file or makes no sense."""


@dataclass(frozen=True)
class Entry:
    """One field of a directory. at: where its values begin in the file."""

    kind: int
    count: int
    at: int

    @property
    def bytes(self) -> int:
        return self.count * FIELDS[self.kind][0]


class Directory:
    """One directory (IFD), and its entries by their tag."""

    def __init__(self, file: BinaryIO, order: str, entries: dict[int, Entry]) -> None:
        self._file, self.order, self.entries = file, order, entries

    def __contains__(self, tag: int) -> bool:
        return tag in self.entries

    def file_size(self) -> int:
        """Return how many bytes the whole file has."""
        return self._file.seek(0, 2)

    def count(self, tag: int) -> int:
        """Return how many values a field promises; 0 where it is absent."""
        entry = self.entries.get(tag)
        return entry.count if entry else 0

    def data(self, tag: int, most: int = MOST_BYTES) -> bytes:
        """Return a field's bytes as they are in the file; empty where it is absent. Raises Damaged."""
        entry = self.entries.get(tag)
        if entry is None:
            return b""
        if entry.bytes > most:
            raise Damaged(f"field {tag} has {entry.bytes} bytes")
        return _read(self._file, entry.at, entry.bytes)

    def numbers(self, tag: int, most: int = MOST_VALUES) -> tuple[Number, ...]:
        """Return a field's values, rationals divided; empty where it is absent. Raises Damaged."""
        entry = self.entries.get(tag)
        if entry is None:
            return ()
        if entry.count > most:
            raise Damaged(f"field {tag} has {entry.count} values")
        return self._read_values(entry)

    def whole(self, tag: int, most: int = MOST_VALUES) -> tuple[int, ...]:
        """Return a field's values as whole numbers, which most fields have. Raises Damaged."""
        return _whole(tag, self.numbers(tag, most))

    def one(self, tag: int, default: int) -> int:
        """Return a field's first value, or default where it is absent; no more is read. Raises Damaged."""
        entry = self.entries.get(tag)
        if entry is None or not entry.count:
            return default
        return _whole(tag, self._read_values(replace(entry, count=1)))[0]

    def _read_values(self, entry: Entry) -> tuple[Number, ...]:
        code = FIELDS[entry.kind][1]
        data = _read(self._file, entry.at, entry.bytes)
        found = struct.unpack(f"{self.order}{entry.count * len(code)}{code[0]}", data)
        if len(code) == 2:
            return tuple(a / b if b else 0.0 for a, b in zip(found[::2], found[1::2], strict=True))
        return found

    def text(self, tag: int) -> str:
        return self.data(tag, 4096).split(b"\0")[0].decode("latin-1").strip()


class File:
    """The directories of a TIFF file that starts where `file` does. Raises Damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_ENTRIES_IN_ALL
        file.seek(0)
        head = file.read(16)
        if head[:4] not in MAGIC:
            raise Damaged("no TIFF signature")
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = b"+" in head[2:4]
        self._count, self._offset, self._inline = ("Q", "Q", 8) if self.big else ("H", "I", 4)
        try:
            if self.big:
                size, zero, self.first = struct.unpack(f"{self.order}HHQ", head[4:16])
                if (size, zero) != (8, 0):
                    raise Damaged("no BigTIFF of 8-byte offsets")
            else:
                (self.first,) = struct.unpack(f"{self.order}I", head[4:8])
        except struct.error as exc:
            raise Damaged("the header is cut short") from exc

    def chain(self) -> Iterator[Directory]:
        """Yield the directories of the file's chain in order; it ends where one is damaged.

        The first must be sound. Raises Damaged.
        """
        seen: set[int] = set()
        at = self.first
        while at and at not in seen and len(seen) < MOST_DIRECTORIES:
            try:
                directory, following = self._read(at)
            except Damaged:
                if not seen:
                    raise
                return
            seen.add(at)
            yield directory
            at = following

    def children(self, directory: Directory) -> Iterator[Directory]:
        """Yield the sound ones of a directory's sub-directories."""
        try:
            places = directory.whole(SUB_IFDS, MOST_CHILDREN)
        except Damaged:
            return
        for at in dict.fromkeys(places):
            try:
                yield self._read(at)[0]
            except Damaged:
                continue

    def _read(self, at: int) -> tuple[Directory, int]:
        """Return the directory at an offset and where the next one is, 0 after the last."""
        counted, step = struct.calcsize(self._count), 4 + 2 * self._inline
        (entries,) = self._unpack(f"{self._count}", at)
        if not 1 <= entries <= MOST_ENTRIES:
            raise Damaged(f"a directory of {entries} entries")
        self._left -= entries
        if self._left < 0:
            raise Damaged("more entries than any picture has")
        table = _read(self._file, at + counted, entries * step)
        found: dict[int, Entry] = {}
        for number in range(entries):
            tag, kind, count, value = struct.unpack_from(
                f"{self.order}HH{self._offset}{self._offset}", table, number * step
            )
            if kind not in FIELDS:
                continue
            entry = Entry(kind, count, value)
            if entry.bytes <= self._inline:
                entry = Entry(kind, count, at + counted + number * step + 4 + self._inline)
            # The first of two entries of one tag counts, as in libtiff.
            found.setdefault(tag, entry)
        try:
            (following,) = self._unpack(self._offset, at + counted + entries * step)
        except Damaged:
            following = 0
        return Directory(self._file, self.order, found), following

    def _unpack(self, code: str, at: int) -> tuple[int, ...]:
        code = f"{self.order}{code}"
        return struct.unpack(code, _read(self._file, at, struct.calcsize(code)))


def _whole(tag: int, numbers: tuple[Number, ...]) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in numbers)
    except (ValueError, OverflowError) as exc:
        raise Damaged(f"field {tag} is no number") from exc


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    try:
        file.seek(at)
    except (OverflowError, ValueError, OSError) as exc:
        raise Damaged("an offset beyond any file") from exc
    found = file.read(size)
    if len(found) < size:
        raise Damaged("what an offset points to is cut short")
    return found
