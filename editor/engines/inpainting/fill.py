"""The filling of one hole from its surroundings: multi-scale PatchMatch, then a blend of gradients.

Newson, Almansa, Gousseau, Perez, "Non-Local Patch-Based Image Inpainting", IPOL 2017, with
several starts that compete, votes in 16-bit features, and poisson.blend as the finish.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from . import image_pyramid, poisson, shift_map
from . import patchmatch as pm
from .image_pyramid import Level

Start = Literal["best", "onion", "membrane", "shifts"]

COMPETITORS: tuple[Start, ...] = ("onion", "onion", "membrane", "shifts")
"""The starts of "best". The onion depends most on its draws: it gets two goes."""

COMPARED_PATCHES = 6000
"""All starts are followed up to the last level that has at most so many patches."""

FAVOUR: dict[Start, float] = {"onion": 0.9, "membrane": 1.0, "shifts": 0.9}
"""The membrane smoothes structures away, which costs little distance: the others' counts for less."""

LOYALTY = 0.2
"""How much better a source found by chance must be than the neighbours': without it, shading is made
of one patch repeated; from a quarter on, structures break."""

COARSEST_ROUNDS = 12
ROUNDS = (1, 2, 3, 4, 6)
"""At most so many rounds of search and vote: at full size, at half, at a quarter, …"""

WORN, WEAR, MOST_WEAR = 1.5, 0.6, 2.0
"""How many times a place may be copied from; and what each further time costs, up to how much, in the
variance of its patch: of what is smooth a piece may be copied as often as one likes."""

STILL = 0.1
"""Mean change of a colour in grey levels below which more rounds change nothing."""


_starters = ThreadPoolExecutor(pm.THREADS, thread_name_prefix="start")


def fill(
    rgb: types.Image,
    hole: types.Mask,
    *,
    barred: types.Mask | None = None,
    behind: types.Mask | None = None,
    start: Start = "best",
    seed: int = 0,
    report: types.Report = types.ignore_progress,
) -> types.Image:
    """Return a copy of rgb whose hole is filled from what is around it.

    barred: pixels that must not be copied from. behind: what stands before the hole's ground, which goes on
    behind it: nothing in the hole has to fit to it. Where no patch of 7 x 7 known pixels is left to copy
    from, the hole is filled smoothly instead. The same arguments give the same picture.
    report is called between levels; what it raises stops the work.
    """
    result = rgb.copy()
    if not hole.any():
        return result
    marks = hole.astype(np.uint8)
    before = None if behind is None or not behind.any() else behind.astype(np.uint8)
    pyramid = image_pyramid.build_pyramid(rgb, marks, image_pyramid.mark_unwanted(hole, barred), before)
    if not pyramid and barred is not None and barred.any():
        # Better something from the forbidden part than a smear.
        before = None
        pyramid = image_pyramid.build_pyramid(rgb, marks, image_pyramid.mark_unwanted(hole, None))
    if not pyramid:
        smooth = poisson.solve_membrane(rgb, marks)
        result[hole] = np.clip(smooth + np.float32(0.5), 0, 255).astype(np.uint8)
        return result
    done = len(pyramid) - 1
    while done > 0 and pyramid[done - 1].patches <= COMPARED_PATCHES:
        done -= 1
    first = done
    starts = _starts(start, pyramid)
    # Overhead weighs as much as some patches; the blend as much as half of the full size.
    work = [level.patches + 2000 for level in pyramid]
    coarse = sum(work[done:]) * len(starts)
    total = coarse + sum(work[:done]) + work[0] / 2
    field = _coarse(pyramid, done, starts, seed, lambda share: report(share * coarse / total))
    while True:
        report((coarse + sum(work[done:]) - sum(work[first:])) / total)
        if done == 0:
            break
        done -= 1
        level = pyramid[done]
        field = pm.enlarge(field, level.centres, level.valid, level.sources, seed=seed)
        pm.vote(level.features, level.hole, field)
        _refine(level, field, done, seed, last=False)
        # What is finished holds memory that the larger levels need.
        del pyramid[done + 1 :]
    from_y, from_x = pm.choose(marks, field)
    del field, pyramid
    poisson.blend(result, from_y, from_x, before)
    return result


def _starts(start: Start, pyramid: list[Level]) -> tuple[Start, ...]:
    """Return the starts to try, one where a competition would take too long or has nothing to decide."""
    if start != "best":
        return (start,)
    if (
        len(pyramid) == 1
        and image_pyramid.measure_thickness(pyramid[0].hole) <= image_pyramid.COARSEST_THICKNESS
    ):
        # Scratches and letters: a patch sees both their sides, and the membrane is nearly right.
        return ("membrane",)
    return COMPETITORS if pyramid[-1].patches <= COMPARED_PATCHES else ("onion",)


def _coarse(
    pyramid: list[Level], stop: int, starts: tuple[Start, ...], seed: int, report: types.Report
) -> pm.Field:
    """Fill the levels from the coarsest to `stop` from each start, keep the best, return its field."""
    best: tuple[float, list[Level], pm.Field] | None = None
    goes = [
        _starters.submit(_from_start, pyramid, stop, kind, seed, seed + go, len(starts) == 1)
        for go, kind in enumerate(starts)
    ]
    try:
        for number, (kind, go) in enumerate(zip(starts, goes, strict=True), 1):
            found = go.result()
            if found is not None:
                cost = _cost(found[0][0], found[1]) * FAVOUR[kind]
                if best is None or cost < best[0]:
                    best = cost, *found
            report(number / len(starts))
    finally:
        for go in goes:
            go.cancel()
    assert best is not None  # noqa: S101 - the onion always finds something
    pyramid[stop:] = best[1]
    return best[2]


def _from_start(
    pyramid: list[Level], stop: int, kind: Start, seed: int, start_seed: int, alone: bool
) -> tuple[list[Level], pm.Field] | None:
    """Return the coarse levels, filled, copies unless alone, and the field of the finest of them."""
    levels = pyramid[stop:]
    if not alone:
        levels = [replace(level, features=level.features.copy()) for level in levels]
    coarsest = levels[-1]
    field = STARTS[kind](coarsest, start_seed)
    if field is None:
        # Too large for shifts: the onion keeps structures as well as it can.
        if not alone:
            return None
        field = _onion(coarsest, start_seed)
    _refine(coarsest, field, stop + len(levels) - 1, seed, last=True)
    for number in range(len(levels) - 2, -1, -1):
        level = levels[number]
        field = pm.enlarge(field, level.centres, level.valid, level.sources, seed=seed)
        pm.vote(level.features, level.hole, field)
        _refine(level, field, stop + number, seed, last=False)
    return levels, field


def _cost(level: Level, field: pm.Field) -> float:
    """Return the patches' mean distance, those on the hole's border counted once more.

    The inside can be spotless and still not fit in: a bar that is copied with a step at either end.
    """
    border = level.centres & ndimage.binary_dilation(level.unseen == 0, iterations=pm.HALF)
    return pm.mean_distance(level.centres, field) + pm.mean_distance(border.astype(np.uint8), field)


def _refine(level: Level, field: pm.Field, number: int, seed: int, *, last: bool) -> None:
    """Search and vote in turn until the hole is still."""
    rounds = COARSEST_ROUNDS if last else ROUNDS[min(number, len(ROUNDS) - 1)]
    if level.patches > COMPARED_PATCHES:
        rounds = min(rounds, ROUNDS[2])
    height, width = level.hole.shape
    radius = max(height, width) if last else 8 << min(number, 8)
    dear = level.dear
    for count in range(rounds):
        if count and level.variance is not None:
            dear = _count_wear(level, field, level.variance)
        pm.search(
            level.features,
            None,
            level.centres,
            level.valid,
            level.sources,
            field,
            pull=level.pull,
            dear=dear,
            seed=(seed * 64 + number) * 64 + count,
            passes=5 if last and count == 0 else 2,
            radius=min(radius, max(height, width)),
            draws=2 if last else min(number, 1),
            loyalty=LOYALTY,
        )
        if pm.vote(level.features, level.hole, field) < STILL:
            break


def _count_wear(level: Level, field: pm.Field, variance: NDArray[np.float32]) -> pm.Dear:
    """Return what copying costs, dearer from where much was copied from already: one tuft makes no lawn."""
    own = (level.centres != 0) & (field.y >= 0)
    height, width = level.hole.shape
    at = field.y[own].astype(np.int64) * width + field.x[own]
    uses = np.bincount(at, minlength=height * width).reshape(height, width).astype(np.float32)
    # A piece that is copied whole has each of its patches used once.
    worn = ndimage.uniform_filter(uses, pm.PATCH, mode="constant")
    fair = max(1.0, len(at) / max(len(level.sources), 1))
    costs = variance * np.clip(WEAR * (worn / fair - WORN), 0, MOST_WEAR).astype(np.float32)
    if level.dear is not None:
        times = 1 << level.dear.halvings
        costs += np.kron(level.dear.costs, np.ones((times, times), np.float32))[:height, :width]
    return pm.Dear(np.ascontiguousarray(costs, np.float32), 0)


def _membrane(level: Level, seed: int) -> pm.Field:
    """Start from the smoothest surface over the hole."""
    height, width = level.hole.shape
    values = level.features.reshape(height, width, pm.CHANNELS)
    unseen = level.unseen
    values[unseen != 0] = np.rint(poisson.solve_membrane(values, unseen))
    return pm.Field.empty(height, width)


def _onion(level: Level, seed: int) -> pm.Field:
    """Start from the border inwards, ring by ring, each matched over what is known by then."""
    field = pm.Field.empty(*level.hole.shape)
    # The picture's edge is no border: the rings count from known pixels alone.
    known = (level.unseen == 0).astype(np.uint8)
    depth = ndimage.distance_transform_edt(known == 0)
    ring_centres = (level.centres != 0) & (known != 0)
    hole = level.hole != 0
    deepest = math.ceil(float(depth[hole].max(initial=0)))
    for ring in range(deepest + 1):
        if ring:
            inside = (depth > ring - 1) & (depth <= ring) & hole
            ring_centres = inside & (level.centres != 0)
        if ring_centres.any():
            pm.search(
                level.features,
                known,
                ring_centres.astype(np.uint8),
                level.valid,
                level.sources,
                field,
                pull=level.pull,
                dear=level.dear,
                seed=seed * 4096 + ring,
                passes=4,
                radius=max(level.hole.shape),
                draws=8,
                loyalty=LOYALTY,
            )
        if ring:
            pm.vote(level.features, inside.astype(np.uint8), field)
            known[inside] = 1
    return field


def _shifts(level: Level, seed: int) -> pm.Field | None:
    """Start from pieces that are each copied by one shift; None where the hole is too large for it."""
    found = shift_map.label_shifts(level.features, level.hole, level.barred, level.behind, level.valid)
    if found is None:
        return None
    down, right = found
    height, width = level.hole.shape
    values = level.features.reshape(height, width, pm.CHANNELS)
    rows, columns = np.nonzero(level.hole)
    values[rows, columns] = values[rows + down, columns + right]
    field = pm.Field.empty(height, width)
    # Patches around the hole go along with the nearest pixel in it.
    number = np.zeros(level.hole.shape, np.int64)
    number[rows, columns] = np.arange(len(rows))
    nearest = ndimage.distance_transform_edt(level.hole == 0, return_distances=False, return_indices=True)
    ys, xs = np.nonzero(level.centres)
    own = number[nearest[0][ys, xs], nearest[1][ys, xs]]
    to_y, to_x = ys + down[own], xs + right[own]
    inside = (to_y >= 0) & (to_x >= 0) & (to_y < height) & (to_x < width)
    ys, xs, to_y, to_x = ys[inside], xs[inside], to_y[inside], to_x[inside]
    sound = level.valid[to_y, to_x] != 0
    field.y[ys[sound], xs[sound]] = to_y[sound]
    field.x[ys[sound], xs[sound]] = to_x[sound]
    return field


STARTS: dict[Start, Callable[[Level, int], pm.Field | None]] = {
    "onion": _onion,
    "membrane": _membrane,
    "shifts": _shifts,
}
