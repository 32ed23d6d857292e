"""A head as it was cut out: made one piece, and judged, whether it is a head and nothing but one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from editor.engines import types

EDGE = 0.015
"""The standard deviation, in face heights, of the Gaussian that smooths a choice's edge."""

BROADEST = 1.34
"""The longest line, in diameters of a disc of the head's area, along which a beast's head may be cut from
its body: at a neck it is about one, along a back or between two heads more. Set on two dozen photos."""

SOLID, RIM = 0.9, 0.05
"""The mean alpha that a head must have within its rim, and the rim's width in such diameters: where the
network does not see the beast, what is cut is a ghost. Set on the same photos."""
SEEN = 0.1
"""Alpha below which a pixel is none of the subject's, however faint that is."""


def tidy(result: types.Alpha, matte: types.Alpha, core: types.Mask, unit: float) -> types.Alpha:
    """Return the choice as one piece that hangs on the face, without crumbs and pinholes, its edge smooth."""
    radius = max(1, round(0.025 * unit))
    disc = _disc(radius)
    taken = (result > 0.5) & (matte > 0.1)
    # Opened first: what hangs on by a thread, a strap or a stray lock of the neighbour's, falls off.
    pieces, count = ndimage.label(ndimage.binary_opening(taken, disc) | (taken & core))
    if count:
        kept = np.unique(pieces[core & (pieces > 0)])
        body = np.isin(pieces, kept[kept > 0])
    else:
        body = core & taken
    body = ndimage.binary_dilation(body, disc) & taken
    body = ndimage.binary_closing(np.pad(body, radius), disc)[radius:-radius, radius:-radius]
    body = ndimage.binary_fill_holes(body)
    # Where the matte ends, the choice must not: soft hair is the matte's business.
    outside = matte < 0.5
    nearest = ndimage.distance_transform_edt(outside, return_distances=False, return_indices=True)
    body = np.where(outside, body[tuple(nearest)], body)
    return ndimage.gaussian_filter(body.astype(np.float32), EDGE * unit)


def _disc(radius: int) -> types.Mask:
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(np.hypot(rows, columns) <= radius + 0.3)


@dataclass(frozen=True)
class Piece:
    """What was cut out as a head. broad: the line that parts it from the rest, in diameters of a disc of its
    area; solid: its mean alpha within its rim, 0..1."""

    broad: float
    solid: float

    @property
    def is_head(self) -> bool:
        """Whether it ends at something like a neck and is wholly there; better none than fur."""
        return self.broad <= BROADEST and self.solid >= SOLID


def measure(choice: types.Alpha, matte: types.Alpha) -> Piece:
    """Return what a choice makes of a subject; choice, matte: (H, W) in 0..1."""
    chosen, subject = choice > 0.5, matte > 0.5
    own = chosen & subject
    area = float(own.sum())
    if not area:
        return Piece(0.0, 0.0)
    across = 2 * math.sqrt(area / math.pi)
    beside = ndimage.binary_dilation(own) & ~own
    depth = ndimage.distance_transform_edt(np.pad(chosen & (matte > SEEN), 1))[1:-1, 1:-1]
    inside = depth > RIM * across
    solid = float(matte[inside].mean()) if inside.any() else 0.0
    return Piece(float((beside & subject & ~chosen).sum()) / across, solid)
