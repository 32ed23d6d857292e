"""White is white: what is marked comes out of a decoder as 255, 255, 255, beside any product."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from editor.engines.catalogue import encoding, white_jpeg
from editor.engines.io.colour import icc_profiles


def draw_products(kind: str, height: int = 61, width: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture on white, and where nothing but white is allowed."""
    random = np.random.default_rng(7)
    rgb = np.full((height, width, 3), 255, np.uint8)
    inside = np.zeros((height, width), bool)
    if kind == "dust":
        inside = random.random((height, width)) < 0.03
    elif kind == "hairs":
        inside[:, ::7] = True
    elif kind == "block":
        inside[13:47, 21:66] = True
    elif kind == "frame":
        inside[:] = True
        inside[9:50, 11:80] = False
    if kind != "nothing":
        rgb[inside] = random.choice([0, 40, 130, 250, 255], (int(inside.sum()), 3))
    return rgb, ~inside


@pytest.mark.parametrize("quality", [5, 40, 75, 92, 100])
@pytest.mark.parametrize("kind", ["dust", "hairs", "block", "frame", "nothing"])
def test_every_marked_pixel_is_white_beside_the_worst_products(kind, quality):
    rgb, white = draw_products(kind)
    given = rgb.copy()
    made = Image.open(io.BytesIO(white_jpeg.encode(rgb, white, quality=quality)))
    pixels = np.asarray(made.convert("RGB"))
    assert pixels.shape == rgb.shape
    assert (pixels[white] == 255).all()
    assert (rgb == given).all()


def test_an_ordinary_jpeg_of_the_same_is_not_white():
    rgb, white = draw_products("block")
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=95, subsampling=0)
    assert (np.asarray(Image.open(file))[white] != 255).any()


def test_the_product_is_as_near_to_itself_as_in_an_ordinary_jpeg_of_more_quality():
    random = np.random.default_rng(3)
    down, across = np.mgrid[:96, :96]
    alpha = np.clip(36.5 - np.hypot(down - 48, across - 48), 0, 1)[..., np.newaxis]
    colour = ndimage.gaussian_filter(random.uniform(0, 255, (96, 96, 3)), (2, 2, 0)) * [1, 0.4, 0.3] + [
        60,
        0,
        0,
    ]
    rgb = (colour * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    inside = alpha[..., 0] > 0
    ordinary = io.BytesIO()
    Image.fromarray(rgb).save(ordinary, "JPEG", quality=95, subsampling=0)
    ours = io.BytesIO(white_jpeg.encode(rgb, ~inside, quality=encoding.USUAL_QUALITY["jpg"]))
    off = [
        np.abs(np.asarray(Image.open(file), np.float64)[inside] - rgb[inside]).mean()
        for file in (ours, ordinary)
    ]
    assert off[0] <= off[1] < 4


def test_density_and_profile_are_said():
    rgb, white = draw_products("block")
    made = Image.open(
        io.BytesIO(white_jpeg.encode(rgb, white, quality=90, density=(300, 72), icc=icc_profiles.make_srgb()))
    )
    assert made.mode == "RGB"
    assert made.info["icc_profile"] == icc_profiles.make_srgb()
    assert made.getexif()[0x011A] == 300
    assert made.getexif()[0x011B] == 72


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (7, 17), (300, 9)])
def test_any_size_goes(size):
    rgb = np.zeros((*size, 3), np.uint8)
    white = np.zeros(size, bool)
    white[0, 0] = True
    pixels = np.asarray(Image.open(io.BytesIO(white_jpeg.encode(rgb, white, quality=90))))
    assert pixels.shape == rgb.shape
    assert (pixels[0, 0] == 255).all()
