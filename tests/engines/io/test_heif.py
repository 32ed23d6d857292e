"""HEIF and AVIF: told apart by their pixels, and read or refused by name."""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageFile

from editor.engines.errors import NotAPicture, TooLarge
from editor.engines.io import formats, pictures

from . import damage


@pytest.fixture(scope="module", autouse=True)
def heif_encoder() -> None:
    """Tests write HEIC; the engine itself only reads it."""
    pillow_heif.register_heif_opener()


def photo(width: int = 64, height: int = 64) -> Image.Image:
    rows, columns = np.mgrid[:height, :width]
    return Image.fromarray(np.dstack([columns * 3, rows * 5, rows + columns]).astype(np.uint8))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x010F] = "A camera's name" * 9
    return {
        plugin: damage.encoded(photo(), plugin, quality=90, exif=exif.tobytes())
        for plugin in ("HEIF", "AVIF")
    }


def branded(data: bytes, *brands: bytes) -> bytes:
    """Return a file under other brands, the first as the major one."""
    size = int.from_bytes(data[:4], "big")
    listed = b"".join((brands * size)[: (size - 16) // 4])
    return data[:8] + brands[0] + data[12:16] + listed + data[size:]


def read(data: bytes, folder: Path) -> pictures.Picture:
    path = folder / "photo.bin"
    path.write_bytes(data)
    return pictures.read(path)


BRANDS = [[b"miaf"], [b"mif2"], [b"mif1"], [b"mif2", b"miaf"], [b"mif1", b"miaf"], [b"1pic"], [b"MiHB"]]
MISLEADING = [[b"isom"], [b"mp42", b"isom"], [b"avif"], [b"heic"], [b"heic", b"avif"], [b"xxxx"]]


@pytest.mark.parametrize("plugin", ["HEIF", "AVIF"])
@pytest.mark.parametrize("brands", BRANDS + MISLEADING, ids=lambda brands: b"+".join(brands).decode())
def test_the_pixels_say_what_a_file_is_and_no_brand_does(
    brands: list[bytes], plugin: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    data = branded(files[plugin], *brands)
    assert formats.probe(io.BytesIO(data)).format == plugin
    assert np.array_equal(read(data, tmp_path).rgb, read(files[plugin], tmp_path).rgb)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (b"avc1", "H.264"),
        (b"vvc1", "H.266"),
        (b"jpeg", "JPEG"),
        (b"j2k1", "JPEG 2000"),
        (b"unci", "bare pixels"),
        (b"abcd", "pixels of a kind"),
    ],
)
def test_a_codec_that_is_not_read_is_named(kind: bytes, name: str, files: dict[str, bytes]) -> None:
    at = files["HEIF"].index(b"infe")
    end = files["HEIF"].index(b"hvc1", at)
    with pytest.raises(NotAPicture, match=name) as caught:
        formats.probe(io.BytesIO(files["HEIF"][:end] + kind + files["HEIF"][end + 4 :]))
    assert "Save it as JPG or PNG" in str(caught.value)
    assert "damaged" not in str(caught.value)


@pytest.mark.parametrize("plugin", ["HEIF", "AVIF"])
@pytest.mark.parametrize(
    ("width", "height"), [(17_000, 17_000), (17_000, 300), (65_535, 65_535), (40_000, 9)]
)
def test_a_picture_that_is_too_large_is_told_so_by_its_own_numbers(
    width: int, height: int, plugin: str, files: dict[str, bytes]
) -> None:
    promised = struct.pack(">II", width, height)
    data, count = re.subn(
        rb"(ispe\0{4}).{8}", lambda found: found[1] + promised, files[plugin], flags=re.DOTALL
    )
    assert count
    with pytest.raises(TooLarge, match=f"{width} x {height}"):
        formats.probe(io.BytesIO(data))


@pytest.mark.parametrize("plugin", ["HEIF", "AVIF"])
def test_a_file_that_was_cut_in_its_exif_is_read(
    plugin: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    sound = files[plugin]
    last = sound.rindex(b"A camera's name")
    beside = len(sound) - last < 40
    if beside:
        for lost in (1, 12, 60):
            assert np.array_equal(read(sound[:-lost], tmp_path).rgb, read(sound, tmp_path).rgb)
    with pytest.raises(NotAPicture):
        read(sound[: len(sound) // 2], tmp_path)


@pytest.mark.parametrize("group", [b"pymd", b"altr", b"ster", b"abcd"])
def test_a_group_of_pictures_that_makes_no_sense_costs_none(
    group: bytes, files: dict[str, bytes], tmp_path: Path
) -> None:
    members = struct.pack(">5I", 0, 7, 2, 1, 99)
    inner = struct.pack(">I", 8 + len(members)) + group + members
    box = struct.pack(">I", 8 + len(inner)) + b"grpl" + inner
    sound = damage.encoded(photo(), "AVIF")
    at = sound.index(b"meta") - 4
    end = at + int.from_bytes(sound[at : at + 4], "big")
    # Where the pixels are is told from the file's start.
    pixels = sound.index(b"mdat") + 4
    meta = sound[at + 4 : end].replace(struct.pack(">I", pixels), struct.pack(">I", pixels + len(box)))
    grown = sound[:at] + struct.pack(">I", end - at + len(box)) + meta + box + sound[end:]
    assert np.array_equal(read(grown, tmp_path).rgb, read(sound, tmp_path).rgb)


@pytest.mark.parametrize("error", [RuntimeError, OSError, SyntaxError, ValueError])
def test_whatever_a_library_raises_the_mended_file_is_tried(
    error: type[Exception], files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = formats._opener("AVIF")

    def open_strictly(file: BinaryIO) -> ImageFile.ImageFile:
        if file.read(12)[8:] != b"avif":
            raise error("Invalid tone mapped image item")
        file.seek(0)
        return real(file)

    monkeypatch.setattr(formats, "_opener", lambda plugin: open_strictly)
    assert formats.probe(io.BytesIO(branded(files["AVIF"], b"mif1", b"avif"))).width == 64


@pytest.mark.parametrize("brand", [b"heic", b"avif", b"mif1", b"mif2", b"miaf"])
def test_a_file_whose_boxes_are_lost_is_damaged_and_no_video(brand: bytes, files: dict[str, bytes]) -> None:
    for sound in files.values():
        with pytest.raises(NotAPicture, match="damaged"):
            formats.probe(io.BytesIO(branded(sound, brand).replace(b"meta", b"mete")))


def test_a_sequence_without_a_still_is_read_by_its_brand(tmp_path: Path) -> None:
    frames = [photo().rotate(90, expand=False)]
    sequence = damage.encoded(photo(), "AVIF", save_all=True, append_images=frames)
    assert sequence[8:12] == b"avis"
    still = sequence.index(b"meta", 4)
    hidden = branded(sequence[:still] + b"free" + sequence[still + 4 :], b"avis")
    assert read(hidden, tmp_path).width == 64


def test_damaged_boxes_are_never_anything_but_a_refusal(files: dict[str, bytes]) -> None:
    dice = np.random.default_rng(5)
    for sound in files.values():
        header = sound.index(b"mdat")
        for _ in range(60):
            broken = bytearray(sound)
            for at in dice.integers(0, header, 3):
                broken[at] = dice.integers(0, 256)
            try:
                formats.probe(io.BytesIO(bytes(broken)))
            except (NotAPicture, TooLarge):
                continue
