"""The shape of a head: what cutting one out needs to know of it, whosever it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from editor.engines import types

WORK_UNIT = 96.0
"""Pixels that a head's unit has while its pixels are chosen."""


class HeadShape(Protocol):
    """A head in pixels of some picture; human_head.HumanHead and animal_head.AnimalHead are the two.

    unit: the length that its measures are told in, of a human head the face's height, of others its width.
    """

    @property
    def unit(self) -> float: ...

    @property
    def square(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom of a box around all of it; may exceed the picture."""

    def to_crop(self, left: float, top: float, scale: float) -> HeadShape:
        """Return the head in a picture cut at left, top and then scaled."""

    def choose_pixels(
        self, rgb: types.Image, matte: types.Alpha, others: Sequence[HeadShape] = ()
    ) -> types.Alpha:
        """Return (H, W) float32 in 0..1: how far each pixel belongs to the head, matte not yet applied.

        rgb: a picture cut to about the square, at about WORK_UNIT. matte: its subjects. others: heads
        nearby, which keep what is nearer to them.
        """
