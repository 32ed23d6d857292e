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
from editor.engines.io.png.writer import XMP
from editor.engines.io.provenance import boxes, iim, xmp
from editor.engines.io.provenance.statement import Statement

from . import white_jpeg
from .press import image_resources, tiff_file

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
AVIF_WHOLE_ALPHA = {"alpha:lossless": "1"}
"""libavif packs alpha with the colours' quality: at 80 a see-through ground comes back at up to 10 of 255, an
opaque product at 250 (Pillow 13.0, libavif 1.4.2). Alpha without loss costs some two percent of the file."""
WEBP_EFFORT = 30
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
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
    origin: Statement | None = None,
) -> int:
    """Write a picture and return its bytes. A psd has layers, and is written by press.

    quality: 1..100 for jpg, webp and avif, 0 for the usual one. white: (H, W), what has to be 255, 255, 255
    once it is decoded again, and is so in rgb; where there is any, webp and avif are written without loss.
    outline: the product's mask, whose outline goes along as the clipping path of a tiff. A jpg cannot hold
    alpha. origin: what is said of the picture's origin; nothing is where that is None. Raises
    UnsuitableContent where an outline has nothing in it.
    """
    packet = xmp.make_packet(origin) if origin else b""
    quality = quality or USUAL_QUALITY.get(format, 0)
    exact = white is not None and bool(white.any())
    if format == "jpg":
        if alpha is not None:
            raise ValueError("a jpg cannot hold alpha")
        data = _encode_jpg(rgb, white if exact else None, quality, density, _make_segments(origin, packet))
    elif format == "png":
        return _write_png(path, rgb, alpha, density, packet)
    elif format == "tiff":
        iptc = iim.make_values(origin) if origin else b""
        tiff_file.write_tiff(path, rgb, alpha, outline=outline, density=density, xmp=packet, iptc=iptc)
        return path.stat().st_size
    elif format == "webp":
        loss = (
            {"lossless": True, "quality": WEBP_EFFORT}
            if exact
            else {"quality": quality, "alpha_quality": 100}
        )
        data = _save(pictures.to_pillow(rgb, alpha), "WEBP", method=2, **loss, **_tell(packet))
    elif format == "avif" and exact:
        data = bytes(
            imagecodecs.avif_encode(
                np.asarray(pictures.to_pillow(rgb, alpha)), level=100, speed=AVIF_SPEED, numthreads=2
            )
        )
        data = boxes.add_packet(data, packet) if packet else data
    elif format == "avif":
        how: dict[str, Any] = {"quality": quality, "subsampling": "4:4:4", "speed": AVIF_SPEED}
        if alpha is not None:
            how["advanced"] = AVIF_WHOLE_ALPHA
        data = _save(pictures.to_pillow(rgb, alpha), "AVIF", **how, **_tell(packet))
    else:
        raise ValueError(f"{format!r} is none of {', '.join(SUFFIXES)}")
    return path.write_bytes(data)


def _make_segments(origin: Statement | None, packet: bytes) -> bytes:
    """Return a JPEG's segments of what is said of its origin."""
    bodies = [(0xE1, XMP_HEAD + packet)] if packet else []
    if origin and (values := iim.make_values(origin)):
        block = image_resources.make_block(image_resources.IPTC, values)
        bodies.append((0xED, b"Photoshop 3.0\0" + block))
    return b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in bodies)


def _encode_jpg(
    rgb: types.Image, white: types.Mask | None, quality: int, density: Density | None, segments: bytes
) -> bytes:
    if white is not None:
        icc = icc_profiles.make_srgb()
        return white_jpeg.encode(rgb, white, quality=quality, density=density, icc=icc, segments=segments)
    picture = Image.fromarray(rgb)
    return _save(picture, "JPEG", quality=quality, subsampling=0, extra=segments, **_print(density))


def _save(picture: Image.Image, plugin: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, plugin, icc_profile=icc_profiles.make_srgb(), **options)
    return file.getvalue()


def _tell(packet: bytes) -> dict[str, Any]:
    return {"xmp": packet} if packet else {}


def _print(density: Density | None) -> dict[str, Any]:
    return {"dpi": density} if density else {}


def _write_png(
    path: Path, rgb: types.Image, alpha: types.Alpha | None, density: Density | None, packet: bytes
) -> int:
    pictures.write(path, rgb, alpha, format="png", density=density)
    data = path.read_bytes()
    chunks = _make_chunk(b"iCCP" + b"sRGB\0\0" + zlib.compress(icc_profiles.make_srgb(), 9))
    if packet:
        chunks += _make_chunk(b"iTXt" + XMP + packet)
    return path.write_bytes(data[:PNG_HEAD] + chunks + data[PNG_HEAD:])


def _make_chunk(body: bytes) -> bytes:
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
