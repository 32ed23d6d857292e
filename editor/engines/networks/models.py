"""The networks as OpenVINO runs them, by name. Importing this loads OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence

import openvino as ov

from . import inference, isnet, isnet_model, weights


def open_network(name: inference.Name) -> inference.Network:
    """Return the network of a name, compiled for this machine.

    ("isnet", side), or with a precision besides: the log odds of the subject, see isnet_model.py.
    ("features", side, stages): inner maps of that network, features.py. ("lite", network): a small one of
    weights.py, tflite.py. Raises WeightsMissing, Absent, and ValueError for any other name.
    """
    match name:
        case ("isnet", int(side), *rest):
            return isnet_model.open_network(side, *rest)
        case ("features", int(side), stages):
            return _open_features(side, stages)
        case ("lite", str(word)):
            return _open_lite(next(one for one in weights.NETWORKS if one.name == word))
    raise ValueError(f"there is no network {name}")


def _open_features(side: int, stages: Sequence[tuple[int, ...]]) -> inference.Network:
    """Return the network up to some of its inner maps, for squares of that side."""
    found = weights.need(weights.ISNET)
    core = ov.Core()
    model = core.read_model(found.path)
    by_shape = {tuple(out.shape): out for out in model.outputs}
    if not all(stage in by_shape for stage in stages):
        raise inference.Absent(found.edition.name)
    part = ov.Model([by_shape[stage] for stage in stages], model.get_parameters(), "isnet-features")
    if side != isnet.SIDE:
        isnet_model.resize(part, side)
    fed = isnet_model.take_pixels(part, found.edition)
    return inference.Network(
        lambda: core.compile_model(fed, "CPU", {"PERFORMANCE_HINT": "LATENCY"}),
        (1, side, side, 3),
        f"features-{len(stages)}-{side}-{found.edition.sha256[:16]}",
    )


def _open_lite(network: weights.Network) -> inference.Network:
    """Return a network of a TFLite file."""
    found = weights.need(network)
    core = ov.Core()
    model = core.read_model(found.path)
    shape = tuple(int(length) for length in model.input(0).shape)
    fed = isnet_model.take_pixels(model, found.edition)
    # In bf16 the points of a face move by a pixel and scores by 0.05, for no time saved.
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    name = f"{network.name}-{found.edition.sha256[:16]}"
    # Some MB each, and half a CPU second to compile: they stay.
    return inference.Network(lambda: core.compile_model(fed, "CPU", settings), shape, name, lasting=True)
