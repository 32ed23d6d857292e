"""What the segmenting network sees in a picture besides its outline: maps from the middle of the network.

A network that finds subjects has learnt what they are like. Its inner maps say so, cell by cell, to linear
measures of ours (animacy.py, headness.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor
from PIL import Image

from editor.engines import types

from . import inference, isnet, weights

Maps = list[NDArray[np.float32]]


class Features:
    """The network up to some of its inner maps. Safe to call from several threads: one at a time is served.

    stages: their shapes as the network gives them out of a square of isnet.SIDE, (1, channels, N, N); side:
    of the square that is looked at, N is scaled along.
    """

    def __init__(self, stages: Sequence[tuple[int, ...]], side: int = isnet.SIDE) -> None:
        """Compile for this machine. Raises WeightsMissing."""
        found = weights.need(weights.ISNET)
        core = ov.Core()
        model = core.read_model(found.path)
        by_shape = {tuple(out.shape): out for out in model.outputs}
        self._side = side
        self._network: inference.Network | None = None
        if not all(stage in by_shape for stage in stages):
            # An edition that keeps its features to itself.
            return
        part = ov.Model([by_shape[stage] for stage in stages], model.get_parameters(), "isnet-features")
        if side != isnet.SIDE:
            isnet.resize(part, side)
        steps = PrePostProcessor(part)
        steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        steps.input().model().set_layout(ov.Layout("NCHW"))
        steps.input().preprocess().convert_element_type(ov.Type.f32)
        steps.input().preprocess().mean(found.edition.mean).scale(found.edition.scale)
        self._network = inference.Network(
            lambda: core.compile_model(steps.build(), "CPU", {"PERFORMANCE_HINT": "LATENCY"}),
            f"features-{len(stages)}-{side}-{found.edition.sha256[:16]}",
        )

    def of(self, rgb: types.Image) -> Maps | None:
        """Return each stage's (channels, N, N) of the picture squeezed to the square, logarithms of what is
        above 0; None where the file has none."""
        if self._network is None:
            return None
        square = Image.fromarray(rgb).resize((self._side, self._side), Image.Resampling.BILINEAR)
        maps = self._network.ask(np.asarray(square)[np.newaxis])
        return [np.log1p(np.maximum(one[0].astype(np.float32), 0)) for one in maps]
