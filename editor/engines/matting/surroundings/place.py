"""The place that a product stands on or before, where the network took it along: podium, disc, ball, board.

A matte is parted where its colours change, and each even part is judged as a whole: a place is smooth, of the
ground's hue, and lies low or apart; a product's own foot rarely is all of it. What is likely a place by its
measures is looked at once more, in a crop that holds the rest alone: a podium that runs out of the picture is
ground to the network, a lamp's foot stays a foot.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas, plain_background, regression
from editor.engines.matting.multi_pass import SIDE
from editor.engines.networks import isnet

from . import parts
from .parts import GRID, MEASURES, Scene

NUMBERS = Path(__file__).with_name("place.json")
"""What was fitted, on what, and by which command."""

AROUND = 0.08
"""Share of the rest's sides that the crop shows around it."""

LEAST_SHOWN = 60
LEAST_SHARE = 0.3
"""Pixels of GRID of a part, and share of it, that the crop must show, or it says nothing about it."""

LEAST_TOUCH = 0.1
"""Share of a part's rim that must be the matte's outline: what the product closes in is its own, a dial."""

LEAST_LIGHT = 0.4
"""A part's light, beside the ground's: what is darker is a shade of anything, a lamp's black foot for one."""

KNOWN = 0.8
"""Mean claim of the rest from which on the look tells anything of what is around it."""

SUSPECT = 0.3
"""Chance by measures alone from which on a part is worth a look."""

PLACE = 0.6
"""Chance, the look included, from which on a part goes."""

UNSHOWN = 0.85
"""The same for a part that the look does not show."""

UNSURE = (0.35, 0.05, 0.88)
"""Where the look claims less than KNOWN of the rest, but more than the first: a part goes of which it claims
less than the second, from the third chance on by measures alone."""

OWN = (0.8, 0.1)
SAME = 22.0
"""A part is the product's where the rest has at least so much of its colour, per its area, and the ground's
own at most: a bottle's foot that is as green as its cap. Up to so many grey levels a colour is the same."""

UNDER = 0.2
"""Share of its height from which on what is apart lies under the rest, as a mirror image does."""

LOW = 0.5
"""Where a part's middle is in the matte, from its top: from here on it may be a mirror image of the rest."""

ROUNDS = 2
"""What is left is judged once more: without the podium's side its top stands out."""

REST = 0.15
"""Share of the matte that must be left: below it what goes was the product."""

FARTHEST = 2.0
"""Spreads from its mean beyond which a measure tells no more: a regression knows not what it never saw."""


@dataclass(frozen=True)
class Fit:
    """A regression: of each measure its mean, spread and weight; the odds' offset; and what a look adds.

    denied: added to the odds where the look at the rest claims nothing of a part, and taken from them where
    it claims all of it.
    """

    terms: regression.Terms
    offset: float
    denied: float


def weigh(measures: Mapping[str, float], claim: float | None = None, fit: Fit | None = None) -> float:
    """Return the chance, 0..1, that a part of such measures is a place; claim: the look's, of the part."""
    fit = fit or read_fit()
    odds = fit.offset
    for name, (mean, wide, weight) in fit.terms.items():
        odds += weight * min(max((measures[name] - mean) / wide, -FARTHEST), FARTHEST)
    if claim is not None:
        odds += fit.denied * (1 - 2 * claim)
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))


def is_open(measures: Mapping[str, float]) -> bool:
    """Return whether a part of such measures may be a place: it reaches the outline, and is no black."""
    return measures["touch"] > LEAST_TOUCH and measures["light"] > LEAST_LIGHT


def is_place(measures: Mapping[str, float], claim: float | None, rest: float) -> bool:
    """Return whether a suspected part goes. claim, rest: the look's, of the part and of all else."""
    if rest < KNOWN:
        known, denied, chance = UNSURE
        return rest > known and claim is not None and claim < denied and weigh(measures) > chance
    if claim is not None:
        return weigh(measures, claim) > PLACE
    return weigh(measures) > UNSHOWN


def clear_own(scene: Scene, chances: list[dict[str, float]], suspected: list[bool]) -> list[bool]:
    """Return which parts are suspected still where those of the rest's own colours are cleared.

    But for mirror images, which have its colours too: of what lies low only what is above it counts, and what
    is apart and under the rest is never cleared; beside or above it is the other of a pair. chances: what
    was measured of each.
    """
    rest = areas.narrow(find_rest(scene, np.array([False, *suspected])), 3)
    ground = ~areas.widen(scene.subject, 7)
    rows = np.flatnonzero(rest.any(axis=1))
    left = list(suspected)
    for number in np.flatnonzero(suspected) + 1:
        shape = scene.parts == number
        inner = areas.narrow(shape, 5)
        colour = scene.smooth[inner if int(inner.sum()) > 10 else shape].mean(axis=0)
        alike = np.abs(scene.smooth - colour).max(axis=2) < SAME
        own = rest & ~areas.widen(shape, 7)
        high = np.flatnonzero(shape.any(axis=1))
        if chances[number - 1]["apart"] > 0:
            if not len(rows) or high[-1] - rows[-1] > UNDER * (high[-1] - high[0]):
                continue
        elif chances[number - 1]["low"] > LOW:
            own[high[0] :] = False
        shared = int((alike & own).sum()) / max(1, int(shape.sum()))
        common = float(alike[ground].mean())
        left[number - 1] = shared < OWN[0] or common > OWN[1]
    return left


def take_away(square: types.Image, seen: types.Alpha) -> types.Alpha:
    """Return a matte, isnet.SIDE a side as the square is, without the place that it holds.

    It costs a look where some part is suspected, else some milliseconds. Raises WeightsMissing.
    """
    for _ in range(ROUNDS):
        left = _take_away(square, seen)
        if left is seen:
            break
        seen = left
    return seen


def _take_away(square: types.Image, seen: types.Alpha) -> types.Alpha:
    """Return the matte without the parts that are places; itself where none is."""
    scene = parts.part(square, seen)
    if scene is None:
        return seen
    chances = parts.measure(scene)
    suspected = [is_open(one) and weigh(one) > SUSPECT for one in chances]
    if any(suspected):
        suspected = clear_own(scene, chances, suspected)
    if not any(suspected):
        return seen
    rest = find_rest(scene, np.array([False, *suspected]))
    if rest.sum() < REST * scene.subject.sum():
        return seen
    look = look_at(square, scene, rest)
    gone = np.zeros(scene.count + 1, bool)
    for number, (measures, claim) in enumerate(zip(chances, look.parts, strict=True), 1):
        gone[number] = suspected[number - 1] and is_place(measures, claim, look.rest)
    rest = find_rest(scene, gone)
    if not gone.any() or rest.sum() < REST * scene.subject.sum():
        return seen
    return np.minimum(seen, draw_rest(square, scene, gone, rest))


def find_rest(scene: Scene, gone: types.Mask) -> types.Mask:
    """Return what is left of a matte without some parts, (GRID, GRID); slivers along them go with them."""
    left = scene.subject & ~gone[scene.parts]
    core = areas.open_mask(left, 3)
    groups, count = ndimage.label(left)
    beside = areas.widen(gone[scene.parts], 5)
    solid = areas.average(core, groups, count) > 0
    # What hangs on no part that goes was nobody's place.
    solid |= areas.average(beside, groups, count) == 0
    solid[0] = False
    return solid[groups] & (core | ~beside)


@dataclass(frozen=True)
class Look:
    """What the network claims in a crop: of the rest, in the mean, and of each part; None if hardly shown."""

    rest: float
    parts: list[float | None]


def look_at(square: types.Image, scene: Scene, rest: types.Mask) -> Look:
    """Return how much of each part the network claims in a crop that holds the rest."""
    rows, columns = np.flatnonzero(rest.any(1)), np.flatnonzero(rest.any(0))
    ends = []
    for lines in (rows, columns):
        more = AROUND * (lines[-1] + 1 - lines[0])
        ends.append((max(0, math.floor(lines[0] - more)), min(GRID, math.ceil(lines[-1] + 1 + more))))
    (top, bottom), (left, right) = ends
    scale = len(square) // GRID
    crop = square[top * scale : bottom * scale, left * scale : right * scale]
    look = Image.fromarray(isnet.segmenter(SIDE).subject(np.ascontiguousarray(crop)))
    claim = np.array(look.resize((right - left, bottom - top), Image.Resampling.BOX))
    shown = scene.parts[top:bottom, left:right]
    inner = np.where(ndimage.minimum_filter(shown, 3) == ndimage.maximum_filter(shown, 3), shown, 0)
    sizes = np.bincount(inner.ravel(), minlength=scene.count + 1)
    wholes = np.bincount(scene.parts.ravel(), minlength=scene.count + 1)
    means = areas.average(claim, inner, scene.count)
    enough = sizes >= np.maximum(LEAST_SHOWN, LEAST_SHARE * wholes)
    kept = claim[rest[top:bottom, left:right]]
    return Look(
        float(kept.mean()), [float(means[n]) if enough[n] else None for n in range(1, scene.count + 1)]
    )


def draw_rest(square: types.Image, scene: Scene, gone: types.Mask, rest: types.Mask) -> types.Alpha:
    """Return where the rest is, isnet.SIDE a side, its rim at the steepest colours towards what goes."""
    side = 2 * GRID
    fine = np.array(Image.fromarray(square).reduce(len(square) // side), np.float32)
    slope = plain_background.measure_slope(ndimage.uniform_filter(fine, (3, 3, 0), mode="nearest"))
    away = _double(gone[scene.parts] | (scene.subject & ~rest))
    kept = _double(rest)
    markers = areas.narrow(kept, 3).astype(np.int16)
    markers[areas.narrow(away, 5)] = 2
    markers[_double(~areas.widen(scene.subject, 3))] = 3
    flooded = ndimage.watershed_ift(np.clip(slope * 4, 0, 255).astype(np.uint8), markers)
    # Wide enough for the soft rim of what goes, which the ground has in its flood.
    near = areas.widen((flooded == 2) | areas.narrow(away, 3), 15)
    drawn = np.where((flooded == 1) | ~near, np.float32(1), np.float32(0))
    drawn = ndimage.uniform_filter(drawn, 3)
    return np.array(Image.fromarray(drawn).resize((len(square),) * 2, Image.Resampling.BILINEAR))


def _double(mask: types.Mask) -> types.Mask:
    return mask.repeat(2, axis=0).repeat(2, axis=1)


@functools.cache
def read_fit(path: Path = NUMBERS) -> Fit:
    """Return what was fitted. Raises WeightsDamaged unless it is whole."""
    terms, numbers = regression.read(path, MEASURES, "offset", "denied")
    return Fit(terms, *numbers)
