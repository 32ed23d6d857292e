"""animal_head: what speaks for a head, where a figure's is by its silhouette, and what of it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import animal_head
from editor.engines.heads.animal_head import AnimalHead
from editor.engines.networks.animacy import Animacy
from editor.engines.networks.face_detection import Face
from editor.engines.networks.pose_detection import Person

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


def face(x: float, y: float, side: float = 40, score: float = 0.9, hits: int = 20) -> Face:
    level = np.array([[0, 0], [1, 0], [0, 0], [0, 0], [0, 0], [0, 0]], np.float32)
    return Face((x - side / 2, y - side / 2, x + side / 2, y + side / 2), level, score, hits)


def evidence(x: float, y: float) -> float:
    """What speaks for a face in a subject that fills the left half of a square of 400."""
    alpha = np.zeros((400, 400), np.float32)
    alpha[:, :200] = 1
    return animal_head.weigh_evidence(face(x, y), alpha, (0, 0, 200, 400))


def test_a_face_outside_of_the_subject_says_half_as_much() -> None:
    assert 0.35 < evidence(300, 80) / evidence(100, 80) < 0.65


def test_a_face_in_the_upper_third_costs_nothing_and_one_at_the_bottom_a_third() -> None:
    assert evidence(100, 120) == evidence(100, 40)
    assert evidence(100, 200) < evidence(100, 40)
    assert 0.6 < evidence(100, 375) / evidence(100, 40) < 0.85


@pytest.mark.parametrize(
    ("hits", "living", "seen"),
    [(100, None, True), (20, None, False), (100, -0.2, False), (100, -1.0, False), (300, -1.0, True)],
)
def test_what_is_no_beast_is_a_head_where_its_face_is_sure(
    monkeypatch: pytest.MonkeyPatch, hits: int, living: float | None, seen: bool
) -> None:
    """living: as animacy measures it, None of a drawing, which cannot be measured."""
    measured = None if living is None else Animacy(living)
    monkeypatch.setattr(animal_head.face_detection, "detect", lambda *ignored: [face(200, 80, hits=hits)])
    monkeypatch.setattr(animal_head, "_mesh_evidence", lambda *ignored: 0.0)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: measured)
    monkeypatch.setattr(animal_head.pose_detection, "detect", lambda *ignored: [])
    alpha = np.zeros((400, 400), np.float32)
    alpha[50:350, 125:275] = 1
    found = animal_head.find_heads(np.zeros((400, 400, 3), np.uint8), alpha)
    assert bool(found) is seen


@pytest.mark.parametrize("faces", [0, 1])
def test_a_beasts_head_is_sought_by_what_its_parts_are_like_and_not_by_faces(
    monkeypatch: pytest.MonkeyPatch, faces: int
) -> None:
    sure = [face(200, 80, hits=500)] * faces
    monkeypatch.setattr(animal_head.face_detection, "detect", lambda *ignored: sure)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: Animacy(0.6))
    monkeypatch.setattr(animal_head.head_map, "find", lambda *ignored: [])
    alpha = np.ones((400, 400), np.float32)
    assert animal_head.find_heads(np.zeros((400, 400, 3), np.uint8), alpha) == []


@pytest.mark.parametrize(("side", "seen"), [(18, False), (40, True)])
def test_what_is_small_beside_the_subject_is_an_eye_or_a_pattern(
    monkeypatch: pytest.MonkeyPatch, side: float, seen: bool
) -> None:
    monkeypatch.setattr(
        animal_head.face_detection, "detect", lambda *ignored: [face(200, 80, side, hits=500)]
    )
    monkeypatch.setattr(animal_head, "_mesh_evidence", lambda *ignored: 0.0)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: None)
    monkeypatch.setattr(animal_head.pose_detection, "detect", lambda *ignored: [])
    alpha = np.zeros((400, 400), np.float32)
    alpha[50:350, 125:275] = 1
    assert bool(animal_head.find_heads(np.zeros((400, 400, 3), np.uint8), alpha)) is seen


@pytest.mark.parametrize(("tilt", "believed"), [(0.4, 0.2), (-0.4, -0.2), (0.8, 0.0), (-2.0, 0.0)])
def test_of_a_weak_answers_tilt_half_is_believed_if_it_is_slight(tilt: float, believed: float) -> None:
    assert animal_head._level(tilt) == pytest.approx(believed)


@pytest.mark.parametrize("unit", [24, 140])
def test_a_disc_of_another_size_than_the_guess_is_no_skull(figure: NDArray[np.float32], unit: float) -> None:
    guess = AnimalHead((140, 85), unit, 0.0, 0.5)
    assert animal_head.place_under_crown(figure, 40, guess) == guess


@pytest.mark.parametrize(("top", "skull"), [(36, True), (12, False)])
def test_a_skull_is_at_the_top_of_its_figure(figure: NDArray[np.float32], top: float, skull: bool) -> None:
    found = animal_head.place_under_crown(figure, top, AnimalHead((150, 90), 55, 0.0, 0.5))
    assert (found.skull and found.centre == pytest.approx(SKULL[:2], abs=4)) is skull


def test_without_an_edge_a_head_ends_between_what_surely_is_and_what_surely_is_not() -> None:
    plain, all_of_it = np.full((320, 320, 3), 128, np.uint8), np.ones((320, 320), np.float32)
    choice = animal_head.choose_pixels(plain, all_of_it, AnimalHead((160.0, 150.0), 96.0, 0.0, 0.5))
    across = float((choice[150] > 0.5).sum()) / 2 / (animal_head.ACROSS * 96)
    up = float((choice[:150, 160] > 0.5).sum()) / (animal_head.UP * 96)
    down = float((choice[150:, 160] > 0.5).sum()) / (animal_head.DOWN * 96)
    for share in (across, up, down):
        assert 0.75 < share < 1.2
    # An ear in the corner: further from the middle than any edge of the ellipse, and head.
    assert choice[150 - 70, 160 + 52] > 0.5


def end_below(edge: int, *, skull: bool) -> int:
    """Where a head of 96 pixels ends below its face, on a picture that is lighter from the row `edge` on."""
    rgb, matte = np.full((320, 320, 3), 40, np.uint8), np.ones((320, 320), np.float32)
    rgb[edge:] = 220
    choice = animal_head.choose_pixels(rgb, matte, AnimalHead((160.0, 150.0), 96.0, 0.0, 0.5, skull))
    return 150 + int((choice[150:, 160] > 0.5).sum())


def test_an_edge_close_to_a_face_is_of_its_coat_and_does_not_end_the_head() -> None:
    assert end_below(200, skull=False) > 203


def test_a_drawn_head_ends_at_an_edge_unless_that_is_far() -> None:
    assert abs(end_below(250, skull=True) - 250) <= 2
    assert end_below(262, skull=True) < 256


@pytest.mark.parametrize(
    ("living", "crowned", "found"), [(0.0, True, True), (0.0, False, False), (-0.7, True, False)]
)
def test_a_figure_without_a_skull_or_life_is_a_garment(
    monkeypatch: pytest.MonkeyPatch,
    figure: NDArray[np.float32],
    living: float,
    crowned: bool,
    found: bool,
) -> None:
    """The drawn girl again, of whose hair alone something is seen; or what she wears, cut off at the neck."""
    if not crowned:
        figure[:165] = 0
    top = 40 if crowned else 165
    person = Person(figure, 1.0, (90, top, 210, 300))
    seen = face(150, 80 if crowned else 190, hits=9)
    measured = Animacy(living)
    monkeypatch.setattr(animal_head.face_detection, "detect", lambda *ignored: [seen])
    monkeypatch.setattr(animal_head, "_mesh_evidence", lambda *ignored: 0.0)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: measured)
    monkeypatch.setattr(animal_head.pose_detection, "detect", lambda *ignored: [person])
    monkeypatch.setattr(animal_head.head_map, "find", lambda *ignored: [])
    assert bool(animal_head.find_heads(np.zeros((300, 300, 3), np.uint8), figure)) is found
