"""What is strange to a hole's border, and so must not be copied into it: another person, a button, a cross.

What belongs into a hole is what enters it, and that stands at its border. The mean colours and roughness
of the patches there are a small set; a patch that is like none of them costs as much as it is unlike the
nearest, so that it is copied only where nothing else will do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial

from . import patchmatch as pm

MOST_PIXELS = 60_000
"""Of the level: more take too long, and are of a hole so thin that it takes what is beside it."""

RING = 9.0
"""Pixels of the coarsest level within which a patch stands at the border."""

WEIGHT = 2.0
"""How many times more a difference from all that is at the border counts than one between patches."""
TOLERANCE = 30.0
"""Grey levels, of three channels together, that are no difference: skies and floors shade off by so much.
With a sixth of it a horizon bends, as what is right but further away costs too much."""
ROUGHNESS = 0.3
"""How much the two channels of roughness count beside the colours, which they outweigh in patches."""

RARE = 0.03
"""Share of the border that has to be alike for a patch to be one of its kinds."""


def measure_costs(features: pm.Features, hole: pm.Bytes, valid: pm.Bytes) -> NDArray[np.float32] | None:
    """Return what copying from each place costs, (H, W) in UNIT squared; None where nothing can be told."""
    height, width = hole.shape
    if hole.size > MOST_PIXELS or not hole.any():
        return None
    away = ndimage.distance_transform_edt(hole == 0)
    ring = (valid != 0) & (away <= pm.HALF + RING)
    if np.count_nonzero(ring) < 30:
        return None
    values = features.reshape(height, width, pm.CHANNELS).astype(np.float32)
    means = np.stack([ndimage.uniform_filter(values[..., c], 5) for c in range(pm.CHANNELS)], axis=-1)
    means[..., 3:] *= ROUGHNESS
    kinds, places = means[ring], valid != 0
    nearest = max(1, round(RARE * len(kinds) / 2))
    tree = spatial.cKDTree(kinds)
    distance, _ = tree.query(means[places], k=[nearest])
    beyond = np.maximum(distance[:, 0] - TOLERANCE * pm.UNIT, 0)
    costs = np.zeros(hole.shape, np.float32)
    costs[places] = np.minimum(WEIGHT * beyond**2, 1e7)
    return costs
