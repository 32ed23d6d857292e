"""PNG that is damaged beside its pixels: browsers show it, so it is read."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.engines.errors import NotAPicture
from editor.engines.io import pictures
from tests.engines.io import damage


def chunk(name: bytes, content: bytes, *, sound: bool = True) -> bytes:
    checksum = zlib.crc32(name + content) ^ (0 if sound else 1)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def photo() -> Image.Image:
    rows, columns = np.mgrid[:48, :64]
    return Image.fromarray(np.dstack([columns * 4, rows * 5, rows + columns]).astype(np.uint8))


def read(data: bytes, folder: Path) -> pictures.Picture:
    path = folder / "photo.png"
    path.write_bytes(data)
    return pictures.read(path)


WORDS = b"\0" * (3 << 20)
DAMAGE = {
    "three megabytes of words, packed": chunk(b"zTXt", b"prompt\0\0" + zlib.compress(WORDS)),
    "seventy megabytes of words": chunk(b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(bytes(1 << 20))) * 70,
    "words that do not unpack": chunk(b"zTXt", b"prompt\0\0words"),
    "a profile packed in a way there is none": chunk(b"iCCP", b"p\0\7" + zlib.compress(b"profile")),
    "a profile that does not unpack": chunk(b"iCCP", b"p\0\0profile"),
    "a time of too few bytes, wrongly summed": chunk(b"tIME", b"\7", sound=False),
    "an animation of no frames": chunk(b"acTL", struct.pack(">II", 0, 0)),
    "an animation whose frames have no places": chunk(b"acTL", struct.pack(">II", 2, 0))
    + chunk(b"fdAT", struct.pack(">I", 0)),
    "frames in the wrong order": chunk(b"acTL", struct.pack(">II", 2, 0))
    + chunk(b"fcTL", struct.pack(">5I2H2B", 7, 64, 48, 0, 0, 1, 1, 0, 0)),
    "a gamma of too few bytes": chunk(b"gAMA", b"\0"),
    "physical sizes of too few bytes": chunk(b"pHYs", b"\0"),
    "EXIF that is none": chunk(b"eXIf", b"words"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_beside_the_pixels_costs_none_of_them(name: str, tmp_path: Path) -> None:
    sound = damage.encoded(photo(), "PNG")
    picture = read(sound[:33] + DAMAGE[name] + sound[33:], tmp_path)
    assert np.array_equal(picture.rgb, np.asarray(photo()))


@pytest.mark.parametrize(
    "behind", [b"\0\0\0\0IDAT", b"\0\0\0\0IEND", b"IEND", b"\0\0\0", b"words", bytes(99)]
)
def test_what_is_cut_behind_the_pixels_costs_none_of_them(behind: bytes, tmp_path: Path) -> None:
    sound = damage.encoded(photo(), "PNG")
    picture = read(sound[:-12] + behind, tmp_path)
    assert np.array_equal(picture.rgb, np.asarray(photo()))


def linear_profile() -> bytes:
    """Return sRGB's profile without its curve: 55 of 255 is shown as 128."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for place in range(132, 132 + 12 * profile[131], 12):
        if profile[place + 1 : place + 4] == b"TRC":
            (at,) = struct.unpack_from(">I", profile, place + 4)
            profile[at + 8 : at + 16] = struct.pack(">HHi", 0, 0, 65536)
    return bytes(profile)


@pytest.mark.parametrize("filling", [0, 3 << 20])
def test_a_profile_is_heeded_however_large_it_is(filling: int, tmp_path: Path) -> None:
    """Printers' profiles, which are tables, have megabytes."""
    profile = linear_profile() + bytes(filling)
    profile = struct.pack(">I", len(profile)) + profile[4:]
    sound = damage.encoded(Image.new("RGB", (8, 8), (55, 55, 55)), "PNG")
    for words in (b"", DAMAGE["words that do not unpack"], DAMAGE["an animation of no frames"]):
        told = chunk(b"iCCP", b"printer\0\0" + zlib.compress(profile)) + words
        assert abs(int(read(sound[:33] + told + sound[33:], tmp_path).rgb[4, 4, 0]) - 128) <= 1


def test_pixels_that_are_damaged_are_refused(tmp_path: Path) -> None:
    sound = damage.encoded(photo(), "PNG")
    at = sound.index(b"IDAT") + 40
    for broken in (sound[:at] + bytes(40) + sound[at + 40 :], sound[:at], sound[:16] + b"\xff" + sound[17:]):
        with pytest.raises(NotAPicture):
            read(broken, tmp_path)
