"""compose: canvases, colours, backgrounds."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.io import compose


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
