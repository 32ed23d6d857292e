"""What tests wait by: as long as there is work, and no longer."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .support import waiting

# More work than the patience below would see to an end by the clock, as slowly as it can be done.
WORK = "import os; os.nice(19)\nfor _ in range(20_000_000): pass"
WORK_IN_A_THREAD = f"import threading; threading.Thread(target=exec, args=[{WORK!r}]).start()"
REST = "import time\nwhile True: time.sleep(0.05)"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LOOK_EVERY": 0.01, "WINDOW": 5, "REST": 15}.items():
        monkeypatch.setattr(waiting, name, value)


@contextmanager
def child(code: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-S", "-c", code])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("code", [WORK, WORK_IN_A_THREAD])
def test_what_is_at_work_is_waited_for_as_long_as_it_takes(code: str) -> None:
    with child(code) as process:
        assert waiting.wait_for(lambda: process.poll() is not None, "its end") is True
        assert process.returncode == 0


@pytest.mark.parametrize("code", [REST, ""])
def test_what_rests_or_has_ended_is_not_waited_for(code: str) -> None:
    with child(code), pytest.raises(AssertionError, match="in vain: a sign"):
        waiting.wait_for(lambda: False, lambda: "a sign")


def test_what_a_child_started_is_at_work_as_well() -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {WORK!r}])"
    with child(code) as process:
        waiting.wait_for(lambda: process.poll() is not None, "its end")


def test_a_command_is_run_to_its_end_and_its_words_are_returned() -> None:
    code = "print('x' * 100_000)"
    assert len(waiting.run([sys.executable, "-c", code]).stdout) == 100_001
    with pytest.raises(AssertionError, match="NameError"):
        waiting.run([sys.executable, "-c", "nonsense"])
    assert waiting.run([sys.executable, "-c", "nonsense"], check=False).returncode == 1
