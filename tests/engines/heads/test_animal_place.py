"""animal_place: a beast's head stands out of its body and looks like one; a patch of fur does not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import animal_head, animal_place
from editor.engines.heads.animal_head import AnimalHead
from editor.engines.networks.animacy import Animacy
from editor.engines.networks.face_detection import Face

# A drawn beast of 640 x 640: a head, a neck, and a body to the right and below.
HEAD, BODY = (180.0, 160.0, 90.0), (400.0, 420.0, 190.0)
BOX = (80, 60, 600, 620)


def disc(x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:640, :640]
    return np.asarray(np.hypot(columns - x, rows - y) <= radius)


@pytest.fixture(scope="module")
def beast() -> NDArray[np.float32]:
    neck = disc(250, 240, 55)
    return (disc(*HEAD) | neck | disc(*BODY)).astype(np.float32)


def likeness(x: float, y: float, radius: float) -> NDArray[np.float32]:
    """Cells like a head within a disc of the picture, and unlike one elsewhere."""
    rows, columns = np.mgrid[:32, :32] * 20 + 10
    return np.where(np.hypot(columns - x, rows - y) <= radius, 0.6, -0.6).astype(np.float32)


def test_a_head_is_found_by_its_outline_where_the_detectors_saw_an_eye(beast: NDArray[np.float32]) -> None:
    eye = 1.5, animal_place.square_at(150, 140, 60)
    place = animal_place.find(beast, likeness(*HEAD), [eye], BOX)
    assert place is not None
    head = AnimalHead(place.face, place.unit, 0.0, 0.5)
    assert head.centre == pytest.approx(HEAD[:2], abs=45)
    assert head.radii[0] == pytest.approx(HEAD[2], rel=0.35)
    assert place.ring < 0.4
    assert place.likeness > 0.2


@pytest.mark.parametrize(("x", "y", "radius", "found"), [(*HEAD, True), (440, 470, 60, False)])
def test_better_no_head_than_a_patch_of_fur(
    monkeypatch: pytest.MonkeyPatch,
    beast: NDArray[np.float32],
    x: float,
    y: float,
    radius: float,
    found: bool,
) -> None:
    """What looks like a head, face and all, in the middle of a flank lies wholly within the subject."""
    level = np.array([[0, 0], [1, 0], [0, 0], [0, 0], [0, 0], [0, 0]], np.float32)
    seen = Face((x - radius, y - radius, x + radius, y + radius), level, 0.7, 60)
    monkeypatch.setattr(animal_head.face_detection, "detect", lambda *ignored: [seen])
    monkeypatch.setattr(animal_head, "_mesh_evidence", lambda *ignored: 0.0)
    monkeypatch.setattr(animal_head.animacy, "measure", lambda *ignored: Animacy(1.0, likeness(x, y, radius)))
    heads = animal_head.find_heads(np.zeros((640, 640, 3), np.uint8), beast)
    assert bool(heads) is found


def test_a_head_knows_the_way_to_its_body(beast: NDArray[np.float32]) -> None:
    way = animal_place.find_body(beast, HEAD[:2], (HEAD[2] * 1.1, HEAD[2] * 1.1))
    assert way == pytest.approx((0.65, 0.76), abs=0.06)
    alone = disc(*HEAD).astype(np.float32)
    assert animal_place.find_body(alone, HEAD[:2], (HEAD[2] * 1.1, HEAD[2] * 1.1)) is None


def test_the_cut_is_tighter_on_the_side_of_the_body() -> None:
    """In a picture without any edge nothing but the way to the body makes a difference."""
    plain, everything = np.full((320, 320, 3), 120, np.uint8), np.ones((320, 320), np.float32)
    sides = []
    for body in (None, (0.0, 1.0)):
        head = AnimalHead((160.0, 150.0), 96.0, 0.0, 0.5, body=body)
        taken = animal_head.choose_pixels(plain, everything, head)[:, 160] > 0.5
        sides.append((int(taken[:150].sum()), int(taken[150:].sum())))
    assert sides[0][0] == sides[1][0]
    assert sides[1][1] < sides[0][1] - 3
