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

LONG, SAMPLED = 256, 5
"""Of what is seen in a row of more pixels every so manieth is tried: no divisor of a JPEG's blocks. Five
pictures of 1 to 2.5 megapixels are up to 0.6 percent larger so, and filtered in 0.4 of the time."""


@njit("i4(i4, i4, i4)", cache=True, nogil=True)
def _paeth(left, above, corner):  # type: ignore[no-untyped-def]  # pragma: no cover
    of_left, of_above = above - corner, left - corner
    distance, other, third = abs(of_left), abs(of_above), abs(of_left + of_above)
    if distance <= other and distance <= third:
        return left
    return above if other <= third else corner


@njit(types.i8(ROW, ROW, types.i8, types.i8, types.i8), cache=True, nogil=True)
def _choose_filter(row, above, step, first, last):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return the filter of a row whose differences take the fewest bits, about; between two bytes of it."""
    every = step * (SAMPLED if last - first > step * LONG else 1)
    none = sub = up = average = paeth = np.int32(0)
    for start in range(max(first, step), last, every):
        for i in range(start, start + step):
            value, left, over = np.int32(row[i]), np.int32(row[i - step]), np.int32(above[i])
            none += BITS[value]
            sub += BITS[(value - left) & 255]
            up += BITS[(value - over) & 255]
            average += BITS[(value - ((left + over) >> 1)) & 255]
            paeth += BITS[(value - _paeth(left, over, np.int32(above[i - step]))) & 255]
    sums = np.zeros(5, np.int64)
    sums[0], sums[1], sums[2], sums[3], sums[4] = none, sub, up, average, paeth
    return np.argmin(sums)


@njit(types.void(ROW, ROW, types.i8, types.i8, types.Array(types.u1, 1, "C")), cache=True, nogil=True)
def _filter_start(row, above, step, kind, out):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the first pixel of a row, which has nothing to its left."""
    for i in range(min(step, len(row))):
        over = np.int32(above[i])
        foretold = np.int32(0)
        if kind in (UP, PAETH):
            foretold = over
        elif kind == AVERAGE:
            foretold = over >> 1
        out[i] = (np.int32(row[i]) - foretold) & 255


@njit(types.void(ROW, ROW, ROW, ROW, types.i8, types.Array(types.u1, 1, "C")), cache=True, nogil=True)
def _filter_rest(row, above, left, corner, kind, out):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write all other pixels: a loop for each filter, as a processor does many bytes of one at once."""
    if kind == NONE:
        out[:] = row
    elif kind == SUB:
        for i in range(len(row)):
            out[i] = (np.int32(row[i]) - np.int32(left[i])) & 255
    elif kind == UP:
        for i in range(len(row)):
            out[i] = (np.int32(row[i]) - np.int32(above[i])) & 255
    elif kind == AVERAGE:
        for i in range(len(row)):
            out[i] = (np.int32(row[i]) - ((np.int32(left[i]) + np.int32(above[i])) >> 1)) & 255
    else:
        for i in range(len(row)):
            foretold = _paeth(np.int32(left[i]), np.int32(above[i]), np.int32(corner[i]))
            out[i] = (np.int32(row[i]) - foretold) & 255


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
        # Where there is nothing, nor was above or one pixel to the left, nothing is left whatever the filter.
        first, last = 0, width
        while first < width and row[first] == 0 and above[first] == 0:
            first += 1
        while last > first and row[last - 1] == 0 and above[last - 1] == 0:
            last -= 1
        first, last = first - first % step, min(-(-last // step) * step + step, width)
        empty = not row[first:last].any()
        kind = NONE if empty else _choose_filter(row, above, step, first, last)
        out[0] = kind
        out[1:] = 0
        if empty:
            continue
        here, over, to = row[first:last], above[first:last], out[first + 1 : last + 1]
        _filter_start(here, over, step, kind, to)
        if last - first > step:
            many = len(here) - step
            _filter_rest(here[step:], over[step:], here[:many], over[:many], kind, to[step:])
