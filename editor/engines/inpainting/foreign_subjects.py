"""Subjects of the picture that must not be copied into a hole: what stands apart from it, and people.

What is erased stood before something, and that something is no other subject: a second product beside it, a
fish further on, the neighbour whose sleeve the mask touches. But a logo lies in its shirt and a dog sits on
its bench, so that a subject around the hole, or one that goes on beyond it, is left to be copied. Found once
for a picture in a small matte; what is barred here is a matter of cells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial

from editor.engines import types

Window = tuple[slice, slice]
Box = tuple[float, float, float, float]

LEAST_CHANCE = 0.4
"""Of a cell of the matte that is subject."""
THIN = 2
"""Cells to either side of its middle that a subject has somewhere."""
NEAR = 4
"""Cells around the hole that are its border."""
AROUND, SIDES_AROUND = 0.5, 3
"""A subject with so much of the border on so many of its four sides has the hole in it."""
GONE = 0.6
"""The share of a subject that is marked from which on the rest is a leftover of what is to go."""
FEW = 0.003
"""A subject that touches the hole with less of the matte is a leftover, too."""
FACE_ROOM = (0.5, 0.9, 0.5, 0.4)
"""By how much more than its box a face is barred: left, up, right, down, in its sides."""
SURE_MATTE, FACE_RIM = 0.6, 3
"""Mean chance of a face from which on a person's outline is known; and cells around it that may be hair."""
GLANCE_SIDE, GLANCE_RING = 96, 5
"""Pixels of the longer side at which it is asked whether anything is strange, and of the border there."""
STRANGE, LEAST_STRANGE = 36.0, 0.01
"""Grey levels, of three channels together, from everything at the border; and how much of that is enough."""
INTRUDES = 0.12
"""The share of the hole, or of a subject, that lies in the subject's convex hull, from which on the hole is
part of its place: a dog on a bench, a cup's foot on a board."""
MIXED, LEAST_MIXED = 90.0, 0.08
"""Grey levels from what is common at the border, how much of it is so where something touches the hole."""
SLENDER = 12.0
"""Cells: what touches the hole and is no thicker is a line of the ground."""
LONG, THICKER = 1.5, 1.4
"""How many times longer than its end a beam is at least, and how many times thicker at most."""
THINNER = 0.2
"""How many times thinner than its thickest part is what is no part of it."""
LEAST_MEAN = 0.6
"""Of a subject's cells: what the network is less sure of is its doubt about the whole picture."""
LEAST_LEFT = 0.2
"""Share of the window, hole aside, that has to stay for copying: else only faces are barred."""


@dataclass(frozen=True)
class Glance:
    """Whether a picture has anything unlike all that is at the holes' border, and whether that is mixed.

    Where neither is so nobody need look for subjects. Mixed is a border that something touches, or lines.
    """

    strange: bool
    mixed: bool


def glance(rgb: types.Image, mask: types.Mask) -> Glance:
    """Return what a glance at a picture says of what is strange in it to the holes' border."""
    step = max(1, max(mask.shape) // GLANCE_SIDE)
    high, wide = (side // step * step for side in mask.shape)
    cells = (high // step, step, wide // step, step)
    small = rgb[:high, :wide].reshape(*cells, 3).mean(axis=(1, 3), dtype=np.float32)
    marked = mask[:high, :wide].reshape(cells).any(axis=(1, 3))
    # The cells next to the hole have its rim in them.
    hole = ndimage.binary_dilation(marked)
    ring = ndimage.binary_dilation(hole, iterations=GLANCE_RING) & ~hole
    others = ~hole & ~ring
    if not ring.any() or not others.any():
        return Glance(strange=True, mixed=True)
    border = small[ring]
    mixed = (np.abs(border - np.median(border, axis=0)).sum(axis=1) > MIXED).mean() > LEAST_MIXED
    distance, _ = spatial.cKDTree(border).query(small[others])
    return Glance(bool((distance > STRANGE).mean() > LEAST_STRANGE), bool(mixed))


@dataclass(frozen=True)
class Foreign:
    """Of a window (H, W): what must not be copied, and what of that stands before the hole's ground."""

    barred: types.Mask
    behind: types.Mask


@dataclass(frozen=True)
class Subjects:
    """A picture's subjects: chances in a small matte (h, w) that is squeezed over it, and how to find faces.

    A face's box is left, top, right, bottom, 0..1 of the picture's width and height. Faces are looked for
    where a subject touches the hole, which lies beside it: it is a person, or it is not.
    """

    matte: NDArray[np.float32]
    find_faces: Callable[[types.Mask], Sequence[Box]]
    """Those in the cells that are given."""

    def find_foreign(self, hole: types.Mask, window: Window, size: tuple[int, int]) -> Foreign:
        """Return what of a window of the picture must not be copied into its hole, both (H, W) of the window.

        size: of the whole picture, height and width.
        """
        rows, columns = (
            (np.arange(part.start, part.stop) * cells // side).astype(np.int64)
            for part, cells, side in zip(window, self.matte.shape, size, strict=True)
        )
        marked = np.zeros(self.matte.shape, np.bool_)
        ys, xs = np.nonzero(hole)
        marked[rows[ys], columns[xs]] = True
        faces, others, beside = (cells[np.ix_(rows, columns)] for cells in self._bar(marked))
        both = faces | others
        if np.count_nonzero(~both & ~hole) < LEAST_LEFT * np.count_nonzero(~hole):
            return Foreign(faces, np.zeros_like(faces))
        return Foreign(both, beside & ~hole)

    def _bar(self, marked: types.Mask) -> tuple[types.Mask, types.Mask, types.Mask]:
        """Return which cells are barred as faces, which as other subjects, which of those touch the hole."""
        border = ndimage.binary_dilation(marked, iterations=NEAR) & ~marked
        # A line on a wall is no subject, however the network sees it.
        solid = ndimage.binary_erosion(self.matte > LEAST_CHANCE, iterations=THIN)
        subject = ndimage.binary_propagation(solid, mask=self.matte > LEAST_CHANCE)
        whole, _ = ndimage.label(subject)
        pieces, count = ndimage.label(subject & ~marked)
        chances = ndimage.mean(self.matte, pieces, np.arange(count + 1))
        touching = set(np.unique(pieces[border]).tolist()) - {0}
        barred, undecided, beside = (np.zeros_like(marked) for _ in range(3))
        beams: list[tuple[types.Mask, float]] = []
        for number in range(1, count + 1):
            piece = pieces == number
            if chances[number] < LEAST_MEAN:
                continue
            if number not in touching:
                barred |= piece
            elif not _lies_in(piece, border, marked):
                own = whole == whole[piece][0]
                if (own & marked).sum() > GONE * own.sum() or piece.sum() < FEW * piece.size:
                    barred |= piece
                elif _intrudes(marked, piece) or _measure_thickness(piece) < SLENDER:
                    undecided |= piece
                elif (end := _measure_end(piece, border)) is not None:
                    beams.append((piece, end))
                else:
                    beside |= _drop_thin(piece)
        for piece, end in beams:
            # What runs in and comes out goes on behind the hole.
            goes_on = any(1 / THICKER < end / other < THICKER for own, other in beams if own is not piece)
            (undecided if goes_on else beside)[piece] = True
        faces = np.zeros_like(marked)
        if undecided.any():
            faces, people = self._mark_faces(undecided, marked, border)
            beside |= ndimage.binary_propagation(people & undecided, mask=undecided)
        # Their soft rims go along.
        barred, beside = (ndimage.binary_dilation(cells) & ~marked for cells in (barred | beside, beside))
        return faces & ~marked, barred, beside

    def _mark_faces(
        self, where: types.Mask, marked: types.Mask, border: types.Mask
    ) -> tuple[types.Mask, types.Mask]:
        """Return the faces that are barred, with room around them, and those faces alone."""
        faces, people = np.zeros_like(marked), np.zeros_like(marked)
        for face in self.find_faces(where):
            box, room = self._cells(face, (0, 0, 0, 0)), self._cells(face, FACE_ROOM)
            # A spot on a cheek takes from the cheek.
            if marked[box].mean() > AROUND or border[room].sum() > AROUND * border.sum():
                continue
            # Where the look tells the person from what is behind, that may be copied.
            known = self.matte[box].mean() > SURE_MATTE
            faces[room] = self._near_subject()[room] if known else True
            people[box] = True
        return faces, people

    def _near_subject(self) -> types.Mask:
        return np.asarray(ndimage.binary_dilation(self.matte > LEAST_CHANCE / 2, iterations=FACE_RIM))

    def _cells(self, box: Box, room: tuple[float, float, float, float]) -> Window:
        """Return the cells of a face's box with so much room around it."""
        high, wide = self.matte.shape
        left, top, right, bottom = box
        across, down = right - left, bottom - top
        edges = (
            left - room[0] * across,
            top - room[1] * down,
            right + room[2] * across,
            bottom + room[3] * down,
        )
        first, above, last, below = (float(np.clip(edge, 0, 1)) for edge in edges)
        return (
            slice(int(above * high), max(int(above * high) + 1, int(np.ceil(below * high)))),
            slice(int(first * wide), max(int(first * wide) + 1, int(np.ceil(last * wide)))),
        )


def _intrudes(marked: types.Mask, piece: types.Mask) -> bool:
    """Whether a hole reaches into the convex hull of a piece of a subject."""
    # Cells' corners, so that no piece is too thin to have a hull.
    corners = np.argwhere(piece)[:, None] + np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    sides = spatial.ConvexHull(corners.reshape(-1, 2)).equations
    places = np.argwhere(marked) + 0.5
    inside = np.count_nonzero((places @ sides[:, :2].T + sides[:, 2] < 0).all(axis=1))
    return bool(inside > INTRUDES * min(len(places), int(np.count_nonzero(piece))))


def _measure_end(piece: types.Mask, border: types.Mask) -> float | None:
    """Return how thick a piece of a subject is at the hole, in cells; None unless it is a beam or a rail."""
    end = max(1.0, np.count_nonzero(piece & border) / NEAR)
    long = np.count_nonzero(piece) > LONG * end**2
    return end if long and _measure_thickness(piece) < THICKER * end else None


def _measure_thickness(piece: types.Mask) -> float:
    return 2 * float(ndimage.distance_transform_edt(piece).max())


def _drop_thin(piece: types.Mask) -> types.Mask:
    """Return a piece of a subject without what is far thinner: a line that leads to it."""
    room = ndimage.distance_transform_edt(piece)
    least = THINNER * float(room.max())
    return np.asarray(piece & (ndimage.distance_transform_edt(room <= least) <= least + 2))


def _lies_in(piece: types.Mask, border: types.Mask, marked: types.Mask) -> bool:
    """Whether a hole lies in a piece of a subject: it has the hole's border on most sides."""
    y, x = ndimage.center_of_mass(marked)
    ys, xs = np.nonzero(border)
    down, right = ys - y, xs - x
    # A long hole has its four sides, too.
    high, wide = max(float(np.ptp(ys)), 1.0), max(float(np.ptp(xs)), 1.0)
    upright = np.abs(down) * wide > np.abs(right) * high
    own = piece[ys, xs]
    sides = [upright & (down < 0), upright & (down >= 0), ~upright & (right < 0), ~upright & (right >= 0)]
    # A side along the picture's edge has no border.
    shares = [float(own[side].mean()) for side in sides if np.count_nonzero(side) > NEAR]
    return sum(share > AROUND for share in shares) >= min(SIDES_AROUND, len(shares))
