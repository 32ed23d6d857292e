"""Lines and edges that enter a hole on both sides, joined through it before the rest is filled.

What is thin does not survive on the coarse levels on which a hole's plan is made, and what is straight
breaks where two copies meet. So, after Sun, Yuan, Jia, Shum, "Image Completion with Structure Propagation"
(SIGGRAPH 2005), structure goes first; nobody has to draw it: an entry is a place at the border to which an
edge runs straight from outside, two of them are one line where they point at one another and look alike.
The strip along the curve between them is made of what lies along it outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from .line_strips import RUN, Entry, Reals, draw_strip, measure_profile

LOOK_SIDE = 720
"""Pixels of the longer side at which entries are looked for; all lengths here are of that size."""

BLUR = 1.2
"""Standard deviation of the Gaussian whose derivative tells an edge."""
OFF = (3.0, 6.0)
"""How far from the hole an entry is looked for: what is nearer may be the thing's soft rim."""
LEAST_STEEP, ABOVE_MEDIAN = 3.0, 2.5
"""Grey levels a pixel of an edge at least, and how many times steeper it is than the median around."""
SUPPORT = 0.8
"""The share of that run on which it is seen, that much as steep as it is at the hole."""
STILL = 0.35
SLACK = 1.5
"""Pixels by which it may stray sideways there."""
INWARD = 0.3
"""Cosine of the angle to the way into the hole, at least: what runs along the border enters nowhere."""
MOST_ENTRIES = 60

MOST_BEND, MOST_TURN = np.radians(14), np.radians(38)
"""The angle between an edge and the chord to where it comes out, at most; and where it is an arc's."""
ARC, STRAIGHT = np.radians(6), np.radians(4)
"""By how much an arc's two ends may bend differently; and what may bend so little is straight."""
SMALL_ANGLE = np.radians(40)
"""Lines of one kind that cross at less than this are two whose ends were mixed up."""
ALIKE, ALIKE_STRAIGHT = 0.45, 0.9
"""How much the profiles across both ends may differ, in their own spread; of what is straight so much
that a joint may be wider and darker near by than far off, if it is the same in kind (SAME_KIND)."""
SAME_KIND, SAME_SHADE = 0.7, 30.0
"""The correlation of two profiles, at least, and the difference of their mean colours, at most."""
BEYOND = 30
"""Pixels behind the hole in which a line may come back that something there crosses."""
JOINT = 9.0
"""How far apart a line's two edges are at most, for it to be one that ends at another."""
WITHIN = 0.85
"""The share of the chord that has to lie in the hole."""
LEAST_CHORD = 6.0


@dataclass(frozen=True)
class Slopes:
    """How steep the small picture is across and down, (h, w), and where that is the ground's own."""

    across: NDArray[np.float32]
    down: NDArray[np.float32]
    sound: types.Mask


def join_lines(rgb: types.Image, hole: types.Mask, unknown: types.Mask) -> types.Mask:
    """Draw what joins the lines that enter the hole, in place, and return where, (H, W).

    unknown: what is no ground besides, such as other holes.
    """
    drawn = np.zeros_like(hole)
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    if not len(rows):
        return drawn
    step = 1 + int(max(np.ptp(rows), np.ptp(columns))) // LOOK_SIDE
    room = (RUN + BEYOND) * step
    part = (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + 1 + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + 1 + room),
    )
    inner, gap = rgb[part], hole[part]
    high, wide = (side // step * step for side in gap.shape)
    cells = (high // step, step, wide // step, step)
    grey = (inner @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
    small = grey[:high, :wide].reshape(cells).mean(axis=(1, 3), dtype=np.float32)
    small_gap = gap[:high, :wide].reshape(cells).any(axis=(1, 3))
    blind = (gap | unknown[part])[:high, :wide].reshape(cells).any(axis=(1, 3))
    slopes = _measure_slopes(small, blind)
    entries = _find_entries(slopes, small_gap, inner, step)
    pairs = [(entries[first], entries[last]) for first, last in _pair(entries, small_gap)]
    single = _without(entries, pairs)
    pairs += _reach_beyond(single, slopes, small_gap, inner, step)
    for first, last in pairs:
        draw_strip(inner, gap, drawn[part], first, last, step)
    core = _mark_cores(pairs, small_gap)
    joints = _reach_joined(_without(single, pairs), core, small_gap) if pairs else []
    if joints:
        # They run over the ground that was drawn beside the line at which they end, up to itself.
        kept = np.zeros_like(gap)
        kept[:high, :wide] = np.kron(core, np.ones((step, step), np.bool_))
        kept &= drawn[part]
        for first, last in joints:
            draw_strip(inner, gap, kept, first, last, step)
        drawn[part] |= kept
    return drawn


def _without(entries: list[Entry], pairs: list[tuple[Entry, Entry]]) -> list[Entry]:
    taken = {id(entry) for pair in pairs for entry in pair}
    return [entry for entry in entries if id(entry) not in taken]


def _mark_cores(pairs: list[tuple[Entry, Entry]], hole: types.Mask) -> types.Mask:
    """Return where lines were drawn, without the ground on their sides."""
    core = np.zeros_like(hole)
    for first, last in pairs:
        share = np.linspace(0, 1, 2 * max(hole.shape))[:, None]
        places = np.rint(first.place + share * (last.place - first.place)).astype(int)
        inside = ((places >= 0) & (places < hole.shape[::-1])).all(axis=1)
        core[places[inside, 1], places[inside, 0]] = True
    return ndimage.binary_dilation(core, np.ones((3, 3))) & hole


def _measure_slopes(grey: NDArray[np.float32], blind: types.Mask) -> Slopes:
    # The hole's own step must not be seen.
    nearest = ndimage.distance_transform_edt(blind, return_distances=False, return_indices=True)
    calm = grey[tuple(nearest)]
    across = ndimage.gaussian_filter(calm, BLUR, order=(0, 1))
    down = ndimage.gaussian_filter(calm, BLUR, order=(1, 0))
    return Slopes(across, down, ndimage.distance_transform_edt(~blind) > 2)


def _find_entries(slopes: Slopes, hole: types.Mask, rgb: types.Image, step: int) -> list[Entry]:
    """Return the entries of edges, the steepest first."""
    away = ndimage.distance_transform_edt(~hole)
    across, down, sound = slopes.across, slopes.down, slopes.sound
    steep = np.hypot(across, down)
    around = sound & (away < RUN)
    if not around.any():
        return []
    least = max(LEAST_STEEP, ABOVE_MEDIAN * float(np.median(steep[around])))
    ring = sound & (away >= OFF[0]) & (away < OFF[1]) & (steep > least)
    ring = _is_ridge(steep, across, down, ring)
    inward_y, inward_x = np.gradient(ndimage.gaussian_filter(away, 2))
    rows, columns = np.nonzero(ring)
    order = np.argsort(-steep[rows, columns])[: 4 * MOST_ENTRIES]
    found: list[Entry] = []
    for row, column in zip(rows[order], columns[order], strict=True):
        inward = -np.array([inward_x[row, column], inward_y[row, column]])
        edge = np.array([across[row, column], down[row, column]]) / steep[row, column]
        way = np.array([-edge[1], edge[0]])
        if way @ inward < 0:
            way = -way
        if way @ inward < INWARD * max(float(np.hypot(*inward)), 1e-6):
            continue
        place = np.array([column, row], np.float64)
        if any(np.hypot(*(other.place - place)) < 2.5 for other in found):
            continue
        straight = _follow(slopes, place, way, float(steep[row, column]))
        if straight is None:
            continue
        place, way = straight
        profile = measure_profile(rgb, place, way, step)
        found.append(Entry(place, way, profile, float(steep[row, column])))
        if len(found) >= MOST_ENTRIES:
            break
    return found


def _is_ridge(
    steep: NDArray[np.float32], across: NDArray[np.float32], down: NDArray[np.float32], places: types.Mask
) -> types.Mask:
    """Return which of the places are steeper than a pixel further up and down their slope."""
    rows, columns = np.nonzero(places)
    own = steep[rows, columns]
    y, x = down[rows, columns] / own, across[rows, columns] / own
    ahead = ndimage.map_coordinates(steep, [rows + y, columns + x], order=1, mode="nearest")
    behind = ndimage.map_coordinates(steep, [rows - y, columns - x], order=1, mode="nearest")
    result = np.zeros_like(places)
    result[rows, columns] = (own >= ahead) & (own >= behind)
    return result


def _follow(slopes: Slopes, place: Reals, way: Reals, steep: float) -> tuple[Reals, Reals] | None:
    """Return an edge's place and way by all of its run out of the hole; None where it does not go on."""
    across, down, sound = slopes.across, slopes.down, slopes.sound
    normal = np.array([-way[1], way[0]])
    polarity = np.sign(
        across[int(place[1]), int(place[0])] * normal[0] + down[int(place[1]), int(place[0])] * normal[1]
    )
    distances = np.arange(0, RUN)
    offsets = np.arange(-3, 3.01, 0.5)
    for _ in range(2):
        x = place[0] - way[0] * distances[:, None] + normal[0] * offsets
        y = place[1] - way[1] * distances[:, None] + normal[1] * offsets
        inside = (x > 1) & (y > 1) & (x < sound.shape[1] - 2) & (y < sound.shape[0] - 2)
        if inside[:, len(offsets) // 2].mean() < SUPPORT:
            return None
        grid = [y, x]
        along_x = ndimage.map_coordinates(across, grid, order=1, mode="nearest")
        along_y = ndimage.map_coordinates(down, grid, order=1, mode="nearest")
        known = ndimage.map_coordinates(sound.astype(np.float32), grid, order=0, mode="constant") > 0.5
        answer = polarity * (along_x * normal[0] + along_y * normal[1]) * known * inside
        best = answer.argmax(axis=1)
        seen = answer.max(axis=1) > STILL * steep
        if seen.mean() < SUPPORT:
            return None
        slope, shift = np.polyfit(distances[seen], offsets[best[seen]], 1)
        rest = np.abs(offsets[best[seen]] - slope * distances[seen] - shift)
        if rest.mean() > SLACK / 2:
            return None
        place = place + normal * shift
        way = way - normal * slope
        way /= np.hypot(*way)
        normal = np.array([-way[1], way[0]])
    return place, way


def _pair(entries: list[Entry], hole: types.Mask) -> list[tuple[int, int]]:
    """Return which entries are two ends of one line, the likeliest first; none is in two."""
    likely = []
    for one, first in enumerate(entries):
        for two in range(one + 1, len(entries)):
            last = entries[two]
            chord = last.place - first.place
            length = float(np.hypot(*chord))
            if length < LEAST_CHORD:
                continue
            cost = _compare(first, last, chord / length)
            if cost is None:
                continue
            share = np.linspace(0, 1, max(8, int(length)))[:, None]
            way = first.place + share * (last.place - first.place)
            if _at(hole, way).mean() < WITHIN * (1 - 2 * OFF[1] / max(length, 13)):
                continue
            likely.append((cost, one, two))
    chosen: list[tuple[int, int]] = []
    taken: set[int] = set()
    for _, one, two in sorted(likely):
        crossing = any(_cross(entries, (one, two), other) for other in chosen)
        if one not in taken and two not in taken and not crossing:
            taken |= {one, two}
            chosen.append((one, two))
    return chosen


def _compare(first: Entry, last: Entry, chord: Reals, *, straight: bool = False) -> float | None:
    """Return how unlikely it is that two entries are one line's ends, their chord's way given; None: no.

    straight: whether it has to be.
    """
    bends = [
        float(np.arctan2(chord[0] * way[1] - chord[1] * way[0], chord @ way))
        for way in (first.way, -last.way)
    ]
    most, apart = max(abs(bend) for bend in bends), abs(bends[0] + bends[1])
    # An arc leaves its chord on one side and comes back to it.
    if straight and most > STRAIGHT:
        return None
    if most > MOST_BEND and (most > MOST_TURN or apart > ARC):
        return None
    # Coming out, left is right.
    profiles = first.profile, last.profile[::-1]
    spread = min(float(np.std(side, axis=0).sum()) for side in profiles)
    differ = float(np.abs(profiles[0] - profiles[1])[1:-1].mean(axis=0).sum()) / max(spread, 1.0)
    if differ > ALIKE:
        own, other = (side - side.mean(axis=0) for side in profiles)
        kin = float((own * other).sum() / max(np.sqrt((own**2).sum() * (other**2).sum()), 1e-6))
        shade = float(np.abs(profiles[0].mean(axis=0) - profiles[1].mean(axis=0)).max())
        if most > STRAIGHT or differ > ALIKE_STRAIGHT or kin < SAME_KIND or shade > SAME_SHADE:
            return None
    return (min(most, apart) + apart) / float(MOST_BEND) + 2 * differ


def _reach_beyond(
    entries: list[Entry], slopes: Slopes, hole: types.Mask, rgb: types.Image, step: int
) -> list[tuple[Entry, Entry]]:
    """Return the entries that go on straight behind the hole, after what crosses them there, and where."""
    high, wide = hole.shape
    pairs = []
    steep = ndimage.maximum_filter(np.hypot(slopes.across, slopes.down) * slopes.sound, 5)
    for entry in entries:
        out = _leave(entry, hole)
        for further in np.arange(OFF[1], BEYOND, 3):
            place = entry.place + (out + further) * entry.way
            if not (2 < place[0] < wide - 3 and 2 < place[1] < high - 3):
                break
            if steep[int(place[1]), int(place[0])] < STILL * entry.steep:
                continue
            straight = _follow(slopes, place, -entry.way, entry.steep)
            if straight is None or -straight[1] @ entry.way < np.cos(STRAIGHT):
                continue
            other = Entry(*straight, measure_profile(rgb, *straight, step), entry.steep)
            chord = other.place - entry.place
            if _compare(entry, other, chord / np.hypot(*chord), straight=True) is not None:
                pairs.append((entry, other))
                break
    return pairs


def _reach_joined(entries: list[Entry], core: types.Mask, hole: types.Mask) -> list[tuple[Entry, Entry]]:
    """Return the thin lines that end at one that is drawn already, and there: a joint at a longer joint."""
    pairs = []
    for entry in entries:
        double = any(_are_edges(entry, other) for other in entries)
        out = _leave(entry, hole)
        if not double or out < 1:
            continue
        along = np.arange(OFF[1], out)[:, None]
        met = np.flatnonzero(_at(core, entry.place + along * entry.way))
        if len(met) and along[met[0], 0] < out - 2:
            place = entry.place + (float(along[met[0], 0]) + 1) * entry.way
            pairs.append((entry, Entry(place, -entry.way, entry.profile[::-1], entry.steep, seen=False)))
    return pairs


def _are_edges(one: Entry, two: Entry) -> bool:
    """Whether two entries are both edges of one thin line."""
    own, other = (entry.profile - entry.profile.mean(axis=0) for entry in (one, two))
    near = np.hypot(*(two.place - one.place)) < JOINT and two.way @ one.way > np.cos(STRAIGHT)
    return bool(near and (own * other).sum() < 0)


def _leave(entry: Entry, hole: types.Mask) -> float:
    """Return how far along its way an entry is in the hole for the last time."""
    along = np.arange(1.0, np.hypot(*hole.shape))[:, None]
    places = entry.place + along * entry.way
    inside = ((places >= 0) & (places < hole.shape[::-1])).all(axis=1) & _at(hole, places)
    return float(along[inside][-1, 0]) if inside.any() else 0.0


def _at(hole: types.Mask, places: Reals) -> types.Mask:
    """Return what a mask says at places (N, 2), x and y each."""
    rows = np.clip(places[:, 1].astype(int), 0, hole.shape[0] - 1)
    columns = np.clip(places[:, 0].astype(int), 0, hole.shape[1] - 1)
    return np.asarray(hole[rows, columns])


def _cross(entries: list[Entry], one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether two lines cross at so small an angle that ends of theirs have been mixed up."""
    first, last = (entries[index].place for index in one)
    other, end = (entries[index].place for index in two)
    way, across = last - first, end - other
    turn = way[0] * across[1] - way[1] * across[0]
    if abs(turn) > np.sin(SMALL_ANGLE) * np.hypot(*way) * np.hypot(*across):
        return False
    if abs(turn) < 1e-9:
        return False
    apart = other - first
    share = (apart[0] * across[1] - apart[1] * across[0]) / turn
    theirs = (apart[0] * way[1] - apart[1] * way[0]) / turn
    return bool(0 < share < 1 and 0 < theirs < 1)
