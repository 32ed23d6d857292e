"""Picture formats: what a file is and how large its picture will be, from its header alone.

Used by the web process on every upload: imports nothing but the standard library and Pillow
(pillow-heif and rawpy when such a file arrives), and never decodes a pixel. A file is judged by
its content, never by its name.
"""

from __future__ import annotations

import functools
import importlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL import ExifTags, Image, ImageFile

from editor.engines.errors import NotAPicture, TooLarge
from editor.engines.limits import STUDIO, Limits

from . import bmp, foreign_files, heif, jpeg, raw, webp
from .png import structure
from .tiff import pages, tags

RAW = "RAW"
RAW_BRAND = b"crx "
"""Canon's CR3 in the boxes that HEIF and videos have."""

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
    "WEBP": "PIL.WebPImagePlugin",
    "AVIF": "PIL.AvifImagePlugin",
    "TIFF": "PIL.TiffImagePlugin",
    "SGI": "PIL.SgiImagePlugin",
}

# By the plugin: ours where Pillow's lacks something; why a file is not read though it is sound; what makes
# one readable that is damaged beside its pixels, None where nothing does; and how large one is by its own
# words, where the library below has a limit of its own.
OPENERS: dict[str, Callable[[BinaryIO], ImageFile.ImageFile]] = {
    "BMP": bmp.open_picture,
    "PNG": structure.open_picture,
}
OBJECTIONS: dict[str, Callable[[BinaryIO], str]] = {
    "BMP": bmp.find_objection,
    "JPEG": jpeg.find_objection,
    "PNG": structure.find_objection,
}
MENDERS: dict[str, Callable[[bytes], bytes | None]] = {
    "AVIF": heif.mend_avif,
    "HEIF": heif.mend_heic,
    "PNG": structure.strip,
    "WEBP": webp.strip_cut_chunks,
}
PROMISED_SIZES: dict[str, Callable[[BinaryIO], tuple[int, int] | None]] = {
    "AVIF": heif.size,
    "HEIF": heif.size,
    "WEBP": webp.read_canvas,
}


@dataclass(frozen=True)
class Header:
    """What a file's header promises. width and height in pixels as a person sees the picture.

    That is with its EXIF orientation applied; camera raw fitted into what the studio takes.
    """

    format: str
    width: int
    height: int
    extension: str
    mime: str
    browser_safe: bool


def probe(file: BinaryIO, limits: Limits = STUDIO) -> Header:
    """Return what the file's header promises, reading no further; the file's position is kept.

    limits: beyond which a picture is refused; camera raw may be as large as the studio takes, as cameras
    decide that. Raises NotAPicture for anything else than a picture of KINDS, TooLarge.
    """
    position = file.tell()
    try:
        kind = sniff(file)
        if kind.plugin == RAW:
            return _header(RAW, kind, *STUDIO.fit(*raw.size(file)))
        if kind.plugin == "TIFF":
            return _header("TIFF", kind, *tiff_page(file, limits).size)
        # Closing Pillow's picture would close the caller's file.
        picture = open_picture(file, kind, limits)
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
    if head[4:8] == b"ftyp" and (plugin := RAW if head[8:12] == RAW_BRAND else heif.codec(file)):
        return KINDS[plugin]
    if raw.is_raw(file, head):
        return KINDS[RAW]
    if head.startswith(tags.MAGIC):
        return KINDS["TIFF"]
    if head.startswith(b"\x01\xda"):
        return KINDS["SGI"]
    if head.startswith(b"BM"):
        return KINDS["BMP"]
    raise NotAPicture(foreign_files.describe(file))


def open_picture(file: BinaryIO, kind: Kind, limits: Limits = STUDIO) -> ImageFile.ImageFile:
    """Return Pillow's undecoded picture of a file of this kind. Raises NotAPicture, TooLarge.

    The plugin is called by itself: Image.open would try others, and warns of large pictures by a
    rule that is laxer than ours.
    """
    if kind.plugin in OBJECTIONS and (objection := OBJECTIONS[kind.plugin](file)):
        raise NotAPicture(objection)
    try:
        picture = _open(file, kind.plugin)
    except Exception as exc:  # damaged files raise SyntaxError, TypeError, struct.error, MemoryError too
        if kind.plugin in PROMISED_SIZES and (size := PROMISED_SIZES[kind.plugin](file)):
            _check_size(*size, limits)
        if isinstance(exc, MemoryError):
            raise TooLarge from exc
        damaged = f"This {kind.extension.upper()} file is damaged: its header cannot be read."
        raise NotAPicture(f"{damaged} Export it once more.") from exc
    _check_size(*picture.size, limits)
    return picture


def mend(file: BinaryIO, kind: Kind) -> BinaryIO | None:
    """Return what is whole of a file that is damaged beside its pixels; None where nothing can be done."""
    if kind.plugin not in MENDERS:
        return None
    file.seek(0)
    data = file.read()
    whole = MENDERS[kind.plugin](data)
    return None if whole is None or whole == data else io.BytesIO(whole)


def exif(picture: Image.Image) -> Image.Exif:
    """Return a picture's EXIF block, read anew; empty where there is none.

    Pillow's getexif takes the orientation from XMP where EXIF has none: tools that turn a picture upright and
    strip its EXIF leave the old one there, and browsers do not heed it. Nor do they heed EXIF that
    ImageMagick wrote into a PNG as text. Raises whatever damage causes.
    """
    block = Image.Exif()
    if told := picture.info.get("exif"):
        block.load(told)
    return block


def orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation that is left to apply, 1 to 8; 1 where it makes no sense."""
    try:
        value = exif(picture).get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - a damaged EXIF block must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def fit_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Return the size scaled down, never up, so that neither side is over `side` pixels."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def tiff_page(file: BinaryIO, limits: Limits = STUDIO) -> pages.Page:
    """Return the page of a TIFF that is its picture. Raises NotAPicture, TooLarge."""
    page = pages.choose(file)
    _check_size(page.width, page.height, limits)
    pages.check(page)
    return page


def _header(name: str, kind: Kind, width: int, height: int) -> Header:
    return Header(name, width, height, kind.extension, kind.mime, kind.browser_safe)


def _check_size(width: int, height: int, limits: Limits) -> None:
    if width < 1 or height < 1:
        raise NotAPicture("This picture is empty: it has no width or no height.")
    limits.check(width, height)


def _open(file: BinaryIO, plugin: str) -> ImageFile.ImageFile:
    opener = _opener(plugin)
    file.seek(0)
    try:
        return opener(file)
    except (OSError, SyntaxError, ValueError, RuntimeError):
        if (whole := mend(file, KINDS[plugin])) is None:
            raise
        return opener(whole)


@functools.cache
def _opener(plugin: str) -> Callable[[BinaryIO], ImageFile.ImageFile]:
    if plugin in OPENERS:
        return OPENERS[plugin]
    if plugin == "HEIF":
        importlib.import_module("pillow_heif").register_heif_opener()
    else:
        importlib.import_module(PLUGIN_MODULES[plugin])
    factory, _ = Image.OPEN[plugin]
    return lambda file: factory(file, "")
