"""ISNet: a picture in, the chance that each pixel is subject out. How it is run, isnet_model.py has.

Qin et al., "Highly Accurate Dichotomous Image Segmentation", ECCV 2022.
"""

from __future__ import annotations

import functools

import numpy as np
from PIL import Image

from editor.engines import row_bands, types

from . import sharing, weights
from .precision import Precision

SIDE = 1024
"""The network sees every picture squeezed to a square of this many pixels, as it did when it learned."""

SHARED = 1 << 19
"""Pixels from which on a picture is squeezed by all processors: they wait for it."""

SIDE_STEP = 64
"""Sides are multiples of this: the network halves its maps six times."""


class Segmenter:
    """The network for squares of one side. Safe to call from several threads: one at a time is served."""

    def __init__(self, side: int = SIDE, kind: Precision | None = None) -> None:
        """Have it compiled for this machine, or loaded as an earlier start compiled it.

        Raises WeightsMissing, and ValueError for a side that is no multiple of SIDE_STEP. kind: its
        arithmetic; by default the quickest here.
        """
        if side % SIDE_STEP:
            raise ValueError(f"the network's side must be a multiple of {SIDE_STEP}")
        weights.need(weights.ISNET)
        self.side = side
        self._name = ("isnet", side, kind) if kind else ("isnet", side)
        sharing.open_network(self._name)

    def subject(self, rgb: types.Image) -> types.Alpha:
        """Return float32 (side, side) in 0..1, the subject in the picture squeezed to a square."""
        (odds,) = sharing.ask(self._name, squeeze(rgb, self.side)[np.newaxis])
        return _chances(odds[0, 0], self.side)


@functools.cache
def segmenter(side: int = SIDE) -> Segmenter:
    """Return the network of this side. Raises WeightsMissing."""
    return Segmenter(side)


def let_go(side: int) -> None:
    """Have the network of a side forgotten, if it is there, until it is asked for again."""
    sharing.let_go(("isnet", side))


def squeeze(rgb: types.Image, side: int = SIDE) -> types.Image:
    """Return the picture as a square of `side` pixels, whatever its shape was; averaged, not sampled."""
    if rgb.shape[:2] == (side, side):
        return rgb
    if rgb.shape[0] * rgb.shape[1] >= row_bands.LARGE:
        from editor.engines.io import resampling

        made = resampling.shrink(np.require(rgb, np.uint8, "C"), (side, side), "triangle")
        return (made + np.float32(0.5)).astype(np.uint8)
    return row_bands.resize(rgb, (side, side), Image.Resampling.BILINEAR, large=SHARED)


def _chances(odds: types.Alpha, side: int) -> types.Alpha:
    """Return log odds (N, N) as chances (side, side): enlarged bilinearly, then the logistic function."""
    from editor.engines.io import alpha_kernels

    chances = np.empty((side, side), np.float32)
    row_bands.work(side, lambda top, bottom: alpha_kernels.chances(odds, chances, top, bottom))
    return chances
