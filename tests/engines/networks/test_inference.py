"""What networks answered is kept where a folder is named for it, and only there."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from editor.engines.networks import inference, isnet

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
    return [part.tolist() for part in inference.Network(model.compile, name).ask(pixels)]


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
    network = inference.Network(model.compile, name)
    assert model.made == 1, "its start is what waits for it, not the first photo"
    first, second = network.ask(PIXELS), network.ask(PIXELS + 1)
    assert (model.made, model.asked) == (1, 2)
    assert first[0].tolist() != second[0].tolist()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("network")
def test_a_kept_answer_is_what_the_network_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = np.random.default_rng(2).integers(0, 255, (64, 64, 3), np.uint8)
    said = isnet.Segmenter(512, isnet.choose_precision()).subject(photo)
    monkeypatch.setenv("ANSWERS_DIR", str(tmp_path))
    for _ in range(2):
        np.testing.assert_array_equal(isnet.Segmenter(512).subject(photo), said)
    assert len(list(tmp_path.glob("*/*"))) == 1
