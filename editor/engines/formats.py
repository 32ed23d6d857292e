"""What a file is and how large its picture will be, from its header alone.

Used by the web process on every upload: imports nothing but the standard library and Pillow
(pillow-heif and rawpy when such a file arrives), and never decodes a pixel. A file is judged by
its content, never by its name.
"""

from __future__ import annotations

import functools
import importlib
import io
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageFile

from .errors import EngineError, NotAPicture, TooLarge

MAX_SIDE = 4096
MAX_BYTES = 20 * 1024 * 1024

RAW_MAX_PIXELS = 160_000_000
"""A camera's raw file is larger than MAX_SIDE today and is scaled down; more than this is no camera's."""

RAW = "RAW"

TURNED = {5, 6, 7, 8}
"""EXIF orientations that swap width and height."""


@dataclass(frozen=True)
class Kind:
    """A kind of picture file: Pillow's plugin name, and how it goes by on disk and on the web."""

    plugin: str
    extension: str
    mime: str
    browser_safe: bool


KINDS = {
    kind.plugin: kind
    for kind in (
        Kind("JPEG", "jpg", "image/jpeg", browser_safe=True),
        Kind("PNG", "png", "image/png", browser_safe=True),
        Kind("WEBP", "webp", "image/webp", browser_safe=True),
        Kind("BMP", "bmp", "image/bmp", browser_safe=True),
        Kind("AVIF", "avif", "image/avif", browser_safe=True),
        Kind("TIFF", "tif", "image/tiff", browser_safe=False),
        Kind("HEIF", "heic", "image/heic", browser_safe=False),
        Kind("SGI", "rgb", "image/sgi", browser_safe=False),
        Kind(RAW, "raw", "image/x-dcraw", browser_safe=False),
    )
}

PLUGIN_MODULES = {
    "JPEG": "PIL.JpegImagePlugin",
    "PNG": "PIL.PngImagePlugin",
    "WEBP": "PIL.WebPImagePlugin",
    "BMP": "PIL.BmpImagePlugin",
    "AVIF": "PIL.AvifImagePlugin",
    "TIFF": "PIL.TiffImagePlugin",
    "SGI": "PIL.SgiImagePlugin",
}

# Camera raw that does not look like TIFF: Fujifilm, Olympus, Panasonic, Minolta, Sigma, Canon CRW.
RAW_MAGIC = (
    b"FUJIFILMCCD-RAW",
    b"IIRO",
    b"IIRS",
    b"MMOR",
    b"IIU\0",
    b"\0MRM",
    b"FOVb",
    b"II\x1a\0\0\0HEAPCCDR",
)
TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")

# TIFF tags that only camera raw has: DNGVersion; a colour filter array or linear raw as the picture.
TAG_PHOTOMETRIC, TAG_MAKE, TAG_SUB_IFDS, TAG_DNG_VERSION = 262, 271, 330, 50706
RAW_PHOTOMETRIC = (32803, 34892)

# What people try most often, told apart so that the sentence can name it.
FOREIGN = (
    (b"GIF8", "This is a GIF"),
    (b"%PDF", "This is a PDF document"),
    (b"%!PS", "This is a PostScript document"),
    (b"PK\3\4", "This is a ZIP archive or an office document"),
    (b"8BPS", "This is a Photoshop document"),
    (b"<svg", "This is an SVG drawing"),
    (b"<?xml", "This is an XML document"),
    (b"<!doctype", "This is a web page"),
    (b"<html", "This is a web page"),
)


@dataclass(frozen=True)
class Header:
    """What a file's header promises. width and height in pixels as a person sees the picture.

    That is with its EXIF orientation applied; for camera raw, as it is after scaling to MAX_SIDE.
    """

    format: str
    width: int
    height: int
    extension: str
    mime: str
    browser_safe: bool


def probe(file: BinaryIO) -> Header:
    """Return what the file's header promises, reading no further; the file's position is kept.

    Raises NotAPicture for anything else than a picture of KINDS, TooLarge for one whose width or
    height is over MAX_SIDE.
    """
    position = file.tell()
    try:
        kind = sniff(file)
        if kind.plugin == RAW:
            width, height = raw_size(file)
            return _header("RAW", kind, width, height)
        # Closing Pillow's picture would close the caller's file.
        picture = opened(file, kind)
        width, height = picture.size
        if orientation(picture) in TURNED:
            width, height = height, width
        return _header(picture.format or kind.plugin, kind, width, height)
    finally:
        file.seek(position)


def sniff(file: BinaryIO) -> Kind:
    """Return the kind of picture whose signature the file starts with. Raises NotAPicture."""
    file.seek(0)
    head = file.read(64)
    if head.startswith(b"\xff\xd8\xff"):
        return KINDS["JPEG"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return KINDS["PNG"]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return KINDS["WEBP"]
    if head[4:8] == b"ftyp":
        return _sniff_box(head)
    if head.startswith(RAW_MAGIC) or (head[8:10] == b"CR" and head.startswith(TIFF_MAGIC)):
        return KINDS[RAW]
    if head.startswith(TIFF_MAGIC):
        return KINDS[RAW] if _is_raw_tiff(file) else KINDS["TIFF"]
    if head.startswith(b"\x01\xda"):
        return KINDS["SGI"]
    if head.startswith(b"BM"):
        return KINDS["BMP"]
    raise NotAPicture(_foreign(head))


def opened(file: BinaryIO, kind: Kind) -> ImageFile.ImageFile:
    """Return Pillow's undecoded picture of a file of this kind. Raises NotAPicture, TooLarge.

    The plugin is called by itself: Image.open would try others, and warns of large pictures by a
    rule that is laxer than ours.
    """
    file.seek(0)
    try:
        _load_plugin(kind.plugin)
        factory, _ = Image.OPEN[kind.plugin]
        picture: ImageFile.ImageFile = factory(file, "")
    except MemoryError as exc:
        raise TooLarge from exc
    except Exception as exc:  # damaged files raise SyntaxError, TypeError, struct.error too
        damaged = f"This {kind.extension.upper()} file is damaged: its header cannot be read."
        raise NotAPicture(f"{damaged} Export it once more.") from exc
    _check_size(*picture.size)
    return picture


def orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation that is left to apply, 1 to 8; 1 where it makes no sense."""
    if picture.format == "TIFF":
        # Pillow turns this one kind by itself, in its size and in its pixels.
        return 1
    try:
        # PngImageFile.getexif would decode the picture to look for EXIF behind the pixels.
        value = Image.Image.getexif(picture).get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - a damaged EXIF block must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def fitted(width: int, height: int, side: int = MAX_SIDE) -> tuple[int, int]:
    """Return the size scaled down, never up, so that neither side is over `side` pixels."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def raw_size(file: BinaryIO) -> tuple[int, int]:
    """Return the size in pixels that a camera raw file's picture will have. Raises NotAPicture."""
    with raw_opened(file) as raw:
        sizes = raw.sizes
        width, height = sizes.width, sizes.height
        if sizes.flip & 4:
            width, height = height, width
    if width * height > RAW_MAX_PIXELS:
        raise TooLarge
    return fitted(width, height)


def raw_opened(file: BinaryIO) -> Any:
    """Return rawpy's undecoded picture, a context manager. Raises NotAPicture."""
    import rawpy

    file.seek(0)
    try:
        return rawpy.imread(io.BytesIO(file.read()))
    except Exception as exc:  # damaged files raise more than rawpy's own errors
        raise NotAPicture("This camera raw file is damaged, or of a camera that is not known yet.") from exc


def _header(name: str, kind: Kind, width: int, height: int) -> Header:
    return Header(name, width, height, kind.extension, kind.mime, kind.browser_safe)


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise NotAPicture("This picture is empty: it has no width or no height.")
    if width > MAX_SIDE or height > MAX_SIDE:
        raise TooLarge(
            f"This picture is {width} x {height} pixels; at most {MAX_SIDE} x {MAX_SIDE} are taken. "
            "Make it smaller and try again."
        )


def _sniff_box(head: bytes) -> Kind:
    """Tell the kinds apart that share the ISO base media box format, by their brands."""
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(len(head), _box_size(head)), 4))]
    if brands[0] == b"crx ":
        return KINDS[RAW]
    if any(brand in AVIF_BRANDS for brand in brands):
        return KINDS["AVIF"]
    if any(brand in HEIF_BRANDS for brand in brands):
        return KINDS["HEIF"]
    raise NotAPicture("This is a video, not a picture.")


def _box_size(head: bytes) -> int:
    return int(struct.unpack(">I", head[:4])[0])


def _is_raw_tiff(file: BinaryIO) -> bool:
    """Say whether a TIFF is camera raw: by its first directory's tags, and the maker's preview layout."""
    try:
        picture = opened(file, KINDS["TIFF"])
    except EngineError:
        # Pillow has no mode for a colour filter array: whether libraw has one decides.
        return _libraw_knows(file)
    tags = getattr(picture, "tag_v2", {})
    if TAG_DNG_VERSION in tags or tags.get(TAG_PHOTOMETRIC) in RAW_PHOTOMETRIC:
        return True
    return TAG_MAKE in tags and TAG_SUB_IFDS in tags and _libraw_knows(file)


def _libraw_knows(file: BinaryIO) -> bool:
    try:
        raw_size(file)
    except EngineError:
        return False
    return True


def _foreign(head: bytes) -> str:
    if not head:
        return "This file is empty."
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, name in FOREIGN:
        if start.startswith(magic.lower()):
            return f"{name}, not a photo. Use JPG, PNG, WebP, BMP, TIFF, HEIC or camera raw."
    return NotAPicture.sentence


@functools.cache
def _load_plugin(name: str) -> None:
    if name == "HEIF":
        pillow_heif = importlib.import_module("pillow_heif")
        pillow_heif.register_heif_opener()
    else:
        importlib.import_module(PLUGIN_MODULES[name])
