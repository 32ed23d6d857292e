"""ISNet in OpenVINO: a picture in, the chance that each pixel is subject out.

Qin et al., "Highly Accurate Dichotomous Image Segmentation", ECCV 2022.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from contextlib import suppress

import numpy as np
import openvino as ov
import openvino.opset11 as opset
from openvino.preprocess import PrePostProcessor
from PIL import Image

from editor.engines import memory, paths, row_bands, types

from . import inference, precision, quantization, weights
from .precision import Precision

SIDE = 1024
"""The network sees every picture squeezed to a square of this many pixels, as it did when it learned."""

SIDE_STEP = 64
"""Sides are multiples of this: the network halves its maps six times."""


HEAD = 0
"""Which of the network's outputs is read: the finest, on half of the square. Without its stage the next
takes a fifth less time, and its outlines can be sharpened to the same error, but thin things break up."""

MEASURED_SIDE = 512
MEASURED_ROUNDS = 6

KEPT_SECONDS = 60.0
"""A network of another side than SIDE, some 200 MB, is let go when it was not used for so long."""


class Segmenter:
    """The compiled network. Safe to call from several threads: one at a time is served."""

    def __init__(self, side: int = SIDE, kind: Precision | None = None) -> None:
        """Compile for this machine, or load what an earlier start compiled.

        Raises WeightsMissing, and ValueError for a side that is no multiple of SIDE_STEP. kind: its
        arithmetic; by default the quickest here.
        """
        if side % SIDE_STEP:
            raise ValueError(f"the network's side must be a multiple of {SIDE_STEP}")
        self.side = side
        found = weights.need(weights.ISNET)
        chosen = kind or choose_precision()
        # One that is compared with others is asked itself.
        name = "" if kind else f"isnet-{found.edition.sha256[:16]}-{side}-{chosen}"
        self._network = inference.Network(lambda: compile_model(read_model(side), chosen), name)

    def subject(self, rgb: types.Image) -> types.Alpha:
        """Return float32 (side, side) in 0..1, the subject in the picture squeezed to a square."""
        (odds,) = self._network.ask(squeeze(rgb, self.side)[np.newaxis])
        return _chances(odds[0, 0], self.side)


def read_model(side: int = SIDE) -> ov.Model:
    """Return the network for squares of that side; out come log odds at half of it (1, 1, N, N).

    Raises WeightsMissing.
    """
    model = ov.Core().read_model(weights.need(weights.ISNET).path)
    # The package's model gives out all its training heads, enlarged: with one, 40 % quicker, 350 MB less.
    model = ov.Model([_before_enlargement(model.outputs[HEAD])], model.get_parameters(), "isnet")
    if side != SIDE:
        resize(model, side)
    return model


def compile_model(model: ov.Model, kind: Precision) -> ov.CompiledModel:
    """Return the model, changed to take uint8 (1, side, side, 3), compiled for this machine."""
    if kind == "int8":
        quantization.quantize(model, quantization.known_ranges(), halved=quantization.overflows())
    edition = weights.need(weights.ISNET).edition
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().model().set_layout(ov.Layout("NCHW"))
    steps.input().preprocess().convert_element_type(ov.Type.f32)
    steps.input().preprocess().mean(edition.mean).scale(edition.scale)
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": row_bands.AT_ONCE,
        "INFERENCE_PRECISION_HINT": "bf16" if kind == "bf16" else "f32",
    }
    core = ov.Core()
    cache = paths.cache() / "openvino"
    # A studio on a read-only disk compiles at each start instead: slower by seconds, else the same.
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
    if os.access(cache, os.W_OK):
        core.set_property({"CACHE_DIR": str(cache)})
    return core.compile_model(steps.build(), "CPU", settings)


def choose_precision() -> Precision:
    """Return the precision that the setting demands, else the quickest here, measured if it never was."""
    demanded = precision.read_setting()
    if demanded is not None:
        return demanded
    return (precision.recall(describe_machine()) or measure_precisions()).quickest


def measure_precisions() -> precision.Measured:
    """Time the network on small squares in each precision, keep it, and return it: a few seconds.

    Raises WeightsMissing.
    """
    networks: dict[str, Segmenter] = {}
    for candidate in candidates():
        # Some CPUs claim what OpenVINO has no code for on them; 32-bit floats run anywhere.
        with suppress(RuntimeError):
            networks[candidate] = Segmenter(MEASURED_SIDE, candidate)
    if networks.keys() <= {"int8"}:
        networks["f32"] = Segmenter(MEASURED_SIDE, "f32")
    # By turns, so that what else the machine does at the time falls on all alike.
    turns = [{name: _time_look(one) for name, one in networks.items()} for _ in range(MEASURED_ROUNDS)]
    # The least: that only ever adds. The first turn also builds what the others find.
    seconds = {name: round(min(turn[name] for turn in turns), 4) for name in networks}
    made = precision.Measured(describe_machine(), seconds)
    precision.keep(made)
    memory.trim()
    return made


def candidates() -> list[Precision]:
    """Return the precisions that may be quickest here, for these weights. Raises WeightsMissing."""
    found: list[Precision] = []
    if quantization.find_flows(read_model()).keys() == quantization.known_ranges().keys():
        found.append("int8")
    native = "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    found.append("bf16" if native else "f32")
    return found


def _time_look(network: Segmenter) -> float:
    """Return the seconds that a look takes."""
    pixels = np.zeros((network.side, network.side, 3), np.uint8)
    started = time.perf_counter()
    network.subject(pixels)
    return time.perf_counter() - started


def describe_machine() -> str:
    """Return what a measurement holds for: CPU, cores, instructions allowed, OpenVINO, and the ranges."""
    parts = [
        ov.Core().get_property("CPU", "FULL_DEVICE_NAME"),
        row_bands.AT_ONCE,
        os.environ.get("ONEDNN_MAX_CPU_ISA", ""),
        ov.get_version(),
        hashlib.sha256(repr(sorted(quantization.known_ranges().items())).encode()).hexdigest()[:16],
    ]
    return "; ".join(map(str, parts))


def segmenter(side: int = SIDE) -> Segmenter:
    """Return the process's one network of this side, built on first use. Raises WeightsMissing."""
    return _kept.segmenter(side)


def let_go(side: int) -> None:
    """Forget the network of a side other than SIDE, if it is there, until it is asked for again."""
    _kept.let_go(side)


def squeeze(rgb: types.Image, side: int = SIDE) -> types.Image:
    """Return the picture as a square of `side` pixels, whatever its shape was; averaged, not sampled."""
    if rgb.shape[:2] == (side, side):
        return rgb
    if rgb.shape[0] * rgb.shape[1] >= row_bands.LARGE:
        from editor.engines.io import resampling

        made = resampling.shrink(np.require(rgb, np.uint8, "C"), (side, side), "triangle")
        return (made + np.float32(0.5)).astype(np.uint8)
    return row_bands.resize(rgb, (side, side), Image.Resampling.BILINEAR)


def _before_enlargement(output: ov.Output) -> ov.Output:
    """Return what a head of the network enlarges to the square and makes chances of: log odds."""
    node = output.get_node()
    while node.get_type_name() != "Interpolate":
        node = node.input_value(0).get_node()
    return node.input_value(0)


def _chances(odds: types.Alpha, side: int) -> types.Alpha:
    """Return log odds (N, N) as chances (side, side): enlarged bilinearly, then the logistic function."""
    from editor.engines.io import alpha_kernels

    chances = np.empty((side, side), np.float32)
    row_bands.work(side, lambda top, bottom: alpha_kernels.chances(odds, chances, top, bottom))
    return chances


class _Kept:
    """The networks of this process, by side; those of other sides than SIDE only while they are used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._networks: dict[int, Segmenter] = {}
        self._used: dict[int, float] = {}

    def segmenter(self, side: int) -> Segmenter:
        with self._lock:
            if side not in self._networks:
                self._networks[side] = Segmenter(side)
                # What was read to compile it, some 100 MB, is free but not given back.
                memory.trim()
                if side != SIDE:
                    self._look_again(side, KEPT_SECONDS)
            self._used[side] = time.monotonic()
            return self._networks[side]

    def let_go(self, side: int) -> None:
        with self._lock:
            self._networks.pop(side, None)
        memory.trim()

    def _look_again(self, side: int, seconds: float) -> None:
        timer = threading.Timer(seconds, self._let_go, [side])
        timer.daemon = True
        timer.start()

    def _let_go(self, side: int) -> None:
        """Let a network go that was not used for KEPT_SECONDS; else look again when it may be so."""
        with self._lock:
            if side not in self._networks:
                return
            left = self._used[side] + KEPT_SECONDS - time.monotonic()
            if left > 0:
                self._look_again(side, left)
                return
            del self._networks[side]
        memory.trim()


_kept = _Kept()


def resize(model: ov.Model, side: int) -> None:
    """Make the model take squares of another side, in place.

    It was exported with the sizes of its own enlargements written into it: they are scaled along.
    """
    # All are read before one is changed, since a change shows in those behind it.
    enlargements = [
        (node, list(node.output(0).get_shape()))
        for node in model.get_ops()
        if node.get_type_name() == "Interpolate"
    ]
    for node, shape in enlargements:
        scaled = [*shape[:2], *(length * side // SIDE for length in shape[2:])]
        node.input(1).replace_source_output(opset.constant(np.array(scaled, np.int64)).output(0))
    model.get_parameters()[0].set_partial_shape(ov.PartialShape([1, 3, side, side]))
    model.validate_nodes_and_infer_types()
