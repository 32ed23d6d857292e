"""What the segmenting network sees in a picture besides its outline: maps from the middle of the network.

A network that finds subjects has learnt what they are like. Its inner maps say so, cell by cell, to linear
measures of ours (animacy.py, headness.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types

from . import inference, isnet, sharing, weights

Maps = list[NDArray[np.float32]]


class Features:
    """The network up to some of its inner maps. Safe to call from several threads: one at a time is served.

    stages: their shapes as the network gives them out of a square of isnet.SIDE, (1, channels, N, N); side:
    of the square that is looked at, N is scaled along.
    """

    def __init__(self, stages: Sequence[tuple[int, ...]], side: int = isnet.SIDE) -> None:
        """Have it compiled for this machine. Raises WeightsMissing."""
        weights.need(weights.ISNET)
        self._side = side
        self._name = ("features", side, tuple(stages))
        self._there = True
        try:
            sharing.open_network(self._name)
        except inference.Absent:
            # An edition that keeps its features to itself.
            self._there = False

    def of(self, rgb: types.Image) -> Maps | None:
        """Return each stage's (channels, N, N) of the picture squeezed to the square, logarithms of what is
        above 0; None where the file has none."""
        if not self._there:
            return None
        square = Image.fromarray(rgb).resize((self._side, self._side), Image.Resampling.BILINEAR)
        maps = sharing.ask(self._name, np.asarray(square)[np.newaxis])
        return [np.log1p(np.maximum(one[0].astype(np.float32), 0)) for one in maps]
