"""XMP in an AVIF that was written without: one item more (ISO/IEC 23008-12), its bytes at the file's end."""

from __future__ import annotations

import struct

KIND = b"application/rdf+xml"
META_HEAD = 12


def add_packet(data: bytes, packet: bytes) -> bytes:
    """Return an AVIF of one picture with a packet of XMP.

    As libavif writes them: places of 4 bytes, items counted in 2. Raises ValueError for any other.
    """
    start, size = _find_meta(data)
    parts = dict(_list_parts(data[start + META_HEAD : start + size]))
    places, infos = parts[b"iloc"], parts[b"iinf"]
    if places[:6] != b"\0\0\0\0\x44\0" or infos[0]:
        raise ValueError("an AVIF whose items lie elsewhere")
    number = int.from_bytes(infos[4:6]) + 1
    entry = struct.pack(">BBHHH4s", 2, 0, 0, number, 0, b"mime") + b"XMP\0" + KIND + b"\0"
    parts[b"iinf"] = infos[:4] + struct.pack(">H", number) + infos[6:] + _box(b"infe", entry)
    primary = int.from_bytes(parts[b"pitm"][4:6])
    describes = _box(b"cdsc", struct.pack(">HHH", number, 1, primary))
    parts[b"iref"] = parts.get(b"iref", b"\0\0\0\0") + describes
    # Where things lie changes with what is said of them, and that does not change how long it is.
    parts[b"iloc"] = _move(places, 0) + struct.pack(">HHHII", number, 0, 1, 0, len(packet))
    longer = META_HEAD + sum(len(_box(name, part)) for name, part in parts.items()) - size
    end = len(data) + longer + 8
    parts[b"iloc"] = _move(places, longer) + struct.pack(">HHHII", number, 0, 1, end, len(packet))
    meta = b"".join(_box(name, part) for name, part in parts.items())
    made = struct.pack(">I", META_HEAD + len(meta)) + data[start + 4 : start + META_HEAD] + meta
    return data[:start] + made + data[start + size :] + _box(b"mdat", packet)


def _find_meta(data: bytes) -> tuple[int, int]:
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"meta":
            return at, size
        if size < 8:
            break
        at += size
    raise ValueError("an AVIF without a meta box")


def _list_parts(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        found.append((name, content[at + 8 : at + size]))
        at += size
    return found


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def _move(places: bytes, by: int) -> bytes:
    """Return an ItemLocationBox whose parts lie so many bytes further on, with one item more to come."""
    count = int.from_bytes(places[6:8])
    made, at = places[:6] + struct.pack(">H", count + 1), 8
    for _ in range(count):
        (extents,) = struct.unpack(">H", places[at + 4 : at + 6])
        made += places[at : at + 6]
        at += 6
        for _ in range(extents):
            offset, length = struct.unpack(">II", places[at : at + 8])
            made += struct.pack(">II", offset + by, length)
            at += 8
    return made
