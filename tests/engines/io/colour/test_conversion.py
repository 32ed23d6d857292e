"""Colours are what a file's profile, code points or gamma do, never what they are called.

Where it is not arithmetic, the values expected are those of a browser's canvas.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from editor.engines.io import pictures

pillow_heif.register_heif_opener()

SIZE = (64, 64)
CONTAINERS = ("png", "jpg", "webp", "tif", "heic", "avif")
# What lossy containers may add to a plain field.
LOSS = 2


def srgb_profile(curve: bytes | None = None) -> bytes:
    """Return the usual sRGB profile, described as such; its three curves replaced by one of 16 bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if curve is not None:
        (count,) = struct.unpack(">I", profile[128:132])
        for number in range(count):
            tag, at, _ = struct.unpack(">4sII", profile[132 + 12 * number : 144 + 12 * number])
            if tag in (b"rTRC", b"gTRC", b"bTRC"):
                profile[at + 8 : at + 8 + len(curve)] = curve
    return bytes(profile)


def gamma_curve(gamma: float) -> bytes:
    """Return the body of a parametric curve that is a plain power."""
    return struct.pack(">HHi", 0, 0, round(gamma * 65536))


def grey_profile(gamma: float) -> bytes:
    """Return a small grey profile whose tones are a plain power."""
    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(gamma * 256), 0)
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    told = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Gray\0" + b"\0" * 83
    at, table, data = 168, b"", b""
    for tag, value in ((b"desc", told), (b"wtpt", white), (b"kTRC", curve)):
        table += tag + struct.pack(">II", at + len(data), len(value))
        data += value
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"lcms", 0x02400000, b"mntr", b"GRAY", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">iii", 63190, 65536, 54061)
    return head + b"\0" * (128 - len(head)) + struct.pack(">I", 3) + table + data


def field(*colour: int, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, SIZE, colour if len(colour) > 1 else colour[0])


def written(picture: Image.Image, path: Path, **options: object) -> Path:
    lossless: dict[str, object] = {".jpg": {"quality": 100}, ".webp": {"lossless": True}}.get(path.suffix, {})  # type: ignore[assignment]
    picture.save(path, **lossless, **options)  # type: ignore[arg-type]
    return path


def with_chunks(picture: Image.Image, path: Path, *chunks: tuple[bytes, bytes]) -> Path:
    """Write a PNG with chunks before its pixels."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    plain, extra = buffer.getvalue(), b""
    for kind, data in chunks:
        extra += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(plain[:33] + extra + plain[33:])
    return path


def with_profile(avif: bytes, icc: bytes) -> bytes:
    """Return an AVIF with a profile in place of its code points, in a second meta box behind the pixels."""
    start = avif.index(b"meta") - 4
    meta = avif[start : start + int.from_bytes(avif[start : start + 4], "big")]
    at = meta.index(b"colrnclx") - 4
    told = b"colrprof" + icc
    grown = bytearray(meta[:at] + struct.pack(">I", 4 + len(told)) + told + meta[at + 19 :])
    for box in (b"meta", b"iprp", b"ipco"):
        place = grown.index(box) - 4
        size = int.from_bytes(grown[place : place + 4], "big") + len(grown) - len(meta)
        grown[place : place + 4] = struct.pack(">I", size)
    return avif.replace(b"meta", b"free", 1) + bytes(grown)


def middle(path: Path) -> NDArray[np.uint8]:
    return pictures.read(path).rgb[32, 32]


def encoded(linear: float) -> float:
    """Return sRGB's value, 0..255, of light 0..1."""
    return 255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("gamma", "value"), [(1.0, 55), (1.8, 100), (2.6, 150)])
def test_a_profile_counts_by_its_curves_and_not_by_its_name(
    container: str, gamma: float, value: int, tmp_path: Path
) -> None:
    profile = srgb_profile(gamma_curve(gamma))
    path = written(field(value, value, value), tmp_path / f"a.{container}", icc_profile=profile)
    expected = encoded((value / 255) ** gamma)
    assert np.abs(middle(path) - expected).max() <= LOSS
    assert abs(expected - value) > 3 * LOSS


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_profile_of_srgb_changes_nothing(container: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    noise = Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    with_one = pictures.read(written(noise, tmp_path / f"a.{container}", icc_profile=srgb_profile()))
    without = pictures.read(written(noise, tmp_path / f"b.{container}"))
    assert (with_one.rgb == without.rgb).all()


def test_a_profile_holds_under_transparency_and_in_palettes(tmp_path: Path) -> None:
    profile = srgb_profile(gamma_curve(1.0))
    clear = written(field(55, 55, 55, 200, mode="RGBA"), tmp_path / "a.png", icc_profile=profile)
    palette = written(field(55, 55, 55).quantize(4), tmp_path / "b.png", icc_profile=profile)
    assert abs(int(middle(clear)[0]) - 128) <= 1
    assert abs(int(middle(palette)[0]) - 128) <= 1
    alpha = pictures.read(clear).alpha
    assert alpha is not None
    assert alpha[32, 32] == pytest.approx(200 / 255)


P3, REC2020, SRGB_CODES = 12, 9, 1


@pytest.mark.parametrize(
    ("colour", "expected"), [((234, 51, 35), (255, 0, 0)), ((128, 128, 128), (128, 128, 128))]
)
def test_code_points_of_a_png_are_heeded(
    colour: tuple[int, int, int], expected: tuple[int, int, int], tmp_path: Path
) -> None:
    path = with_chunks(field(*colour), tmp_path / "a.png", (b"cICP", bytes((P3, 13, 0, 1))))
    assert np.abs(middle(path).astype(int) - expected).max() <= 2


@pytest.mark.parametrize(
    ("transfer", "expected"), [(1, 121), (6, 121), (14, 121), (15, 121), (12, 128), (4, 129), (8, 188)]
)
def test_the_curve_that_a_png_names_is_followed(transfer: int, expected: int, tmp_path: Path) -> None:
    """A camera's curve means the screen that its pictures are made for, a plain power of 2.4."""
    path = with_chunks(field(128, 128, 128), tmp_path / "a.png", (b"cICP", bytes((1, transfer, 0, 1))))
    assert np.abs(middle(path).astype(int) - expected).max() <= 1


def test_code_points_go_before_a_profile_in_a_png(tmp_path: Path) -> None:
    linear = zlib.compress(srgb_profile(gamma_curve(1.0)))
    both = ((b"cICP", bytes((SRGB_CODES, 13, 0, 1))), (b"iCCP", b"x\0\0" + linear))
    assert (middle(with_chunks(field(55, 55, 55), tmp_path / "a.png", *both)) == 55).all()


def test_code_points_of_heic_are_heeded(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    field(234, 51, 35).save(
        path,
        quality=100,
        chroma=444,
        save_nclx_profile=True,
        color_primaries=P3,
        transfer_characteristics=13,
        matrix_coefficients=1,
        full_range_flag=1,
    )
    assert np.abs(middle(path).astype(int) - (255, 0, 0)).max() <= 6


def test_code_points_of_avif_are_heeded(tmp_path: Path) -> None:
    path = tmp_path / "a.avif"
    field(234, 51, 35).save(path, quality=100, subsampling="4:4:4")
    file = bytearray(path.read_bytes())
    at = file.index(b"colrnclx") + 8
    file[at : at + 2] = struct.pack(">H", P3)
    path.write_bytes(bytes(file))
    assert np.abs(middle(path).astype(int) - (255, 0, 0)).max() <= 6


@pytest.mark.parametrize(("transfer", "value"), [(16, 148), (18, 191)])
def test_diffuse_white_of_hdr_is_a_light_grey_to_white(transfer: int, value: int, tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    field(value, value, value).save(
        path,
        quality=95,
        save_nclx_profile=True,
        color_primaries=REC2020,
        transfer_characteristics=transfer,
        matrix_coefficients=REC2020,
        full_range_flag=1,
    )
    white = middle(path)
    assert 225 <= white.min() <= white.max() <= 255
    assert int(white.max()) - int(white.min()) <= 4


def with_code_points(icc: bytes, primaries: int, transfer: int) -> bytes:
    """Return a profile with one more tag, cicp (ICC.1:2022, 9.2.17)."""
    (count,) = struct.unpack(">I", icc[128:132])
    table = b""
    for at in range(132, 132 + 12 * count, 12):
        tag, place, size = struct.unpack(">4sII", icc[at : at + 12])
        table += struct.pack(">4sII", tag, place + 12, size)
    table += struct.pack(">4sII", b"cicp", len(icc) + 12, 12)
    told = b"cicp\0\0\0\0" + bytes((primaries, transfer, 0, 1))
    grown = icc[128 + 4 + 12 * count :] + told
    size = 132 + len(table) + len(grown)
    return struct.pack(">I", size) + icc[4:128] + struct.pack(">I", count + 1) + table + grown


@pytest.mark.parametrize(
    ("container", "mode"),
    [(one, mode) for one in CONTAINERS for mode in ("RGB", "RGBA", "L") if (one, mode) != ("jpg", "RGBA")],
)
@pytest.mark.parametrize(("transfer", "value"), [(16, 148), (18, 191)])
def test_a_profile_whose_code_points_are_hdr_is_hdr_in_every_container(
    transfer: int, value: int, container: str, mode: str, tmp_path: Path
) -> None:
    icc = with_code_points(srgb_profile(), REC2020, transfer)
    colour = {"RGB": (value,) * 3, "RGBA": (value,) * 3 + (200,), "L": (value,)}[mode]
    white = middle(written(field(*colour, mode=mode), tmp_path / f"a.{container}", icc_profile=icc))
    assert 225 <= white.min() <= white.max() <= 250


def test_hdr_keeps_the_order_of_tones_and_greys_grey(tmp_path: Path) -> None:
    ramp = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None, :, None], 64, axis=0).repeat(3, axis=2)
    path = with_chunks(Image.fromarray(ramp), tmp_path / "a.png", (b"cICP", bytes((REC2020, 16, 0, 1))))
    row = pictures.read(path).rgb[0].astype(int)
    assert (np.diff(row[:, 0]) >= 0).all()
    assert np.ptp(row, axis=1).max() <= 2
    assert row[0].max() <= 1
    assert row[-1].min() >= 250


@pytest.mark.parametrize(
    ("gamma", "value", "expected"), [(100000, 55, 128), (45455, 55, 55), (55556, 100, 119)]
)
def test_the_gamma_of_a_png_is_heeded(gamma: int, value: int, expected: int, tmp_path: Path) -> None:
    path = with_chunks(field(value, value, value), tmp_path / "a.png", (b"gAMA", struct.pack(">I", gamma)))
    assert np.abs(middle(path).astype(int) - expected).max() <= 1


def test_chromaticities_of_a_png_are_heeded(tmp_path: Path) -> None:
    swapped = (31270, 32900, 30000, 60000, 64000, 33000, 15000, 6000)  # red and green have changed places
    chunks = ((b"gAMA", struct.pack(">I", 45455)), (b"cHRM", struct.pack(">8I", *swapped)))
    red, green, blue = middle(with_chunks(field(220, 20, 20), tmp_path / "a.png", *chunks)).astype(int)
    assert green > 200
    assert red < 60
    assert blue < 60


@pytest.mark.parametrize("container", ["png", "tif", "heic"])
@pytest.mark.parametrize("alpha", [None, 200])
def test_a_grey_profile_holds_with_and_without_transparency(
    container: str, alpha: int | None, tmp_path: Path
) -> None:
    picture = field(100, mode="L") if alpha is None else field(100, alpha, mode="LA")
    path = written(picture, tmp_path / f"a.{container}", icc_profile=grey_profile(1.8))
    assert np.abs(middle(path).astype(int) - 119).max() <= 1


@pytest.mark.parametrize("bits", [8, 10])
@pytest.mark.parametrize("alpha", [None, 200])
def test_a_grey_profile_of_an_avif_of_one_channel_holds(bits: int, alpha: int | None, tmp_path: Path) -> None:
    """Beside alpha its library gives three channels, all alike."""
    full = (1 << bits) - 1
    pixels = np.zeros((64, 64, 2), np.uint8 if bits == 8 else np.uint16)
    pixels[:] = round(100 / 255 * full), round((alpha or 255) / 255 * full)
    file = imagecodecs.avif_encode(pixels, level=100, bitspersample=bits, pixelformat="yuv400")
    told = with_profile(file, grey_profile(1.8))
    for data in (told, told.replace(b"pixi", b"free")):
        (tmp_path / "a.avif").write_bytes(data)
        assert np.abs(middle(tmp_path / "a.avif").astype(int) - 119).max() <= 1


def test_a_grey_profile_holds_where_one_grey_is_transparent(tmp_path: Path) -> None:
    path = written(field(100, mode="L"), tmp_path / "a.png", icc_profile=grey_profile(1.8), transparency=3)
    assert np.abs(middle(path).astype(int) - 119).max() <= 1


SIDEWAYS = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize("container", ["jpg", "webp", "png"])
def test_what_xmp_says_turns_no_picture(container: str, tmp_path: Path) -> None:
    picture = Image.new("RGB", (128, 96), (200, 30, 30))
    path = tmp_path / f"a.{container}"
    if container == "png":
        text = b"XML:com.adobe.xmp\0\0\0\0\0" + SIDEWAYS
        with_chunks(picture, path, (b"iTXt", text))
    else:
        picture.save(path, xmp=SIDEWAYS)
    made = pictures.read(path)
    assert (made.width, made.height) == (128, 96)


def test_exif_still_turns_a_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (128, 96)).save(tmp_path / "a.jpg", exif=exif)
    assert pictures.read(tmp_path / "a.jpg").width == 96
