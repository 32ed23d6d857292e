"""Insides made solid: what shows through a subject far from its outline, glass or gauze, becomes opaque."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from editor.engines import types

VISIBLE = 0.1
"""Alpha below this is a hole, and no inside."""

EDGE = 0.004
"""How wide an outline may be, hair and all, as a share of the longer side; LEAST_EDGE pixels at least."""
LEAST_EDGE = 2


def fill(alpha: types.Alpha, opacity: float = 1.0) -> types.Alpha:
    """Return alpha that is as opaque as the picture is wherever no hole is near. opacity: of the picture."""
    reach = max(LEAST_EDGE, round(EDGE * max(alpha.shape)))
    visible = (alpha > VISIBLE * opacity).astype(np.uint8)
    # The picture's own edge is none of the subject's.
    inside = ndimage.minimum_filter(visible, size=2 * reach + 1, mode="nearest") == 1
    return np.where(inside, np.maximum(alpha, np.float32(opacity)), alpha)
