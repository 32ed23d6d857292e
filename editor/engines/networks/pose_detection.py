"""Detection of people by their poses: where they are, front and back, and their coarse outlines.

Bazarevsky et al., "BlazePose: On-device Real-time Body Pose tracking", 2020. The outlines show people
alone, not what they hold. Neither network is to be believed by itself: they see people in bottle caps.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types

from . import face_detection, tflite, weights

FLOOR = 0.5
PRESENT = 0.7
ROOM = 1.25
FIRM = 0.6


@dataclass(frozen=True)
class Person:
    """outline: (H, W) float32 in 0..1 of the look. presence: 0..1. box: the outline's, in its pixels."""

    outline: types.Alpha
    presence: float
    box: tuple[int, int, int, int]

    @property
    def firm(self) -> bool:
        """Whether the outline is one: the network draws things that are nobody in mist."""
        inside = int((self.outline > 0.5).sum())
        return bool(((self.outline > 0.1) & (self.outline < 0.9)).sum() <= FIRM * inside)

    def measure_fill(self, alpha: types.Alpha) -> float:
        """Return the share of the outline that is subject; alpha of its shape."""
        return float(alpha[self.outline > 0.5].mean())


def detect(look: types.Image, closer: Sequence[face_detection.Window] = ()) -> list[Person]:
    """Return the people in a picture of at most some 1000 pixels a side; closer: further looks."""
    return detect_in(look, [*list_windows(look.shape[1], look.shape[0]), *closer])


def list_windows(width: int, height: int) -> list[face_detection.Window]:
    """Return the looks at a whole picture: all of it, and squares of its short side and less."""
    long, short = float(max(width, height)), float(min(width, height))
    windows = [((width - long) / 2, (height - long) / 2, long)]
    for side in (short, 0.6 * short):
        if face_detection.SMALLEST_WINDOW <= side < 0.8 * long:
            windows += face_detection.tiles(width, height, side, 2 / 3)
    return windows


def detect_in(look: types.Image, windows: Sequence[face_detection.Window]) -> list[Person]:
    """Return the people who are seen through these windows of such a picture."""
    picture = Image.fromarray(look)
    places = [place for window in windows for place in _detect_in_window(picture, window)]
    places.sort(key=lambda place: -place[0])
    persons: list[Person] = []
    taken: list[tuple[float, float, float]] = []
    for _, hip, reach in places:
        side = 2 * ROOM * float(np.hypot(*(reach - hip)))
        x, y = float(hip[0]), float(hip[1])
        if any(np.hypot(x - a, y - b) < 0.15 * c and 0.6 < side / c < 1.6 for a, b, c in taken):
            continue
        taken.append((x, y, side))
        person = _outline(picture, hip, reach, side)
        if person.presence >= PRESENT:
            persons.append(person)
    return persons


def _detect_in_window(
    picture: Image.Image, window: face_detection.Window
) -> list[tuple[float, NDArray[np.float64], NDArray[np.float64]]]:
    """Return (score, hip, reach) of the people in a window: reach lies on the circle around all of them."""
    network = tflite.open_network(weights.POSE_DETECTION)
    left, top, side = window
    look = picture.crop((round(left), round(top), round(left + side), round(top + side)))
    square = np.asarray(look.resize((network.side, network.side), Image.Resampling.BILINEAR))
    raw, logits = network.run(square)
    scores = tflite.sigmoid(logits[0, :, 0])
    found = []
    for place in np.flatnonzero(scores >= FLOOR):
        points = raw[0, place].reshape(6, 2) / network.side + _anchors()[place]
        hip, reach = (np.array((left, top)) + points[at] * side for at in (2, 3))
        found.append((float(scores[place]), hip, reach))
    return found


def _outline(
    picture: Image.Image, hip: NDArray[np.float64], reach: NDArray[np.float64], side: float
) -> Person:
    network = tflite.open_network(weights.POSE_LANDMARKS)
    across, along = reach - hip
    # Upright, the reach is straight above the hip.
    turned = float(np.pi / 2 - np.arctan2(-along, across))
    axes = face_detection.axes(turned)
    corner = hip - (axes[0] + axes[1]) * side / 2
    square = face_detection.sample_square(picture, corner, axes * (side / network.side), network.side)
    outputs = network.run(square)
    mask = next(output for output in outputs if output.shape[1:3] == (network.side, network.side))
    presence = next(output for output in outputs if output.size == 1)
    share = tflite.sigmoid(mask[0, :, :, 0])
    # Back into the look: where in the square does each of its pixels lie?
    inverse = axes * (network.side / side)
    shift = -inverse @ corner
    affine = (*inverse[0], shift[0], *inverse[1], shift[1])
    outline = np.asarray(
        Image.fromarray(share).transform(
            picture.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR
        )
    )
    rows, columns = np.nonzero(outline > 0.5)
    box = (0, 0, 0, 0)
    if len(rows):
        box = int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
    return Person(outline, float(presence.reshape(-1)[0]) if len(rows) else 0.0, box)


@functools.cache
def _anchors() -> NDArray[np.float32]:
    """Return the detector's (2254, 2) cell centres: two to a cell at strides 8 and 16, six at 32."""
    return np.concatenate([face_detection.grid(28, 2), face_detection.grid(14, 2), face_detection.grid(7, 6)])
