"""Mattes corrected by strokes: what was lost comes back, what was left over goes, the rest stays."""

import numpy as np
import pytest
from skimage import data, draw

from editor.engines.errors import InvalidOptions
from editor.engines.matting import stroke_correction, strokes
from editor.engines.matting.strokes import Stroke

SIDE = 400


def product() -> tuple[np.ndarray, np.ndarray]:
    """A patterned disc on gravel, and its true alpha."""
    ground = np.stack([data.gravel()[:SIDE, :SIDE]] * 3, axis=-1)
    alpha = np.zeros((SIDE, SIDE), np.float32)
    alpha[draw.disk((200, 200), 120)] = 1
    print_ = np.stack([data.brick()[:SIDE, :SIDE]] * 3, axis=-1) * np.array([1.0, 0.35, 0.25])
    rgb = np.where(alpha[..., np.newaxis] > 0, print_, ground).astype(np.uint8)
    return rgb, alpha


def stroke(keep: bool, x: int, y: int, radius: float = 10) -> Stroke:
    return Stroke(keep, radius, ((x - 10, y), (x + 10, y)))


def test_a_stroke_brings_back_what_was_lost() -> None:
    rgb, true = product()
    lost = true.copy()
    lost[150:250, 230:330] = 0
    before = np.abs(lost - true).sum()

    made = stroke_correction.correct(rgb, lost, [stroke(True, 275, 200)])

    assert np.abs(made - true).sum() < 0.15 * before


def test_a_stroke_takes_a_leftover_away() -> None:
    rgb, true = product()
    dirty = true.copy()
    dirty[draw.disk((80, 200), 50)] = 1
    before = np.abs(dirty - true).sum()

    made = stroke_correction.correct(rgb, dirty, [stroke(False, 200, 55)])

    assert np.abs(made - true).sum() < 0.15 * before


def test_strokes_are_respected_to_the_pixel_and_the_far_side_stays() -> None:
    rgb, true = product()
    keep, remove = stroke(True, 60, 60, 8), stroke(False, 200, 200, 8)
    given = true.copy()

    made = stroke_correction.correct(rgb, given, [keep, remove])

    kept, removed = strokes.paint_masks([keep, remove], SIDE, SIDE)
    assert (made[kept] == 1).all()
    assert (made[removed] == 0).all()
    assert (made[360:] == true[360:]).all(), "beyond the strokes' reach"
    assert (given == true).all()
    assert made.dtype == np.float32


def test_the_later_stroke_wins() -> None:
    rgb, true = product()
    here, there = stroke(True, 60, 60), stroke(False, 60, 60)

    assert (stroke_correction.correct(rgb, true, [here, there])[55:65, 55:65] == 0).all()
    assert (stroke_correction.correct(rgb, true, [there, here])[55:65, 55:65] == 1).all()


@pytest.mark.parametrize("size", [(8, 8), (1, 400), (400, 1)])
def test_small_and_narrow_pictures_are_corrected_too(size: tuple[int, int]) -> None:
    rgb = np.full((*size, 3), 128, np.uint8)
    alpha = np.zeros(size, np.float32)

    made = stroke_correction.correct(rgb, alpha, [Stroke(True, 2, ((0, 0), (3, 0)))])

    assert made.shape == size
    assert made[0, 0] == 1
    assert np.isfinite(made).all()


def test_strokes_outside_the_picture_change_nothing() -> None:
    rgb, true = product()
    outside = Stroke(False, 5, ((-900, -900), (-950, -900)))
    assert (stroke_correction.correct(rgb, true, [outside]) == true).all()


@pytest.mark.parametrize(
    "wrong",
    [
        "strokes",
        [{"keep": 1, "radius": 5, "points": [[0, 0]]}],
        [{"keep": True, "radius": 0, "points": [[0, 0]]}],
        [{"keep": True, "radius": float("nan"), "points": [[0, 0]]}],
        [{"keep": True, "radius": 5, "points": []}],
        [{"keep": True, "radius": 5, "points": [[0]]}],
        [{"keep": True, "radius": 5, "points": [[0, float("inf")]]}],
        [{"keep": True, "radius": 5, "points": [["0", 1]]}],
        [{"keep": True, "radius": 5, "points": [[0, 0]]}] * 301,
        [{"keep": True, "radius": 5, "points": [[0, 0]] * 20_001}],
    ],
)
def test_what_are_no_strokes_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidOptions):
        strokes.read_strokes(wrong)


def test_strokes_come_from_json() -> None:
    made = strokes.read_strokes([{"keep": True, "radius": 5, "points": [[1, 2], [3.5, 4]]}])
    assert made == (Stroke(True, 5.0, ((1.0, 2.0), (3.5, 4.0))),)
