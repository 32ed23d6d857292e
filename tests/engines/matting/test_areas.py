"""Masks are widened and narrowed as SciPy's filters do, only sooner."""

import numpy as np
import pytest
from scipy import ndimage

from editor.engines.matting import areas


@pytest.mark.parametrize("shape", [(97, 64), (5, 40), (1, 3)])
@pytest.mark.parametrize("width", [1, 3, 5, 15, 25])
def test_masks_are_widened_narrowed_and_opened_by_a_square(shape: tuple[int, int], width: int) -> None:
    mask = ndimage.uniform_filter(np.random.default_rng(width).random(shape), 3) > 0.55
    before = mask.copy()

    assert (areas.widen(mask, width) == ndimage.maximum_filter(mask, width)).all()
    assert (areas.narrow(mask, width) == ndimage.minimum_filter(mask, width)).all()
    opened = ndimage.maximum_filter(ndimage.minimum_filter(mask, width, mode="constant"), width)
    assert (areas.open_mask(mask, width) == opened).all()
    assert (mask == before).all()
