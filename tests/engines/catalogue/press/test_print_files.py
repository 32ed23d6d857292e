"""TIFF and PSD for print, read back by other people's libraries and by a parser of the test's own."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import PathResourceID, Resource
from psd_tools.psd.vector import Path as VectorPath

from editor.engines.catalogue.press.psd_file import write_psd
from editor.engines.catalogue.press.tiff_file import write_tiff
from editor.engines.errors import InvalidOptions, UnsuitableContent
from editor.engines.finishing import shadow
from editor.engines.finishing.finish import Finish
from editor.engines.io import pictures

from . import products
from .test_clipping_path import fill_by_opencv

MUG = products.draw_mug(240)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


def paint(alpha: np.ndarray) -> np.ndarray:
    rows, columns = np.mgrid[: alpha.shape[0], : alpha.shape[1]]
    rgb = np.stack([rows % 256, columns % 256, (rows + columns) % 256], axis=2).astype(np.uint8)
    return np.where(alpha[..., None] > 0, rgb, 255).astype(np.uint8)


def to_bytes(alpha: np.ndarray) -> np.ndarray:
    return np.floor(alpha * 255 + 0.5).astype(np.uint8)


def read_profile_name(icc: bytes) -> str:
    return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc)))


def read_blocks(data: bytes) -> dict[int, tuple[str, bytes]]:
    """Names and contents of image resources, by their numbers."""
    found, at = {}, 0
    while at < len(data):
        assert data[at : at + 4] == b"8BIM"
        number, letters = struct.unpack(">HB", data[at + 4 : at + 7])
        name = data[at + 7 : at + 7 + letters].decode()
        at += 6 + (1 + letters + 1) // 2 * 2
        (size,) = struct.unpack(">I", data[at : at + 4])
        found[number] = name, data[at + 4 : at + 4 + size]
        at += 4 + (size + 1) // 2 * 2
    assert at == len(data)
    return found


def read_path(data: bytes, width: int, height: int) -> list[np.ndarray]:
    """The closed curves of a path's records: (N, 3, 2), x and y in pixels."""
    assert len(data) % 26 == 0
    records = [data[at : at + 26] for at in range(0, len(data), 26)]
    kinds = [struct.unpack(">H", record[:2])[0] for record in records]
    assert kinds[:2] == [6, 8]
    parts, at = [], 2
    while at < len(records):
        assert kinds[at] == 0  # the length of a closed one
        (count,) = struct.unpack(">H", records[at][2:4])
        knots = records[at + 1 : at + 1 + count]
        assert set(kinds[at + 1 : at + 1 + count]) <= {1, 2}
        places = np.array([struct.unpack(">6i", knot[2:]) for knot in knots]) / 2**24
        parts.append(places.reshape(-1, 3, 2)[..., ::-1] * (width, height))
        at += 1 + count
    return parts


def agree(parts: list[np.ndarray], alpha: np.ndarray) -> float:
    """Intersection over union of the pixels whose centres lie within."""
    inside = alpha >= 0.5
    # OpenCV fills half a pixel too much all around: of one four times as large that is little.
    size = inside.shape[0] * 4, inside.shape[1] * 4
    covered = fill_by_opencv([part * 4 for part in parts], size)[2::4, 2::4]
    return float((inside & covered).sum() / (inside | covered).sum())


@pytest.fixture(scope="module")
def tiff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiff") / "mug.tif"
    write_tiff(path, paint(MUG), outline=MUG, path_name="Sweep path", xmp=XMP)
    return path


def test_the_path_of_a_tiff_is_one_named_closed_and_true(tiff: Path) -> None:
    with tifffile.TiffFile(tiff) as file:
        blocks = read_blocks(bytes(file.pages[0].tags[34377].value))
    paths = [number for number in blocks if 2000 <= number < 2998]
    assert paths == [2000]
    name, records = blocks[2000]
    assert name == "Sweep path"
    assert blocks[2999][1].startswith(b"\x0aSweep path")
    parts = read_path(records, 240, 240)
    assert sum(map(len, parts)) < 600
    assert len(parts) == 2  # the mug and what one sees through its handle
    assert agree(parts, MUG) >= 0.995


def test_a_tiff_has_its_pixels_density_profile_and_packet(tiff: Path) -> None:
    assert (tifffile.imread(tiff) == paint(MUG)).all()
    with Image.open(tiff) as picture:
        assert picture.mode == "RGB"
        assert picture.info["dpi"] == (300, 300)
        assert picture.info["xmp"] == XMP
        assert "sRGB" in read_profile_name(picture.info["icc_profile"])
        assert (np.asarray(picture) == paint(MUG)).all()


def test_a_tiff_with_alpha_is_the_cutout_in_our_own_reader_and_in_others(tmp_path: Path) -> None:
    path = tmp_path / "mug.tif"
    assert write_tiff(path, paint(MUG), MUG, density=(600, 600)) is None
    ours = pictures.read(path)
    assert ours.density == (600, 600)
    assert ours.alpha is not None
    assert np.abs(ours.alpha - MUG).max() < 1 / 255
    seen = MUG > 0.5 / 255
    assert (ours.rgb[seen] == paint(MUG)[seen]).all()
    with Image.open(path) as picture:
        assert picture.mode == "RGBA"
        assert (np.asarray(picture)[..., 3] == to_bytes(MUG)).all()
    with tifffile.TiffFile(path) as file:
        assert 2000 not in read_blocks(bytes(file.pages[0].tags[34377].value))


@pytest.fixture(scope="module")
def psd(tmp_path_factory: pytest.TempPathFactory) -> PSDImage:
    path = tmp_path_factory.mktemp("psd") / "mug.psd"
    cast = shadow.cast(paint(MUG), MUG, Finish(shadow="drop"))
    write_psd(path, paint(MUG), MUG, cast, path_name="Sweep path", xmp=XMP)
    return PSDImage.open(path)


def test_a_psd_has_the_product_and_its_shadow_as_layers(psd: PSDImage) -> None:
    assert [layer.name for layer in psd] == ["Shadow", "Product"]
    pixels = np.asarray(psd[1].topil())
    box = slice(psd[1].top, psd[1].bottom), slice(psd[1].left, psd[1].right)
    alpha = to_bytes(MUG)
    assert (pixels[..., 3] == alpha[box]).all()
    assert alpha.sum(dtype=int) == alpha[box].sum(dtype=int)
    solid = alpha[box] > 0
    assert (pixels[..., :3][solid] == paint(MUG)[box][solid]).all()
    assert not pixels[..., :3][~solid].any()


def test_what_a_psd_shows_without_layers_is_what_they_make(psd: PSDImage) -> None:
    merged, made = np.asarray(psd.topil(), int), np.asarray(psd.composite(force=True), int)
    assert merged.shape == made.shape == (240, 240, 4)
    assert np.abs(merged[..., 3] - made[..., 3]).max() <= 1
    seen = merged[..., 3] > 200
    assert np.abs(merged - made)[seen].max() <= 2


def test_the_path_of_a_psd_is_named_closed_and_true_as_psd_tools_reads_it(psd: PSDImage) -> None:
    resources = psd.image_resources
    assert resources[2000].name == "Sweep path"
    assert resources.get_data(Resource.CLIPPING_PATH_NAME) == "Sweep path"
    parts = []
    rule, start, *curves = VectorPath.frombytes(resources[2000].data)
    assert (rule.selector, start.selector) == (PathResourceID.PATH_FILL, PathResourceID.INITIAL_FILL)
    for curve in curves:
        assert curve.is_closed()
        knots = [(knot.preceding, knot.anchor, knot.leaving) for knot in curve]
        parts.append(np.array(knots)[..., ::-1] * 240)
    assert len(parts) == 2
    assert 0 < sum(map(len, parts)) < 600
    assert agree(parts, MUG) >= 0.995


def test_a_psd_has_its_density_and_profile(psd: PSDImage) -> None:
    resolution = psd.image_resources.get_data(Resource.RESOLUTION_INFO)
    assert resolution.horizontal == 300 << 16
    assert "sRGB" in read_profile_name(psd.image_resources.get_data(Resource.ICC_PROFILE))
    assert psd.image_resources.get_data(Resource.XMP_METADATA) == XMP


def test_on_a_ground_a_psd_is_opaque_and_the_ground_a_layer(tmp_path: Path) -> None:
    path = tmp_path / "mug.psd"
    assert write_psd(path, paint(MUG), MUG, ground=(255, 255, 255), with_path=False) is None
    made = PSDImage.open(path)
    assert [layer.name for layer in made] == ["Ground", "Product"]
    picture = made.topil()
    assert picture.mode == "RGB"
    assert (np.asarray(picture)[MUG == 0] == 255).all()
    assert 2000 not in made.image_resources


@pytest.mark.parametrize("write", [write_tiff, write_psd])
def test_a_path_around_nothing_is_refused_in_a_sentence_and_leaves_no_file(write, tmp_path: Path) -> None:
    empty = np.zeros((20, 20), np.float32)
    more = {"outline": empty} if write is write_tiff else {}
    with pytest.raises(UnsuitableContent, match="no product"):
        write(tmp_path / "none", paint(empty), empty, **more)
    with pytest.raises(InvalidOptions, match="shorter"):
        write(tmp_path / "none", paint(MUG), MUG, path_name="x" * 64, **dict.fromkeys(more, MUG))
    assert not (tmp_path / "none").exists()


def test_the_same_picture_is_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_tiff(tmp_path / name, paint(MUG), outline=MUG)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
