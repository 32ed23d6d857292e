"""What this machine can multiply at most, and how much of that the network reaches.

    python -m bench.limits

The peak is measured, not looked up: the quickest of a few convolutions that suit the CPU, in 32-bit floats
and in 8-bit integers, by the very library that runs the network. Its share is the network's own count of
multiply-adds ÷ (its seconds × the peak of the arithmetic that it runs in).
"""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path

import numpy as np
import openvino as ov
import openvino.opset11 as opset

from editor.engines import row_bands
from editor.engines.networks import isnet, isnet_model

SHAPES = ((256, 64), (128, 128), (512, 32))
"""Channels in and out, and the side of the maps, of 3 x 3 convolutions."""

LAYERS = 8
ROUNDS = 5


def report() -> None:
    """Print the CPU, the peaks, and the network's share of its own."""
    print(f"{processor()}, {row_bands.AT_ONCE} cores; instructions: {instructions()}")
    kind = isnet_model.choose_precision()
    peaks = {name: max(peak(name, *shape) for shape in SHAPES) for name in ("f32", "int8")}
    if kind == "bf16":
        peaks["bf16"] = max(peak("bf16", *shape) for shape in SHAPES)
    for name, value in peaks.items():
        print(f"peak in {name}: {value / 1e9:.0f} thousand million multiply-adds a second")
    work = multiplications(isnet_model.read_model())
    segmenter = isnet.segmenter()
    square = np.zeros((isnet.SIDE, isnet.SIDE, 3), np.uint8)
    seconds = least(lambda: segmenter.subject(square))
    print(
        f"the network in {kind}: {seconds:.2f} s a look of {work / 1e9:.0f} thousand million, "
        f"{100 * work / seconds / peaks[kind]:.0f} % of the peak",
        flush=True,
    )


def processor() -> str:
    """Return the CPU's name as the kernel has it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def instructions() -> str:
    """Return what of the CPU's vector instructions may be used."""
    if limit := os.environ.get("ONEDNN_MAX_CPU_ISA"):
        return f"no newer than {limit}, by ONEDNN_MAX_CPU_ISA"
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    known = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
    return ", ".join(word for word in known if f" {word}" in flags)


def multiplications(model: ov.Model) -> int:
    """Return the multiply-adds of all convolutions of a model."""
    total = 0
    for operation in model.get_ops():
        if operation.get_type_name() == "Convolution":
            per_pixel = int(np.prod(list(operation.input(1).get_shape())))
            total += per_pixel * int(np.prod(list(operation.output(0).get_shape())[2:]))
    return total


def peak(kind: str, channels: int, side: int) -> float:
    """Return the multiply-adds a second of a row of convolutions in one arithmetic."""
    rng = np.random.default_rng(7)
    flow = parameter = opset.parameter([1, channels, side, side], np.float32)
    for _ in range(LAYERS):
        kernel = rng.normal(0, 0.02, (channels, channels, 3, 3)).astype(np.float32)
        flow = _convolved(flow, kernel, kind)
    model = ov.Model([flow], [parameter], "peak")
    work = multiplications(model)
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": row_bands.AT_ONCE,
        "INFERENCE_PRECISION_HINT": "bf16" if kind == "bf16" else "f32",
    }
    request = ov.Core().compile_model(model, "CPU", settings).create_infer_request()
    values = rng.random((1, channels, side, side), np.float32)
    return work / least(lambda: request.infer({0: values}))


def _convolved(flow: ov.Node, kernel: np.ndarray, kind: str) -> ov.Node:
    weights = opset.constant(kernel)
    if kind == "int8":
        flow = opset.fake_quantize(flow, 0.0, 1.0, 0.0, 1.0, 256)
        weights = opset.fake_quantize(weights, -0.1, 0.1, -0.1, 0.1, 255)
    return opset.relu(opset.convolution(flow, weights, [1, 1], [1, 1], [1, 1], [1, 1]))


def least(work: object) -> float:
    """Return the least seconds of some rounds: what else the machine does only ever adds."""
    assert callable(work)
    work()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    report()
    sys.exit(0)
