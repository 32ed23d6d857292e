"""pictures.read and write: every format in, clean files out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from editor.engines.errors import NotAPicture, TooLarge
from editor.engines.io import formats, jpeg, pictures
from editor.engines.tools import remote_prepare

from . import damage

GPS = 0x8825


def read(data: bytes, tmp_path: Path, name: str = "photo.bin") -> pictures.Picture:
    path = tmp_path / name
    path.write_bytes(data)
    return pictures.read(path)


@pytest.fixture(scope="module")
def photo(cup: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(cup[100:300, 100:400])


@pytest.fixture(scope="module", autouse=True)
def heif_encoder() -> None:
    """Tests write HEIC; the engine itself only reads it."""
    pillow_heif.register_heif_opener()


@pytest.mark.parametrize(
    ("plugin", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("SGI", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("TIFF", {"compression": "tiff_adobe_deflate"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 95}, 6),
        ("JPEG", {"quality": 95}, 6),
        ("AVIF", {"quality": 95}, 6),
        ("HEIF", {"quality": 95}, 6),
    ],
)
def test_every_format_comes_in_as_it_was(
    plugin: str, options: dict[str, object], tolerance: int, photo: Image.Image, tmp_path: Path
) -> None:
    picture = read(damage.encoded(photo, plugin, **options), tmp_path)
    assert picture.alpha is None
    assert picture.rgb.dtype == np.uint8
    difference = np.abs(picture.rgb.astype(int) - np.asarray(photo).astype(int))
    assert difference.mean() <= tolerance
    assert (picture.width, picture.height) == photo.size


@pytest.mark.parametrize("name", damage.NOT_PICTURES)
def test_what_is_no_picture_is_refused_whatever_its_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotAPicture):
        read(damage.NOT_PICTURES[name], tmp_path, "photo.jpg")


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "SGI", "AVIF", "HEIF"])
def test_a_file_that_is_cut_short_is_refused(plugin: str, photo: Image.Image, tmp_path: Path) -> None:
    data = damage.encoded(photo, plugin)
    with pytest.raises(NotAPicture):
        read(data[: len(data) // 2], tmp_path)


def test_flipped_bytes_never_raise_anything_but_ours(photo: Image.Image, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for plugin in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "SGI"):
        sound = np.frombuffer(damage.encoded(photo.resize((40, 30)), plugin), np.uint8)
        for _ in range(40):
            bytes_ = sound.copy()
            at = random.integers(0, min(len(bytes_), 400), 6)
            bytes_[at] = random.integers(0, 256, 6)
            try:
                read(bytes_.tobytes(), tmp_path)
            except (NotAPicture, TooLarge):
                continue


def test_a_picture_of_more_than_64_megapixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        read(damage.png_promising(9000, 9000), tmp_path)


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int, plugin: str, tmp_path: Path) -> None:
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste("red", (0, 0, 16, 16))
    # What the camera stores is the inverse of what the tag asks the viewer to do.
    inverse = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(inverse[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"lossless": True} if plugin == "WEBP" else {"quality": 95}
    picture = read(damage.encoded(stored, plugin, exif=exif.tobytes(), **options), tmp_path)
    assert (picture.width, picture.height) == (48, 32)
    assert np.abs(picture.rgb.astype(int) - np.asarray(upright).astype(int)).mean() < 4


@pytest.mark.parametrize("plugin", ["PNG", "TIFF"])
def test_deep_grey_is_scaled_and_not_clipped(plugin: str, tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(8, axis=0)
    picture = read(damage.encoded(Image.fromarray(ramp), plugin), tmp_path)
    assert np.abs(picture.rgb[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_deep_colour_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    picture = read(damage.deep_png(np.linspace(0, 65535, 256).astype(np.uint16)), tmp_path)
    assert np.abs(picture.rgb[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_float_grey_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[None].repeat(8, axis=0)
    picture = read(damage.encoded(Image.fromarray(ramp), "TIFF"), tmp_path)
    assert np.abs(picture.rgb[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_a_float_picture_without_numbers_is_black(tmp_path: Path) -> None:
    nothing = np.full((8, 8), np.nan, np.float32)
    assert read(damage.encoded(Image.fromarray(nothing), "TIFF"), tmp_path).rgb.max() == 0


def test_one_bit_and_grey_pictures_become_rgb(tmp_path: Path) -> None:
    for mode in ("1", "L"):
        picture = read(damage.encoded(Image.new(mode, (9, 7), 1 if mode == "1" else 200), "PNG"), tmp_path)
        assert picture.rgb.shape == (7, 9, 3)
        assert picture.rgb.min() == (255 if mode == "1" else 200)


def test_cmyk_is_not_inverted(photo: Image.Image, tmp_path: Path) -> None:
    for plugin in ("JPEG", "TIFF"):
        picture = read(damage.encoded(photo.convert("CMYK"), plugin), tmp_path)
        assert np.abs(picture.rgb.astype(int) - np.asarray(photo).astype(int)).mean() < 8


def test_lab_becomes_rgb(photo: Image.Image, tmp_path: Path) -> None:
    lab = ImageCms.profileToProfile(
        photo, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    picture = read(damage.encoded(lab, "TIFF"), tmp_path)
    assert np.abs(picture.rgb.astype(int) - np.asarray(photo).astype(int)).mean() < 6


def test_transparency_is_kept_in_every_mode_that_has_it(tmp_path: Path) -> None:
    rgba = Image.new("RGBA", (20, 10), (10, 200, 30, 255))
    rgba.paste((10, 200, 30, 0), (0, 0, 10, 10))
    palette = Image.new("P", (20, 10), 1)
    palette.putpalette([0, 0, 0, 10, 200, 30])
    palette.paste(0, (0, 0, 10, 10))
    files = {
        "RGBA": damage.encoded(rgba, "PNG"),
        "LA": damage.encoded(rgba.convert("LA"), "PNG"),
        "P": damage.encoded(palette, "PNG", transparency=0),
        "WebP": damage.encoded(rgba, "WEBP", lossless=True),
        "TIFF": damage.encoded(rgba, "TIFF"),
        "RGB with a clear colour": damage.encoded(palette.convert("RGB"), "PNG", transparency=(0, 0, 0)),
    }
    for name, data in files.items():
        alpha = read(data, tmp_path).alpha
        assert alpha is not None, name
        assert alpha[:, :10].max() == 0, name
        assert alpha[:, 10:].min() == 1, name


def test_an_opaque_alpha_channel_is_no_transparency(tmp_path: Path) -> None:
    assert read(damage.encoded(Image.new("RGBA", (5, 5), "teal"), "PNG"), tmp_path).alpha is None


def test_the_first_of_several_frames_is_taken(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue")
    for plugin in ("TIFF", "WEBP", "PNG"):
        data = damage.encoded(first, plugin, save_all=True, append_images=[second])
        red, _, blue = read(data, tmp_path).rgb[8, 8]
        assert red > 250 > 5 > blue


def swapped_profile() -> bytes:
    """Return an ICC profile whose red primary is sRGB's green, and the other way round."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = {bytes(profile[i : i + 4]): i for i in range(132, 132 + 12 * profile[131], 12)}
    red, green = at[b"rXYZ"], at[b"gXYZ"]
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = (
        profile[green + 4 : green + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be"))


def test_a_foreign_profile_is_converted(tmp_path: Path) -> None:
    red = Image.new("RGB", (8, 8), (255, 0, 0))
    picture = read(damage.encoded(red, "PNG", icc_profile=swapped_profile()), tmp_path)
    assert tuple(picture.rgb[4, 4]) == (0, 255, 0)


def test_a_foreign_profile_leaves_alpha_alone(tmp_path: Path) -> None:
    red = Image.new("RGBA", (8, 8), (255, 0, 0, 51))
    picture = read(damage.encoded(red, "PNG", icc_profile=swapped_profile()), tmp_path)
    assert picture.alpha is not None
    assert picture.alpha[4, 4] == pytest.approx(0.2)


def test_a_broken_profile_is_ignored(tmp_path: Path) -> None:
    red = Image.new("RGB", (8, 8), (255, 0, 0))
    for profile in (b"nonsense", swapped_profile()[:200]):
        picture = read(damage.encoded(red, "PNG", icc_profile=profile), tmp_path)
        assert tuple(picture.rgb[4, 4]) == (255, 0, 0)


def test_camera_raw_is_developed(tmp_path: Path) -> None:
    picture = read(damage.dng(64, 48), tmp_path)
    assert picture.rgb.shape == (48, 64, 3)
    left, right = picture.rgb[:, :16].mean(axis=(0, 1)), picture.rgb[:, -16:].mean(axis=(0, 1))
    assert right.sum() > left.sum()
    assert right[0] > right[2]


@pytest.mark.parametrize(("width", "height", "orientation"), [(5000, 100, 1), (9000, 100, 6), (64, 48, 8)])
def test_a_raw_is_as_large_as_the_header_said(
    width: int, height: int, orientation: int, tmp_path: Path
) -> None:
    path = tmp_path / "photo.dng"
    path.write_bytes(damage.dng(width, height, orientation))
    picture = pictures.read(path)
    with path.open("rb") as file:
        header = formats.probe(file)
    assert (picture.width, picture.height) == (header.width, header.height)


@pytest.mark.parametrize("format", ["png", "jpg", "webp"])
def test_nothing_written_carries_metadata(format: str, photo: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010F] = "A camera"
    source = damage.encoded(photo, "JPEG", exif=exif, icc_profile=swapped_profile(), comment=b"at home")
    picture = read(source, tmp_path)
    path = tmp_path / f"clean.{format}"
    size = pictures.write(path, picture.rgb, picture.alpha, format=format)
    assert size == path.stat().st_size
    with Image.open(path) as clean:
        clean.load()
        assert dict(clean.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(clean.info)
    assert b"A camera" not in path.read_bytes()


def test_png_and_webp_keep_alpha_exactly(tmp_path: Path) -> None:
    alpha = np.linspace(0, 1, 256, dtype=np.float32)[None].repeat(16, axis=0)
    rgb = np.full((16, 256, 3), 120, np.uint8)
    for format in ("png", "webp"):
        path = tmp_path / f"ramp.{format}"
        pictures.write(path, rgb, alpha, format=format)
        with Image.open(path) as saved:
            assert (np.asarray(saved.getchannel("A"))[0] == np.arange(256)).all()


def test_what_was_cut_away_is_not_in_the_file(tmp_path: Path) -> None:
    rgb = np.full((16, 16, 3), 77, np.uint8)
    alpha = np.zeros((16, 16), np.float32)
    pictures.write(tmp_path / "cut.png", rgb, alpha, format="png")
    with Image.open(tmp_path / "cut.png") as saved:
        assert np.asarray(saved).max() == 0
    assert rgb.min() == 77


@pytest.mark.parametrize("quality", [None, *remote_prepare.QUALITIES])
def test_white_is_white_in_every_block_without_a_product(quality: int | None, tmp_path: Path) -> None:
    """Colours of half the resolution would spill into the next block, some steps of the average miss 255."""
    rows, columns = np.mgrid[:203, :301]
    product = np.hypot(rows - 101, columns - 150) < 80
    colours = np.dstack([180 + rows // 4, columns % 97, rows * 5 % 256]).astype(np.uint8)
    rgb = np.where(product[..., None], colours, np.uint8(255))
    path = tmp_path / "white.jpg"
    pictures.write(path, rgb, format="jpg", quality=quality)
    padded = np.pad(product, ((0, 5), (0, 3)))
    touched = padded.reshape(26, 8, 38, 8).any(axis=(1, 3)).repeat(8, axis=0).repeat(8, axis=1)[:203, :301]
    assert (pictures.read(path).rgb[~touched] == 255).all()


def test_a_jpg_cannot_hold_alpha(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="alpha"):
        pictures.write(
            tmp_path / "x.jpg", np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.float32), format="jpg"
        )


def test_a_mask_is_grey_and_white_where_the_subject_is(tmp_path: Path) -> None:
    alpha = np.zeros((6, 6), np.float32)
    alpha[2:4, 2:4] = 1
    pictures.write_mask(tmp_path / "mask.png", alpha)
    with Image.open(tmp_path / "mask.png") as mask:
        assert mask.mode == "L"
        assert mask.getpixel((3, 3)) == 255
        assert mask.getpixel((0, 0)) == 0


def test_resizing_does_not_let_hidden_colours_bleed() -> None:
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, 32:] = (255, 0, 0)
    rgb[:, :32] = (0, 255, 0)
    alpha = np.zeros((64, 64), np.float32)
    alpha[:, 32:] = 1
    small, small_alpha = pictures.resize(rgb, alpha, 21)
    assert small.shape == (21, 21, 3)
    assert small_alpha is not None
    seen = small[small_alpha > 0.1]
    assert seen[:, 1].max() <= 2
    assert seen[:, 0].min() >= 250


def test_a_small_picture_is_not_enlarged() -> None:
    rgb = np.zeros((10, 20, 3), np.uint8)
    assert pictures.resize(rgb, None, 256)[0] is rgb


def test_an_absent_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pictures.read(tmp_path / "nowhere.jpg")


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"progressive": True},
        {"subsampling": 0},
        {"subsampling": 1},
        {"keep_rgb": True},
        {"restart_marker_rows": 1},
    ],
    ids=str,
)
def test_a_whole_jpeg_is_decoded_as_pillow_does(how: dict[str, Any]) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (61, 45, 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", **how)

    pixels = jpeg.decode_whole(file)

    assert pixels is not None
    assert (pixels == np.asarray(Image.open(file))).all()
    assert jpeg.decode_whole(io.BytesIO(file.getvalue()[:-1])) is None
    assert jpeg.decode_whole(io.BytesIO(file.getvalue() + b"\0")) is None
