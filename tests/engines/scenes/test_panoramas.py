"""What a set is surrounded by follows from what is behind it, and from its light."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engines.scenes.panoramas import BUILT, ROOMS, WOODED, choose_panorama, find_lobes
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import BACKDROPS, LIGHTS

NAMES = {"studio", "interior", "courtyard", "forest", "city", "sunrise", "sunset", "night"}


@pytest.mark.parametrize(
    ("backdrop", "light", "panorama"),
    [
        ("sweep", "softbox", "studio"),
        ("wall", "window", "interior"),
        ("kitchen", "softbox", "interior"),
        ("wall", "sun", "courtyard"),
        ("stream", "overcast", "forest"),
        ("street", "sun", "city"),
        ("sea", "golden", "sunset"),
        ("meadow", "morning", "sunrise"),
        ("sea", "night", "night"),
        ("curtain", "spot", "interior"),
    ],
)
def test_a_studio_a_room_or_what_is_out_of_doors(backdrop: str, light: str, panorama: str) -> None:
    assert choose_panorama(SetPlan(Piece("wood"), Piece(backdrop), light=light)) == panorama


def test_every_set_has_one_and_every_name_is_a_backdrop() -> None:
    found = {
        choose_panorama(SetPlan(Piece("wood"), Piece(backdrop), light=light))
        for backdrop in BACKDROPS
        for light in LIGHTS
    }
    assert found == NAMES
    assert set(BACKDROPS) >= WOODED | BUILT | ROOMS


def test_a_panoramas_light_comes_from_where_it_is_bright_and_is_1_on_average() -> None:
    pixels = np.full((64, 128, 3), 0.2, np.float32)
    # A window a quarter to the right of the middle, which is +x: it lies at -y, and is cool.
    pixels[24:40, 90:102] = (2.0, 3.0, 4.0)
    lobes = find_lobes(pixels, 5.0)
    grey = lobes @ np.array([0.2126, 0.7152, 0.0722])
    assert int(grey.argmax()) == 3
    assert abs(float(grey.mean()) - 1) < 0.05
    assert lobes[3, 2] > lobes[3, 0]
    np.testing.assert_allclose(lobes[2], grey[2], rtol=0.02)


def test_a_panorama_that_is_even_lights_evenly() -> None:
    lobes = find_lobes(np.full((32, 64, 3), 0.7, np.float32), 5.0)
    np.testing.assert_allclose(lobes, 1.0, atol=1e-3)
