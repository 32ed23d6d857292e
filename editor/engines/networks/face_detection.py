"""Detection of faces by BlazeFace on many looks at a picture, each then measured by a mesh of 468 points.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019;
Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019.
Both answer to animals, drawings and statues as well: whose face it is, heads/detection.py judges.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types

from . import tflite, weights

Points = NDArray[np.float32]

Window = tuple[float, float, float]
"""left, top and side of a square look, in pixels of the picture; it may stick out."""

FLOOR = 0.35
"""Detections of a lower score are not looked at: below it, patterns of any kind answer."""

SMALLEST_WINDOW = 112
"""Side in pixels of the smallest look: below it, pixels are only made up."""

MESH_ROOM = 1.5
RIGHT_EYE, LEFT_EYE, NOSE, MOUTH, RIGHT_EAR, LEFT_EAR = range(6)
OUTER_EYES = (33, 263)

# The mesh's points along the face's outline, clockwise from the top of the forehead.
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip


@dataclass(frozen=True)
class Face:
    """A face as the detectors saw it, in pixels of the picture.

    box: left, top, right, bottom. points: (6, 2), the eyes, nose, mouth and ears (the owner's right
    ones first). score: 0..1, of the best look. hits: looks that agreed. turn: quarter turns, counter-
    clockwise, of the picture in which it was found.
    """

    box: tuple[float, float, float, float]
    points: Points
    score: float
    hits: int
    turn: int = 0

    @property
    def side(self) -> float:
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])

    @property
    def centre(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def angle(self) -> float:
        """Radians by which the line from the owner's right eye to the left one is turned, 0 = level."""
        across = self.points[LEFT_EYE] - self.points[RIGHT_EYE]
        return float(np.arctan2(across[1], across[0]))


@dataclass(frozen=True)
class Mesh:
    """points: (468, 3) float32, x and y in pixels of the picture, z (towards the camera negative) alike.

    presence: 0..1, the chance that there is a face under it.
    """

    points: Points
    presence: float


def detect(rgb: types.Image, windows: Sequence[Window] | None = None, floor: float = FLOOR) -> list[Face]:
    """Return the faces in a picture, best first, looked at through windows (by default `looks`)."""
    picture = Image.fromarray(rgb)
    if windows is None:
        windows = looks(picture.width, picture.height)
    boxes, points, scores = (
        [np.empty((0, 4), np.float32)],
        [np.empty((0, 6, 2), np.float32)],
        [np.empty(0, np.float32)],
    )
    for left, top, side in windows:
        area = (round(left), round(top), round(left + side), round(top + side))
        look = picture.crop(area)
        for network, anchors in ((weights.FACES_NEAR, _near_anchors()), (weights.FACES_FAR, _far_anchors())):
            raw, score = _decode(network, anchors, look, floor)
            scale = np.float32(area[2] - area[0])
            offset = np.array(area[:2], np.float32)
            places = raw.reshape(-1, 8, 2)
            centre, size = places[:, 0] * scale + offset, places[:, 1] * scale
            boxes.append(np.concatenate([centre - size / 2, centre + size / 2], axis=1))
            points.append(places[:, 2:] * scale + offset)
            scores.append(score)
    return merge(np.concatenate(boxes), np.concatenate(points), np.concatenate(scores))


def detect_turned(rgb: types.Image, turn: int) -> list[Face]:
    """Return the faces in a picture turned by quarters counter-clockwise, as they lie in it unturned."""
    turn %= 4
    height, width = rgb.shape[:2]
    faces = detect(np.ascontiguousarray(np.rot90(rgb, turn)))
    return [_turn_back(face, turn, width, height) for face in faces]


def _turn_back(face: Face, turn: int, width: int, height: int) -> Face:
    """Return a face found in a picture of width x height that was turned by quarters, turned back."""
    if turn == 0:
        return face
    back = {
        1: lambda at: np.stack([width - at[:, 1], at[:, 0]], axis=1),
        2: lambda at: np.stack([width - at[:, 0], height - at[:, 1]], axis=1),
        3: lambda at: np.stack([at[:, 1], height - at[:, 0]], axis=1),
    }[turn]
    corners = back(np.array(face.box, np.float32).reshape(2, 2))
    left, top, right, bottom = (float(edge) for edge in (*corners.min(axis=0), *corners.max(axis=0)))
    return replace(face, box=(left, top, right, bottom), points=back(face.points), turn=turn)


def looks(width: int, height: int) -> list[Window]:
    """Return the windows for a whole picture: all of it, squares of the short side and half, and from afar.

    Faces that fill less than a tenth of a window are missed by the detectors, and so are faces that
    exceed one, hence the squares and the look from afar.
    """
    long, short = max(width, height), min(width, height)
    windows = [_centre_window(width, height, long)]
    for share in (1.0, 0.5):
        side = max(short * share, SMALLEST_WINDOW)
        if side < long:
            windows += tiles(width, height, side, 2 / 3)
    windows.append(_centre_window(width, height, 1.6 * long))
    return windows


def tiles(width: float, height: float, side: float, step: float) -> list[Window]:
    """Return squares that cover width x height, at most `step` of their side apart."""
    return [(left, top, side) for top in _starts(height, side, step) for left in _starts(width, side, step)]


def _starts(length: float, side: float, step: float) -> list[float]:
    if side >= length:
        return [(length - side) / 2]
    count = int(np.ceil((length - side) / (side * step))) + 1
    return [float(start) for start in np.linspace(0, length - side, count)]


def _centre_window(width: int, height: int, side: float) -> Window:
    return (width - side) / 2, (height - side) / 2, side


def merge(boxes: Points, points: Points, scores: NDArray[np.float32]) -> list[Face]:
    """Return one face per group of boxes that overlap, at their mean weighed by score.

    Overlap: intersection over union above 0.3, or over the smaller box above 0.6.
    """
    order = np.argsort(-scores, kind="stable")
    faces = []
    while len(order):
        best, rest = order[0], order
        low = np.maximum(boxes[best, :2], boxes[rest, :2])
        high = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        common = np.prod(np.maximum(high - low, 0), axis=1)
        areas = np.prod(boxes[rest, 2:] - boxes[rest, :2], axis=1)
        own = float(np.prod(boxes[best, 2:] - boxes[best, :2]))
        union = common / (areas + own - common)
        same = (union > 0.3) | (common > 0.6 * np.minimum(areas, own))
        same[0] = True
        group = rest[same]
        # Boxes that are merely inside another say little about where its edges are.
        alike = rest[same & ((union > 0.5) | (rest == best))]
        weight = scores[alike] / scores[alike].sum()
        left, top, right, bottom = (float(edge) for edge in weight @ boxes[alike])
        place = np.tensordot(weight, points[alike], 1).astype(np.float32)
        faces.append(Face((left, top, right, bottom), place, float(scores[best]), len(group)))
        order = rest[~same]
    return faces


def fit_mesh(rgb: types.Image, face: Face) -> Mesh:
    """Return the mesh of a face: from the detector's box, and again from that first mesh's own bounds."""
    picture = Image.fromarray(rgb)
    first = _fit_mesh_once(picture, face.centre, MESH_ROOM * face.side, face.angle)
    flat = first.points[:, :2]
    across = flat[OUTER_EYES[1]] - flat[OUTER_EYES[0]]
    angle = float(np.arctan2(across[1], across[0]))
    frame = axes(angle)
    inside = flat @ frame.T
    low, high = inside.min(axis=0), inside.max(axis=0)
    centre = (low + high) / 2 @ frame
    side = float((high - low).max())
    if not 0.25 * face.side < side < 4 * face.side:
        # It has slid off: what it would find from there is another thing.
        return first
    return _fit_mesh_once(picture, (float(centre[0]), float(centre[1])), MESH_ROOM * side, angle)


def _fit_mesh_once(picture: Image.Image, centre: tuple[float, float], side: float, angle: float) -> Mesh:
    network = tflite.open_network(weights.FACE_MESH)
    frame = axes(angle)
    corner = np.array(centre) - (frame[0] + frame[1]) * side / 2
    step = frame * (side / network.side)
    square = sample_square(picture, corner, step, network.side)
    raw, presence = network.run(square)
    local = raw.reshape(468, 3)
    points = np.empty((468, 3), np.float32)
    points[:, :2] = local[:, :2] @ step + corner
    points[:, 2] = local[:, 2] * (side / network.side)
    return Mesh(points, float(tflite.sigmoid(presence.reshape(1))[0]))


def sample_square(
    picture: Image.Image, corner: NDArray[np.float64], step: NDArray[np.float64], side: int
) -> types.Image:
    """Return side x side pixels from `corner`, step[0] right and step[1] down; black outside the picture."""
    pace = float(np.hypot(*step[0]))
    reduction = max(1, int(pace))
    if reduction > 1:
        reach = pace * side * 1.5
        middle = corner + (step[0] + step[1]) * side / 2
        left, top = (max(0, int(value - reach)) for value in middle)
        right, bottom = (int(value + reach) for value in middle)
        box = (left, top, min(picture.width, right), min(picture.height, bottom))
        if box[2] <= box[0] or box[3] <= box[1]:
            return np.zeros((side, side, 3), np.uint8)
        picture = picture.crop(box).reduce(reduction)
        corner = (corner - (left, top)) / reduction
        step = step / reduction
    (ax, ay), (bx, by) = step
    affine = (ax, bx, corner[0], ay, by, corner[1])
    return np.asarray(
        picture.transform((side, side), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
    )


def axes(angle: float) -> NDArray[np.float64]:
    """Return the unit vectors, as rows, of right and down in a frame turned by an angle."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]])


def _decode(
    network: weights.Network, anchors: Points, look: Image.Image, floor: float
) -> tuple[Points, NDArray[np.float32]]:
    """Return (N, 16) places as shares of the look, and their (N,) scores."""
    model = tflite.open_network(network)
    square = np.asarray(look.resize((model.side, model.side), Image.Resampling.BILINEAR))
    raw, logits = model.run(square)
    scores = tflite.sigmoid(logits[0, :, 0])
    kept = scores >= floor
    places = raw[0][kept] / np.float32(model.side)
    # The first pair of each row is the centre, the second the size, the rest points.
    shift = np.tile(anchors[kept], (1, 8))
    shift[:, 2:4] = 0
    return places + shift, scores[kept]


@functools.cache
def _near_anchors() -> Points:
    return np.concatenate([grid(16, 2), grid(8, 6)])


@functools.cache
def _far_anchors() -> Points:
    return grid(48, 1)


def grid(cells: int, times: int) -> Points:
    """Return the centres of cells x cells squares as shares of a side, (N, 2), each `times` over."""
    at = (np.arange(cells, dtype=np.float32) + 0.5) / cells
    grid = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    return np.repeat(grid, times, axis=0)
