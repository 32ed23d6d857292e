"""Light to sRGB, pixel by pixel, compiled: primaries exchanged, high dynamic range rolled off, gamut kept."""

from __future__ import annotations

import numpy as np
from numba import njit, types

Array, u1, u2, f4, void = types.Array, types.u1, types.u2, types.f4, types.void

KNEE = 0.85
"""sRGB value up to which the tones of a high dynamic range stay as they are; see tone_mapping.py."""

PIXELS = [Array(depth, 2, "C", readonly=True) for depth in (u1, u2)]
"""Pixels (N, 3), also Pillow's own, which may not be written to."""

PLANE, LEVELS = Array(f4, 2, "C"), Array(u1, 1, "C")

_SMALL = np.float32(1e-6)


@njit(
    [void(pixels, PLANE, PLANE, LEVELS, Array(u1, 2, "C")) for pixels in PIXELS],
    cache=True,
    nogil=True,
)
def convert_pixels(pixels, light, matrix, stored, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write pixels (N, 3) as sRGB. light (3, levels): of each stored value; matrix (3, 3) to sRGB's light;
    stored: sRGB's value of light in equal steps from 0 to 1."""
    last = np.float32(len(stored) - 1)
    for i in range(len(pixels)):
        r, g, b = light[0, pixels[i, 0]], light[1, pixels[i, 1]], light[2, pixels[i, 2]]
        for c in range(3):
            value = matrix[c, 0] * r + matrix[c, 1] * g + matrix[c, 2] * b
            value = min(max(value, np.float32(0)), np.float32(1))
            made[i, c] = stored[np.int64(value * last + np.float32(0.5))]


@njit("f4(f4, f4)", cache=True, nogil=True)
def roll_off_light(light, brightest):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return light (1 is diffuse white) as the curve lets it through: `brightest` and more become 1."""
    if brightest <= 1:
        return min(light, np.float32(1))
    value = np.float32(1.055) * light ** np.float32(1 / 2.4) - np.float32(0.055)
    knee = np.float32(KNEE)
    if value <= knee:
        return light
    top = (np.float32(1.055) * brightest ** np.float32(1 / 2.4) - np.float32(0.055) - knee) / (1 - knee)
    over = min((value - knee) / (1 - knee), top)
    value = knee + (1 - knee) * over * (1 + over / (top * top)) / (1 + over)
    return min(((value + np.float32(0.055)) / np.float32(1.055)) ** np.float32(2.4), np.float32(1))


@njit("UniTuple(f4, 3)(f4, f4, f4)", cache=True, nogil=True)
def _to_oklab(r, g, b):  # type: ignore[no-untyped-def]  # pragma: no cover
    l = np.cbrt(np.float32(0.4122214708) * r + np.float32(0.5363325363) * g + np.float32(0.0514459929) * b)  # noqa: E741
    m = np.cbrt(np.float32(0.2119034982) * r + np.float32(0.6806995451) * g + np.float32(0.1073969566) * b)
    s = np.cbrt(np.float32(0.0883024619) * r + np.float32(0.2817188376) * g + np.float32(0.6299787005) * b)
    return (
        np.float32(0.2104542553) * l + np.float32(0.7936177850) * m - np.float32(0.0040720468) * s,
        np.float32(1.9779984951) * l - np.float32(2.4285922050) * m + np.float32(0.4505937099) * s,
        np.float32(0.0259040371) * l + np.float32(0.7827717662) * m - np.float32(0.8086757660) * s,
    )


@njit("UniTuple(f4, 3)(f4, f4, f4)", cache=True, nogil=True)
def _from_oklab(lightness, a, b):  # type: ignore[no-untyped-def]  # pragma: no cover
    l = (lightness + np.float32(0.3963377774) * a + np.float32(0.2158037573) * b) ** 3  # noqa: E741
    m = (lightness - np.float32(0.1055613458) * a - np.float32(0.0638541728) * b) ** 3
    s = (lightness - np.float32(0.0894841775) * a - np.float32(1.2914855480) * b) ** 3
    return (
        np.float32(4.0767416621) * l - np.float32(3.3077115913) * m + np.float32(0.2309699292) * s,
        np.float32(-1.2684380046) * l + np.float32(2.6097574011) * m - np.float32(0.3413193965) * s,
        np.float32(-0.0041960863) * l - np.float32(0.7034186147) * m + np.float32(1.7076147010) * s,
    )


@njit("UniTuple(f4, 3)(f4, f4, f4)", cache=True, nogil=True)
def reduce_chroma(r, g, b):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Return a colour that sRGB cannot show with its chroma reduced until it can, hue and lightness kept.

    In Oklab (Ottosson 2020), where mixing with grey does not turn the hue.
    """
    slack = np.float32(0.001)
    if min(r, g, b) >= -slack and max(r, g, b) <= 1 + slack:
        return r, g, b
    lightness, u, v = _to_oklab(r, g, b)
    lightness = min(max(lightness, np.float32(0)), np.float32(1))
    low, high = np.float32(0), np.float32(1)
    for _ in range(10):
        middle = (low + high) / 2
        r, g, b = _from_oklab(lightness, u * middle, v * middle)
        if min(r, g, b) >= -slack and max(r, g, b) <= 1 + slack:
            low = middle
        else:
            high = middle
    return _from_oklab(lightness, u * low, v * low)


@njit(
    [
        void(pixels, Array(f4, 1, "C"), Array(f4, 1, "C"), f4, PLANE, LEVELS, Array(u1, 2, "C"))
        for pixels in PIXELS
    ],
    cache=True,
    nogil=True,
)
def convert_hdr_pixels(pixels, light, weights, brightest, matrix, stored, made):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write pixels (N, 3) of a high dynamic range as sRGB; as `convert_pixels`, but for:

    light (levels,): 1 is diffuse white; for HLG the scene's own light, and weights (3,) the luminance of its
    primaries, else empty; brightest: the light that becomes 1, see `roll_off_light`.
    """
    last = np.float32(len(stored) - 1)
    for i in range(len(pixels)):
        r, g, b = light[pixels[i, 0]], light[pixels[i, 1]], light[pixels[i, 2]]
        if len(weights):
            # BT.2100's OOTF for a display of 1000 nits, in units of diffuse white.
            luminance = weights[0] * r + weights[1] * g + weights[2] * b
            gain = np.float32(1000 / 203) * max(luminance, _SMALL) ** np.float32(0.2)
            r, g, b = r * gain, g * gain, b * gain
        most = max(r, g, b)
        if most > _SMALL:
            share = roll_off_light(most, brightest) / most
            r, g, b = r * share, g * share, b * share
        r, g, b = reduce_chroma(
            matrix[0, 0] * r + matrix[0, 1] * g + matrix[0, 2] * b,
            matrix[1, 0] * r + matrix[1, 1] * g + matrix[1, 2] * b,
            matrix[2, 0] * r + matrix[2, 1] * g + matrix[2, 2] * b,
        )
        made[i, 0] = stored[np.int64(min(max(r, np.float32(0)), np.float32(1)) * last + np.float32(0.5))]
        made[i, 1] = stored[np.int64(min(max(g, np.float32(0)), np.float32(1)) * last + np.float32(0.5))]
        made[i, 2] = stored[np.int64(min(max(b, np.float32(0)), np.float32(1)) * last + np.float32(0.5))]
