"""Statements of origin in photos: of XMP, else of IPTC's older form. Of EXIF the copyright notice alone.

EXIF's artist is left alone: cameras fill in their owner there, as its standard allows.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageFile, IptcImagePlugin, PngImagePlugin

from editor.engines.errors import EngineError
from editor.engines.io import formats

from . import iim, xmp
from .statement import Statement, tidy

EXIF_COPYRIGHT = 0x8298
DAMAGE = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, EOFError, struct.error)


def read(path: str | Path) -> Statement:
    """Return what a photo says of its origin; nothing of metadata that is damaged or of another kind.

    Camera raw says nothing either. Raises OSError where the file itself cannot be opened.
    """
    with Path(path).open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = _open(file)
        except (EngineError, Image.DecompressionBombError, *DAMAGE):
            return Statement()
        if picture is None:
            return Statement()
        found, older = _read_xmp(picture), _read_older(picture)
        return replace(
            found,
            creators=found.creators or older.creators,
            rights=found.rights or older.rights or _read_copyright(picture),
            credit=found.credit or older.credit,
        )


def _open(file: BinaryIO) -> ImageFile.ImageFile | None:
    kind = formats.sniff(file)
    if kind.plugin == formats.RAW:
        return None
    if kind.plugin == "PNG":
        # Our own reader leaves out what says nothing of pixels.
        file.seek(0)
        return PngImagePlugin.PngImageFile(file)
    return formats.open_picture(file, kind)


def _read_xmp(picture: ImageFile.ImageFile) -> Statement:
    packet = picture.info.get("xmp") or b""
    return xmp.read_packet(packet.encode() if isinstance(packet, str) else bytes(packet))


def _read_older(picture: ImageFile.ImageFile) -> Statement:
    try:
        return iim.read_values(IptcImagePlugin.getiptcinfo(picture) or {})
    except DAMAGE:
        return Statement()


def _read_copyright(picture: ImageFile.ImageFile) -> str:
    try:
        notice = formats.exif(picture).get(EXIF_COPYRIGHT, "")
    except DAMAGE:
        return ""
    # Photographer and editor, with a NUL between.
    return tidy(notice.replace("\0", " ")) if isinstance(notice, str) else ""
