"""Pictures in and out: every format of formats.py to sRGB arrays, and arrays to clean files.

What is written carries no metadata at all: no EXIF, no place, no profile (sRGB needs none).
"""

from __future__ import annotations

import io
import os
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from . import contract, formats
from .errors import EngineError, NotAPicture, OutOfMemory

SIZES = {"full": formats.MAX_SIDE, "preview": 256, "small": 512, "medium": 1024, "large": 2048}
"""Longest side in pixels of the size presets of seed 004."""

FORMATS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}

JPEG_QUALITY = 92
WEBP_QUALITY = 90
# Measured on a 1-megapixel cutout: level 1 takes 69 ms, 3 98 ms (5 % smaller), 6 240 ms (16 % smaller).
PNG_LEVEL = 1
# For pixels less their neighbours zlib's manual has its strategy RLE. Of photos at level 1 it makes files
# 4 to 14 % smaller, a tenth quicker; only where pictures repeat themselves to the pixel are others better.
PNG_STRATEGY = zlib.Z_RLE
# Measured likewise: method 2 takes 41 ms, 4 81 ms (3 % smaller).
WEBP_METHOD = 2

INTEGER_16_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
SRGB_NAMES = ("srgb", "s-rgb")


@dataclass(frozen=True)
class Picture:
    """A decoded picture as a person sees it. alpha is None where every pixel is opaque."""

    rgb: contract.Image
    alpha: contract.Alpha | None
    format: str

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])


def read(path: str | os.PathLike[str]) -> Picture:
    """Return the file's (first) picture, upright and in sRGB.

    Raises NotAPicture for what is none or is cut short, TooLarge over formats.MAX_SIDE,
    OutOfMemory, and OSError where the file itself cannot be opened.
    """
    with Path(path).open("rb") as file:
        try:
            # Damaged metadata makes Pillow warn; it says nothing about the pixels.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _decode(file)
        except EngineError:
            raise
        except MemoryError as exc:
            raise OutOfMemory from exc
        except Exception as exc:  # mutated files raise SyntaxError, TypeError, struct.error too
            raise NotAPicture("This picture is damaged or cut short. Export it again and add that.") from exc


def write(
    path: str | os.PathLike[str],
    rgb: contract.Image,
    alpha: contract.Alpha | None = None,
    *,
    format: str,
    quality: int | None = None,
) -> int:
    """Write a png, jpg or webp without metadata and return its size in bytes.

    quality is 1..100, for jpg and webp. A jpg cannot hold alpha: lay it on a background first.
    """
    if format == "jpg" and alpha is not None:
        raise ValueError("a jpg cannot hold alpha")
    return save(joined(rgb, alpha), path, format=format, quality=quality)


def write_mask(path: str | os.PathLike[str], alpha: contract.Alpha) -> int:
    """Write alpha as a grey PNG, white = subject, and return its size in bytes."""
    return save(grey(alpha), path, format="png")


def grey(alpha: contract.Alpha) -> Image.Image:
    """Return alpha as a grey picture, white = subject."""
    return Image.fromarray(to_bytes(alpha))


def resize(
    rgb: contract.Image, alpha: contract.Alpha | None, side: int
) -> tuple[contract.Image, contract.Alpha | None]:
    """Return the picture scaled down, never up, so that its longer side is at most `side` pixels.

    Colours are weighed by alpha, so that what is transparent does not bleed into the edge.
    """
    if max(rgb.shape[:2]) <= side:
        return rgb, alpha
    return split(shrunk(joined(rgb, alpha), side))


def shrunk(picture: Image.Image, side: int) -> Image.Image:
    """Return an RGB or RGBA Pillow picture scaled down, never up, to at most `side` pixels a side."""
    size = formats.fitted(*picture.size, side)
    if size == picture.size:
        return picture
    # Pillow premultiplies RGBA by itself. reducing_gap keeps a large reduction quick.
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def joined(rgb: contract.Image, alpha: contract.Alpha | None) -> Image.Image:
    """Return a Pillow picture, RGB or RGBA; hidden colours (alpha 0) become black."""
    if alpha is None:
        return Image.fromarray(rgb)
    opacity = to_bytes(alpha)
    # Pillow widens the pixels three times as quickly as numpy.
    rgba = np.array(Image.fromarray(rgb).convert("RGBA"))
    rgba[..., 3] = opacity
    # What was cut away must not be there to be found, and black packs smallest.
    rgba.view(np.uint32)[..., 0] *= opacity > 0
    return Image.fromarray(rgba)


def split(picture: Image.Image) -> tuple[contract.Image, contract.Alpha | None]:
    """Return the arrays of an RGB or RGBA Pillow picture; alpha is None where all is opaque."""
    if picture.mode != "RGBA":
        return np.array(picture.convert("RGB")), None
    pixels = np.asarray(picture)
    rgb = np.ascontiguousarray(pixels[..., :3])
    alpha = pixels[..., 3]
    if alpha.min() == 255:
        return rgb, None
    return rgb, alpha.astype(np.float32) * np.float32(1 / 255)


def to_bytes(alpha: contract.Alpha) -> contract.Image:
    """Return alpha as uint8 0..255, rounded, (H, W)."""
    scaled = alpha * np.float32(255)
    scaled += np.float32(0.5)
    np.clip(scaled, 0, 255, out=scaled)
    return scaled.astype(np.uint8)


def save(
    picture: Image.Image, path: str | os.PathLike[str], *, format: str, quality: int | None = None
) -> int:
    """Write a fresh Pillow picture, which has no metadata to lose; otherwise as `write`."""
    target = Path(path)
    if format == "png":
        picture.save(target, "PNG", compress_level=PNG_LEVEL, compress_type=PNG_STRATEGY)
    elif format == "jpg":
        picture.save(target, "JPEG", quality=quality or JPEG_QUALITY, subsampling=0)
    elif format == "webp":
        picture.save(target, "WEBP", quality=quality or WEBP_QUALITY, method=WEBP_METHOD, alpha_quality=100)
    else:
        raise ValueError(f"{format!r} is none of {', '.join(FORMATS)}")
    return target.stat().st_size


def _decode(file: BinaryIO) -> Picture:
    kind = formats.sniff(file)
    if kind.plugin == formats.RAW:
        return _decode_raw(file)
    source = formats.opened(file, kind)
    name = source.format or kind.plugin
    upright = formats.orientation(source)
    profile = source.info.get("icc_profile")
    source.load()
    # Copies the first frame out of the file's own class, whose metadata would be applied twice.
    flat = _to_srgb(_to_eight_bits(source), profile)
    rgb, alpha = split(_turned(flat, upright))
    return Picture(rgb, alpha, name)


def _decode_raw(file: BinaryIO) -> Picture:
    """Develop camera raw with the camera's white balance, scaled down to formats.MAX_SIDE."""
    with formats.raw_opened(file) as raw:
        longest = max(raw.sizes.width, raw.sizes.height)
        # Halving skips demosaicing: four times quicker, and no loss where twice the size is there.
        half = longest >= 2 * formats.MAX_SIDE
        pixels = raw.postprocess(use_camera_wb=True, half_size=half, output_bps=8)
    picture = Image.fromarray(pixels)
    file.seek(0)
    size = formats.raw_size(file)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return Picture(np.array(picture), None, formats.RAW)


def _turned(picture: Image.Image, orientation: int) -> Image.Image:
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


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Return deep grey (16-bit, 32-bit, float) scaled to 8 bits, not clipped; others unchanged."""
    if picture.mode in INTEGER_16_BIT:
        values: NDArray[np.floating[Any]] = np.asarray(picture).astype(np.float32) / 257
    elif picture.mode == "I":
        deep = np.asarray(picture).astype(np.float64)
        values = deep / (257 if deep.max(initial=0) <= 65535 else 2**31 / 256)
    elif picture.mode == "F":
        values = np.nan_to_num(np.asarray(picture), posinf=0.0, neginf=0.0)
        # Float has no white point of its own: 1 by custom, else 255, else the brightest pixel.
        brightest = float(values.max(initial=0))
        values = values * (255 / (1.0 if brightest <= 1.0 else max(255.0, brightest)))
    else:
        return picture
    grey = np.clip(values + 0.5, 0, 255).astype(np.uint8)
    # Photometric 0: white is zero. Pillow turns 1-bit and 8-bit TIFF round, but not the deep ones.
    if getattr(picture, "tag_v2", {}).get(formats.TAG_PHOTOMETRIC) == 0:
        np.subtract(255, grey, out=grey)
    return Image.fromarray(grey)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture as RGB or RGBA in sRGB, following its ICC profile where that is sound."""
    alpha = None
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
        picture = picture.convert("RGB")
    elif picture.mode not in ("RGB", "CMYK", "L", "LAB"):
        picture = picture.convert("RGB")
    converted = _by_profile(picture, profile)
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _by_profile(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an RGB, CMYK, L or LAB picture as RGB in sRGB; a profile that does not fit is ignored."""
    if picture.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    elif not profile:
        return picture.convert("RGB")
    else:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if ImageCms.getProfileDescription(source).strip().lower().startswith(SRGB_NAMES):
                return picture.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return picture.convert("RGB")
    try:
        converted = ImageCms.profileToProfile(
            picture,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.PERCEPTUAL,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A grey or CMYK profile on RGB pixels, say: browsers show such pictures unconverted too.
        return picture.convert("RGB")
    # None is what it returns when asked to work in place.
    return converted or picture.convert("RGB")
