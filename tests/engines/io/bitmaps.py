"""BMP files of every layout, written byte by byte, with the pixels that arithmetic says they hold."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 37, 23
BITFIELDS, ALPHA_BITFIELDS = 3, 6
HEADERS = {12: 0, 16: 0, 40: 0, 52: 12, 56: 16, 64: 24, 108: 68, 124: 84}
"""Sizes of headers, and how much of that is behind a BITMAPINFOHEADER."""

Pixels = NDArray[np.float64]


def slopes() -> NDArray[np.uint8]:
    """Return RGBA whose channels all differ, opaque at the left and at two fifths at the right."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return np.dstack(
        [
            columns * 255 // (WIDTH - 1),
            rows * 255 // (HEIGHT - 1),
            (rows + columns) * 255 // (HEIGHT + WIDTH - 2),
            np.where(columns < WIDTH // 2, 255, 102),
        ]
    ).astype(np.uint8)


def masked(
    bits: int, masks: tuple[int, ...], *, header: int = 40, packing: int = BITFIELDS, from_top: bool = False
) -> tuple[bytes, Pixels]:
    """Return a file whose channels lie under masks (red, green, blue and perhaps alpha), and its RGBA."""
    values, truth = np.zeros((HEIGHT, WIDTH), np.uint64), slopes().astype(np.float64)
    truth[..., 3] = 255
    for channel, mask in enumerate(masks):
        if mask:
            lowest = (mask & -mask).bit_length() - 1
            most = mask >> lowest
            level = np.rint(slopes()[..., channel] * (most / 255)).astype(np.uint64)
            values |= level << np.uint64(lowest)
            truth[..., channel] = level * (255 / most)
    pixels = values.astype("<u2" if bits == 16 else "<u4").view(np.uint8)
    return bitmap(pixels, bits, header=header, packing=packing, masks=masks, from_top=from_top), truth


def indexed(bits: int, *, header: int = 40, colours: int = 0) -> tuple[bytes, Pixels]:
    """Return a file of indices into a table of colours (0: as many as there can be), and its RGBA."""
    count = colours or 1 << bits
    table = np.random.default_rng(bits).integers(0, 256, (count, 4), dtype=np.uint8)
    indices = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) % min(count, 1 << bits)
    truth = np.dstack([table[indices][..., 2::-1], np.full((HEIGHT, WIDTH), 255)]).astype(np.float64)
    single = np.unpackbits(indices.astype(np.uint8)[..., None], axis=2)[..., 8 - bits :].reshape(HEIGHT, -1)
    entries = table[:, :3] if header == 12 else table
    return bitmap(np.packbits(single, axis=1), bits, header=header, table=entries, colours=colours), truth


def bitmap(
    rows: NDArray[np.uint8],
    bits: int,
    *,
    header: int = 40,
    packing: int = 0,
    masks: tuple[int, ...] = (),
    table: NDArray[np.uint8] | None = None,
    colours: int = 0,
    from_top: bool = False,
) -> bytes:
    """Return a file of rows of bytes, each filled up to a multiple of four."""
    filled = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    pixels = (filled if from_top else filled[::-1]).tobytes()
    height = -HEIGHT if from_top else HEIGHT
    if header == 12:
        head = struct.pack("<IHHHH", header, WIDTH, HEIGHT, 1, bits)
    elif header == 16:
        head = struct.pack("<IIIHH", header, WIDTH, HEIGHT, 1, bits)
    else:
        fields = (header, WIDTH, height, 1, bits, packing, len(pixels), 2835, 2835, colours, 0)
        head = struct.pack("<IiiHHIIiiII", *fields)
        told = struct.pack(f"<{len(masks)}I", *masks)
        head += told[: HEADERS[header]].ljust(HEADERS[header], b"\0") if header > 40 else told
    head += b"" if table is None else table.tobytes()
    start = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + head + pixels
