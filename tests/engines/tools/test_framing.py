"""A frame that looks at where the subject is in its photo."""

import numpy as np
import pytest

from editor.engines.finishing.finish import Finish
from editor.engines.finishing.render import render
from editor.engines.tools import framing
from editor.engines.tools.cutout import CutoutOptions

SIZE = (400, 200)
# The subject's box in such a photo, and where its middle comes to lie on a canvas of 200 x 200.
BOXES = [((300, 50, 340, 150), 120), ((20, 50, 60, 150), 40), ((180, 50, 220, 150), 100)]


def subject(box: tuple[int, int, int, int]) -> np.ndarray:
    alpha = np.zeros((SIZE[1], SIZE[0]), np.float32)
    alpha[box[1] : box[3], box[0] : box[2]] = 1
    return alpha


def middle(mask: np.ndarray, axis: int) -> float:
    seen = np.flatnonzero((mask > 0.5).any(axis=1 - axis))
    return float(seen[0] + seen[-1] + 1) / 2


@pytest.mark.parametrize(("box", "across"), BOXES)
def test_the_part_with_the_subject_in_its_middle_is_seen(box: tuple[int, int, int, int], across: int) -> None:
    asked = Finish(canvas="exact", width=200, height=200, reference="photo", scaling="fill", enlarge=True)
    found = framing.adapt(asked, box, SIZE, CutoutOptions(aim=True))
    alpha = subject(box)
    made = render(np.zeros((*alpha.shape, 3), np.uint8), alpha, found)
    assert made.mask.shape == (200, 200)
    # Nothing beyond the photo is ever seen: near its ends the subject is as near to the middle as it comes.
    assert middle(made.mask, 1) == pytest.approx(across, abs=1)
    assert middle(made.mask, 0) == pytest.approx(100, abs=1)


@pytest.mark.parametrize(
    ("box", "margins", "align"),
    [
        ((10, 10, 90, 90), (0.1, 0.1, 0.1, 0.1), (0.5, 0.5)),
        ((10, 10, 90, 200), (0.1, 0.1, 0.1, 0.02), (0.5, 1.0)),
        ((0, 10, 90, 90), (0.02, 0.1, 0.1, 0.1), (0.0, 0.5)),
        ((0, 0, 400, 90), (0.02, 0.02, 0.02, 0.1), (0.5, 0.0)),
    ],
)
def test_a_side_that_the_photo_cuts_off_lies_at_its_own_margin(
    box: tuple[int, int, int, int], margins: tuple[float, ...], align: tuple[float, float]
) -> None:
    asked = Finish(canvas="exact", width=100, height=100, scaling="fit", margins=(0.1, 0.1, 0.1, 0.1))
    found = framing.adapt(asked, box, SIZE, CutoutOptions(snap=(0.02, 0.02, 0.02, 0.02)))
    assert (found.margins, found.align) == (margins, align)
    assert framing.adapt(asked, box, SIZE, CutoutOptions()) == asked


@pytest.mark.parametrize(("box", "across"), BOXES)
def test_a_subject_that_is_scaled_rests_where_it_was(box: tuple[int, int, int, int], across: int) -> None:
    asked = Finish(scaling="fit", enlarge=True, margins=(0.3, 0.25, 0.3, 0.25))
    found = framing.adapt(asked, box, SIZE, CutoutOptions(rest=True))
    alpha = subject(box)
    made = render(np.zeros((*alpha.shape, 3), np.uint8), alpha, found)
    rows = np.flatnonzero((made.mask > 0.5).any(axis=1))
    columns = np.flatnonzero((made.mask > 0.5).any(axis=0))
    assert len(rows) == pytest.approx(100, abs=1)  # half of the canvas, which it fills down
    # As much of the room beside it is on its left as it was before.
    assert columns[0] / (SIZE[0] - len(columns)) == pytest.approx(box[0] / (SIZE[0] - 40), abs=0.01)
    assert rows[0] / (SIZE[1] - len(rows)) == pytest.approx(0.5, abs=0.01)
