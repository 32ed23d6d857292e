"""Which page of a TIFF is its picture, what is refused at the door and why, and what hostile files cost."""

from __future__ import annotations

import contextlib
import io
import lzma
import re
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile

from editor.engines.errors import EngineError, NotAPicture, TooLarge
from editor.engines.io import formats, pictures
from editor.engines.io.tiff import pages, segments, tags
from tests.engines.io import tiffs


def probe(data: bytes) -> formats.Header:
    return formats.probe(io.BytesIO(data))


def read(data: bytes, folder: Path) -> pictures.Picture:
    path = folder / "photo.tif"
    path.write_bytes(data)
    return pictures.read(path)


def grey(level: int, width: int, height: int, **more: Any) -> tuple[dict[int, Any], list[bytes]]:
    """Return a page of one grey."""
    pixels = np.full((height, width, 1), level, np.uint8)
    return tiffs.baseline(pixels, 1, 8, **more), [pixels.tobytes()]


REDUCED, PAGE, MASK = ("I", [1]), ("I", [2]), ("I", [4])


@pytest.mark.parametrize(
    ("files", "level"),
    [
        ([grey(1, 10, 8, tag_254=REDUCED), grey(2, 90, 70)], 2),
        ([grey(1, 10, 8, tag_255=("H", [2])), grey(2, 90, 70)], 2),
        ([grey(1, 90, 70, tag_254=MASK), grey(2, 90, 70)], 2),
        ([grey(1, 10, 8, tag_254=("I", [5])), grey(1, 10, 8, tag_254=REDUCED), grey(2, 90, 70)], 2),
        ([grey(1, 10, 8), grey(2, 90, 70)], 1),
        ([grey(1, 10, 8, tag_254=PAGE), grey(2, 90, 70, tag_254=PAGE)], 1),
        ([grey(1, 90, 70), grey(2, 10, 8, tag_254=REDUCED)], 1),
        ([grey(1, 10, 8, tag_254=REDUCED), grey(2, 9, 7, tag_254=REDUCED)], 1),
    ],
)
def test_the_first_page_that_is_no_thumbnail_and_no_mask_is_the_picture(
    files: list[Any], level: int, tmp_path: Path
) -> None:
    for order, big in (("<", False), (">", True)):
        data = tiffs.assembled(files, order=order, big=big)
        picture = read(data, tmp_path)
        assert picture.rgb.max() == picture.rgb.min() == level
        assert (probe(data).width, probe(data).height) == (picture.width, picture.height)


def test_a_picture_behind_a_thumbnail_in_a_sub_directory_is_found(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        small = np.full((12, 16, 3), 90, np.uint8)
        writer.write(small, photometric="rgb", subfiletype=1, subifds=1, metadata=None)
        writer.write(np.full((120, 160, 3), 200, np.uint8), photometric="rgb", metadata=None)
    picture = read(file.getvalue(), tmp_path)
    assert (picture.width, picture.height, picture.rgb.min()) == (160, 120, 200)


def test_a_pyramid_in_sub_directories_leaves_the_first_page_the_picture(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        large = np.full((120, 160, 3), 200, np.uint8)
        writer.write(large, photometric="rgb", subifds=1, metadata=None)
        writer.write(large[::2, ::2], photometric="rgb", subfiletype=1, metadata=None)
    assert probe(file.getvalue()).width == 160


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_every_orientation_of_every_depth_is_turned_once(orientation: int, kind: str, tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(3), kind)
    upright = read(tiffs.written(numbers, photometric="rgb"), tmp_path).rgb
    turn = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright, -1),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(upright),
    }[orientation]
    data = tiffs.written(numbers, photometric="rgb", extratags=[(274, 3, 1, orientation, True)])
    picture = read(data, tmp_path)
    assert (picture.rgb == turn).all()
    assert (probe(data).width, probe(data).height) == (picture.width, picture.height)


# -- Refused, with the reason -----------------------------------------------------------------------


def odd(channels: int, photometric: int, bits: int = 8, **more: Any) -> bytes:
    """Return a TIFF with unusual tags and enough bytes to be sound."""
    pixels = np.zeros((8, 8, channels), np.uint8)
    tags_of_it = tiffs.baseline(pixels, photometric, bits, **more)
    return tiffs.assembled([(tags_of_it, [bytes(8 * 8 * channels * 16)])])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odd(3, 2, tag_339=("H", [6, 6, 6]), tag_258=("H", [64] * 3)), "complex numbers"),
        (odd(3, 2, tag_258=("H", [5, 6, 5])), "different depths (5, 6, 5 bits)"),
        (odd(4, 2, tag_339=("H", [1, 1, 1, 3])), "mixes whole and floating-point"),
        (odd(1, 1, tag_258=("H", [48])), "48-bit channels"),
        (odd(1, 1, tag_258=("H", [12]), tag_339=("H", [2])), "12-bit signed channels"),
        (odd(3, 5), "3 inks"),
        (odd(6, 5, tag_332=("H", [2])), "6 inks of its own"),
        (odd(1, 32844), "LogL"),
        (odd(3, 32845), "LogLuv"),
        (odd(3, 10), "ITU L*a*b*"),
        (odd(1, 4), "transparency mask"),
        (odd(1, 51177), "depth map"),
        (odd(3, 12345), "number 12345"),
        (odd(3, 2, tag_32997=("I", [7])), "many layers"),
        (odd(3, 2, tag_259=("H", [34661])), "JBIG"),
        (odd(3, 2, tag_259=("H", [32909])), "PixarLog"),
        (odd(3, 2, tag_259=("H", [48123])), "number 48123"),
        (odd(3, 2, tag_317=("H", [34892])), "predictor"),
        (odd(3, 2, tag_258=("H", [12] * 3), tag_317=("H", [2])), "differences of 12-bit numbers"),
        (odd(3, 2, tag_259=("H", [4])), "fax machines"),
        (odd(3, 8, tag_258=("H", [32] * 3)), "32-bit channels"),
        (odd(3, 6, tag_258=("H", [32] * 3)), "32-bit channels"),
        (
            odd(
                3,
                2,
                tag_256=("I", [4000]),
                tag_257=("I", [4000]),
                tag_258=("H", [64] * 9),
                tag_277=("H", [9]),
            ),
            "MB",
        ),
    ],
)
def test_what_is_not_read_is_refused_at_the_door_with_its_reason_and_the_way_out(
    data: bytes, reason: str
) -> None:
    with pytest.raises(NotAPicture, match=re.escape(reason)) as refused:
        probe(data)
    assert re.search(r"Save it (as 8- or 16-bit RGB|with LZW, ZIP or no compression)\.$", str(refused.value))
    assert "damaged" not in str(refused.value)


@pytest.mark.parametrize("packing", ["jpeg2000", "jpegxl", "webp", "png", "jpeg", "lerc"])
def test_what_is_damaged_within_a_compression_says_which(packing: str, tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(3), "u1")
    data = bytearray(tiffs.written(numbers, photometric="rgb", compression=packing))
    page = pages.choose(io.BytesIO(data))
    at, size = page.directory.one(pages.STRIPS, 0), page.directory.one(pages.STRIP_BYTES, 0)
    data[at + 4 : at + size] = bytes(size - 4)
    with pytest.raises(NotAPicture, match=r"damaged"):
        read(bytes(data), tmp_path)


@pytest.mark.parametrize("packing", [None, "lzw", "zlib", "packbits", "zstd", "lzma"])
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_a_strip_that_lacks_its_end_is_refused(planar: str, packing: str | None, tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).integers(0, 256, (40, 30, 3)).astype(np.uint8)
    data = tiffs.written(numbers, photometric="rgb", compression=packing, planarconfig=planar, rowsperstrip=7)
    page = pages.choose(io.BytesIO(data))
    last = page.directory.whole(pages.STRIPS)[-1], page.directory.whole(pages.STRIP_BYTES)[-1]
    file = bytearray(data)
    # The last strip ends where the file does, half its bytes before its end.
    moved = bytes(file[last[0] : last[0] + last[1] // 2])
    entry = page.directory.entries[pages.STRIPS]
    width = tags.FIELDS[entry.kind][0]
    struct.pack_into("<I" if width == 4 else "<H", file, entry.at + entry.bytes - width, len(file))
    with pytest.raises(NotAPicture, match="damaged or cut short"):
        read(bytes(file + moved), tmp_path)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("packing", [None, "lzw", "zlib"])
def test_a_file_that_lost_its_strips_is_refused_at_the_door(packing: str | None, planar: str) -> None:
    numbers = np.random.default_rng(0).integers(0, 256, (60, 50, 3)).astype(np.uint8)
    options: dict[str, Any] = {"planarconfig": planar, "compression": packing, "rowsperstrip": 7}
    sound = tiffs.written(numbers, photometric="rgb", **options)
    assert probe(sound).format == "TIFF"
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(NotAPicture, match="damaged or cut short"):
            probe(sound[: int(len(sound) * share)])


def test_a_plane_that_is_not_needed_may_be_missing(tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(4), "u1")
    sound = tiffs.written(numbers, photometric="rgb", planarconfig="separate", extrasamples=["unspecified"])
    short = sound[: len(sound) - numbers[..., 3].size]
    assert (read(short, tmp_path).rgb == numbers[..., :3]).all()
    assert probe(short).width == tiffs.SIZE[0]


# -- Hostile ------------------------------------------------------------------------------------------


def test_a_chain_that_bites_its_tail_ends(tmp_path: Path) -> None:
    data = bytearray(tiffs.assembled([grey(1, 10, 8, tag_254=REDUCED), grey(2, 9, 7, tag_254=REDUCED)]))
    first = struct.unpack_from("<I", data, 4)[0]
    second = struct.unpack_from("<I", data, first + 2 + 12 * struct.unpack_from("<H", data, first)[0])[0]
    entries = struct.unpack_from("<H", data, second)[0]
    struct.pack_into("<I", data, second + 2 + 12 * entries, first)
    assert read(bytes(data), tmp_path).width == 10


def bomb(**more: Any) -> bytes:
    return odd(3, 2, **more)


HUGE = 2**32 - 1


@pytest.mark.parametrize(
    "data",
    [
        bomb(tag_256=("I", [HUGE]), tag_257=("I", [HUGE])),
        bomb(tag_277=("I", [HUGE])),
        bomb(tag_278=("I", [1]), tag_257=("I", [4000])),
        bomb(tag_322=("I", [1]), tag_323=("I", [1]), tag_256=("I", [4000]), tag_257=("I", [4000])),
        bomb(tag_322=("I", [HUGE]), tag_323=("I", [HUGE])),
        bomb(tag_322=("I", [0]), tag_323=("I", [0])),
        bomb(tag_256=("I", [0])),
        b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 65535) + bytes(64),
        b"II*\0" + struct.pack("<I", HUGE),
        b"II+\0" + struct.pack("<HHQ", 8, 0, 2**64 - 1),
        b"MM\0+" + struct.pack(">HHQ", 8, 0, 16) + struct.pack(">Q", 2**63),
    ],
)
def test_what_a_header_claims_costs_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises((NotAPicture, TooLarge)):
            pictures.read(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4_000_000


def test_a_field_of_four_thousand_million_values_is_not_read(tmp_path: Path) -> None:
    data = bytearray(odd(3, 2))
    at = data.index(struct.pack("<HH", 258, 3))
    struct.pack_into("<I", data, at + 4, HUGE)
    with pytest.raises(NotAPicture):
        read(bytes(data), tmp_path)


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.bytes_read += len(data)
        return data


def test_directories_that_lie_over_one_another_cost_nothing(tmp_path: Path) -> None:
    """Each of 60 has 16 children of 4096 entries, all on the same bytes: four million entries in 100 kB."""
    entries = 4096
    head = b"II*\0" + struct.pack("<I", 8)
    shared = 8 + 60 * 64
    chain = b""
    for number in range(60):
        following = 8 + (number + 1) * 64 if number < 59 else 0
        chain += struct.pack("<H", 2) + struct.pack("<HHII", 254, 4, 1, 1)
        chain += struct.pack("<HHII", 330, 4, 16, shared) + struct.pack("<I", following)
        chain = chain.ljust((number + 1) * 64, b"\0")
    places = struct.pack("<16I", *(shared + 64 + 2 * n for n in range(16)))
    data = head + chain + places + struct.pack("<H", entries) * (entries * 6 + 40)
    file = Counted(data)
    with pytest.raises(NotAPicture):
        formats.probe(file)
    assert file.bytes_read < 4_000_000


NOTHING = bytes(2_000_000)
BLOCKS = {
    pages.NONE: lambda: NOTHING,
    pages.LZW: lambda: imagecodecs.lzw_encode(NOTHING),
    pages.PACKBITS: lambda: b"\x81\0" * 15625,
    8: lambda: imagecodecs.zlib_encode(NOTHING),
    34925: lambda: lzma.compress(NOTHING, preset=0),  # a dictionary of 256 kB, not of 8 MB
    50000: lambda: imagecodecs.zstd_encode(NOTHING),
}


@pytest.mark.parametrize("packing", BLOCKS)
def test_no_packing_brings_more_than_its_strips_pixels(packing: int, tmp_path: Path) -> None:
    """Thousands of tiles may lie over one block that would unpack to gigabytes if it were let."""
    pixels = np.zeros((16, 16, 3), np.uint8)
    data = tiffs.assembled([(tiffs.baseline(pixels, 2, 8, tag_259=("H", [packing])), [BLOCKS[packing]()])])
    page = pages.choose(io.BytesIO(data))
    tracemalloc.start()
    try:
        with contextlib.suppress(Exception):
            segments.unpack(page, memoryview(data))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 600_000


@pytest.mark.parametrize("packing", ["packbits", "zstd", "lzw", "zlib", "lzma"])
def test_a_last_strip_that_is_filled_up_is_cut_off(packing: str, tmp_path: Path) -> None:
    rows = tiffs.as_numbers(tiffs.look(3, (16, 24)), "u1")
    encode = getattr(imagecodecs, f"{packing}_encode")
    number = {"lzw": 5, "packbits": 32773, "zlib": 8, "lzma": 34925, "zstd": 50000}[packing]
    tags_of_it = tiffs.baseline(rows[:20], 2, 8, tag_259=("H", [number]), tag_278=("I", [12]))
    strips = [encode(rows[top : top + 12].tobytes()) for top in (0, 12)]
    assert (read(tiffs.assembled([(tags_of_it, strips)]), tmp_path).rgb == rows[:20]).all()


def test_mutated_tags_never_raise_anything_but_ours(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    numbers = tiffs.as_numbers(tiffs.look(4), "u2")
    for packing in (None, "lzw", "zlib", "jpeg2000"):
        sound = np.frombuffer(
            tiffs.written(numbers, photometric="rgb", extrasamples=["unassalpha"], compression=packing),
            np.uint8,
        )
        for _ in range(60):
            data = sound.copy()
            at = random.integers(0, 320, 4)
            data[at] = random.integers(0, 256, 4)
            try:
                read(data.tobytes(), tmp_path)
            except EngineError:
                continue
