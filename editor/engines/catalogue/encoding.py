"""Finished pictures as files of a catalogue: sRGB embedded, with a density, and white that is white."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from PIL import Image

from editor.engines import types
from editor.engines.io import pictures
from editor.engines.io.colour import icc_profiles
from editor.engines.io.colour.description import Density

from . import white_jpeg
from .press import tiff_file

USUAL_QUALITY = {"jpg": 90, "webp": 90, "avif": 80}
"""What stands for 0. Of a JPEG at 90 as white_jpeg writes it: nearer to the picture than an ordinary 95."""
LEAST_QUALITY = 40
"""Below this nobody wants a picture of a product, however few bytes it may have."""
SUFFIXES = {
    "jpg": (".jpg", ".jpeg"),
    "png": (".png",),
    "webp": (".webp",),
    "avif": (".avif",),
    "tiff": (".tif", ".tiff"),
    "psd": (".psd",),
}
AVIF_SPEED = 8
WEBP_EFFORT = 30
PNG_HEAD = 8 + 25
"""Bytes of a PNG's signature and IHDR."""


def encode(
    path: Path,
    rgb: types.Image,
    alpha: types.Alpha | None,
    *,
    format: str,
    quality: int = 0,
    density: Density | None = None,
    white: types.Mask | None = None,
    outline: types.Alpha | None = None,
) -> int:
    """Write a picture and return its bytes. A psd has layers, and is written by press.

    quality: 1..100 for jpg, webp and avif, 0 for the usual one. white: (H, W), what has to be 255, 255, 255
    once it is decoded again, and is so in rgb; where there is any, webp and avif are written without loss.
    outline: the product's mask, whose outline goes along as the clipping path of a tiff. A jpg cannot hold
    alpha. Raises UnsuitableContent where an outline has nothing in it.
    """
    quality = quality or USUAL_QUALITY.get(format, 0)
    exact = white is not None and bool(white.any())
    if format == "jpg":
        if alpha is not None:
            raise ValueError("a jpg cannot hold alpha")
        data = _encode_jpg(rgb, white if exact else None, quality, density)
    elif format == "png":
        return _write_png(path, rgb, alpha, density)
    elif format == "tiff":
        tiff_file.write_tiff(path, rgb, alpha, outline=outline, density=density)
        return path.stat().st_size
    elif format == "webp":
        loss = (
            {"lossless": True, "quality": WEBP_EFFORT}
            if exact
            else {"quality": quality, "alpha_quality": 100}
        )
        data = _save(pictures.to_pillow(rgb, alpha), "WEBP", method=2, **loss)
    elif format == "avif" and exact:
        data = bytes(
            imagecodecs.avif_encode(
                np.asarray(pictures.to_pillow(rgb, alpha)), level=100, speed=AVIF_SPEED, numthreads=2
            )
        )
    elif format == "avif":
        data = _save(
            pictures.to_pillow(rgb, alpha), "AVIF", quality=quality, subsampling="4:4:4", speed=AVIF_SPEED
        )
    else:
        raise ValueError(f"{format!r} is none of {', '.join(SUFFIXES)}")
    return path.write_bytes(data)


def _encode_jpg(rgb: types.Image, white: types.Mask | None, quality: int, density: Density | None) -> bytes:
    if white is not None:
        return white_jpeg.encode(rgb, white, quality=quality, density=density, icc=icc_profiles.make_srgb())
    return _save(Image.fromarray(rgb), "JPEG", quality=quality, subsampling=0, **_print(density))


def _save(picture: Image.Image, plugin: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, plugin, icc_profile=icc_profiles.make_srgb(), **options)
    return file.getvalue()


def _print(density: Density | None) -> dict[str, Any]:
    return {"dpi": density} if density else {}


def _write_png(path: Path, rgb: types.Image, alpha: types.Alpha | None, density: Density | None) -> int:
    pictures.write(path, rgb, alpha, format="png", density=density)
    data = path.read_bytes()
    body = b"iCCP" + b"sRGB\0\0" + zlib.compress(icc_profiles.make_srgb(), 9)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return path.write_bytes(data[:PNG_HEAD] + chunk + data[PNG_HEAD:])
