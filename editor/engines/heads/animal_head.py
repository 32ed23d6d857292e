"""Detection and shape of heads that are not a person's: pets, wild animals, dolls, drawn creatures.

BlazeFace was trained on people, but answers, weakly, to any face of two eyes and a snout. Weak
answers are believed where many looks agree, where they lie in the picture's subject, and where that
subject is a living thing, as far as networks/animacy.py can tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import colour_mixtures, random_walker
from editor.engines.networks import animacy, face_detection, pose_detection

from . import human_head
from .shape import HeadShape

FLOOR = 0.45
"""A weaker answer of the detectors is none."""

SHARES = (1.25, 0.85, 0.58, 0.4, 0.27)
"""Sides of the looks at a subject, in sides of its box: a face may be all of it, or a fifth."""

STEP = 0.5
"""How far apart the looks are, in their own sides."""

# On one photo of each of ImageNet's thousand kinds (animacy held out, faces of people left aside) one
# thing in 200 passes: half of the beasts whose faces are seen do, where the faces alone would let 1 in 20.
FACE_ENOUGH = 1.3
LIFE_WEIGHT = 4.0
ENOUGH = 4.6
ENOUGH_BY_FACE = 4.0
ENOUGH_ANYWAY = 5.0
FACE_WEIGHT = 0.4

MESH_WEIGHT, MESH_PRESENCE = 1.2, 0.2
"""A mesh that fits a little speaks for a face: on drawn ones it does, on patterns hardly ever."""

FIGURE_FACE, FIGURE_TOP, FIGURE_HEAD, FIGURE_FILLED = 1.7, 0.35, 0.16, 0.5
"""A face seen weakly is one if it is at the top of a figure that the subject fills: a drawn person's.

On how many pictures these were set is not recorded."""

SKULL = 1.7
"""The crown's distance from a face's centre, in halves of the face's side; a skull is about as wide. On how
many pictures it was set is not recorded."""

SMALLEST = 0.12
"""A face's side, in square roots of the subject's area, below which it is an eye or a pattern.

On how many photos it was set is not recorded."""

ACROSS, UP, DOWN = 0.82, 1.08, 0.62
"""How far a head reaches from its face's centre, in widths of the face; up, it has ears. On how many photos
it and REACH were set is not recorded."""

REACH = 1.7
"""Half the side of the square that holds a head and its ears, in widths of its face."""

# How much speaks for a face in a subject. On how many photos these were set is not recorded.
COVERED = 0.5
"""The share of a face's evidence that hangs on how much of it lies in the subject."""
UPPER, LOW_COST = 0.35, 0.45
"""A face's middle above the one share of the subject's height costs nothing; below it, evidence goes by the
other for each height."""

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

# The largest disc at a figure's top is its skull. On how many pictures these were set is not recorded.
CROWNED = 0.15
"""How far below the figure's top a disc may begin, in its radii."""
SKULL_SIZES = (0.6, 1.5)
"""Radii of such a disc, least and most, beside the one that was guessed."""

# What of a picture is the head, in widths of the face from its middle. On how many photos these were set is
# not recorded.
CORNERS = 2.5
"""Exponent of the super-ellipse around a face: ears stand in the corners of a head's box."""
SURE, FAR = 0.62, 1.45
"""Within the one the subject is surely head, beyond the other it surely is not; the edge of it is 1."""
PRIOR, PRIOR_SPAN = 1.25, 0.5
"""Where without any edge a pixel is head no more, and over how much of the way there it fades."""
TRUST, SKULL_TRUST, SURE_TRUST = 0.02, 5.0, 20.0
"""How much that distance counts beside the picture's edges; so many times less around a drawn skull; and what
is sure."""

SLIGHT_TILT, BELIEVED_TILT = 0.6, 2.0
"""Radians from which on a weak answer's tilt is none, and by what it is divided below. On how many photos
they were set is not recorded."""


@dataclass(frozen=True)
class AnimalHead:
    """A head by its face, in pixels of some picture. face: its centre; unit: its width; score: 0..1.

    skull: the disc of SKULL / 2 units around the centre lies in the subject, and is head.
    """

    face: tuple[float, float]
    unit: float
    angle: float
    score: float
    skull: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the head, which has more above the face than below; of a skull, its own."""
        if self.skull:
            return self.face
        rise = (UP - DOWN) / 2 * self.unit
        x, y = self.face
        return x + rise * math.sin(self.angle), y - rise * math.cos(self.angle)

    @property
    def radii(self) -> tuple[float, float]:
        if self.skull:
            return SKULL / 2 * self.unit, SKULL / 2 * self.unit
        return ACROSS * self.unit, (UP + DOWN) / 2 * self.unit

    @property
    def square(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom of a box around the head and its ears; may exceed the picture."""
        x, y = self.centre
        half = REACH * self.unit
        return round(x - half), round(y - half), round(x + half), round(y + half)

    def to_crop(self, left: float, top: float, scale: float) -> AnimalHead:
        """Return the head in a picture cut at left, top and then scaled."""
        x, y = self.face
        return replace(self, face=((x - left) * scale, (y - top) * scale), unit=self.unit * scale)

    def choose_pixels(
        self, rgb: types.Image, matte: types.Alpha, others: Sequence[HeadShape] = ()
    ) -> types.Alpha:
        """Return how far each pixel belongs to the head, as HeadShape has it; there is never another."""
        return choose_pixels(rgb, matte, self)


def find_heads(look: types.Image, alpha: types.Alpha) -> list[AnimalHead]:
    """Return the head in a picture's subject; empty where nothing is surely one.

    alpha: (H, W), the subject. Raises WeightsMissing.
    """
    box = _bounds(alpha)
    if box is None:
        return []
    area = math.sqrt(float((alpha > 0.5).sum()))
    worths = [
        (weigh_evidence(face, alpha, box), face)
        for face in face_detection.detect(look, _windows(box), FLOOR)
        if face.side >= SMALLEST * area
    ]
    worths = [(worth, face) for worth, face in worths if worth > FACE_ENOUGH]
    if not worths:
        return []
    worths.sort(key=lambda pair: -pair[0])
    surest = max(worth + _mesh_evidence(look, face) for worth, face in worths[:3])
    seen = animacy.measure(look, alpha)
    # Drawings measure as things: a face that is as plain as this needs no life.
    enough = ENOUGH_BY_FACE if seen is None else min(ENOUGH - LIFE_WEIGHT * seen.living, ENOUGH_ANYWAY)
    if surest < enough:
        head = _find_atop_figure(look, alpha, worths)
        return [] if head is None else [head]
    if seen is None or seen.living < 0:
        # What is sure by its face alone is where the face is: people, dolls and drawings have no snouts.
        return [_head_of(worths[0][1], min(1.0, surest / (2 * ENOUGH)))]
    likely = worths + [(0.0, face) for face in _squares(box, area)]
    face = max(likely, key=lambda pair: FACE_WEIGHT * pair[0] + _headness(pair[1], seen.heads, alpha))[1]
    return [_head_of(face, min(1.0, surest / (2 * ENOUGH)))]


def _head_of(face: face_detection.Face, score: float) -> AnimalHead:
    return AnimalHead(face.centre, face.side, _level(face.angle), score)


def _mesh_evidence(look: types.Image, face: face_detection.Face) -> float:
    return MESH_WEIGHT * min(1.0, face_detection.fit_mesh(look, face).presence / MESH_PRESENCE)


def _find_atop_figure(
    look: types.Image, alpha: types.Alpha, worths: Sequence[tuple[float, face_detection.Face]]
) -> AnimalHead | None:
    """Return the head at the top of a figure in the subject, by a face that belongs there in proportion."""
    if worths[0][0] < FIGURE_FACE:
        return None
    for figure in pose_detection.detect(look):
        left, top, right, bottom = figure.box
        if not figure.firm or figure.measure_fill(alpha) < FIGURE_FILLED:
            continue
        height = bottom - top
        fitting = [
            (worth - abs(math.log(face.side / (FIGURE_HEAD * height))), face)
            for worth, face in worths
            if left < face.centre[0] < right
            and top - face.side / 2 < face.centre[1] < top + FIGURE_TOP * height
        ]
        if fitting:
            face = max(fitting, key=lambda pair: pair[0])[1]
            # Of a head in profile, or a drawn one, often no more was seen than its hair: it is made as
            # large as the figure's is, with its crown no higher than the figure.
            half = max(face.side, FIGURE_HEAD * height) / 2
            x, y = face.centre
            guess = AnimalHead((x, max(y, top + SKULL * half)), 2 * half, _level(face.angle), 0.5)
            return place_under_crown(alpha, top, guess)
    return None


def place_under_crown(alpha: types.Alpha, top: float, guess: AnimalHead) -> AnimalHead:
    """Return a head placed and sized by its skull, the largest disc that a figure has at its top.

    A silhouette shows where a head is that was only guessed from its hair. As guessed where there is no
    such disc, since something else is at the top: a raised hand, a hat's brim.
    """
    height, width = alpha.shape
    radius = SKULL / 2 * guess.unit
    left, right = max(0, int(guess.face[0] - 3 * radius)), min(width, int(guess.face[0] + 3 * radius))
    upper, lower = max(0, int(top) - 2), min(height, int(top + 4 * radius))
    depth = ndimage.distance_transform_edt(alpha[upper:lower, left:right] > 0.5)
    rows, columns = np.mgrid[upper:lower, left:right]
    crowned = (rows - depth <= top + CROWNED * depth) & (np.abs(columns - guess.face[0]) <= radius)
    depth = np.where(crowned, depth, 0)
    if not depth.size or not SKULL_SIZES[0] * radius <= depth.max() <= SKULL_SIZES[1] * radius:
        return guess
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    place = float(columns[row, column]), float(rows[row, column])
    return replace(guess, face=place, unit=2 / SKULL * float(depth.max()), skull=True)


def _squares(box: tuple[int, int, int, int], area: float) -> list[face_detection.Face]:
    """Return places in a subject where a face may be that the detectors do not see, level ones."""
    left, top, right, bottom = box
    level = np.array([[0, 0], [1, 0], [0, 0], [0, 0], [0, 0], [0, 0]], np.float32)
    squares = []
    for share in HIDDEN_SHARES:
        side = share * area
        for x, y, _ in face_detection.tiles(right - left, bottom - top, side, HIDDEN_STEP):
            edges = (left + x, top + y, left + x + side, top + y + side)
            squares.append(face_detection.Face(edges, level, 0.0, 0))
    return squares


def _headness(face: face_detection.Face, heads: NDArray[np.float32], alpha: types.Alpha) -> float:
    """Return how well a face explains where the subject looks like a head: 0 not at all, 3 wholly.

    By how much more like one it is than the rest of the subject, and how much of what is like one
    it holds: an eye alone leaves the rest of its face over, a rump leaves all.
    """
    share = animacy.measure_cells(alpha)
    distance = _distance(face, alpha.shape, heads.shape)
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


def find_surest_face(look: types.Image, alpha: types.Alpha) -> tuple[float, face_detection.Face] | None:
    """Return the face in a subject that most speaks for, and how much does; None without any."""
    box = _bounds(alpha)
    if box is None:
        return None
    found = [
        (weigh_evidence(face, alpha, box), face) for face in face_detection.detect(look, _windows(box), FLOOR)
    ]
    return max(found, key=lambda pair: pair[0], default=None)


def split_cells(
    face: face_detection.Face, shape: tuple[int, ...], cells: tuple[int, ...]
) -> tuple[types.Mask, types.Mask]:
    """Return which cells of a picture of that shape are in the face, and which are well outside it."""
    distance = _distance(face, shape, cells)
    return distance < FACE_CELLS, distance > OTHER_CELLS


def weigh_evidence(face: face_detection.Face, alpha: types.Alpha, box: tuple[int, int, int, int]) -> float:
    """Return how much speaks for a face in a subject: 0 nothing, 3 much, 5 all.

    A real face answers at many looks and lies wholly in the subject, in its upper part.
    """
    cover = _mean(alpha, face.box)
    height = max(1, box[3] - box[1])
    low = max(0.0, (face.centre[1] - box[1]) / height - UPPER)
    return face.score * math.log1p(face.hits) * ((1 - COVERED) + COVERED * cover) * (1 - LOW_COST * low)


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


def choose_pixels(rgb: types.Image, matte: types.Alpha, head: AnimalHead) -> types.Alpha:
    """Return (H, W) float32 in 0..1: how far each pixel belongs to the head, matte not yet applied.

    What is near the face is surely head, what is far is surely not, and between them the random walk
    looks for the line: along the picture's edges, and where the neck is narrow.
    rgb: a picture cut to about head.square, at about shape.WORK_UNIT.
    """
    height, width = matte.shape
    frame = human_head.HumanHead(head.face, head.unit, head.angle, np.empty((0, 2), np.float32))
    right, down = frame.axes(height, width)
    trust = (TRUST * matte).astype(np.float32)
    if head.skull:
        distance = np.hypot(right, down) / (SKULL / 2)
        core = distance < 1
        # Face and hair of a drawing are flat colours. A profile stands out of the disc: there the edges
        # are more to go by than the distance.
        trust /= SKULL_TRUST
    else:
        along = np.where(down < 0, down / UP, down / DOWN)
        distance = (np.abs(right / ACROSS) ** CORNERS + np.abs(along) ** CORNERS) ** (1 / CORNERS)
        core = distance < SURE
    prior = np.clip((PRIOR - distance) / PRIOR_SPAN, 0, 1).astype(np.float32)
    core &= matte > 0.5
    prior[core], trust[core] = 1.0, SURE_TRUST
    away = distance > FAR
    prior[away], trust[away] = 0.0, SURE_TRUST
    result = random_walker.solve(colour_mixtures.to_lab(rgb), prior, trust, matte)
    return human_head.tidy(result, matte, core, head.unit)


def _windows(box: tuple[int, int, int, int]) -> list[face_detection.Window]:
    left, top, right, bottom = box
    side = max(right - left, bottom - top)
    windows: list[face_detection.Window] = []
    for share in SHARES:
        look = share * side
        if look < face_detection.SMALLEST_WINDOW / 2 and windows:
            break
        for x, y, _ in face_detection.tiles(right - left, bottom - top, look, STEP):
            windows.append((left + x, top + y, look))
    return windows


def _bounds(alpha: types.Alpha) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of the subject, a hundredth on each side left out as crumbs."""
    rows, columns = np.nonzero(alpha > 0.5)
    if len(rows) < 16:
        return None
    left, right = np.percentile(columns, [1, 99])
    top, bottom = np.percentile(rows, [1, 99])
    return int(left), int(top), int(right) + 1, int(bottom) + 1


def _mean(alpha: types.Alpha, box: Sequence[float]) -> float:
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    part = alpha[top:bottom, left:right]
    return float(part.mean()) if part.size else 0.0


def _level(angle: float) -> float:
    """Return the tilt to believe: weak answers put eyes anywhere, so no more than half of a slight one."""
    return angle / BELIEVED_TILT if abs(angle) < SLIGHT_TILT else 0.0
