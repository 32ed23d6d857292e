"""TIFF files of every make, by a stranger's writer and byte by byte, and the pixels they mean.

What is expected comes from the numbers that were written, by the standard's arithmetic, never from a reader.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

Array = NDArray[Any]

SIZE = 37, 21
"""Width and height: no multiples of a tile's 16, and an odd number of bits in a row of most depths."""


WHOLE = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8"]
FLOATING = ["f2", "f4", "f8"]

# Channels that are colour, photometric for tifffile, what the rest is.
SAMPLES: dict[str, tuple[int, str, list[str]]] = {
    "grey": (1, "minisblack", []),
    "white is zero": (1, "miniswhite", []),
    "grey, alpha": (1, "minisblack", ["unassalpha"]),
    "grey, multiplied alpha": (1, "minisblack", ["assocalpha"]),
    "grey, a selection": (1, "minisblack", ["unspecified"]),
    "rgb": (3, "rgb", []),
    "rgb, alpha": (3, "rgb", ["unassalpha"]),
    "rgb, multiplied alpha": (3, "rgb", ["assocalpha"]),
    "rgb, a selection": (3, "rgb", ["unspecified"]),
    "rgb, a selection, alpha": (3, "rgb", ["unspecified", "unassalpha"]),
    "cmyk": (4, "separated", []),
    "cmyk, alpha": (4, "separated", ["unassalpha"]),
    "cmyk, multiplied alpha": (4, "separated", ["assocalpha"]),
}


def look(channels: int, size: tuple[int, int] = SIZE) -> NDArray[np.float64]:
    """Return what is to be seen, 0 to 1, (H, W, channels): no two rows, columns or channels are alike."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    ramps = [0.1 + 0.8 * x, 0.9 - 0.7 * y, 0.2 + 0.3 * x + 0.4 * y, 0.5 - 0.4 * x * y, 1 - 0.6 * x]
    return np.stack(ramps[:channels], axis=-1)


def as_numbers(unit: NDArray[np.float64], kind: str) -> Array:
    """Return 0 to 1 as numbers of a kind as numpy names it: u1, i2, f4; u12 and the like are bits."""
    if kind[0] == "f":
        return unit.astype(kind)
    bits = int(kind[1:]) * 8 if kind[1:] in ("1", "2", "4", "8") else int(kind[1:])
    white = 2 ** (bits - (kind[0] == "i")) - 1
    stored = f"{kind[0]}{next(size for size in (1, 2, 4, 8) if size * 8 >= bits)}"
    # Python's whole numbers: a double has no 64 bits.
    exact = np.array([round(value * white) for value in unit.ravel().tolist()], object)
    return np.minimum(exact, white).astype(stored).reshape(unit.shape)


def as_unit(numbers: Array, kind: str) -> NDArray[np.float64]:
    """Return the numbers as 0 to 1."""
    if kind[0] == "f":
        return numbers.astype(np.float64)
    bits = int(kind[1:]) * 8 if kind[1:] in ("1", "2", "4", "8") else int(kind[1:])
    return numbers.astype(np.float64) / (2.0 ** (bits - (kind[0] == "i")) - 1)


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return linear light as sRGB (IEC 61966-2-1)."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


def seen(unit: NDArray[np.float64], name: str, *, light: bool = False) -> tuple[Any, Any]:
    """Return the colours 0 to 255 and the alpha that samples 0 to 1 mean by the standard."""
    colours, _, rest = SAMPLES[name]
    ink = unit[..., :colours]
    alpha = np.ones(unit.shape[:2])
    for number, what in enumerate(rest):
        if what != "unspecified":
            alpha = unit[..., colours + number]
    if "assocalpha" in rest:
        ink = np.clip(ink / alpha[..., None], 0, 1)
    if light and colours == 3:
        ink = encoded(ink)
    if name == "white is zero":
        ink = 1 - ink
    if colours == 4:
        ink = (1 - ink[..., :3]) * (1 - ink[..., 3:])
    return np.broadcast_to(ink * 255, (*alpha.shape, 3)), alpha


def written(pixels: Array, **options: Any) -> bytes:
    """Return the file that tifffile writes of (H, W, C) pixels, or (H, W)."""
    if options.get("planarconfig") == "separate":
        pixels = np.ascontiguousarray(np.moveaxis(pixels, 2, 0))
    if pixels.dtype.byteorder != "|" and options.get("byteorder"):
        pixels = pixels.astype(pixels.dtype.newbyteorder(options["byteorder"]))
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, metadata=None, **options)
    return file.getvalue()


FIELD = {"B": 1, "s": 2, "H": 3, "I": 4, "R": 5, "f": 11, "d": 12, "Q": 16}


def assembled(
    pages: Sequence[tuple[dict[int, tuple[str, Sequence[Any]]], Sequence[bytes]]],
    *,
    order: str = "<",
    big: bool = False,
) -> bytes:
    """Return a TIFF byte by byte: each page its tags (number to type and values) and its strips.

    StripOffsets and StripByteCounts are added, or TileOffsets and TileByteCounts where there is tag 322.
    """
    wide, count = ("Q", "Q") if big else ("I", "H")
    inline = 8 if big else 4
    start = {"<": b"II", ">": b"MM"}[order]
    file = bytearray(start + struct.pack(f"{order}HHHQ", 43, 8, 0, 0) if big else start)
    if not big:
        file += struct.pack(f"{order}HI", 42, 0)
    link = 8 if big else 4
    for tags, segments in pages:
        places = []
        for segment in segments:
            places.append(len(file))
            file += segment + b"\0" * (len(segment) % 2)
        tiled = 322 in tags
        own = {
            **tags,
            (324 if tiled else 273): ("I", places),
            (325 if tiled else 279): ("I", [len(segment) for segment in segments]),
        }
        entries = b""
        for tag in sorted(own):
            code, values = own[tag]
            if code == "R":
                data = b"".join(struct.pack(f"{order}II", round(value * 10**6), 10**6) for value in values)
            elif code == "s":
                data = bytes(values)
            else:
                data = struct.pack(f"{order}{len(values)}{code}", *values)
            entries += struct.pack(f"{order}HH{wide}", tag, FIELD[code], len(values))
            if len(data) <= inline:
                entries += data.ljust(inline, b"\0")
            else:
                entries += struct.pack(f"{order}{wide}", len(file))
                file += data + b"\0" * (len(data) % 2)
        struct.pack_into(f"{order}{wide}", file, link, len(file))
        link = len(file) + struct.calcsize(f"{order}{count}") + len(entries)
        file += struct.pack(f"{order}{count}", len(own)) + entries + struct.pack(f"{order}{wide}", 0)
    return bytes(file)


def packed(numbers: Array, bits: int) -> bytes:
    """Return (H, W, C) whole numbers as TIFF packs them: most significant bit first, rows full bytes."""
    rows = numbers.reshape(len(numbers), -1)
    shifts = np.arange(bits - 1, -1, -1)
    each = (rows[..., None].astype(np.uint64) >> shifts.astype(np.uint64)) & 1
    return np.packbits(each.reshape(len(rows), -1).astype(np.uint8), axis=1).tobytes()


def baseline(
    pixels: Array,
    photometric: int,
    bits: int,
    *,
    extras: Sequence[int] = (),
    **more: tuple[str, Sequence[Any]],
) -> dict[int, tuple[str, Sequence[Any]]]:
    """Return the tags of (H, W, C) pixels in one strip; more: others, as tag_274=("H", [6])."""
    height, width, channels = pixels.shape
    tags: dict[int, tuple[str, Sequence[Any]]] = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [bits] * channels),
        259: ("H", [1]),
        262: ("H", [photometric]),
        277: ("H", [channels]),
        278: ("I", [height]),
    }
    if extras:
        tags[338] = ("H", list(extras))
    return tags | {int(name.removeprefix("tag_")): value for name, value in more.items()}
