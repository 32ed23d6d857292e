"""animal_head: what speaks for a head, where a figure's is by its silhouette, and what of it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import animal_head, animal_place
from editor.engines.heads.animal_head import AnimalHead
from editor.engines.networks import animacy
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
    [
        (20, 0.5, True),
        (20, 0.0, False),
        (100, None, True),
        (100, 0.0, False),
        (100, -1.0, False),
        (300, -1.0, True),
        (3, 1.0, False),
        (5, 1.0, True),
    ],
)
def test_the_less_a_subject_is_alive_the_surer_its_face_must_be(
    monkeypatch: pytest.MonkeyPatch, hits: int, living: float | None, seen: bool
) -> None:
    """living: as animacy measures it, None of a drawing, which cannot be measured."""
    heads = np.zeros((32, 32), np.float32)
    measured = None if living is None else Animacy(living, heads)
    monkeypatch.setattr(animal_head.face_detection, "detect", lambda *ignored: [face(200, 80, hits=hits)])
    monkeypatch.setattr(animal_head, "_mesh_evidence", lambda *ignored: 0.0)
    monkeypatch.setattr(animal_head, "_is_head", lambda *ignored, **more: True)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: measured)
    monkeypatch.setattr(animal_head.pose_detection, "detect", lambda *ignored: [])
    alpha = np.zeros((400, 400), np.float32)
    alpha[50:350, 125:275] = 1
    found = animal_head.find_heads(np.zeros((400, 400, 3), np.uint8), alpha)
    assert bool(found) is seen


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


# A subject of 320 x 320, whose cells are ten pixels; a face of 80 in the middle.
MIDDLE = face(160, 164, 80)


def cells(least: float, most: float, inside: float, outside: float) -> NDArray[np.float32]:
    """How head-like cells are: `inside` where they are that far from the face, in halves of its side."""
    rows, columns = np.mgrid[:32, :32] * 10 + 5
    distance = np.maximum(np.abs(columns - 160), np.abs(rows - 160)) / 40
    return np.where((distance >= least) & (distance < most), inside, outside).astype(np.float32)


def headness(heads: NDArray[np.float32], alpha: NDArray[np.float32] | None = None) -> float:
    share = animacy.measure_cells(np.ones((320, 320), np.float32) if alpha is None else alpha)
    return animal_place.measure_headness(MIDDLE, heads, share, (320, 320))


def test_a_face_explains_what_looks_like_a_head_around_it_and_not_what_does_elsewhere() -> None:
    own = headness(cells(0, 1.1, 0.5, -0.5))
    ears = headness(cells(0, 1.4, 0.5, -0.5))
    elsewhere = headness(cells(1.8, 3, 0.5, -0.5))
    assert own > 2.5
    assert ears > 2.5
    assert elsewhere < 0
    # What is beside the face and no longer its own still counts as held, and the rest begins beyond it.
    beside = headness(cells(1.15, 1.45, 0.5, -0.5))
    assert 1 < beside < 2
    assert headness(cells(1.7, 1.95, 0.5, -0.5)) < 0


def test_an_eye_leaves_most_of_a_face_over() -> None:
    assert headness(cells(0, 2.6, 0.5, -0.5)) < headness(cells(0, 1.4, 0.5, -0.5)) - 0.8


def test_what_is_not_like_a_head_is_not_held() -> None:
    """A cell a little below nought still looks somewhat like one, one far below it does not."""
    somewhat, not_at_all = headness(cells(0, 1.4, 0, -0.2)), headness(cells(0, 1.4, 0, -0.35))
    assert not_at_all > somewhat + 0.5
    assert headness(cells(0, 1.4, 0, -0.35)) == pytest.approx(1.5 * 0.35 + 1.5, abs=0.05)


@pytest.mark.parametrize(("elsewhere", "stands_out"), [(0, True), (12, True), (25, False)])
def test_where_hardly_a_body_is_seen_a_head_is_taken_to_stand_out_a_little(
    elsewhere: int, stands_out: bool
) -> None:
    """elsewhere: pixels a side of the subject beside its face; a cell has ten. All looks like a head."""
    alpha = np.zeros((320, 320), np.float32)
    alpha[120:200, 120:200] = 1
    alpha[280 : 280 + elsewhere, 280 : 280 + elsewhere] = 1
    assert bool(1.8 < headness(cells(0, 9, 0.5, 0), alpha) < 2.1) is stands_out


@pytest.mark.parametrize(("side", "explains"), [(2, False), (5, True)])
def test_a_face_with_hardly_any_subject_near_explains_nothing(side: int, explains: bool) -> None:
    alpha = np.ones((320, 320), np.float32)
    alpha[80:250, 80:250] = 0
    alpha[161 : 161 + side, 161 : 161 + side] = 1
    assert bool(headness(cells(0, 1, 0.5, -0.5), alpha)) is explains


def test_cells_are_in_a_face_or_well_outside_of_it_or_neither() -> None:
    inside, outside = animal_place.split_cells(MIDDLE, (320, 320), (32, 32))
    assert inside[16, 16]
    assert inside[16, 19]
    assert not inside[16, 21]
    assert not outside[16, 22]
    assert outside[16, 24]


def test_places_that_no_detector_sees_are_tried_from_a_quarter_of_the_subject_to_most_of_it() -> None:
    squares = animal_place.list_squares((0, 0, 300, 300), 300)
    sides = {round(square.side) for square in squares}
    assert min(sides) < 100
    assert 200 < max(sides) < 300
    least = min(sides)
    lefts = sorted({square.box[0] for square in squares if round(square.side) == least})
    assert 0.15 * least < lefts[1] - lefts[0] < 0.5 * least


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
    across = float((choice[150] > 0.5).sum()) / 2 / (animal_place.ACROSS * 96)
    up = float((choice[:150, 160] > 0.5).sum()) / (animal_place.UP * 96)
    down = float((choice[150:, 160] > 0.5).sum()) / (animal_place.DOWN * 96)
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
    measured = Animacy(living, np.zeros((32, 32), np.float32))
    monkeypatch.setattr(animal_head.face_detection, "detect", lambda *ignored: [seen])
    monkeypatch.setattr(animal_head, "_mesh_evidence", lambda *ignored: 0.0)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: measured)
    monkeypatch.setattr(animal_head.pose_detection, "detect", lambda *ignored: [person])
    assert bool(animal_head.find_heads(np.zeros((300, 300, 3), np.uint8), figure)) is found
