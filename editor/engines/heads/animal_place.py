"""The place of an animal's head in its body: by what looks like a head, by faces, by what stands out.

Detectors that were trained on people answer to an eye, a spot, a shoulder. Where a beast's head is, its
silhouette knows too: most of a head's outline is the subject's own, a patch of fur lies within. A place is
as good as it explains what looks like a head (networks/animacy.py) and as little of what is around it is
subject; from the best ones it is moved and sized until nothing is better.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engines import types
from editor.engines.networks import animacy, face_detection

ACROSS, UP, DOWN = 0.82, 1.08, 0.62
"""How far a head reaches from its face's centre, in widths of the face; up, it has ears. On how many photos
they were set is not recorded."""

# How well a face explains where a subject looks like a head, in halves of its side from its middle. On how
# many photos these were set is not recorded.
NEAR, WIDE, REST = 1.1, 1.5, 1.6
"""What is near is the face's own; what is wide may still be its head's; the rest is the rest."""
LEAST_NEAR, LEAST_REST = 0.1, 2.0
"""Cells: a face with fewer of the subject near it explains nothing; of fewer elsewhere nothing is told."""
BODY_BELOW = 0.3
"""By how much a body is taken to look less like a head where too little of it is seen to tell."""
HEADLIKE = 0.3
"""Added to a cell's measure before its share is taken: what is below the negative of it is not head-like."""
UNLIKE_WEIGHT, HELD_WEIGHT = 1.5, 1.5
"""Of how unlike the rest it is, and of how much of what is like a head it holds."""

FACE_CELLS, OTHER_CELLS = 1.0, 1.8
"""Halves of a face's side within which a cell is in the face, and beyond which it is well outside; the photos
are those that animacy was learned on."""

HIDDEN_SHARES, HIDDEN_STEP = (0.28, 0.4, 0.57, 0.8), 0.3
"""Sides of the places where a face may be that no detector sees, in square roots of the subject's area, and
how far apart they are, in their own sides. On how many photos they were set is not recorded."""

# Set on a dozen photos of animals, and looked at on others (docs/quality.md).
FACE_WEIGHT, LIKE_WEIGHT, BODY_WEIGHT, EMPTY_WEIGHT = 0.4, 0.6, 1.5, 1.5
"""Of a face that a detector saw there, of how much like a head its middle is, of the share of the ring around
the head that is subject, and of the share of its middle that is none."""
RING = 1.15
"""The ring around a head, in its radii."""
MIDDLE = (0.0, 0.35, 0.65)
"""Radii, in widths of the face, of the circles on which a head's middle is looked at."""
BEYOND = 0.2
"""How much of the ring beyond the picture is taken for subject: else heads would be drawn to its edges."""
POINTS = 48
STARTS, ROUNDS = 4, 12
"""So many of the best places are moved, so often."""
PACE, GROWTH, LEAST_GAIN = 0.12, 1.12, 0.01
"""A move in widths of the face, a change of size, and by how much it must be better."""
SIZES = 0.2, 0.85
"""Widths of a face, least and most, in square roots of the subject's area."""
OWN_MOVE, OWN_GROWTH = 0.35, 0.3
"""A place that went further from a face than so many of its widths, or grew by more (in logarithms), is not
that face's any more."""

LEAST_REST_SHARE = 0.05
"""Of a subject of which less is outside of the head it is not told where its body is."""


@dataclass(frozen=True)
class Place:
    """Where a head may be, in pixels of the look: its face's centre and width, and how it was judged.

    score: the sum that was made the most of. seen: how much spoke for the detector's face that it is still
    at, 0 without. likeness: how much like a head its middle is, 0 as much as not. ring: how much of what is
    around it is subject.
    """

    face: tuple[float, float]
    unit: float
    angle: float
    score: float
    seen: float
    likeness: float
    ring: float


@dataclass(frozen=True)
class Body:
    """The subject that heads are sought in: its alpha (H, W), its cells' shares and likeness to heads."""

    alpha: types.Alpha
    share: NDArray[np.float32]
    heads: NDArray[np.float32]

    def judge(self, x: float, y: float, unit: float, seen: float) -> float:
        """Return how good a place is, for a face of that centre and width."""
        return (
            FACE_WEIGHT * seen
            + measure_headness(square_at(x, y, unit), self.heads, self.share, self.alpha.shape)
            + LIKE_WEIGHT * self.measure_likeness(x, y, unit)
            - BODY_WEIGHT * self.measure_ring(x, y, unit)
            - EMPTY_WEIGHT * (1 - self._measure_middle(x, y, unit))
        )

    def measure_likeness(self, x: float, y: float, unit: float) -> float:
        """Return how much like a head the middle of a place is, about 0 as much as not."""
        near = self.share * (_distance(square_at(x, y, unit), self.alpha.shape, self.heads.shape) < NEAR)
        return float((self.heads * near).sum() / max(float(near.sum()), 1e-6))

    def measure_ring(self, x: float, y: float, unit: float) -> float:
        """Return how much of the ring around a head is subject, 0..1."""
        cosine, sine = _circle(POINTS)
        across, along = RING * ACROSS * unit, RING * (UP + DOWN) / 2 * unit
        return self._sample(x + across * cosine, y - (UP - DOWN) / 2 * unit + along * sine, BEYOND)

    def _measure_middle(self, x: float, y: float, unit: float) -> float:
        cosine, sine = _circle(POINTS // 4)
        return sum(self._sample(x + r * unit * cosine, y + r * unit * sine, 0) for r in MIDDLE) / len(MIDDLE)

    def _sample(self, columns: NDArray[np.float64], rows: NDArray[np.float64], beyond: float) -> float:
        """Return the mean alpha at points; beyond the picture it is taken to be `beyond`."""
        height, width = self.alpha.shape
        inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        values = self.alpha[rows[inside].astype(int), columns[inside].astype(int)]
        return (float(values.sum()) + beyond * int((~inside).sum())) / len(columns)


def find(
    alpha: types.Alpha,
    heads: NDArray[np.float32],
    faces: Sequence[tuple[float, face_detection.Face]],
    box: tuple[int, int, int, int],
) -> Place | None:
    """Return the best place for a head in a subject; None where nothing of it is one.

    heads: as animacy.Animacy has them. faces: what the detectors saw, and how much speaks for each. box: the
    subject's.
    """
    body = Body(alpha, animacy.measure_cells(alpha), heads)
    area = math.sqrt(float((alpha > 0.5).sum()))
    starts = [(seen, face) for seen, face in faces] + [(0.0, face) for face in list_squares(box, area)]
    judged = [(body.judge(*face.centre, face.side, seen), seen, face) for seen, face in starts]
    judged.sort(key=lambda one: one[0], reverse=True)
    places = [_climb(body, face, seen, area) for _, seen, face in judged[:STARTS]]
    return max(places, key=lambda place: place.score, default=None)


def find_body(
    alpha: types.Alpha, centre: tuple[float, float], radii: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the unit vector from a head's centre to the rest of its subject; None with hardly any rest."""
    rows, columns = np.mgrid[: alpha.shape[0] : 4, : alpha.shape[1] : 4].astype(np.float32)
    right, down = columns - np.float32(centre[0]), rows - np.float32(centre[1])
    subject = alpha[::4, ::4] > 0.5
    rest = subject & (np.hypot(right / radii[0], down / radii[1]) > 1)
    if rest.sum() < LEAST_REST_SHARE * max(1, int(subject.sum())):
        return None
    x, y = float(np.mean(right[rest])), float(np.mean(down[rest]))
    length = math.hypot(x, y)
    return (x / length, y / length) if length else None


def _climb(body: Body, face: face_detection.Face, worth: float, area: float) -> Place:
    """Return the place that small moves and changes of size lead to from a face."""
    (x, y), unit = face.centre, face.side
    score, seen = body.judge(x, y, unit, worth), worth
    for _ in range(ROUNDS):
        before = score
        for right, down, growth in _MOVES:
            to = x + right * unit, y + down * unit, unit * growth
            if not SIZES[0] * area < to[2] < SIZES[1] * area:
                continue
            near = math.dist(to[:2], face.centre) < OWN_MOVE * face.side
            own = worth if near and abs(math.log(to[2] / face.side)) < OWN_GROWTH else 0.0
            better = body.judge(*to, own)
            if better > score + LEAST_GAIN:
                score, seen, (x, y, unit) = better, own, to
        if score == before:
            break
    likeness, ring = body.measure_likeness(x, y, unit), body.measure_ring(x, y, unit)
    return Place((x, y), unit, face.angle if seen else 0.0, score, seen, likeness, ring)


_MOVES = (
    (PACE, 0.0, 1.0),
    (-PACE, 0.0, 1.0),
    (0.0, PACE, 1.0),
    (0.0, -PACE, 1.0),
    (0.0, 0.0, GROWTH),
    (0.0, 0.0, 1 / GROWTH),
)


def list_squares(box: tuple[int, int, int, int], area: float) -> list[face_detection.Face]:
    """Return places in a subject where a face may be that the detectors do not see, level ones."""
    left, top, right, bottom = box
    squares = []
    for share in HIDDEN_SHARES:
        side = share * area
        for x, y, _ in face_detection.tiles(right - left, bottom - top, side, HIDDEN_STEP):
            squares.append(square_at(left + x + side / 2, top + y + side / 2, side))
    return squares


def square_at(x: float, y: float, side: float) -> face_detection.Face:
    """Return a level face that nobody saw."""
    half = side / 2
    return face_detection.Face((x - half, y - half, x + half, y + half), _LEVEL, 0.0, 0)


_LEVEL = np.array([[0, 0], [1, 0], [0, 0], [0, 0], [0, 0], [0, 0]], np.float32)


def measure_headness(
    face: face_detection.Face,
    heads: NDArray[np.float32],
    share: NDArray[np.float32],
    shape: tuple[int, ...],
) -> float:
    """Return how well a face explains where the subject looks like a head: 0 not at all, 3 wholly.

    By how much more like one it is than the rest of the subject, and how much of what is like one
    it holds: an eye alone leaves the rest of its face over, a rump leaves all. heads and share: by cells,
    of a picture of that shape.
    """
    distance = _distance(face, shape, heads.shape)
    near = share * (distance < NEAR)
    wide = share * (distance < WIDE)
    rest = share * (distance > REST)
    if near.sum() < LEAST_NEAR:
        return 0.0
    inside = float((heads * near).sum() / near.sum())
    outside = float((heads * rest).sum() / rest.sum()) if rest.sum() > LEAST_REST else inside - BODY_BELOW
    likely = np.maximum(heads + HEADLIKE, 0) * share
    held = float((likely * wide).sum() / max(float((likely * share).sum()), 1e-6))
    return UNLIKE_WEIGHT * (inside - outside) + HELD_WEIGHT * held


def split_cells(
    face: face_detection.Face, shape: tuple[int, ...], cells: tuple[int, ...]
) -> tuple[types.Mask, types.Mask]:
    """Return which cells of a picture of that shape are in the face, and which are well outside it."""
    distance = _distance(face, shape, cells)
    return distance < FACE_CELLS, distance > OTHER_CELLS


def _distance(
    face: face_detection.Face, shape: tuple[int, ...], cells: tuple[int, ...]
) -> NDArray[np.float32]:
    """Return how far each cell is from a face, the larger way, in halves of its side; brows count too."""
    rows, columns = cells
    across = (np.arange(columns, dtype=np.float32) + 0.5) * shape[1] / columns
    along = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) * shape[0] / rows
    x, y = face.centre
    larger: NDArray[np.float32] = np.maximum(np.abs(across - x), np.abs(along - (y - 0.1 * face.side)))
    return larger / np.float32(0.5 * face.side)


@functools.cache
def _circle(points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.cos(angles), np.sin(angles)
