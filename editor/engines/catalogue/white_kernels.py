"""The compiled part of white_jpeg: coefficients of blocks in which a product meets white, and a scan's bits.

Blocks are 8 x 8 pixels, row by row, as 64 numbers; level 0 stands for 128. BASIS is the DCT of T.81, A.3.3,
orthonormal: coefficients = BASIS @ pixels, pixels = coefficients @ BASIS, both in rows.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

Array, f4, i2, i4, i8, u1, b1, void = (
    types.Array,
    types.f4,
    types.i2,
    types.i4,
    types.i8,
    types.u1,
    types.b1,
    types.void,
)


def _make_basis() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    at = np.arange(8)
    one = np.sqrt(np.where(at == 0, 1 / 8, 1 / 4))[:, np.newaxis] * np.cos(
        (2 * at + 1) * at[:, np.newaxis] * np.pi / 16
    )
    return np.ascontiguousarray(np.kron(one, one), np.float32)


BASIS = _make_basis()
ACROSS = np.ascontiguousarray(BASIS.T)

BRIGHT = 126.75
"""A level that every decoder rounds up to 255: half a level of rounding, and a quarter of its own error."""
TRIES = 40
MOST = 300.0
"""A level above which decoders that count in few bits may begin anew at black."""

MARKS = Array(b1, 2, "C", readonly=True)
FIXED = Array(f4, 1, "C", readonly=True)
SQUARE = Array(f4, 2, "C", readonly=True)


@njit(
    void(Array(f4, 2, "C", readonly=True), MARKS, FIXED, SQUARE, SQUARE, Array(i4, 2, "C"), i8, i8),
    cache=True,
    nogil=True,
)
def brighten(blocks, white, steps, basis, across, found, first, end):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the coefficients of blocks first to end, in steps: their marked pixels come out as 255.

    What exceeds 255 is cut off by whoever decodes, so white is asked to be as much brighter as the rest of a
    block needs it to be. Where that is not enough, the block becomes brighter as a whole.
    across: basis with its rows as columns.
    """
    target = np.empty(64, np.float32)
    pixels = np.empty(64, np.float32)
    totals = np.empty(64, np.float32)
    for block in range(first, end):
        for i in range(64):
            target[i] = f4(127.5) if white[block, i] else blocks[block, i]
        for _ in range(TRIES):
            for i in range(64):
                pixels[i] = 0
            # Summed in one order on every processor, so that all make the same file.
            for j in range(64):
                totals[j] = 0
            for i in range(64):
                share = target[i]
                for j in range(64):
                    totals[j] += across[i, j] * share
            for j in range(64):
                level = np.rint(totals[j] / steps[j])
                level = min(max(level, f4(-1023)), f4(1023))
                found[block, j] = i4(level)
                if level:
                    for i in range(64):
                        pixels[i] += level * steps[j] * basis[j, i]
            lacking = f4(0)
            for i in range(64):
                if white[block, i] and pixels[i] < f4(BRIGHT):
                    lacking = max(lacking, f4(BRIGHT) - pixels[i])
                    more = f4(1.3) * (f4(BRIGHT) - pixels[i]) + f4(0.2)
                    target[i] = min(target[i] + more, f4(MOST))
            if lacking == 0:
                break
        if lacking > 0:
            found[block, 0] += i4(np.ceil(lacking * f4(8) / steps[0]))


@njit(cache=True, nogil=True)
def _send(out, at, held, bits):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the whole bytes of what is held, a zero after each 255. Return where they end, and the rest."""
    while bits >= 8:
        byte = (held >> (bits - 8)) & 255
        out[at] = byte
        at += 1
        if byte == 255:
            out[at] = 0
            at += 1
        bits -= 8
    return at, held & ((1 << bits) - 1), bits


@njit(
    i8(Array(i2, 3, "C", readonly=True), Array(i4, 3, "C", readonly=True), Array(u1, 1, "C")),
    cache=True,
    nogil=True,
)
def pack(levels, codes, out):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the scan of a picture, its three channels whole (T.81, F.1.2), and return its bytes.

    levels: (blocks, 3, 64), in zigzag order. codes: (2, 256, 2), the code and its bits of each symbol, of the
    DC table and of the AC table.
    """
    before = np.zeros(3, np.int64)
    at, held, bits = 0, i8(0), 0
    for block in range(levels.shape[0]):
        for channel in range(3):
            run = 0
            for j in range(64):
                value = i8(levels[block, channel, j])
                if j == 0:
                    value, before[channel] = value - before[channel], value
                elif value == 0:
                    run += 1
                    continue
                while run > 15:
                    held = (held << codes[1, 0xF0, 1]) | codes[1, 0xF0, 0]
                    bits += codes[1, 0xF0, 1]
                    run -= 16
                    at, held, bits = _send(out, at, held, bits)
                size, left = 0, abs(value)
                while left:
                    size += 1
                    left >>= 1
                low = value if value >= 0 else value + (1 << size) - 1
                which, symbol = (0, size) if j == 0 else (1, run * 16 + size)
                held = (held << codes[which, symbol, 1]) | codes[which, symbol, 0]
                held = (held << size) | low
                bits += codes[which, symbol, 1] + size
                run = 0
                at, held, bits = _send(out, at, held, bits)
            if run:
                held = (held << codes[1, 0, 1]) | codes[1, 0, 0]
                bits += codes[1, 0, 1]
                at, held, bits = _send(out, at, held, bits)
    if bits:
        # The last byte is filled up with ones.
        at, held, bits = _send(out, at, (held << (8 - bits)) | ((1 << (8 - bits)) - 1), 8)
    return at
