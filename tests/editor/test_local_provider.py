"""The imaging process: warm, fenced in, and replaceable at any moment."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from editor.providers import local
from editor.providers.contract import Job
from editor.providers.errors import Cancelled, Crashed, DeadlinePassed, ProviderError, Refused
from editor.providers.local import LocalEngine
from tests.conftest import encoded
from tests.support.waiting import wait_for

# None of these jobs needs a network, and loading them all into each new process takes seconds.
ENVIRONMENT = {"WEIGHTS_DIR": "/nowhere"}


@pytest.fixture
def provider() -> Iterator[LocalEngine]:
    """Starts its process with the first job."""
    made = LocalEngine(memory_mb=4096, environment=ENVIRONMENT)
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path: Path, coffee: bytes) -> Path:
    path = tmp_path / "coffee.jpg"
    path.write_bytes(coffee)
    return path


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that never ends, because it never begins: a pipe that nobody writes to."""
    path = tmp_path / "endless.jpg"
    os.mkfifo(path)
    return path


def unwatched(fraction: float) -> None:
    pass


def prepare(source: Path, folder: Path, seconds: float = 60) -> Job:
    return Job("prepare", source, folder, {}, seconds)


def children() -> set[int]:
    """The imaging processes of this process."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=True,
    )
    return {int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line}


def test_a_job_leaves_its_files_in_the_folder_given(
    provider: LocalEngine, picture: Path, tmp_path: Path
) -> None:
    outputs = provider.run(prepare(picture, tmp_path), unwatched)
    assert {output.kind for output in outputs} == {"preview", "thumbnail"}
    assert all(Path(output.path).parent == tmp_path for output in outputs)
    assert all(Path(output.path).stat().st_size == output.bytes for output in outputs)


def test_what_the_engine_refuses_comes_with_its_state_and_sentence(
    provider: LocalEngine, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    with pytest.raises(Refused) as refused:
        provider.run(prepare(broken, tmp_path), unwatched)
    assert refused.value.state == -7
    assert refused.value.sentence


def test_a_job_that_never_ends_is_killed_at_its_deadline(
    provider: LocalEngine, endless: Path, picture: Path, tmp_path: Path
) -> None:
    with pytest.raises(DeadlinePassed):
        provider.run(prepare(endless, tmp_path, seconds=1), unwatched)
    assert provider.run(prepare(picture, tmp_path), unwatched)


def test_a_watch_that_says_stop_kills_the_job(
    provider: LocalEngine, endless: Path, picture: Path, tmp_path: Path
) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        provider.run(prepare(endless, tmp_path), stop)
    assert provider.run(prepare(picture, tmp_path), unwatched)


@pytest.mark.parametrize(
    ("ended", "cause"), [(signal.SIGSEGV, "ended unexpectedly"), (signal.SIGKILL, "for want of memory")]
)
def test_a_crash_costs_one_job_and_is_told_from_the_systems_doing(
    ended: signal.Signals, cause: str, provider: LocalEngine, endless: Path, picture: Path, tmp_path: Path
) -> None:
    others = children()
    provider.run(prepare(picture, tmp_path), unwatched)
    (child,) = children() - others
    threading.Timer(0.5, os.kill, [child, ended]).start()
    with pytest.raises(Crashed, match=cause):
        provider.run(prepare(endless, tmp_path), unwatched)
    assert provider.run(prepare(picture, tmp_path), unwatched)


def test_an_imaging_process_that_ends_idle_costs_nothing(
    provider: LocalEngine, picture: Path, tmp_path: Path
) -> None:
    others = children()
    provider.run(prepare(picture, tmp_path), unwatched)
    (child,) = children() - others
    os.kill(child, signal.SIGKILL)
    wait_for(lambda: not provider.pool.active, "its pool to give up")
    assert provider.run(prepare(picture, tmp_path), unwatched)


def test_a_job_that_no_process_had_begun_is_begun_once_more(
    provider: LocalEngine, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = [mock.Mock(), mock.Mock()]
    for pool in pools:
        pool.schedule.return_value.result.side_effect = BrokenProcessPool
    monkeypatch.setattr(local, "wait", mock.Mock())
    provider.pool = pools[0]
    with pytest.raises(Crashed, match="ended unexpectedly"):
        provider.run(prepare(picture, tmp_path), unwatched)
    assert pools[0].schedule.call_count == 2
    pools[0].schedule.side_effect = [RuntimeError, None]
    provider.make_pool = lambda: pools[1]  # type: ignore[assignment]
    pools[1].schedule.return_value.result.side_effect = [[]]
    assert provider.run(prepare(picture, tmp_path), unwatched) == []
    pools[0].stop.assert_called_once()


def test_memory_has_an_end_and_costs_one_job(picture: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(encoded(np.full((4096, 4096, 3), 128, np.uint8), "PNG"))
    small = LocalEngine(memory_mb=160, environment={**ENVIRONMENT, "OPENBLAS_NUM_THREADS": "1"})
    try:
        with pytest.raises(ProviderError) as failed:
            small.run(prepare(large, tmp_path), unwatched)
        assert failed.value.state == -15
        assert small.run(prepare(picture, tmp_path), unwatched)
    finally:
        small.close()


PARENT = """
import sys
from pathlib import Path
from editor.providers.contract import Job
from editor.providers.local import LocalEngine

if __name__ == "__main__":
    provider = LocalEngine(memory_mb=4096, environment={})
    provider.run(Job("prepare", Path(sys.argv[1]), Path(sys.argv[2])), lambda fraction: None)
"""


def test_a_worker_killed_takes_its_imaging_process_with_it(endless: Path, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = str(Path(__file__).resolve().parents[2])
    parent = subprocess.Popen(
        [sys.executable, str(script), str(endless), str(tmp_path)], env={**os.environ, "PYTHONPATH": root}
    )

    def offspring() -> list[str]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(parent.pid)], capture_output=True, text=True, check=False
        )
        return listed.stdout.split()

    wait_for(offspring, "an imaging process")
    pids = offspring()
    parent.kill()
    parent.wait()
    wait_for(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in pids), "the end of both")
