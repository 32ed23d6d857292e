"""What is measured of the network's arithmetics, and what becomes of its log odds."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.networks import isnet, isnet_model, precision


@pytest.mark.parametrize(
    ("candidates", "broken", "expected"),
    [
        (["int8", "bf16"], "bf16", ["int8", "f32"]),
        (["int8", "bf16"], "int8", ["bf16"]),
        (["int8", "f32"], "int8", ["f32"]),
        (["bf16"], "bf16", ["f32"]),
    ],
)
def test_an_arithmetic_that_does_not_run_here_is_none(
    candidates: list[str],
    broken: str,
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def open_network(side: int, kind: str) -> None:
        if kind == broken:
            raise RuntimeError("Supported primitive descriptors list is empty")

    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(isnet_model, "candidates", lambda: candidates)
    monkeypatch.setattr(isnet_model, "open_network", open_network)
    monkeypatch.setattr(isnet_model, "_time_look", lambda _: 0.1)
    assert list(isnet_model.measure_precisions().seconds) == expected
    kept = precision.recall(isnet_model.describe_machine())
    assert kept is not None
    assert list(kept.seconds) == expected


def test_log_odds_become_chances_enlarged_as_pillow_enlarges() -> None:
    odds = np.random.default_rng(5).normal(0, 6, (32, 32)).astype(np.float32)
    wide = np.asarray(Image.fromarray(odds).resize((64, 64), Image.Resampling.BILINEAR))
    made = isnet._chances(odds, 64)
    np.testing.assert_allclose(made, 1 / (1 + np.exp(-wide.astype(np.float64))), atol=1e-5)
    certain = isnet._chances(np.array([[-200, -200], [200, 200]], np.float32), 4)
    assert certain[0].tolist() == [0] * 4
    assert certain[-1].tolist() == [1] * 4


@pytest.mark.usefixtures("network")
def test_the_network_speaks_as_the_package_has_it(ball_photo: NDArray[np.uint8]) -> None:
    # Its own enlargement and logistic function, at half the side: a quarter of the work says as much.
    photo = isnet.squeeze(ball_photo, 512)
    ours = isnet.Segmenter(512, "f32").subject(photo)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isnet_model, "_before_enlargement", lambda output: output)
        model = isnet_model.read_model(512)
    theirs = isnet_model.compile_model(model, "f32").create_infer_request()
    theirs.infer({0: photo[np.newaxis]})
    np.testing.assert_allclose(ours, theirs.get_output_tensor(0).data[0, 0], atol=2e-3)
