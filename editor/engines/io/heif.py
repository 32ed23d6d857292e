"""HEIF and AVIF, one box format with many codecs inside: told apart by their pixels, not by their brands.

A brand is a promise of what a reader must know (ISO/IEC 23008-12, 10; 23000-22, MIAF), and writers differ in
which of them they give. The kind of the primary item is what a decoder has to know.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from editor.engines.errors import NotAPicture

from . import iso_boxes

HEVC, AV1 = "HEIF", "AVIF"
CODECS = {b"hvc1": HEVC, b"hev1": HEVC, b"av01": AV1}
NOT_READ = {
    b"avc1": "H.264",
    b"vvc1": "H.266",
    b"evc1": "EVC",
    b"lhv1": "layered H.265",
    b"jpeg": "JPEG",
    b"j2k1": "JPEG 2000",
    b"unci": "bare pixels",
    b"jxl ": "JPEG XL",
    b"jxlc": "JPEG XL",
}
# Sequences have no items, and damaged stills none that can be found: their brands alone say what they are.
PICTURE_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), AV1),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), HEVC),
    **dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), HEVC),
}
FIRST_BRAND, MOST_BRANDS = 16, 256
"""Bytes of a ftyp box before the brands that it lists, and of all of it that is read."""

MOST_OF_META = 1 << 16
LONGEST = 64 << 20
"""Bytes that a file is filled up to: more no camera writes."""

BESIDE = (b"Exif", b"mime", b"uri ")
"""Kinds of items that are no pixels."""

DEEPEST = 4
"""Steps from a derived picture to its pixels: a rotated grid of tiles has two."""
DAMAGE = (struct.error, ValueError, IndexError)


def codec(file: BinaryIO) -> str:
    """Return the plugin that reads a file of boxes; "" for a video and all that holds no picture.

    Raises NotAPicture for a picture of a codec that is not read.
    """
    found = _items(file)
    if found is None:
        return next((PICTURE_BRANDS[brand] for brand in brands(file) if brand in PICTURE_BRANDS), "")
    kind = found.kinds.get(_bottom(found), b"")
    if kind in CODECS:
        return CODECS[kind]
    what = f"{NOT_READ[kind]}, which" if kind in NOT_READ else "pixels of a kind that"
    raise NotAPicture(f"This HEIF file holds {what} is not read here. Save it as JPG or PNG and add that.")


def brands(file: BinaryIO) -> list[bytes]:
    """Return what a file of boxes says of itself: its major brand, then those that it is compatible with."""
    file.seek(0)
    head = file.read(FIRST_BRAND)
    rest = file.read(max(0, min(int.from_bytes(head[:4], "big"), MOST_BRANDS) - FIRST_BRAND))
    return [head[8:12], *(rest[at : at + 4] for at in range(0, len(rest), 4))]


def size(file: BinaryIO) -> tuple[int, int] | None:
    """Return the width and height that a file's boxes promise; None where they do not say."""
    try:
        told = iso_boxes.properties(file)
    except DAMAGE:
        return None
    sides = next((struct.unpack(">II", content[4:12]) for name, content in told if name == b"ispe"), None)
    turns = sum(content[0] & 1 for name, content in told if name == b"irot" and content)
    return sides if sides is None or turns % 2 == 0 else (sides[1], sides[0])


def depth(file: BinaryIO) -> int:
    """Return the bits of a channel that an AVIF file's boxes promise; 8 where they do not say."""
    try:
        found = iso_boxes.items(file)
        told = dict(iso_boxes.properties(file))
        if b"pixi" in told:
            return max(told[b"pixi"][5:], default=8)
        if b"av1C" not in told and found is not None:
            told = dict(iso_boxes.properties(file, _bottom(found)))
        packed = told.get(b"av1C", bytes(4))[2]
    except DAMAGE:
        return 8
    # AV1 Codec ISO Media File Format Binding, 2.3.3: high_bitdepth, twelve_bit.
    return (12 if packed & 0x20 else 10) if packed & 0x40 else 8


def is_grey(file: BinaryIO) -> bool:
    """Say whether a file's boxes promise pixels of one channel, beside which there may be alpha."""
    try:
        found = iso_boxes.items(file)
        told = dict(iso_boxes.properties(file))
        if b"pixi" in told:
            return told[b"pixi"][4] == 1
        if found is not None:
            told |= dict(iso_boxes.properties(file, _bottom(found)))
        if b"av1C" in told:
            return bool(told[b"av1C"][2] & 0x10)  # AV1 Codec ISO Media File Format Binding, 2.3.3: monochrome
        # ISO/IEC 14496-15, 8.3.3.1: chroma_format_idc.
        return b"hvcC" in told and told[b"hvcC"][16] & 3 == 0
    except DAMAGE:
        return False


def mend_heic(data: bytes) -> bytes | None:
    """Return a HEIC file as its library takes it; None where pixels are missing or none are listed."""
    return _mend(data, b"heic")


def mend_avif(data: bytes) -> bytes | None:
    """Return an AVIF file as its library takes it; None where pixels are missing or none are listed."""
    return _mend(data, b"avif")


def _mend(data: bytes, brand: bytes) -> bytes | None:
    """Return a file under the one brand that its library asks for, as long as what it lists, without groups.

    Libraries refuse other brands whatever is inside, a file that was cut in its EXIF for all of it, and for a
    group that they do not like: of pictures of several sizes, or of one with its gain map.
    """
    found = _items(io.BytesIO(data))
    if found is None:
        return None
    count = (int.from_bytes(data[:4], "big") - FIRST_BRAND) // 4
    branded = data[:8] + brand + data[12:FIRST_BRAND] + brand * count + data[FIRST_BRAND + 4 * count :]
    beside = [end for item, end in found.ends.items() if found.kinds.get(item) in BESIDE]
    pixels = [end for item, end in found.ends.items() if found.kinds.get(item) not in BESIDE]
    if max(pixels, default=0) > len(data):
        return None
    meta = branded.find(b"meta", FIRST_BRAND)
    groups = branded.find(b"grpl", meta, meta + MOST_OF_META)
    if groups > 0:
        branded = branded[:groups] + b"free" + branded[groups + 4 :]
    return branded.ljust(min(max(beside, default=0), LONGEST), b"\0")


def _items(file: BinaryIO) -> iso_boxes.Items | None:
    try:
        return iso_boxes.items(file)
    except DAMAGE:
        return None


def _bottom(found: iso_boxes.Items) -> int:
    """Return the first item of pixels of those that the primary one is put together from."""
    item = found.primary
    for _ in range(DEEPEST):
        if parts := found.parts.get(item):
            item = parts[0]
    return item
