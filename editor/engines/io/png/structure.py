"""PNG files by their chunks (W3C, PNG 3rd edition): the picture of one that is damaged beside its pixels."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import ImageFile, PngImagePlugin

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Chunk = tuple[bytes, bytes]
"""Its name and its content."""

PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
BESIDE = {
    b"tRNS": 0,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"cICP": 4,
    b"cLLI": 8,
    b"mDCV": 24,
    b"eXIf": 0,
    b"pHYs": 9,
}
"""What says how pixels are meant, and how many bytes it must have; 0 for any. Words and frames do not."""
PROFILE = b"iCCP"
EXIF = b"Exif\0\0"
LARGEST_PROFILE = 8 << 20

FIELDS = {"aspect", "chromaticity", "dpi", "exif", "gamma", "icc_profile", "srgb", "transparency"}
"""What Pillow tells of a file under the very names that its words may have."""

BITS = {"L;2": 2, "L;4": 4, "L": 8, "RGB": 8}
"""Of a sample, by how Pillow unpacks what may have a transparent colour."""


def write(path: Path, chunks: Iterable[Chunk]) -> int:
    """Write a file of chunks and return its size in bytes."""
    with path.open("wb") as file:
        file.write(SIGNATURE)
        for name, content in chunks:
            file.write(struct.pack(">I", len(content)) + name)
            file.write(content)
            file.write(struct.pack(">I", zlib.crc32(content, zlib.crc32(name))))
        return file.tell()


def open_picture(file: BinaryIO) -> ImageFile.ImageFile:
    """Return the undecoded picture of a PNG file. Raises what Pillow raises where that is damaged.

    Pillow refuses a file for a colour profile of more than a megabyte; browsers do not.
    """
    try:
        picture = PngImagePlugin.PngImageFile(file, "")
    except ValueError:
        file.seek(0)
        data = file.read()
        profile = _profile(data)
        if len(profile) <= PngImagePlugin.MAX_TEXT_CHUNK:
            raise
        picture = PngImagePlugin.PngImageFile(io.BytesIO(_select_chunks(data, (*PIXELS, *BESIDE))), "")
        picture.info["icc_profile"] = profile
    if picture.png is not None and FIELDS & picture.png.im_text.keys():
        file.seek(0)
        picture = PngImagePlugin.PngImageFile(io.BytesIO(strip(file.read())), "")
    _correct_mode(picture)
    return picture


def _correct_mode(picture: ImageFile.ImageFile) -> None:
    """Put right what Pillow tells of a picture otherwise than the standard and browsers have it."""
    exif = picture.info.get("exif", b"").removeprefix(EXIF)
    if exif.startswith(EXIF):
        # A JPEG's, its prefix and all: by the standard it begins with the order of its bytes.
        del picture.info["exif"]
    clear = picture.info.get("transparency")
    bits = BITS.get(str(picture.tile[0].args)) if picture.tile else None
    if clear is None or bits is None:
        return
    # Pixels of few bits are spread over eight, their transparent one is not; its low bits alone count.
    full = (1 << bits) - 1
    values = [(value & full) * (255 // full) for value in ([clear] if isinstance(clear, int) else clear)]
    picture.info["transparency"] = values[0] if isinstance(clear, int) else tuple(values)


def strip(data: bytes) -> bytes:
    """Return a file with nothing in it but its pixels, and what is sound of what says how they are meant."""
    return _select_chunks(data, (*PIXELS, *BESIDE, *([PROFILE] if _profile(data) else [])))


def find_objection(file: BinaryIO) -> str:
    """Return a sentence on why a PNG is of a kind that is not read; "" for all others and damaged ones."""
    file.seek(len(SIGNATURE) + 4)
    if file.read(4) != b"CgBI":
        return ""
    return (
        "This PNG is packed for iPhone apps, which is not read here. Save it as an ordinary PNG and add that."
    )


def _select_chunks(data: bytes, names: tuple[bytes, ...]) -> bytes:
    kept = [
        struct.pack(">I", len(content)) + name + content + checksum
        for name, content, checksum in _chunks(data)
        if name in names and (name in PIXELS or _is_sound(name, content, checksum))
    ]
    return SIGNATURE + b"".join(kept)


def _is_sound(name: bytes, content: bytes, checksum: bytes) -> bool:
    return checksum == _checksum(name, content) and BESIDE.get(name, 0) in (0, len(content))


def _profile(data: bytes) -> bytes:
    """Return a file's ICC profile; b"" where there is none that is sound."""
    content = next((content for name, content, _ in _chunks(data) if name == PROFILE), b"")
    _, _, packed = content.partition(b"\0")
    if packed[:1] != b"\0":  # the one method there is
        return b""
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(packed[1:], LARGEST_PROFILE)
    except zlib.error:
        return b""
    return profile if inflater.eof else b""


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield names, contents and checksums; of a last one that was cut what is there, as if that were all."""
    at = len(SIGNATURE)
    while at + 8 < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        yield name, content, checksum if len(checksum) == 4 else _checksum(name, content)
        at += 12 + length


def _checksum(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(name + content))
