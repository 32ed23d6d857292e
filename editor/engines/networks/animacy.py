"""Animacy: whether a subject is a living thing, and where its head is, by the segmenting network's features.

A network that finds subjects has learnt what they are like: its deep features, averaged over the
subject, tell animals from things with an area under the curve of 0.97 on photos held out, and each
of them tells a beast's head from its rump four times in five. The two times 512 weights are ours
(animacy.json): ridge regression on one photo of each of ImageNet's thousand kinds, made again by
`python -m bench.vivacity FOLDER --keep`.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor
from PIL import Image

from editor.engines import types
from editor.engines.errors import WeightsDamaged

from . import inference, weights

SIDE = 1024
DEEPEST = (1, 512, 32, 32)
"""The shape of the features: the network's fifth stage, 32 pixels of its 1024 to a cell."""

MEASURES = Path(__file__).with_name("animacy.json")
"""Our two measures of the features, and how they came to be."""

DAMAGED = "The engine's own file {} is missing or damaged. Install the studio's code again."


@dataclass(frozen=True)
class Measure:
    """A linear measure of the features: their product with weights (512,), float32, plus an offset."""

    weights: NDArray[np.float32]
    offset: float


class Features:
    """The network up to its fifth stage. Safe to call from several threads: one at a time is served."""

    def __init__(self) -> None:
        """Compile for this machine. Raises WeightsMissing."""
        found = weights.need(weights.ISNET)
        core = ov.Core()
        model = core.read_model(found.path)
        deep = next((out for out in model.outputs if tuple(out.shape) == DEEPEST), None)
        self._network: inference.Network | None = None
        if deep is None:
            # An edition that keeps its features to itself.
            return
        part = ov.Model([deep], model.get_parameters(), "isnet-features")
        steps = PrePostProcessor(part)
        steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        steps.input().model().set_layout(ov.Layout("NCHW"))
        steps.input().preprocess().convert_element_type(ov.Type.f32)
        steps.input().preprocess().mean(found.edition.mean).scale(found.edition.scale)
        self._network = inference.Network(
            lambda: core.compile_model(steps.build(), "CPU", {"PERFORMANCE_HINT": "LATENCY"}),
            f"features-{found.edition.sha256[:16]}",
        )

    def of(self, rgb: types.Image) -> NDArray[np.float32] | None:
        """Return (512, 32, 32) for the picture squeezed to a square; None where the file has none."""
        if self._network is None:
            return None
        square = Image.fromarray(rgb).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        (deep,) = self._network.ask(np.asarray(square)[np.newaxis])
        return deep[0]


@functools.cache
def _network() -> Features:
    return Features()


@dataclass(frozen=True)
class Animacy:
    """living: about 1 for animals, -1 for things. heads: (32, 32), above 0 where a beast's head is likely."""

    living: float
    heads: NDArray[np.float32]


def extract_features(rgb: types.Image) -> NDArray[np.float32] | None:
    """Return the (512, 32, 32) features of the picture squeezed to a square; None where there are none."""
    deep = _network().of(rgb)
    return None if deep is None else np.log1p(np.maximum(deep, 0))


def measure_cells(alpha: types.Alpha) -> NDArray[np.float32]:
    """Return how much of each of the 32 x 32 cells is subject; alpha (H, W) of any size."""
    return np.asarray(Image.fromarray(alpha).resize(DEEPEST[2:], Image.Resampling.BOX))


def measure(rgb: types.Image, alpha: types.Alpha) -> Animacy | None:
    """Return how alive the subject of a picture is, and where its head may be.

    None where this edition of the network cannot say, or without a subject. Raises WeightsMissing.
    """
    deep = extract_features(rgb)
    share = measure_cells(alpha)
    if deep is None or share.sum() <= 0:
        return None
    mean = np.tensordot(deep, share, 2) / share.sum()
    life, head = read_measures()["life"], read_measures()["head"]
    living = float(mean @ life.weights + life.offset)
    heads = np.tensordot(head.weights, deep, 1) + np.float32(head.offset)
    return Animacy(living, heads.astype(np.float32))


@functools.cache
def read_measures(path: Path = MEASURES) -> dict[str, Measure]:
    """Return our measures by name, "life" and "head". Raises WeightsDamaged unless they are whole."""
    try:
        document = json.loads(path.read_text("ascii"))
        measures = {}
        for name in ("life", "head"):
            # Fitted numbers are kept in half precision, whose shortest decimals these are.
            with np.errstate(over="ignore"):
                halves = np.array(document[name]["weights"], np.float16)
            measures[name] = Measure(halves.astype(np.float32), float(document[name]["offset"]))
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise WeightsDamaged(DAMAGED.format(path.name)) from exc
    for measure in measures.values():
        numbers = np.append(measure.weights, measure.offset)
        if measure.weights.shape != DEEPEST[1:2] or not np.isfinite(numbers).all():
            raise WeightsDamaged(DAMAGED.format(path.name))
    return measures
