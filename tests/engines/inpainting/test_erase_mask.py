"""What people mark, and what they try to: rectangles and masks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines import errors
from editor.engines.inpainting import erase_mask


def saved(path: Path, pixels: NDArray[np.uint8]) -> Path:
    Image.fromarray(pixels).save(path)
    return path


def test_a_rectangle_marks_its_pixels_and_no_other() -> None:
    mask = erase_mask.mask_from_rectangles('[{"x":3,"y":1,"width":4,"height":2}]', 10, 6)
    expected = np.zeros((6, 10), bool)
    expected[1:3, 3:7] = True
    assert (mask == expected).all()


def test_lists_and_objects_and_strings_say_the_same() -> None:
    as_object = erase_mask.mask_from_rectangles([{"x": "3", "y": 1.0, "width": 4, "height": 2}], 10, 6)
    as_list = erase_mask.mask_from_rectangles([[3, 1, 4, 2]], 10, 6)
    assert (as_object == as_list).all()


def test_what_sticks_out_is_clipped() -> None:
    mask = erase_mask.mask_from_rectangles([[-5, -5, 8, 8], [9, 0, 10**9, 2]], 10, 6)
    assert mask[:3, :3].all()
    assert mask[:2, 9].all()
    assert np.count_nonzero(mask) == 9 + 2


def test_a_broken_pixel_is_marked_whole() -> None:
    mask = erase_mask.mask_from_rectangles([[1.5, 1.5, 1, 1]], 10, 6)
    assert np.count_nonzero(mask) == 4


def test_rectangles_wholly_outside_mark_nothing() -> None:
    with pytest.raises(erase_mask.NothingMarked, match="outside") as caught:
        erase_mask.mask_from_rectangles([[10, 0, 5, 5], [-9, 0, 9, 5]], 10, 6)
    assert caught.value.state == -14


def test_fifty_rectangles_are_taken_and_fifty_one_refused() -> None:
    assert erase_mask.mask_from_rectangles([[0, 0, 1, 1]] * 50, 10, 6).any()
    with pytest.raises(errors.InvalidOptions, match="50, not 51"):
        erase_mask.mask_from_rectangles(json.dumps([[0, 0, 1, 1]] * 51), 10, 6)


@pytest.mark.parametrize(
    "rectangles",
    [
        "",
        "[",
        "7",
        "{}",
        "null",
        "[]",
        "[7]",
        "[[1,2,3]]",
        '[{"x":1,"y":2,"width":3}]',
        '[{"x":1,"y":2,"width":"wide","height":3}]',
        '[{"x":1,"y":2,"width":null,"height":3}]',
        '[{"x":true,"y":2,"width":3,"height":3}]',
        '[{"x":NaN,"y":2,"width":3,"height":3}]',
        '[{"x":1,"y":2,"width":Infinity,"height":3}]',
        '[{"x":1,"y":2,"width":-3,"height":3}]',
        '[{"x":1,"y":2,"width":3,"height":0}]',
        '[{"x":[1],"y":2,"width":3,"height":3}]',
        "[[1,2,3," + "9" * 400 + "]]",
        "[" * 100_000,
    ],
)
def test_what_is_no_list_of_rectangles_is_refused_by_name(rectangles: str) -> None:
    with pytest.raises(errors.InvalidOptions, match="rectangle"):
        erase_mask.mask_from_rectangles(rectangles, 10, 6)


def test_white_is_marked_and_black_is_not(tmp_path: Path) -> None:
    pixels = np.zeros((6, 10, 3), np.uint8)
    pixels[2:4, 3:8] = 255
    mask = erase_mask.mask_from_picture(saved(tmp_path / "mask.png", pixels), 10, 6)
    assert (mask == (pixels[..., 0] == 255)).all()


def test_transparent_is_not_marked_whatever_its_hidden_colour(tmp_path: Path) -> None:
    pixels = np.full((6, 10, 4), 255, np.uint8)
    pixels[..., 3] = 0
    pixels[2:4, 3:8, 3] = 255
    mask = erase_mask.mask_from_picture(saved(tmp_path / "mask.png", pixels), 10, 6)
    assert (mask == (pixels[..., 3] == 255)).all()


def test_a_jpeg_mask_with_soft_strokes_is_a_mask(tmp_path: Path) -> None:
    rows, columns = np.mgrid[:200, :200]
    soft = np.clip((40 - np.hypot(rows - 100, columns - 100)) * 20 + 128, 0, 255).astype(np.uint8)
    path = tmp_path / "mask.jpg"
    Image.fromarray(soft).save(path, quality=60)
    mask = erase_mask.mask_from_picture(path, 200, 200)
    assert abs(np.count_nonzero(mask) - np.pi * 40**2) < 60


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = saved(tmp_path / "mask.png", np.zeros((6, 10), np.uint8))
    with pytest.raises(erase_mask.MaskDoesNotFit, match="10 x 6 pixels and the picture 6 x 10") as caught:
        erase_mask.mask_from_picture(path, 6, 10)
    assert caught.value.state == -14


def test_a_photo_is_no_mask_in_colour_or_in_grey(tmp_path: Path, cat: NDArray[np.uint8]) -> None:
    height, width = cat.shape[:2]
    for name, pixels in (("colour", cat), ("grey", cat.mean(axis=2).astype(np.uint8))):
        path = saved(tmp_path / f"{name}.png", pixels)
        with pytest.raises(erase_mask.NotAMask, match="black and white") as caught:
            erase_mask.mask_from_picture(path, width, height)
        assert caught.value.state == -14


def test_a_red_stroke_is_no_mask(tmp_path: Path) -> None:
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[20:40, 30:80, 0] = 255
    with pytest.raises(erase_mask.NotAMask):
        erase_mask.mask_from_picture(saved(tmp_path / "mask.png", pixels), 100, 60)


def picture(height: int = 10, width: int = 10) -> NDArray[np.uint8]:
    return np.zeros((height, width, 3), np.uint8)


def marked(count: int) -> NDArray[np.bool_]:
    mask = np.zeros(100, bool)
    mask[:count] = True
    return mask.reshape(10, 10)


@pytest.mark.parametrize(
    ("mask", "error"),
    [
        (marked(0), erase_mask.NothingMarked),
        (marked(51), erase_mask.TooMuchMarked),
        (marked(100), erase_mask.TooMuchMarked),
        (np.ones((10, 11), bool), erase_mask.MaskDoesNotFit),
    ],
)
def test_what_cannot_be_erased_is_state_minus_14(mask: Any, error: type[errors.EngineError]) -> None:
    with pytest.raises(error) as caught:
        erase_mask.check_mask(mask, picture())
    assert caught.value.state == -14


def test_half_of_the_picture_may_be_marked() -> None:
    half = marked(50)
    assert erase_mask.check_mask(half, picture()) is half
