"""formats.probe: what a file is, from its header alone."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from editor.engines.errors import NotAPicture, TooLarge
from editor.engines.io import formats
from editor.engines.limits import SEEDS, STUDIO

from . import damage


def probe(data: bytes) -> formats.Header:
    return formats.probe(io.BytesIO(data))


@pytest.mark.parametrize("name", damage.NOT_PICTURES)
def test_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(NotAPicture):
        probe(damage.NOT_PICTURES[name])


def test_refusal_names_what_was_sent_instead() -> None:
    with pytest.raises(NotAPicture, match="SVG drawing"):
        probe(damage.NOT_PICTURES["svg"])
    with pytest.raises(NotAPicture, match="PDF document"):
        probe(damage.NOT_PICTURES["pdf"])


@pytest.mark.parametrize(
    ("plugin", "extension", "mime", "browser_safe"),
    [
        ("JPEG", "jpg", "image/jpeg", True),
        ("PNG", "png", "image/png", True),
        ("WEBP", "webp", "image/webp", True),
        ("BMP", "bmp", "image/bmp", True),
        ("AVIF", "avif", "image/avif", True),
        ("TIFF", "tif", "image/tiff", False),
        ("SGI", "rgb", "image/sgi", False),
        ("HEIF", "heic", "image/heic", False),
    ],
)
def test_each_kind_is_known_by_its_content(
    plugin: str, extension: str, mime: str, browser_safe: bool
) -> None:
    if plugin == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    header = probe(damage.encoded(Image.new("RGB", (40, 30), "teal"), plugin))
    assert header == formats.Header(plugin, 40, 30, extension, mime, browser_safe)


def test_the_files_position_is_kept_and_the_file_stays_open() -> None:
    file = io.BytesIO(damage.encoded(Image.new("RGB", (8, 8)), "PNG"))
    file.seek(5)
    formats.probe(file)
    assert file.tell() == 5
    assert not file.closed


@pytest.mark.parametrize("orientation", range(1, 9))
def test_width_and_height_are_those_that_a_person_sees(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    header = probe(damage.encoded(Image.new("RGB", (40, 30)), "JPEG", exif=exif))
    assert (header.width, header.height) == ((30, 40) if orientation >= 5 else (40, 30))


def test_an_orientation_that_makes_no_sense_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    header = probe(damage.encoded(Image.new("RGB", (40, 30)), "JPEG", exif=exif))
    assert (header.width, header.height) == (40, 30)


def test_a_phones_two_picture_jpeg_is_read_as_jpeg() -> None:
    photo = Image.new("RGB", (40, 30), "teal")
    data = damage.encoded(photo, "MPO", save_all=True, append_images=[photo])
    header = probe(data)
    assert (header.format, header.extension, header.width) == ("MPO", "jpg", 40)


@pytest.mark.parametrize("size", [(16_385, 10), (10, 16_385), (8193, 8192), (20_000, 20_000), (2**31 - 1, 1)])
def test_more_pixels_than_cameras_make_are_refused_at_the_header(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge, match=f"{size[0]} x {size[1]}"):
        probe(damage.png_promising(*size))


@pytest.mark.parametrize("size", [(8192, 8192), (9248, 6944), (16_384, 4096), (4096, 16_384)])
def test_64_megapixels_are_taken(size: tuple[int, int]) -> None:
    header = probe(damage.png_promising(*size))
    assert (header.width, header.height) == size


@pytest.mark.parametrize("size", [(4097, 10), (10, 4097), (5000, 5000), (20_000, 20_000)])
def test_the_seeds_take_4096_pixels_a_side(size: tuple[int, int]) -> None:
    assert formats.probe(io.BytesIO(damage.png_promising(4096, 4096)), SEEDS).width == 4096
    with pytest.raises(TooLarge, match=f"{size[0]} x {size[1]} pixels; at most 4096 x 4096"):
        formats.probe(io.BytesIO(damage.png_promising(*size)), SEEDS)


def test_no_pixel_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = damage.encoded(Image.fromarray(np.zeros((50, 60, 3), np.uint8)), "PNG")

    def refuse(self: Image.Image) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", refuse)
    assert probe(data).width == 60


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "SGI", "AVIF"])
def test_a_header_that_is_cut_short_is_refused(plugin: str) -> None:
    photo = Image.fromarray(np.arange(3000, dtype=np.uint16).astype(np.uint8).reshape(25, 40, 3))
    with pytest.raises(NotAPicture):
        probe(damage.encoded(photo, plugin)[:11])


def test_camera_raw_is_told_from_plain_tiff() -> None:
    header = probe(damage.dng(64, 48))
    assert (header.format, header.width, header.height, header.browser_safe) == ("RAW", 64, 48, False)


def test_a_raw_that_was_held_upright_is_tall() -> None:
    header = probe(damage.dng(64, 48, orientation=6))
    assert (header.width, header.height) == (48, 64)


def test_a_raw_of_more_than_16384_pixels_a_side_is_taken_and_fitted() -> None:
    header = probe(damage.dng(20_000, 100))
    assert (header.width, header.height) == (16_384, 81)
    wide = formats.probe(io.BytesIO(damage.dng(5000, 100)), SEEDS)
    assert (wide.width, wide.height) == (5000, 100)


@pytest.mark.parametrize("size", [(100, 100), (8000, 8000), (12_000, 9000), (60_000, 1), (1, 60_000)])
def test_what_is_fitted_into_limits_is_taken_by_them(size: tuple[int, int]) -> None:
    width, height = STUDIO.fit(*size)
    STUDIO.check(width, height)
    assert width <= size[0]
    assert height <= size[1]
    assert abs(width * size[1] - height * size[0]) <= max(size)


def test_fitted_never_enlarges_and_never_vanishes() -> None:
    assert formats.fit_size(100, 50, 512) == (100, 50)
    assert formats.fit_size(1000, 500, 512) == (512, 256)
    assert formats.fit_size(4000, 1, 256) == (256, 1)
