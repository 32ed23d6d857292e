"""The small networks of the heads: a square picture in, arrays out.

Each takes one to three milliseconds, so they are run often, on many parts of a picture.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.engines import types

from . import sharing, weights


class LiteNetwork:
    """A network of a TFLite file. Safe to call from several threads: one at a time is served."""

    def __init__(self, network: weights.Network) -> None:
        """Have it compiled for this machine. Raises WeightsMissing."""
        weights.need(network)
        self._name = ("lite", network.name)
        self.side = sharing.open_network(self._name)[1]

    def run(self, square: types.Image) -> Sequence[NDArray[np.float32]]:
        """Return copies of all outputs for a picture of side x side pixels, in the file's order."""
        return sharing.ask(self._name, np.ascontiguousarray(square)[np.newaxis])


@functools.cache
def open_network(network: weights.Network) -> LiteNetwork:
    """Return the network of that name. Raises WeightsMissing."""
    return LiteNetwork(network)


def sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 1 / (1 + exp(-values)); float32 holds no larger exponent than 88."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -80, 80))), np.float32)
