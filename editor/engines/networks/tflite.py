"""The small networks of the heads, in OpenVINO: a square picture in, arrays out.

Each takes one to three milliseconds, so they are run often, on many parts of a picture.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor

from editor.engines import types

from . import inference, weights


class LiteNetwork:
    """A compiled TFLite file. Safe to call from several threads: one at a time is served."""

    def __init__(self, network: weights.Network) -> None:
        """Compile for this machine. Raises WeightsMissing."""
        found = weights.need(network)
        core = ov.Core()
        model = core.read_model(found.path)
        self.side = int(model.input(0).shape[1])
        steps = PrePostProcessor(model)
        steps.input().tensor().set_element_type(ov.Type.u8)
        steps.input().preprocess().convert_element_type(ov.Type.f32)
        steps.input().preprocess().mean(found.edition.mean).scale(found.edition.scale)
        # In bf16 the points of a face move by a pixel and scores by 0.05, for no time saved.
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        self._network = inference.Network(
            lambda: core.compile_model(steps.build(), "CPU", settings),
            f"{network.name}-{found.edition.sha256[:16]}",
        )

    def run(self, square: types.Image) -> Sequence[NDArray[np.float32]]:
        """Return copies of all outputs for a picture of side x side pixels, in the file's order."""
        return self._network.ask(np.ascontiguousarray(square)[np.newaxis])


@functools.cache
def open_network(network: weights.Network) -> LiteNetwork:
    """Return the process's one compiled network of that name. Raises WeightsMissing."""
    return LiteNetwork(network)


def sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 1 / (1 + exp(-values)); float32 holds no larger exponent than 88."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -80, 80))), np.float32)
