"""The description of colours and density that a file has beside its pixels, kind by kind."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import ExifTags, Image

from editor.engines.io import formats, iso_boxes
from editor.engines.io.tiff import tags

from . import spaces
from .conversion import Space
from .spaces import Chromaticities

Density = tuple[float, float]
"""Pixels per inch, across and down."""

DENSITIES = (1.0, 30_000.0)
"""Pixels per inch that can be meant: less is an aspect ratio or a blank field, more no printer's."""

INCHES = {2: 1.0, 3: 2.54}
"""How many of EXIF's and TIFF's units of resolution are an inch; by 1 they have none."""

BMP_CALIBRATED, BMP_EMBEDDED = 0, 0x4D424544
"""Colour space types of a BMP: numbers of its own; a profile behind its pixels ('MBED')."""

LARGEST_CHUNK = 1 << 16
"""Bytes of the chunks and boxes that say something of colours, profiles aside."""


def read_space(source: Image.Image, file: BinaryIO) -> Space:
    """Return what the file of a picture, opened from it but not decoded, says of its colours.

    The file's position is kept. What is damaged is as good as not there.
    """
    position = file.tell()
    icc = source.info.get("icc_profile") or None
    try:
        if source.format == "PNG":
            return _png(source, file, icc)
        if source.format == "AVIF":
            return _avif(file, icc)
        if source.format == "HEIF":
            return _heif(source, icc)
        if source.format == "BMP":
            return _bmp(file)
    except (struct.error, ValueError, TypeError, KeyError, IndexError):
        return Space(icc)
    finally:
        file.seek(position)
    return Space(icc)


def read_density(source: Image.Image) -> Density | None:
    """Return the pixels per inch that the file of an opened picture asks to be printed at; None if none."""
    told = source.info.get("dpi")
    if source.format in ("JPEG", "MPO") and source.info.get("jfif_unit") not in (1, 2):
        # Pillow takes 72 where neither JFIF nor EXIF says anything.
        told = None
    if told is None and source.info.get("exif"):
        try:
            told = _exif_density(source)
        except Exception:  # noqa: BLE001 - a damaged EXIF block must not cost the picture
            return None
    return _as_density(told)


def read_tiff_density(directory: tags.Directory) -> Density | None:
    """Return the pixels per inch that a page of a TIFF asks to be printed at; None if none."""
    try:
        unit = INCHES.get(directory.one(ExifTags.Base.ResolutionUnit, 2))
        across, down = (
            directory.numbers(tag, 1) for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution)
        )
    except tags.Damaged:
        return None
    return None if unit is None or not across else _as_density((across[0] * unit, (down or across)[0] * unit))


def _as_density(told: Any) -> Density | None:
    """Return two numbers as a density where they make sense as one."""
    try:
        across, down = (float(value) for value in told)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    low, high = DENSITIES
    if not (
        math.isfinite(across) and math.isfinite(down) and low < min(across, down) and max(across, down) < high
    ):
        return None
    # Formats that count in metres or centimetres mean a whole number all the same.
    return _whole(across), _whole(down)


def _whole(value: float) -> float:
    return float(round(value)) if abs(value - round(value)) < 0.02 else value


def _exif_density(source: Image.Image) -> Density | None:
    exif = formats.exif(source)
    across, down = exif.get(ExifTags.Base.XResolution), exif.get(ExifTags.Base.YResolution)
    unit = INCHES.get(exif.get(ExifTags.Base.ResolutionUnit, 2))
    return None if across is None or unit is None else (float(across) * unit, float(down or across) * unit)


def _png(source: Image.Image, file: BinaryIO, icc: bytes | None) -> Space:
    """PNG (third edition), 11.3.2: the chunks on colours."""
    chunks = dict(_png_chunks(file, {b"cICP", b"cLLI", b"mDCV"}))
    codes = chunks.get(b"cICP", b"")
    # Pixels are RGB, so the matrix is 0; anything else is no sound chunk.
    sound = len(codes) == 4 and codes[2] == 0
    peak = None
    if len(chunks.get(b"cLLI", b"")) == 8:
        peak = struct.unpack(">I", chunks[b"cLLI"][:4])[0] / 10_000
    elif len(chunks.get(b"mDCV", b"")) == 24:
        peak = struct.unpack(">I", chunks[b"mDCV"][16:20])[0] / 10_000
    return Space(
        icc,
        codes=(codes[0], codes[1]) if sound else None,
        srgb="srgb" in source.info,
        gamma=source.info.get("gamma"),
        chromaticities=source.info.get("chromaticity"),
        peak_nits=peak or None,
    )


def _png_chunks(file: BinaryIO, wanted: set[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of the wanted chunks before a PNG's pixels."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        if name in (b"IDAT", b"IEND"):
            return
        if name in wanted and size <= LARGEST_CHUNK:
            yield name, file.read(size)
            file.seek(4, io.SEEK_CUR)
        else:
            file.seek(size + 4, io.SEEK_CUR)


def _avif(file: BinaryIO, icc: bytes | None) -> Space:
    codes, peak, mastered = None, 0.0, 0.0
    for name, content in iso_boxes.properties(file):
        if name == b"colr" and content[:4] == b"nclx":
            codes = _nclx(*struct.unpack(">2H", content[4:8]))
        elif name == b"clli":
            peak = float(struct.unpack(">H", content[:2])[0])
        elif name == b"mdcv":
            mastered = struct.unpack(">I", content[16:20])[0] / 10_000
    return Space(icc, codes, profile_first=True, peak_nits=peak or mastered or None)


def _heif(source: Image.Image, icc: bytes | None) -> Space:
    codes = source.info.get("nclx_profile") or {}
    light, display = (
        source.info.get(name) or {} for name in ("content_light_level", "mastering_display_colour_volume")
    )
    peak = light.get("max_content_light_level") or display.get("max_display_mastering_luminance")
    told = _nclx(int(codes["color_primaries"]), int(codes["transfer_characteristics"])) if codes else None
    return Space(icc, told, profile_first=True, peak_nits=float(peak) if peak else None)


def _nclx(primaries: int, transfer: int) -> tuple[int, int]:
    """Return HEIF's and AVIF's code points with sRGB's in place of what they leave open.

    MIAF (ISO/IEC 23000-22, 7.3.6.4) has those as defaults; what is reserved counts as unspecified (H.273).
    A camera's curve is in most files a video encoder's habit around ordinary pictures: browsers take sRGB's.
    """
    if primaries not in spaces.PRIMARIES:
        primaries = spaces.SRGB_PRIMARIES
    if transfer in spaces.CAMERA_CURVES or not spaces.is_known(transfer):
        transfer = spaces.SRGB_CURVE
    return primaries, transfer


def _bmp(file: BinaryIO) -> Space:
    """The headers of versions 4 and 5 (wingdi.h, BITMAPV4HEADER and BITMAPV5HEADER)."""
    file.seek(14)
    head = file.read(124)
    (size,) = struct.unpack("<I", head[:4])
    if size < 108:
        return Space()
    (kind,) = struct.unpack("<I", head[56:60])
    if kind == BMP_EMBEDDED and size >= 124:
        at, length = struct.unpack("<2I", head[112:120])
        file.seek(14 + at)
        return Space(file.read(length) or None)
    if kind != BMP_CALIBRATED:
        return Space()
    ends = [value / 2**30 for value in struct.unpack("<9i", head[60:96])]
    gammas = [value / 2**16 for value in struct.unpack("<3I", head[96:108])]
    gamma = sum(gammas) / 3
    if min(gammas) <= 0 or max(gammas) - min(gammas) > 0.05 * gamma:
        # Most writers leave the fields blank.
        return Space()
    # Some write the power that pixels were stored by, some the one that they are shown by.
    return Space(gamma=min(gamma, 1 / gamma), chromaticities=_chromaticities(ends))


def _chromaticities(ends: list[float]) -> Chromaticities | None:
    """Return x and y of white, red, green and blue from the XYZ of red, green and blue; None for blanks."""
    colours = [ends[at : at + 3] for at in (0, 3, 6)]
    if min(sum(colour) for colour in colours) <= 0:
        return None
    if all(abs(sum(colour) - 1) < 0.01 for colour in colours):
        # Chromaticities already, as most writers understand it: of what white is not said.
        white = list(spaces.SRGB[:2])
    else:
        total = [sum(axis) for axis in zip(*colours, strict=True)]
        white = [total[0] / sum(total), total[1] / sum(total)]
    flat = [value / sum(colour) for colour in colours for value in colour[:2]]
    return (white[0], white[1], flat[0], flat[1], flat[2], flat[3], flat[4], flat[5])
