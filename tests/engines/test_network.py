"""The networks that a process keeps, those of other sides only while they are used; and what is measured."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from editor.engines import network, precision


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
    monkeypatch.setattr(network, "Segmenter", Stub)
    monkeypatch.setattr(network, "_kept", network._Kept())
    monkeypatch.setattr(network.time, "monotonic", made.monotonic)
    monkeypatch.setattr(network.threading, "Timer", made.timer)
    return made


def test_a_network_of_another_side_goes_when_it_is_not_used(clock: Clock) -> None:
    first = network.segmenter(768)
    clock.pass_to(0.5 * network.KEPT_SECONDS)
    assert network.segmenter(768) is first
    clock.pass_to(network.KEPT_SECONDS)
    assert network.segmenter(768) is first
    clock.pass_to(1.9 * network.KEPT_SECONDS)
    assert network.segmenter(768) is first
    clock.pass_to(4 * network.KEPT_SECONDS)
    assert network.segmenter(768) is not first


def test_the_network_of_all_photos_stays(clock: Clock) -> None:
    first = network.segmenter()
    clock.pass_to(100 * network.KEPT_SECONDS)
    assert network.segmenter() is first


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
    monkeypatch.setattr(network, "candidates", lambda: candidates)
    monkeypatch.setattr(network, "Segmenter", segmenter)
    monkeypatch.setattr(network, "_timed", lambda _: 0.1)
    assert list(network.measure().seconds) == expected
    kept = precision.recall(network.machine())
    assert kept is not None
    assert list(kept.seconds) == expected
