"""Edge refinement: a matte's outline at the photo's full size, of which the network saw a small square.

Two opinions are joined, both learned at the network's size around the outline and evaluated on the
photo's own pixels: a guided filter, in which alpha follows the colours linearly (He, Sun, Tang,
"Guided Image Filtering", TPAMI 2013; its coefficients at low size as in He, Sun, "Fast Guided
Filter", 2015), and, with that for its prior, the most likely alpha under the colours of the sure
subject and the sure background nearby (Chuang, Curless, Salesin, Szeliski, "A Bayesian Approach to
Digital Matting", CVPR 2001, with one isotropic cluster each).
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray
from PIL import Image

from editor.engines import row_bands, types

from . import areas

FLOOR = 0.08
SPAN = 0.88
"""The network's and the filter's "surely not" and "surely" are a little off 0 and 1: what is below the
floor is the haze that the ground's own texture leaves in them. With 0.02 and 0.95 the outline's error was
4 to 17 % larger, on products and on photos cut with known alphas alike, hair's among them.
"""

BAND = (0.02, 0.98)
MARGIN = 2
"""The outline is what lies between the two, and this many pixels of the square around it."""

RADIUS = 2
EPSILON = 1e-5
"""The guided filter's window, in pixels of the square, and its regularisation for colours in 0..1."""

UNEXPLAINED, EXPLAINED = 0.2, 0.5
"""Share of alpha's variance in a window that its colours must explain: below the one they are not followed,
from the other on wholly. Three colours fitted to noise explain an eighth of a window by chance."""

SAMPLE_RADIUS = 4
SURE = (0.05, 0.95)
"""Colours nearby are learned from alphas outside of these, this many pixels of the square around."""

PRIOR_SPREAD = 0.1
"""Standard deviation of the guided filter's alpha."""

NOISE = 6.0
"""Grey levels by which colours differ from their kind's nearby, besides those samples' own spread: the
sensor's noise, JPEG, and a rim that shades off."""

LEAST_PLACES = 512
"""Pixels of the outline that are worth a thread."""

DRAWN, LEFT = -1.0, -2.0
"""What stands for the alpha of pixels that are drawn one by one, and of such as are left as they are."""

Planes = NDArray[np.float32]


def refine(square: types.Image, alpha: types.Alpha, rgb: types.Image) -> types.Alpha:
    """Return the square's alpha at the size of rgb (H, W, 3), its outline following rgb's colours.

    square is rgb as the network saw it, of alpha's shape.
    """
    height, width = rgb.shape[:2]
    band = areas.widen((alpha > BAND[0]) & (alpha < BAND[1]), 2 * MARGIN + 1)
    alpha = np.require(alpha, np.float32, ("C", "W"))
    side = len(alpha)
    larger = min(width, height) >= side
    if not (larger and band.any()):
        # A smaller photo gets averages of the square's pixels.
        result = enlarge(alpha, width, height)
        if not band.any():
            return result
    else:
        result = np.empty((height, width), np.float32)
    # The kernels are compiled for writeable arrays alone, and Pillow's views are not.
    square, rgb = np.require(square, np.uint8, ("C", "W")), np.require(rgb, np.uint8, ("W",))
    # Of the outline alone, one of its pixels behind the other: that is a fiftieth of the square.
    places = np.flatnonzero(band)
    numbers = np.zeros(band.shape, np.int32)
    numbers.ravel()[places] = np.arange(1, len(places) + 1)
    windows, linear = (np.zeros((len(places) + 1, 5), np.float32) for _ in range(2))
    colours = np.zeros((len(places) + 1, 9), np.float32)
    levels = stretch(alpha)
    work = partial(row_bands.work, len(places), least=LEAST_PLACES)
    work(lambda first, last: _fit(square, alpha, places, windows, first, last))
    work(lambda first, last: _average(windows, places, numbers, linear, first, last))
    work(lambda first, last: _sample(square, alpha, places, colours, first, last))
    row_bands.work(
        height, lambda top, bottom: _draw(rgb, levels, larger, numbers, linear, colours, result, top, bottom)
    )
    return result


def enlarge(alpha: types.Alpha, width: int, height: int) -> types.Alpha:
    """Return a square's alpha at width x height pixels, stretched to the full 0..1."""
    return np.array(Image.fromarray(stretch(alpha)).resize((width, height), Image.Resampling.BILINEAR))


def stretch(alpha: types.Alpha) -> types.Alpha:
    """Return the network's or the filter's alpha, "surely not" and "surely" stretched to 0 and 1."""
    return np.clip((alpha - np.float32(FLOOR)) * np.float32(1 / SPAN), 0, 1)


@njit("void(u1[:,:,::1], f4[:,::1], i8[::1], f4[:,::1], i8, i8)", cache=True, nogil=True)
def _fit(square, alpha, places, linear, first, last):  # type: ignore[no-untyped-def]
    """Write (a, b) of the window's regression alpha = a colour + b for the pixels at places first to last.

    The fifth value is how far to go by it: nothing where the colours explain little of the alpha.
    """
    height, width = alpha.shape
    scale = np.float32(1 / 255)
    for n in range(first, last):
        y, x = places[n] // width, places[n] % width
        top, bottom = max(0, y - RADIUS), min(height, y + RADIUS + 1)
        left, right = max(0, x - RADIUS), min(width, x + RADIUS + 1)
        count = np.float32((bottom - top) * (right - left))
        m0 = m1 = m2 = mp = np.float32(0)
        for v in range(top, bottom):
            for u in range(left, right):
                m0 += square[v, u, 0] * scale
                m1 += square[v, u, 1] * scale
                m2 += square[v, u, 2] * scale
                mp += alpha[v, u]
        m0, m1, m2, mp = m0 / count, m1 / count, m2 / count, mp / count
        rr = rg = rb = gg = gb = bb = rp = gp = bp = pp = np.float32(0)
        for v in range(top, bottom):
            for u in range(left, right):
                r = square[v, u, 0] * scale - m0
                g = square[v, u, 1] * scale - m1
                b = square[v, u, 2] * scale - m2
                p = alpha[v, u] - mp
                rr += r * r
                rg += r * g
                rb += r * b
                gg += g * g
                gb += g * b
                bb += b * b
                rp += r * p
                gp += g * p
                bp += b * p
                pp += p * p
        ridge = np.float32(EPSILON) * count
        # In double precision: the matrix is close to singular where a window has one hue.
        a00, a11, a22 = np.float64(rr + ridge), np.float64(gg + ridge), np.float64(bb + ridge)
        a01, a02, a12 = np.float64(rg), np.float64(rb), np.float64(gb)
        c00 = a11 * a22 - a12 * a12
        c01 = a02 * a12 - a01 * a22
        c02 = a01 * a12 - a02 * a11
        inverse = 1 / (a00 * c00 + a01 * c01 + a02 * c02)
        s0 = (c00 * rp + c01 * gp + c02 * bp) * inverse
        s1 = (c01 * rp + (a00 * a22 - a02 * a02) * gp + (a01 * a02 - a00 * a12) * bp) * inverse
        s2 = (c02 * rp + (a01 * a02 - a00 * a12) * gp + (a00 * a11 - a01 * a01) * bp) * inverse
        linear[n + 1, 0] = s0 * scale
        linear[n + 1, 1] = s1 * scale
        linear[n + 1, 2] = s2 * scale
        linear[n + 1, 3] = mp - s0 * m0 - s1 * m1 - s2 * m2
        explained = (s0 * rp + s1 * gp + s2 * bp) / max(pp, np.float32(1e-6))
        linear[n + 1, 4] = min(1.0, max(0.0, (explained - UNEXPLAINED) / (EXPLAINED - UNEXPLAINED)))


@njit("void(f4[:,::1], i8[::1], i4[:,::1], f4[:,::1], i8, i8)", cache=True, nogil=True)
def _average(linear, places, numbers, result, first, last):  # type: ignore[no-untyped-def]
    """Write the mean of the windows' regressions that pixels at places first to last lie in."""
    height, width = numbers.shape
    for n in range(first, last):
        y, x = places[n] // width, places[n] % width
        count = np.float32(0)
        for v in range(max(0, y - RADIUS), min(height, y + RADIUS + 1)):
            for u in range(max(0, x - RADIUS), min(width, x + RADIUS + 1)):
                if numbers[v, u]:
                    count += np.float32(1)
                    for c in range(5):
                        result[n + 1, c] += linear[numbers[v, u], c]
        for c in range(5):
            result[n + 1, c] /= count


@njit("void(u1[:,:,::1], f4[:,::1], i8[::1], f4[:,::1], i8, i8)", cache=True, nogil=True)
def _sample(square, alpha, places, colours, first, last):  # type: ignore[no-untyped-def]
    """Write the mean colour of the sure subject (0..2) and background (3..5) near places first to last.

    6 and 7 are their variances per channel, 8 is 1 where both were found.
    """
    height, width = alpha.shape
    sums = np.empty((2, 5), np.float32)
    nearness = np.empty((SAMPLE_RADIUS + 1, SAMPLE_RADIUS + 1), np.float32)
    for v in range(SAMPLE_RADIUS + 1):
        for u in range(SAMPLE_RADIUS + 1):
            nearness[v, u] = np.float32(1) / np.float32(v * v + u * u + SAMPLE_RADIUS)
    for n in range(first, last):
        y, x = places[n] // width, places[n] % width
        sums[:] = 0
        for v in range(max(0, y - SAMPLE_RADIUS), min(height, y + SAMPLE_RADIUS + 1)):
            for u in range(max(0, x - SAMPLE_RADIUS), min(width, x + SAMPLE_RADIUS + 1)):
                p = alpha[v, u]
                if SURE[0] <= p <= SURE[1]:
                    continue
                kind = 0 if p > np.float32(0.5) else 1
                near = nearness[abs(v - y), abs(u - x)]
                squares = np.float32(0)
                for c in range(3):
                    value = np.float32(square[v, u, c])
                    sums[kind, c] += near * value
                    squares += value * value
                sums[kind, 3] += near * squares
                sums[kind, 4] += near
        if sums[0, 4] == 0 or sums[1, 4] == 0:
            continue
        for kind in range(2):
            spread = sums[kind, 3] / sums[kind, 4]
            for c in range(3):
                mean = sums[kind, c] / sums[kind, 4]
                colours[n + 1, 3 * kind + c] = mean
                spread -= mean * mean
            colours[n + 1, 6 + kind] = max(np.float32(0), spread) / np.float32(3)
        colours[n + 1, 8] = 1


@njit("i8(f4[:,::1], b1, i4[:,::1], i8[::1], i8[::1], i8, i8[::1], f4[::1])", cache=True, nogil=True)
def _find_runs(levels, larger, numbers, lefts, ends, y0, stops, values):  # type: ignore[no-untyped-def]
    """Write where runs of a row of the photo end, and their one alpha, or DRAWN, or LEFT; return how many.

    lefts: of each pixel the square's column left of it; ends: where the pixels of that column end.
    """
    side_y, side_x = numbers.shape
    y1 = min(y0 + 1, side_y - 1)
    count = x = 0
    while x < len(lefts):
        x0 = lefts[x]
        x1 = min(x0 + 1, side_x - 1)
        value = levels[y0, x0] if larger else np.float32(LEFT)
        even = not larger or value == levels[y0, x1] == levels[y1, x0] == levels[y1, x1]
        if not even or numbers[y0, x0] or numbers[y0, x1] or numbers[y1, x0] or numbers[y1, x1]:
            value = np.float32(DRAWN)
        x = ends[x]
        if count == 0 or values[count - 1] != value:
            values[count] = value
            count += 1
        stops[count - 1] = x
    return count


@njit(
    "void(u1[:,:,:], f4[:,::1], b1, i4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], i8, i8)",
    cache=True,
    nogil=True,
)
def _draw(rgb, levels, larger, numbers, linear, colours, result, top, bottom):  # type: ignore[no-untyped-def]
    """Write alpha into result for the rows top to bottom: the outline from the square's two models.

    numbers: of each pixel of the square its place in linear and colours, 0 where there is no outline.
    Elsewhere it is levels enlarged, where the photo is `larger`; else what result holds already.
    """
    height, width = result.shape
    side_y, side_x = numbers.shape
    mixed = np.empty(9, np.float32)
    at_x = np.empty(4, np.int64)
    at_y = np.empty(4, np.int64)
    share = np.empty(4, np.float32)
    lefts = np.empty(width, np.int64)
    ahead = np.empty(width, np.float32)
    for x in range(width):
        fx = min(max((x + 0.5) * side_x / width - 0.5, 0.0), side_x - 1.0)
        lefts[x] = int(fx)
        ahead[x] = fx - lefts[x]
    ends = np.full(width, width)
    for x in range(width - 2, -1, -1):
        ends[x] = ends[x + 1] if lefts[x] == lefts[x + 1] else x + 1
    stops, values = np.empty(width, np.int64), np.empty(width, np.float32)
    found_at, count = -1, 0
    for y in range(top, bottom):
        fy = min(max((y + 0.5) * side_y / height - 0.5, 0.0), side_y - 1.0)
        y0 = int(fy)
        y1 = min(y0 + 1, side_y - 1)
        v = np.float32(fy - y0)
        if y0 != found_at:
            count = _find_runs(levels, larger, numbers, lefts, ends, y0, stops, values)
            found_at = y0
        for run in range(count):
            begin = stops[run - 1] if run else 0
            if values[run] != np.float32(DRAWN):
                if larger:
                    result[y, begin : stops[run]] = values[run]
                continue
            for x in range(begin, stops[run]):
                x0 = lefts[x]
                x1 = min(x0 + 1, side_x - 1)
                u = ahead[x]
                if larger:
                    upper = levels[y0, x0] + u * (levels[y0, x1] - levels[y0, x0])
                    lower = levels[y1, x0] + u * (levels[y1, x1] - levels[y1, x0])
                    result[y, x] = upper + v * (lower - upper)
                if not (numbers[y0, x0] or numbers[y0, x1] or numbers[y1, x0] or numbers[y1, x1]):
                    continue
                at_y[0], at_x[0], share[0] = y0, x0, (1 - u) * (1 - v)
                at_y[1], at_x[1], share[1] = y0, x1, u * (1 - v)
                at_y[2], at_x[2], share[2] = y1, x0, (1 - u) * v
                at_y[3], at_x[3], share[3] = y1, x1, u * v
                guided = np.float32(0)
                faith = np.float32(0)
                covered = np.float32(0)
                known = np.float32(0)
                mixed[:] = 0
                for n in range(4):
                    at = numbers[at_y[n], at_x[n]]
                    if not at:
                        continue
                    covered += share[n]
                    value = linear[at, 3]
                    for c in range(3):
                        value += linear[at, c] * rgb[y, x, c]
                    guided += share[n] * value
                    faith += share[n] * linear[at, 4]
                    if colours[at, 8] > 0:
                        known += share[n]
                        for c in range(8):
                            mixed[c] += share[n] * colours[at, c]
                # A neighbour in the band may have no share: where the photo is the square's own size.
                if covered < np.float32(1e-3):
                    continue
                guided = (guided / covered - np.float32(FLOOR)) / np.float32(SPAN)
                # Where the band ends within the four, the enlargement fades in (faith is at most covered).
                prior = faith * guided + (1 - faith) * result[y, x]
                prior = min(np.float32(1), max(np.float32(0), prior))
                if known < np.float32(1e-3):
                    result[y, x] = prior
                    continue
                contrast = np.float32(0)
                along = np.float32(0)
                for c in range(3):
                    d = (mixed[c] - mixed[3 + c]) / known
                    contrast += d * d
                    along += (rgb[y, x, c] - mixed[3 + c] / known) * d
                trust = np.float32(1 / PRIOR_SPREAD**2)
                a = prior
                for _ in range(3):
                    spread = (a * a * mixed[6] + (1 - a) * (1 - a) * mixed[7]) / known + np.float32(
                        NOISE * NOISE
                    )
                    a = (along / spread + prior * trust) / (contrast / spread + trust)
                    a = min(np.float32(1), max(np.float32(0), a))
                result[y, x] = a
