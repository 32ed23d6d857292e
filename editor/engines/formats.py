"""What a file is and how large its picture will be, from its header alone.

Used by the web process on every upload: imports nothing but the standard library and Pillow
(pillow-heif and rawpy when such a file arrives), and never decodes a pixel. A file is judged by
its content, never by its name.
"""

from __future__ import annotations

import functools
import importlib
import struct
from dataclasses import dataclass
from typing import BinaryIO

from PIL import ExifTags, Image, ImageFile

from . import raw
from .errors import NotAPicture, TooLarge
from .tiff import pages, tags

MAX_SIDE = 4096
MAX_BYTES = 20 * 1024 * 1024

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

HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")

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
            return _header(RAW, kind, *fitted(*raw.size(file)))
        if kind.plugin == "TIFF":
            return _header("TIFF", kind, *tiff_page(file).size)
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
    if raw.is_raw(file, head):
        return KINDS[RAW]
    if head.startswith(tags.MAGIC):
        return KINDS["TIFF"]
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


def exif(picture: Image.Image) -> Image.Exif:
    """Return a picture's EXIF block, read anew; empty where there is none.

    Pillow's getexif takes the orientation from XMP where EXIF has none: tools that turn a picture upright and
    strip its EXIF leave the old one there, and browsers do not heed it. Raises whatever damage causes.
    """
    block = Image.Exif()
    told = picture.info.get("exif")
    if told is None and (text := picture.info.get("Raw profile type exif")):
        told = bytes.fromhex("".join(text.split("\n")[3:]))
    if told:
        block.load(told)
    return block


def orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation that is left to apply, 1 to 8; 1 where it makes no sense."""
    try:
        value = exif(picture).get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - a damaged EXIF block must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def fitted(width: int, height: int, side: int = MAX_SIDE) -> tuple[int, int]:
    """Return the size scaled down, never up, so that neither side is over `side` pixels."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def tiff_page(file: BinaryIO) -> pages.Page:
    """Return the page of a TIFF that is its picture. Raises NotAPicture, TooLarge."""
    page = pages.choose(file)
    _check_size(page.width, page.height)
    pages.check(page)
    return page


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
