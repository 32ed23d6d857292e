"""Alpha and colours between floats and stored pixels, compiled: one pass over a picture, no copies of it."""

from __future__ import annotations

from numba import njit, types

Array, u1, f4, i8, void = types.Array, types.u1, types.f4, types.i8, types.void

COLOURS = Array(u1, 3, "A", readonly=True)
ALPHA = Array(f4, 2, "A", readonly=True)


@njit(void(COLOURS, ALPHA, Array(u1, 3, "C"), i8, i8), cache=True, nogil=True)
def join(rgb, alpha, rgba, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write rgb (H, W, 3) and alpha (H, W) into rgba (H, W, 4), rows top to bottom; black where it is 0."""
    for y in range(top, bottom):
        for x in range(rgba.shape[1]):
            value = min(max(alpha[y, x] * f4(255) + f4(0.5), f4(0)), f4(255))
            opacity = u1(value)
            # Times 0 or 1, not a question: along a soft edge a processor guesses its answer wrong.
            seen = u1(opacity > 0)
            rgba[y, x, 0] = rgb[y, x, 0] * seen
            rgba[y, x, 1] = rgb[y, x, 1] * seen
            rgba[y, x, 2] = rgb[y, x, 2] * seen
            rgba[y, x, 3] = opacity


@njit(void(ALPHA, Array(u1, 2, "C"), i8, i8), cache=True, nogil=True)
def store(alpha, grey, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write alpha (H, W) in 0..1 into grey (H, W) as 0..255, rounded, rows top to bottom."""
    for y in range(top, bottom):
        for x in range(grey.shape[1]):
            grey[y, x] = u1(min(max(alpha[y, x] * f4(255) + f4(0.5), f4(0)), f4(255)))
