"""Sight: how much of a picture a thing covers, as far as it is in it. Pure arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

LEAST_SEEN = 0.3
"""Percent of the picture, outside the product, that each kind of thing is to cover."""

CUT = 3.0
"""Times that, from which a part counts though the picture's edge cuts it: a palm leans in from outside."""


def measure_share(seen: NDArray[np.bool_]) -> float:
    """Return the percent of a picture that is covered where seen (h, w) is set.

    A part that the picture's edge cuts counts only where a good deal of it is in the picture.
    """
    parts, count = ndimage.label(seen, np.ones((3, 3)))
    if not count:
        return 0.0
    shares = 100 * np.bincount(parts.ravel(), minlength=count + 1) / seen.size
    cut = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    shares[0] = 0.0
    shares[cut[shares[cut] < CUT * LEAST_SEEN]] = 0.0
    return float(shares.sum())
