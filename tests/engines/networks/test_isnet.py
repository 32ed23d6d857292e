"""The networks that a process keeps, those of other sides only while they are used; and what is measured."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.networks import isnet, precision


class Stub:
    """A network that costs nothing."""

    def __init__(self, side: int, kind: str | None = None) -> None:
        self.side, self.kind = side, kind


class Clock:
    """Time that passes when the test says so, and the timers that wait for it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def monotonic(self) -> float:
        return self.now

    def timer(self, seconds: float, function: Callable[..., None], args: list[int]) -> threading.Thread:
        self.waiting.append((self.now + seconds, lambda: function(*args)))
        return threading.Thread(target=lambda: None)

    def pass_to(self, moment: float) -> None:
        self.now = moment
        for due, call in list(self.waiting):
            if due <= moment:
                self.waiting.remove((due, call))
                call()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(isnet, "Segmenter", Stub)
    monkeypatch.setattr(isnet, "_kept", isnet._Kept())
    monkeypatch.setattr(isnet.time, "monotonic", made.monotonic)
    monkeypatch.setattr(isnet.threading, "Timer", made.timer)
    return made


def test_a_network_of_another_side_goes_when_it_is_not_used(clock: Clock) -> None:
    first = isnet.segmenter(768)
    clock.pass_to(0.5 * isnet.KEPT_SECONDS)
    assert isnet.segmenter(768) is first
    clock.pass_to(isnet.KEPT_SECONDS)
    assert isnet.segmenter(768) is first
    clock.pass_to(1.9 * isnet.KEPT_SECONDS)
    assert isnet.segmenter(768) is first
    clock.pass_to(4 * isnet.KEPT_SECONDS)
    assert isnet.segmenter(768) is not first


def test_a_network_that_was_let_go_is_built_again_when_it_is_asked_for(clock: Clock) -> None:
    first = isnet.segmenter(768)
    isnet.let_go(768)
    # The timer of the one that went finds nothing to do.
    clock.pass_to(isnet.KEPT_SECONDS)
    second = isnet.segmenter(768)
    assert second is not first
    assert isnet.segmenter(768) is second


def test_the_network_of_all_photos_stays(clock: Clock) -> None:
    first = isnet.segmenter()
    clock.pass_to(100 * isnet.KEPT_SECONDS)
    assert isnet.segmenter() is first


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
    def segmenter(side: int, kind: str) -> Stub:
        if kind == broken:
            raise RuntimeError("Supported primitive descriptors list is empty")
        return Stub(side, kind)

    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(isnet, "candidates", lambda: candidates)
    monkeypatch.setattr(isnet, "Segmenter", segmenter)
    monkeypatch.setattr(isnet, "_time_look", lambda _: 0.1)
    assert list(isnet.measure_precisions().seconds) == expected
    kept = precision.recall(isnet.describe_machine())
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
        patch.setattr(isnet, "_before_enlargement", lambda output: output)
        model = isnet.read_model(512)
    theirs = isnet.compile_model(model, "f32").create_infer_request()
    theirs.infer({0: photo[np.newaxis]})
    np.testing.assert_allclose(ours, theirs.get_output_tensor(0).data[0, 0], atol=2e-3)
