"""take_off: see-through marks go and leave what is under them; things are no marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines.inpainting import see_through
from editor.engines.tools import erase

Pixels = NDArray[np.uint8]


def striped() -> NDArray[np.float64]:
    """Return broad stripes of many colours, (200, 300, 3): what a fill could only guess."""
    draw = np.random.default_rng(8)
    colours = draw.uniform(40, 210, (12, 3))
    columns = np.arange(300) // 25
    return np.tile(colours[columns], (200, 1, 1)) + draw.normal(0, 2, (200, 300, 3))


def strokes() -> NDArray[np.bool_]:
    """Return the strokes of a mark, as wide as letters'."""
    cover = np.zeros((200, 300), bool)
    cover[80:92, 30:270] = cover[108:120, 30:270] = True
    for x in range(30, 270, 30):
        cover[80:120, x : x + 11] = True
    return cover


def marked(picture: NDArray[np.float64], left: float, colour: float) -> Pixels:
    cover = strokes()[..., None]
    return np.clip(np.where(cover, left * picture + (1 - left) * colour, picture), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("left", "colour"), [(0.5, 255.0), (0.75, 255.0), (0.6, 0.0)])
def test_what_lies_under_a_mark_stays(left: float, colour: float) -> None:
    picture = striped()
    mask = np.asarray(ndimage.binary_dilation(strokes(), iterations=4))
    filled = erase.erase(marked(picture, left, colour), mask)
    error = np.abs(filled[mask].astype(float) - np.clip(picture[mask], 0, 255))
    assert error.mean() < 6


def test_it_says_what_is_still_to_be_filled() -> None:
    mask = np.asarray(ndimage.binary_dilation(strokes(), iterations=4))
    image = marked(striped(), 0.5, 255.0)
    before = image.copy()
    freed = see_through.take_off(image, mask)
    assert freed is not None
    assert (image == before).all()
    assert not (freed[1] & ~mask).any()
    assert freed[1].sum() < 0.7 * mask.sum()


@pytest.mark.parametrize("colours", [((250, 250, 250), (30, 60, 200)), ((20, 20, 20), (200, 60, 30))])
def test_a_thing_is_no_mark(colours: tuple[tuple[int, int, int], ...]) -> None:
    image = np.clip(striped(), 0, 255).astype(np.uint8)
    mask = np.zeros((200, 300), bool)
    mask[60:150, 100:190] = True
    image[60:150, 100:190] = colours[0]
    image[90:110, 110:180] = colours[1]
    assert see_through.take_off(image, mask) is None


@pytest.mark.parametrize(("misfit", "taken"), [(0.1, False), (0.01, True)])
def test_what_is_little_of_the_masked_and_fits_badly_is_no_mark(
    misfit: float, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = see_through.Mark(strokes(), 0.6, np.zeros(3, np.float32), misfit)
    monkeypatch.setattr(see_through, "_find_mark", lambda rgb, mask: replace(mark, cover=mask & strokes()))
    mask = np.zeros((200, 300), bool)
    mask[10:190, 20:280] = True
    image = marked(striped(), 0.6, 0.0)
    assert strokes()[mask].mean() < see_through.LEAST_COVER
    assert (see_through.take_off(image, mask) is not None) == taken


def test_an_opaque_mark_is_none_to_see_through() -> None:
    mask = np.asarray(ndimage.binary_dilation(strokes(), iterations=4))
    assert see_through.take_off(marked(striped(), 0.0, 255.0), mask) is None


def test_a_few_pixels_are_too_few() -> None:
    mask = np.zeros((200, 300), bool)
    mask[50:55, 50:55] = True
    assert see_through.take_off(marked(striped(), 0.5, 255.0), mask) is None


def test_a_white_mark_is_taken_off_what_is_pale_as_well_as_off_what_is_dark() -> None:
    picture = np.full((200, 300, 3), (60.0, 40.0, 50.0)) + np.random.default_rng(4).normal(
        0, 1.5, (200, 300, 3)
    )
    picture[:, 170:] += 165
    mask = np.asarray(ndimage.binary_dilation(strokes(), iterations=4))
    filled = erase.erase(marked(picture, 0.5, 255.0), mask)
    for part in (np.s_[:, :160], np.s_[:, 180:]):
        left = filled[part][mask[part]].astype(float) - picture[part][mask[part]]
        assert np.abs(left).mean() < 4
        assert np.abs(left.mean(axis=0)).max() < 2


@pytest.mark.parametrize(("misfit", "taken"), [(0.1, False), (0.01, True)])
def test_what_fits_a_mark_exactly_may_be_rougher_than_what_is_beside_it(
    misfit: float, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = striped()
    picture[strokes()] += np.random.default_rng(9).normal(0, 25, (int(strokes().sum()), 3))
    mark = see_through.Mark(strokes(), 0.5, np.full(3, 127.5, np.float32), misfit)
    monkeypatch.setattr(see_through, "_find_mark", lambda rgb, mask: mark)
    monkeypatch.setattr(see_through, "LEAST_COVER", 0.0)
    monkeypatch.setattr(see_through, "MOST_STRANGE", (1.0, 1.0))
    mask = np.zeros((200, 300), bool)
    mask[10:190, 20:280] = True
    freed = see_through.take_off(marked(np.clip(picture, 0, 255), 0.5, 255.0), mask)
    assert (freed is not None) == taken
