"""Files that are no picture of ours: what each is, by its first bytes, and what its owner can do about it.

A person who is told "not a picture" of a picture tries again with the same file; one who is told its name
knows which "Save as" to look for.
"""

from __future__ import annotations

import codecs
import io
import re
import zlib
from typing import BinaryIO

from editor.engines.errors import NotAPicture

HEAD = 4096
"""Bytes that are looked at: an SVG may begin with a long comment, and DICOM's signature stands at 128."""

SAVE = "This is {name}, which is not read here. Save it as PNG or JPG and add that."
EXPORT = "This is {name}, not a photo. Export what it shows as PNG or JPG and add that."
UNPACK = "This is {name}, not a photo. Unpack it and add the photos in it."
STILL = "This is {name}, not a picture. Save one frame of it as PNG or JPG and add that."
SOUND = "This is {name}, not a picture."
READ = "This is {name}, not a picture. Read it: it may say why the photo was not saved."
PAGE = "This is {name}, not a photo. Open it, save the photo itself and add that."

# What several files may be.
TGA_PICTURE, TEXT, ZIP = ("a TGA", SAVE), ("a text file", READ), ("a ZIP archive", UNPACK)
MUSIC, VIDEO, COMPRESSED = ("a sound file", SOUND), ("a video", STILL), ("a compressed file", UNPACK)
# Where it stands, what stands there, what that is, and what is said of it.
SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"GIF8", "a GIF", SAVE),
    (0, b"\xff\x0a", "a JPEG XL", SAVE),
    (4, b"JXL \r\n\x87\n", "a JPEG XL", SAVE),
    (4, b"jP  \r\n\x87\n", "a JPEG 2000", SAVE),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000", SAVE),
    (0, b"II\xbc\x01", "a JPEG XR", SAVE),
    (0, b"\x8bJNG\r\n\x1a\n", "a JNG", SAVE),
    (0, b"\x8aMNG\r\n\x1a\n", "an MNG animation", SAVE),
    (0, b"icns", "an icon (ICNS)", SAVE),
    (0, b"qoif", "a QOI", SAVE),
    (0, b"DDS ", "a texture (DDS)", SAVE),
    (0, b"BLP1", "a texture (BLP)", SAVE),
    (0, b"BLP2", "a texture (BLP)", SAVE),
    (0, b"FTEX", "a texture (FTEX)", SAVE),
    (0, b"\xabKTX ", "a texture (KTX)", SAVE),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR", SAVE),
    (0, b"#?RADIANCE", "a Radiance HDR", SAVE),
    (0, b"#?RGBE", "a Radiance HDR", SAVE),
    (0, b"BPG\xfb", "a BPG", SAVE),
    (0, b"FLIF", "a FLIF", SAVE),
    (0, b"farbfeld", "a farbfeld", SAVE),
    (0, b"\x59\xa6\x6a\x95", "a Sun raster", SAVE),
    (0, b"SIMPLE  =", "a FITS", SAVE),
    (128, b"DICM", "a DICOM", SAVE),
    (0, b"AT&TFORM", "a DjVu document", SAVE),
    (0, b"/* XPM", "an XPM icon", SAVE),
    (0, b"8BPS\0\1", "a Photoshop document (PSD)", EXPORT),
    (0, b"8BPS", "a large Photoshop document (PSB)", EXPORT),
    (0, b"gimp xcf", "a GIMP document (XCF)", EXPORT),
    (0, b"Paint Shop Pro Image File", "a PaintShop document", EXPORT),
    (0, b"\0\xffKA", "an Affinity document", EXPORT),
    (0, b"CSFCHUNK", "a Clip Studio document", EXPORT),
    (0, b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5", "an InDesign document", EXPORT),
    (0, b"%PDF", "a PDF document", EXPORT),
    (0, b"%!PS", "a PostScript document", EXPORT),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript document (EPS)", EXPORT),
    (0, b"\xd7\xcd\xc6\x9a", "a drawing (WMF)", EXPORT),
    (40, b" EMF", "a drawing (EMF)", EXPORT),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document (Office or FlashPix)", EXPORT),
    (0, b"{\\rtf", "a text document", EXPORT),
    (0, b"\x1a\x45\xdf\xa3", "a video (Matroska or WebM)", STILL),
    (0, b"YUV4MPEG2", "a video (Y4M)", STILL),
    (0, b"FLV\1", "a video (FLV)", STILL),
    (0, b"\0\0\1\xba", "a video (MPEG)", STILL),
    (0, b"\0\0\1\xb3", "a video (MPEG)", STILL),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a video (Windows Media)", STILL),
    (4, b"\x11\xaf", "an animation (FLI)", STILL),
    (4, b"\x12\xaf", "an animation (FLC)", STILL),
    (4, b"moov", "a video (QuickTime)", STILL),
    (4, b"mdat", "a video (QuickTime)", STILL),
    (4, b"wide", "a video (QuickTime)", STILL),
    (0, b"ID3", "a sound file", SOUND),
    (0, b"fLaC", "a sound file", SOUND),
    (0, b"OggS", "a sound or video file (Ogg)", SOUND),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (0, b"BZh", "a compressed file", UNPACK),
    (0, b"\xfd7zXZ\0", "a compressed file", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a compressed file", UNPACK),
    (257, b"ustar", "a TAR archive", UNPACK),
)
RIFF = {
    b"AVI ": ("a video (AVI)", STILL),
    b"WAVE": ("a sound file", SOUND),
    b"ACON": ("a mouse pointer (ANI)", SAVE),
    b"CDR": ("a CorelDRAW document", EXPORT),
}
SOUND_BRANDS = (b"M4A", b"M4B", b"M4P", b"F4A")
# By the name of the first file in it, or by what that holds.
ZIPS = (
    (b"image/openraster", "an OpenRaster document", EXPORT),
    (b"application/x-krita", "a Krita document", EXPORT),
    (b"application/vnd.oasis", "an office document", EXPORT),
    (b"[Content_Types].xml", "an office document", EXPORT),
    (b"_rels/", "an office document", EXPORT),
    (b"Document.archive", "a Procreate document", EXPORT),
    (b"document.json", "a Sketch document", EXPORT),
)
# Text, in small letters and after what may stand before it.
MARKUP = (
    (b"<svg", "an SVG drawing", EXPORT),
    (b"<!doctype html", "a web page", PAGE),
    (b"<html", "a web page", PAGE),
    (b"<?xml", "an XML document", EXPORT),
)
PROLOGUE = re.compile(rb"\s*(<\?xml.*?\?>|<!--.*?-->|<!doctype svg.*?(\[.*?\])?\s*>)", re.DOTALL)
# Told by several bytes together.
PATTERNS = (
    (re.compile(rb"\0\0\x01\0[^\0]", re.DOTALL), "an icon (ICO)", SAVE),
    (re.compile(rb"\0\0\x02\0[^\0]", re.DOTALL), "a mouse pointer (CUR)", SAVE),
    (re.compile(rb"P[1-7Ff]\s"), "a PNM", SAVE),
    (re.compile(rb"\n[\0\x02-\x05]\x01[\x01\x02\x04\x08]"), "a PCX", SAVE),
    (re.compile(rb"\xff[\xfb\xf3\xf2]"), "a sound file (MP3)", SOUND),
    (re.compile(rb"\x47.{187}\x47", re.DOTALL), "a video (MPEG)", STILL),
)
# Without its footer TGA has no signature: colours or none, a kind, where and how large, a depth.
TGA = re.compile(
    rb".(\0[\x02\x03\x0a\x0b].{5}|\x01[\x01\x09].{5}).{8}[\x08\x0f\x10\x18\x20][\0-\x3f]", re.DOTALL
)
CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
TGA_FOOTER = b"TRUEVISION-XFILE.\0"
APPLE_DOUBLE = b"\0\5\x16\7"

EMPTY = "This file is empty. It was not copied or saved whole: get it again from where it came from."
ZEROS = "This file holds nothing but zeros: it was not copied whole. Get it again from where it came from."
BESIDE = "This is what a Mac keeps beside a photo. Add the file whose name does not begin with “._”."


def describe(file: BinaryIO) -> str:
    """Return a sentence that names what a file is which is no picture of ours, and says what to do."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        return EMPTY
    if not any(head):
        return ZEROS
    if head.startswith(APPLE_DOUBLE):
        return BESIDE
    named = _by_signature(head) or _by_markup(head) or _by_end(file) or _by_pattern(head)
    if not named:
        return NotAPicture.sentence
    name, sentence = named
    return sentence.format(name=name)


def _by_signature(head: bytes) -> tuple[str, str] | None:
    for at, signature, name, remedy in SIGNATURES:
        if head.startswith(signature, at):
            return name, remedy
    if head.startswith(b"RIFF"):
        return next((RIFF[kind] for kind in RIFF if head.startswith(kind, 8)), None)
    if head[4:8] == b"ftyp":
        return MUSIC if head[8:11] in SOUND_BRANDS else VIDEO
    if head.startswith(b"PK\3\4"):
        start = head[30:200]
        named = ((name, remedy) for mark, name, remedy in ZIPS if mark in start)
        return next(named, ZIP)
    if head.startswith(b"\x1f\x8b"):
        return _by_markup(_unzip(head)) or COMPRESSED
    return None


def _by_markup(head: bytes) -> tuple[str, str] | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lower()
    body = text
    while prologue := PROLOGUE.match(body):
        body = body[prologue.end() :]
    for start in (body.lstrip(), text.lstrip()):
        for mark, name, remedy in MARKUP:
            if start.startswith(mark):
                return name, remedy
    return None


def _by_pattern(head: bytes) -> tuple[str, str] | None:
    for pattern, name, remedy in PATTERNS:
        if pattern.match(head):
            return name, remedy
    if TGA.match(head):
        return TGA_PICTURE
    return TEXT if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not CONTROLS.search(head)


def _by_end(file: BinaryIO) -> tuple[str, str] | None:
    if file.seek(0, io.SEEK_END) < 44:
        return None
    file.seek(-len(TGA_FOOTER), io.SEEK_END)
    return TGA_PICTURE if file.read() == TGA_FOOTER else None


def _unzip(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD)
    except zlib.error:
        return b""
