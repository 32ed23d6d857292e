"""What networks answered is kept where a folder is named for it; they themselves while they are used."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from editor.engines.networks import inference, isnet, isnet_model

PIXELS = np.arange(48, dtype=np.uint8).reshape(1, 4, 4, 3)


class Model:
    """Stands for a compiled network of two outputs. Counts how often it was made, and asked."""

    def __init__(self) -> None:
        self.made = self.asked = 0
        self.output_tensors: list[Any] = []

    def compile(self) -> Any:
        self.made += 1
        return SimpleNamespace(create_infer_request=lambda: self)

    def infer(self, given: dict[int, np.ndarray]) -> None:
        self.asked += 1
        sums = given[0].sum(axis=(1, 2), dtype=np.float32)
        # As OpenVINO does, it writes over what it gave out before.
        self.output_tensors = [SimpleNamespace(data=sums), SimpleNamespace(data=sums[0] / 2)]


@pytest.fixture
def model() -> Model:
    return Model()


def ask(model: Model, name: str, pixels: np.ndarray = PIXELS) -> list[list[Any]]:
    """Ask as another process would: by a network that was made just now."""
    return [part.tolist() for part in inference.Network(model.compile, PIXELS.shape, name).ask(pixels)]


def test_no_network_is_asked_the_same_twice_nor_made_for_it(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERS_DIR", str(tmp_path))
    sums = PIXELS.sum(axis=(1, 2)).tolist()
    assert ask(model, "sums") == [sums, [half / 2 for half in sums[0]]] == ask(model, "sums")
    assert (model.made, model.asked) == (1, 1)
    ask(model, "sums", PIXELS + 1)
    ask(model, "others")
    assert model.asked == 3
    assert len(list(tmp_path.glob("*/*"))) == 3


@pytest.mark.parametrize(("folder", "name"), [("", "sums"), ("kept", "")])
def test_without_a_folder_or_a_name_it_is_always_asked(
    folder: str, name: str, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERS_DIR", folder and str(tmp_path))
    network = inference.Network(model.compile, PIXELS.shape, name)
    assert model.made == 1, "its start is what waits for it, not the first photo"
    first, second = network.ask(PIXELS), network.ask(PIXELS + 1)
    assert (model.made, model.asked) == (1, 2)
    assert first[0].tolist() != second[0].tolist()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("network")
def test_a_kept_answer_is_what_the_network_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = np.random.default_rng(2).integers(0, 255, (64, 64, 3), np.uint8)
    said = isnet.Segmenter(512, isnet_model.choose_precision()).subject(photo)
    monkeypatch.setenv("ANSWERS_DIR", str(tmp_path))
    for _ in range(2):
        np.testing.assert_array_equal(isnet.Segmenter(512).subject(photo), said)
    assert len(list(tmp_path.glob("*/*"))) == 1


class Stub:
    """A network that costs nothing. rests: how often it gave back what it computes in."""

    shape = PIXELS.shape

    def __init__(self, *, lasting: bool) -> None:
        self.lasting, self.rests = lasting, 0

    def rest(self) -> None:
        self.rests += 1


class Clock:
    """Time that passes when the test says so, and the timers that wait for it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def monotonic(self) -> float:
        return self.now

    def timer(self, seconds: float, function: Callable[..., None], args: list[Any]) -> threading.Thread:
        self.waiting.append((self.now + seconds, lambda: function(*args)))
        return threading.Thread(target=lambda: None)

    def pass_to(self, moment: float) -> None:
        while due := min((due for due, _ in self.waiting if due <= moment), default=0.0):
            self.now = due
            for one in [one for one in self.waiting if one[0] == due]:
                self.waiting.remove(one)
                one[1]()
        self.now = moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(inference, "_open_network", lambda name: Stub(lasting=name == ("lasting",)))
    monkeypatch.setattr(inference.time, "monotonic", made.monotonic)
    monkeypatch.setattr(inference.threading, "Timer", made.timer)
    return made


def test_a_network_goes_when_it_is_not_used(clock: Clock) -> None:
    kept = inference.Kept()
    first: Any = kept.find(("passing",))
    clock.pass_to(0.5 * inference.KEPT_SECONDS)
    assert first.rests == 1, "what it computes in goes sooner"
    assert kept.find(("passing",)) is first
    clock.pass_to(1.4 * inference.KEPT_SECONDS)
    assert kept.find(("passing",)) is first
    clock.pass_to(4 * inference.KEPT_SECONDS)
    assert kept.find(("passing",)) is not first


def test_a_network_of_all_photos_stays_and_gives_back_what_it_computes_in(clock: Clock) -> None:
    kept = inference.Kept()
    first: Any = kept.find(("lasting",))
    for second in range(1, 30):
        clock.pass_to(second)
        assert kept.find(("lasting",)) is first
    assert first.rests == 0, "not in a row of photos"
    clock.pass_to(100 * inference.KEPT_SECONDS)
    assert kept.find(("lasting",)) is first
    assert first.rests == 1


def test_a_network_that_was_let_go_is_built_again_when_it_is_asked_for(clock: Clock) -> None:
    kept = inference.Kept()
    first = kept.find(("passing",))
    kept.let_go(("passing",))
    second = kept.find(("passing",))
    assert second is not first
    # The timer of the one that went leaves the other alone.
    clock.pass_to(0.1 * inference.KEPT_SECONDS)
    assert kept.find(("passing",)) is second
