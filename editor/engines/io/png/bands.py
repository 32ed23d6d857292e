"""A PNG whose rows are packed in bands that know nothing of each other: where few change, few are packed.

Each band is a chunk of its own with its own deflate blocks, which end on a byte. So the file of a picture in
which some rows are others is made of the bands that were there and of few that are new, and has the same
bytes as if all were packed anew.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import structure, writer

_threads = ThreadPoolExecutor(2, thread_name_prefix="bands")

Pixels = NDArray[np.uint8]
ReadRows = Callable[[int, int], Pixels]
"""Returns rows first to last (outside) of a picture, (n, W, 4), as a file holds them."""


@dataclass(frozen=True)
class Band:
    """Rows as they are packed: the chunk's content, the sum of what it was, and how many bytes that were."""

    content: bytes
    adler: int
    size: int


class BandedPng:
    """A picture's rows, packed. width, height: of the picture, which is RGBA."""

    def __init__(self, width: int, height: int, read: ReadRows) -> None:
        self.width, self.height = width, height
        self.rows = max(1, writer.BAND // (4 * width + 1))
        self.noisy = self._is_noisy(read)
        self.bands: list[Band] = []
        self._pack_all(read, range(self.count))

    @property
    def count(self) -> int:
        """How many bands there are."""
        return -(-self.height // self.rows)

    @property
    def held(self) -> int:
        """Bytes that are held in memory."""
        return sum(len(band.content) for band in self.bands)

    def change(self, read: ReadRows, changed: Collection[tuple[int, int]]) -> BandedPng:
        """Return the picture with other pixels in ranges of its rows, first to last (outside)."""
        made = object.__new__(BandedPng)
        made.width, made.height, made.rows = self.width, self.height, self.rows
        made.bands = list(self.bands)
        # As the whole would be packed: who comes here by another way has the same file.
        made.noisy = made._is_noisy(read)
        if made.noisy != self.noisy:
            changed = [(0, self.height)]
        # The row behind a band's last is foretold from it.
        stale = {
            number
            for first, last in changed
            for number in range(first // self.rows, min(last, self.height - 1) // self.rows + 1)
        }
        made._pack_all(read, sorted(stale))
        return made

    def write(self, path: Path, density: tuple[float, float] | None = None) -> int:
        """Write the file, and return its size in bytes. density: pixels per inch across and down."""
        adler = 1
        for band in self.bands:
            adler = writer.combine(adler, band.adler, band.size)
        contents = [band.content for band in self.bands]
        contents[0] = b"\x78\x9c" + contents[0]
        contents[-1] += struct.pack(">I", adler)
        chunks = writer.describe(self.width, self.height, 4, density)
        chunks += [*((b"IDAT", content) for content in contents), (b"IEND", b"")]
        return structure.write(path, chunks)

    def _pack_all(self, read: ReadRows, numbers: Collection[int]) -> None:
        bands = dict(enumerate(self.bands))
        bands |= zip(numbers, _threads.map(lambda number: self._pack(read, number), numbers), strict=True)
        self.bands = [bands[number] for number in range(self.count)]

    def _pack(self, read: ReadRows, number: int) -> Band:
        first = number * self.rows
        last = min(first + self.rows, self.height)
        rows = self._filter(read, first, last)
        return Band(self._deflate(rows, last == self.height), zlib.adler32(rows), rows.size)

    def _filter(self, read: ReadRows, first: int, last: int) -> Pixels:
        """Return the filtered rows as one, (bytes,)."""
        from . import filter_kernels

        above = max(0, first - 1)
        pixels = read(above, last).reshape(last - above, -1)
        made = np.empty((len(pixels), pixels.shape[1] + 1), np.uint8)
        blank = np.zeros((1, pixels.shape[1]), np.uint8)
        filter_kernels.filter_rows(pixels, blank, 4, first - above, len(pixels), made)
        return made[first - above :].reshape(-1)

    def _deflate(self, rows: Pixels, final: bool) -> bytes:
        if not self.noisy:
            packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
            return packer.compress(rows) + packer.flush(zlib.Z_FINISH if final else zlib.Z_FULL_FLUSH)
        from . import deflate_kernels

        hurried = (4 * self.width + 1) * self.height > writer.LARGE
        out = np.empty(rows.size * 9 // 8 + 4096, np.uint8)
        return out[: deflate_kernels.deflate(rows, 0, len(rows), final, hurried, out)].tobytes()

    def _is_noisy(self, read: ReadRows) -> bool:
        """Whether its rows are such as photos have, by a sample of them."""
        size = (4 * self.width + 1) * self.height
        every = (
            1 if size <= writer.SMALL else writer.SAMPLED if size <= writer.LARGE else writer.SAMPLED_OF_LARGE
        )
        tops = range(0, self.height, every * writer.SAMPLE_ROWS)
        sample = np.concatenate(
            [self._filter(read, top, min(top + writer.SAMPLE_ROWS, self.height)) for top in tops]
        )
        found = [
            _threads.submit(way, sample.reshape(1, -1)) for way in (writer.pack_repetitive, writer.pack_noisy)
        ]
        repetitive, noisy = (way.result() for way in found)
        return writer.is_noisy(len(repetitive), len(noisy), size)
