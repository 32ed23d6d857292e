"""What a set is surrounded by follows from what is behind it, and from its light."""

from __future__ import annotations

import pytest

from editor.engines.scenes.panoramas import BUILT, ROOMS, WOODED, choose_panorama
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
