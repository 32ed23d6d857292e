"""person.people: people stay, and everything else goes."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from editor.engines.heads import people_matte
from editor.engines.heads.detection import Head
from editor.engines.io import pictures
from editor.engines.networks import weights
from editor.engines.networks.animacy import Animacy
from editor.engines.networks.pose_detection import Person
from editor.engines.tools import subject_selection
from tests.engines.conftest import opened


@pytest.fixture(scope="module", autouse=True)
def pose_networks() -> None:
    """The networks' files must be here; a missing one fails the test and says how to get it."""
    for network in weights.NETWORKS:
        weights.need(network)


@pytest.fixture(scope="module")
def astronaut() -> NDArray[np.uint8]:
    return np.array(skimage.data.astronaut())


@pytest.mark.parametrize("turn", [0, 1])
def test_a_person_stays_and_what_is_behind_goes(astronaut: NDArray[np.uint8], turn: int) -> None:
    turned = np.ascontiguousarray(np.rot90(astronaut, turn))
    before = turned.copy()
    alpha = people_matte.estimate(opened(turned))
    assert alpha is not None
    upright = np.rot90(alpha, -turn)
    assert upright.shape == (512, 512)
    # Face and suit; flag and shuttle.
    assert min(upright[112, 225], upright[330, 200]) > 0.9
    assert max(upright[60, 60], upright[100, 480]) < 0.05
    assert (turned == before).all()


def test_a_person_who_is_faint_all_over_is_cut_out_as_faint(astronaut: NDArray[np.uint8]) -> None:
    alpha = people_matte.estimate(opened(astronaut))
    faint = people_matte.estimate(opened(astronaut, np.full((512, 512), 0.45, np.float32)))
    assert alpha is not None
    assert faint is not None
    assert np.abs(faint - alpha * 0.45).max() < 0.01


def test_a_thing_beside_a_person_goes(
    astronaut: NDArray[np.uint8], ball: tuple[NDArray[np.uint8], NDArray[np.float32]]
) -> None:
    colour, opacity = ball
    sheet = np.full((512, 900, 3), 235, np.uint8)
    sheet[:, :512] = astronaut
    place = sheet[100:460, 420:900]
    blend = colour * opacity[..., None] + place * (1 - opacity[..., None])
    place[:] = (blend + 0.5).astype(np.uint8)
    alpha = people_matte.estimate(opened(sheet))
    assert alpha is not None
    assert alpha[112, 225] > 0.9
    assert alpha[280, 700] < 0.05
    for veil in (None, np.full(sheet.shape[:2], 0.45, np.float32)):
        things = subject_selection.find(opened(sheet, veil), "object").alpha
        assert things[112, 225] < 0.03
        assert things[280, 700] > 0.4


def test_a_cup_and_a_cat_are_nobody(cup: NDArray[np.uint8], cat: NDArray[np.uint8]) -> None:
    assert people_matte.estimate(opened(cup)) is None
    assert people_matte.estimate(opened(cat)) is None


@pytest.mark.parametrize("shape", [(8, 8), (1, 4000), (200, 300)])
def test_there_is_nobody_on_a_blank_sheet(shape: tuple[int, int]) -> None:
    assert people_matte.estimate(opened(np.full((*shape, 3), 255, np.uint8))) is None


def somebody(
    presence: float = 0.97, soft: int = 1, box: tuple[int, int, int, int] = (40, 20, 80, 120)
) -> Person:
    """Somebody of whom a look of 160 x 120 shows a box; soft: how wide its uncertain rim is, in pixels."""
    outline = np.zeros((160, 120), np.float32)
    left, top, right, bottom = box
    outline[top - soft : bottom + soft, left - soft : right + soft] = 0.4
    outline[top:bottom, left:right] = 1
    return Person(outline, presence, box)


LOOK = np.zeros((160, 120, 3), np.uint8)


@pytest.mark.parametrize(
    ("presence", "soft", "filled", "living", "certain"),
    [
        (0.97, 1, 1.0, 0.0, True),
        (0.90, 1, 1.0, 0.0, False),
        (0.97, 18, 1.0, 0.0, False),
        (0.97, 1, 0.5, 0.0, False),
        (0.97, 1, 0.8, 0.0, True),
        (0.97, 1, 1.0, 0.7, False),
        (0.97, 1, 1.0, -0.9, False),
        (0.97, 1, 1.0, None, True),
    ],
)
def test_who_shows_no_face_must_be_certain_firm_filled_and_neither_beast_nor_thing(
    monkeypatch: pytest.MonkeyPatch,
    presence: float,
    soft: int,
    filled: float,
    living: float | None,
    certain: bool,
) -> None:
    measured = None if living is None else Animacy(living)
    monkeypatch.setattr(people_matte.animacy, "measure", lambda *ignored: measured)
    whole = np.zeros((160, 120), np.float32)
    whole[20 : 20 + int(100 * filled), 40:80] = 1
    assert bool(people_matte._keep_certain(LOOK, whole, [somebody(presence, soft)])) is certain


@pytest.mark.parametrize(("held", "looks"), [(0.3, 1), (0.7, 0)])
def test_somebody_of_whom_the_matte_holds_little_is_looked_at_with_some_room(
    monkeypatch: pytest.MonkeyPatch, held: float, looks: int
) -> None:
    parts: list[tuple[int, int]] = []

    def estimated(part: pictures.Picture) -> NDArray[np.float32]:
        parts.append((part.width, part.height))
        return np.ones((part.height, part.width), np.float32)

    monkeypatch.setattr(people_matte.alpha_matte, "estimate", estimated)
    alpha = np.zeros((160, 120), np.float32)
    alpha[20 : 20 + int(100 * held), 40:80] = 1
    before = alpha.copy()
    made = people_matte._add_overlooked(opened(LOOK), alpha, [somebody()], (120, 160))
    assert len(parts) == looks
    assert (alpha == before).all()
    assert bool(made[110, 60] == 1) is bool(looks)
    for width, height in parts:
        assert 50 < width < 90
        assert 115 < height < 145


@pytest.mark.parametrize(("bridge", "together"), [(0.03, False), (0.3, True)])
def test_people_of_whom_only_faces_are_seen_are_the_pieces_that_hold_them(
    bridge: float, together: bool
) -> None:
    whole = np.zeros((100, 200), np.float32)
    whole[20:80, 20:80] = whole[20:80, 120:180] = 1
    whole[45:55, 80:120] = bridge
    face = Head("human", (50.0, 50.0), (20.0, 26.0), 0.0, 1.0)
    kept = people_matte._keep_pieces_with_faces(whole, [face], 1.0)
    assert kept is not None
    assert kept[50, 50] == 1
    assert bool(kept[50, 150] == 1) is together


def test_a_face_is_somebody_whatever_the_outline_says_and_the_rest_follows_the_outline() -> None:
    """On a plain picture nothing but the outline and the face tells whose a pixel is."""
    matte = np.ones((160, 120), np.float32)
    nobody = Person(np.zeros((160, 120), np.float32), 0.9, (0, 0, 0, 0))
    face = Head("human", (60.0, 50.0), (24.0, 30.0), 0.0, 1.0)
    with_face = people_matte._share_matte(LOOK, matte, [nobody], [face])
    assert with_face[50, 60 + 18] > 0.9
    assert with_face[50, 60 + 45] < 0.5
    assert people_matte._share_matte(LOOK, matte, [nobody], [])[50, 60] < 0.05
    assert people_matte._share_matte(LOOK, matte, [somebody()], [])[70, 60] > 0.8
    # Where the outline is unsure its sure neighbours decide.
    half = Person(np.where(somebody().outline > 0.9, np.float32(1), np.float32(0.5)), 0.9, (0, 0, 0, 0))
    assert people_matte._share_matte(LOOK, matte, [half], [])[70, 90] > 0.6


SKIN_TONE = (205, 160, 135)


@pytest.mark.parametrize(
    ("presence", "filled", "skin", "living", "body"),
    [
        (0.82, 1.0, 0.2, -0.7, True),
        (0.82, 1.0, 0.2, None, True),
        (0.70, 1.0, 0.2, -0.7, False),
        (0.82, 0.5, 0.2, -0.7, False),
        (0.99, 1.0, 0.0, -0.7, False),
        (0.99, 1.0, 0.2, 0.9, False),
        (0.99, 1.0, 0.2, -0.85, False),
    ],
)
def test_a_body_without_a_head_is_somebody_by_its_pose_and_its_skin(
    monkeypatch: pytest.MonkeyPatch,
    presence: float,
    filled: float,
    skin: float,
    living: float | None,
    body: bool,
) -> None:
    measured = None if living is None else Animacy(living)
    monkeypatch.setattr(people_matte.animacy, "measure", lambda *ignored: measured)
    monkeypatch.setattr(people_matte.pose_detection, "detect_in", lambda *ignored: [somebody(presence, 1)])
    look = np.full((160, 120, 3), (40, 60, 150), np.uint8)
    look[20 : 20 + int(100 * skin), 40:80] = SKIN_TONE
    whole = np.zeros((160, 120), np.float32)
    whole[20 : 20 + int(100 * filled), 40:80] = 1
    assert people_matte.shows_a_body(look, whole) is body
    assert bool(people_matte._keep_certain(look, whole, [somebody(presence, 1)])) is body


@pytest.mark.parametrize("tone", [SKIN_TONE, (141, 93, 70), (92, 60, 46), (240, 205, 185)])
def test_skin_is_skin_in_every_tone(tone: tuple[int, int, int]) -> None:
    assert people_matte.find_skin(np.full((4, 4, 3), tone, np.uint8)).all()


@pytest.mark.parametrize(
    "colour", [(40, 60, 150), (128, 128, 128), (250, 250, 250), (60, 140, 50), (200, 20, 20)]
)
def test_cloth_and_paper_are_no_skin(colour: tuple[int, int, int]) -> None:
    assert not people_matte.find_skin(np.full((4, 4, 3), colour, np.uint8)).any()


@pytest.mark.parametrize(("share", "fell_back"), [(0.99, True), (0.5, False)])
def test_an_object_that_is_nobody_but_people_says_so(
    monkeypatch: pytest.MonkeyPatch, share: float, fell_back: bool
) -> None:
    whole = np.zeros((160, 120), np.float32)
    whole[20:120, 40:80] = 1
    people = whole.copy()
    people[20 + int(100 * share) :] = 0
    monkeypatch.setattr(
        subject_selection.alpha_matte, "judge", lambda picture: people_matte.alpha_matte.Matte(whole, False)
    )
    monkeypatch.setattr(people_matte, "estimate", lambda picture: people)
    found = subject_selection.find(opened(LOOK), "object")
    assert found.fell_back is fell_back
    assert found.took == ("person" if fell_back else "object")
    assert (found.alpha == (whole if fell_back else whole - people)).all()
