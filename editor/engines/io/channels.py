"""The channels of a decoded Pillow picture as arrays: its colours at their full depth, and its alpha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from editor.engines import types

from . import formats, heif
from .colour.conversion import Model, Pixels

INTEGER_16_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
WITH_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")

DEEP_PNG = {
    "RGB;16B": ("RGB", ("RGB;16B", "RGB;16L")),
    "RGBA;16B": ("RGBA", ("RGBA;16B", "RGBA;16L")),
    "LA;16B": ("RGBA", ("RGBA",)),
}
"""Pillow has no mode for deep colours and drops the lower byte. Asked for it in another byte order it gives
that byte instead; grey with alpha has as many bytes as RGBA at eight bits."""

THREADS = 2
"""Of a decoder: as many as an imaging process may use."""


@dataclass(frozen=True)
class Channels:
    """colours as conversion.to_srgb takes them, of that model; alpha (H, W), None where there is none."""

    colours: Pixels
    model: Model
    alpha: types.Alpha | None


def from_picture(picture: Image.Image, *, grey: bool = False) -> Channels:
    """Return the channels of a picture; the mode decides, and a transparent colour where it names one.

    grey: the file has one channel of colours, whatever its library makes of it beside alpha.
    """
    clear = picture.info.get("transparency")
    # Which Pillow would cut off at 255.
    if grey and picture.mode not in INTEGER_16_BIT:
        picture = picture.convert("LA" if picture.mode in WITH_ALPHA else "L")
    if picture.mode in INTEGER_16_BIT:
        return _deep_grey(picture, clear)
    if picture.mode in WITH_ALPHA or clear is not None:
        return _with_alpha(picture, clear)
    if picture.mode in ("RGB", "CMYK"):
        return Channels(np.array(picture), picture.mode, None)  # type: ignore[arg-type]
    if picture.mode in ("1", "L"):
        return Channels(np.array(picture.convert("L")), "L", None)
    return Channels(np.array(picture.convert("RGB")), "RGB", None)


def is_deep(source: ImageFile.ImageFile, file: BinaryIO) -> bool:
    """Say whether a picture, opened from its file but not decoded yet, is one that `read_deep` reads."""
    if source.format == "AVIF":
        return heif.depth(file) > 8
    if source.format == "HEIF":
        return source.info.get("bit_depth", 8) > 8
    return source.format == "PNG" and bool(source.tile) and source.tile[0].args in DEEP_PNG


def is_grey(source: ImageFile.ImageFile, file: BinaryIO) -> bool:
    """Say whether a picture has one channel of colours where its library may give three, all alike."""
    return source.format in ("AVIF", "HEIF") and heif.is_grey(file)


def read_deep(file: BinaryIO, kind: formats.Kind) -> Channels:
    """Return the channels of a PNG, HEIF or AVIF file of more than eight bits, uint16."""
    if kind.plugin == "HEIF":
        return _from_deep(*_deep_heif(file))
    return _from_deep(*_deep_avif(file)) if kind.plugin == "AVIF" else _deep_png(file, kind)


def turn(channels: Channels, orientation: int) -> Channels:
    """Return channels as EXIF orientation 1 to 8 means them to be seen."""
    if orientation == 1:
        return channels

    def turn(plane: NDArray[Any]) -> NDArray[Any]:
        if orientation >= 5:
            plane = plane.swapaxes(0, 1)
        rows = slice(None, None, -1 if orientation in (3, 4, 7, 8) else 1)
        columns = slice(None, None, -1 if orientation in (2, 3, 6, 7) else 1)
        return np.ascontiguousarray(plane[rows, columns])

    alpha = None if channels.alpha is None else turn(channels.alpha)
    return Channels(turn(channels.colours), channels.model, alpha)


def _deep_grey(picture: Image.Image, clear: Any) -> Channels:
    values = np.array(picture).astype(np.uint16)
    alpha = (values != clear).astype(np.float32) if isinstance(clear, int) else None
    return Channels(values, "L", alpha)


def _with_alpha(picture: Image.Image, clear: Any) -> Channels:
    grey = picture.mode in ("L", "LA", "La") or (picture.mode == "1" and clear is not None)
    pixels = np.asarray(picture.convert("LA" if grey else "RGBA"))
    alpha = _opacity(pixels[..., -1], 255)
    colours = np.ascontiguousarray(pixels[..., 0] if grey else pixels[..., :3])
    return Channels(colours, "L" if grey else "RGB", alpha)


def _opacity(plane: NDArray[Any], full: int) -> types.Alpha | None:
    return None if plane.min(initial=full) == full else plane.astype(np.float32) * np.float32(1 / full)


def _deep_png(file: BinaryIO, kind: formats.Kind) -> Channels:
    source = formats.open_picture(file, kind)
    clear = source.info.get("transparency")
    told = str(source.tile[0].args)
    mode, parts = DEEP_PNG[told]
    planes = [_unpack_as(formats.open_picture(file, kind), mode, part) for part in parts]
    if told == "LA;16B":
        pixels = np.ascontiguousarray(planes[0]).view(">u2").astype(np.uint16)
        return Channels(np.ascontiguousarray(pixels[..., 0]), "L", _opacity(pixels[..., 1], 65535))
    pixels = (planes[0].astype(np.uint16) << 8 | planes[1]).astype(np.uint16)
    alpha = _opacity(pixels[..., 3], 65535) if mode == "RGBA" else None
    if mode == "RGB" and clear is not None:
        alpha = (pixels != np.array(clear, np.uint16)).any(axis=2).astype(np.float32)
    return Channels(np.ascontiguousarray(pixels[..., :3]), "RGB", alpha)


def _unpack_as(source: ImageFile.ImageFile, mode: str, rawmode: str) -> NDArray[np.uint8]:
    """Return a PNG's pixels as bytes that were unpacked in another way than its plugin chose."""
    source._mode = mode
    source.tile = [tile._replace(args=rawmode) for tile in source.tile]
    source.load()
    return np.asarray(source)


def _deep_heif(file: BinaryIO) -> tuple[NDArray[np.uint16], int]:
    """Return a HEIC file's pixels and how many bits of theirs count."""
    import pillow_heif

    file.seek(0)
    picture = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    bits = int(picture.info["bit_depth"])
    # The library moves them up to the highest of 16.
    return np.right_shift(np.asarray(picture), 16 - bits, dtype=np.uint16), bits


def _deep_avif(file: BinaryIO) -> tuple[NDArray[np.uint16], int]:
    """Return an AVIF file's pixels, of a sequence the first frame's, and how many bits of theirs count.

    Pillow's reader is the same library, but has a mode for eight bits alone.
    """
    import imagecodecs

    file.seek(0)
    pixels = imagecodecs.avif_decode(file.read(), index=0, numthreads=THREADS)
    return pixels, heif.depth(file) if pixels.dtype == np.uint16 else 8


def _from_deep(pixels: NDArray[np.uint16], bits: int) -> Channels:
    """Return pixels of 9 to 16 bits, (H, W) or (H, W, C), as channels over all of 16 bits."""
    full = (1 << bits) - 1
    if pixels.ndim == 2:
        return Channels(_widen(pixels, full), "L", None)
    count = pixels.shape[2]
    alpha = _opacity(pixels[..., -1], full) if count in (2, 4) else None
    if count <= 2:
        return Channels(_widen(pixels[..., 0], full), "L", alpha)
    return Channels(_widen(pixels[..., :3], full), "RGB", alpha)


def _widen(values: NDArray[np.uint16], full: int) -> NDArray[np.uint16]:
    """Return values of 0..full as 0..65535, each rounded."""
    table = (np.arange(full + 1, dtype=np.uint64) * 65535 + full // 2) // full
    return np.take(table.astype(np.uint16), values)
