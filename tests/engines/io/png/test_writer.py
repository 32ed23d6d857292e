"""PNG files that are written: sound to the last bit, and no larger than zlib's default makes them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from editor.engines.io import pictures
from editor.engines.io.png import deflate_kernels, huffman_kernels, writer

Pixels = NDArray[np.uint8]
DICE = np.random.default_rng(11)


def noise(*shape: int, levels: int = 256) -> Pixels:
    return DICE.integers(0, levels, shape).astype(np.uint8)


def photo(width: int, height: int) -> Pixels:
    return np.asarray(
        Image.fromarray(skimage.data.coffee()).resize((width, height), Image.Resampling.LANCZOS)
    )


def cutout(width: int, height: int) -> Pixels:
    """Return a photo's middle with a soft edge, and nothing around it, RGBA."""
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot((columns - width / 2) / width, (rows - height / 2) / height)
    alpha = (np.clip((0.4 - away) * 60, 0, 1) * 255).astype(np.uint8)
    return np.dstack([photo(width, height) * (alpha > 0)[..., None], alpha])


def checked(path: Path) -> list[tuple[bytes, bytes]]:
    """Return a file's chunks, all checksums found right."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = [], 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + content)
        chunks.append((name, content))
        at += 12 + length
    assert at == len(data)
    return chunks


def unfiltered(rows: bytes, width: int, channels: int) -> Pixels:
    """Undo PNG's filters, byte by byte as the standard has them."""
    stride = width * channels
    above, made = bytearray(stride), []
    for start in range(0, len(rows), stride + 1):
        kind, row = rows[start], bytearray(rows[start + 1 : start + 1 + stride])
        for i in range(stride):
            left, corner = (row[i - channels], above[i - channels]) if i >= channels else (0, 0)
            over = above[i]
            estimate = left + over - corner
            paeth = min((left, over, corner), key=lambda value: abs(estimate - value))
            row[i] = row[i] + (0, left, over, (left + over) // 2, paeth)[kind] & 255
        above = row
        made.append(bytes(row))
    return np.frombuffer(b"".join(made), np.uint8).reshape(-1, width, channels)


PICTURES = {
    "a pixel": noise(1, 1, 3),
    "a row": noise(1, 700, 4),
    "a column": noise(700, 1),
    "noise": noise(300, 301, 3),
    "little noise": noise(200, 300, 4, levels=3),
    "one colour": np.full((400, 500, 3), 245, np.uint8),
    "nothing": np.zeros((600, 500, 4), np.uint8),
    "a ramp": np.tile(np.arange(256, dtype=np.uint8), (300, 3)),
    "a pattern": np.tile(noise(16, 16, 3), (40, 40, 1)),
    "a photo": photo(500, 400),
    "a cutout": cutout(500, 400),
    "a mask": np.ascontiguousarray(cutout(900, 700)[..., 3]),
    "a large cutout": cutout(2400, 1900),
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_written_is_read_again_to_the_bit(name: str, tmp_path: Path) -> None:
    pixels, path = PICTURES[name], tmp_path / "picture.png"
    before = pixels.copy()
    assert writer.write(path, pixels) == path.stat().st_size
    with Image.open(path) as read:
        assert np.array_equal(np.asarray(read), pixels)
    assert [chunk for chunk, _ in checked(path)] == [b"IHDR", b"IDAT", b"IEND"]
    assert np.array_equal(pixels, before)


@pytest.mark.parametrize("name", ["a row", "little noise", "a photo", "a cutout"])
def test_a_decoder_of_the_standard_alone_reads_it(name: str, tmp_path: Path) -> None:
    """zlib checks the stream's own sum, of all that was unpacked."""
    pixels, path = PICTURES[name], tmp_path / "picture.png"
    writer.write(path, pixels)
    inflater = zlib.decompressobj()
    rows = inflater.decompress(dict(checked(path))[b"IDAT"])
    assert inflater.eof
    assert inflater.unused_data == b""
    height, width, channels = pixels.shape
    assert len(rows) == height * (width * channels + 1)
    assert np.array_equal(unfiltered(rows, width, channels), pixels)


@pytest.mark.parametrize("name", [name for name in PICTURES if name not in ("a pixel", "a row", "a column")])
def test_files_are_no_larger_than_by_zlibs_default(name: str, tmp_path: Path) -> None:
    default = io.BytesIO()
    Image.fromarray(PICTURES[name]).save(default, "PNG")
    # Noise cannot be packed; a hundred bytes are the heads of blocks.
    assert writer.write(tmp_path / "picture.png", PICTURES[name]) <= default.tell() * 1.0005 + 100


@pytest.mark.parametrize("hurried", [False, True])
@pytest.mark.parametrize("cuts", [[], [1], [5, 6, 7], [40_000, 40_003, 100_000]])
def test_pieces_make_one_stream_wherever_it_is_cut(cuts: list[int], hurried: bool) -> None:
    data = np.concatenate(
        [noise(30_000, levels=5), np.zeros(50_000, np.uint8), noise(41_000), noise(9, levels=2)]
    )
    made = b""
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        out = np.empty((end - start) * 9 // 8 + 4096, np.uint8)
        made += out[: deflate_kernels.deflate(data, start, end, end == len(data), hurried, out)].tobytes()
    assert zlib.decompress(made, -15) == data.tobytes()


def test_the_longest_match_at_the_furthest_distance_is_taken() -> None:
    needle = noise(258)
    data = np.concatenate([needle, noise(32_767 - 258), needle, needle])
    out = np.empty(len(data) * 9 // 8 + 4096, np.uint8)
    made = out[: deflate_kernels.deflate(data, 0, len(data), True, False, out)].tobytes()
    assert zlib.decompress(made, -15) == data.tobytes()
    assert len(made) < len(data) - 2 * 258 + 300


@pytest.mark.parametrize("limit", [7, 15])
@pytest.mark.parametrize("growth", [1.0, 1.2, 2.0])
def test_codes_are_complete_and_no_longer_than_allowed(growth: float, limit: int) -> None:
    """By Kraft's sum; counts that double are what makes the longest codes."""
    counts = (growth ** np.arange(40)).astype(np.int64)
    bits = huffman_kernels.lengths(counts, limit)
    assert bits.max() <= limit
    assert (2.0**-bits).sum() == 1
    assert (np.diff(bits) <= 0).all()
    codes = huffman_kernels.codes(bits)
    written = [format(code, f"0{length}b")[::-1] for code, length in zip(codes, bits, strict=True)]
    assert not any(a != b and b.startswith(a) for a in written for b in written)


def test_density_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    pictures.write(path, photo(60, 40), format="png", density=(300.0, 240.0))
    chunks = checked(path)
    assert chunks[1] == (b"pHYs", struct.pack(">IIB", 11811, 9449, 1))
    read = pictures.read(path).density
    assert read == (300.0, 240.0)


def test_masks_and_cutouts_are_of_the_kinds_that_they_were(tmp_path: Path) -> None:
    rgba = cutout(60, 40)
    alpha = rgba[..., 3].astype(np.float32) / 255
    pictures.write_mask(tmp_path / "mask.png", alpha)
    pictures.write(tmp_path / "cutout.png", np.ascontiguousarray(rgba[..., :3]), alpha, format="png")
    with Image.open(tmp_path / "mask.png") as mask, Image.open(tmp_path / "cutout.png") as cut:
        assert (mask.mode, cut.mode) == ("L", "RGBA")
        assert np.array_equal(np.asarray(mask), rgba[..., 3])
        assert np.array_equal(np.asarray(cut), rgba)
