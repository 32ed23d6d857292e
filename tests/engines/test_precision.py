"""The network in eight bits: how little it loses, and which arithmetic a machine is given."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openvino as ov
import openvino.opset11 as opset
import pytest
from numpy.typing import NDArray

from editor.engines import network, precision, quantized
from editor.engines.errors import InvalidOptions

Pixels = NDArray[np.uint8]


def toy(weights: NDArray[np.float32]) -> ov.Model:
    """Return a model of one convolution and the cut at zero behind it, over 1 x 1 x 4 x 4."""
    given = opset.parameter([1, 1, 4, 4], np.float32, name="given")
    summed = opset.convolution(given, opset.constant(weights), [1, 1], [0, 0], [0, 0], [1, 1])
    return ov.Model([opset.relu(summed)], [given], "toy")


def infer(model: ov.Model, values: NDArray[np.float32]) -> NDArray[np.float32]:
    compiled = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return np.array(compiled([values])[0])


def test_eight_bits_are_within_half_a_step_of_the_floats() -> None:
    weights = np.full((1, 1, 1, 1), 0.5, np.float32)
    values = np.linspace(-1, 1, 16, dtype=np.float32).reshape(1, 1, 4, 4)
    exact, rounded = toy(weights), toy(weights)
    quantized.quantize(rounded, {"given": (-1.0, 1.0)})
    step = 2 / 255
    assert np.abs(infer(exact, values) - infer(rounded, values)).max() <= 0.5 * step / 2 + 1e-6


def test_what_lies_outside_the_range_is_held_at_its_end() -> None:
    rounded = toy(np.ones((1, 1, 1, 1), np.float32))
    quantized.quantize(rounded, {"given": (0.0, 1.0)})
    assert infer(rounded, np.full((1, 1, 4, 4), 3, np.float32)) == pytest.approx(1.0, abs=0.01)


def test_ranges_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match="another network"):
        quantized.quantize(toy(np.ones((1, 1, 1, 1), np.float32)), {"other": (0.0, 1.0)})


@pytest.mark.usefixtures("network")
def test_the_ranges_are_of_the_network_that_is_fetched() -> None:
    assert quantized.flows(network.read_model()).keys() == quantized.known_ranges().keys()
    assert all(low <= 0 < high for low, high in quantized.known_ranges().values())


@pytest.mark.usefixtures("network")
def test_eight_bits_see_what_floats_see(ball_photo: Pixels, cup: Pixels) -> None:
    # At half the side: a quarter of the work says as much.
    exact, eight = network.Segmenter(512, "f32"), network.Segmenter(512, "int8")
    for photo in (ball_photo, cup):
        a, b = exact.subject(photo), eight.subject(photo)
        assert np.abs(a - b).mean() < 0.004
        assert ((a > 0.5) & (b > 0.5)).sum() >= 0.99 * ((a > 0.5) | (b > 0.5)).sum()


def test_the_quickest_is_chosen_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    measured = precision.Measured("a machine", {"int8": 0.4, "bf16": 0.3})
    assert measured.quickest == "bf16"
    precision.keep(measured)
    assert precision.recall("a machine") == measured
    assert precision.recall("another machine") is None
    assert "bf16" in precision.describe()


@pytest.mark.parametrize("damage", ["", "{", "[]", json.dumps({"machine": "a machine"}), '"x"'])
def test_a_damaged_measurement_is_none(damage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    (tmp_path / "precision.json").write_text(damage)
    assert precision.recall("a machine") is None
    assert "measured at its first start" in precision.describe()


def test_the_setting_overrules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(precision.SETTING, "f32")
    assert network.chosen() == "f32"
    monkeypatch.setenv(precision.SETTING, "float")
    with pytest.raises(InvalidOptions, match=r"int8, bf16, f32"):
        network.chosen()


@pytest.mark.usefixtures("network")
def test_a_measurement_tells_every_arithmetic_that_this_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    made = network.measure()
    assert list(made.seconds) == network.candidates()
    assert all(seconds > 0 for seconds in made.seconds.values())
    assert precision.recall(network.machine()) == made
