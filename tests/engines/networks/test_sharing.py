"""One process has the networks of all: what it says, whom it outlives, and what becomes of those it fails."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from editor.engines import errors
from editor.engines.networks import host, inference, sharing, tflite, weights
from tests.support.waiting import wait_for

PIXELS = np.arange(48, dtype=np.uint8).reshape(1, 4, 4, 3)


class Stub:
    """A network that says how its pixels add up. fails: what it raises instead."""

    shape = PIXELS.shape

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails = fails

    def ask(self, pixels: np.ndarray) -> inference.Answer:
        if self.fails is not None:
            raise self.fails
        return [pixels.sum(axis=(1, 2), dtype=np.float32), np.float32(pixels[0, ::2])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which networks are shared. Whoever begins to share them there ends with the test."""
    made = tmp_path / "networks"
    monkeypatch.setenv(sharing.SETTING, str(made))
    monkeypatch.setattr(sharing, "_lines", {})
    lines: list[sharing.Shared] = []
    begin = sharing.Shared.__init__

    def note(self: sharing.Shared, folder: Path) -> None:
        lines.append(self)
        begin(self, folder)

    monkeypatch.setattr(sharing.Shared, "__init__", note)
    yield made
    for line in lines:
        line.close()
        for child in line._children:
            child.kill()
            child.wait()


@pytest.fixture
def serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[host.Host]:
    """A host in a thread of this process, with a stub for each network that tests ask."""
    folder.mkdir()
    stubs: dict[inference.Name, Any] = {
        ("sums",): Stub(),
        ("large", (1, 2)): Stub(MemoryError("no room")),
        ("broken",): Stub(RuntimeError("no such instruction")),
    }

    def find(name: inference.Name) -> Any:
        if name == ("absent",):
            raise inference.Absent("isnet.onnx")
        if name == ("missing",):
            raise errors.WeightsMissing("isnet.onnx is not here.")
        return stubs[name]

    monkeypatch.setattr(inference.kept, "find", find)
    monkeypatch.setattr(host.os, "umask", lambda mask: mask)
    made = host.Host(sharing.Shared(folder)._address, mock.Mock())

    def serve() -> None:
        with suppress(OSError):
            made.serve()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield made
    made._listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    made._listener.close()


@pytest.mark.usefixtures("serving")
def test_what_another_process_answers_is_what_the_network_says() -> None:
    sums, half = sharing.ask(("sums",), PIXELS)
    np.testing.assert_array_equal(sums, PIXELS.sum(axis=(1, 2)))
    np.testing.assert_array_equal(half, PIXELS[0, ::2])
    assert sharing.open_network(("sums",)) == PIXELS.shape


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize(
    ("name", "expected", "words"),
    [
        (("absent",), inference.Absent, "isnet.onnx"),
        (("missing",), errors.WeightsMissing, "isnet.onnx is not here."),
        (("large", (1, 2)), MemoryError, "no room"),
        (("broken",), RuntimeError, "no such instruction"),
    ],
)
def test_what_goes_wrong_there_is_raised_here(
    name: inference.Name, expected: type[Exception], words: str
) -> None:
    with pytest.raises(expected, match=words):
        sharing.ask(name, PIXELS)
    assert sharing.ask(("sums",), PIXELS), "and the line goes on"


@pytest.mark.usefixtures("serving")
def test_a_caller_who_is_gone_in_the_middle_leaves_the_others_alone(folder: Path) -> None:
    killed = sharing.Shared(folder)._connect()
    sharing.send(killed, {"ask": ["sums"], "shape": [1, 4000, 4000, 3]}, PIXELS)
    killed.close()
    strange = sharing.Shared(folder)._connect()
    sharing.send(strange, {"ask": ["sums"], "shape": [1 << 20, 1 << 20]})
    with pytest.raises(EOFError):
        sharing.receive(strange)
    strange.close()
    assert sharing.ask(("sums",), PIXELS)


def test_a_network_is_forgotten_for_none_but_who_asked_it_last(
    serving: host.Host, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[inference.Name] = []
    monkeypatch.setattr(inference.kept, "let_go", gone.append)
    other = sharing.Shared(folder)
    sharing.ask(("sums",), PIXELS)
    other.call({"open": ["sums"]})
    sharing.let_go(("sums",))
    assert gone == []
    sharing.ask(("sums",), PIXELS)
    sharing.let_go(("sums",))
    assert gone == [("sums",)]


def test_it_ends_when_nobody_is_there(serving: host.Host) -> None:
    sharing.ask(("sums",), PIXELS)
    serving.leave()
    assert serving._address.exists()
    (line,) = sharing._lines.values()
    assert line is not None
    line.close()
    wait_for(lambda: not serving._callers, "the end of the call")
    serving.leave()
    assert not serving._address.exists()
    serving._end.assert_called_once_with()  # type: ignore[attr-defined]


def test_all_who_name_a_folder_share_one_process_and_get_another_where_it_ends(folder: Path) -> None:
    first = sharing.find_process()
    assert first not in (None, os.getpid())
    assert sharing.Shared(folder).call({})[0]["process"] == first
    assert [path.stat().st_mode & 0o077 for path in folder.glob("*.socket")] == [0], "nobody else may call"
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert sharing.find_process() not in (None, first, os.getpid())


def test_a_process_that_hangs_is_killed_and_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sharing.find_process()
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    (line,) = sharing._lines.values()
    assert line is not None
    assert line._line is not None
    line._line.settimeout(0.1)
    assert sharing.find_process() not in (None, first)


def test_who_ends_again_and_again_fails_the_work_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(self: sharing.Shared) -> Any:
        raise ConnectionResetError

    monkeypatch.setattr(sharing.Shared, "_connect", break_off)
    with pytest.raises(errors.NotEnoughResources):
        sharing.ask(("sums",), PIXELS)


def test_where_there_can_be_none_each_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(sharing.SETTING, str(tmp_path / "file"))
    monkeypatch.setattr(sharing, "_lines", {})
    monkeypatch.setattr(inference.kept, "find", lambda name: Stub())
    assert sharing.find_process() is None
    assert sharing.open_network(("sums",)) == PIXELS.shape
    assert len(sharing.ask(("sums",), PIXELS)) == 2


def test_a_folder_may_have_a_long_path(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sharing.SETTING, str(tmp_path / ("deep" * 20) / ("long" * 20)))
    assert sharing.find_process() not in (None, os.getpid())


@pytest.mark.usefixtures("network", "folder")
def test_a_look_is_the_same_wherever_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = np.random.default_rng(2).integers(0, 255, (128, 128, 3), np.uint8)
    tflite.open_network.cache_clear()
    theirs = tflite.open_network(weights.FACES_NEAR)
    said = theirs.run(photo)
    monkeypatch.delenv(sharing.SETTING)
    for mine, other in zip(theirs.run(photo), said, strict=True):
        np.testing.assert_array_equal(mine, other)
    tflite.open_network.cache_clear()
    assert theirs.side == photo.shape[0]
