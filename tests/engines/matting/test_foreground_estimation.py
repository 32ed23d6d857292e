"""foreground_estimation.purify: the old background taken out of soft edges."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pymatting import estimate_foreground_ml

from editor.engines.matting import foreground_estimation

Ball = tuple[NDArray[np.uint8], NDArray[np.float32]]


def halo(rgb: NDArray[np.uint8], ball: Ball) -> float:
    """Return the mean error of the colours in the soft edge, in grey levels."""
    colour, alpha = ball
    soft = (alpha > 0.05) & (alpha < 0.95)
    return float(np.abs(rgb[soft].astype(float) - colour[soft]).mean())


def test_the_halo_shrinks_to_a_fifth(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    pure = foreground_estimation.purify(ball_photo, ball[1])
    assert halo(pure, ball) < 0.2 * halo(ball_photo, ball)


def test_it_is_as_good_as_the_reference_on_every_pixel(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    reference = estimate_foreground_ml(ball_photo / 255, ball[1])
    ours = foreground_estimation.purify(ball_photo, ball[1])
    assert halo(ours, ball) <= 1.1 * halo((reference * 255).round().astype(np.uint8), ball)


def test_a_large_photo_is_as_clean_as_a_small_one(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    large_photo, large_alpha = (
        np.kron(a, np.ones((6, 6, 1)[: a.ndim], a.dtype)) for a in (ball_photo, ball[1])
    )
    large = foreground_estimation.purify(large_photo, large_alpha)[::6, ::6]
    assert halo(large, ball) < 0.25 * halo(ball_photo, ball)


def test_sure_pixels_keep_the_photos_colour(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    pure = foreground_estimation.purify(ball_photo, ball[1])
    sure = (ball[1] == 0) | (ball[1] == 1)
    assert (pure[sure] == ball_photo[sure]).all()


def test_inputs_are_unchanged(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    photo, alpha = ball_photo.copy(), ball[1].copy()
    foreground_estimation.purify(photo, alpha)
    assert (photo == ball_photo).all()
    assert (alpha == ball[1]).all()


def test_a_matte_without_soft_pixels_changes_nothing(ball_photo: NDArray[np.uint8]) -> None:
    alpha = np.zeros(ball_photo.shape[:2], np.float32)
    alpha[50:100] = 1
    pure = foreground_estimation.purify(ball_photo, alpha)
    assert (pure == ball_photo).all()
    assert pure is not ball_photo


def test_a_flat_colour_behind_a_flat_colour_is_found_exactly() -> None:
    alpha = np.clip(np.linspace(-0.5, 1.5, 80, dtype=np.float32), 0, 1)[None].repeat(40, axis=0)
    photo = 200 * alpha[..., None] + 40 * (1 - alpha[..., None]) * np.ones(3, np.float32)
    pure = foreground_estimation.purify((photo + 0.5).astype(np.uint8), np.ascontiguousarray(alpha))
    assert np.abs(pure[alpha > 0.1].astype(int) - 200).max() <= 4


@pytest.mark.parametrize("side", [900, 500])
@pytest.mark.parametrize("softness", [4.0, 90.0])
def test_what_is_left_out_of_the_last_level_is_not_missed(
    side: int, softness: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    photo = rng.integers(0, 256, (700, 900, 3), np.uint8)
    rows, columns = np.mgrid[:700, :900].astype(np.float32)
    alpha = np.clip((280 - np.hypot(rows - 350, columns - 450)) / softness, 0, 1)
    solved = foreground_estimation.purify(photo, alpha, side=side)
    begin = foreground_estimation._begin_level
    monkeypatch.setattr(
        foreground_estimation, "_begin_level", lambda *given: begin(*given[:6], False, *given[7:])
    )
    assert (foreground_estimation.purify(photo, alpha, side=side) == solved).all()
    assert (solved != photo).any()


def test_strips_and_single_pixels_do_not_crash() -> None:
    for shape in ((1, 1), (1, 4000), (4000, 1), (8, 8)):
        pixels = np.full((*shape, 3), 90, np.uint8)
        pure = foreground_estimation.purify(pixels, np.full(shape, 0.5, np.float32))
        assert pure.shape == pixels.shape


def test_near_a_change_colours_are_as_clean_as_solved_whole_and_the_others_stay(
    ball: Ball, ball_photo: NDArray[np.uint8]
) -> None:
    alpha = ball[1]
    bitten = alpha.copy()
    bitten[:, :180] = 0
    before = foreground_estimation.purify(ball_photo, bitten)
    untouched = before.copy()

    near = foreground_estimation.purify_near(ball_photo, alpha, bitten, before)

    assert halo(near, ball) <= 1.1 * halo(foreground_estimation.purify(ball_photo, alpha), ball)
    far = 180 + foreground_estimation.NEAR
    assert (near[:, far:] == before[:, far:]).all()
    assert (near[:, 120:170] != before[:, 120:170]).any()
    assert (before == untouched).all()
