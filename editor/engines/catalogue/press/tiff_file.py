"""TIFF files for print: 8 bits of RGB, with alpha or without, sRGB's profile, density, a path for clipping.

TIFF 6.0 (1992), little-endian; packed by Deflate with horizontal differences, which Photoshop and GIMP read.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import imagecodecs
import numpy as np

from editor.engines import types
from editor.engines.io import pictures
from editor.engines.io.colour import icc_profiles
from editor.engines.io.colour.description import Density

from . import clipping_path, image_resources

STRIP = 1 << 20
"""Bytes of rows that are packed together."""
LEVEL = 6
USUAL_DENSITY = (300.0, 300.0)

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
CODES = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", UNDEFINED: "B"}
DEFLATE, DIFFERENCES, RGB, STRAIGHT_ALPHA, INCHES = 8, 2, 2, 2, 2

Field = tuple[int, int, bytes | Sequence[int]]
"""Tag, kind and values; of a RATIONAL numerators and denominators in turn."""


def write_tiff(
    path: Path,
    rgb: types.Image,
    alpha: types.Alpha | None = None,
    *,
    outline: types.Alpha | None = None,
    path_name: str = image_resources.PATH_NAME,
    density: Density | None = None,
    xmp: bytes = b"",
    iptc: bytes = b"",
) -> clipping_path.ClippingPath | None:
    """Write a picture, and return the path that went along.

    outline: the product's mask, whose outline goes along as the clipping path, named path_name.
    density: pixels per inch, 300 where nobody says. xmp: a packet of XMP. iptc: datasets of IPTC's
    Information Interchange Model. Raises UnsuitableContent where the mask is empty.
    """
    drawn = None if outline is None else clipping_path.draw(outline)
    density = density or USUAL_DENSITY
    resources = image_resources.describe_density(density)
    if iptc:
        resources += image_resources.make_block(image_resources.IPTC, iptc)
    if drawn is not None:
        resources += image_resources.describe_path(drawn, path_name)
    pixels = np.asarray(pictures.to_pillow(rgb, alpha))
    height, width, channels = pixels.shape
    rows = max(1, STRIP // (width * channels))
    strips = [_pack(pixels[top : top + rows]) for top in range(0, height, rows)]
    places, at = [], 8
    for strip in strips:
        places.append(at)
        at += len(strip) + len(strip) % 2
    fields: list[Field] = [
        (256, LONG, [width]),
        (257, LONG, [height]),
        (258, SHORT, [8] * channels),
        (259, SHORT, [DEFLATE]),
        (262, SHORT, [RGB]),
        (273, LONG, places),
        (274, SHORT, [1]),
        (277, SHORT, [channels]),
        (278, LONG, [rows]),
        (279, LONG, [len(strip) for strip in strips]),
        *((tag, RATIONAL, [round(one * 1000), 1000]) for tag, one in zip((282, 283), density, strict=True)),
        (284, SHORT, [1]),
        (296, SHORT, [INCHES]),
        (317, SHORT, [DIFFERENCES]),
        (34377, BYTE, resources),
        (34675, UNDEFINED, icc_profiles.make_srgb()),
    ]
    if alpha is not None:
        fields.append((338, SHORT, [STRAIGHT_ALPHA]))
    if iptc:
        fields.append((33723, UNDEFINED, iptc))
    if xmp:
        fields.append((700, BYTE, xmp))
    with path.open("wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, at))
        for strip in strips:
            file.write(strip + b"\0" * (len(strip) % 2))
        file.write(_make_directory(sorted(fields, key=lambda field: field[0]), at))
    return drawn


def _pack(rows: types.Image) -> bytes:
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]
    return bytes(imagecodecs.zlib_encode(differences, level=LEVEL))


def _make_directory(fields: list[Field], at: int) -> bytes:
    """Return a directory that lies at an offset, and what does not fit into its entries behind it."""
    behind = at + 2 + 12 * len(fields) + 4
    entries, rest = [], b""
    for tag, kind, values in fields:
        count = len(values) // 2 if kind == RATIONAL else len(values)
        code = "I" if kind == RATIONAL else CODES[kind]
        packed = struct.pack(f"<{len(values)}{code}", *values)
        if len(packed) > 4:
            place = struct.pack("<I", behind + len(rest))
            rest += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries.append(struct.pack("<HHI", tag, kind, count) + place)
    return struct.pack("<H", len(fields)) + b"".join(entries) + struct.pack("<I", 0) + rest
