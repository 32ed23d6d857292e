"""edge_refinement.refine: an outline drawn from the photo's own pixels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.matting import edge_refinement

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def star() -> tuple[Pixels, Plane, Pixels, Plane]:
    """A red star on a green ground at 1500 x 1000, its alpha, and both as a blurred network sees them."""
    rows, columns = np.mgrid[:1000, :1500].astype(np.float32)
    angle = np.arctan2(rows - 500, columns - 750)
    reach = 320 + 60 * np.cos(11 * angle)
    alpha = np.clip(reach - np.hypot(rows - 500, columns - 750) + 0.5, 0, 1).astype(np.float32)
    light = (columns / 1500 * 40)[..., None]
    colour = np.array([190, 40, 50], np.float32) + light
    ground = np.array([90, 150, 100], np.float32) + light
    noise = np.random.default_rng(0).normal(0, 2, (1000, 1500, 1))
    photo = np.clip(colour * alpha[..., None] + ground * (1 - alpha[..., None]) + noise, 0, 255).astype(
        np.uint8
    )
    square = np.asarray(Image.fromarray(photo).resize((512, 512), Image.Resampling.BOX))
    seen = np.asarray(Image.fromarray(alpha).resize((200, 200), Image.Resampling.BOX).resize((512, 512)))
    return photo, alpha, square, seen


def error(alpha: Plane, truth: Plane) -> float:
    return float(np.abs(alpha - truth).mean())


def test_a_blurred_outline_becomes_several_times_sharper(star: tuple[Pixels, Plane, Pixels, Plane]) -> None:
    photo, truth, square, seen = star
    drawn = edge_refinement.refine(square, seen, photo)
    assert error(drawn, truth) < 0.4 * error(edge_refinement.enlarge(seen, 1500, 1000), truth)


def test_it_stays_within_0_and_1_and_decided_away_from_the_outline(
    star: tuple[Pixels, Plane, Pixels, Plane],
) -> None:
    photo, _, square, seen = star
    drawn = edge_refinement.refine(square, seen, photo)
    assert drawn.min() == 0
    assert drawn.max() == 1
    assert (drawn[490:510, 740:760] == 1).all()
    assert (drawn[:20] == 0).all()


def test_where_colours_tell_nothing_the_networks_outline_stays(
    star: tuple[Pixels, Plane, Pixels, Plane],
) -> None:
    _, truth, _, seen = star
    blank = np.full((1000, 1500, 3), 128, np.uint8)
    square = np.full((512, 512, 3), 128, np.uint8)
    drawn = edge_refinement.refine(square, seen, blank)
    assert error(drawn, truth) < 2 * error(edge_refinement.enlarge(seen, 1500, 1000), truth)


def test_inputs_are_unchanged_and_may_be_read_only(star: tuple[Pixels, Plane, Pixels, Plane]) -> None:
    copies = [part.copy() for part in star]
    for part in star:
        part.setflags(write=False)
    edge_refinement.refine(star[2], star[3], star[0])
    assert all((a == b).all() for a, b in zip(star, copies, strict=True))


@pytest.mark.parametrize("shape", [(512, 512), (16, 16), (16, 3000), (700, 20)])
def test_any_shape_of_photo_is_drawn(
    shape: tuple[int, int], star: tuple[Pixels, Plane, Pixels, Plane]
) -> None:
    photo, _, square, seen = star
    small = np.asarray(Image.fromarray(photo).resize(shape[::-1]))
    drawn = edge_refinement.refine(square, seen, small)
    assert drawn.shape == shape
    assert np.isfinite(drawn).all()


@pytest.mark.parametrize("shape", [(64, 64), (65, 128), (200, 333)])
def test_without_an_outline_a_larger_photo_gets_the_levels_interpolated(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    levels = rng.random((64, 64), np.float32)
    nowhere, empty = np.zeros((64, 64), np.int32), np.zeros((1, 9), np.float32)
    made = np.full(shape, np.nan, np.float32)
    for top, bottom in ((0, 40), (40, shape[0])):
        edge_refinement._draw(
            np.zeros((*shape, 3), np.uint8), levels, True, nowhere, empty, empty, made, top, bottom
        )
    expected = Image.fromarray(levels).resize(shape[::-1], Image.Resampling.BILINEAR)
    np.testing.assert_allclose(made, expected, atol=1e-6)


def test_a_look_without_an_outline_is_only_enlarged(star: tuple[Pixels, Plane, Pixels, Plane]) -> None:
    drawn = edge_refinement.refine(star[2], np.ones((512, 512), np.float32), star[0])
    assert (drawn == 1).all()


@pytest.mark.parametrize("shape", [(512, 512), (502, 750), (1024, 300)])
@pytest.mark.parametrize("spread", [0, 60])
def test_one_hue_is_drawn_up_to_the_pictures_border(shape: tuple[int, int], spread: int) -> None:
    # Sepia: each channel a share of one grey, so that a window's covariance has a rank of 1, or of 0.
    sepia = np.array([1.0, 0.84, 0.66])
    grey = np.full(shape, 150.0)
    # Rows 0 to 2 are sure: the outline's margin then begins at the second row, beside the first.
    line = shape[0] * 3 // 512 + 1
    grey[line:] -= spread
    photo = (grey[..., None] * sepia).astype(np.uint8)
    square = np.asarray(Image.fromarray(photo).resize((512, 512), Image.Resampling.BOX))
    seen = np.ones((512, 512), np.float32)
    seen[:3] = 0
    seen[3] = 0.5
    drawn = edge_refinement.refine(square, seen, photo)
    assert np.isfinite(drawn).all()
    assert (drawn[0] < 0.5).all()
    assert (drawn[-1] == 1).all()
    assert 0 <= drawn.min() <= drawn.max() <= 1
