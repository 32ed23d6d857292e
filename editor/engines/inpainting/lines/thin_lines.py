"""Thin lines across a plain ground: what one shows of itself where it enters, laid over what is filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial

from editor.engines import types

from .joining import Lines
from .strips import RUN, Entry, Reals, sample

WIDE = 10.0
"""Pixels to either side of an edge in which a thin line has to have ended."""
FINE = 0.5
APART, ALIKE = 10.0, 0.5
"""Grey levels, of three channels together, by which a line stands out at least; and what share of that its
two sides may differ by."""
ENDED = 0.2
"""Of how much it stands out in its middle: less is the ground beside it."""
COVERED = 2.0
"""Pixels from a line's own within which another edge is its other edge."""


@dataclass(frozen=True)
class ThinLine:
    """A curve (N, 2) and what lies across it at its two ends: how much it covers (M,), and its colour (3,).

    half: how far it reaches to either side. All in pixels of the small picture.
    """

    curve: Reals
    cover: tuple[Reals, Reals]
    colour: tuple[Reals, Reals]
    half: float

    def covers(self, entry: Entry) -> bool:
        """Whether an edge's entry is this line's own."""
        index = self.curve[0], self.curve[-1]
        return min(float(np.hypot(*(entry.place - end))) for end in index) < self.half + COVERED


def _across(rgb: types.Image, entry: Entry, step: int) -> Reals:
    """Return the colours across an entry at offsets of FINE from left to right of its way in."""
    distances, offsets = np.arange(1, RUN // 2)[:, None], np.arange(-WIDE, WIDE + FINE / 2, FINE)
    x = entry.place[0] - entry.way[0] * distances - entry.way[1] * offsets
    y = entry.place[1] - entry.way[1] * distances + entry.way[0] * offsets
    return np.asarray(np.median(sample(rgb, x, y, step), axis=0))


def find_thin_line(rgb: types.Image, first: Entry, last: Entry, curve: Reals, step: int) -> ThinLine | None:
    """Return the thin line of which two entries are the ends; None where they are an edge's.

    One end says it for both where the other one runs so close along the hole that nothing is seen beside it.
    """
    ends = [_look(_across(rgb, first, step)), _look(_across(rgb, last, step)[::-1])]
    one, two = ends[0] or ends[1], ends[1] or ends[0]
    if one is None or two is None:
        return None
    half = max(float(np.abs(np.flatnonzero(end[0]) - len(end[0]) // 2).max()) * FINE for end in (one, two))
    return ThinLine(curve, (one[0], two[0]), (one[1], two[1]), half)


def _look(colour: Reals) -> tuple[Reals, Reals] | None:
    """Return how much a thin line covers across its run (M,), and its colour (3,); None: no line."""
    left, right = colour[:4].mean(axis=0), colour[-4:].mean(axis=0)
    share = np.linspace(0, 1, len(colour))[:, None]
    side = left + share * (right - left)
    apart = np.abs(colour - side).sum(axis=1)
    middle = len(apart) // 2
    near = apart[middle - 8 : middle + 9]
    most = float(near.max())
    if most < APART or np.abs(right - left).sum() > ALIKE * most:
        return None
    top = int(middle - 8 + near.argmax())
    # Down either flank until it has ended.
    inside = ndimage.label(apart > ENDED * most)[0]
    own = inside == inside[top]
    if own[0] or own[-1]:
        return None
    core = own & (apart > 0.85 * most)
    return np.where(own, np.clip(apart / (0.92 * most), 0, 1), 0), colour[core].mean(axis=0)


def measure_softness(rgb: types.Image, ends: Sequence[Entry], step: int) -> float:
    """Return the standard deviation of the blur that an edge shows at its ends, in pixels of the picture."""
    spreads = []
    for entry in ends:
        colour = _across(rgb, entry, step)
        middle, room = len(colour) // 2, int(5 / FINE)
        near = colour[middle - room : middle + room + 1]
        rise = np.abs(np.diff(near, axis=0)).sum(axis=1)
        rise = np.maximum(rise - np.median(rise), 0)
        if rise.sum() > 0:
            offsets = np.arange(len(rise)) * FINE
            peak = int(rise.argmax())
            window = slice(max(0, peak - 6), peak + 7)
            mean = np.average(offsets[window], weights=rise[window])
            spreads.append(float(np.sqrt(np.average((offsets[window] - mean) ** 2, weights=rise[window]))))
    # Reading between pixels blurs by itself.
    own = float(np.median(spreads)) ** 2 - 0.15 if spreads else 0.0
    return float(np.clip(np.sqrt(max(own, 0.0)) * step, 0.5, 6.0))


def lay_over(
    base: NDArray[np.float32],
    drawn: types.Mask,
    line: ThinLine,
    lines: Lines,
    box: tuple[slice, slice],
) -> None:
    """Lay a thin line over what was filled of a box of the picture, in place."""
    rows, columns = np.nonzero(drawn)
    corner = np.array([lines.part[1].start, lines.part[0].start])
    places = np.stack([columns + box[1].start, rows + box[0].start], axis=-1)
    places = (places - corner + 0.5) / lines.step - 0.5
    distance, at = spatial.cKDTree(line.curve).query(places, distance_upper_bound=line.half + 1)
    near = np.isfinite(distance)
    rows, columns, places, at = rows[near], columns[near], places[near], at[near]
    if not len(rows):
        return
    tangent = np.gradient(line.curve, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1])[:, None], 1e-6)
    apart = places - line.curve[at]
    offset = apart[:, 1] * tangent[at, 0] - apart[:, 0] * tangent[at, 1]
    along = (at / (len(line.curve) - 1))[:, None]
    index = (offset + WIDE) / FINE
    ends = [np.interp(index, np.arange(len(cover)), cover)[:, None] for cover in line.cover]
    cover = (1 - along) * ends[0] + along * ends[1]
    colour = (1 - along) * line.colour[0] + along * line.colour[1]
    base[rows, columns] = base[rows, columns] * (1 - cover) + colour * cover
