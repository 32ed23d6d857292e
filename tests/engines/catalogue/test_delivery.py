"""Files of a recipe, measured here by Pillow and numpy alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from editor.engines.catalogue import delivery
from editor.engines.catalogue.delivery import Delivery, Order, deliver
from editor.engines.catalogue.markets import MARKETS, Market
from editor.engines.catalogue.recipe import FileSpec
from editor.engines.catalogue.verdicts import Verdict
from editor.engines.finishing.finish import Finish

SMALL = Market(
    key="small",
    name="Small",
    ground="white",
    least=(40, 40),
    good=(120, 120),
    ratios=((1, 1),),
    fill=(0.8, 0.85, 0.9),
    formats=("jpg", "png"),
    names="plain",
)


@pytest.fixture(scope="module")
def cutout(tmp_path_factory) -> Path:
    """A red vase with a soft edge, see-through around it, 240 x 300."""
    down, across = np.mgrid[:300, :240]
    far = np.hypot((across - 120) / 70, (down - 150) / 120)
    alpha = np.clip((1 - far) * 40 + 0.5, 0, 1)
    alpha[40, 30] = 0.02  # a fleck that nobody sees
    colour = np.stack([200 + 50 * np.sin(down / 9), 20 + down / 8, 30 + across / 4], -1)
    pixels = np.dstack([colour, alpha * 255 + 0.5]).clip(0, 255).astype(np.uint8)
    path = tmp_path_factory.mktemp("cutout") / "vase.png"
    Image.fromarray(pixels).save(path, dpi=(150, 150))
    return path


def make(cutout: Path, folder: Path, market: Market | None = SMALL, name: str = "a.jpg", **spec):
    finish = spec.pop("finish", Finish())
    return deliver(
        cutout, folder, FileSpec(market=market.key if market else "", **spec), market, finish, path=name
    )


def verdicts(made) -> dict[str, Verdict]:
    return {one.key: one.verdict for one in made.checks}


def measure(path: Path) -> tuple[np.ndarray, tuple[int, int, int, int], np.ndarray]:
    """Return a file's pixels, the box of what is not nearly white, and what is further than a pixel away."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    product = pixels.min(axis=2) < 240
    rows, columns = np.flatnonzero(product.any(1)), np.flatnonzero(product.any(0))
    far = ndimage.distance_transform_edt(~product) > 2
    return pixels, (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1), far


@pytest.mark.parametrize(("format", "suffix"), [("jpg", "jpg"), ("png", "png"), ("tiff", "tif")])
def test_white_is_white_in_a_square_that_is_filled(cutout, tmp_path, format, suffix):
    market = replace(SMALL, formats=(format,))
    made = make(cutout, tmp_path, market, f"a.{suffix}", format=format)
    pixels, (left, top, right, bottom), far = measure(made.path)
    assert pixels.shape == (120, 120, 3)
    assert (pixels[far] == 255).all()
    assert (bottom - top) / 120 == pytest.approx(0.85, abs=0.02)
    assert (left + right, top + bottom) == (pytest.approx(120, abs=2), pytest.approx(120, abs=2))
    assert made.verdict == Verdict.PASSED
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert set(verdicts(made)) >= {
        "white",
        "opaque",
        "fill",
        "pixels",
        "ratio",
        "format",
        "suffix",
        "name",
        "edge",
    }


@pytest.mark.parametrize("format", ["webp", "avif"])
def test_white_is_white_in_formats_without_a_market(cutout, tmp_path, format):
    made = make(cutout, tmp_path, None, f"a.{format}", format=format, finish=Finish(background="white"))
    pixels, _, far = measure(made.path)
    assert (pixels[far] == 255).all()
    assert verdicts(made)["white"] == Verdict.PASSED


@pytest.mark.parametrize("format", ["webp", "avif"])
def test_alpha_is_exact_where_colours_are_not(cutout, tmp_path, format):
    made = make(cutout, tmp_path, None, f"a.{format}", format=format)
    with Image.open(made.path) as back, Image.open(cutout) as wanted:
        assert np.array_equal(np.asarray(back)[..., 3], np.asarray(wanted)[..., 3])


def test_a_sharp_outline_that_is_enlarged_leaves_no_specks_in_the_white(tmp_path):
    rng = np.random.default_rng(5)
    rgba = np.zeros((120, 90, 4), np.uint8)
    for y, x in rng.integers(25, 65, (9, 2)):
        rgba[y : y + 20, x - 10 : x + 12] = (*rng.integers(150, 235, 3), 255)
    Image.fromarray(rgba).save(tmp_path / "cut.png")
    made = make(
        tmp_path / "cut.png",
        tmp_path,
        finish=Finish(background="white", canvas="exact", width=600, height=600, scaling="fit", enlarge=True),
    )
    rgb = np.asarray(Image.open(tmp_path / made.path))
    product = (rgb < 252).any(axis=2)
    far = ~ndimage.binary_dilation(product, np.ones((3, 3), bool))
    assert (rgb[far] == 255).all()


def test_without_a_ground_it_stays_see_through_and_the_density_goes_along(cutout, tmp_path):
    made = make(cutout, tmp_path, None, "a.png", format="png")
    with Image.open(made.path) as picture:
        assert picture.mode == "RGBA"
        assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
        assert b"sRGB" in picture.info["icc_profile"].replace(b"\0", b"")
    assert made.verdict == Verdict.PASSED


def test_ones_own_frame_is_kept_where_it_is_taken_and_repaired_where_not(cutout, tmp_path):
    fits = Finish(
        canvas="exact", width=100, height=100, scaling="fit", margins=(0.08,) * 4, background="white"
    )
    assert make(cutout, tmp_path, frame="recipe", finish=fits).width == 100
    lean = replace(fits, height=60, background="#ffffff")
    made = make(cutout, tmp_path, frame="recipe", finish=lean)
    assert (made.width, made.height) == (120, 120)
    assert verdicts(made)["ratio"] == Verdict.REPAIRED
    assert made.verdict == Verdict.REPAIRED


def test_a_ground_of_ones_own_is_not_repaired_but_told(cutout, tmp_path):
    own = Finish(background="#fefefe")
    made = make(cutout, tmp_path, frame="recipe", finish=own)
    white = next(one for one in made.checks if one.key == "white")
    assert (white.verdict, white.asked) == (Verdict.NOT_MET, "100.000 %")
    assert float(white.measured.partition(" %")[0]) < 2


def test_what_may_not_be_enlarged_gets_a_smaller_frame_down_to_the_least(cutout, tmp_path):
    large = replace(SMALL, good=(600, 600))
    made = make(cutout, tmp_path, large)
    assert 240 <= made.width == made.height < 320
    assert verdicts(made)["fill"] == Verdict.REPAIRED
    at_least = replace(large, least=(500, 500))
    made = make(cutout, tmp_path, at_least)
    assert made.width == 600
    assert verdicts(made)["fill"] == Verdict.NOT_MET
    grown = make(cutout, tmp_path, at_least, finish=Finish(enlarge=True))
    assert verdicts(grown)["fill"] == Verdict.PASSED


def test_a_file_that_is_too_large_gets_less_quality_and_stays_white(cutout, tmp_path):
    usual = make(cutout, tmp_path).bytes
    made = make(cutout, tmp_path, replace(SMALL, most_bytes=usual - 200))
    assert made.bytes <= usual - 200
    assert verdicts(made)["bytes"] == Verdict.REPAIRED
    pixels, _, far = measure(made.path)
    assert (pixels[far] == 255).all()
    told = make(cutout, tmp_path, replace(SMALL, most_bytes=300))
    assert verdicts(told)["bytes"] == Verdict.NOT_MET


def test_names_suffixes_and_formats_are_read_from_the_file(cutout, tmp_path):
    made = verdicts(make(cutout, tmp_path, MARKETS["otto"], "otto/große vase.png", format="jpg"))
    assert made["name"] == made["suffix"] == Verdict.NOT_MET
    assert verdicts(make(cutout, tmp_path, name="a.webp", format="webp"))["format"] == Verdict.NOT_MET


def test_what_touches_the_edge_is_told(cutout, tmp_path):
    close = Finish(canvas="content", background="white")
    made = make(cutout, tmp_path, None, finish=close)
    assert verdicts(made)["edge"] == Verdict.NOT_MET


def test_a_shadow_beside_white_stays_and_is_measured(cutout, tmp_path):
    finish = Finish(
        shadow="contact",
        background="white",
        canvas="exact",
        width=120,
        height=120,
        scaling="fit",
        margins=(0.075,) * 4,
    )
    own = make(cutout, tmp_path, frame="recipe", finish=finish)
    assert verdicts(own)["white"] == Verdict.NOT_MET
    assert verdicts(make(cutout, tmp_path, finish=finish))["white"] == Verdict.PASSED


def test_files_of_one_frame_are_rendered_once(cutout, tmp_path, monkeypatch):
    rendered = []
    true = delivery.render

    def render(rgb, alpha, finish, backdrop):
        rendered.append(finish)
        return true(rgb, alpha, finish, backdrop)

    monkeypatch.setattr(delivery, "render", render)
    other = replace(SMALL, good=(80, 80))
    orders = [
        Order(FileSpec(format=format), market, f"a{number}.{format}")
        for number, (format, market) in enumerate(
            [("jpg", SMALL), ("jpg", other), ("png", SMALL), ("png", other)]
        )
    ]
    made = Delivery(cutout, Finish()).make(orders, tmp_path)
    assert len(rendered) == 2
    assert [(one.width, one.format) for one in made] == [(120, "jpg"), (80, "jpg"), (120, "png"), (80, "png")]


def test_the_same_is_the_same_bytes(cutout, tmp_path):
    (tmp_path / "again").mkdir()
    for format in ("jpg", "png", "tiff"):
        again = make(cutout, tmp_path / "again", format=format, name=f"a.{format}")
        assert make(cutout, tmp_path, format=format, name=f"a.{format}").sha256 == again.sha256


@pytest.mark.parametrize(("format", "suffix"), [("tiff", "tif"), ("psd", "psd")])
def test_a_clipping_path_goes_along_and_is_read_back_from_the_file(cutout, tmp_path, format, suffix):
    finish = Finish(background="white", shadow="contact")
    made = make(
        cutout, tmp_path, None, f"a.{suffix}", format=format, clipping_path=True, finish=finish, dpi=300
    )
    path = next(one for one in made.checks if one.key == "path")
    assert path.verdict == Verdict.PASSED
    assert path.measured.startswith("closed, ")
    assert verdicts(made)["density"] == Verdict.PASSED
    with Image.open(made.path) as picture:
        assert picture.size == (made.width, made.height) == (240, 300)
    plain = make(cutout, tmp_path, None, f"a.{suffix}", format=format, finish=finish)
    assert "path" not in verdicts(plain)


def test_a_market_that_asks_for_a_path_gets_one_or_is_told(cutout, tmp_path):
    market = replace(SMALL, formats=("tiff", "jpg", "psd"), clipping_path=True, least_dpi=300)
    for format in ("tiff", "psd"):
        made = make(cutout, tmp_path, market, f"a.{format}", format=format)
        assert made.verdict == Verdict.PASSED, made.checks
    assert verdicts(make(cutout, tmp_path, market))["path"] == Verdict.NOT_MET
