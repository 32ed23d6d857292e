"""head_map: a beast's head is a piece of it that is like one and stands out of the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import head_map
from editor.engines.heads.head_map import MappedHead
from editor.engines.networks import face_detection, headness

CELLS = headness.CELLS
# A drawn beast of 800 x 800, whose cells are twenty pixels: two heads on necks, and a body between and below.
HEAD, OTHER, BODY = (180.0, 180.0, 110.0), (620.0, 180.0, 100.0), (400.0, 560.0, 220.0)


def disc(x: float, y: float, radius: float, side: int = 800) -> NDArray[np.bool_]:
    rows, columns = (np.mgrid[:side, :side] + 0.5) * (800 / side)
    return np.asarray(np.hypot(columns - x, rows - y) <= radius)


def beast(side: int = 800) -> NDArray[np.float32]:
    necks = disc(255, 310, 70, side) | disc(545, 310, 70, side)
    whole = disc(*HEAD, side) | disc(*OTHER, side) | disc(*BODY, side) | necks
    return whole.astype(np.float32)


def seen(*heads: tuple[float, float, float], like: float = 1.0) -> headness.HeadMap:
    """The beast of which the cells in some discs are like a head, and the others not."""
    where = (
        np.any([disc(*head, CELLS) for head in heads], axis=0) if heads else np.zeros((CELLS, CELLS), bool)
    )
    likeness = np.where(where, like, -1.0).astype(np.float32)
    return headness.HeadMap(likeness, beast(CELLS), (0, 0, 800, 800))


def find(monkeypatch: pytest.MonkeyPatch, what: headness.HeadMap | None) -> list[MappedHead]:
    monkeypatch.setattr(head_map.headness, "measure", lambda *ignored: what)
    found = head_map.find(np.zeros((800, 800, 3), np.uint8), beast())
    assert found is not None
    return head_map.keep_good(found)


def test_a_head_is_where_the_cells_are_like_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = find(monkeypatch, seen(HEAD))
    assert len(found) == 1
    assert found[0].centre == pytest.approx(HEAD[:2], abs=40)
    assert found[0].radii == pytest.approx((HEAD[2], HEAD[2]), rel=0.3)
    left, top, right, bottom = found[0].square
    assert left < 70 < 290 < right
    assert top < 70 < 290 < bottom


def test_of_two_heads_on_one_body_each_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted(find(monkeypatch, seen(HEAD, OTHER)), key=lambda head: head.centre[0])
    assert first.centre == pytest.approx(HEAD[:2], abs=40)
    assert second.centre == pytest.approx(OTHER[:2], abs=40)


@pytest.mark.parametrize("like", [-1.0, -0.6])
def test_what_is_nowhere_like_a_head_has_none(monkeypatch: pytest.MonkeyPatch, like: float) -> None:
    flat = headness.HeadMap(np.full((CELLS, CELLS), like, np.float32), beast(CELLS), (0, 0, 800, 800))
    assert find(monkeypatch, flat) == []


@pytest.mark.parametrize(
    ("inside", "clear", "like", "kept"),
    [(0.9, 0.5, 0.3, True), (0.6, 0.5, 0.3, False), (0.9, 0.2, 0.3, False), (0.9, 0.5, -0.5, False)],
)
def test_better_no_head_than_a_patch_of_fur(
    monkeypatch: pytest.MonkeyPatch, inside: float, clear: float, like: float, kept: bool
) -> None:
    (head,) = find(monkeypatch, seen(HEAD))
    judged = replace(head, quality=head_map.Quality(inside, clear, like))
    assert bool(head_map.keep_good([judged])) is kept
    assert len(head_map.keep_good([head, judged])) == 1 + kept


def test_a_tail_is_no_second_head(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = find(monkeypatch, seen(HEAD, OTHER))
    tail = replace(second, quality=replace(second.quality, like=0.08))
    assert head_map.keep_good([first, tail]) == [first]
    assert head_map.keep_good([tail]) == [tail]


def test_another_edition_of_the_network_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_map.headness, "measure", lambda *ignored: None)
    assert head_map.find(np.zeros((800, 800, 3), np.uint8), beast()) is None


def test_the_cut_ends_at_the_neck_and_where_the_picture_has_an_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    (head,) = find(monkeypatch, seen(HEAD))
    rgb = np.full((800, 800, 3), 200, np.uint8)
    rgb[disc(*HEAD)] = (90, 70, 50)
    photo, matte = rgb[:400, :400].copy(), beast()[:400, :400]
    before = photo.copy(), matte.copy()
    choice = head.to_crop(0, 0, 1).choose_pixels(photo, matte)
    inside = disc(*HEAD)[:400, :400]
    assert choice[disc(HEAD[0], HEAD[1], 95)[:400, :400]].min() > 0.8
    assert (choice * matte)[~inside].sum() < 0.06 * inside.sum()
    assert (photo == before[0]).all()
    assert (matte == before[1]).all()


def test_a_head_moves_with_a_crop_and_its_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    (head,) = find(monkeypatch, seen(OTHER))
    near = head.to_crop(400, 50, 0.5)
    assert near.centre == pytest.approx(((head.centre[0] - 400) / 2, (head.centre[1] - 50) / 2))
    assert near.unit == pytest.approx(head.unit / 2)
    assert near.radii == pytest.approx((head.radii[0] / 2, head.radii[1] / 2))


def test_what_lies_beyond_a_head_towards_the_body_is_less_likely_its() -> None:
    share, head = beast(CELLS), disc(*HEAD, CELLS)
    reach = head_map._reach_to_body(share, head.astype(np.float32), head)
    # From the head's middle (9, 9) the body lies down and to the right; its radius is five cells and a half.
    assert reach[9, 9] == 0
    assert reach[:4, :9].max() == 0
    assert reach[17, 13] > 0.3
    assert reach[20, 14] > reach[17, 13]
    alone = head_map._reach_to_body(head.astype(np.float32), head.astype(np.float32), head)
    assert not alone.any()


def test_far_from_a_head_nothing_is_its(monkeypatch: pytest.MonkeyPatch) -> None:
    (head,) = find(monkeypatch, seen(HEAD))
    assert head.chances[9, 9] > 0.9
    assert not head.chances[:, 24:].any()


def face(side: float, score: float = 0.8, hits: int = 1000) -> face_detection.Face:
    """A face in the middle of the first head."""
    x, y, _ = HEAD
    box = x - side / 2, y - side / 2, x + side / 2, y + side / 2
    return face_detection.Face(box, np.zeros((6, 2), np.float32), score, hits)


def test_a_head_ends_below_the_chin_and_holds_its_cheeks() -> None:
    chances = np.full((400, 400), 0.6, np.float32)
    x, y, _ = HEAD
    held = head_map.hold_to_face(chances, face(100.0))
    assert held[int(y) + 30, int(x)] == 1
    assert held[int(y) + 90, int(x)] == 0
    assert held[int(y) + 10, int(x) + 120] == 0
    assert np.array_equal(held[: int(y)], chances[: int(y)])


@pytest.mark.parametrize(
    ("answer", "sure"),
    [
        (face(140.0), True),
        (face(140.0, score=0.6), False),
        (face(140.0, hits=80), False),
        (face(40.0), False),
    ],
    ids=["a-face", "seen-weakly", "from-few-looks", "an-ear"],
)
def test_only_a_face_that_many_looks_see_says_where_a_head_ends(
    monkeypatch: pytest.MonkeyPatch, answer: face_detection.Face, sure: bool
) -> None:
    head = find(monkeypatch, seen(HEAD))[0].to_crop(0, 0, 0.25)
    rgb, matte = np.zeros((200, 200, 3), np.uint8), beast(200)
    near = replace(answer, box=tuple(edge / 4 for edge in answer.box))
    monkeypatch.setattr(head_map.face_detection, "detect", lambda *ignored: [])
    alone = head.choose_pixels(rgb, matte)
    monkeypatch.setattr(head_map.face_detection, "detect", lambda *ignored: [near])
    assert np.array_equal(head.choose_pixels(rgb, matte), alone) is not sure
