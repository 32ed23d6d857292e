"""Detection of heads: where they are in a picture, whose kind they are, and how sure that is.

What the page rings and what the tool cuts are this same list, in this same order, so that an index
into it means one head. A lamp has a head's shape and a tyre a face's pattern: nothing is listed
that only one of the detectors believes in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image

from editor.engines import types
from editor.engines.io import pictures
from editor.engines.io.formats import fit_size
from editor.engines.matting import alpha_matte
from editor.engines.networks import face_detection

from . import animal_head, head_map, human_head
from .shape import HeadShape

Kind = Literal["human", "animal"]
"""A human face, photographed, drawn or carved; or a face of any other kind, an animal's mostly."""

LOOK_SIDE = 1280
"""Longest side in pixels at which faces are looked for: they are found down to 20 pixels."""

# A face is one where detector and mesh are both this sure. Set on 370 photos of things, animals and
# people: nothing that has no face passes both.
SURE_SCORE, SURE_PRESENCE = 0.8, 0.5
# Small faces are never scored high; the mesh, which looks closer, has to make up for it. On how many
# photos these were set is not recorded.
SMALL_SIDE, SMALL_SCORE, SMALL_PRESENCE, SMALL_HITS = 45.0, 0.7, 0.9, 3

CLOSE = 3.5
"""The side of the closer looks at a crowd, in heights of its faces."""

MOST_CLOSE = 90
"""With more such looks than this, 0.3 s, the faces are too small to be worth them."""

TURNS = (1, 3, 2)
"""Quarter turns in which a picture is looked at where it shows no face upright."""


@dataclass(frozen=True)
class Head:
    """A head in pixels of the picture.

    centre, radii (across, along) and angle (radians, clockwise): the ellipse around it, hair not
    counted. score: 0..1. shape: what it is cut out by; None of one that is only a place.
    """

    kind: Kind
    centre: tuple[float, float]
    radii: tuple[float, float]
    angle: float
    score: float
    shape: HeadShape | None = None

    @property
    def size(self) -> float:
        return self.radii[0] * self.radii[1]

    def holds(self, x: float, y: float, room: float = 1.15) -> bool:
        """Say whether a point lies in the ellipse, `room` times as large."""
        right, down = x - self.centre[0], y - self.centre[1]
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        across = (right * cosine + down * sine) / (self.radii[0] * room)
        along = (down * cosine - right * sine) / (self.radii[1] * room)
        return across * across + along * along <= 1

    def describe(self, index: int) -> dict[str, Any]:
        """Return what the page needs to ring it: pixels of the picture, degrees clockwise."""
        return {
            "index": index,
            "kind": self.kind,
            "x": round(self.centre[0], 1),
            "y": round(self.centre[1], 1),
            "rx": round(self.radii[0], 1),
            "ry": round(self.radii[1], 1),
            "angle": round(math.degrees(self.angle), 1),
            "score": round(self.score, 3),
        }


def find_heads(picture: pictures.Picture, whole: types.Alpha | None = None) -> list[Head]:
    """Return the heads in a picture, the largest first; empty where there is none.

    whole: the picture's matte where it is known already; animals need one, people do not.
    Raises WeightsMissing.
    """
    rgb = alpha_matte.show_transparency(picture)
    size = fit_size(picture.width, picture.height, LOOK_SIDE)
    look = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
    scale = picture.width / size[0]
    heads = find_human_heads(look, scale)
    if not heads:
        if whole is None:
            whole = alpha_matte.estimate(picture)
        if whole is not None:
            heads = [_animal_head(one, scale) for one in animal_head.find_heads(look, _resize(whole, size))]
    return sorted(heads, key=lambda head: -head.size)


def find_human_heads(look: types.Image, scale: float = 1.0) -> list[Head]:
    """Return the heads with human faces in a picture that is `scale` times smaller than the photo.

    Looked at upright, and only where that shows nobody, turned by quarters: somebody lying down.
    """
    heads = _fit_meshes(look, face_detection.detect(look), scale)
    if heads:
        heads = _fit_meshes(look, face_detection.detect(look, _crowd(look, heads, scale)), scale, heads)
    for turn in TURNS:
        if heads:
            break
        heads = _fit_meshes(look, face_detection.detect_turned(look, turn), scale)
    return heads


def describe_heads(heads: Sequence[Head], picture: pictures.Picture) -> dict[str, Any]:
    """Return the list for the page, as JSON holds it."""
    return {
        "width": picture.width,
        "height": picture.height,
        "heads": [head.describe(index) for index, head in enumerate(heads)],
    }


def _crowd(look: types.Image, heads: Sequence[Head], scale: float) -> list[face_detection.Window]:
    """Return closer looks where the faces found are small: where there are some, there are more."""
    height, width = look.shape[:2]
    face = float(np.median([head.radii[1] for head in heads])) / scale / 0.78
    side = max(CLOSE * face, float(face_detection.SMALLEST_WINDOW))
    if side > 0.45 * min(width, height):
        # The looks at the whole picture were as close.
        return []
    windows = face_detection.tiles(width, height, side, 2 / 3)
    return windows if len(windows) <= MOST_CLOSE else []


def _fit_meshes(
    look: types.Image,
    candidates: Sequence[face_detection.Face],
    scale: float,
    before: Sequence[Head] = (),
) -> list[Head]:
    """Return the heads found before and those of the candidates that are no other's and convince."""
    heads = list(before)
    for face in candidates:
        if face.score < SMALL_SCORE:
            continue
        mesh = face_detection.fit_mesh(look, face)
        if not _is_convincing(face, mesh):
            continue
        head = _human_head(human_head.measure_head(mesh).to_crop(0, 0, scale), face.score * mesh.presence)
        # The mesh pulls two detections of one face onto the same place.
        if not any(other.holds(*head.centre, room=0.6) for other in heads):
            heads.append(head)
    return heads


def _is_convincing(face: face_detection.Face, mesh: face_detection.Mesh) -> bool:
    if face.score >= SURE_SCORE and mesh.presence >= SURE_PRESENCE:
        return True
    return face.side < SMALL_SIDE and mesh.presence >= SMALL_PRESENCE and face.hits >= SMALL_HITS


def _human_head(frame: human_head.HumanHead, score: float) -> Head:
    """Return the head of a frame: its ellipse from the crown to the chin, ears included."""
    unit = frame.unit
    lift = 0.06 * unit
    x = frame.centre[0] + lift * math.sin(frame.angle)
    y = frame.centre[1] - lift * math.cos(frame.angle)
    return Head("human", (x, y), (0.60 * unit, 0.78 * unit), frame.angle, score, frame)


def _animal_head(beast: animal_head.AnimalHead | head_map.MappedHead, scale: float) -> Head:
    moved = beast.to_crop(0, 0, scale)
    return Head("animal", moved.centre, moved.radii, moved.angle, moved.score, moved)


def _resize(alpha: types.Alpha, size: tuple[int, int]) -> types.Alpha:
    return np.asarray(Image.fromarray(alpha).resize(size, Image.Resampling.BOX))
