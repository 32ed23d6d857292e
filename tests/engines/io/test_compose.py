"""compose: canvases, colours, backgrounds."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.io import compose
from editor.engines.tools.cutout import CutoutOptions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("81d4fa", (0x81, 0xD4, 0xFA)),
        ("#81D4FA", (0x81, 0xD4, 0xFA)),
        ("#fff", (255, 255, 255)),
        ("f00", (255, 0, 0)),
        ("white", (255, 255, 255)),
        ("rebeccapurple", (0x66, 0x33, 0x99)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
    ],
)
def test_colours_are_read_as_the_seeds_write_them(text: str, expected: tuple[int, int, int]) -> None:
    assert compose.parse_colour(text) == expected


@pytest.mark.parametrize(
    "text", ["", "whitish", "#12", "12345", "#11223344", "rgb(300, 0, 0)", "rgba(0,0,0,0)"]
)
def test_what_is_no_opaque_colour_is_refused(text: str) -> None:
    with pytest.raises(InvalidOptions):
        compose.parse_colour(text)


@pytest.fixture
def block() -> np.ndarray:
    """Alpha of a 20 x 10 block at (30, 40) in 100 x 80."""
    alpha = np.zeros((80, 100), np.float32)
    alpha[40:50, 30:50] = 1
    return alpha


def test_the_subjects_box_is_tight(block: np.ndarray) -> None:
    assert compose.subject_box(block) == (30, 40, 50, 50)


def seen_margins(box: compose.Box) -> dict[str, float]:
    """The gap on each side of the block, as a share of the canvas along the same direction."""
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    return {
        "left": (30 - left) / wide,
        "right": (right - 50) / wide,
        "top": (40 - top) / tall,
        "bottom": (bottom - 50) / tall,
    }


@pytest.mark.parametrize("margin", [0, 0.05, 0.1, 0.25, 0.3, 0.45])
def test_a_margin_of_the_canvas_is_that_share_of_it_on_each_side(block: np.ndarray, margin: float) -> None:
    box = compose.canvas_box(block, crop=True, margin=margin, square=False)
    for side in seen_margins(box).values():
        assert side == pytest.approx(margin, abs=0.5 / 10)


@pytest.mark.parametrize("margin", [0, 0.08, 0.25, 0.4])
def test_in_a_square_the_longer_way_has_exactly_the_margin_and_the_other_more(margin: float) -> None:
    alpha = np.zeros((1400, 1400), np.float32)
    alpha[200:700, 100:1100] = 1
    left, top, right, bottom = compose.canvas_box(alpha, crop=True, margin=margin, square=True)
    side = right - left
    assert bottom - top == side
    assert (100 - left) / side == pytest.approx(margin, abs=1 / side)
    assert (right - 1100) / side == pytest.approx(margin, abs=1 / side)
    assert (200 - top) / side == pytest.approx((1 - (1 - 2 * margin) / 2) / 2, abs=1 / side)


def test_a_margin_of_the_subject_is_a_share_of_its_longer_side_alike_on_all_sides(block: np.ndarray) -> None:
    box = compose.canvas_box(block, crop=True, margin=0.1, margin_of="subject", square=False)
    assert box == (28, 38, 52, 52)
    left, top, right, bottom = compose.canvas_box(
        block, crop=True, margin=0.1, margin_of="subject", square=True
    )
    assert (right - left, bottom - top) == (24, 24)


def test_no_margin_is_none_whatever_it_is_a_share_of(block: np.ndarray) -> None:
    boxes = {
        compose.canvas_box(block, crop=True, margin=0, margin_of=of, square=False)
        for of in compose.MOST_MARGIN
    }
    assert boxes == {compose.subject_box(block)}


def test_a_margin_that_would_grow_the_canvas_without_end_shrinks_the_subject_instead() -> None:
    alpha = np.ones((60, 100), np.float32)
    rgb = np.full((60, 100, 3), 200, np.uint8)
    options = CutoutOptions(crop=True, margin=0.45)
    made, seen = compose.place_on_canvas(rgb, alpha, options)
    assert made.shape[:2] == seen.shape
    assert max(seen.shape) <= 2 * 100
    left, top, right, bottom = compose.subject_box(seen)
    assert left / seen.shape[1] == pytest.approx(0.45, abs=0.01)
    assert (right - left) / (bottom - top) == pytest.approx(100 / 60, rel=0.1)
    assert (rgb == 200).all()


def test_a_square_canvas_keeps_the_subject_in_the_middle(block: np.ndarray) -> None:
    left, top, right, bottom = compose.canvas_box(block, crop=True, margin=0, square=True)
    assert right - left == bottom - top == 20
    assert (top + bottom) / 2 == 45
    left, top, right, bottom = compose.canvas_box(block, crop=False, margin=0, square=True)
    assert right - left == bottom - top == 100


def test_beyond_the_photo_the_canvas_is_transparent(block: np.ndarray) -> None:
    rgb = np.full((80, 100, 3), 9, np.uint8)
    placed_rgb, placed_alpha = compose.extract_box(rgb, np.ones_like(block), (-10, -5, 110, 85))
    assert placed_rgb.shape == (90, 120, 3)
    assert placed_alpha[:5].max() == 0
    assert placed_alpha[5:85, 10:110].min() == 1


def test_blending_is_exact_at_both_ends_and_in_the_middle() -> None:
    rgb = np.full((1, 3, 3), 200, np.uint8)
    alpha = np.array([[0, 0.5, 1]], np.float32)
    laid = compose.lay_over(rgb, alpha, (100, 0, 50))
    assert laid.tolist() == [[[100, 0, 50], [150, 100, 125], [200, 200, 200]]]


def test_a_background_picture_covers_the_canvas_from_its_centre() -> None:
    background = np.zeros((100, 300, 3), np.uint8)
    background[:, 100:200] = 255
    covered = compose.scale_to_cover(background, 50, 50)
    assert covered.shape == (50, 50, 3)
    assert covered[:, 5:-5].min() > 240
