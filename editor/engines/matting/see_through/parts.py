"""Parts of a subject that prove to be see-through, judged as a whole by the ground that they show.

Whatever is grey may be glass before a grey ground, or ceramics: before white, boxes, shirts and mugs
measure as panes do. So a ground tells only by its hue: a pane shows it, darkened evenly, within a rim that is
stronger than itself, and adds a grey light, uneven, as things that mirror do. The limits were set on the
things of bench.see_through, with both halves in view; it also counts how often what is opaque and painted in
the ground's very hue passes for a pane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas

from .backdrop import Backdrop

HUED = 12.0
"""Grey levels that the ground's channels are apart, from which on what has its hue and no other shows it."""

CANDIDATE = (0.6, 9.0, 0.3)
"""Pixels below the first in opacity, the second in foreign hue, above the third in ground may be panes."""

LEAST_SHARE = 0.05
"""Of the subject with what it encloses; what is smaller stays as it is."""

LEAST_PIXELS = 60
MOST = 4
CORE = 3
NARROW = 5
"""Pixels of backdrop.SIDE: what is narrower is no pane."""

CLEAR = 0.4
EVEN = 0.25
FOREIGN = 2.5
THROUGH = (0.5, 0.97)
"""A pane is at most so opaque, the middle half of its pixels no more than so far apart in that; its hue is
hardly foreign, and it lets that much of the ground through: what is no darker than the ground is paint."""

CRISP = 8.0
"""Grey levels per pixel of the steepest twentieth in and around it: glints and rims."""

GLINTS = 0.9
"""Share of its size up to which what is lighter than the ground lies on it."""

RIMMED = (0.4, 0.12)
"""Share of the outline beside it at which something is at least so much more opaque than what is within."""

RIM = 0.02
"""How much more opaque the outline is than what lies deeper."""

MILK = (13.0, 40.0)
MILK_SPREAD = 8.0
STEADY = 0.11
"""A pane mirrors what is around: grey levels of grey light upon the ground's, at three quarters of its pixels
more than the first and less than the second, uneven by so much over its middle half, while the share of the
ground's light is even. What is painted in the ground's hue darkens it, and adds hardly any grey."""

ANOTHER = (0.3, 0.3)
"""Evenness and ground that do for another part of what has a pane already, without a rim of its own."""


@dataclass(frozen=True)
class Measures:
    """What speaks for a pane and against it; each as the constants of this module have it."""

    opacity: float
    spread: float
    foreign: float
    through: float
    chroma: float
    steep: float
    glints: float
    rimmed: float
    rim: float
    milk: float
    milk_spread: float
    unsteady: float


def find(backdrop: Backdrop) -> types.Mask | None:
    """Return what is see-through of a subject, on backdrop.SIDE; None where nothing is."""
    hull = backdrop.hull
    if float(np.median(backdrop.chroma[hull])) < HUED:
        return None
    opaque, foreign, through = CANDIDATE
    open_to = (backdrop.opacity < opaque) & (backdrop.foreign < foreign) & (backdrop.through > through)
    numbered, count = ndimage.label(areas.open_mask(hull & open_to, NARROW))
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)
    sizes[0] = 0
    least = max(LEAST_PIXELS, LEAST_SHARE * int(hull.sum()))
    depth = ndimage.distance_transform_cdt(hull, "chessboard")
    candidates = [numbered == n for n in np.argsort(-sizes)[:MOST].tolist() if sizes[n] >= least]
    measured = [(part, measure(backdrop, part, depth)) for part in candidates]
    if not any(is_pane(measures) for _, measures in measured):
        return None
    panes = [part for part, measures in measured if is_pane(measures) or is_another(measures)]
    return np.logical_or.reduce(panes)


def is_pane(measures: Measures) -> bool:
    """Return whether a part is see-through for certain."""
    rimmed = measures.rimmed >= RIMMED[0] and measures.rim > RIM and measures.steep > CRISP
    mirrors = MILK[0] < measures.milk < MILK[1] and measures.milk_spread > MILK_SPREAD
    shows = _shows_ground(measures, EVEN, THROUGH[0]) and measures.unsteady < STEADY
    return rimmed and mirrors and shows and measures.glints < GLINTS


def is_another(measures: Measures) -> bool:
    """Return whether a part is see-through, too, where another part of the same subject is."""
    return _shows_ground(measures, *ANOTHER)


def _shows_ground(measures: Measures, spread: float, least: float) -> bool:
    even = measures.opacity < CLEAR and measures.spread < spread and measures.foreign < FOREIGN
    return even and measures.chroma >= HUED and least < measures.through < THROUGH[1]


def measure(backdrop: Backdrop, part: types.Mask, depth: NDArray[np.int32]) -> Measures:
    """Return what is measured of a part of the subject. depth: pixels from beyond the outline."""
    core = ndimage.minimum_filter(part, CORE)
    core = core if core.any() else part
    opacity, hull = backdrop.opacity, backdrop.hull
    inside = opacity[core]
    lighter = (backdrop.colours - backdrop.behind).mean(axis=-1) > 15
    glints = lighter & ndimage.maximum_filter(part, 9) & hull
    beside = ndimage.maximum_filter(part, 13) & hull
    outline = beside & (depth == 1)
    peak = ndimage.maximum_filter(np.where(hull, opacity, 0), 7)
    within = ndimage.minimum_filter(np.where(hull & (depth > 2), opacity, 1), 15)
    rings = [_median(opacity[beside & (depth >= low) & (depth < high)]) for low, high in RINGS]
    through = backdrop.through[core]
    milk = backdrop.colours[core].mean(axis=-1) - through * backdrop.behind[core].mean(axis=-1)
    quarter, three = np.percentile(milk, (25, 75))
    rims, deeper = (
        [one for one in rings[:3] if one is not None],
        [one for one in rings[3:] if one is not None],
    )
    return Measures(
        float(np.median(inside)),
        float(np.percentile(inside, 75) - np.percentile(inside, 25)),
        float(np.median(backdrop.foreign[core])),
        float(np.median(through)),
        float(np.median(backdrop.chroma[core])),
        float(np.percentile(backdrop.slope[ndimage.maximum_filter(part, 5) & hull], 95)),
        float(glints.sum()) / float(part.sum()),
        float((peak[outline] - within[outline] > RIMMED[1]).mean()) if outline.sum() > FEW else 0.0,
        max(rims) - min(deeper) if rims and deeper else 0.0,
        float(quarter),
        float(three - quarter),
        float(np.percentile(through, 75) - np.percentile(through, 25)),
    )


RINGS = ((1, 2), (2, 4), (4, 6), (7, 10), (12, 18))
"""Pixels of depth of the three rings that make the outline, and of the two that lie deeper."""

FEW = 8
"""Pixels; of fewer nothing is told."""


def _median(values: types.Alpha) -> float | None:
    return float(np.median(values)) if len(values) > FEW else None
