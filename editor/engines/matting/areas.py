"""Areas of a mask: opened, filled, numbered and averaged over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types


def open_mask(mask: types.Mask, width: int) -> types.Mask:
    """Return the mask without its parts narrower than `width` pixels (an opening by a square)."""
    return ndimage.maximum_filter(ndimage.minimum_filter(mask, width, mode="constant"), width)


def fill_holes(mask: types.Mask) -> types.Mask:
    """Return the mask with all that it encloses."""
    outside, count = ndimage.label(np.pad(~mask, 1, constant_values=True))
    return (outside != outside[0, 0])[1:-1, 1:-1] if count else mask


def average(
    values: types.Alpha | types.Mask, numbered: NDArray[np.integer], count: int
) -> NDArray[np.float64]:
    """Return the mean of the values in each of the areas 0 to count; 0 for one without pixels."""
    labels = numbered.ravel()
    sums = np.bincount(labels, weights=values.ravel(), minlength=count + 1)
    return sums / np.maximum(np.bincount(labels, minlength=count + 1), 1)
