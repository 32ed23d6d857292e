"""Further passes of the network over a picture whose first look left doubts, and what they agree on.

The network errs where a part of the subject resembles what it takes for background: it leaves a
shoe's side see-through, or a white box out of white. Shown the picture in other tones and a little
smaller, it errs elsewhere. So several looks are taken and each pixel gets their median; what one
look alone claims is kept where the ground, as far as it is plain (plain_background.py), says it is no ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.networks import isnet

from . import plain_background

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

HANGING = 5
"""What differs so many times less, and hangs on what differs, is wrong for the same reason. On how many
photos it was set is not recorded."""

HINT = 0.3
"""Mean claim from which a gap that the subject closes in is taken for a part of it, not for a hole. This and
what follows: on how many photos they were set is not recorded."""

REACHED = 0.15
DISTINCT = 0.5
"""An area is no ground where less than the one share is reached, and more than the other unlike ground."""

RIM = 5
"""Pixels of GRID: an area's outline is so wide, where colours are mixed with the subject's."""

LEAST_AREA = 0.01
"""Smaller areas beside the subject, per subject's area, are left to the looks: most are shadows."""

TONES = 3.0
"""Exponent of the look in other tones: pale ones are spread out, so that pale on pale gets a contrast."""

DARK = 64
"""Mean grey level below which a picture's dark tones are spread out instead, by the inverse exponent."""

CERTAIN = 0.9
"""What the first look saw for certain stays: further looks at a smaller size lose thin parts."""


@dataclass(frozen=True)
class Merged:
    """What several looks came to, as large as the first; toned: the look in other tones, at GRID."""

    seen: types.Alpha
    toned: types.Alpha


def measure_doubt(first: types.Alpha) -> float:
    """Return how large the area is that a look leaves undecided, outlines aside, per subject's area."""
    grid = to_grid(first)
    low, high = UNDECIDED
    undecided = (grid > low) & (grid < high)
    area = int(_open_mask(undecided, DECIDED_EDGE).sum())
    return area / max(1, int((grid > 0.5).sum()))


def merge_looks(square: types.Image, first: types.Alpha, *, with_ground: bool = True) -> Merged:
    """Return the first look corrected, where large areas differ, by two further ones and the ground.

    square and first are isnet.SIDE pixels a side. Raises WeightsMissing.
    """
    grid = to_grid(first)
    small = isnet.squeeze(square, SIDE)
    segmenter = isnet.segmenter(SIDE)
    inverted = _resize(segmenter.subject(np.invert(small)), GRID)
    curve = _SPREAD_DARK if small.mean() < DARK else _SPREAD_PALE
    toned = _resize(segmenter.subject(curve[small]), GRID)
    median = np.maximum(np.minimum(grid, inverted), np.minimum(np.maximum(grid, inverted), toned))
    median = np.where(grid > CERTAIN, grid, median)
    fused = median
    if with_ground:
        plain = plain_background.find_ground(isnet.squeeze(square, GRID), median)
        if plain is not None:
            fused = _add_confirmed(median, np.maximum(inverted, toned), plain)
    return Merged(_correct(first, grid, fused), toned)


def _add_confirmed(median: types.Alpha, claimed: types.Alpha, plain: plain_background.Ground) -> types.Alpha:
    """Return the median with the areas added that some look claims and that surely are no ground.

    Areas are judged as a whole: an evenly lit box has corners that match the ground by chance. What
    cannot even be a shadow is added unclaimed where it touches the subject. What the subject encloses
    may be a hole, so its colours must be foreign to all of the ground.
    """
    left_out = _find_left_out(median > 0.5, plain)
    median = np.where(ndimage.maximum_filter(left_out, 3), np.float32(1), median)
    subject = median > 0.5
    beside = (claimed > 0.5) & ~_fill_holes(subject)
    added = _areas(beside, plain, plain.distinct, least=LEAST_AREA * float(subject.sum()))
    fused = np.where(ndimage.maximum_filter(added, 3), np.maximum(median, claimed), median)
    subject |= added
    gaps, count = ndimage.label(_fill_holes(subject) & ~subject)
    hint = _means(claimed, gaps, count)
    inside = _areas((gaps > 0) & (hint[gaps] > HINT), plain, plain.foreign)
    return np.where(ndimage.maximum_filter(inside, 3), np.float32(1), fused)


def _find_left_out(subject: types.Mask, plain: plain_background.Ground) -> types.Mask:
    """Return the areas at the subject that are no ground and no shadow on it, but not in the subject."""
    areas, count = ndimage.label(_open_mask(plain.coloured & ~subject, RIM))
    size = np.bincount(areas.ravel(), minlength=count + 1)
    touching = _means(ndimage.maximum_filter(subject, 2 * RIM + 1), areas, count) > 0
    accepted = touching & (size >= LEAST_AREA * subject.sum())
    accepted[0] = False
    return accepted[areas]


def _areas(
    areas: types.Mask, plain: plain_background.Ground, unlike: types.Mask, *, least: float = 1
) -> types.Mask:
    """Return those connected areas that the ground hardly reaches and that mostly are unlike it."""
    numbered, count = ndimage.label(areas)
    if not count:
        return areas
    accepted = np.bincount(numbered.ravel(), minlength=count + 1) >= least
    accepted &= _means(plain.reached, numbered, count) < REACHED
    # Colours near the outline are mixed with the subject's; an area that is all outline tells nothing.
    inner = np.where(ndimage.minimum_filter(areas, RIM), numbered, 0)
    accepted &= _means(unlike, inner, count) > DISTINCT
    accepted[0] = False
    return accepted[numbered]


def _fill_holes(subject: types.Mask) -> types.Mask:
    """Return the subject with all that it encloses."""
    outside, count = ndimage.label(np.pad(~subject, 1, constant_values=True))
    return (outside != outside[0, 0])[1:-1, 1:-1] if count else subject


def _means(values: np.ndarray, numbered: np.ndarray, count: int) -> np.ndarray:
    """Return the mean of the values in each of the areas 0 to count; 0 for one without pixels."""
    labels = numbered.ravel()
    sums = np.bincount(labels, weights=values.ravel(), minlength=count + 1)
    return sums / np.maximum(np.bincount(labels, minlength=count + 1), 1)


def _correct(first: types.Alpha, grid: types.Alpha, fused: types.Alpha) -> types.Alpha:
    """Return the first look with fused in its place around the areas where the two differ."""
    difference = np.abs(fused - grid)
    areas = _open_mask(difference > DISAGREEMENT, 3)
    # Whole, not only where they are thick and plain: what hangs on an area is wrong for the same reason.
    connected, count = ndimage.label(difference > DISAGREEMENT / HANGING, np.ones((3, 3), bool))
    areas = (_means(areas, connected, count) > 0)[connected] & (connected > 0)
    reach = ndimage.maximum_filter(areas, 9).astype(np.float32)
    weight = _resize(ndimage.uniform_filter(reach, 5), len(first))
    # Averaging on the grid has made outlines as many times wider as the grid is coarser.
    steep = (_resize(fused, len(first)) - np.float32(0.5)) * np.float32(len(first) / GRID) + np.float32(0.5)
    return first + weight * (np.clip(steep, 0, 1) - first)


def _open_mask(mask: types.Mask, width: int) -> types.Mask:
    """Return the mask without its parts narrower than `width` pixels (an opening by a square)."""
    return ndimage.maximum_filter(ndimage.minimum_filter(mask, width, mode="constant"), width)


def to_grid(look: types.Alpha) -> types.Alpha:
    """Return a look of isnet.SIDE pixels a side at GRID, averaged."""
    return np.array(Image.fromarray(look).reduce(len(look) // GRID))


def _resize(look: types.Alpha, side: int) -> types.Alpha:
    return np.array(Image.fromarray(look).resize((side, side), Image.Resampling.BILINEAR))


_LEVELS = np.arange(256) / 255
_SPREAD_PALE = (255 * _LEVELS**TONES + 0.5).astype(np.uint8)
_SPREAD_DARK = (255 * _LEVELS ** (1 / TONES) + 0.5).astype(np.uint8)
