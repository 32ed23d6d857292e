"""Faces and heads that are detected: who is there, whichever way up, and who is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from editor.engines.heads import detection
from editor.engines.networks import face_detection, weights
from tests.engines.conftest import opened

pytestmark = pytest.mark.usefixtures("face_networks")

FACE = (225.0, 112.0)
"""Where the astronaut's face is, by eye."""


@pytest.fixture(scope="module")
def face_networks() -> None:
    """The networks' files must be here; a missing one fails the test and says how to get it."""
    for network in (weights.ISNET, weights.FACES_NEAR, weights.FACES_FAR, weights.FACE_MESH):
        weights.need(network)


@pytest.fixture(scope="module")
def astronaut() -> NDArray[np.uint8]:
    """Eileen Collins before a flag and a shuttle, uint8 (512, 512, 3)."""
    return np.array(skimage.data.astronaut())


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_face_is_found_whichever_way_up(astronaut: NDArray[np.uint8], turn: int) -> None:
    picture = np.ascontiguousarray(np.rot90(astronaut, turn))
    before = picture.copy()
    (head,) = detection.find_human_heads(picture)
    x, y = FACE
    for _ in range(turn):
        x, y = y, 512 - x
    assert head.kind == "human"
    assert head.holds(x, y, room=0.5)
    assert math.isclose(math.cos(head.angle + turn * math.pi / 2), 1, abs_tol=0.1)
    assert (picture == before).all()


def test_a_mirrored_picture_has_its_faces_mirrored(astronaut: NDArray[np.uint8]) -> None:
    (head,), (other,) = (
        detection.find_human_heads(astronaut),
        detection.find_human_heads(np.ascontiguousarray(astronaut[:, ::-1])),
    )
    assert abs(head.centre[0] + other.centre[0] - 512) < 0.1 * head.radii[0]
    assert abs(head.centre[1] - other.centre[1]) < 0.1 * head.radii[1]


def test_everybody_in_a_crowd_is_found_once(astronaut: NDArray[np.uint8]) -> None:
    one = np.array(Image.fromarray(astronaut[:320, 80:400]).resize((160, 160)))
    crowd = np.tile(one, (5, 6, 1))
    found = detection.find_human_heads(crowd)
    cells = {(int(head.centre[0] // 160), int(head.centre[1] // 160)) for head in found}
    assert len(cells) == len(found)
    assert len(found) >= 28


def test_places_are_told_in_pixels_of_the_picture_and_largest_first(astronaut: NDArray[np.uint8]) -> None:
    sheet = np.full((600, 2000, 3), 90, np.uint8)
    small = np.array(Image.fromarray(astronaut).resize((300, 300)))
    sheet[40:552, 1400:1912] = astronaut
    sheet[100:400, 200:500] = small
    picture = opened(sheet)
    found = detection.find_heads(picture)
    listed = detection.describe_heads(found, picture)
    assert (listed["width"], listed["height"]) == (2000, 600)
    assert [entry["index"] for entry in listed["heads"]] == [0, 1]
    assert found[0].holds(1400 + FACE[0], 40 + FACE[1], room=0.5)
    assert found[1].holds(200 + FACE[0] * 300 / 512, 100 + FACE[1] * 300 / 512, room=0.5)
    assert listed["heads"][0]["rx"] > listed["heads"][1]["rx"]


def test_a_cats_head_is_an_animals(cat: NDArray[np.uint8]) -> None:
    (head,) = detection.find_heads(opened(cat))
    assert head.kind == "animal"
    # The middle of its face, between its eyes.
    assert head.holds(225, 130)


@pytest.mark.parametrize("name", ["coffee", "rocket", "brick"])
def test_things_have_no_head(name: str) -> None:
    rgb = np.array(getattr(skimage.data, name)())
    rgb = np.repeat(rgb[..., None], 3, axis=2) if rgb.ndim == 2 else rgb
    assert detection.find_heads(opened(rgb)) == []


@pytest.mark.parametrize(
    ("shape", "shade"), [((8, 8), 0), ((1, 4000), 255), ((4000, 1), None), ((200, 300), None)]
)
def test_nothing_is_found_in_nothing(shape: tuple[int, int], shade: int | None) -> None:
    if shade is None:
        rgb = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    else:
        rgb = np.full((*shape, 3), shade, np.uint8)
    assert detection.find_human_heads(rgb) == []


def test_looks_cover_the_picture_and_stay_few() -> None:
    for width, height in ((1280, 853), (320, 240), (1280, 1), (1, 1280), (64, 64)):
        windows = face_detection.looks(width, height)
        assert 2 <= len(windows) < 60
        left, top, side = max(windows, key=lambda window: window[2])
        assert left <= 0
        assert top <= 0
        assert left + side >= width
        assert top + side >= height


def test_boxes_of_one_face_become_one_and_others_stay() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [2, 2, 6, 6], [50, 50, 60, 60]], np.float32)
    points = np.zeros((4, 6, 2), np.float32)
    scores = np.array([0.8, 0.8, 0.5, 0.6], np.float32)
    first, second = face_detection.merge(boxes, points, scores)
    assert first.box == (0.5, 0.0, 10.5, 10.0)
    assert (first.hits, second.hits) == (3, 1)
    assert second.box == (50.0, 50.0, 60.0, 60.0)
