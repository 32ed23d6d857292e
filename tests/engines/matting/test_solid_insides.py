"""solid_insides.fill: glass becomes opaque, outlines and holes stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.matting import solid_insides


@pytest.fixture
def glass() -> NDArray[np.float32]:
    """A pane with a soft outline, half see-through inside, with a hole in it: (300, 400)."""
    rows, columns = np.mgrid[:300, :400].astype(np.float32)
    outside = np.maximum(np.abs(rows - 150) - 100, np.abs(columns - 200) - 150)
    alpha = np.clip(0.5 - outside / 4, 0, 1) * np.where(outside < -20, np.float32(0.4), np.float32(1))
    alpha[140:160, 180:220] = 0
    return alpha.astype(np.float32)


def test_what_shows_through_inside_is_opaque_and_nothing_else_changes(glass: NDArray[np.float32]) -> None:
    before = glass.copy()
    made = solid_insides.fill(glass)
    assert (glass == before).all()
    assert made.dtype == np.float32
    assert (made[80:130, 80:320] == 1).all()
    assert (made[140:160, 180:220] == 0).all()  # a hole is no glass
    outline = (glass < 0.1) | (np.indices(glass.shape)[0] < 51)
    assert (made[outline] == glass[outline]).all()
    assert (made >= glass).all()


def test_a_picture_that_is_faint_all_over_is_made_no_more_opaque_than_it_is(
    glass: NDArray[np.float32],
) -> None:
    faint = glass * np.float32(0.5)
    assert solid_insides.fill(faint, 0.5) == pytest.approx(solid_insides.fill(glass) * 0.5)


def test_a_subject_that_reaches_the_picture_s_edge_is_solid_up_to_it() -> None:
    assert (solid_insides.fill(np.full((50, 60), 0.4, np.float32)) == 1).all()
