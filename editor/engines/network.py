"""ISNet in OpenVINO: a picture in, the chance that each pixel is subject out.

Qin et al., "Highly Accurate Dichotomous Image Segmentation", ECCV 2022.
"""

from __future__ import annotations

import functools
import os
import threading
from contextlib import suppress

import numpy as np
import openvino as ov
from openvino.preprocess import PrePostProcessor
from PIL import Image

from . import contract, folders, weights

SIDE = 1024
"""The network sees every picture squeezed to a square of this many pixels."""


class Segmenter:
    """The compiled network. Safe to call from several threads: one at a time is served."""

    def __init__(self) -> None:
        """Compile for this machine, or load what an earlier start compiled. Raises WeightsMissing."""
        found = weights.need(weights.ISNET)
        core = ov.Core()
        cache = folders.cache() / "openvino"
        # A studio on a read-only disk compiles at each start instead: slower by seconds, else the same.
        with suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
        if os.access(cache, os.W_OK):
            core.set_property({"CACHE_DIR": str(cache)})
        model = core.read_model(found.path)
        # The package's model also gives out its training heads: without them 40 % quicker, 350 MB less.
        model = ov.Model([model.outputs[0]], model.get_parameters(), "isnet")
        steps = PrePostProcessor(model)
        steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        steps.input().model().set_layout(ov.Layout("NCHW"))
        steps.input().preprocess().convert_element_type(ov.Type.f32)
        steps.input().preprocess().mean(found.edition.mean).scale(found.edition.scale)
        # The precision is OpenVINO's choice: bf16 where the CPU has it (alphas equal to 1e-4), else f32.
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": len(os.sched_getaffinity(0))}
        compiled = core.compile_model(steps.build(), "CPU", settings)
        self._request = compiled.create_infer_request()
        self._lock = threading.Lock()

    def subject(self, rgb: contract.Image) -> contract.Alpha:
        """Return float32 (SIDE, SIDE) in 0..1, the subject in the picture squeezed to a square."""
        square = Image.fromarray(rgb).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        pixels = np.asarray(square)[np.newaxis]
        with self._lock:
            self._request.infer({0: pixels})
            return np.clip(self._request.get_output_tensor(0).data[0, 0], 0.0, 1.0)


@functools.cache
def segmenter() -> Segmenter:
    """Return the process's one compiled network, built on first use. Raises WeightsMissing."""
    return Segmenter()
