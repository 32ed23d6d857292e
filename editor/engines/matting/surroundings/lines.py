"""Lines of the ground that a matte took along where they meet the product: joints, sticks, edges of boards.

What is thin in a matte and hangs on its body is a strap, a leg, a chain; or it is a line of the ground, which
then runs on in what is ground for certain: there are more such lines, as thin and of the same colour, and
one of them goes on where the matte's ends.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas
from editor.engines.matting.multi_pass import GRID, to_grid

THICK = 15
"""Pixels of GRID: what is narrower is a line."""

LEAST = 40
"""Pixels of GRID: shorter bits are left to the outline."""

MOST = 16
"""So many thin parts are judged, the largest."""

SHORT = 24
"""Pixels of GRID: what is no longer than so, in its longer direction, is no line but a foot or a tip."""

LINED = 0.01
DETAIL = 12.0
"""A ground has lines where so much of it is so many grey levels from what is around it, in the mean."""

ALIKE = 22.0
"""Grey levels up to which a line is of the same colour."""

STEP = 40.0
"""Grey levels that a line is from what is beside it, at least: all is like an even ground of its colour."""

FAR = 120
"""Pixels of GRID around a part in which the ground's lines are looked for."""

GOES_ON = 30
MORE = 2.0
"""Pixels of GRID that a line goes on beyond the matte, and how many times a part's own are such lines."""

ALONE = 1.0
"""The same where nothing but the line itself goes on, as far as the picture's edge: a stick, a wire."""

EVEN = 0.3
"""Share of what goes on that may be no line but broad."""

STRAIGHT = 0.8
"""Share of a stick's pixels that lie on the straight between the picture's edges."""

EDGE = np.pad(np.zeros((GRID - 6, GRID - 6), bool), 3, constant_values=True)


def take_away(square: types.Image, seen: types.Alpha) -> types.Alpha:
    """Return a matte, isnet.SIDE a side as the square is, without the ground's lines; itself if none."""
    grid = to_grid(seen)
    subject = grid > 0.5
    body = areas.widen(areas.open_mask(subject, THICK), 3)
    thin = subject & ~body
    if int(np.count_nonzero(thin)) < LEAST:
        return seen
    small = Image.fromarray(square).reduce(len(square) // GRID).filter(ImageFilter.BoxBlur(1))
    lined = _is_lined(small, areas.widen(subject | (grid > 0.1), 9))
    if not lined and not (thin & EDGE).any():
        return seen
    numbered, _ = ndimage.label(thin, np.ones((3, 3), bool))
    sizes = np.bincount(numbered.ravel())
    sizes[0] = 0
    colours = np.asarray(small, np.float32)
    boxes = ndimage.find_objects(numbered)
    gone = np.zeros(len(sizes), bool)
    largest = [number for number in np.argsort(-sizes)[:MOST].tolist() if sizes[number] >= LEAST]
    if lined:
        inside = _is_between(subject)
        for number in largest:
            gone[number] = _runs_on(colours, subject, body, inside, numbered, boxes[number - 1], number)
    for number in _find_crossing(colours, numbered, [one for one in largest if not gone[one]]):
        gone[number] = True
    if not gone.any():
        return seen
    away = areas.widen(gone[numbered], 7) & ~body & ~(thin & ~gone[numbered])
    soft = ndimage.uniform_filter(away.astype(np.float32), 3)
    return np.minimum(
        seen, 1 - np.array(Image.fromarray(soft).resize((len(seen),) * 2, Image.Resampling.BILINEAR))
    )


def _is_lined(small: Image.Image, near: types.Mask) -> bool:
    """Return whether the ground has lines, or is as rough; near: the subject and its rim."""
    grey = small.convert("L")
    around = np.asarray(grey.filter(ImageFilter.BoxBlur(THICK // 2)), np.float32)
    ground = ~areas.widen(near, THICK)
    detail = np.abs(np.asarray(grey, np.float32) - around) > DETAIL
    return int(np.count_nonzero(detail & ground)) > LINED * max(1, int(np.count_nonzero(ground)))


def _runs_on(
    colours: types.Alpha,
    subject: types.Mask,
    body: types.Mask,
    inside: types.Mask,
    numbered: types.Mask,
    place: tuple[slice, slice],
    number: int,
) -> bool:
    """Return whether a thin part is a line of the ground: it has others, and goes on beyond the matte."""
    if max(one.stop - one.start for one in place) < SHORT:
        return False
    box = tuple(slice(max(0, one.start - FAR), min(GRID, one.stop + FAR)) for one in place)
    part = numbered[box] == number
    rest = subject[box] & ~part
    shown = colours[box]
    apart = np.abs(shown - np.median(shown[part], axis=0)).max(axis=2)
    whole = areas.widen(subject[box], 3)
    beside = areas.widen(part, 9) & ~areas.widen(part, 5) & ~subject[box]
    if int(np.count_nonzero(beside)) < LEAST // 4 or float(np.median(apart[beside])) < STEP:
        return False
    alike = (apart < ALIKE) & ~rest
    joined, _ = ndimage.label(alike, np.ones((3, 3), bool))
    mine = np.unique(joined[part & alike])
    beyond = alike & ~whole
    # Not what goes on to the product again: a wheel has as many spokes, and wires as many meshes.
    on = np.isin(joined, mine[mine > 0]) & beyond & ~areas.widen(body[box], 9) & ~inside[box]
    size, length = int(np.count_nonzero(part)), int(np.count_nonzero(on))
    if length < GOES_ON or np.count_nonzero(areas.open_mask(on, THICK)) > EVEN * length:
        return False
    lines = beyond & ~areas.open_mask(beyond, THICK)
    if int(np.count_nonzero(lines)) >= MORE * size:
        return True
    return length >= ALONE * size and bool((on & EDGE[box]).any())


def _is_between(subject: types.Mask) -> types.Mask:
    """Return where a subject is on all four sides: above and below, left and right."""
    sides = [np.logical_or.accumulate(subject, axis) for axis in (0, 1)]
    sides += [np.flip(np.logical_or.accumulate(np.flip(subject, axis), axis), axis) for axis in (0, 1)]
    return np.logical_and.reduce(sides)


def _find_crossing(colours: types.Alpha, numbered: types.Mask, parts: list[int]) -> list[int]:
    """Return the thin parts that are one stick or wire, straight from one of the picture's edges to another.

    The product before it may part it. A cord that ends at the product reaches one edge alone.
    """
    ends = [(number, *end) for number in parts for end in _find_ends(numbered, number)]
    found: list[int] = []
    for place, (one, side, *first) in enumerate(ends):
        for other, far_side, *last in ends[place + 1 :]:
            if side == far_side:
                continue
            shades = [np.median(colours[numbered == number], axis=0) for number in (one, other)]
            if np.abs(shades[0] - shades[1]).max() < ALIKE and all(
                _lies_on(numbered == number, first, last) for number in {one, other}
            ):
                found += [one, other]
    return found


def _find_ends(numbered: types.Mask, number: int) -> list[tuple[int, float, float]]:
    """Return the edges of the picture that a part reaches, and where: the edge's number, row and column."""
    found = []
    for side, line in enumerate((numbered[1], numbered[-2], numbered[:, 1], numbered[:, -2])):
        at = np.flatnonzero(line == number)
        if 0 < len(at) < THICK:
            along, across = float(at.mean()), float((0, GRID - 1)[side % 2])
            found.append((side, across, along) if side < 2 else (side, along, across))
    return found


def _lies_on(part: types.Mask, first: list[float], last: list[float]) -> bool:
    """Return whether nearly all of a part is on the straight between two points."""
    rows, columns = np.nonzero(part)
    down, along = last[0] - first[0], last[1] - first[1]
    away = np.abs(along * (rows - first[0]) - down * (columns - first[1])) / max(1.0, np.hypot(down, along))
    return float((away < THICK / 2).mean()) > STRAIGHT
