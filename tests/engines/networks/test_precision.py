"""The network in eight bits: how little it loses, and which arithmetic a machine is given."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

import numpy as np
import openvino as ov
import openvino.opset11 as opset
import pytest
from numpy.typing import NDArray

from editor.engines.errors import InvalidOptions
from editor.engines.networks import isnet, isnet_model, precision, quantization
from tests.support import waiting

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
    quantization.quantize(rounded, {"given": (-1.0, 1.0)})
    step = 2 / 255
    assert np.abs(infer(exact, values) - infer(rounded, values)).max() <= 0.5 * step / 2 + 1e-6


def test_what_lies_outside_the_range_is_held_at_its_end() -> None:
    rounded = toy(np.ones((1, 1, 1, 1), np.float32))
    quantization.quantize(rounded, {"given": (0.0, 1.0)})
    assert infer(rounded, np.full((1, 1, 4, 4), 3, np.float32)) == pytest.approx(1.0, abs=0.01)


def test_ranges_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match="another network"):
        quantization.quantize(toy(np.ones((1, 1, 1, 1), np.float32)), {"other": (0.0, 1.0)})


@pytest.mark.usefixtures("network")
def test_the_ranges_are_of_the_network_that_is_fetched() -> None:
    assert quantization.find_flows(isnet_model.read_model()).keys() == quantization.known_ranges().keys()
    assert all(low <= 0 < high for low, high in quantization.known_ranges().values())


@pytest.mark.usefixtures("network")
def test_eight_bits_see_what_floats_see(ball_photo: Pixels, cup: Pixels) -> None:
    # At half the side: a quarter of the work says as much.
    exact, eight = isnet.Segmenter(512, "f32"), isnet.Segmenter(512, "int8")
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
    assert isnet_model.choose_precision() == "f32"
    monkeypatch.setenv(precision.SETTING, "float")
    with pytest.raises(InvalidOptions, match=r"int8, bf16, f32"):
        isnet_model.choose_precision()


@pytest.mark.usefixtures("network")
def test_a_measurement_tells_every_arithmetic_that_this_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    made = isnet_model.measure_precisions()
    assert list(made.seconds) == isnet_model.candidates()
    assert all(seconds > 0 for seconds in made.seconds.values())
    assert precision.recall(isnet_model.describe_machine()) == made


def test_halved_weights_keep_their_values_and_leave_sums_room() -> None:
    weights = np.full((1, 1, 1, 1), 0.5, np.float32)
    values = np.linspace(-1, 1, 16, dtype=np.float32).reshape(1, 1, 4, 4)
    exact, rounded = toy(weights), toy(weights)
    quantization.quantize(rounded, {"given": (-1.0, 1.0)}, halved=True)
    assert np.abs(infer(exact, values) - infer(rounded, values)).max() <= 0.02
    steps = [
        float(node.input_value(2).get_node().data.max())
        for node in rounded.get_ops()
        if node.get_type_name() == "FakeQuantize"
        and node.input_value(0).get_node().get_type_name() == "Constant"
    ]
    assert steps == [1.0], "twice the largest weight: 64 of 127 numbers are used"


@pytest.mark.usefixtures("network")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="ONEDNN_MAX_CPU_ISA knows x86-64 alone")
def test_a_cpu_without_vnni_sees_in_eight_bits_what_it_sees_in_floats(
    ball_photo: Pixels, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.npy"
    np.save(photo, isnet.squeeze(ball_photo, 512))
    code = (
        "import sys, numpy as np\n"
        "from editor.engines.networks import isnet, isnet_model, quantization\n"
        "photo = np.load(sys.argv[1])\n"
        "a, b = (isnet.Segmenter(512, kind).subject(photo) for kind in ('f32', 'int8'))\n"
        "print(quantization.overflows(), float(np.abs(a - b).mean()))"
    )
    environment = {**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2", "CACHE_DIR": str(tmp_path)}
    done = waiting.run([sys.executable, "-c", code, str(photo)], env=environment)
    overflows, drift = done.stdout.split()
    assert overflows == "True"
    assert float(drift) < 0.004
