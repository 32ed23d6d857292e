"""JPEGs in which white is white: what is marked comes out of every decoder as 255, 255, 255.

An ordinary encoder cannot promise that. Blocks of 8 x 8 pixels that a product reaches into ring: beside the
edge white becomes 254, 253, 251, at any quality. Here the white of such a block is asked to be brighter than
white, until all of it is white once a decoder has cut off what exceeds 255. That is done to red, green and
blue themselves, as of luma and two differences of colour only the first is cut off. So the file is an RGB
JPEG: its components are named so, and Adobe's marker says the same (T.872, 6.5.3). For the same error it is
no larger than an ordinary one.
"""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import row_bands, types
from editor.engines.io.colour.description import Density

from . import white_kernels

ROWS = 32
"""Rows of blocks that are worked on at once: it bounds memory."""

SIZE_OF_BLOCK = 64 * 3 * 3
"""Bytes that the codes of a block may take at most, in practice a hundredth."""

ZIGZAG = np.array(
    sorted(range(64), key=lambda k: (k // 8 + k % 8, k // 8 if (k // 8 + k % 8) % 2 else k % 8)), np.int64
)
"""Which coefficient, counted row by row, is sent as which (T.81, figure A.6)."""

FRAME, SCAN, TABLES, CODES = 0xC0, 0xDA, 0xDB, 0xC4
ADOBE = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
"""APP14 with transform 0: three components are red, green and blue."""


def encode(
    rgb: types.Image,
    white: types.Mask,
    *,
    quality: int,
    density: Density | None = None,
    icc: bytes = b"",
    segments: bytes = b"",
) -> bytes:
    """Return a JPEG of a picture whose marked pixels decode as 255, 255, 255.

    white: (H, W), where nothing but white is allowed; what rgb has there does not matter. quality: 1..100, as
    libjpeg counts. density: pixels per inch. icc: a profile to embed. segments: of
    metadata, whole.
    """
    steps, codes, codes_segment = _read_tables(quality)
    levels = _find_levels(rgb, white, steps)
    out = np.empty(len(levels) * SIZE_OF_BLOCK + 64, np.uint8)
    size = white_kernels.pack(levels, codes, out)
    height, width = white.shape
    head = [b"\xff\xd8", ADOBE]
    if density:
        head.append(_segment(0xE1, b"Exif\0\0" + _make_exif(density)))
    head.append(segments)
    if icc:
        head.append(_segment(0xE2, b"ICC_PROFILE\0\x01\x01" + icc))
    head.append(_segment(TABLES, b"\0" + steps[ZIGZAG].astype(np.uint8).tobytes()))
    names = (b"R", b"G", b"B")
    components = b"".join(name + b"\x11\0" for name in names)
    head.append(_segment(FRAME, struct.pack(">BHHB", 8, height, width, 3) + components))
    head.append(codes_segment)
    head.append(_segment(SCAN, b"\x03" + b"".join(name + b"\0" for name in names) + b"\0\x3f\0"))
    return b"".join(head) + out[:size].tobytes() + b"\xff\xd9"


def _find_levels(rgb: types.Image, white: types.Mask, steps: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return the coefficients in steps, (blocks, 3, 64), in zigzag order."""
    height, width = white.shape
    high, wide = -(-height // 8), -(-width // 8)
    levels = np.empty((high * wide, 3, 64), np.int16)
    for top in range(0, high, ROWS):
        rows = slice(top * 8, min(height, (top + ROWS) * 8))
        count = -(-(rows.stop - rows.start) // 8)
        room = (0, count * 8 - (rows.stop - rows.start)), (0, wide * 8 - width)
        marks = _cut(np.pad(white[rows], room, mode="edge")[..., np.newaxis], count, wide)[:, 0]
        blocks = _cut(np.pad(rgb[rows], (*room, (0, 0)), mode="edge"), count, wide)
        made = _find_band(blocks.astype(np.float32) - 128, marks, steps)
        levels[top * wide : top * wide + count * wide] = made[..., ZIGZAG]
    return levels


def _find_band(
    blocks: NDArray[np.float32], marks: types.Mask, steps: NDArray[np.float32]
) -> NDArray[np.int32]:
    """Return the coefficients in steps of blocks (N, 3, 64), of which marks (N, 64) are to be white."""
    count = marks.sum(axis=1)
    made = np.zeros(blocks.shape, np.int32)
    # White all over, and as bright as that needs to be: levels of a block's DC are eight times its own.
    made[count == 64, :, 0] = int(np.ceil(127 * 8 / steps[0]))
    plain = count == 0
    found = np.rint(blocks[plain] @ white_kernels.BASIS.T / steps)
    made[plain] = np.clip(found, -1023, 1023)
    mixed = np.flatnonzero((count > 0) & (count < 64))
    part = np.ascontiguousarray(blocks[mixed]).reshape(-1, 64)
    asked = np.repeat(marks[mixed], 3, axis=0)
    each = np.empty(part.shape, np.int32)
    row_bands.work(
        len(part),
        lambda first, end: white_kernels.brighten(
            part, asked, steps, white_kernels.BASIS, white_kernels.ACROSS, each, first, end
        ),
    )
    made[mixed] = each.reshape(-1, 3, 64)
    return made


def _cut[Kind: np.generic](picture: NDArray[Kind], high: int, wide: int) -> NDArray[Kind]:
    """Return a picture (8 high, 8 wide, C) as blocks, (high * wide, C, 64)."""
    parts = picture.reshape(high, 8, wide, 8, -1).transpose(0, 2, 4, 1, 3)
    return parts.reshape(high * wide, parts.shape[2], 64)


def _read_tables(quality: int) -> tuple[NDArray[np.float32], NDArray[np.int32], bytes]:
    """Return libjpeg's steps at a quality, the codes of T.81's annex K, (2, 256, 2), and their segments."""
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "JPEG", quality=quality)
    data = file.getvalue()
    steps, codes, segments, at = np.empty(64, np.float32), np.zeros((2, 256, 2), np.int32), b"", 2
    while data[at + 1] != SCAN:
        length = int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        if data[at + 1] == TABLES:
            steps[ZIGZAG] = np.frombuffer(body[1:65], np.uint8)
        elif data[at + 1] == CODES:
            segments += data[at : at + 2 + length]
            _read_codes(body, codes)
        at += 2 + length
    return steps, codes, segments


def _read_codes(body: bytes, codes: NDArray[np.int32]) -> None:
    """Read the tables of a DHT segment into codes, by class: DC 0, AC 1 (T.81, annex C)."""
    while body:
        table, counts, code, at = body[0] >> 4, body[1:17], 0, 17
        for bits, count in enumerate(counts, 1):
            for symbol in body[at : at + count]:
                codes[table, symbol] = code, bits
                code += 1
            at += count
            code <<= 1
        body = body[at:]


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _make_exif(density: Density) -> bytes:
    """Return EXIF of a density alone: an RGB JPEG has no JFIF header, whose place it is."""
    entries, rationals = [(0x011A, 5), (0x011B, 5), (0x0128, 3)], b""
    found = struct.pack(">2sHIH", b"MM", 42, 8, len(entries))
    for number, (tag, kind) in enumerate(entries):
        if kind == 3:
            found += struct.pack(">HHIHH", tag, kind, 1, 2, 0)
        else:
            found += struct.pack(">HHII", tag, kind, 1, 8 + 2 + 12 * len(entries) + 4 + len(rationals))
            rationals += struct.pack(">II", round(density[number] * 100), 100)
    return found + b"\0\0\0\0" + rationals
