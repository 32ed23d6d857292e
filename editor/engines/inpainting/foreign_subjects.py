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
GLANCE_SIDE, GLANCE_RING = 96, 5
"""Pixels of the longer side at which it is asked whether anything is strange, and of the border there."""
STRANGE, LEAST_STRANGE = 36.0, 0.01
"""Grey levels, of three channels together, from everything at the border; and how much of that is enough."""
LEAST_LEFT = 0.2
"""Share of the window, hole aside, that has to stay for copying: else only faces are barred."""


def may_have_foreign(rgb: types.Image, mask: types.Mask) -> bool:
    """Whether a picture has anything that is unlike all that is at the holes' border: else none need look."""
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
        return True
    distance, _ = spatial.cKDTree(small[ring]).query(small[others])
    return bool((distance > STRANGE).mean() > LEAST_STRANGE)


@dataclass(frozen=True)
class Subjects:
    """A picture's subjects: chances in a small matte (h, w) that is squeezed over it, and how to find faces.

    A face's box is left, top, right, bottom, 0..1 of the picture's width and height. Faces are looked for
    where a subject touches the hole, which lies beside it: it is a person, or it is not.
    """

    matte: NDArray[np.float32]
    find_faces: Callable[[types.Mask], Sequence[Box]]
    """Those in the cells that are given."""

    def find_foreign(self, hole: types.Mask, window: Window, size: tuple[int, int]) -> types.Mask:
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
        faces, others = self._bar(marked)
        faces, others = (cells[np.ix_(rows, columns)] for cells in (faces, others))
        both = faces | others
        if np.count_nonzero(~both & ~hole) < LEAST_LEFT * np.count_nonzero(~hole):
            return faces
        return both

    def _bar(self, marked: types.Mask) -> tuple[types.Mask, types.Mask]:
        """Return which cells are barred as faces, and which as other subjects."""
        border = ndimage.binary_dilation(marked, iterations=NEAR) & ~marked
        # A line on a wall is no subject, however the network sees it.
        solid = ndimage.binary_erosion(self.matte > LEAST_CHANCE, iterations=THIN)
        subject = ndimage.binary_propagation(solid, mask=self.matte > LEAST_CHANCE)
        whole, _ = ndimage.label(subject)
        pieces, count = ndimage.label(subject & ~marked)
        touching = set(np.unique(pieces[border]).tolist()) - {0}
        barred, undecided = np.zeros_like(marked), np.zeros_like(marked)
        for number in range(1, count + 1):
            piece = pieces == number
            if number not in touching:
                barred |= piece
            elif not _lies_in(piece, border, marked):
                own = whole == whole[piece][0]
                leftover = (own & marked).sum() > GONE * own.sum() or piece.sum() < FEW * piece.size
                (barred if leftover else undecided)[piece] = True
        faces = np.zeros_like(marked)
        if undecided.any():
            faces, people = self._mark_faces(undecided, marked, border)
            barred |= ndimage.binary_propagation(people & undecided, mask=undecided)
        return faces & ~marked, ndimage.binary_dilation(barred) & ~marked

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
            faces[room] = True
            people[box] = True
        return faces, people

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
