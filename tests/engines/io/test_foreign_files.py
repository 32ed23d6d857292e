"""Sentences at the door: what is not read is named, and its owner is told what to do."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from editor.engines.errors import NotAPicture, TooLarge
from editor.engines.io import formats

from . import damage


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_types", "[Content_Types].xml"), content)
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
FOREIGN = {
    "GIF": (b"GIF89a\x01\0\x01\0\0\0\0;", "a GIF"),
    "old GIF": (b"GIF87a\x01\0\x01\0\0\0\0;", "a GIF"),
    "JPEG XL": (b"\xff\x0a\xfa\x7f\x01\x90\x08\x06", "a JPEG XL"),
    "JPEG XL in boxes": (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "a JPEG XL"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "a JPEG 2000"),
    "JPEG 2000 without boxes": (b"\xff\x4f\xff\x51\0\x2f\0\0", "a JPEG 2000"),
    "JPEG XR": (b"II\xbc\x01\x20\0\0\0\x24\xc3", "a JPEG XR"),
    "icon": (b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0", r"ICO"),
    "pointer": (b"\0\0\2\0\1\0\x10\x10\0\0\1\0\x20\0", r"CUR"),
    "Mac icon": (b"icns\0\0\1\0", "ICNS"),
    "DDS": (b"DDS \x7c\0\0\0", "DDS"),
    "QOI": (b"qoif\0\0\0\x09", "a QOI"),
    "OpenEXR": (b"\x76\x2f\x31\x01\2\0\0\0", "an OpenEXR"),
    "Radiance": (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n", "a Radiance HDR"),
    "PNM": (b"P6\n9 9\n255\n" + bytes(243), "a PNM"),
    "PCX": (b"\n\5\1\x08" + bytes(124), "a PCX"),
    "TGA": (damage.encoded(Image.new("RGB", (9, 9)), "TGA"), "a TGA"),
    "TGA of 1984": (b"\0\0\2\0\0\0\0\0\0\0\0\0\x09\0\x09\0\x18\x20" + bytes(243), "a TGA"),
    "FITS": (b"SIMPLE  =                    T", "a FITS"),
    "DICOM": (bytes(128) + b"DICM", "a DICOM"),
    "Photoshop": (b"8BPS\0\1" + bytes(20), "PSD"),
    "large Photoshop": (b"8BPS\0\2" + bytes(20), "PSB"),
    "GIMP": (b"gimp xcf v011\0", "XCF"),
    "Krita": (zipped(mimetype=b"application/x-krita"), "a Krita document"),
    "Procreate": (zipped(**{"Document.archive": b"bplist00"}), "a Procreate document"),
    "Affinity": (b"\0\xffKA\x0b\0", "an Affinity document"),
    "SVG": (SVG, "an SVG drawing"),
    "SVG with a prologue": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n' + SVG, "an SVG drawing"),
    "SVG with a type": (
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://a.b">\n' + SVG,
        "an SVG drawing",
    ),
    "SVG, compressed": (gzip.compress(SVG), "an SVG drawing"),
    "PDF": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "a PDF document"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "a PostScript document"),
    "EPS with a preview": (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "EPS"),
    "WMF": (b"\xd7\xcd\xc6\x9a" + bytes(18), "WMF"),
    "office": (zipped(_types=b"<Types/>", word__document=b""), "an office document"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "Office"),
    "ZIP": (zipped(holiday=b"photos"), "a ZIP archive.*Unpack"),
    "7-Zip": (b"7z\xbc\xaf\x27\x1c\0\4", "a 7-Zip archive.*Unpack"),
    "RAR": (b"Rar!\x1a\x07\1\0", "a RAR archive.*Unpack"),
    "gzip": (gzip.compress(b"words " * 100), "a compressed file.*Unpack"),
    "MP4": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(40), "a video"),
    "QuickTime": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(40), "a video"),
    "old QuickTime": (b"\0\0\0\x08wide\0\0\0\x10mdat", "a video"),
    "3GP": (b"\0\0\0\x18ftyp3gp4\0\0\0\0isom3gp4" + bytes(40), "a video"),
    "WebM": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81", "a video"),
    "AVI": (b"RIFF\0\0\1\0AVI LIST", "a video"),
    "Windows Media": (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "a video"),
    "MPEG": (b"\0\0\1\xba\x44\0", "a video"),
    "transport stream": ((b"\x47" + bytes(187)) * 4, "a video"),
    "FLI": (b"\0\1\0\0\x11\xaf\1\0", "an animation"),
    "MP3": (b"ID3\4\0\0\0", "a sound file"),
    "WAV": (b"RIFF\0\0\1\0WAVEfmt ", "a sound file"),
    "M4A": (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(40), "a sound file"),
    "web page": (b"<!DOCTYPE html><html><body>404</body></html>", "a web page.*save the photo itself"),
    "web page in capitals": (b"\r\n<HTML><HEAD>", "a web page"),
    "XML": (b'<?xml version="1.0"?><rss/>', "an XML document"),
    "an error saved as a photo": (b'{"error": "expired", "code": 403}', "a text file.*may say why"),
    "words": ("Liebe Grüße aus Zürich".encode() * 9, "a text file"),
    "nothing": (b"", "empty"),
    "zeros": (bytes(4096), "nothing but zeros.*again"),
    "what a Mac keeps beside a photo": (b"\0\5\x16\7\0\2\0\0Mac OS X", "begin with"),
}


def refusal(data: bytes) -> str:
    with pytest.raises(NotAPicture) as caught:
        formats.probe(io.BytesIO(data))
    return str(caught.value)


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_not_read_is_named(name: str) -> None:
    data, sentence = FOREIGN[name]
    with pytest.raises(NotAPicture, match=sentence):
        formats.probe(io.BytesIO(data))


@pytest.mark.parametrize("name", FOREIGN)
def test_every_refusal_ends_as_a_sentence_and_says_what_to_do(name: str) -> None:
    said = refusal(FOREIGN[name][0])
    assert said.endswith(".")
    assert "damaged" not in said
    remedies = (
        "Save it",
        "Export what",
        "Unpack it",
        "Save one frame",
        "Open it",
        "Read it",
        "again",
        "Add the",
    )
    assert any(remedy in said for remedy in remedies) or "sound file" in said


def test_noise_is_not_called_by_any_name() -> None:
    noise = np.random.default_rng(3)
    named = [refusal(b"\xee" + noise.bytes(4000)) for _ in range(300)]
    assert set(named) == {NotAPicture.sentence}


def jpeg(marker: int, *, bits: int = 8, height: int = 40, channels: int = 3) -> bytes:
    """Return the headers of a JPEG whose frame is of this kind."""
    frame = struct.pack(">BHHB", bits, height, 60, channels) + b"".join(
        bytes((number, 0x11, 0)) for number in range(1, channels + 1)
    )
    table = b"\xff\xdb" + struct.pack(">H", 67) + b"\0" + bytes(range(1, 65))
    scan = (
        bytes((channels,)) + b"".join(bytes((number, 0)) for number in range(1, channels + 1)) + b"\0\x3f\0"
    )
    return (
        b"\xff\xd8"
        + b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
        + table
        + bytes((0xFF, marker)) + struct.pack(">H", 2 + len(frame)) + frame
        + b"\xff\xda" + struct.pack(">H", 2 + len(scan)) + scan
        + bytes(200) + b"\xff\xd9"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("marker", "options", "sentence"),
    [
        (0xC1, {"bits": 12}, "12 bits a channel"),
        (0xC2, {"bits": 12}, "12 bits a channel"),
        (0xC3, {"bits": 16}, "16 bits a channel"),
        (0xC3, {"bits": 12}, "12 bits a channel"),
        (0xC5, {}, "hierarchical"),
        (0xC6, {}, "hierarchical"),
        (0xCB, {}, "lossless and arithmetic-coded"),
        (0xF7, {}, "JPEG-LS"),
        (0xC0, {"channels": 2}, "2 channels"),
        (0xC0, {"height": 0}, "how high it is"),
    ],
)
def test_a_jpeg_of_a_rare_kind_is_named_and_not_called_damaged(
    marker: int, options: dict[str, int], sentence: str
) -> None:
    said = refusal(jpeg(marker, **options))
    assert sentence in said
    assert "Save it as an ordinary JPG" in said
    assert "damaged" not in said


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA])
def test_a_jpeg_of_the_kinds_that_are_read_passes_the_door(marker: int) -> None:
    assert formats.probe(io.BytesIO(jpeg(marker))).height == 40


def test_a_large_block_of_metadata_hides_no_kind() -> None:
    padding = b"\xff\xe1" + struct.pack(">H", 65535) + bytes(65533)
    data = jpeg(0xF7)
    assert "JPEG-LS" in refusal(data[:2] + padding * 4 + data[2:])


def test_a_png_for_iphone_apps_is_named() -> None:
    sound = damage.encoded(Image.new("RGB", (8, 8)), "PNG")
    assert "iPhone" in refusal(sound[:8] + struct.pack(">I", 4) + b"CgBI" + bytes(8) + sound[8:])


@pytest.mark.parametrize(
    ("width", "height"), [(16_385, 20), (20, 16_385), (16_000_000, 8), (2**24, 2**24), (17_000, 17_000)]
)
def test_a_webp_that_is_too_large_is_told_so(width: int, height: int) -> None:
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    with pytest.raises(TooLarge, match=f"{width} x {height}"):
        formats.probe(io.BytesIO(b"RIFF" + struct.pack("<I", len(body)) + body))
