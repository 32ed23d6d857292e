"""The axis of a product, and the angle by which it is turned to stand upright.

Two things tell it, both of the mask alone. An axis of symmetry: the mask is laid over its own mirror image
(G. Marola, "On the detection of the axes of symmetry of symmetric and almost symmetric planar images", IEEE
Transactions on Pattern Analysis and Machine Intelligence 11, 1989). And straight edges, which are level or
upright together: the mask's gradients, as a histogram of their directions within a quarter turn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from editor.engines import types
from editor.engines.io import compose, pictures

COARSE, FINE = 96, 288
"""Pixels of the box's longer side at which an axis is looked for, and then found."""
STEP = 3
"""Degrees between the axes that are tried first."""
ALIKE = 0.88
"""Share that a mask has in common with its mirror image, from which on it may be symmetric."""
ALIKE_DESPITE_EDGES = 0.95
"""The same where straight edges say something else: sides that taper do, and so does a shoe."""
ROUND = 0.035
"""By how much that share must differ between axes: of what is round it does not."""
MOST_TRIED = 4
RIVAL = 0.02
"""Another axis whose share is less than that below the best one's counts as well."""
NEAR = 3.0
"""Degrees: two angles that differ by less are one."""
STRAIGHT = 0.42
"""Share of an outline within NEAR of one direction, from which on its edges alone tell the axis."""
OPPOSED = 0.33
"""The same, from which on they count against an axis of symmetry that they do not follow."""
MOST = 40.0
"""Degrees: what leans further lies across, and nobody can tell which of its ends is up."""
LEAST_ANGLE = 0.15
LEAST_PIXELS = 24
"""Of the box's shorter side, below which an angle is a matter of a pixel."""
PROPOSED_FROM = 0.5

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Upright:
    """The angle by which a product is turned to stand upright, degrees clockwise; None where nobody can tell.

    confidence: 0..1. reason: for people, where there is none or nothing to be done.
    """

    angle: float | None
    confidence: float
    reason: str = ""


UNCERTAIN = "The product shows no clear axis."


def find_upright(alpha: types.Alpha) -> Upright:
    """Return the angle that turns a product upright."""
    left, top, right, bottom = compose.subject_box(alpha)
    mask = Image.fromarray(pictures.to_bytes(alpha[top:bottom, left:right]))
    if min(mask.size) < LEAST_PIXELS or not mask.getbbox():
        return Upright(None, 0.0, "The product is too small to measure an angle.")
    coarse = _Turning(_fit(mask, COARSE))
    shares = {float(angle): coarse.compare(angle) for angle in range(0, 180, STEP)}
    if max(shares.values()) - min(shares.values()) < ROUND:
        return Upright(None, 0.0, "The product is round: it has no axis.")
    fine = _fit(mask, FINE)
    edge, straight = find_edges(fine)
    symmetric, likeness = _find_symmetry(shares, coarse, edge, straight)
    if symmetric is not None:
        symmetric, likeness = _Turning(fine).refine(symmetric)
        symmetric = to_quarter(symmetric)
    angle, confidence = _weigh(symmetric, likeness, edge, straight, shares)
    if angle is None or confidence < PROPOSED_FROM:
        return Upright(None, confidence, UNCERTAIN)
    if abs(angle) > MOST:
        return Upright(None, confidence, "The product lies across: nobody can tell which side is up.")
    if abs(angle) < LEAST_ANGLE:
        return Upright(0.0, confidence, "The product stands upright already.")
    return Upright(round(-angle, 2), confidence)


def _find_symmetry(
    shares: dict[float, float], turning: _Turning, edge: float, straight: float
) -> tuple[float | None, float]:
    """Return the angle of the axis, and the share in common; None for no axis, or for several."""
    peaks = [
        angle
        for angle, share in shares.items()
        if share >= shares[(angle - STEP) % 180] and share >= shares[(angle + STEP) % 180]
    ]
    # Between the axes that were tried a slim product's may be far better than they are.
    likely = sorted(peaks, key=lambda angle: -shares[angle])[:MOST_TRIED]
    tried = [turning.refine(angle) for angle in likely]
    best = max((share for _, share in tried), default=0.0)
    if best < ALIKE:
        return None, best
    counting = [one for one in tried if one[1] > best - RIVAL]
    if any(abs(to_quarter(angle - counting[0][0])) > NEAR for angle, _ in counting):
        # A square has an axis from corner to corner too: its edges say which one is meant.
        counting = [one for one in counting if abs(to_quarter(one[0] - edge)) < NEAR and straight > STRAIGHT]
    if not counting:
        return None, best
    return max(counting, key=lambda one: one[1])


def _weigh(
    symmetric: float | None, likeness: float, edge: float, straight: float, shares: dict[float, float]
) -> tuple[float | None, float]:
    """Return how far a product leans, and how sure that is."""
    sure = min(1.0, max(0.0, (straight - 0.3) / 0.25))
    if symmetric is None:
        return (edge, sure) if straight >= STRAIGHT else (None, 0.0)
    plain = min(1.0, max(0.0, (max(shares.values()) - min(shares.values())) / 0.12))
    confidence = min(1.0, max(0.0, (likeness - ALIKE) / 0.08)) * plain
    if abs(to_quarter(symmetric - edge)) < NEAR:
        return symmetric, max(confidence, 1 - (1 - confidence) * (1 - sure))
    if straight >= OPPOSED and likeness < ALIKE_DESPITE_EDGES:
        return None, 0.0
    return symmetric, confidence


def find_edges(mask: Plane) -> tuple[float, float]:
    """Return the direction that most of a mask's outline has, within a quarter turn, and how much of it.

    Degrees clockwise from level or upright, -45..45, and a share of the outline.
    """
    down, across = np.gradient(mask)
    steep = np.hypot(across, down)
    on = steep > 0.3 * steep.max()
    weights = steep[on].astype(np.float64)
    angles = np.degrees(np.arctan2(down[on], across[on]))
    quarter = (angles + 45) % 90 - 45
    counts, _ = np.histogram(quarter, 180, (-45, 45), weights=weights)
    window = np.ones(2 * round(NEAR) + 1)
    around = np.convolve(np.concatenate([counts[-3:], counts, counts[:3]]), window, "valid")
    lean = (int(around.argmax()) + 0.5) / 2 - 45
    for _ in range(3):
        aside = to_quarters(quarter - lean)
        near = np.abs(aside) <= NEAR
        lean += float(np.average(aside[near], weights=weights[near]))
    return to_quarter(lean), float(weights[near].sum() / weights.sum())


class _Turning:
    """A mask that is laid over its own mirror image."""

    def __init__(self, mask: Plane) -> None:
        total = float(mask.sum())
        height, width = mask.shape
        self.total = total
        self.x = float((mask.sum(axis=0) @ (np.arange(width) + 0.5)) / total)
        self.y = float((mask.sum(axis=1) @ (np.arange(height) + 0.5)) / total)
        # As far as its mirror image may reach.
        reach = math.ceil(2 * math.hypot(width, height))
        self.size = reach, reach
        self.mask = Image.fromarray(np.asarray(mask * 255 + 0.5, np.uint8))
        canvas = Image.new("L", self.size)
        self.left, self.top = (reach - width) // 2, (reach - height) // 2
        canvas.paste(self.mask, (self.left, self.top))
        self.canvas = canvas
        self.plane = np.asarray(canvas, np.int16)
        self.middle = self.x + self.left, self.y + self.top
        box = canvas.getbbox() or (0, 0, 1, 1)
        self.part = slice(box[1], box[3]), slice(box[0], box[2])
        self.box = box

    def compare(self, angle: float, aside: float = 0.0) -> float:
        """Return the share of the mask that its image has in common with it, mirrored at an axis.

        angle: of the axis, degrees clockwise from upright. aside: pixels that it lies beside the middle.
        """
        turned = math.radians(90 + angle)
        cosine, sine = math.cos(2 * turned), math.sin(2 * turned)
        x = self.middle[0] + aside * math.sin(turned)
        y = self.middle[1] - aside * math.cos(turned)
        left, top, right, bottom = self.box
        # From a pixel of the box to the one that it is the mirror image of.
        from_x = x - cosine * (x - left) - sine * (y - top)
        from_y = y - sine * (x - left) + cosine * (y - top)
        back = (cosine, sine, from_x, sine, -cosine, from_y)
        size = right - left, bottom - top
        made = self.canvas.transform(size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
        common = np.minimum(np.asarray(made, np.int16), self.plane[self.part])
        return float(common.sum(dtype=np.int64)) / (255 * self.total)

    def _move(self, angle: float, aside: float, more: float) -> float:
        return self.compare(angle, aside + more)

    def _turn(self, angle: float, aside: float, more: float) -> float:
        return self.compare(angle + more, aside)

    def refine(self, angle: float) -> tuple[float, float]:
        """Return the axis near an angle that fits best, and its share, in ever smaller steps."""
        aside = 0.0
        for step in (1.6, 0.8, 0.4, 0.2, 0.1):
            angle += _climb(partial(self._turn, angle, aside), step)
            aside += _climb(partial(self._move, angle, aside), step * 1.5)
        return angle, self.compare(angle, aside)


def _climb(measure: Callable[[float], float], step: float) -> float:
    """Return where a measure is largest, from -step to step, by three of it."""
    before, here, after = measure(-step), measure(0.0), measure(step)
    if max(before, after) > here:
        return step if after > before else -step
    # It is as steep on both sides of its top, which is no parabola's: the lower side is the farther one.
    return 0.5 * step * (after - before) / max(1e-9, here - min(before, after))


def _fit(mask: Image.Image, side: int) -> Plane:
    """Return a mask at most so large, 0..1, with soft edges."""
    small = mask
    if max(mask.size) > side:
        factor = side / max(mask.size)
        size = tuple(max(1, round(one * factor)) for one in mask.size)
        small = mask.resize((size[0], size[1]), Image.Resampling.BOX, reducing_gap=2.0)
    padded = Image.new("L", (small.width + 8, small.height + 8))
    padded.paste(small, (4, 4))
    return np.asarray(padded.filter(ImageFilter.GaussianBlur(1)), np.float32) / np.float32(255)


def to_quarter(angle: float) -> float:
    """Return an angle within a quarter turn, -45..45."""
    return (angle + 45) % 90 - 45


def to_quarters(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((angles + 45) % 90 - 45)
