"""animal_head: where a figure's head is by its silhouette, and what of it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import animal_head
from editor.engines.heads.animal_head import AnimalHead

# A drawn girl in profile, looking right: a skull, a nose, a thin neck, and a body below.
SKULL = (150.0, 90.0, 50.0)
NECK, BODY = (slice(135, 175), slice(135, 165)), (slice(170, 300), slice(90, 210))
NOSE = (slice(95, 115), slice(198, 210))


@pytest.fixture
def figure() -> NDArray[np.float32]:
    rows, columns = np.mgrid[:300, :300]
    alpha = (np.hypot(columns - SKULL[0], rows - SKULL[1]) <= SKULL[2]).astype(np.float32)
    for part in (NECK, BODY, NOSE):
        alpha[part] = 1
    return alpha


def test_a_guess_on_the_hair_moves_to_the_middle_of_the_skull(figure: NDArray[np.float32]) -> None:
    found = animal_head.place_under_crown(figure, 40, AnimalHead((130, 75), 55, 0.0, 0.5))
    assert found.skull
    assert found.centre == pytest.approx(SKULL[:2], abs=4)
    assert found.radii == pytest.approx((SKULL[2], SKULL[2]), abs=4)


def test_under_a_raised_hand_the_guess_stays(figure: NDArray[np.float32]) -> None:
    figure[5:200, 215:225] = 1
    figure[5:200, 205:215] = 0
    guess = AnimalHead((150, 90), 55, 0.0, 0.5)
    assert animal_head.place_under_crown(figure, 5, guess) == guess


def test_a_flat_face_beside_flat_hair_is_of_the_head_and_the_body_is_not(
    figure: NDArray[np.float32],
) -> None:
    rgb = np.full((300, 300, 3), (150, 200, 230), np.uint8)
    rgb[figure > 0] = (25, 25, 40)
    rgb[60:175, 165:215][figure[60:175, 165:215] > 0] = (150, 170, 200)
    rgb[BODY] = (230, 230, 240)
    photo, matte = rgb.copy(), figure.copy()
    choice = animal_head.choose_pixels(
        rgb, figure, AnimalHead(SKULL[:2], 2 * SKULL[2] / animal_head.SKULL, 0.0, 0.5, skull=True)
    )
    assert choice[90, 120] > 0.9
    assert choice[90, 185] > 0.9
    assert choice[105, 203] > 0.5
    assert choice[250, 150] < 0.1
    assert (rgb == photo).all()
    assert (figure == matte).all()
