"""Where a cutout lies on its canvas."""

import math

import numpy as np
import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.finishing import frame
from editor.engines.finishing.finish import Finish
from editor.engines.io import compose

SIZE = (100, 80)
BOX = (30, 40, 50, 50)


@pytest.fixture
def block() -> np.ndarray:
    """A subject of 20 x 10 pixels in a photo of 100 x 80."""
    alpha = np.zeros((80, 100), np.float32)
    alpha[40:50, 30:50] = 1
    return alpha


def gaps(placed: frame.Placement, box: compose.Box = BOX) -> tuple[float, float, float, float]:
    """Pixels of the canvas left, top, right and bottom of a box of the photo, where nothing is turned."""
    left, top = placed.x + box[0] * placed.scale, placed.y + box[1] * placed.scale
    right, bottom = placed.x + box[2] * placed.scale, placed.y + box[3] * placed.scale
    return left, top, placed.width - right, placed.height - bottom


def place(alpha: np.ndarray, **asked: object) -> frame.Placement:
    finish = Finish.from_dict(asked)
    return frame.place(frame.find_outline(alpha), (alpha.shape[1], alpha.shape[0]), finish)


def test_as_it_is_nothing_moves(block: np.ndarray) -> None:
    assert place(block) == frame.Placement(100, 80, 1.0, 0.0, 0.0)
    assert place(block).is_exact


@pytest.mark.parametrize("margin", [0, 0.05, 0.1, 0.25, 0.3, 0.45])
def test_a_margin_of_the_canvas_is_that_share_of_it_on_each_side(block: np.ndarray, margin: float) -> None:
    placed = place(block, canvas="content", margins=[margin] * 4)
    left, top, right, bottom = gaps(placed)
    for gap, side in ((left, placed.width), (right, placed.width), (top, placed.height)):
        assert gap / side == pytest.approx(margin, abs=0.5 / 10)
    assert bottom / placed.height == pytest.approx(margin, abs=0.5 / 10)
    assert placed.is_exact


@pytest.mark.parametrize("margin", [0, 0.08, 0.25, 0.3])
def test_in_a_square_the_longer_way_has_exactly_the_margin_and_the_other_more(margin: float) -> None:
    alpha = np.zeros((1400, 1400), np.float32)
    alpha[200:700, 100:1100] = 1
    placed = place(alpha, canvas="ratio", margins=[margin] * 4)
    left, top, right, bottom = gaps(placed, (100, 200, 1100, 700))
    assert placed.width == placed.height
    assert left / placed.width == pytest.approx(margin, abs=1 / placed.width)
    assert right / placed.width == pytest.approx(margin, abs=1 / placed.width)
    assert top == pytest.approx(bottom, abs=1)


def test_a_margin_of_the_subject_is_a_share_of_its_longer_side_alike_on_all_sides(block: np.ndarray) -> None:
    placed = place(block, canvas="content", margins=[0.1] * 4, margin_of="subject")
    assert gaps(placed) == (2, 2, 2, 2)


def test_margins_of_each_side_are_its_own(block: np.ndarray) -> None:
    placed = place(block, canvas="content", margins=[1, 2, 3, 4], margin_of="px")
    assert gaps(placed) == (1, 2, 3, 4)
    assert (placed.width, placed.height) == (24, 16)


@pytest.mark.parametrize(("align", "left", "top"), [((0, 0), 0, 0), ((1, 0.5), 0, 5), ((0.5, 1), 0, 10)])
def test_in_a_ratio_the_room_is_where_the_subject_is_not_aligned_to(
    block: np.ndarray, align: tuple[float, float], left: float, top: float
) -> None:
    placed = place(block, canvas="ratio", align=list(align))
    assert (placed.width, placed.height) == (20, 20)
    assert gaps(placed)[:2] == (left, top)


@pytest.mark.parametrize(
    ("ratio", "size"), [((4, 5), (20, 25)), ((16, 9), (20, 11)), ((1, 4), (20, 80)), ((9, 1), (90, 10))]
)
def test_a_ratio_is_the_smallest_canvas_of_it(
    block: np.ndarray, ratio: tuple[int, int], size: tuple[int, int]
) -> None:
    placed = place(block, canvas="ratio", ratio=list(ratio))
    assert (placed.width, placed.height) == size


def test_in_an_exact_canvas_the_longer_way_has_exactly_the_margin() -> None:
    alpha = np.zeros((3000, 4000), np.float32)
    alpha[500:2500, 1000:2200] = 1
    placed = place(
        alpha, canvas="exact", width=1600, height=1600, margins=[0.08] * 4, scaling="fit", align=[0.5, 1]
    )
    left, top, right, bottom = gaps(placed, (1000, 500, 2200, 2500))
    assert (top, bottom) == pytest.approx((128, 128))
    assert left == pytest.approx(right)


def test_what_fills_an_exact_canvas_exceeds_it_one_way_alone(block: np.ndarray) -> None:
    placed = place(block, canvas="exact", width=10, height=10, scaling="fill")
    assert gaps(placed) == pytest.approx((-5, 0, -5, 0))


def test_nothing_is_enlarged_unless_that_is_asked_for(block: np.ndarray) -> None:
    asked = {"canvas": "exact", "width": 200, "height": 200, "scaling": "fit"}
    placed = place(block, **asked)
    assert (placed.scale, placed.smaller) == (1.0, True)
    assert gaps(placed) == (90, 95, 90, 95)
    enlarged = place(block, **asked, enlarge=True)
    assert (enlarged.scale, enlarged.smaller) == (10.0, False)


def test_margins_of_the_subject_are_scaled_with_it(block: np.ndarray) -> None:
    placed = place(
        block,
        canvas="exact",
        width=50,
        height=50,
        margins=[0.5, 0, 0.5, 0],
        margin_of="subject",
        scaling="fit",
        enlarge=True,
    )
    assert gaps(placed) == pytest.approx((12.5, 18.75, 12.5, 18.75))


def test_the_whole_photo_can_be_framed(block: np.ndarray) -> None:
    placed = place(block, canvas="exact", width=50, height=50, reference="photo", scaling="fit")
    assert placed.scale == 0.5
    assert gaps(placed, (0, 0, 100, 80)) == (0, 5, 0, 5)


@pytest.mark.parametrize(
    ("degrees", "size"), [(90, (10, 20)), (-90, (10, 20)), (180, (20, 10)), (270, (10, 20)), (-360, (20, 10))]
)
def test_a_quarter_is_turned_without_resampling(
    block: np.ndarray, degrees: int, size: tuple[int, int]
) -> None:
    placed = place(block, canvas="content", rotation=degrees)
    assert (placed.width, placed.height) == size
    assert (placed.x, placed.y) == (round(placed.x), round(placed.y))


def test_turned_the_canvas_is_as_large_as_the_subject_then_is_and_not_as_its_box() -> None:
    rows, columns = np.mgrid[:400, :400]
    disc = np.asarray((rows - 199.5) ** 2 + (columns - 199.5) ** 2 < 150**2, np.float32)
    placed = place(disc, canvas="content", rotation=45)
    assert (placed.width, placed.height) == pytest.approx((300, 300), abs=3)


def test_where_it_stays_it_turns_about_the_middle_of_the_photo(block: np.ndarray) -> None:
    placed = place(block, rotation=30)
    turned = math.radians(30)
    x = 50 * math.cos(turned) - 40 * math.sin(turned) + placed.x
    y = 50 * math.sin(turned) + 40 * math.cos(turned) + placed.y
    assert (x, y) == pytest.approx((50, 40))
    assert place(block, rotation=90).width == 80


def test_a_margin_that_would_grow_the_canvas_without_end_shrinks_the_subject_instead() -> None:
    alpha = np.ones((60, 100), np.float32)
    placed = place(alpha, canvas="content", margins=[0.45] * 4)
    assert max(placed.width, placed.height) <= 2 * 100
    assert placed.scale < 1
    assert gaps(placed, (0, 0, 100, 60))[0] / placed.width == pytest.approx(0.45, abs=0.01)


def test_a_canvas_is_never_larger_than_the_studio_can_hold(block: np.ndarray) -> None:
    placed = place(block, canvas="ratio", ratio=[10_000, 1])
    assert placed.width <= 2 * 100
    assert placed.height >= 1


def test_margins_that_leave_nothing_are_refused(block: np.ndarray) -> None:
    with pytest.raises(InvalidOptions, match="no pixel"):
        place(block, scaling="fit", margins=[60, 0, 60, 0], margin_of="px")


def test_where_nothing_is_visible_the_whole_picture_is_framed() -> None:
    placed = place(np.zeros((80, 100), np.float32), canvas="content")
    assert (placed.width, placed.height) == SIZE
