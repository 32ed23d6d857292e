"""Areas of a mask: opened, filled, numbered and averaged over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types


def open_mask(mask: types.Mask, width: int) -> types.Mask:
    """Return the mask without its parts narrower than `width` pixels (an opening by a square)."""
    return widen(narrow(np.pad(mask, width), width)[width:-width, width:-width], width)


def widen(mask: types.Mask, width: int) -> types.Mask:
    """Return the mask widened by a square of `width` pixels, an odd number.

    As ndimage.maximum_filter does, in a tenth of its time.
    """
    made = mask.copy()
    reach, far = width // 2, 0
    while far < reach:
        step = min(far + 1, reach - far)
        for axis in (0, 1):
            before, behind = [slice(None)] * 2, [slice(None)] * 2
            before[axis], behind[axis] = slice(None, -step), slice(step, None)
            wider = made.copy()
            wider[tuple(behind)] |= made[tuple(before)]
            wider[tuple(before)] |= made[tuple(behind)]
            made = wider
        far += step
    return made


def narrow(mask: types.Mask, width: int) -> types.Mask:
    """Return the mask without what is nearer to its rim than half of `width`, an odd number of pixels.

    The picture's own edge is no rim.
    """
    return ~widen(~mask, width)


def find_hull(mask: types.Mask, mouth: int) -> types.Mask:
    """Return the mask with what it closes in, but for a mouth narrower than so many pixels, an odd number."""
    return fill_holes(mask | narrow(widen(mask, mouth), mouth))


def look_near(mask: types.Mask, far: int) -> types.Mask:
    """Return what is within so many pixels of a mask, told by an eighth of the pixels a side."""
    coarse = widen(mask[::8, ::8], 2 * (far // 8) + 1)
    return coarse.repeat(8, 0).repeat(8, 1)


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
