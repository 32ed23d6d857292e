"""Further looks at a picture whose first look left doubts, and what they agree on.

The network errs where a part of the subject resembles what it takes for background: it leaves a
shoe's side see-through, or a white box out of white. Shown the picture in other tones and a little
smaller, it errs elsewhere. So several looks are taken and each pixel gets their median; what one
look alone claims is kept where the ground, as far as it is plain (ground.py), says it is no ground.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from . import contract, ground, network

SIDE = 768
"""The further looks' squares: 0.56 of the first look's time, and large parts are seen as a whole."""

GRID = 512
"""Side of the grid that looks are compared on."""

DOUBT = 0.02
"""Undecided area beside the subject's own from which on further looks are worth their time.

Of 105 photos with known alpha the first look was right (IoU 0.985) on all but thin-lined ones below
it; half of those above were wrong.
"""

UNDECIDED = (0.1, 0.9)
DECIDED_EDGE = 5
"""Pixels of GRID: undecided strips up to this width are outlines, which are soft by nature."""

DISAGREEMENT = 0.25
"""How far the median must be from the first look to overrule it; outlines differ by less, or thinly."""

HINT = 0.3
"""Mean claim from which a gap that the subject closes in is taken for a part of it, not for a hole."""

DARKENING = 3.0
"""Exponent of the darkened look: pale tones are spread out, and pale on pale gets a contrast."""


def doubt(first: contract.Alpha) -> float:
    """Return how large the area is that a look leaves undecided, outlines aside, per subject's area."""
    grid = _to_grid(first)
    low, high = UNDECIDED
    undecided = (grid > low) & (grid < high)
    area = ndimage.binary_opening(undecided, np.ones((DECIDED_EDGE, DECIDED_EDGE), bool)).sum()
    return float(area / max(1, (grid > 0.5).sum()))


def agreed(square: contract.Image, first: contract.Alpha, *, with_ground: bool = True) -> contract.Alpha:
    """Return the first look corrected, where large areas differ, by two further ones and the ground.

    square and first are network.SIDE pixels a side; so is the result. Raises WeightsMissing.
    """
    grid = _to_grid(first)
    small = network.squeezed(square, SIDE)
    segmenter = network.segmenter(SIDE)
    inverted = _resized(segmenter.subject(255 - small), GRID)
    darkened = _resized(segmenter.subject(_DARKER[small]), GRID)
    median = np.maximum(np.minimum(grid, inverted), np.minimum(np.maximum(grid, inverted), darkened))
    fused = median
    if with_ground:
        plain = ground.seen(network.squeezed(square, GRID), median)
        if plain is not None:
            fused = _confirmed(median, np.maximum(inverted, darkened), plain)
    return _corrected(first, grid, fused)


def _confirmed(median: contract.Alpha, claimed: contract.Alpha, plain: ground.Ground) -> contract.Alpha:
    """Return the median, with what is surely no ground added where a look claims it or the subject is all round."""
    # A pixel in from its outline, which is the ground's as much as the subject's.
    sure = ndimage.binary_erosion(plain.distinct, np.ones((3, 3), bool))
    fused = np.where(sure, np.maximum(median, claimed), median)
    gaps, count = ndimage.label(fused < 0.5)
    if not count:
        return fused
    touched = np.zeros(count + 1, bool)
    touched[gaps[plain.reached]] = True
    closed = ~touched
    closed[0] = False
    numbers = np.arange(count + 1)
    closed &= np.nan_to_num(ndimage.mean(plain.distinct, gaps, numbers)) > 0.5
    closed &= np.nan_to_num(ndimage.mean(claimed, gaps, numbers)) > HINT
    return np.where(closed[gaps], np.float32(1), fused)


def _corrected(first: contract.Alpha, grid: contract.Alpha, fused: contract.Alpha) -> contract.Alpha:
    """Return the first look with fused in its place around the areas where the two differ."""
    differs = np.abs(fused - grid) > DISAGREEMENT
    areas = ndimage.binary_opening(differs, np.ones((3, 3), bool))
    # Whole, not only their thick parts: what hangs on an area is wrong for the same reason.
    areas = ndimage.binary_propagation(areas, mask=differs, structure=np.ones((3, 3), bool))
    reach = ndimage.maximum_filter(areas, 9).astype(np.float32)
    weight = _resized(ndimage.uniform_filter(reach, 5), len(first))
    return first + weight * (_resized(fused, len(first)) - first)


def _to_grid(look: contract.Alpha) -> contract.Alpha:
    """Return a look of network.SIDE pixels a side at GRID, averaged."""
    times = len(look) // GRID
    return look.reshape(GRID, times, GRID, times).mean(axis=(1, 3))


def _resized(look: contract.Alpha, side: int) -> contract.Alpha:
    return np.array(Image.fromarray(look).resize((side, side), Image.Resampling.BILINEAR))


_DARKER = (255 * (np.arange(256) / 255) ** DARKENING + 0.5).astype(np.uint8)
