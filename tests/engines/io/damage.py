"""Files that make trouble: bombs, impostors and odd ones, written byte by byte."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

NOT_PICTURES = {
    "empty": b"",
    "text": b"Dear all,\nplease find attached nothing.\n" * 20,
    "html": b"<!DOCTYPE html><html><body>404</body></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>',
    "svg with prolog": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "zip": b"PK\x03\x04" + bytes(60),
    "zeros": bytes(4096),
    "jpeg signature alone": b"\xff\xd8\xff",
    "png signature alone": b"\x89PNG\r\n\x1a\n",
    "webp signature alone": b"RIFF\x10\x00\x00\x00WEBP",
    "tiff signature alone": b"II*\x00",
    "heic signature alone": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1",
    "avif signature alone": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1",
    "video": b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + bytes(40),
    "raw signature alone": b"FUJIFILMCCD-RAW 0201" + bytes(80),
}


def png_promising(width: int, height: int) -> bytes:
    """Return a small PNG whose header promises width x height pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(min(3 * width * height, 48_000_000)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def deep_png(levels: NDArray[np.uint16]) -> bytes:
    """Return a one-row PNG of 16 bits a channel whose red, green and blue are the levels."""
    header = struct.pack(">IIBBBBB", len(levels), 1, 16, 2, 0, 0, 0)
    row = b"\0" + np.repeat(levels[:, None], 3, axis=1).astype(">u2").tobytes()
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(row)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def encoded(picture: Image.Image, format: str, **options: object) -> bytes:
    """Return the bytes of a picture file."""
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


Tag = tuple[int, int, int, bytes]
"""Number, type, count and little-endian bytes of a TIFF field."""


def dng(
    width: int,
    height: int,
    orientation: int = 1,
    *,
    light: NDArray[np.float64] | None = None,
    more: tuple[Tag, ...] = (),
    without: tuple[int, ...] = (),
) -> bytes:
    """Return a minimal DNG: a 16-bit Bayer (RGGB) mosaic of a warm gradient, uncompressed.

    light: what falls on the sensor instead, (height, width), 1 where it is full. more: tags that are
    added or go before its own; without: numbers of tags that are left out.
    """
    rows, columns = np.mgrid[:height, :width]
    level = 8000 + 40000 * columns / width if light is None else 65535 / 0.9 * light
    gain = np.where((rows % 2 == 0) & (columns % 2 == 0), 0.9, np.where((rows % 2) & (columns % 2), 0.4, 0.8))
    mosaic = np.minimum(level * gain, 65535).astype("<u2").tobytes()
    matrix = [(10000, 10000) if i % 4 == 0 else (0, 10000) for i in range(9)]
    tags: list[Tag] = [
        (254, 4, 1, struct.pack("<I", 0)),
        (256, 4, 1, struct.pack("<I", width)),
        (257, 4, 1, struct.pack("<I", height)),
        (258, 3, 1, struct.pack("<H", 16)),
        (259, 3, 1, struct.pack("<H", 1)),
        (262, 3, 1, struct.pack("<H", 32803)),
        (271, 2, 5, b"Test\0"),
        (272, 2, 5, b"Test\0"),
        (273, 4, 1, b"DATA"),
        (274, 3, 1, struct.pack("<H", orientation)),
        (277, 3, 1, struct.pack("<H", 1)),
        (278, 4, 1, struct.pack("<I", height)),
        (279, 4, 1, struct.pack("<I", len(mosaic))),
        (33421, 3, 2, struct.pack("<HH", 2, 2)),
        (33422, 1, 4, bytes([0, 1, 1, 2])),
        (50706, 1, 4, bytes([1, 4, 0, 0])),
        (50708, 2, 5, b"Test\0"),
        (50714, 3, 1, struct.pack("<H", 0)),
        (50717, 3, 1, struct.pack("<H", 65535)),
        (50721, 10, 9, b"".join(struct.pack("<ii", *pair) for pair in matrix)),
        (50728, 5, 3, struct.pack("<IIIIII", 1, 1, 1, 1, 1, 1)),
        (50778, 3, 1, struct.pack("<H", 21)),
    ]
    replaced = {tag[0] for tag in more} | set(without)
    tags = sorted([*(tag for tag in tags if tag[0] not in replaced), *more])
    directory_size = 2 + 12 * len(tags) + 4
    data_at = 8 + directory_size
    extra = b""
    entries = b""
    for tag, kind, count, value in tags:
        if len(value) > 4:
            entries += struct.pack("<HHII", tag, kind, count, data_at + len(extra))
            extra += value + b"\0" * (len(value) % 2)
        else:
            entries += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    entries = entries.replace(b"DATA", struct.pack("<I", data_at + len(extra)))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0) + extra + mosaic
