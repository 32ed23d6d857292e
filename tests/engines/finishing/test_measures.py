"""Light measured on a product and its photo's own ground: drawn in a known light, and taken back."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines import types
from editor.engines.finishing import __main__ as process
from editor.engines.finishing import light, measures
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.measures import measure
from editor.engines.finishing.proposals import Measures, apply
from editor.engines.io import pictures

SIDE = 240
Colour = tuple[float, float, float]


def to_values(linear: NDArray[np.float64]) -> types.Image:
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(coded * 255 + 0.5, 0, 255), np.uint8)


def take_photo(
    product: float | Colour, ground: float | Colour, cast: Colour = (1, 1, 1), stops: float = 0.0
) -> tuple[types.Image, types.Alpha]:
    """Return a photo of a box that gets darker downwards, in a light of that colour, and the box's alpha.

    product, ground: how much light each throws back, linear.
    """
    alpha = np.zeros((SIDE, SIDE), np.float32)
    alpha[70:170, 60:180] = 1
    shades = np.ones((SIDE, 1, 1))
    shades[70:170, 0, 0] = np.geomspace(1, 0.08, 100)
    own = np.broadcast_to(np.asarray(product, np.float64), 3) * shades
    around = np.broadcast_to(np.asarray(ground, np.float64), 3)
    scene = np.where(alpha[..., np.newaxis] > 0, own, around)
    noise = np.random.default_rng(3).normal(0, 0.004, scene.shape)
    return to_values((scene + noise) * np.asarray(cast) * 2.0**stops), alpha


def take_measures(photo: types.Image, alpha: types.Alpha) -> Measures:
    return measure(photo, alpha, photo)


def relight(photo: types.Image, found: Measures, **shares: float) -> types.Image:
    finish = apply(Finish(), found, **shares)
    table = light.make_table(finish)
    return photo if table is None else light.relight(photo, table)


@pytest.mark.parametrize("cast", [(1.0, 0.9, 0.72), (0.75, 0.85, 1.0), (1.0, 1.1, 0.95)])
@pytest.mark.parametrize("ground", [0.75, 0.35])
def test_a_grey_ground_comes_out_grey_to_two_levels(cast: Colour, ground: float) -> None:
    photo, alpha = take_photo(0.6, ground, cast)
    made = relight(photo, take_measures(photo, alpha), white_balance=1)
    corner = made[:40, :40].reshape(-1, 3).mean(axis=0)
    assert corner.max() - corner.min() <= 2
    before = photo[:40, :40].reshape(-1, 3).mean(axis=0)
    assert before.max() - before.min() > 4


def test_half_the_strength_takes_half_the_cast() -> None:
    photo, alpha = take_photo(0.6, 0.5, (1.0, 0.9, 0.72))
    found = take_measures(photo, alpha)
    assert found.warmth is not None
    whole, half = (apply(Finish(), found, white_balance=share).warmth for share in (1, 0.5))
    assert half == pytest.approx(whole / 2, abs=1e-3)
    assert apply(Finish(), found) == Finish()


@pytest.mark.parametrize("stops", [-0.4, -1.0])
def test_a_white_ground_tells_how_much_light_is_missing(stops: float) -> None:
    photo, alpha = take_photo(0.5, measures.WHITE, stops=stops)
    found = take_measures(photo, alpha)
    assert found.exposure == pytest.approx(-stops, abs=0.05)
    corner = relight(photo, found, exposure=1)[:40, :40]
    assert corner.mean() == pytest.approx(237, abs=2)


def test_a_bright_product_is_not_burnt_out_for_its_ground() -> None:
    photo, alpha = take_photo(0.9, 0.4)
    found = take_measures(photo, alpha)
    assert found.exposure is not None
    # The ground alone would ask for 1.09 stops.
    assert found.exposure == pytest.approx(np.log2(measures.BRIGHTEST / (0.9 * 0.95)), abs=0.05)
    assert np.median(relight(photo, found, exposure=1)[75, 60:180]) < 254


@pytest.mark.parametrize("ground", [0.8, 1.0])
def test_a_black_product_on_white_stays_black(ground: float) -> None:
    photo, alpha = take_photo(0.03, ground)
    found = take_measures(photo, alpha)
    assert found.exposure == 0
    assert found.reasons == {
        "exposure": "The photo’s own ground is white already.",
        "white_balance": "The ground is free of colour already.",
        "straighten": "The product stands upright already.",
    }
    assert (relight(photo, found, exposure=1, white_balance=1) == photo).all()


@pytest.mark.parametrize("ground", [0.02, (0.1, 0.3, 0.7)])
def test_a_dark_product_is_left_dark_where_no_white_is_shown(ground: float | Colour) -> None:
    found = take_measures(*take_photo(0.04, ground))
    assert found.exposure is None
    assert "Nothing tells whether the product is dark" in found.reasons["exposure"]


def test_a_product_of_light_and_shade_tells_by_itself_what_it_lacks() -> None:
    photo, alpha = take_photo(0.5, (0.1, 0.3, 0.7))
    assert take_measures(photo, alpha).exposure == pytest.approx(
        np.log2(measures.WELL_LIT / (0.5 * 0.95)), abs=0.05
    )


def test_a_coloured_ground_proposes_no_white() -> None:
    found = take_measures(*take_photo(0.6, (0.1, 0.3, 0.7)))
    assert found.warmth is None
    assert found.tint is None
    assert found.reasons["white_balance"] == "The ground is coloured: it shows no grey or white."


@pytest.mark.parametrize("size", [1, 6])
def test_a_texture_proposes_no_white(size: int) -> None:
    photo, alpha = take_photo(0.6, 0.5)
    photo, alpha = photo.repeat(size, axis=0).repeat(size, axis=1), alpha.repeat(size, 0).repeat(size, 1)
    weave = np.random.default_rng(4).integers(-60, 60, (*alpha.shape, 1))
    woven = np.where(alpha[..., np.newaxis] > 0, photo, np.clip(photo + weave, 0, 255)).astype(np.uint8)
    found = take_measures(woven, alpha)
    assert found.warmth is None
    assert found.reasons["white_balance"] == "The ground has a texture."


def test_a_photo_without_ground_proposes_no_white() -> None:
    photo, alpha = take_photo(0.6, 0.5)
    nothing = "The photo shows hardly any ground around the product."
    assert take_measures(photo, np.ones_like(alpha)).reasons["white_balance"] == nothing
    # What is see-through in the photo is no ground either.
    assert measure(photo, alpha, photo, alpha).reasons["white_balance"] == nothing


def test_a_product_that_leans_too_far_is_not_turned() -> None:
    found = Measures(angle=12.0)
    assert apply(Finish(rotation=90), found, most_angle=15).rotation == 102
    assert apply(Finish(rotation=90), found, most_angle=10).rotation == 90


def test_a_cutouts_file_is_measured_beside_its_photos(tmp_path: Path) -> None:
    photo, alpha = take_photo(0.6, 0.5, (1.0, 0.9, 0.72))
    paths = [str(tmp_path / name) for name in ("photo.png", "cutout.png", "other.png")]
    pictures.write(paths[0], photo, format="png")
    pictures.write(paths[1], photo, alpha, format="png")
    pictures.write(paths[2], photo[10:], format="png")
    asked = {"work": "measure", "source": paths[1], "photo": paths[0]}
    assert Measures.from_dict(process.answer(json.dumps(asked).encode())) == take_measures(photo, alpha)
    # Without its photo, or beside one of another size, nothing tells of the ground.
    for other in ({**asked, "photo": ""}, {**asked, "photo": paths[2]}):
        told = process.answer(json.dumps(other).encode())
        assert told["warmth"] is None
        assert told["reasons"]["white_balance"] == "The photo’s own ground is not there to be looked at."
    assert "sentence" in process.answer(json.dumps({**asked, "photo": __file__}).encode())


def test_measures_are_kept_as_json() -> None:
    photo, alpha = take_photo(0.6, 0.5, (1.0, 0.9, 0.72))
    found = take_measures(photo, alpha)
    assert Measures.from_dict(found.to_dict()) == found
    assert Measures.from_dict({**found.to_dict(), "version": 0}) is None
    assert Measures.from_dict({}) is None


def test_measuring_changes_nothing() -> None:
    photo, alpha = take_photo(0.6, 0.5)
    before = photo.copy(), alpha.copy()
    measure(photo, alpha, photo)
    assert (photo == before[0]).all()
    assert (alpha == before[1]).all()
