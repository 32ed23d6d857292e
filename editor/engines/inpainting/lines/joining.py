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
from scipy import ndimage

from editor.engines import types

from .entries import GRAZE, GREY, OFF, STILL, Slopes, find_entries, find_exit, follow, look_up, measure_slopes
from .strips import RUN, Entry, Reals, draw_strip, measure_profile

LOOK_SIDE = 720
"""Pixels of the longer side at which entries are looked for; all lengths here are of that size."""
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
SAME_SIDE = 0.3
"""How much one side of both ends may differ, in their own spread, where the other is another ground: a pole
stands before a wall and before a floor."""
BEYOND = 30
"""Pixels behind the hole in which a line may come back that something there crosses."""
JOINT = 9.0
"""How far apart a line's two edges are at most, for it to be one that ends at another."""
WITHIN = 0.85
"""The share of the chord that has to lie in the hole."""
LEAST_CHORD = 6.0


@dataclass(frozen=True)
class Lines:
    """The lines that run through a hole, of the part of the picture around it.

    part: of the picture; step: how many of its pixels are one of the small picture, which all places are of.
    pairs: each line's two ends; single: the ends that have no other.
    """

    part: tuple[slice, slice]
    step: int
    pairs: list[tuple[Entry, Entry]]
    single: list[Entry]
    hole: types.Mask
    """That of the small picture."""
    calm: bool


def find_lines(
    rgb: types.Image, hole: types.Mask, unknown: types.Mask, *, calm: bool = False
) -> Lines | None:
    """Return the lines that enter a hole and leave it; None where there is no hole.

    unknown: what is no ground besides, such as other holes. calm: whether the ground is smooth but for lines:
    there those count, too, that only graze the hole, that are of another hue alone, or that stand before one
    ground at one end and before another one at the other.
    """
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    if not len(rows):
        return None
    step = 1 + int(max(np.ptp(rows), np.ptp(columns))) // LOOK_SIDE
    room = (RUN + BEYOND) * step
    part = (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + 1 + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + 1 + room),
    )
    inner, gap = rgb[part], hole[part]
    high, wide = (side // step * step for side in gap.shape)
    cells = (high // step, step, wide // step, step)
    small = inner[:high, :wide].reshape(*cells, 3).mean(axis=(1, 3), dtype=np.float32)
    small_gap = gap[:high, :wide].reshape(cells).any(axis=(1, 3))
    blind = (gap | unknown[part])[:high, :wide].reshape(cells).any(axis=(1, 3))
    slopes = measure_slopes(small if calm else small @ GREY, blind)
    entries = find_entries(slopes, small_gap, inner, step, GRAZE if calm else OFF[1])
    pairs = [(entries[first], entries[last]) for first, last in _pair(entries, small_gap, slopes, calm)]
    single = _without(entries, pairs)
    beyond = _reach_beyond(single, slopes, small_gap, inner, step, calm)
    return Lines(part, step, pairs + beyond, _without(single, beyond), small_gap, calm)


def join_lines(rgb: types.Image, hole: types.Mask, lines: Lines) -> types.Mask:
    """Draw what joins the lines that enter the hole, in place, and return where, (H, W)."""
    drawn = np.zeros_like(hole)
    part, step = lines.part, lines.step
    inner, gap = rgb[part], hole[part]
    for first, last in lines.pairs:
        draw_strip(inner, gap, drawn[part], first, last, step, calm=lines.calm)
    core = _mark_cores(lines.pairs, lines.hole)
    joints = _reach_joined(lines.single, core, lines.hole) if lines.pairs else []
    if joints:
        # They run over the ground that was drawn beside the line at which they end, up to itself.
        high, wide = (side * step for side in core.shape)
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


def _pair(entries: list[Entry], hole: types.Mask, slopes: Slopes, calm: bool) -> list[tuple[int, int]]:
    """Return which entries are two ends of one line, the likeliest first; none is in two."""
    likely = []
    steep = ndimage.maximum_filter(np.hypot(slopes.across, slopes.down) * slopes.sound, 3)
    blind = ndimage.binary_dilation(hole, iterations=int(OFF[0]))
    for one, first in enumerate(entries):
        for two in range(one + 1, len(entries)):
            last = entries[two]
            chord = last.place - first.place
            length = float(np.hypot(*chord))
            if length < LEAST_CHORD:
                continue
            cost = _compare(first, last, chord / length, calm=calm)
            if cost is None:
                continue
            share = np.linspace(0, 1, max(8, int(length)))[:, None]
            way = first.place + share * (last.place - first.place)
            # Where it comes out of the hole on its way, it has to be seen.
            if calm:
                hidden = look_up(blind, way) | (look_up(steep, way) > STILL * min(first.steep, last.steep))
                if hidden.mean() < WITHIN or look_up(hole, way).sum() < 2:
                    continue
            elif look_up(hole, way).mean() < WITHIN * (1 - 2 * OFF[1] / max(length, 13)):
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


def _compare(
    first: Entry, last: Entry, chord: Reals, *, straight: bool = False, calm: bool = False
) -> float | None:
    """Return how unlikely it is that two entries are one line's ends, their chord's way given; None: no.

    straight: whether it has to be. calm: whether one side may be another ground at the other end.
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
    if differ > ALIKE and not (calm and most <= STRAIGHT and _shares_side(*profiles)):
        own, other = (side - side.mean(axis=0) for side in profiles)
        kin = float((own * other).sum() / max(np.sqrt((own**2).sum() * (other**2).sum()), 1e-6))
        shade = float(np.abs(profiles[0].mean(axis=0) - profiles[1].mean(axis=0)).max())
        if most > STRAIGHT or differ > ALIKE_STRAIGHT or kin < SAME_KIND or shade > SAME_SHADE:
            return None
    return (min(most, apart) + apart) / float(MOST_BEND) + 2 * differ


def _shares_side(one: Reals, two: Reals) -> bool:
    """Whether two profiles (M, 3) are alike on one side of their edge."""
    middle = len(one) // 2
    spread = min(float(np.std(side, axis=0).sum()) for side in (one, two))
    sides = (slice(1, middle), slice(middle + 1, len(one) - 1))
    apart = [float(np.abs(one[side] - two[side]).mean(axis=0).sum()) for side in sides]
    return min(apart) < SAME_SIDE * spread


def _reach_beyond(
    entries: list[Entry], slopes: Slopes, hole: types.Mask, rgb: types.Image, step: int, calm: bool
) -> list[tuple[Entry, Entry]]:
    """Return the entries that go on straight behind the hole, after what crosses them there, and where."""
    high, wide = hole.shape
    pairs = []
    steep = ndimage.maximum_filter(np.hypot(slopes.across, slopes.down) * slopes.sound, 5)
    for entry in entries:
        out = find_exit(entry, hole)
        for further in np.arange(OFF[1], BEYOND, 3):
            place = entry.place + (out + further) * entry.way
            if not (2 < place[0] < wide - 3 and 2 < place[1] < high - 3):
                break
            if steep[int(place[1]), int(place[0])] < STILL * entry.steep:
                continue
            straight = follow(slopes, place, -entry.way, entry.steep)
            if straight is None or -straight[1] @ entry.way < np.cos(STRAIGHT):
                continue
            other = Entry(*straight, measure_profile(rgb, *straight, step), entry.steep)
            chord = other.place - entry.place
            if _compare(entry, other, chord / np.hypot(*chord), straight=True, calm=calm) is not None:
                pairs.append((entry, other))
                break
    return pairs


def _reach_joined(entries: list[Entry], core: types.Mask, hole: types.Mask) -> list[tuple[Entry, Entry]]:
    """Return the thin lines that end at one that is drawn already, and there: a joint at a longer joint."""
    pairs = []
    for entry in entries:
        double = any(_are_edges(entry, other) for other in entries)
        out = find_exit(entry, hole)
        if not double or out < 1:
            continue
        along = np.arange(OFF[1], out)[:, None]
        met = np.flatnonzero(look_up(core, entry.place + along * entry.way))
        if len(met) and along[met[0], 0] < out - 2:
            place = entry.place + (float(along[met[0], 0]) + 1) * entry.way
            pairs.append((entry, Entry(place, -entry.way, entry.profile[::-1], entry.steep, seen=False)))
    return pairs


def _are_edges(one: Entry, two: Entry) -> bool:
    """Whether two entries are both edges of one thin line."""
    own, other = (entry.profile - entry.profile.mean(axis=0) for entry in (one, two))
    near = np.hypot(*(two.place - one.place)) < JOINT and two.way @ one.way > np.cos(STRAIGHT)
    return bool(near and (own * other).sum() < 0)


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
