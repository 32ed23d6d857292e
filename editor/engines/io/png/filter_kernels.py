"""The compiled filters of PNG's rows (W3C, 3rd edition, 9): pixels less what their neighbours foretell."""

from __future__ import annotations

import numpy as np
from numba import njit, types

PIXELS, ROW = types.Array(types.u1, 2, "C", readonly=True), types.Array(types.u1, 1, "C", readonly=True)
"""Also Pillow's own, which may not be written to."""

NONE, SUB, UP, AVERAGE, PAETH = range(5)

BITS = (64 * np.log2(1 + np.minimum(np.arange(256), 256 - np.arange(256)))).astype(np.int32)
"""What a difference, as a signed byte, takes, in 64ths: nearer to what is written than its size, which the
standard proposes (9.6). Of photos it makes files up to half a percent smaller."""


@njit("i4(i4, i4, i4)", cache=True, nogil=True)
def _paeth(left, above, corner):  # type: ignore[no-untyped-def]  # pragma: no cover
    of_left, of_above = above - corner, left - corner
    distance, other, third = abs(of_left), abs(of_above), abs(of_left + of_above)
    if distance <= other and distance <= third:
        return left
    return above if other <= third else corner


@njit(types.i8(ROW, ROW, types.i8), cache=True, nogil=True)
def _choose_filter(row, above, step):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the filter of a row whose differences take the fewest bits, about."""
    if not row.any():
        return NONE
    sums = np.zeros(5, np.int64)
    none = sub = up = average = paeth = np.int32(0)
    for i in range(step, len(row)):
        value, left, over = np.int32(row[i]), np.int32(row[i - step]), np.int32(above[i])
        none += BITS[value]
        sub += BITS[(value - left) & 255]
        up += BITS[(value - over) & 255]
        average += BITS[(value - ((left + over) >> 1)) & 255]
        paeth += BITS[(value - _paeth(left, over, np.int32(above[i - step]))) & 255]
    sums[0], sums[1], sums[2], sums[3], sums[4] = none, sub, up, average, paeth
    return np.argmin(sums)


@njit(
    types.void(PIXELS, PIXELS, types.i8, types.i8, types.i8, types.Array(types.u1, 2, "C")),
    cache=True,
    nogil=True,
)
def filter_rows(pixels, blank, step, top, bottom, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write rows top to bottom of pixels (H, W * step) to made (H, W * step + 1), each behind its filter.

    blank: a row of nothing, (1, W * step), which is above the first.
    """
    width = pixels.shape[1]
    for y in range(top, bottom):
        row, above, out = pixels[y], pixels[y - 1] if y else blank[0], made[y]
        kind = _choose_filter(row, above, step)
        out[0] = kind
        for i in range(width):
            left = np.int32(row[i - step]) if i >= step else np.int32(0)
            corner = np.int32(above[i - step]) if i >= step else np.int32(0)
            value, over = np.int32(row[i]), np.int32(above[i])
            if kind == SUB:
                value -= left
            elif kind == UP:
                value -= over
            elif kind == AVERAGE:
                value -= (left + over) >> 1
            elif kind == PAETH:
                value -= _paeth(left, over, corner)
            out[i + 1] = value & 255
