"""ISNet as OpenVINO runs it: its file read, cut to one of its heads, rounded to eight bits, and compiled.

Qin et al., "Highly Accurate Dichotomous Image Segmentation", ECCV 2022. Importing this loads OpenVINO.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress

import numpy as np
import openvino as ov
import openvino.opset11 as opset
from openvino.preprocess import PrePostProcessor

from editor.engines import memory, paths, row_bands

from . import inference, precision, quantization, weights
from .isnet import SIDE
from .precision import Precision

HEAD = 0
"""Which of the network's outputs is read: the finest, on half of the square. Without its stage the next
takes a fifth less time, and its outlines can be sharpened to the same error, but thin things break up."""

MEASURED_SIDE = 512
MEASURED_ROUNDS = 6


def open_network(side: int, kind: Precision | None = None) -> inference.Network:
    """Return the network for squares of that side, compiled for this machine or loaded as it once was.

    kind: its arithmetic; by default the quickest here. Raises WeightsMissing.
    """
    found = weights.need(weights.ISNET)
    chosen = kind or choose_precision()
    # One that is compared with others is asked itself.
    name = "" if kind else f"isnet-{found.edition.sha256[:16]}-{side}-{chosen}"
    lasting = side == SIDE and kind is None
    return inference.Network(
        lambda: compile_model(read_model(side), chosen), (1, side, side, 3), name, lasting=lasting
    )


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
    model = take_pixels(model, weights.need(weights.ISNET).edition)
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
    return core.compile_model(model, "CPU", settings)


def take_pixels(model: ov.Model, edition: weights.WeightsFile) -> ov.Model:
    """Return the model, changed to take uint8 (1, height, width, 3) as its file wants them."""
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    planes = tuple(model.input(0).shape)[1] == 3
    steps.input().model().set_layout(ov.Layout("NCHW" if planes else "NHWC"))
    steps.input().preprocess().convert_element_type(ov.Type.f32)
    steps.input().preprocess().mean(edition.mean).scale(edition.scale)
    return steps.build()


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
    networks: dict[str, inference.Network] = {}
    for candidate in candidates():
        # Some CPUs claim what OpenVINO has no code for on them; 32-bit floats run anywhere.
        with suppress(RuntimeError):
            networks[candidate] = open_network(MEASURED_SIDE, candidate)
    if networks.keys() <= {"int8"}:
        networks["f32"] = open_network(MEASURED_SIDE, "f32")
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


def _time_look(network: inference.Network) -> float:
    """Return the seconds that a look takes."""
    pixels = np.zeros(network.shape, np.uint8)
    started = time.perf_counter()
    network.ask(pixels)
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


def _before_enlargement(output: ov.Output) -> ov.Output:
    """Return what a head of the network enlarges to the square and makes chances of: log odds."""
    node = output.get_node()
    while node.get_type_name() != "Interpolate":
        node = node.input_value(0).get_node()
    return node.input_value(0)
