"""BMP of every depth and order of bits: read as arithmetic says, or refused by name."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest

from editor.engines.errors import NotAPicture
from editor.engines.io import formats, pictures

from . import bitmaps

MASKS = {
    "5-6-5": (16, (0xF800, 0x7E0, 0x1F)),
    "5-6-5 the other way round": (16, (0x1F, 0x7E0, 0xF800)),
    "5-5-5": (16, (0x7C00, 0x3E0, 0x1F)),
    "4-4-4": (16, (0xF00, 0xF0, 0xF)),
    "2-3-3": (16, (0xC0, 0x38, 0x7)),
    "8-8-8": (32, (0xFF0000, 0xFF00, 0xFF)),
    "8-8-8 the other way round": (32, (0xFF, 0xFF00, 0xFF0000)),
    "10-10-10": (32, (0x3FF00000, 0xFFC00, 0x3FF)),
    "11-11-10": (32, (0xFFE00000, 0x1FFC00, 0x3FF)),
}
WITH_ALPHA = {
    "4-4-4-4": (16, (0xF00, 0xF0, 0xF, 0xF000)),
    "4-4-4-4, alpha last": (16, (0xF000, 0xF00, 0xF0, 0xF)),
    "5-5-5-1": (16, (0x7C00, 0x3E0, 0x1F, 0x8000)),
    "8-8-8-8": (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    "8-8-8-8 the other way round": (32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    "8-8-8-8, alpha last": (32, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
    "8-8-8-8, alpha first": (32, (0xFF00, 0xFF0000, 0xFF000000, 0xFF)),
    "10-10-10-2": (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000)),
}


def assert_reads_as(data: bytes, truth: bitmaps.Pixels, folder: Path) -> None:
    path = folder / "photo.bmp"
    path.write_bytes(data)
    picture = pictures.read(path)
    assert np.abs(picture.rgb - truth[..., :3]).max() <= 1
    opacity = 1.0 if picture.alpha is None else picture.alpha
    assert np.abs(opacity - truth[..., 3] / 255).max() <= 1 / 255
    with path.open("rb") as file:
        header = formats.probe(file)
    assert (header.width, header.height) == (picture.width, picture.height)


@pytest.mark.parametrize("from_top", [False, True])
@pytest.mark.parametrize("header", [40, 52, 56, 108, 124])
@pytest.mark.parametrize("name", MASKS)
def test_colours_are_found_under_any_masks(name: str, header: int, from_top: bool, tmp_path: Path) -> None:
    assert_reads_as(*bitmaps.masked(*MASKS[name], header=header, from_top=from_top), tmp_path)


@pytest.mark.parametrize("header", [56, 108, 124])
@pytest.mark.parametrize("name", WITH_ALPHA)
def test_alpha_is_found_under_its_mask(name: str, header: int, tmp_path: Path) -> None:
    assert_reads_as(*bitmaps.masked(*WITH_ALPHA[name], header=header), tmp_path)


@pytest.mark.parametrize("name", WITH_ALPHA)
def test_the_oldest_header_has_alphas_mask_behind_it(name: str, tmp_path: Path) -> None:
    assert_reads_as(*bitmaps.masked(*WITH_ALPHA[name], packing=bitmaps.ALPHA_BITFIELDS), tmp_path)


@pytest.mark.parametrize("header", [12, 16, 40, 64, 124])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_table_of_colours_is_read_behind_any_header(bits: int, header: int, tmp_path: Path) -> None:
    assert_reads_as(*bitmaps.indexed(bits, header=header), tmp_path)


@pytest.mark.parametrize(("bits", "colours"), [(8, 300), (8, 7), (4, 40), (1, 3)])
def test_a_table_may_have_more_colours_or_fewer_than_can_be_named(
    bits: int, colours: int, tmp_path: Path
) -> None:
    assert_reads_as(*bitmaps.indexed(bits, colours=colours), tmp_path)


@pytest.mark.parametrize("header", [16, 40, 64, 124])
def test_bare_24_bits_are_read_behind_any_header(header: int, tmp_path: Path) -> None:
    truth = bitmaps.slopes().astype(np.float64)
    truth[..., 3] = 255
    rows = bitmaps.slopes()[..., 2::-1].reshape(bitmaps.HEIGHT, -1)
    assert_reads_as(bitmaps.bitmap(rows, 24, header=header), truth, tmp_path)


@pytest.mark.parametrize(
    ("bits", "packing", "header", "named"),
    [
        (24, 4, 40, "packed as JPEG"),
        (0, 4, 40, "packed as JPEG"),
        (0, 5, 124, "packed as PNG"),
        (24, 4, 64, "OS/2"),
        (1, 3, 64, "OS/2"),
        (8, 9, 40, "packed"),
    ],
)
def test_what_is_packed_in_another_way_is_named(bits: int, packing: int, header: int, named: str) -> None:
    data = bitmaps.bitmap(np.zeros((bitmaps.HEIGHT, 40), np.uint8), bits, packing=packing, header=header)
    with pytest.raises(NotAPicture, match=named) as caught:
        formats.probe(io.BytesIO(data))
    assert "Save it as PNG" in str(caught.value)


@pytest.mark.parametrize(("at", "value"), [(18, -5), (18, 0), (28, 7), (14, 3)])
def test_a_header_that_makes_no_sense_is_damage(at: int, value: int) -> None:
    data, _ = bitmaps.masked(16, MASKS["4-4-4"][1])
    with pytest.raises(NotAPicture, match=r"damaged|empty"):
        formats.probe(io.BytesIO(data[:at] + value.to_bytes(4, "little", signed=True) + data[at + 4 :]))


@pytest.mark.parametrize("gamma", [1 / 2.2, 2.2])
def test_a_calibrated_gamma_may_be_that_of_the_pixels_or_of_the_screen(gamma: float, tmp_path: Path) -> None:
    data, truth = bitmaps.indexed(8, header=108)
    ends = [0.64, 0.33, 0.03, 0.3, 0.6, 0.1, 0.15, 0.06, 0.79]
    told = struct.pack("<9i3I", *(round(value * 2**30) for value in ends), *[round(gamma * 65536)] * 3)
    (tmp_path / "photo.bmp").write_bytes(data[:74] + told + data[74 + len(told) :])
    # A power of 2.2 and sRGB's own curve lie a few levels apart.
    assert np.abs(pictures.read(tmp_path / "photo.bmp").rgb - truth[..., :3]).max() <= 12


def test_missing_pixels_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.bmp"
    for data, _ in (bitmaps.masked(*MASKS["4-4-4"]), bitmaps.indexed(2)):
        path.write_bytes(data[:-8])
        with pytest.raises(NotAPicture, match="cut short"):
            pictures.read(path)
