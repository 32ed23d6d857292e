"""Files whose end is missing: read where every pixel is there, refused where one is not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.errors import NotAPicture
from editor.engines.io import pictures
from editor.engines.io.tiff import pages

from . import damage, tiffs

END = b"\xff\xd9"
KINDS: dict[str, dict[str, object]] = {
    "baseline": {},
    "progressive": {"progressive": True},
    "all colours": {"subsampling": 0},
    "with restarts": {"restart_marker_rows": 1},
    "optimised": {"optimize": True},
}


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    """Odd sizes, and noise up to the last pixel: what is missing shows."""
    rows, columns = np.mgrid[:65, :97]
    slopes = np.dstack([columns * 2, rows * 3, rows + columns]).astype(np.uint8)
    return Image.fromarray(slopes + np.random.default_rng(1).integers(0, 40, slopes.shape, dtype=np.uint8))


def read(data: bytes, folder: Path) -> pictures.Picture:
    path = folder / "photo.bin"
    path.write_bytes(data)
    return pictures.read(path)


def assert_reads_as(data: bytes, sound: bytes, folder: Path) -> None:
    assert np.array_equal(read(data, folder).rgb, read(sound, folder).rgb)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_jpeg_that_lacks_only_its_end_marker_is_read(
    kind: str, mode: str, photo: Image.Image, tmp_path: Path
) -> None:
    sound = damage.encoded(photo.convert(mode), "JPEG", quality=90, **KINDS[kind])
    assert sound.endswith(END)
    assert_reads_as(sound[:-2], sound, tmp_path)


@pytest.mark.parametrize(
    "instead", [b"\xff", b"\xff\xff", b"\0" * 4096, b"\xff" + b"\0" * 9, b"\r\n--part--\r\n"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_where_the_end_marker_should_costs_no_pixel(
    instead: bytes, kind: str, photo: Image.Image, tmp_path: Path
) -> None:
    sound = damage.encoded(photo, "JPEG", quality=90, **KINDS[kind])
    assert_reads_as(sound[:-2] + instead, sound, tmp_path)


@pytest.mark.parametrize("behind", [b"\0" * 4096, b"\xff" * 20, b"words", END])
def test_what_stands_behind_the_end_costs_no_pixel(behind: bytes, photo: Image.Image, tmp_path: Path) -> None:
    for plugin in ("JPEG", "PNG", "WEBP", "BMP", "AVIF"):
        sound = damage.encoded(photo, plugin)
        assert_reads_as(sound + behind, sound, tmp_path)


@pytest.mark.parametrize("padding", [b"", b"\0" * 4096])
@pytest.mark.parametrize("share", [0.4, 0.7, 0.98])
@pytest.mark.parametrize("kind", KINDS)
def test_a_jpeg_that_is_cut_off_in_the_middle_is_refused(
    kind: str, share: float, padding: bytes, photo: Image.Image, tmp_path: Path
) -> None:
    sound = damage.encoded(photo, "JPEG", quality=90, **KINDS[kind])
    with pytest.raises(NotAPicture, match="cut short"):
        read(sound[: int(len(sound) * share)] + padding, tmp_path)


def test_a_jpeg_is_refused_at_every_place_where_a_scan_or_a_restart_could_end(
    photo: Image.Image, tmp_path: Path
) -> None:
    for options in (KINDS["progressive"], KINDS["with restarts"]):
        sound = damage.encoded(photo, "JPEG", quality=90, **options)
        start = sound.index(b"\xff\xda") + 2
        places = [at for at in range(start, len(sound) - 2) if sound[at] == 0xFF and sound[at + 1]]
        assert len(places) >= 4
        for at in places:
            for cut in (at, at + 2):
                with pytest.raises(NotAPicture, match="cut short"):
                    read(sound[:cut], tmp_path)


def test_a_jpeg_that_lost_its_last_pixels_with_its_end_is_refused(photo: Image.Image, tmp_path: Path) -> None:
    sound = damage.encoded(photo, "JPEG", quality=90)
    for lost in range(4, 40):
        with pytest.raises(NotAPicture, match="cut short"):
            read(sound[:-lost], tmp_path)


def test_a_png_needs_its_pixels_alone(photo: Image.Image, tmp_path: Path) -> None:
    sound = damage.encoded(photo, "PNG")
    for lost in (4, 12, 16, 20):  # IEND in part and in whole, the checksums before it
        assert_reads_as(sound[:-lost], sound, tmp_path)
    with pytest.raises(NotAPicture, match="cut short"):
        read(sound[:-200], tmp_path)


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 90}])
def test_a_webp_that_was_cut_in_what_follows_its_pixels_is_read(
    options: dict[str, object], photo: Image.Image, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera's name" * 9
    sound = damage.encoded(photo, "WEBP", exif=exif.tobytes(), xmp=b"<x>" * 50, **options)
    length = len(sound) - sound.index(b"EXIF")
    for lost in (1, 60, length - 10, length):
        assert_reads_as(sound[:-lost], sound, tmp_path)
    with pytest.raises(NotAPicture):
        read(sound[: -length - 100], tmp_path)


def test_a_webp_whose_last_byte_only_fills_it_up_is_read_without(tmp_path: Path) -> None:
    for side in range(8, 40):
        sound = damage.encoded(Image.new("RGB", (side, side), (side, 90, 200)), "WEBP", lossless=True)
        if int.from_bytes(sound[16:20], "little") % 2:
            break
    assert_reads_as(sound[:-1], sound, tmp_path)


def test_a_webp_that_is_wrong_about_its_length_is_read(photo: Image.Image, tmp_path: Path) -> None:
    sound = damage.encoded(photo, "WEBP")
    for length in (0, 20, len(sound), 2**31):
        assert_reads_as(sound[:4] + length.to_bytes(4, "little") + sound[8:], sound, tmp_path)


def test_of_an_animated_webp_the_first_frame_is_enough(photo: Image.Image, tmp_path: Path) -> None:
    sound = damage.encoded(photo, "WEBP", save_all=True, append_images=[photo.rotate(90)], lossless=True)
    assert_reads_as(sound[: -len(sound) // 3], sound, tmp_path)
    with pytest.raises(NotAPicture):
        read(sound[: len(sound) // 3], tmp_path)


@pytest.mark.parametrize("mode", ["RGB", "P", "L"])
def test_a_bitmap_whose_last_row_is_not_filled_up_is_read(
    mode: str, photo: Image.Image, tmp_path: Path
) -> None:
    sound = damage.encoded(photo.convert(mode), "BMP")
    filling = -(97 * len(mode.strip("PL")) or -97) % 4 if mode == "RGB" else -97 % 4
    assert filling
    assert_reads_as(sound[:-filling], sound, tmp_path)
    with pytest.raises(NotAPicture, match="cut short"):
        read(sound[: -filling - 1], tmp_path)


def test_the_answer_does_not_depend_on_what_the_picture_shows(tmp_path: Path) -> None:
    pictures_: list[NDArray[np.uint8]] = [
        np.zeros((33, 41, 3), np.uint8),
        np.full((33, 41, 3), 255, np.uint8),
        np.full((33, 41, 3), 128, np.uint8),
    ]
    for pixels in pictures_:
        sound = damage.encoded(Image.fromarray(pixels), "JPEG")
        assert_reads_as(sound[:-2], sound, tmp_path)


@pytest.mark.parametrize("tile", [None, (32, 32)])
@pytest.mark.parametrize("colours", ["rgb", "ycbcr"])
def test_a_jpeg_within_a_tiff_ends_as_one_alone(
    colours: str, tile: tuple[int, int] | None, photo: Image.Image, tmp_path: Path
) -> None:
    """Its decoder fills up with grey, too, and says nothing."""
    pixels = np.asarray(photo)[:64, :96]
    sound = tiffs.written(
        pixels, photometric="rgb", compression="jpeg", tile=tile, compressionargs={"outcolorspace": colours}
    )
    page = pages.choose(io.BytesIO(sound))
    at = page.directory.whole(pages.TILES if tile else pages.STRIPS)[-1]
    size = page.directory.whole(pages.TILE_BYTES if tile else pages.STRIP_BYTES)[-1]
    end = at + size
    assert sound[end - 2 : end] == END
    assert_reads_as(sound[: end - 2] + bytes(2) + sound[end:], sound, tmp_path)
    for share in (0.5, 0.9):
        kept = at + int(size * share)
        for instead in (bytes(end - kept), b"\xff" * (end - kept)):
            with pytest.raises(NotAPicture, match=r"damaged|cut short"):
                read(sound[:kept] + instead + sound[end:], tmp_path)
