"""TIFF: every depth, kind of sample, layout and packing comes in as the numbers that were written mean it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.io import formats, pictures
from tests.engines.io import tiffs
from tests.engines.io.tiffs import FLOATING, SAMPLES, WHOLE, seen

Layout = dict[str, Any]


def layouts() -> Iterator[Layout]:
    """Yield strips and tiles, planes together and apart, in either byte order, packed or not."""
    for planar, tile, order, packing in itertools.product(
        ("contig", "separate"),
        (None, (16, 16)),
        ("<", ">"),
        (None, "lzw", "zlib", "packbits", "lzma", "zstd"),
    ):
        layout: Layout = {"planarconfig": planar, "byteorder": order, "compression": packing}
        layout |= {"tile": tile} if tile else {"rowsperstrip": 8}
        yield layout


LAYOUTS = list(layouts())


def read(data: bytes, folder: Path) -> pictures.Picture:
    """Return the picture, once the door has promised its size."""
    header = formats.probe(io.BytesIO(data))
    path = folder / "photo.tif"
    path.write_bytes(data)
    picture = pictures.read(path)
    assert (header.format, header.width, header.height) == ("TIFF", picture.width, picture.height)
    return picture


def assert_seen(picture: pictures.Picture, colours: Any, alpha: Any = 1.0, *, within: float = 1.01) -> None:
    found = np.ones(picture.rgb.shape[:2]) if picture.alpha is None else picture.alpha
    assert np.abs(picture.rgb - colours).max() <= within
    assert np.abs(found - alpha).max() <= 0.003


def chosen(name: str, kind: str) -> list[Layout]:
    """Return an eleventh of the layouts, another for each neighbour: no axis has a period of eleven."""
    return LAYOUTS[(list(SAMPLES).index(name) + (WHOLE + FLOATING).index(kind)) % 11 :: 11]


@pytest.mark.parametrize("kind", WHOLE + FLOATING)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_depth_of_every_kind_of_sample_is_right_in_every_layout(
    name: str, kind: str, tmp_path: Path
) -> None:
    colours, photometric, rest = SAMPLES[name]
    unit = tiffs.look(colours + len(rest))
    if "assocalpha" in rest:
        unit[..., :-1] *= unit[..., -1:]
    numbers = tiffs.as_numbers(unit, kind)
    expected = seen(tiffs.as_unit(numbers, kind), name, light=kind in FLOATING)
    for layout in chosen(name, kind):
        options = dict(layout, photometric=photometric, extrasamples=rest or None)
        if numbers.shape[2] == 1:
            del options["planarconfig"]
        data = tiffs.written(numbers if numbers.shape[2] > 1 else numbers[..., 0], **options)
        # Four inks are rounded before they become three colours.
        assert_seen(read(data, tmp_path), *expected, within=1.6 if colours == 4 else 1.01)


@pytest.mark.parametrize("kind", [*WHOLE, *FLOATING])
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_predictors_and_bigtiff_change_nothing(planar: str, kind: str, tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(3), kind)
    expected = seen(tiffs.as_unit(numbers, kind), "rgb", light=kind in FLOATING)
    predictors = [3] if kind in FLOATING else [2]
    for predictor, packing, order, tile in itertools.product(
        predictors, ("lzw", "zlib", "zstd"), "<>", (None, (16, 32))
    ):
        options: Layout = {"predictor": predictor, "compression": packing, "byteorder": order, "tile": tile}
        data = tiffs.written(numbers, photometric="rgb", planarconfig=planar, bigtiff=order == ">", **options)
        assert_seen(read(data, tmp_path), *expected)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bits", [1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 24, 31])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_depths_that_fill_no_byte_are_scaled_to_the_full_range(
    channels: int, bits: int, order: str, tmp_path: Path
) -> None:
    numbers = tiffs.as_numbers(tiffs.look(channels), f"u{bits}" if bits not in (1, 2, 4) else f"u{bits * 8}")
    if bits in (1, 2, 4):
        numbers = (tiffs.look(channels) * (2**bits - 1)).round().astype(np.uint8)
    data = tiffs.packed(numbers, bits)
    if bits == 24:  # whole bytes follow the file's order
        data = b"".join(int(value).to_bytes(3, "little" if order == "<" else "big") for value in numbers.flat)
    for fill_order in (1, 2):
        strip = (
            data if fill_order == 1 else np.packbits(np.unpackbits(_bytes(data)), bitorder="little").tobytes()
        )
        tags = tiffs.baseline(numbers, 2 if channels > 1 else 1, bits, tag_266=("H", [fill_order]))
        if channels == 4:
            tags[338] = ("H", [2])
        unit = numbers / (2.0**bits - 1)
        expected = seen(unit, {1: "grey", 3: "rgb", 4: "rgb, alpha"}[channels])
        assert_seen(read(tiffs.assembled([(tags, [strip])], order=order), tmp_path), *expected)


def _bytes(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "u4", "i2"])
def test_the_range_that_a_file_declares_is_its_black_and_white(kind: str, tmp_path: Path) -> None:
    least, most = (-0.5, 1.5) if kind[0] == "f" else (-1000, 3000) if kind == "i2" else (0, 2**32 - 1)
    grey = tiffs.look(1)
    numbers = (least + grey * (most - least)).astype(kind)
    code = "d" if kind[0] == "f" else "I" if kind == "u4" else "f"
    tags = tiffs.baseline(
        numbers,
        1,
        numbers.itemsize * 8,
        tag_339=("H", [{"f": 3, "i": 2, "u": 1}[kind[0]]]),
        tag_340=(code, [least]),
        tag_341=(code, [most]),
    )
    picture = read(tiffs.assembled([(tags, [numbers.tobytes()])]), tmp_path)
    assert_seen(picture, grey * 255)


def test_grey_in_floating_point_is_measured_values_and_rgb_is_light(tmp_path: Path) -> None:
    for kind in FLOATING:
        grey = tiffs.written(np.full((9, 8), 0.214, kind), photometric="minisblack")
        rgb = tiffs.written(np.full((9, 8, 3), 0.214, kind), photometric="rgb")
        assert read(grey, tmp_path).rgb[4, 4].tolist() == [55] * 3
        assert read(rgb, tmp_path).rgb[4, 4].tolist() == [127] * 3


def test_floating_point_without_a_number_is_black_and_brighter_than_white_is_white(tmp_path: Path) -> None:
    pixels = np.full((8, 8, 3), 0.214, np.float32)
    pixels[0, 0], pixels[0, 1], pixels[0, 2], pixels[0, 3] = np.nan, np.inf, -np.inf, 7.5
    rgb = read(tiffs.written(pixels, photometric="rgb"), tmp_path).rgb
    assert rgb[0, :5, 0].tolist() == [0, 255, 0, 255, 127]
    nothing = np.full((8, 8, 3), np.nan, np.float64)
    assert read(tiffs.written(nothing, photometric="rgb"), tmp_path).rgb.max() == 0


def test_floating_point_of_0_to_255_is_not_taken_for_light(tmp_path: Path) -> None:
    pixels = (tiffs.look(3) * 255).astype(np.float32)
    assert_seen(read(tiffs.written(pixels, photometric="rgb"), tmp_path), pixels)


@pytest.mark.parametrize("kind", ["u4", "i4", "u8"])
def test_a_16_bit_picture_in_wider_numbers_is_not_black(kind: str, tmp_path: Path) -> None:
    grey = tiffs.look(1)[..., 0]
    picture = read(tiffs.written((grey * 65535).astype(kind), photometric="minisblack"), tmp_path)
    assert_seen(picture, grey[..., None] * 255)


def test_bytes_that_are_called_signed_and_are_not_are_read_as_they_were_meant(tmp_path: Path) -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    picture = read(tiffs.written(grey.view(np.int8), photometric="minisblack"), tmp_path)
    assert (picture.rgb[..., 0] == grey).all()


# -- Colours that are neither grey, RGB nor CMYK ---------------------------------------------------


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("eight_bit_map", [False, True])
def test_palettes_of_every_depth_give_their_colours(bits: int, eight_bit_map: bool, tmp_path: Path) -> None:
    random = np.random.default_rng(bits)
    table = random.integers(0, 256, (3, 2**bits))
    width, height = tiffs.SIZE
    numbers = random.integers(0, 2**bits, (height, width, 1)).astype(np.uint8 if bits <= 8 else np.uint16)
    stored = table if eight_bit_map else table * 257
    tags = tiffs.baseline(numbers, 3, bits, tag_320=("H", stored.ravel().tolist()))
    data = numbers.tobytes() if bits >= 8 else tiffs.packed(numbers, bits)
    picture = read(tiffs.assembled([(tags, [data])]), tmp_path)
    assert (picture.rgb == table.T[numbers[..., 0]]).all()


def test_a_palette_may_have_alpha(tmp_path: Path) -> None:
    numbers = np.zeros((6, 7, 2), np.uint8)
    numbers[:, 3:] = (1, 255)
    table = np.zeros((3, 256), int)
    table[:, 1] = (200 * 257, 30 * 257, 99 * 257)
    tags = tiffs.baseline(numbers, 3, 8, extras=[2], tag_320=("H", table.ravel().tolist()))
    picture = read(tiffs.assembled([(tags, [numbers.tobytes()])]), tmp_path)
    assert_seen(picture, np.where(numbers[..., :1] == 1, (200, 30, 99), 0), numbers[..., 1] / 255)


def _lab_and_its_rgb() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return CIE L*a*b* (D50) and what it is in sRGB: colours of the sRGB cube and their known values."""
    # ICC's own profile of sRGB and Lab, by hand: Lindbloom's table for the Bradford-adapted primaries.
    lab = np.array([[0, 0, 0], [100, 0, 0], [50, 0, 0], [54.29, 80.81, 69.89], [29.57, 68.30, -112.03]])
    rgb = np.array([[0, 0, 0], [255, 255, 255], [118.9, 118.9, 118.9], [255, 0, 0], [0, 0, 255]])
    return lab, rgb


@pytest.mark.parametrize(
    ("photometric", "kind"), [(8, "u1"), (8, "i1"), (8, "u2"), (8, "i2"), (8, "f4"), (9, "u1"), (9, "u2")]
)
@pytest.mark.parametrize("separate", [False, True])
def test_lab_of_every_kind_is_its_colour(photometric: int, kind: str, separate: bool, tmp_path: Path) -> None:
    lab, rgb = _lab_and_its_rgb()
    steps = {"1": 1, "2": 256, "4": 1}[kind[1]]
    if kind == "f4":
        stored = lab.astype("<f4")
    elif photometric == 8:
        lightness = lab[:, 0] * {1: 255, 256: 65535}[steps] / 100
        around = (lab[:, 1:] * steps).round().astype(np.int64) % (256 * steps)
        stored = np.column_stack([lightness.round(), around]).astype(f"<u{kind[1]}")
    else:
        lightness = lab[:, 0] * {1: 255, 256: 65280}[steps] / 100
        stored = np.column_stack([lightness, (lab[:, 1:] + 128) * steps]).round().astype(f"<u{kind[1]}")
    pixels = stored[None]
    tags = tiffs.baseline(pixels, photometric, pixels.itemsize * 8, tag_284=("H", [2 if separate else 1]))
    tags[339] = ("H", [{"u": 1, "i": 2, "f": 3}[kind[0]]])
    strips = (
        [np.ascontiguousarray(pixels[..., n]).tobytes() for n in range(3)] if separate else [pixels.tobytes()]
    )
    picture = read(tiffs.assembled([(tags, strips)]), tmp_path)
    assert_seen(picture, rgb[None], within=1.6 if steps == 256 or kind == "f4" else 4)


def _ycbcr(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return RGB 0 to 255 as YCbCr (ITU-R BT.601, full range)."""
    matrix = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    return rgb @ matrix.T + (0, 128, 128)


@pytest.mark.parametrize("sampling", [(1, 1), (2, 1), (2, 2), (4, 2), (4, 4), None])
@pytest.mark.parametrize("packing", [None, 5, 8])
def test_ycbcr_is_its_colour_however_its_colours_are_thinned(
    sampling: tuple[int, int] | None, packing: int | None, tmp_path: Path
) -> None:
    across, down = sampling or (2, 2)
    # One colour for every block; brightness changes with each pixel.
    width, height = tiffs.SIZE
    columns, rows = -(-width // across), -(-height // down)
    chroma = np.random.default_rng(3).integers(118, 138, (rows, columns, 2))
    luma = np.random.default_rng(4).integers(60, 190, (rows * down, columns * across))
    blocks = luma.reshape(rows, down, columns, across).swapaxes(1, 2).reshape(rows, columns, -1)
    strip = np.concatenate([blocks, chroma], axis=2).astype(np.uint8).tobytes()
    full = np.dstack([luma, chroma.repeat(down, 0).repeat(across, 1)])[:height, :width]
    tags = tiffs.baseline(full, 6, 8)
    if sampling:
        tags[530] = ("H", list(sampling))
    if packing:
        tags[259] = ("H", [packing])
        strip = _packed_by(packing, strip)
    picture = read(tiffs.assembled([(tags, [strip])]), tmp_path)
    y, cb, cr = np.moveaxis(full.astype(float), 2, 0)
    expected = [
        y + 1.402 * (cr - 128),
        y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128),
        y + 1.772 * (cb - 128),
    ]
    assert_seen(picture, np.clip(np.dstack(expected), 0, 255))


def _packed_by(packing: int, data: bytes) -> bytes:
    import imagecodecs

    return imagecodecs.lzw_encode(data) if packing == 5 else imagecodecs.zlib_encode(data)


def test_ycbcr_within_studio_range_is_stretched(tmp_path: Path) -> None:
    pixels = np.full((4, 4, 3), 128, np.uint8)
    pixels[..., 0] = np.array([16, 90, 160, 235], np.uint8)
    tags = tiffs.baseline(pixels, 6, 8, tag_530=("H", [1, 1]), tag_532=("R", [16, 235, 128, 240, 128, 240]))
    picture = read(tiffs.assembled([(tags, [pixels.tobytes()])]), tmp_path)
    assert_seen(picture, (pixels[..., :1].astype(float) - 16) * 255 / 219)


# -- Compressions that know of pictures -------------------------------------------------------------


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize(
    ("packing", "kinds"),
    [
        ("jpeg2000", ["u1", "u2"]),
        ("jpegxl", ["u1", "u2", "f4"]),
        ("jpegxr", ["u1", "u2"]),
        ("png", ["u1", "u2"]),
        ("lerc", ["u1", "u2", "i2", "u4", "f4", "f8"]),
    ],
)
def test_pictures_within_a_tiff_come_out_as_they_are(
    packing: str, kinds: list[str], planar: str, tmp_path: Path
) -> None:
    for kind, tile in itertools.product(kinds, (None, (16, 16))):
        numbers = tiffs.as_numbers(tiffs.look(3), kind)
        expected = seen(tiffs.as_unit(numbers, kind), "rgb", light=kind in FLOATING)
        options: Layout = {"tile": tile} if tile else {"rowsperstrip": 8}
        data = tiffs.written(numbers, photometric="rgb", planarconfig=planar, compression=packing, **options)
        # JPEG XR and XL of floating point keep fewer digits.
        assert_seen(read(data, tmp_path), *expected, within=2)


@pytest.mark.parametrize("wrapping", ["deflate", "zstd"])
def test_lerc_may_be_packed_once_more(wrapping: str, tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(3), "u2")
    arguments = {"compression": wrapping}
    data = tiffs.written(numbers, photometric="rgb", compression="lerc", compressionargs=arguments)
    assert_seen(read(data, tmp_path), *seen(tiffs.as_unit(numbers, "u2"), "rgb"))


def test_webp_within_a_tiff_keeps_its_alpha_even_where_a_strip_is_opaque(tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(4), "u1")
    numbers[:10, :, 3] = 255
    data = tiffs.written(
        numbers,
        photometric="rgb",
        extrasamples=["unassalpha"],
        compression="webp",
        compressionargs={"lossless": True},
        rowsperstrip=10,
    )
    assert_seen(read(data, tmp_path), *seen(numbers / 255, "rgb, alpha"))


@pytest.mark.parametrize(
    ("photometric", "name", "options"),
    [
        ("minisblack", "grey", {}),
        ("rgb", "rgb", {"compressionargs": {"level": 98, "outcolorspace": "rgb"}}),
        ("rgb", "rgb", {"compressionargs": {"level": 98, "outcolorspace": "ycbcr"}}),
        ("rgb", "rgb", {"compressionargs": {"level": 98, "outcolorspace": "ycbcr"}, "subsampling": (2, 2)}),
        ("rgb", "rgb", {"planarconfig": "separate"}),
        ("separated", "cmyk", {}),
        ("separated", "cmyk", {"planarconfig": "separate"}),
    ],
)
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_jpeg_within_a_tiff_is_its_colour(
    photometric: str, name: str, options: Layout, tile: tuple[int, int] | None, tmp_path: Path
) -> None:
    # Whole blocks: tifffile fills the rest of a tile with black, which JPEG smears.
    numbers = tiffs.as_numbers(tiffs.look(SAMPLES[name][0], (64, 32)), "u1")
    options = {"compressionargs": {"level": 98}, **options, "tile": tile}
    pixels = numbers if numbers.shape[2] > 1 else numbers[..., 0]
    data = tiffs.written(pixels, photometric=photometric, compression="jpeg", **options)
    assert_seen(read(data, tmp_path), *seen(numbers / 255, name), within=8)


def test_jpeg_of_12_bits_within_a_tiff_is_scaled(tmp_path: Path) -> None:
    numbers = tiffs.as_numbers(tiffs.look(3, (64, 32)), "u12")
    arguments = {"level": 98, "bitspersample": 12}
    data = tiffs.written(numbers, photometric="rgb", compression="jpeg", compressionargs=arguments)
    assert_seen(read(data, tmp_path), *seen(numbers / 4095, "rgb"), within=8)


@pytest.mark.parametrize("packing", ["group3", "group4", "tiff_ccitt", None, "packbits", "tiff_lzw"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_fax_and_other_one_bit_pages_are_black_where_they_are(
    packing: str | None, orientation: int, tmp_path: Path
) -> None:
    page = Image.new("1", (40, 24), 1)
    page.paste(0, (0, 0, 10, 6))
    file = io.BytesIO()
    page.save(file, "TIFF", compression=packing, tiffinfo={274: orientation})
    picture = read(file.getvalue(), tmp_path)
    expected = np.asarray(page.convert("RGB"))
    assert (picture.rgb == (expected if orientation == 1 else np.rot90(expected, -1))).all()
