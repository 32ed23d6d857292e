"""Statements of origin in IPTC's older form, the Information Interchange Model 4.2, which JPEG and TIFF have.

It has no place for a kind of source. Readers of XMP take that first.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from .statement import MOST_CREATORS, Statement, tidy

CHARACTERS, VERSION, CREATOR, CREDIT, RIGHTS = (1, 90), (2, 0), (2, 80), (2, 110), (2, 116)
UTF8 = b"\x1b%G"
MOST = {CREATOR: 32, CREDIT: 32, RIGHTS: 128}
"""Bytes that a value may have."""

Values = Mapping[tuple[int, int], bytes | Sequence[bytes]]
"""Values by record and number, as Pillow reads them."""


def read_values(values: Values) -> Statement:
    """Return what the datasets say."""

    def read(name: tuple[int, int]) -> list[str]:
        value = values.get(name, [])
        found = [value] if isinstance(value, bytes) else list(value)
        return [text for one in found if (text := tidy(_decode(one)))]

    creators = tuple(read(CREATOR)[:MOST_CREATORS])
    return Statement("", creators, "".join(read(RIGHTS)[:1]), "".join(read(CREDIT)[:1]))


def make_values(statement: Statement) -> bytes:
    """Return a statement as datasets, in UTF-8; nothing where they have no place for what it says."""
    told = [(CREATOR, one) for one in statement.creators]
    told += [(name, one) for name, one in ((CREDIT, statement.credit), (RIGHTS, statement.rights)) if one]
    if not told:
        return b""
    made = _pack(CHARACTERS, UTF8) + _pack(VERSION, struct.pack(">H", 4))
    return made + b"".join(_pack(name, _cut(text, MOST[name])) for name, text in told)


def _pack(name: tuple[int, int], value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, *name, len(value)) + value


def _cut(text: str, most: int) -> bytes:
    """Return a text in so many bytes at most, without half a letter."""
    return text.encode()[:most].decode(errors="ignore").encode()


def _decode(value: bytes) -> str:
    # Many writers do not say which letters theirs are; what is UTF-8 is so hardly by chance.
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
