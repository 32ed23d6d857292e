"""Every kind of PNG there is, with and without transparent colours, is read as arithmetic has it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from editor.engines.io import pictures
from tests.engines.io import pngs

KINDS = [pytest.param(*kind, id=f"type {kind[0]}, {kind[1]} bits") for kind in pngs.LEGAL]
COLOURED = [kind for kind in pngs.LEGAL if kind[0] in (pngs.GREY, pngs.RGB, pngs.PALETTE)]


def check(png: pngs.Png, folder: Path, *, interlaced: bool) -> None:
    path = folder / "photo.png"
    path.write_bytes(png.written(interlaced=interlaced))
    picture = pictures.read(path)
    colours, alpha = png.seen()
    # Of 16 bits that are sRGB already the upper eight are taken.
    within = 1 if png.depth == 16 and png.kind != pngs.GREY else 0.5
    assert np.abs(picture.rgb - colours).max() <= within
    found = np.ones(alpha.shape) if picture.alpha is None else picture.alpha
    assert np.abs(found - alpha).max() < within / 255


@pytest.mark.parametrize("interlaced", [False, True], ids=["rows", "Adam7"])
@pytest.mark.parametrize(("kind", "depth"), KINDS)
def test_every_kind_is_read(kind: int, depth: int, interlaced: bool, tmp_path: Path) -> None:
    check(pngs.Png(kind, depth, pngs.look(kind, depth)), tmp_path, interlaced=interlaced)


@pytest.mark.parametrize("interlaced", [False, True], ids=["rows", "Adam7"])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize(("kind", "depth"), COLOURED)
def test_a_transparent_colour_is_transparent_and_no_other_is(
    kind: int, depth: int, place: str, interlaced: bool, tmp_path: Path
) -> None:
    samples = pngs.look(kind, depth)
    full = 2**depth - 1
    clear: tuple[int, ...] = {"first": (0,), "middle": (full // 2 + 1,), "last": (full,)}[place]
    if kind == pngs.PALETTE:
        # Opacities of some of the entries; those behind are opaque.
        clear = tuple(range(0, 256, 64))[: max(1, min(4, clear[0]))]
    elif kind == pngs.RGB:
        clear = (clear[0], full - clear[0], clear[0])
        # Beside it one that differs in the lowest bit of one channel.
        samples[3:7] = clear
        samples[5] = (clear[0], full - clear[0], clear[0] ^ 1)
    else:
        samples[3:7] = clear
    check(pngs.Png(kind, depth, samples, clear), tmp_path, interlaced=interlaced)


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_bits_above_the_depth_of_a_transparent_colour_do_not_count(depth: int, tmp_path: Path) -> None:
    full = 2**depth - 1
    grey = pngs.Png(pngs.GREY, depth, pngs.look(pngs.GREY, depth), (0xAB00 & ~full | full,))
    check(grey, tmp_path, interlaced=False)
    if depth == 8:
        samples = pngs.look(pngs.RGB, 8)
        samples[2] = (1, 2, 3)
        check(pngs.Png(pngs.RGB, 8, samples, (0x0701, 2, 0x0103)), tmp_path, interlaced=False)


SIDEWAYS = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
AS_TEXT = b"\nexif\n      32\n" + (b"Exif\0\0" + SIDEWAYS).hex().encode() + b"\n"


@pytest.mark.parametrize(
    ("name", "content", "turned"),
    [
        (b"eXIf", SIDEWAYS, True),
        (b"eXIf", b"Exif\0\0" + SIDEWAYS, False),
        (b"tEXt", b"Raw profile type exif\0" + AS_TEXT, False),
        (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(AS_TEXT), False),
        (b"tEXt", b"Raw profile type APP1\0" + AS_TEXT, False),
        (b"tEXt", b"exif\0" + SIDEWAYS, False),
    ],
    ids=["eXIf", "eXIf of a JPEG", "text", "packed text", "text of a JPEG", "a word"],
)
def test_a_picture_is_turned_by_what_browsers_turn_it_by(
    name: bytes, content: bytes, turned: bool, tmp_path: Path
) -> None:
    """The words of ImageMagick, and a JPEG's EXIF with its prefix, are heeded by no viewer."""
    file = pngs.Png(pngs.RGB, 8, pngs.look(pngs.RGB, 8, (8, 12))).written()
    (tmp_path / "photo.png").write_bytes(file[:33] + pngs.chunk(name, content) + file[33:])
    picture = pictures.read(tmp_path / "photo.png")
    assert (picture.width, picture.height) == ((8, 12) if turned else (12, 8))


@pytest.mark.parametrize(
    "key", ["transparency", "icc_profile", "gamma", "srgb", "chromaticity", "dpi", "exif", "interlace"]
)
@pytest.mark.parametrize("kind", [pngs.GREY, pngs.RGB, pngs.PALETTE])
def test_words_mean_nothing_whatever_their_name(key: str, kind: int, tmp_path: Path) -> None:
    png = pngs.Png(kind, 8, pngs.look(kind, 8))
    file = png.written()
    words = pngs.chunk(b"tEXt", key.encode() + b"\0" + b"1, 2, 3")
    (tmp_path / "photo.png").write_bytes(file[:33] + words + file[33:])
    picture = pictures.read(tmp_path / "photo.png")
    assert picture.alpha is None
    assert picture.density is None
    assert np.array_equal(picture.rgb, png.seen()[0])
