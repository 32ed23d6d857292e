"""PNG files of every colour type and depth, written byte by byte, and what they show by arithmetic."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}

LEGAL = [
    *((GREY, depth) for depth in (1, 2, 4, 8, 16)),
    *((PALETTE, depth) for depth in (1, 2, 4, 8)),
    *((kind, depth) for kind in (RGB, GREY_ALPHA, RGBA) for depth in (8, 16)),
]
"""Colour types and depths; W3C, PNG 3rd edition, table 12."""

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Each pass's first column and row, and its steps."""


@dataclass(frozen=True)
class Png:
    """A picture of samples (H, W, C) of a colour type and depth, with or without a transparent colour."""

    kind: int
    depth: int
    samples: NDArray[np.int64]
    clear: tuple[int, ...] | None = None
    """tRNS: a grey, a colour, or the opacities of the first entries of the palette."""

    @property
    def palette(self) -> NDArray[np.int64]:
        """As many colours as the depth can name, none of them grey."""
        at = np.arange(2**self.depth)
        return np.stack([at * 37 % 256, at * 91 % 256, 255 - at], axis=1)

    def seen(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return colours of 0..255, (H, W, 3), and alpha of 0..1, (H, W)."""
        full = 2**self.depth - 1
        size = self.samples.shape[:2]
        alpha = np.ones(size)
        if self.kind == PALETTE:
            index = self.samples[..., 0]
            if self.clear is not None:
                alpha = (np.array([*self.clear, *[255] * (2**self.depth - len(self.clear))]) / 255)[index]
            return self.palette[index].astype(np.float64), alpha
        if self.kind in (GREY_ALPHA, RGBA):
            alpha = self.samples[..., -1] / full
        elif self.clear is not None:
            # Of a depth under 16 the low bits count alone.
            alpha = (self.samples != np.array(self.clear) % (full + 1)).any(axis=2).astype(np.float64)
        colours = self.samples[..., : 3 if self.kind in (RGB, RGBA) else 1] * 255 / full
        return np.broadcast_to(colours, (*size, 3)), alpha

    def written(self, *, interlaced: bool = False) -> bytes:
        """Return the file."""
        height, width, _ = self.samples.shape
        header = struct.pack(">IIBBBBB", width, height, self.depth, self.kind, 0, 0, int(interlaced))
        chunks = [(b"IHDR", header)]
        if self.kind == PALETTE:
            chunks.append((b"PLTE", self.palette.astype(np.uint8).tobytes()))
        if self.clear is not None:
            form = f">{len(self.clear)}{'B' if self.kind == PALETTE else 'H'}"
            chunks.append((b"tRNS", struct.pack(form, *self.clear)))
        passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
        rows = b"".join(self._rows(self.samples[y::down, x::right]) for x, y, right, down in passes)
        chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)

    def _rows(self, samples: NDArray[np.int64]) -> bytes:
        if not samples.size:
            return b""
        flat = samples.reshape(len(samples), -1)
        if self.depth == 16:
            packed = np.ascontiguousarray(flat.astype(">u2")).view(np.uint8)
        else:
            bits = flat[..., np.newaxis] >> np.arange(self.depth - 1, -1, -1) & 1
            packed = np.packbits(bits.reshape(len(flat), -1).astype(np.uint8), axis=1)
        return np.pad(packed, ((0, 0), (1, 0))).tobytes()


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk with its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def look(kind: int, depth: int, size: tuple[int, int] = (19, 21)) -> NDArray[np.int64]:
    """Return samples (H, W, C) in which every value of up to eight bits occurs, as do both ends of all."""
    height, width = size
    count = SAMPLES[kind]
    at = np.arange(height * width * count)
    values = at * (257 if depth == 16 else 1) * 7 % 2**depth
    return values.reshape(height, width, count)
