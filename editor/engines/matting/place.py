"""The place that a product stands on or before, where the network took it along: podium, disc, ball, board.

A matte is parted where its colours change, and each even part is judged as a whole: a place is smooth, of the
ground's hue, and lies low or apart; a product's own foot rarely is all of it. What is likely a place by its
measures is looked at once more, in a crop that holds the rest alone: a podium that runs out of the picture is
ground to the network, a lamp's foot stays a foot.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.errors import WeightsDamaged
from editor.engines.networks import isnet

from . import areas, plain_background
from .multi_pass import SIDE

NUMBERS = Path(__file__).with_name("place.json")
"""What was fitted, on what, and by which command."""

DAMAGED = "The engine's own file {} is missing or damaged. Install the studio's code again."

GRID = 256
"""Side of the grid that parts are found on."""

EVEN = (4.0, 8.0)
"""Grey levels per pixel of GRID up to which colours run on, least and most: by the ground's own edges."""

LEAST_PART = 0.006
LEAST_PIXELS = 25
"""Parts below this share of the matte, or so many pixels of GRID, are not judged."""

REACH = 4
"""Pixels of GRID by which a part grows over its soft rim."""

MOST_HUE = 60.0
"""Grey levels beyond which another hue is simply another."""

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

ROUNDS = 2
"""What is left is judged once more: without the podium's side its top stands out."""

REST = 0.15
"""Share of the matte that must be left: below it what goes was the product."""

FARTHEST = 2.0
"""Spreads from its mean beyond which a measure tells no more: a regression knows not what it never saw."""

Parts = NDArray[np.int32]
Pixels = NDArray[np.float32]

MEASURES = ("kin", "smooth", "finer", "touch", "low", "apart", "border", "step_out", "halfhearted")
"""What speaks for a place: see measure."""


@dataclass(frozen=True)
class Fit:
    """A regression: of each measure its mean, spread and weight; the odds' offset; and what a look adds.

    denied: added to the odds where the look at the rest claims nothing of a part, and taken from them where
    it claims all of it.
    """

    terms: Mapping[str, tuple[float, float, float]]
    offset: float
    denied: float


@dataclass(frozen=True)
class Scene:
    """A matte's parts on GRID: 0 where there is none, and what is measured of all of them."""

    subject: types.Mask
    parts: Parts
    count: int
    smooth: Pixels
    slope: Pixels
    behind: Pixels
    seen: types.Alpha
    groups: Parts


def part(square: types.Image, seen: types.Alpha) -> Scene | None:
    """Return the parts of a matte, both isnet.SIDE a side; None where there is none, or hardly any ground."""
    small = np.array(Image.fromarray(square).reduce(len(square) // GRID), np.float32)
    alpha = np.array(Image.fromarray(seen).reduce(len(seen) // GRID))
    subject = alpha > 0.5
    ground = ~areas.widen(subject, 7)
    if int(subject.sum()) < LEAST_PIXELS or int(ground.sum()) < LEAST_PIXELS:
        return None
    smooth = ndimage.uniform_filter(small, (3, 3, 0), mode="nearest")
    slope = plain_background.measure_slope(smooth)
    even = float(np.clip(1.5 * np.percentile(slope[ground], 90), *EVEN))
    groups, _ = ndimage.label(subject)
    parts, count = _number(subject, slope < even, groups)
    if not count:
        return None
    behind = plain_background.spread_out(smooth, ground)
    return Scene(subject, parts, count, smooth, slope, behind, alpha, groups)


def _number(subject: types.Mask, even: types.Mask, groups: Parts) -> tuple[Parts, int]:
    """Return the even parts of a subject, grown over their rims; what lies apart from the largest is one."""
    least = max(LEAST_PIXELS, LEAST_PART * float(subject.sum()))
    sizes = np.bincount(groups.ravel())
    sizes[0] = 0
    apart = sizes >= least
    apart[int(sizes.argmax())] = False
    lone = apart[groups]
    numbered, count = ndimage.label(areas.narrow(even & subject & ~lone, 3))
    large = np.bincount(numbered.ravel(), minlength=count + 1) >= least
    large[0] = False
    order = np.cumsum(large) * large
    parts = order[numbered].astype(np.int32)
    count = int(large.sum())
    for _ in range(REACH):
        parts = np.where((parts == 0) & subject & ~lone, ndimage.maximum_filter(parts, 3), parts)
    renamed = (np.cumsum(apart) + count) * apart
    return np.where(lone, renamed[groups], parts).astype(np.int32), count + int(apart.sum())


def measure(scene: Scene) -> list[dict[str, float]]:
    """Return what speaks for a place, of each part in turn.

    kin: how near its colour is to any shade of the ground's by it, from two units of twenty levels on, times
    how colourful that ground is: of grey everything grey is a shade. smooth: what a light that falls off
    evenly leaves unexplained, as a logarithm; finer: how its edges compare with those of the whole matte.
    touch: the share of its rim that is the matte's outline; step_out: how its colour changes there. low:
    where its middle is, 0 at the matte's head and 1 at its foot. apart: whether it does not touch the largest
    group. border: sides of the picture reached. halfhearted: how far from certain the matte is in it. light:
    how light it is beside the ground's; this alone is not weighed.
    """
    rows = np.flatnonzero(scene.subject.any(1))
    top, high = float(rows[0]), max(1.0, float(rows[-1] - rows[0]))
    edges = float(scene.slope[scene.subject].mean())
    largest = int(np.bincount(scene.groups[scene.subject]).argmax())
    made = []
    for number, place in enumerate(ndimage.find_objects(scene.parts), 1):
        box = tuple(slice(max(0, one.start - REACH), one.stop + REACH) for one in place)
        shape = scene.parts[box] == number
        found = _measure_part(scene, box, shape, edges)
        ends = (
            place[0].start <= 1,
            place[0].stop >= GRID - 1,
            place[1].start <= 1,
            place[1].stop >= GRID - 1,
        )
        own = scene.parts[place] == number
        middle = place[0].start + float(np.nonzero(own)[0].mean())
        found |= {
            "low": (middle - top) / high,
            "apart": float(scene.groups[place][own][0] != largest),
            "border": float(min(2, sum(ends))),
        }
        made.append(found)
    return made


def _measure_part(scene: Scene, box: tuple[slice, ...], shape: types.Mask, edges: float) -> dict[str, float]:
    """Return the measures of a part's colours and rim."""
    smooth, subject = scene.smooth[box], scene.subject[box]
    inner = areas.narrow(shape, 5)
    inner = inner if int(inner.sum()) > 10 else shape
    colour, ground = smooth[inner].mean(axis=0), scene.behind[box][inner].mean(axis=0)
    light = float(colour @ ground) / max(1.0, float(ground @ ground))
    hue = min(MOST_HUE, float(np.abs(colour - light * ground).max())) / 20
    painted = float(ground.max() - ground.min()) / max(1.0, float(ground.max()))
    ring = areas.widen(shape, 7) & ~areas.widen(shape, 3)
    outside = ring & ~subject
    return {
        "light": light,
        "kin": painted * max(0.0, 2 - hue),
        "smooth": math.log(_unexplained(smooth, inner) + 0.3),
        "finer": math.log((float(scene.slope[box][inner].mean()) + 0.3) / (edges + 0.3)),
        "touch": float(outside.sum()) / max(1, int(ring.sum())),
        "step_out": math.log(_step(smooth, outside, colour) + 3),
        "halfhearted": 1 - float(scene.seen[box][inner].mean()),
    }


def _step(smooth: Pixels, where: types.Mask, colour: Pixels) -> float:
    return float(np.abs(smooth[where].mean(axis=0) - colour).max()) if int(where.sum()) > 5 else 0.0


def _unexplained(smooth: Pixels, inner: types.Mask) -> float:
    """Return the grey levels by which a part differs from the quadratic surface through it, in the mean."""
    rows, columns = np.nonzero(inner)
    y, x = (rows - rows.mean()) / 20, (columns - columns.mean()) / 20
    terms = np.stack([np.ones_like(y), x, y, x * x, x * y, y * y], axis=1)
    grey = smooth[inner].mean(axis=1)
    surface = np.linalg.lstsq(terms.T @ terms + 1e-6 * np.eye(6), terms.T @ grey, rcond=None)[0]
    return float(np.std(grey - terms @ surface))


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
    scene = part(square, seen)
    if scene is None:
        return seen
    chances = measure(scene)
    suspected = [is_open(one) and weigh(one) > SUSPECT for one in chances]
    if not any(suspected):
        return seen
    rest = find_rest(scene, np.array([False, *suspected]))
    if rest.sum() < REST * scene.subject.sum():
        return seen
    look = look_at(square, scene, rest)
    if look.rest < KNOWN:
        return seen
    gone = np.zeros(scene.count + 1, bool)
    for number, (measures, claim) in enumerate(zip(chances, look.parts, strict=True), 1):
        limit = UNSHOWN if claim is None else PLACE
        gone[number] = suspected[number - 1] and weigh(measures, claim) > limit
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
    try:
        document = json.loads(path.read_text("ascii"))
        terms = {
            name: (float(term["mean"]), float(term["spread"]), float(term["weight"]))
            for name, term in document["measures"].items()
        }
        fit = Fit(terms, float(document["offset"]), float(document["denied"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise WeightsDamaged(DAMAGED.format(path.name)) from exc
    numbers = [fit.offset, fit.denied, *(number for term in terms.values() for number in term)]
    if (
        set(terms) != set(MEASURES)
        or not np.isfinite(numbers).all()
        or any(t[1] <= 0 for t in terms.values())
    ):
        raise WeightsDamaged(DAMAGED.format(path.name))
    return fit
