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


def case() -> tuple[np.ndarray, np.ndarray]:
    """A blue case with a grey window in it, before a wall of another grey; and the alpha of all of it."""
    rgb = np.full((SIDE, SIDE, 3), 170, np.uint8)
    rgb[80:320, 80:320] = (40, 60, 160)
    rgb[150:250, 150:250] = (120, 125, 120)
    alpha = np.zeros((SIDE, SIDE), np.float32)
    alpha[80:320, 80:320] = 1
    return rgb, alpha


WINDOW = slice(150, 250), slice(150, 250)


def click(keep: bool, x: int, y: int, opacity: float | None = None) -> Stroke:
    return Stroke(keep, 1, ((x, y),), region=True, opacity=opacity)


def test_a_click_opens_the_part_it_is_on_and_a_second_fills_it_again() -> None:
    rgb, alpha = case()

    opened = stroke_correction.correct(rgb, alpha, [click(False, 200, 170)])
    true = alpha.copy()
    true[WINDOW] = 0

    assert np.abs(opened - true).sum() < 0.05 * 100 * 100
    assert opened[155:245, 155:245].max() == 0
    assert opened[90:140, 90:310].min() == 1
    filled = stroke_correction.correct(rgb, alpha, [click(False, 200, 170), click(True, 240, 240)])
    assert np.abs(filled - alpha).sum() < 0.02 * 100 * 100


def test_a_click_fills_a_gap_whose_mouth_is_narrow_and_nothing_outside() -> None:
    rgb, alpha = case()
    alpha[WINDOW] = 0
    alpha[196:203, 250:320] = 0

    made = stroke_correction.correct(rgb, alpha, [click(True, 160, 200)])

    assert made[155:245, 155:245].min() == 1
    assert made[:75].max() == made[:, 330:].max() == 0


def test_a_click_on_a_crumb_apart_takes_all_of_it_whatever_its_colours() -> None:
    rgb, alpha = case()
    alpha[350:370, 40:60] = 1
    rgb[350:370, 40:50] = (250, 20, 20)

    made = stroke_correction.correct(rgb, alpha, [click(False, 45, 360)])

    assert made[345:375, 35:65].max() < 0.05
    assert (made[80:320, 80:320] == 1).all()


@pytest.mark.parametrize(
    ("keep", "x", "y"), [(False, 20, 20), (True, 200, 100), (True, -5, 20), (True, 400, 400)]
)
def test_a_click_that_means_nothing_changes_nothing(keep: bool, x: int, y: int) -> None:
    rgb, alpha = case()
    assert (stroke_correction.correct(rgb, alpha, [click(keep, x, y)]) == alpha).all()


def test_what_lets_the_ground_through_does_so_where_it_is_painted_and_no_more_than_once() -> None:
    rgb, alpha = case()
    line = Stroke(True, 10, ((160, 200), (240, 200)), opacity=0.4)

    made = stroke_correction.correct(rgb, alpha, [line, line])

    assert made[195:205, 165:235] == pytest.approx(0.4)
    assert (made[215:] == alpha[215:]).all()
    outside = Stroke(True, 10, ((20, 20), (60, 20)), opacity=0.4)
    assert (stroke_correction.correct(rgb, alpha, [outside]) == alpha).all(), "ground stays ground"
    solid = stroke_correction.correct(rgb, alpha, [line, stroke(True, 200, 200, 14)])
    assert solid[195:205, 190:210].min() == 1


def test_a_part_that_is_clicked_lets_the_ground_through_as_a_whole() -> None:
    rgb, alpha = case()
    made = stroke_correction.correct(rgb, alpha, [click(True, 200, 170, opacity=0.3)])
    assert made[155:245, 155:245] == pytest.approx(0.3)
    assert made[90:140, 90:310].min() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"region": 1},
        {"opacity": 1.5},
        {"opacity": True},
        {"opacity": "half"},
        {"opacity": 0.5, "keep": False},
    ],
)
def test_what_a_stroke_says_besides_is_read_strictly(more: dict[str, object]) -> None:
    with pytest.raises(InvalidOptions, match="Stroke 1"):
        strokes.read_strokes([{"keep": True, "radius": 5, "points": [[1, 2]], **more}])


def test_strokes_are_called_as_they_were_before_there_were_clicks() -> None:
    plain, clicked = Stroke(True, 1, ((3, 4),)), click(True, 3, 4)
    names = [strokes.name_strokes([one], "") for one in (plain, clicked, click(True, 3, 4, 0.5))]
    assert names[0] == "f4841945f2f55046d0a8"
    assert len(set(names)) == 3
