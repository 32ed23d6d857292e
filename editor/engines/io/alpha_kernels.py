"""Alpha between log odds, floats and stored pixels, compiled: one pass over a picture, no copies of it."""

from __future__ import annotations

import numpy as np
from numba import njit, types

Array, u1, u4, f4, void = types.Array, types.u1, types.u4, types.f4, types.void
i4, i8 = types.i4, types.i8

COLOURS = Array(u1, 3, "A", readonly=True)
ALPHA = Array(f4, 2, "A", readonly=True)


@njit(void(COLOURS, ALPHA, Array(u1, 3, "C"), i8, i8), cache=True, nogil=True)
def join(rgb, alpha, rgba, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write rgb (H, W, 3) and alpha (H, W) into rgba (H, W, 4), rows top to bottom; black where it is 0."""
    for y in range(top, bottom):
        for x in range(rgba.shape[1]):
            opacity = u1(i4(min(max(alpha[y, x] * f4(255) + f4(0.5), f4(0)), f4(255))))
            # Times 0 or 1, not a question: along a soft edge a processor guesses its answer wrong.
            seen = u1(opacity > 0)
            rgba[y, x, 0] = rgb[y, x, 0] * seen
            rgba[y, x, 1] = rgb[y, x, 1] * seen
            rgba[y, x, 2] = rgb[y, x, 2] * seen
            rgba[y, x, 3] = opacity


@njit(void(COLOURS, ALPHA, Array(u1, 3, "A"), i8, i8), cache=True, nogil=True)
def weigh(rgb, alpha, weighed, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write rgb (H, W, 3) times alpha (H, W), and that, into weighed (H, W, 4), rows top to bottom."""
    for y in range(top, bottom):
        for x in range(weighed.shape[1]):
            opacity = u4(min(max(alpha[y, x] * f4(255) + f4(0.5), f4(0)), f4(255)))
            for channel in range(3):
                # Divided by 255 and rounded, exactly, without a division.
                product = u4(rgb[y, x, channel]) * opacity + u4(128)
                weighed[y, x, channel] = u1((product + (product >> u4(8))) >> u4(8))
            weighed[y, x, 3] = u1(opacity)


@njit(
    void(Array(u1, 3, "A", readonly=True), Array(u1, 3, "C"), Array(f4, 2, "C"), i8, i8),
    cache=True,
    nogil=True,
)
def unweigh(weighed, rgb, alpha, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write colours that were weighed (H, W, 4) into rgb and alpha as they were, rows top to bottom."""
    for y in range(top, bottom):
        for x in range(rgb.shape[1]):
            opacity = u4(weighed[y, x, 3])
            alpha[y, x] = f4(opacity) * f4(1 / 255)
            half = opacity >> u4(1)
            for channel in range(3):
                colour = u4(weighed[y, x, channel])
                if opacity == u4(255):
                    rgb[y, x, channel] = u1(colour)
                elif opacity == u4(0):
                    rgb[y, x, channel] = u1(0)
                else:
                    # Along a sharp edge resampling overshoots.
                    rgb[y, x, channel] = u1(min((colour * u4(255) + half) // opacity, u4(255)))


@njit(void(COLOURS, ALPHA, COLOURS, Array(u1, 3, "C"), i8, i8), cache=True, nogil=True)
def lay(rgb, alpha, ground, made, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write rgb (H, W, 3) on ground into made: F a + B (1 - a), rounded, rows top to bottom.

    ground: (H, W, 3), or one colour repeated by its strides.
    """
    for y in range(top, bottom):
        for x in range(rgb.shape[1]):
            share = alpha[y, x]
            for channel in range(3):
                behind = f4(ground[y, x, channel])
                made[y, x, channel] = u1(behind + (f4(rgb[y, x, channel]) - behind) * share + f4(0.5))


@njit(void(ALPHA, Array(u1, 2, "C"), i8, i8), cache=True, nogil=True)
def store(alpha, grey, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write alpha (H, W) in 0..1 into grey (H, W) as 0..255, rounded, rows top to bottom."""
    for y in range(top, bottom):
        for x in range(grey.shape[1]):
            grey[y, x] = u1(i4(min(max(alpha[y, x] * f4(255) + f4(0.5), f4(0)), f4(255))))


@njit(void(Array(f4, 2, "C"), Array(f4, 2, "C"), i8, i8), cache=True, nogil=True)
def chances(odds, made, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write log odds (h, w) as chances in 0..1 into made (H, W), enlarged bilinearly, rows top to bottom.

    In loops without branches, which become vectors: the exponential is 2 to a whole number, which is a
    float's exponent, times a polynomial of the rest (Cephes' exp2f, good to 2e-7).
    """
    height, width = made.shape
    rows, columns = odds.shape
    lefts, rights = np.empty(width, np.int64), np.empty(width, np.int64)
    ahead = np.empty(width, np.float32)
    for x in range(width):
        at_x = min(max((x + f4(0.5)) * columns / width - f4(0.5), f4(0)), f4(columns - 1))
        lefts[x] = i8(at_x)
        rights[x] = min(lefts[x] + 1, columns - 1)
        ahead[x] = f4(at_x - lefts[x])
    upper, lower = np.empty(width, np.float32), np.empty(width, np.float32)
    values, rests = np.empty(width, np.float32), np.empty(width, np.float32)
    exponents = np.empty(width, np.int32)
    powers = exponents.view(np.float32)
    found = -1
    for y in range(top, bottom):
        at_y = min(max((y + f4(0.5)) * rows / height - f4(0.5), f4(0)), f4(rows - 1))
        y0 = i8(at_y)
        y1 = min(y0 + 1, rows - 1)
        v = f4(at_y - y0)
        if y0 != found:
            for x in range(width):
                upper[x] = odds[y0, lefts[x]] + ahead[x] * (odds[y0, rights[x]] - odds[y0, lefts[x]])
                lower[x] = odds[y1, lefts[x]] + ahead[x] * (odds[y1, rights[x]] - odds[y1, lefts[x]])
            found = y0
        for x in range(width):
            value = upper[x] + v * (lower[x] - upper[x])
            values[x] = value
            power = min(max(value, f4(-16)), f4(16)) * f4(-1.4426950408889634)
            whole = np.floor(power + f4(0.5))
            rest = power - whole
            exponents[x] = (i4(whole) + i4(127)) << i4(23)
            series = f4(1.535336188319500e-4) * rest + f4(1.339887440266574e-3)
            series = series * rest + f4(9.618437357674640e-3)
            series = series * rest + f4(5.550332471162809e-2)
            series = series * rest + f4(2.402264791363012e-1)
            series = series * rest + f4(6.931472028550421e-1)
            rests[x] = series * rest + f4(1)
        for x in range(width):
            chance = f4(1) / (f4(1) + rests[x] * powers[x])
            # Farther from 0 a byte cannot tell it from certainty.
            chance = f4(1) if values[x] > f4(16) else chance
            made[y, x] = f4(0) if values[x] < f4(-16) else chance


@njit(void(ALPHA, Array(f4, 2, "C"), i8, i8), cache=True, nogil=True)
def round_off(alpha, made, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write alpha (H, W) into made as a file gives it back, rows top to bottom."""
    for y in range(top, bottom):
        for x in range(made.shape[1]):
            stored = i4(min(max(alpha[y, x] * f4(255) + f4(0.5), f4(0)), f4(255)))
            made[y, x] = f4(stored) * f4(1 / 255)


@njit(
    void(Array(f4, 2, "C", readonly=True), f4, f4, Array(u1, 1, "C"), Array(u1, 1, "C"), i8, i8),
    cache=True,
    nogil=True,
)
def mark(alpha, low, high, rows, columns, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Set rows and columns to 1 in which some alpha of the rows top to bottom lies between low and high."""
    for y in range(top, bottom):
        line = alpha[y]
        seen = u1(0)
        for x in range(len(line)):
            between = u1(line[x] > low) & u1(line[x] < high)
            columns[x] |= between
            seen |= between
        rows[y] = seen
