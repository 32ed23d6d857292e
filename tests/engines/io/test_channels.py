"""HEIC and AVIF of ten and twelve bits: read at their depth, and by what their code points leave open.

The values expected of code points are those of a browser's canvas.
"""

from __future__ import annotations

import io
import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray

from editor.engines.io import heif, pictures

PQ, HLG, REC2020 = 16, 18, 9
UNSPECIFIED, P3, RESERVED = 2, 12, 3


def avif(pixels: NDArray[np.uint16], bits: int, primaries: int, transfer: int) -> bytes:
    """Return a lossless AVIF of values 0..2^bits - 1; matrix and range are told as sRGB files have them."""
    file = imagecodecs.avif_encode(
        pixels, level=100, bitspersample=bits, pixelformat="yuv444", primaries=1, transfer=13, matrix=1
    )
    told = b"colrnclx" + struct.pack(">2H", 1, 13)
    assert file.count(told) == 1
    return bytes(file.replace(told, b"colrnclx" + struct.pack(">2H", primaries, transfer)))


def heic(pixels: NDArray[np.uint16], bits: int, primaries: int, transfer: int) -> bytes:
    """Return a nearly lossless HEIC of values 0..2^bits - 1."""
    mode = "RGBA;16" if pixels.shape[2] == 4 else "RGB;16"
    size = pixels.shape[1], pixels.shape[0]
    picture = pillow_heif.from_bytes(mode, size, (pixels << (16 - bits)).astype("<u2").tobytes())
    buffer = io.BytesIO()
    picture.save(
        buffer,
        quality=-1,
        chroma=444,
        save_nclx_profile=True,
        color_primaries=primaries,
        transfer_characteristics=transfer,
        matrix_coefficients=1,
        full_range_flag=1,
        bit_depth=bits,
    )
    return buffer.getvalue()


def read(data: bytes, folder: Path) -> pictures.Picture:
    (folder / "photo.bin").write_bytes(data)
    return pictures.read(folder / "photo.bin")


def ramp(low: int, high: int) -> NDArray[np.uint16]:
    """Return greys that rise by one a column, (64, high - low, 3)."""
    return np.tile(np.arange(low, high, dtype=np.uint16)[np.newaxis, :, np.newaxis], (64, 1, 3))


def field(*colour: int) -> NDArray[np.uint16]:
    return np.full((64, 64, len(colour)), colour, np.uint16)


@pytest.mark.parametrize("encode", [avif, heic])
@pytest.mark.parametrize(("transfer", "low", "high"), [(PQ, 256, 576), (HLG, 128, 704)])
def test_no_tone_of_a_high_dynamic_range_is_skipped(
    encode: type[avif], transfer: int, low: int, high: int, tmp_path: Path
) -> None:
    """At eight bits neighbours would be up to three levels apart: bands in every even ground."""
    row = read(encode(ramp(low, high), 10, REC2020, transfer), tmp_path).rgb[32].astype(int)
    rises = np.diff(row[:, 1])
    assert rises.min() >= 0
    assert rises.max() == 1
    assert row[-1, 1] - row[0, 1] > 120


def test_twelve_bits_are_read_at_their_depth(tmp_path: Path) -> None:
    deep = read(avif(ramp(1000, 2400), 12, REC2020, PQ), tmp_path).rgb[32, :, 1]
    flat = read(avif(ramp(250, 600), 10, REC2020, PQ), tmp_path).rgb[32, :, 1].repeat(4)
    assert np.diff(deep.astype(int)).max() == 1
    assert np.abs(deep.astype(int) - flat).max() <= 2


def test_linear_light_of_ten_bits_keeps_its_shadows(tmp_path: Path) -> None:
    """sRGB's curve by arithmetic: of 10-bit light 1 to 9 become nine levels, not three."""
    values = np.arange(0, 64) / 1023
    stored = np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055) * 255
    row = read(avif(ramp(0, 64), 10, 1, 8), tmp_path).rgb[32, :, 1]
    assert np.abs(row - stored).max() <= 1


@pytest.mark.parametrize("encode", [avif, heic])
def test_what_is_opaque_at_ten_bits_is_opaque(encode: type[avif], tmp_path: Path) -> None:
    pixels = field(512, 512, 512, 1023)
    pixels[:32, :, 3] = 511
    alpha = read(encode(pixels, 10, P3, 13), tmp_path).alpha
    assert alpha is not None
    assert (alpha[40:] == 1).all()
    assert np.abs(alpha[:24] - 511 / 1023).max() < 0.01


def test_grey_of_ten_bits_is_read(tmp_path: Path) -> None:
    file = imagecodecs.avif_encode(ramp(0, 1023)[..., 0], level=100, bitspersample=10)
    told = b"colrnclx" + struct.pack(">2H", 2, 2)
    assert told in file
    row = read(file.replace(told, b"colrnclx" + struct.pack(">2H", 1, PQ)), tmp_path).rgb[32].astype(int)
    assert (row[:, 0] == row[:, 2]).all()
    assert np.diff(row[:, 0]).max() == 1


@pytest.mark.parametrize("transfer", [PQ, HLG])
@pytest.mark.parametrize("primaries", [UNSPECIFIED, RESERVED, 0, 200])
def test_a_high_dynamic_range_without_primaries_has_srgbs(
    primaries: int, transfer: int, tmp_path: Path
) -> None:
    said = read(avif(ramp(100, 900), 10, 1, transfer), tmp_path).rgb
    left_open = read(avif(ramp(100, 900), 10, primaries, transfer), tmp_path).rgb
    assert np.array_equal(said, left_open)
    assert np.abs(said[32, :, 0].astype(int) - np.arange(100, 900) / 4).max() > 20


@pytest.mark.parametrize("encode", [avif, heic])
@pytest.mark.parametrize(
    ("primaries", "transfer", "expected"),
    [
        # Primaries without a curve have sRGB's, a curve without primaries too.
        (P3, UNSPECIFIED, (217, 42, 52)),
        (UNSPECIFIED, 8, (229, 133, 133)),
        # A video's camera curve changes nothing.
        (1, 1, (200, 60, 60)),
        (1, 6, (200, 60, 60)),
        (UNSPECIFIED, 1, (200, 60, 60)),
        (UNSPECIFIED, UNSPECIFIED, (200, 60, 60)),
        (9, 14, (247, 0, 53)),
    ],
)
def test_code_points_that_are_left_open_are_srgbs(
    encode: type[avif], primaries: int, transfer: int, expected: tuple[int, int, int], tmp_path: Path
) -> None:
    colour = [round(value * 1023 / 255) for value in (200, 60, 60)]
    found = read(encode(field(*colour), 10, primaries, transfer), tmp_path).rgb[32, 32]
    assert np.abs(found.astype(int) - expected).max() <= 3


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("without", [(), (b"pixi",), (b"pixi", b"av1C")])
def test_the_depth_is_what_the_boxes_say(bits: int, without: tuple[bytes, ...]) -> None:
    pixels = field(9, 9, 9).astype(np.uint8 if bits == 8 else np.uint16)
    file = bytes(imagecodecs.avif_encode(pixels, level=100, bitspersample=bits))
    for name in without:
        file = file.replace(name, b"free")
    assert heif.depth(io.BytesIO(file)) == (8 if b"av1C" in without else bits)
    assert heif.depth(io.BytesIO(file[:100])) == 8


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("told", [UNSPECIFIED, 1])
def test_deep_grey_of_a_heic_is_read_whole(bits: int, told: int, tmp_path: Path) -> None:
    full = (1 << bits) - 1
    pixels = np.tile(np.linspace(0, full, 64).astype(np.uint16), (64, 1))
    picture = pillow_heif.from_bytes("I;16", (64, 64), (pixels << (16 - bits)).astype("<u2").tobytes())
    file = io.BytesIO()
    picture.save(file, quality=-1, bit_depth=bits, color_primaries=told, transfer_characteristics=13)
    seen = read(file.getvalue(), tmp_path).rgb.astype(int)
    assert (seen[..., 0] == seen[..., 2]).all()
    assert abs(seen[5, :, 0] - pixels[5].astype(int) * 255 / full).max() <= 2
