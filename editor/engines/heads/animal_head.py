"""Detection and shape of heads that are not a person's: pets, wild animals, dolls, drawn creatures.

Where the subject is a living thing, as far as networks/animacy.py can tell, head_map.py says what of it is
its head. BlazeFace, which was trained on people, answers weakly to any other face of two eyes, a doll's and
a drawn one's: weak answers are believed where many looks agree, and where they lie in the picture's subject.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import colour_mixtures, random_walker
from editor.engines.networks import animacy, face_detection, pose_detection

from . import head_map, human_head, piece
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

ALIVE, BEAST = 0.0, 0.3
"""The head of a subject more alive is sought by what its parts are like. One not much more may be a drawn
figure, and is looked at as such where that shows no head."""

MESH_WEIGHT, MESH_PRESENCE = 1.2, 0.2
"""A mesh that fits a little speaks for a face: on drawn ones it does, on patterns hardly ever."""

FIGURE_LIVING = -0.5
"""A figure less alive is a garment without wearer: a shirt measured -0.6, drawn people about 0."""
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
they were set is not recorded."""

REACH = 1.7
"""Half the side of the square that holds a head and its ears, in widths of its face."""

# How much speaks for a face in a subject. On how many photos these were set is not recorded.
COVERED = 0.5
"""The share of a face's evidence that hangs on how much of it lies in the subject."""
UPPER, LOW_COST = 0.35, 0.45
"""A face's middle above the one share of the subject's height costs nothing; below it, evidence goes by the
other for each height."""

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


def find_heads(look: types.Image, alpha: types.Alpha) -> Sequence[AnimalHead | head_map.MappedHead]:
    """Return the heads in a picture's subject; empty where nothing is surely one.

    alpha: (H, W), the subject. Raises WeightsMissing.
    """
    box = _bounds(alpha)
    if box is None:
        return []
    seen = animacy.measure(look, alpha)
    if seen is not None and seen.living >= ALIVE:
        good = head_map.keep_good(head_map.find(look, alpha) or [])
        if good or seen.living >= BEAST:
            return good
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
    # Drawings measure as things: a face that is as plain as this needs no life.
    enough = ENOUGH_BY_FACE if seen is None else min(ENOUGH - LIFE_WEIGHT * seen.living, ENOUGH_ANYWAY)
    if surest < enough or (seen is not None and seen.living >= ALIVE):
        lifeless = seen is not None and seen.living < FIGURE_LIVING
        head = None if lifeless else _find_atop_figure(look, alpha, worths)
        # Shirts without a wearer have a figure, and no skull.
        return [head] if head is not None and head.skull else []
    # What is sure by its face alone is where the face is: dolls, statues and drawings have no snouts.
    return [_head_of(worths[0][1], min(1.0, surest / (2 * ENOUGH)))]


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


def weigh_evidence(face: face_detection.Face, alpha: types.Alpha, box: tuple[int, int, int, int]) -> float:
    """Return how much speaks for a face in a subject: 0 nothing, 3 much, 5 all.

    A real face answers at many looks and lies wholly in the subject, in its upper part.
    """
    cover = _mean(alpha, face.box)
    height = max(1, box[3] - box[1])
    low = max(0.0, (face.centre[1] - box[1]) / height - UPPER)
    return face.score * math.log1p(face.hits) * ((1 - COVERED) + COVERED * cover) * (1 - LOW_COST * low)


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
    return piece.tidy(result, matte, core, head.unit)


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
