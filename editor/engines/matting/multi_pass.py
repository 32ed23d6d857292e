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

from . import areas, plain_background

SIDE = 768
"""The further looks' squares: 0.56 of the first look's time, and large parts are seen as a whole."""

GRID = 512
"""Side of the grid that looks are compared on."""

DOUBT = 0.02
"""Undecided area beside the subject's own from which on further looks are worth their time.

Of 105 photos with known alpha the first look was right (IoU 0.985) on all but thin-lined ones below
it; half of those above were wrong.
"""

ENCLOSED_DOUBT = 0.004
"""The same for what the subject encloses: a slot half filled, an opening half open."""

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

DENIED = 0.15
BROAD = 5
"""Unless both others see less than the one share over an area of GRID's pixels as wide as the other."""

REJECTED = 0.06
"""Mean claim of the first look up to which an area that both others claim was rejected, and stays out. Set on
the pictures of bench.hard_cases and of bench.matte."""

REJECTED_BESIDE = 0.1
STANDS_OUT = 40.0
"""The same for an area that the ground alone speaks for, if it is so many grey levels from the ground."""

SUPPORT = 0.5
"""Mean claim of some further look without which colour alone makes no area a part of the subject."""

ENCLOSED_CORE = 5
"""Pixels of GRID: what the subject encloses and is narrower is left as seen: between spokes, in lace."""


@dataclass(frozen=True)
class Merged:
    """What several looks came to, as large as the first; toned: the look in other tones, at GRID."""

    seen: types.Alpha
    toned: types.Alpha


def is_doubtful(first: types.Alpha) -> bool:
    """Return whether a look leaves so much undecided that further ones are worth their time."""
    grid = to_grid(first)
    return measure_doubt(grid) > DOUBT or measure_enclosed_doubt(grid) > ENCLOSED_DOUBT


def misses_most(square: types.Image, first: types.Alpha) -> bool:
    """Return whether a look left out, before white, more of what the picture's edge cuts than it took."""
    # A sixteenth of the pixels tells, and nearly every photo is asked.
    subject = first[::4, ::4] > 0.5
    cut_off = plain_background.find_cut_off(np.ascontiguousarray(square[::4, ::4]), subject)
    return int(np.count_nonzero(cut_off & ~subject)) > int(np.count_nonzero(subject))


def measure_doubt(grid: types.Alpha) -> float:
    """Return how large the area is that a look at GRID leaves undecided but for outlines, per subject's."""
    area = int(areas.open_mask(_undecided(grid), DECIDED_EDGE).sum())
    return area / max(1, int((grid > 0.5).sum()))


def measure_enclosed_doubt(grid: types.Alpha) -> float:
    """Return how large the undecided area within what the subject encloses is, per subject's area."""
    undecided = areas.narrow(_undecided(grid), 3)
    # Mostly there is nothing to tell of, whatever is enclosed.
    inner = undecided & _find_enclosed(grid) if undecided.any() else undecided
    return int(inner.sum()) / max(1, int((grid > 0.5).sum()))


def _undecided(grid: types.Alpha) -> types.Mask:
    low, high = UNDECIDED
    return (grid > low) & (grid < high)


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
    fused = _vote(grid, inverted, toned)
    if with_ground:
        ground = isnet.squeeze(square, GRID)
        plain = plain_background.find_ground(ground, fused)
        if plain is not None:
            added = _add_confirmed(fused, np.maximum(inverted, toned), plain)
            kept = _leave_rejected(added, grid, REJECTED_BESIDE, standing_out=plain.difference > STANDS_OUT)
            fused = np.where(kept < added, fused, added)
        fused = np.where(plain_background.find_cut_off(ground, fused > 0.5), np.float32(1), fused)
    return Merged(_correct(first, grid, _settle_enclosed(fused)), toned)


def _vote(grid: types.Alpha, inverted: types.Alpha, toned: types.Alpha) -> types.Alpha:
    """Return what two of three looks say of each pixel; what the first is certain of counts for more."""
    median = np.maximum(np.minimum(grid, inverted), np.minimum(np.maximum(grid, inverted), toned))
    certain = grid > CERTAIN
    denied = areas.open_mask(certain & (np.maximum(inverted, toned) < DENIED), BROAD)
    certain &= ~areas.widen(denied, BROAD)
    return _leave_rejected(np.where(certain, grid, median), grid, REJECTED)


def _leave_rejected(
    seen: types.Alpha, grid: types.Alpha, rejected: float, standing_out: types.Mask | None = None
) -> types.Alpha:
    """Return what is seen without the areas outside the first look's outline that it claims no more than so.

    standing_out: of these only such as lie mostly in it. What the outline encloses is judged elsewhere.
    """
    outside = (grid < 0.5) & ~areas.fill_holes(grid > 0.5)
    numbered, count = ndimage.label((seen > 0.5) & outside)
    out = areas.average(grid, numbered, count) < rejected
    if standing_out is not None:
        out &= areas.average(standing_out, numbered, count) > 0.5
    out[0] = False
    # With their outlines, which are soft.
    left = areas.widen(out[numbered], 5) & outside
    return np.where(left, np.minimum(seen, grid), seen)


def _find_enclosed(grid: types.Alpha) -> types.Mask:
    """Return what is less than decidedly subject and has no way out but through the subject."""
    low = grid < UNDECIDED[1]
    return low & areas.fill_holes(~low)


def _settle_enclosed(fused: types.Alpha) -> types.Alpha:
    """Return alpha with each broad area that the subject encloses either the subject's, or a hole."""
    numbered, count = ndimage.label(_find_enclosed(fused))
    core = np.where(areas.narrow(numbered > 0, ENCLOSED_CORE), numbered, 0)
    mean = areas.average(fused, core, count)
    broad = np.bincount(core.ravel(), minlength=count + 1) > 0
    broad[0] = False
    filled = np.where((broad & (mean > 0.5))[numbered], np.float32(1), fused)
    hole = (broad & (mean <= 0.5))[core] & (fused < 0.5)
    return np.where(hole, np.float32(0), filled)


def _add_confirmed(median: types.Alpha, claimed: types.Alpha, plain: plain_background.Ground) -> types.Alpha:
    """Return the median with the areas added that some look claims and that surely are no ground.

    Areas are judged as a whole: an evenly lit box has corners that match the ground by chance. What the
    subject encloses may be a hole, so its colours must be foreign to all of the ground.
    """
    left_out = _find_left_out(median > 0.5, claimed, plain)
    median = np.where(areas.widen(left_out, 3), np.float32(1), median)
    subject = median > 0.5
    beside = (claimed > 0.5) & ~areas.fill_holes(subject)
    added = _accept(beside, plain, plain.distinct, least=LEAST_AREA * float(subject.sum()))
    fused = np.where(areas.widen(added, 3), np.maximum(median, claimed), median)
    subject |= added
    gaps, count = ndimage.label(areas.fill_holes(subject) & ~subject)
    hint = areas.average(claimed, gaps, count)
    inside = _accept((gaps > 0) & (hint[gaps] > HINT), plain, plain.foreign)
    return np.where(areas.widen(inside, 3), np.float32(1), fused)


def _find_left_out(subject: types.Mask, claimed: types.Alpha, plain: plain_background.Ground) -> types.Mask:
    """Return the areas at the subject that are no ground and no shadow on it, and that some look claims.

    Unclaimed ones are things of the set, and mirror images.
    """
    numbered, count = ndimage.label(areas.open_mask(plain.coloured & ~subject, RIM))
    size = np.bincount(numbered.ravel(), minlength=count + 1)
    touching = areas.average(areas.widen(subject, 2 * RIM + 1), numbered, count) > 0
    accepted = touching & (size >= LEAST_AREA * subject.sum())
    accepted &= areas.average(claimed, numbered, count) > SUPPORT
    accepted[0] = False
    return accepted[numbered]


def _accept(
    candidates: types.Mask, plain: plain_background.Ground, unlike: types.Mask, *, least: float = 1
) -> types.Mask:
    """Return those connected areas that the ground hardly reaches and that mostly are unlike it."""
    numbered, count = ndimage.label(candidates)
    if not count:
        return candidates
    accepted = np.bincount(numbered.ravel(), minlength=count + 1) >= least
    accepted &= areas.average(plain.reached, numbered, count) < REACHED
    # Colours near the outline are mixed with the subject's; an area that is all outline tells nothing.
    inner = np.where(areas.narrow(candidates, RIM), numbered, 0)
    accepted &= areas.average(unlike, inner, count) > DISTINCT
    accepted[0] = False
    return accepted[numbered]


def _correct(first: types.Alpha, grid: types.Alpha, fused: types.Alpha) -> types.Alpha:
    """Return the first look with fused in its place around the areas where the two differ."""
    difference = np.abs(fused - grid)
    broad = areas.open_mask(difference > DISAGREEMENT, 3)
    # Whole, not only where they are thick and plain: what hangs on an area is wrong for the same reason.
    connected, count = ndimage.label(difference > DISAGREEMENT / HANGING, np.ones((3, 3), bool))
    broad = (areas.average(broad, connected, count) > 0)[connected] & (connected > 0)
    reach = areas.widen(broad, 9).astype(np.float32)
    weight = _resize(ndimage.uniform_filter(reach, 5), len(first))
    # Averaging on the grid has made outlines as many times wider as the grid is coarser.
    steep = (_resize(fused, len(first)) - np.float32(0.5)) * np.float32(len(first) / GRID) + np.float32(0.5)
    return first + weight * (np.clip(steep, 0, 1) - first)


def to_grid(look: types.Alpha) -> types.Alpha:
    """Return a look of isnet.SIDE pixels a side at GRID, averaged."""
    if look.shape == (2 * GRID, 2 * GRID):
        # As Pillow does it, without its copies.
        upper, lower = look[::2], look[1::2]
        return (upper[:, ::2] + upper[:, 1::2] + lower[:, ::2] + lower[:, 1::2]) * np.float32(0.25)
    return np.array(Image.fromarray(look).reduce(len(look) // GRID))


def _resize(look: types.Alpha, side: int) -> types.Alpha:
    return np.array(Image.fromarray(look).resize((side, side), Image.Resampling.BILINEAR))


_LEVELS = np.arange(256) / 255
_SPREAD_PALE = (255 * _LEVELS**TONES + 0.5).astype(np.uint8)
_SPREAD_DARK = (255 * _LEVELS ** (1 / TONES) + 0.5).astype(np.uint8)
