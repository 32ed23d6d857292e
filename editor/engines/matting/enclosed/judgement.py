"""What a subject encloses proves itself: by colours and rim, and where these leave doubts by closer looks.

The network decides openings and dials by what it took the whole picture for; a lens that is as black as
what is behind the camera it empties, the ground that a handle shows it fills. Shown the region and what is
around it alone, at full size, twice and four times as wide, it sees what it is: only where both looks
contradict the matte, and both see the subject around the region, is it changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas
from editor.engines.matting.multi_pass import GRID, SIDE, to_grid
from editor.engines.networks import isnet

from . import regions
from .regions import Region, Scene

TIMES = (4.0, 2.0)
"""So many times as wide as the region is what the looks are shown, the first of them first."""

MOST_LOOKED_AT = 2
"""So many regions of a picture are looked at: the smaller the likelier a fault."""

MOST_ADDED = 1
"""So many parts are looked at that further looks added, the largest."""

SURELY_OPEN = (0.85, 25.0)
SURELY_GROUND = 0.97
"""A gap of at least so much likeness to the ground, and at most so far apart from it, is an opening; one of
the latter likeness is, however far: the ground has a texture."""

SURE = 0.95
"""Mean claim from which on the first look, and all together, are sure of a part, which costs no more."""

DOUBTED_EDGE, DOUBTED_SHARPER = 6.0, 3.0
DOUBTED_LIKENESS, DOUBTED_APART = 0.6, 18.0
DOUBTED_SHARE = 0.015
"""What of the subject is so like the ground, has a rim so steep and so much steeper than its inside, and
is at least this share of it, may be an opening that was filled."""

CLOSED = 0.05
"""Share of its rim up to which a region may be beside what is no subject, and be closed in all the same."""

CLAIMED, KNOWN, DENIED = 0.8, 0.75, 0.1
"""Mean claims of a look: from the first on a gap is the subject's, from the second on the look knows what
is around it, up to the third a part is ground. Of 34 regions of bench.enclosing's pictures and of products
whose alpha is known, and 23 on photos, both changed none wrongly; one alone would have changed three."""

CROSSING = (0.9, 0.4, 12.0, 3.3, 60.0)
"""What crosses a gap and is ground: it has at least so much likeness, mouth, edge, sharpness and step."""

CROSSING_SHARE = 0.3
"""Of the gaps beside it, what crosses them takes no more than so much."""


ADDED, OPEN, UNBACKED = 0.5, 0.2, 0.4
"""What the first look claimed at most of a part, in the mean, that further looks added at the outline, which
is so much of its rim: ground in bays, at a glass's foot. It goes where a look claims less than the last.
Of 213 pictures it asks of eleven, and four go, rightly; of 48 before plain grounds and photos, of two."""


@dataclass(frozen=True)
class Look:
    """What the network claims in a closer look: of the region, and of the subject around it."""

    region: float
    around: float


def settle(
    rgb: types.Image, square: types.Image, seen: types.Alpha, first: types.Alpha | None = None
) -> types.Alpha:
    """Return a matte, isnet.SIDE a side as the square of rgb is, with what it encloses open or filled.

    first: what the first look saw, where that is not the matte. The matte is itself where nothing is changed;
    where colours are clear it costs no look. Raises WeightsMissing.
    """
    claim = to_grid(seen if first is None else np.minimum(first, seen))
    scene = None if is_plain(to_grid(seen) > 0.5, claim) else regions.survey(square, seen)
    if scene is None:
        return seen
    gaps, alike = regions.find_gaps(scene), regions.find_groundlike(scene)
    crossing = [part for part in alike if crosses(scene, part, gaps)]
    for part in crossing:
        seen = open_region(scene, part, seen)
    doubted = [gap for gap in gaps if is_doubted_gap(scene, gap)]
    alike = [part for part in alike if part not in crossing]
    doubted += [part for part in alike if is_doubted_part(scene, part, claim)]
    if first is not None:
        seen = _restore_bays(
            rgb, scene, [part for part in alike if is_added(scene, part, claim)], seen, first
        )
    for region in sorted(doubted, key=lambda one: one.area)[:MOST_LOOKED_AT]:
        if is_contradicted(rgb, scene, region):
            seen = (fill_region if region.gap else open_region)(scene, region, seen)
    return seen


def _restore_bays(
    rgb: types.Image, scene: Scene, added: list[Region], seen: types.Alpha, first: types.Alpha
) -> types.Alpha:
    """Return a matte with bays as the first look saw them where a closer look denies what was added there.

    What is thin beside it, a glass's stem, that look knew.
    """
    for part in added[:MOST_ADDED]:
        look = look_at(rgb, scene, part, TIMES[0])
        if look.around > KNOWN and look.region < UNBACKED:
            near = _enlarge(areas.widen(part.draw(), 7), len(seen))
            seen = np.minimum(seen, np.maximum(first, 1 - near))
    return seen


def is_plain(subject: types.Mask, claim: types.Alpha) -> bool:
    """Return whether a subject on GRID has no gap to speak of, and the looks are sure of its inside."""
    inside = areas.narrow(subject, 7)
    if int(np.count_nonzero(inside & (claim < SURE))) >= regions.LEAST:
        return False
    return int(np.count_nonzero(regions.find_hull(subject) & ~subject)) < regions.LEAST


def crosses(scene: Scene, part: Region, gaps: list[Region]) -> bool:
    """Return whether a part of the subject is ground that crosses a gap: a shelf's post in a chair's slot."""
    likeness, mouth, edge, sharper, step = CROSSING
    if not gaps or part.likeness < likeness:
        return False
    rim = regions.measure_rim(scene, part)
    if rim.mouth < mouth or rim.edge < edge or rim.sharper < sharper or rim.step < step:
        return False
    near = areas.widen(part.draw(), 7)
    beside = [gap for gap in gaps if (gap.shape & near[gap.box]).any()]
    # What hangs on it reaches out beyond the gap otherwise.
    outside = near & ~scene.hull
    return not outside.any() and part.area < CROSSING_SHARE * sum(gap.area for gap in beside)


def is_doubted_gap(scene: Scene, gap: Region) -> bool:
    """Return whether a gap may be the subject's own: hardly of the ground's colours."""
    likeness, apart = SURELY_OPEN
    if gap.likeness > SURELY_GROUND or (gap.likeness > likeness and gap.apart < apart):
        return False
    return regions.measure_rim(scene, gap).mouth < CLOSED


def is_doubted_part(scene: Scene, part: Region, claim: types.Alpha) -> bool:
    """Return whether a part of the subject may be an opening: of the ground's colours, with its own rim.

    claim: what the looks claim at least, on GRID.
    """
    if part.likeness < DOUBTED_LIKENESS or part.apart > DOUBTED_APART:
        return False
    if part.area < DOUBTED_SHARE * float(scene.subject.sum()):
        return False
    if float(claim[part.box][part.shape].mean()) > SURE:
        return False
    rim = regions.measure_rim(scene, part)
    return rim.edge > DOUBTED_EDGE and rim.sharper > DOUBTED_SHARPER and rim.mouth < CLOSED


def is_added(scene: Scene, part: Region, claim: types.Alpha) -> bool:
    """Return whether a part at the outline is like the ground, and was none of the subject to the first look.

    claim: what the looks claim at least, on GRID.
    """
    if part.likeness < DOUBTED_LIKENESS or float(claim[part.box][part.shape].mean()) > ADDED:
        return False
    return regions.measure_rim(scene, part).mouth >= OPEN


def is_contradicted(rgb: types.Image, scene: Scene, region: Region) -> bool:
    """Return whether closer looks at a region all say that it is the other of opening and subject."""
    for times in TIMES:
        look = look_at(rgb, scene, region, times)
        wrong = look.region > CLAIMED if region.gap else look.region < DENIED
        if look.around < KNOWN or not wrong:
            return False
    return True


def look_at(rgb: types.Image, scene: Scene, region: Region, times: float) -> Look:
    """Return what the network claims of a region in the part of a picture that is so many times as wide."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = regions.frame(region, times, width, height)
    shown = isnet.segmenter(SIDE).subject(np.ascontiguousarray(rgb[top:bottom, left:right]))
    rows = _cells(top, bottom, height)
    columns = _cells(left, right, width)
    size = columns.stop - columns.start, rows.stop - rows.start
    claim = np.asarray(Image.fromarray(shown).resize(size, Image.Resampling.BOX))
    shape = region.draw()[rows, columns]
    core = ndimage.minimum_filter(shape, 3, mode="constant")
    core = core if core.any() else shape
    ring = areas.widen(shape, 15) & ~areas.widen(shape, 5)
    ring &= scene.subject[rows, columns]
    return Look(float(claim[core].mean()), float(claim[ring].mean()) if ring.any() else 0.0)


def _cells(first: int, last: int, length: int) -> slice:
    """Return the cells of GRID that a part of a picture's side covers."""
    return slice(
        round(first * GRID / length),
        max(round(first * GRID / length) + 1, round(last * GRID / length)),
    )


def fill_region(scene: Scene, region: Region, seen: types.Alpha) -> types.Alpha:
    """Return a matte with a gap and its soft rim filled."""
    filled = areas.widen(region.draw(), 7) & scene.hull
    return np.maximum(seen, _enlarge(filled, len(seen)))


def open_region(scene: Scene, region: Region, seen: types.Alpha) -> types.Alpha:
    """Return a matte without a part of it, whose rim is where colours change most."""
    shape = region.draw()
    near = areas.widen(shape, 11)
    markers = (near & ~areas.widen(shape, 9) & scene.subject).astype(np.int16)
    markers[areas.narrow(shape, 3) | (near & ~scene.subject)] = 2
    markers[~near] = 1
    flooded = ndimage.watershed_ift(np.clip(scene.slope * 4, 0, 255).astype(np.uint8), markers)
    # Where a rim is two pixels wide the flood ends before it.
    opened = areas.widen(flooded == 2, 3) & near
    return np.minimum(seen, 1 - _enlarge(opened, len(seen)))


def _enlarge(mask: types.Mask, side: int) -> types.Alpha:
    soft = ndimage.uniform_filter(mask.astype(np.float32), 3)
    return np.array(Image.fromarray(soft).resize((side, side), Image.Resampling.BILINEAR))
