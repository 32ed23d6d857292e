"""ISNet in eight bits: which of its values are rounded, in what ranges, and the model made so.

Weights and what flows between layers become integers of 8 bits, as in Jacob et al., "Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018: weights
symmetric and per output channel, from the weights themselves; flows per tensor, in ranges that were
seen on photos (isnet_ranges.json; `python -m bench.quantize` fits them). The model still speaks floats at
both ends; OpenVINO runs what lies between in integers.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np
import openvino as ov
import openvino.opset11 as opset

RANGES = Path(__file__).with_name("isnet_ranges.json")

FLOW_LEVELS = 256
WEIGHT_LEVELS = 255
"""One fewer: symmetric about 0, which is a level of its own."""

READERS = {"Convolution": 1, "MaxPool": 1, "Interpolate": 1, "Concat": None, "Add": None}
"""Operations that take eight bits, and how many of their inputs are flows; None: all."""

KEEP_RANGE = ("MaxPool", "Concat")
"""They hand on what was rounded before them: rounding it again would only lose."""

Range = tuple[float, float]


def find_flows(model: ov.Model) -> dict[str, ov.Output]:
    """Return the outputs, by their operation's name, that are rounded: all that READERS read."""
    found: dict[str, ov.Output] = {}
    for operation in model.get_ordered_ops():
        kind = operation.get_type_name()
        if kind not in READERS or operation.get_output_partial_shape(0).rank.get_length() != 4:
            continue
        for number in range(READERS[kind] or operation.get_input_size()):
            source = operation.input_value(number)
            node = source.get_node()
            # A convolution and the sum with its bias are one operation to OpenVINO, a bias is a weight.
            of_bias = kind == "Add" and node.get_type_name() in ("Convolution", "Reshape")
            if not of_bias and node.get_type_name() not in KEEP_RANGE and not _is_constant(node):
                found[node.get_friendly_name()] = source
    return found


@functools.cache
def known_ranges() -> dict[str, Range]:
    """Return the range of each flow that was seen on photos, by its operation's name."""
    ranges = json.loads(RANGES.read_text("ascii"))["ranges"]
    return {name: (low, high) for name, (low, high) in ranges.items()}


def quantize(model: ov.Model, ranges: dict[str, Range], *, halved: bool = False) -> None:
    """Have a float model's weights and flows rounded to eight bits, in place.

    halved: weights take half of their numbers, seven bits, for CPUs that overflow (see overflows).
    Raises ValueError where the ranges are those of another network.
    """
    rounded = find_flows(model)
    if rounded.keys() != ranges.keys():
        raise ValueError("these ranges are of another network")
    for operation in model.get_ordered_ops():
        if operation.get_type_name() == "Convolution":
            weights = operation.input(1)
            weights.replace_source_output(_round_weights(weights.get_source_output(), halved))
    for name, output in rounded.items():
        readers = [reader for reader in output.get_target_inputs() if _reads_values(reader)]
        made = _round(output, *ranges[name], FLOW_LEVELS)
        for reader in readers:
            reader.replace_source_output(made)
    model.validate_nodes_and_infer_types()


@functools.cache
def overflows() -> bool:
    """Say whether this CPU cuts off the sum of two large products of eight bits, as those without VNNI do.

    Their instruction adds two products in 16 bits: 255 x 127 twice is more. Tried, not looked up.
    """
    channels, side = 32, 8
    parameter = opset.parameter([1, channels, side, side], np.float32)
    kernel = np.ones((channels, channels, 3, 3), np.float32)
    flow = _round(parameter.output(0), 0.0, 1.0, FLOW_LEVELS)
    weights = _round(opset.constant(kernel).output(0), -1.0, 1.0, WEIGHT_LEVELS)
    summed = opset.convolution(flow, weights, [1, 1], [0, 0], [0, 0], [1, 1])
    model = ov.Model([opset.relu(summed)], [parameter], "sums")
    compiled = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    made = compiled([np.ones((1, channels, side, side), np.float32)])[0]
    return bool(np.min(made) < 0.99 * 9 * channels)


def _round_weights(weights: ov.Output, halved: bool) -> ov.Output:
    """Return weights (out, in, h, w) rounded in ranges of each output channel's own."""
    node = weights.get_node()
    while node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    values = node.data.astype(np.float32)
    largest = np.maximum(np.abs(values).max(axis=(1, 2, 3), keepdims=True), np.finfo(np.float16).tiny)
    reach = 2 * largest if halved else largest
    return _round(weights, -reach, reach, WEIGHT_LEVELS)


def _round(output: ov.Output, low: float | np.ndarray, high: float | np.ndarray, levels: int) -> ov.Output:
    dtype = output.get_element_type().to_dtype()
    limits = [opset.constant(np.asarray(limit, dtype)) for limit in (low, high, low, high)]
    return opset.fake_quantize(output, *limits, levels).output(0)


def _reads_values(reader: ov.Input) -> bool:
    return bool(reader.get_node().get_type_name() != "ShapeOf")


def _is_constant(node: ov.Node) -> bool:
    while node.get_type_name() in ("Convert", "Reshape"):
        node = node.input_value(0).get_node()
    return bool(node.get_type_name() == "Constant")
