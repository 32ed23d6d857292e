"""Pictures in and out: every format of formats.py to sRGB arrays, and arrays to clean files.

What is written carries no metadata at all: no EXIF, no place, no profile (sRGB needs none).
"""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import row_bands, types
from editor.engines.errors import EngineError, NotAPicture, OutOfMemory
from editor.engines.limits import STUDIO

from . import channels, formats, jpeg, raw
from .colour import conversion, description
from .png import writer
from .words import FORMATS as FORMATS
from .words import SIZES as SIZES

JPEG_QUALITY = 92
WEBP_QUALITY = 90
# Measured on a 1-megapixel cutout: method 2 takes 41 ms, 4 81 ms (3 % smaller).
WEBP_METHOD = 2


Weighed = NDArray[np.uint8]
"""Colours times alpha, and alpha, (H, W, 4): resampled, what is see-through bleeds into nothing."""


@dataclass(frozen=True)
class Picture:
    """A decoded picture as a person sees it. alpha is None where every pixel is opaque.

    density: the pixels per inch that its file asks to be printed at, across and down.
    """

    rgb: types.Image
    alpha: types.Alpha | None
    format: str
    density: description.Density | None = None

    @property
    def opacity(self) -> float:
        """The alpha of what is most opaque in it, 0..1: glass and veils may be nowhere half opaque."""
        return 1.0 if self.alpha is None else float(self.alpha.max(initial=0.0))

    @property
    def solid(self) -> Picture:
        """The picture as opaque as it can be, whole where it is most so: itself unless it is faint all over.

        What is found in it is as faint as the picture once it is multiplied by its opacity.
        """
        opacity = self.opacity
        return self if self.alpha is None or opacity in (0, 1) else replace(self, alpha=self.alpha / opacity)

    def crop(self, box: tuple[int, int, int, int]) -> Picture:
        """Return a part of the picture: left, top, right, bottom, right and bottom outside, all within it."""
        left, top, right, bottom = box
        part = slice(top, bottom), slice(left, right)
        alpha = None if self.alpha is None else self.alpha[part]
        return replace(self, rgb=np.ascontiguousarray(self.rgb[part]), alpha=alpha)

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])


def read(path: str | os.PathLike[str]) -> Picture:
    """Return the file's (first) picture, upright and in sRGB.

    Raises NotAPicture for what is none or is cut short, TooLarge over limits.STUDIO,
    OutOfMemory, and OSError where the file itself cannot be opened.
    """
    with Path(path).open("rb") as file:
        try:
            # Damaged metadata makes Pillow warn; it says nothing about the pixels.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _decode_whole(file)
        except EngineError:
            raise
        except MemoryError as exc:
            raise OutOfMemory from exc
        except Exception as exc:  # mutated files raise SyntaxError, TypeError, struct.error too
            raise NotAPicture("This picture is damaged or cut short. Export it again and add that.") from exc


def write(
    path: str | os.PathLike[str],
    rgb: types.Image,
    alpha: types.Alpha | None = None,
    *,
    format: str,
    quality: int | None = None,
    density: description.Density | None = None,
) -> int:
    """Write a png, jpg or webp without metadata and return its size in bytes.

    density: pixels per inch across and down, which tell nothing of a person; a webp has no place for them.

    quality is 1..100, for jpg and webp. A jpg cannot hold alpha: lay it on a background first.
    """
    if format == "jpg" and alpha is not None:
        raise ValueError("a jpg cannot hold alpha")
    if format == "png":
        # Pillow would copy it twice.
        return writer.write(Path(path), rgb if alpha is None else _join(rgb, alpha), density)
    return save(to_pillow(rgb, alpha), path, format=format, quality=quality, density=density)


def write_mask(path: str | os.PathLike[str], alpha: types.Alpha) -> int:
    """Write alpha as a grey PNG, white = subject, and return its size in bytes."""
    return writer.write(Path(path), to_bytes(alpha))


def to_grey(alpha: types.Alpha) -> Image.Image:
    """Return alpha as a grey picture, white = subject."""
    return Image.fromarray(to_bytes(alpha))


def resize(rgb: types.Image, alpha: types.Alpha | None, side: int) -> tuple[types.Image, types.Alpha | None]:
    """Return the picture scaled down, never up, so that its longer side is at most `side` pixels.

    Colours are weighed by alpha, so that what is transparent does not bleed into the edge.
    """
    height, width = rgb.shape[:2]
    if max(height, width) <= side:
        return rgb, alpha
    if alpha is None:
        return from_pillow(shrink(to_pillow(rgb, None), side))
    from . import resampling

    size = formats.fit_size(width, height, side)
    rgb, alpha = unweigh(resampling.resize(weigh(rgb, alpha), size, (0, 0, width, height)))
    return rgb, None if alpha.min() == 1 else alpha


def shrink(picture: Image.Image, side: int) -> Image.Image:
    """Return an RGB or RGBA Pillow picture scaled down, never up, to at most `side` pixels a side."""
    size = formats.fit_size(*picture.size, side)
    if size == picture.size:
        return picture
    # Pillow premultiplies RGBA by itself. reducing_gap keeps a large reduction quick.
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def weigh(rgb: types.Image, alpha: types.Alpha, ring: int = 0) -> Weighed:
    """Return colours times alpha, and that, with so many clear pixels around."""
    from . import alpha_kernels

    height, width = alpha.shape
    # What is written below need not be cleared before.
    make = np.zeros if ring else np.empty
    weighed = make((height + 2 * ring, width + 2 * ring, 4), np.uint8)
    inner = weighed[ring : ring + height, ring : ring + width]
    row_bands.work(height, lambda top, bottom: alpha_kernels.weigh(rgb, alpha, inner, top, bottom))
    return weighed


def unweigh(weighed: Weighed) -> tuple[types.Image, types.Alpha]:
    """Return the colours and alpha of a weighed picture; black where alpha is 0."""
    from . import alpha_kernels

    rgb = np.empty((*weighed.shape[:2], 3), np.uint8)
    alpha = np.empty(weighed.shape[:2], np.float32)
    row_bands.work(len(rgb), lambda top, bottom: alpha_kernels.unweigh(weighed, rgb, alpha, top, bottom))
    return rgb, alpha


def to_pillow(rgb: types.Image, alpha: types.Alpha | None) -> Image.Image:
    """Return a Pillow picture, RGB or RGBA; hidden colours (alpha 0) become black."""
    return Image.fromarray(rgb if alpha is None else _join(rgb, alpha))


def _join(rgb: types.Image, alpha: types.Alpha) -> NDArray[np.uint8]:
    """Return colours and alpha (H, W, 4) as a file holds them."""
    from . import alpha_kernels

    rgba = np.empty((*alpha.shape, 4), np.uint8)
    # What was cut away must not be there to be found, and black packs smallest.
    row_bands.work(len(rgba), lambda top, bottom: alpha_kernels.join(rgb, alpha, rgba, top, bottom))
    return rgba


def from_pillow(picture: Image.Image) -> tuple[types.Image, types.Alpha | None]:
    """Return the arrays of an RGB or RGBA Pillow picture; alpha is None where all is opaque."""
    if picture.mode != "RGBA":
        return np.array(picture.convert("RGB")), None
    pixels = np.asarray(picture)
    rgb = np.ascontiguousarray(pixels[..., :3])
    alpha = pixels[..., 3]
    if alpha.min() == 255:
        return rgb, None
    return rgb, alpha.astype(np.float32) * np.float32(1 / 255)


def to_bytes(alpha: types.Alpha) -> types.Image:
    """Return alpha as uint8 0..255, rounded, (H, W)."""
    from . import alpha_kernels

    grey = np.empty(alpha.shape, np.uint8)
    row_bands.work(len(grey), lambda top, bottom: alpha_kernels.store(alpha, grey, top, bottom))
    return grey


def round_off(alpha: types.Alpha) -> types.Alpha:
    """Return alpha as a file gives it back."""
    from . import alpha_kernels

    made = np.empty(alpha.shape, np.float32)
    row_bands.work(len(made), lambda top, bottom: alpha_kernels.round_off(alpha, made, top, bottom))
    return made


def save(
    picture: Image.Image,
    path: str | os.PathLike[str],
    *,
    format: str,
    quality: int | None = None,
    density: description.Density | None = None,
    xmp: bytes = b"",
) -> int:
    """Write a fresh Pillow picture, which has no metadata to lose; otherwise as `write`.

    xmp: a packet to go along, of provenance.xmp's.
    """
    target = Path(path)
    told: dict[str, Any] = {"dpi": density} if density else {}
    if format == "png":
        writer.write(target, np.asarray(picture), density, text=writer.XMP + xmp if xmp else b"")
    elif format in ("jpg", "webp"):
        if xmp:
            told["xmp"] = xmp
        if format == "jpg":
            picture.save(target, "JPEG", quality=quality or JPEG_QUALITY, subsampling=0, **told)
        else:
            told.pop("dpi", None)
            options = {"quality": quality or WEBP_QUALITY, "method": WEBP_METHOD, "alpha_quality": 100}
            picture.save(target, "WEBP", **options, **told)
    else:
        raise ValueError(f"{format!r} is none of {', '.join(FORMATS)}")
    return target.stat().st_size


def _decode_whole(file: BinaryIO) -> Picture:
    """Decode a file, also where it is damaged behind its pixels or beside them."""
    kind = formats.sniff(file)
    # Of the zeros that stand where the rest of a file should be a decoder would make pixels.
    if kind.plugin != "JPEG" or not jpeg.is_padded(file):
        try:
            return _decode(file)
        except (OSError, SyntaxError, ValueError, RuntimeError):
            if kind.plugin != "JPEG":
                if (whole := formats.mend(file, kind)) is None:
                    raise
                return _decode(whole)
    file.seek(0)
    return _decode(io.BytesIO(jpeg.add_end(file.read())))


def _decode(file: BinaryIO) -> Picture:
    kind = formats.sniff(file)
    if kind.plugin == formats.RAW:
        return _decode_raw(file)
    if kind.plugin == "TIFF":
        return _decode_tiff(file)
    source = formats.open_picture(file, kind)
    name = source.format or kind.plugin
    upright = formats.orientation(source)
    space, density = description.read_space(source, file), description.read_density(source)
    # Deep grey of HEIF comes deep from its library, which was asked for eight bits.
    deep_grey = source.format == "HEIF" and source.mode in channels.INTEGER_16_BIT
    must = deep_grey or "transparency" in source.info or not conversion.is_plain(space)
    if must and channels.is_deep(source, file):
        parts = channels.turn(channels.read_deep(file, kind), upright)
    elif name == "JPEG" and source.mode == "RGB" and (pixels := jpeg.decode_whole(file)) is not None:
        parts = channels.turn(channels.Channels(pixels, "RGB", None), upright)
    else:
        source.load()
        parts = channels.from_picture(_turn(source, upright), grey=channels.is_grey(source, file))
    return _picture(parts, space, name, upright, density)


def _decode_raw(file: BinaryIO) -> Picture:
    """Develop camera raw, scaled down to what the studio takes."""
    pixels, full = raw.develop(file, STUDIO)
    picture, size = Image.fromarray(pixels), STUDIO.fit(*full)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return Picture(np.array(picture), None, formats.RAW)


def _decode_tiff(file: BinaryIO) -> Picture:
    from .tiff import samples

    page = formats.tiff_page(file)
    decoded = samples.read(file, page)
    density = description.read_tiff_density(page.directory)
    parts = channels.turn(decoded.channels, decoded.orientation)
    return _picture(parts, decoded.space, "TIFF", decoded.orientation, density)


def _picture(
    parts: channels.Channels,
    space: conversion.Space,
    name: str,
    turned: int,
    density: description.Density | None,
) -> Picture:
    """Return channels as a picture, which had to be turned as EXIF orientation `turned` says."""
    if density is not None and turned in formats.TURNED:
        density = density[1], density[0]
    alpha = None if parts.alpha is None or parts.alpha.min() == 1 else parts.alpha
    return Picture(conversion.to_srgb(parts.colours, space, parts.model), alpha, name, density)


def _turn(picture: Image.Image, orientation: int) -> Image.Image:
    """Return the picture as EXIF orientation 1 to 8 means it to be seen."""
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return picture if turn is None else picture.transpose(turn)
