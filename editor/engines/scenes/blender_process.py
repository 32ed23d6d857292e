"""The Blender process of one task: started, listened to, killed."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from editor.engines.errors import NotEnoughResources
from editor.engines.types import Report

OUT_OF_MEMORY = 3
LOOK_SECONDS = 0.2
"""Between two reports while Blender says nothing; a report may raise, and then Blender is killed."""

STARVED_SECONDS = 8.0
"""Blender can go round in circles where memory is refused to it: so long at its limit without news, and it
is taken for out of memory."""

STARVED_SHARE, FULL_SHARE = 0.95, 0.7
"""Of the memory allowed: where it is starved, and where a crash is put down to it (we look now and then)."""

ENDINGS = (b"out of memory", b"bad_alloc", b"memoryerror", b"alloc returns null")
"""What Blender and the C++ library leave behind where memory ran out."""

MEMORY_SENTENCE = (
    "There was not enough memory to render this scene. Ask for one take, or for a smaller size, or try again "
    "when less goes on here."
)
LIBRARY_SENTENCE = (
    "Blender lacks a library of the system here, so scenes cannot be rendered. Tell the person who runs it: "
    "`make install` names it."
)
CRASH_SENTENCE = (
    "Blender stopped in the middle of this scene, for a fault of its own. Try again, or choose another scene."
)
MISSING_SENTENCE = "Blender is not installed here, so scenes cannot be rendered. Tell the person who runs it."

MODULE = "editor.engines.blender"
ROOT = Path(__file__).resolve().parents[3]


def render(job: dict[str, Any], news: Callable[[dict[str, Any]], None], report: Report) -> None:
    """Run a job as blender/__main__ describes it; news hears its lines, report its share of the work.

    Whatever news or report raises kills the process and passes on. Raises NotEnoughResources where
    Blender is missing, crashes or runs out of memory.
    """
    share, told, started = 0.0, 0.0, time.monotonic()
    starved, most = STARVED_SHARE * job["memory_mb"], 0.0
    with tempfile.TemporaryFile() as log, _start_process(log) as child:
        for line in _read_lines(child, json.dumps({**job, "parent": os.getpid()}).encode()):
            # While it loads, before the door is ours alone, Blender may complain of the machine on it.
            if line is not None and line.startswith(b"{"):
                said = json.loads(line)
                share = max(share, float(said.get("share", 0.0)))
                news(said)
                started = time.monotonic()
            elif time.monotonic() - started > STARVED_SECONDS and _data_mb(child.pid) > starved:
                raise NotEnoughResources(MEMORY_SENTENCE)
            most = max(most, _data_mb(child.pid))
            # Towards the next news, ever more slowly: something moves while Blender is silent.
            creep = 0.04 * (1 - 1 / (1 + (time.monotonic() - started) / 8))
            told = max(told, min(0.99, share + creep))
            report(told)
        code = child.wait()
        if code:
            log.seek(0)
            # Nobody but the system kills it while it is listened to, where memory is short.
            full = code == -signal.SIGKILL or (code < 0 and most > FULL_SHARE * job["memory_mb"])
            raise NotEnoughResources(MEMORY_SENTENCE if full else _explain_exit(code, log.read()[-20_000:]))


def _data_mb(pid: int) -> float:
    """Return the private memory that a process has asked for, in MB; 0 where that cannot be known."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _explain_exit(code: int, log: bytes) -> str:
    if code == OUT_OF_MEMORY or any(ending in log.lower() for ending in ENDINGS):
        return MEMORY_SENTENCE
    if b"No module named 'bpy'" in log:
        return MISSING_SENTENCE
    if b"cannot open shared object file" in log:
        return LIBRARY_SENTENCE
    return CRASH_SENTENCE


@contextlib.contextmanager
def _start_process(log: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process, and see to it that it is gone at the end."""
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _read_lines(child: subprocess.Popen[bytes], job: bytes) -> Iterator[bytes | None]:
    """Hand over the job, then yield each line that it says, and None when it has been silent a while."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("the process was started without pipes")
    # Where it died at once its exit code says more than a broken pipe.
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(job)
        child.stdin.close()
    pending = b""
    while True:
        ready, _, _ = select.select([child.stdout], [], [], LOOK_SECONDS)
        if not ready:
            yield None
            continue
        chunk = os.read(child.stdout.fileno(), 65536)
        if not chunk:
            return
        *lines, pending = (pending + chunk).split(b"\n")
        yield from lines
