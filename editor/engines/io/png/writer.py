"""PNG files out: about as small as zlib's default makes them, in about the time of its quickest.

Rows are filtered by kernels of our own and packed in one of two ways, which a sample of the rows chooses:
by libdeflate, which finds most where a picture repeats itself; or by deflate_kernels.py, which leaves the
matches alone that noise is full of, and packs in pieces, so that two threads have work. What was measured:
docs/quality.md, `python -m bench.png`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import structure

COLOUR_TYPES = {1: 0, 3: 2, 4: 6}
"""By channels: grey, RGB, RGBA."""

ADLER = 65521
"""Adler-32's modulus (RFC 1950)."""

METRE = 0.0254
"""Inches are that."""

BAND = 1 << 20
"""Bytes of filtered rows that are one thread's at once."""

SAMPLED, SAMPLED_OF_LARGE, SAMPLE_ROWS = 16, 32, 8
"""One row of so many is tried, so many together; of small pictures all."""
SMALL, LARGE = 1 << 18, 1 << 21
"""Bytes of rows up to which both ways are gone to the end, and over which time is what counts: from
half a megapixel on somebody waits for it."""
WORTH_ITS_TIME = 0.85
"""Of what is large the slower way must make no more than this share."""
LEVEL, QUICK_LEVEL = 7, 1
"""libdeflate's last of few tries, as the next costs twice as much and saves one percent; and its quickest."""

Rows = NDArray[np.uint8]
_threads = ThreadPoolExecutor(2, thread_name_prefix="png")


XMP = b"XML:com.adobe.xmp\0\0\0\0\0"
"""What a chunk of text begins with whose words are a packet of XMP."""


def write(
    path: Path,
    pixels: NDArray[np.uint8],
    density: tuple[float, float] | None = None,
    *,
    text: bytes = b"",
    quick: bool = False,
) -> int:
    """Write uint8 pixels (H, W), (H, W, 3) or (H, W, 4) and return the file's size in bytes.

    density: pixels per inch across and down. text: a chunk iTXt's content to go along.
    quick: what is looked at once and thrown away may be larger.
    """
    height, width = pixels.shape[:2]
    channels = pixels.size // (height * width)
    chunks = describe(width, height, channels, density)
    if text:
        chunks.append((b"iTXt", text))
    rows = _filter_rows(np.ascontiguousarray(pixels).reshape(height, -1), channels)
    chunks += [(b"IDAT", pack_repetitive(rows, QUICK_LEVEL) if quick else _pack(rows)), (b"IEND", b"")]
    return structure.write(path, chunks)


def describe(
    width: int, height: int, channels: int, density: tuple[float, float] | None
) -> list[structure.Chunk]:
    """Return the chunks that stand before a picture's rows; see write."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0))]
    if density is not None:
        across, down = (int(value / METRE + 0.5) for value in density)
        chunks.append((b"pHYs", struct.pack(">IIB", across, down, 1)))
    return chunks


def _filter_rows(pixels: NDArray[np.uint8], channels: int) -> Rows:
    from . import filter_kernels

    height, width = pixels.shape
    made = np.empty((height, width + 1), np.uint8)
    blank = np.zeros((1, width), np.uint8)
    step = max(1, BAND // (width + 1))
    bands = [
        _threads.submit(
            filter_kernels.filter_rows, pixels, blank, channels, top, min(top + step, height), made
        )
        for top in range(0, height, step)
    ]
    for band in bands:
        band.result()
    return made


def _pack(rows: Rows) -> bytes:
    """Return filtered rows as a zlib stream."""
    sample = rows
    if rows.size > SMALL:
        every = SAMPLED if rows.size <= LARGE else SAMPLED_OF_LARGE
        tops = range(0, len(rows), every * SAMPLE_ROWS)
        sample = np.concatenate([rows[top : top + SAMPLE_ROWS] for top in tops])
    found = [_threads.submit(way, sample) for way in (pack_repetitive, pack_noisy)]
    repetitive, noisy = (way.result() for way in found)
    if sample is rows:
        return min(repetitive, noisy, key=len)
    if is_noisy(len(repetitive), len(noisy), rows.size):
        return pack_noisy(rows, _threads.map)
    return pack_repetitive(rows)


def is_noisy(repetitive: int, noisy: int, size: int) -> bool:
    """Whether rows of so many bytes are packed as photos are, by the bytes that a sample takes either way.

    What is large must repeat itself plainly for the slower way.
    """
    return noisy * (WORTH_ITS_TIME if size > LARGE else 1) <= repetitive


def pack_repetitive(rows: Rows, level: int = LEVEL) -> bytes:
    """Return rows as a zlib stream, packed as what repeats itself is."""
    import imagecodecs

    return bytes(imagecodecs.deflate_encode(rows, level=level))


def pack_noisy(rows: Rows, each: Callable[..., Iterable[tuple[bytes, int, int]]] = map) -> bytes:
    """Return rows as a zlib stream, packed as photos are.

    each: what calls the work on a band for all of them; threads must not wait for others of their own.
    """
    from . import deflate_kernels

    data, hurried = rows.reshape(-1), rows.size > LARGE

    def band(start: int) -> tuple[bytes, int, int]:
        end = min(start + BAND, len(data))
        out = np.empty((end - start) * 9 // 8 + 4096, np.uint8)
        size = deflate_kernels.deflate(data, start, end, end == len(data), hurried, out)
        return out[:size].tobytes(), zlib.adler32(data[start:end]), end - start

    adler, parts = 1, [b"\x78\x9c"]
    for content, sum_of_it, size in each(band, range(0, len(data), BAND)):
        parts.append(content)
        adler = combine(adler, sum_of_it, size)
    return b"".join([*parts, struct.pack(">I", adler)])


def combine(first: int, second: int, size: int) -> int:
    """Return the Adler-32 of two parts one behind the other, by those of each; size: the second's bytes."""
    low, other = first & 0xFFFF, second & 0xFFFF
    high = (size * (low - 1) + (first >> 16) + (second >> 16)) % ADLER
    return high << 16 | (low + other - 1) % ADLER
