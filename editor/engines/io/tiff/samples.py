"""A TIFF page's samples as colours: every depth and kind of number scaled to 8 or 16 bits.

What white is: the largest number of the depth for whole numbers, 1 for floating point, or what the
file's SMinSampleValue and SMaxSampleValue say. RGB in floating point without a profile is linear light,
by custom of all who write it; grey in floating point is measured values and stays as it is.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import TiffImagePlugin

from editor.engines import types
from editor.engines.errors import NotAPicture
from editor.engines.io.channels import Channels
from editor.engines.io.colour import conversion

from . import pages, segments
from .pages import Page
from .tags import Damaged

DAMAGED = "This TIFF is damaged or cut short. Export it again and add that."

Colours = NDArray[np.uint8] | NDArray[np.uint16]

BAND = 1 << 20
"""Pixels at a time where numbers are scaled in floating point."""


@dataclass(frozen=True)
class Decoded:
    """A page's channels as they are stored, not turned, what they say of colour, and the EXIF orientation,
    1 to 8, that a person is to see them in."""

    channels: Channels
    space: conversion.Space
    orientation: int


def read(file: BinaryIO, page: Page) -> Decoded:
    """Return a checked page's picture. Raises NotAPicture where it is damaged."""
    try:
        if page.compression in pages.LIBTIFF:
            return _read_by_libtiff(file, page)
        file.seek(0)
        unpacked = segments.unpack(page, memoryview(file.read()))
        with np.errstate(all="ignore"):
            return _decode(page, unpacked)
    except MemoryError:
        raise
    except (segments.CutShort, Damaged) as exc:
        raise NotAPicture(DAMAGED) from exc
    except Exception as exc:  # codecs have errors of their own, each
        if page.compression not in pages.PICTUREWISE:
            raise NotAPicture(DAMAGED) from exc
        name = pages.COMPRESSIONS[page.compression]
        raise NotAPicture(
            f"The {name} inside this TIFF is damaged, or of a kind that is not read. {pages.REPACK}"
        ) from exc


def _read_by_libtiff(file: BinaryIO, page: Page) -> Decoded:
    """Return what Pillow makes of fax pages and old JPEG; it turns them upright itself."""
    file.seek(0)
    picture = TiffImagePlugin.TiffImageFile(io.BytesIO(file.read()))
    picture.seek(page.number or 0)
    # It would turn a picture by that too, which nobody else does.
    picture.info.pop("xmp", None)
    picture.load()
    model: conversion.Model = "L" if picture.mode in ("1", "L") else "RGB"
    pixels = np.array(picture.convert(model))
    return Decoded(Channels(pixels, model, None), conversion.Space(_profile(page)), 1)


def _profile(page: Page) -> bytes | None:
    return page.directory.data(pages.PROFILE) or None


def _decode(page: Page, unpacked: segments.Unpacked) -> Decoded:
    raw, bits = unpacked.samples, unpacked.bits
    if raw.dtype == np.int8 and raw.min(initial=0) < 0:
        # Whole programs call their bytes signed that are not; light is never negative.
        page, raw = replace(page, formats=(pages.UINT,) * page.samples), raw.view(np.uint8)
    stored = raw[..., : page.colours]
    scale = _scale(page, stored, bits)
    alpha = None if page.alpha is None else _alpha(raw[..., -1], scale)
    colours, model = _colours(page, stored, scale, bits, alpha, rgb=unpacked.rgb)
    space = conversion.Space(_profile(page))
    if scale.linear and page.photometric == pages.RGB and space.icc is None:
        space = conversion.LINEAR
    return Decoded(Channels(colours, model, alpha), space, page.orientation)


def _colours(
    page: Page,
    stored: NDArray[Any],
    scale: _Scale,
    bits: int,
    alpha: types.Alpha | None,
    *,
    rgb: bool,
) -> tuple[conversion.Pixels, conversion.Model]:
    """Return the colours as conversion.to_srgb takes them, and their model. rgb: YCbCr came as RGB."""
    photometric = page.photometric
    if page.compression == 33003:
        photometric = pages.YCBCR  # Aperio's JPEG 2000 of YCbCr, whatever the tag says
    if photometric == pages.PALETTE:
        return _from_palette(page, stored[..., 0]), "RGB"
    if photometric in (pages.CIELAB, pages.ICCLAB):
        return _lab(page, stored), "LAB"
    if photometric == pages.YCBCR and not rgb:
        return _convert_in_bands(stored, lambda part: _from_ycbcr(page, part, bits)), "RGB"
    associated = page.alpha is not None and page.extras[page.alpha - page.colours] == pages.ASSOCIATED
    colours: Colours
    if page.formats[0] in (pages.INT, pages.FLOAT) or bits > 16 or associated:
        colours = _scale_colours(stored, scale, alpha if associated else None)
    else:
        colours = _spread_range(stored, bits)
    if photometric == pages.WHITE_IS_ZERO:
        colours = ~colours
    if page.colours == 1:
        return colours.reshape(colours.shape[:2]), "L"
    return colours, "CMYK" if photometric == pages.SEPARATED else "RGB"


# -- Numbers --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scale:
    """Which numbers are black and white; linear: they are light, as far as RGB is meant."""

    black: float
    white: float
    linear: bool = False

    def unit(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values as 0 to 1; what is no number is black, what is infinite is white."""
        exact = np.float32 if values.dtype.itemsize * (2 - (values.dtype.kind == "f")) <= 4 else np.float64
        scaled: NDArray[np.floating[Any]] = values.astype(exact)
        if self.black:
            scaled -= self.black
        scaled *= 1 / (self.white - self.black)
        if values.dtype.kind == "f":
            np.nan_to_num(scaled, copy=False, nan=0.0, posinf=1.0, neginf=0.0)
        return np.clip(scaled, 0, 1, out=scaled)


def _scale(page: Page, stored: NDArray[Any], bits: int) -> _Scale:
    form = page.formats[0]
    floating = form == pages.FLOAT
    if form in (pages.INT, pages.FLOAT):
        least, most = page.directory.numbers(pages.LEAST, 64), page.directory.numbers(pages.MOST, 64)
        if most and max(most) > min(least, default=0):
            return _Scale(float(min(least, default=0)), float(max(most)), linear=floating)
    if not floating:
        white = 2 ** (bits - 1 if form == pages.INT else bits) - 1
        # Programs that compute in 32 or 64 bits write 16-bit pictures in them.
        narrow = bits >= 32 and int(stored.max(initial=0)) <= 65535
        return _Scale(0, 65535 if narrow else white)
    brightest = float(np.max(stored, where=np.isfinite(stored), initial=0))
    if brightest <= 1:
        return _Scale(0, 1, linear=True)
    some = stored[:: max(1, page.height // 256), :: max(1, page.width // 256)].max(axis=2)
    if page.photometric == pages.RGB and float(np.median(some[np.isfinite(some)])) <= 1:
        # Light brighter than white: lamps, reflections. White stays white, they are clipped.
        return _Scale(0, 1, linear=True)
    return _Scale(0, max(255.0, brightest))


def _bands(height: int, width: int) -> Iterator[slice]:
    rows = max(1, BAND // max(1, width))
    for top in range(0, height, rows):
        yield slice(top, min(height, top + rows))


def _convert_in_bands(
    stored: NDArray[Any], unit: Callable[[NDArray[Any]], NDArray[Any]]
) -> NDArray[np.uint16]:
    """Return 16-bit colours (H, W, C) of what `unit` makes of each band of stored: 0 to 1, (h, W, C)."""
    colours = np.empty(stored.shape, np.uint16)
    for band in _bands(*stored.shape[:2]):
        colours[band] = np.rint(unit(stored[band]) * 65535)
    return colours


def _alpha(own: NDArray[Any], scale: _Scale) -> types.Alpha:
    """Return alpha on the colours' scale, or on that of 0 to 1 where it keeps to it in floating point."""
    if own.dtype.kind == "f" and float(np.max(own, where=np.isfinite(own), initial=0)) <= 1:
        scale = _Scale(0, 1)
    alpha = np.empty(own.shape, np.float32)
    for band in _bands(*own.shape):
        alpha[band] = scale.unit(own[band])
    return alpha


def _scale_colours(stored: NDArray[Any], scale: _Scale, associated: types.Alpha | None) -> NDArray[np.uint16]:
    """Return numbers as 16-bit colours; alpha that was multiplied in is divided out."""
    colours = np.empty(stored.shape, np.uint16)
    for band in _bands(*stored.shape[:2]):
        unit = scale.unit(stored[band])
        if associated is not None:
            opacity = associated[band][..., None]
            unit = np.minimum(np.divide(unit, opacity, out=np.zeros_like(unit), where=opacity > 0), 1)
        unit *= 65535
        colours[band] = np.rint(unit, out=unit)
    return colours


def _spread_range(stored: NDArray[Any], bits: int) -> Colours:
    """Return whole numbers of up to 16 bits at the full range of 8 or 16 bits."""
    if bits in (8, 16) and stored.dtype.itemsize * 8 == bits:
        return np.ascontiguousarray(stored)
    wide = np.uint8 if bits <= 8 else np.uint16
    most, white = 2**bits - 1, np.iinfo(wide).max
    table = np.rint(np.arange(most + 1) * (white / most)).astype(wide)
    return table[np.minimum(stored, most)]


# -- Colours --------------------------------------------------------------------------------------


def _from_palette(page: Page, numbers: NDArray[Any]) -> NDArray[np.uint8]:
    size = 2 ** page.bits[0]
    colours = np.array(page.directory.whole(pages.COLOUR_MAP, 3 << 16)[: 3 * size]).reshape(3, size).T
    # Old writers kept 8 bits in the 16; libtiff knows them by that too.
    table = colours if colours.max() < 256 else colours >> 8
    return table.astype(np.uint8)[numbers]


def _lab(page: Page, stored: NDArray[Any]) -> NDArray[np.float32]:
    """Return L* 0 to 100, a* and b*, float32; a* and b* are stored signed in CIE's, offset in ICC's.

    Adobe, TIFF technical notes for PageMaker 6; ICC.1 6.3.4.2 for the 16-bit ranges.
    """
    height, width, channels = stored.shape
    lab = np.zeros((height, width, 3), np.float32)
    if page.formats[0] == pages.FLOAT:
        lab[..., :channels] = np.nan_to_num(stored, nan=0.0, posinf=100.0, neginf=0.0)
        return lab
    size = stored.dtype.itemsize
    steps, unsigned = (1 if size == 1 else 256), stored.view(f"u{size}")
    icc = page.photometric == pages.ICCLAB
    white = 255 if size == 1 else 65280 if icc else 65535
    lab[..., 0] = unsigned[..., 0] * np.float32(100 / white)
    if channels == 3:
        lab[..., 1:] = unsigned[..., 1:] if icc else stored.view(f"i{size}")[..., 1:]
        lab[..., 1:] /= steps
        if icc:
            lab[..., 1:] -= 128
    return lab


def _from_ycbcr(page: Page, stored: NDArray[Any], bits: int) -> NDArray[np.float64]:
    """Return YCbCr as RGB 0 to 1, by the coefficients and ranges of the tags (TIFF 6.0, section 21)."""
    most, half = float(2**bits - 1), float(2 ** (bits - 1))
    red, green, blue = (*page.directory.numbers(529, 3), 0.299, 0.587, 0.114)[:3]
    told = page.directory.numbers(532, 6)
    ranges = told if len(told) == 6 else (0, most, half, most, half, most)
    scaled = [
        (stored[..., number] - ranges[2 * number])
        * span
        / ((ranges[2 * number + 1] - ranges[2 * number]) or 1)
        for number, span in enumerate((most, half - 1, half - 1))
    ]
    luma, to_blue, to_red = scaled
    r = luma + to_red * (2 - 2 * red)
    b = luma + to_blue * (2 - 2 * blue)
    g = (luma - red * r - blue * b) / (green or 1)
    return np.clip(np.stack([r, g, b], axis=-1) / most, 0, 1)
