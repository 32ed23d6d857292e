"""Networks that the imaging processes of one studio have in common, in a process of their own.

Where the environment names a folder in NETWORKS_FOLDER, each network is compiled once for all who name
the same one: pixels go to that process through a socket in the folder, arrays come back (host.py). Whoever
needs it first starts it; it ends some seconds after the last who asked has gone. A decoder that crashes, or
work that is stopped by killing its process, leaves it alone; if it ends itself it is started anew and
asked again, and nobody's work fails. Elsewhere a process has networks of its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engines import errors, paths

from . import inference
from .inference import Answer, Name

logger = logging.getLogger(__name__)

SETTING = "NETWORKS_FOLDER"
"""Environment variable that names the folder; empty or missing where networks are not shared."""

HEEDED = ("ANSWERS_DIR", "CACHE_DIR", "DATA_DIR", "NETWORK_PRECISION", "ONEDNN_MAX_CPU_ISA", "WEIGHTS_DIR")
"""Variables that change what networks answer: only who has them alike shares."""

PATIENCE = 300.0
"""Seconds without an answer after which the other process hangs. To compile all for the first time takes 20
on a machine that has other work, and small ones are four times slower."""

TRIES = 3

READY = "ready\n"
"""What the process says once it takes calls."""

LENGTH = struct.Struct("<I")


def open_network(name: Name) -> tuple[int, ...]:
    """Have a network ready; return the shape of the pixels that it takes.

    Raises WeightsMissing, and inference.Absent where its file has no such outputs.
    """
    said = _call({"open": name})
    return inference.kept.find(name).shape if said is None else tuple(said[0]["shape"])


def ask(name: Name, pixels: NDArray[np.uint8]) -> Answer:
    """Return all that a network gives out for these pixels, (1, height, width, 3). Raises as open_network."""
    said = _call({"ask": name, "shape": pixels.shape}, np.ascontiguousarray(pixels))
    return inference.kept.find(name).ask(pixels) if said is None else said[1]


def let_go(name: Name) -> None:
    """Have a network forgotten until it is asked for again; not one that others asked since this process."""
    if _call({"let go": name}) is None:
        inference.kept.let_go(name)


def find_process() -> int | None:
    """Return the id of the process that this one's networks are in, None where they are its own."""
    said = _call({})
    return None if said is None else int(said[0]["process"])


class Unreachable(OSError):
    """There can be no shared process here."""


class Shared:
    """This process's line to the one that has the networks. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._children: list[subprocess.Popen[str]] = []

    def call(self, head: dict[str, Any], pixels: NDArray[np.uint8] | None = None) -> tuple[Any, Answer]:
        """Return what it answers, and the arrays. Raises what it raised, and Unreachable.

        Raises NotEnoughResources where it ends again and again.
        """
        with self._lock:
            for _ in range(TRIES):
                try:
                    line = self._line = self._line or self._connect()
                    send(line, head, *([] if pixels is None else [pixels]))
                    said = receive(line)
                    answer = [receive_array(line, shape, np.float32) for shape in said.get("shapes", ())]
                except TimeoutError:
                    logger.warning("The process of the networks hangs; a new one begins.")
                    self._kill()
                except (ConnectionError, EOFError) as exc:
                    # It ended, or was just about to. What is asked changes nothing: it is asked again.
                    logger.info("The process of the networks ended (%s); a new one begins.", exc)
                    self.close()
                else:
                    if "error" in said:
                        raise _rebuild(said["error"], said["sentence"])
                    return said, answer
        raise errors.NotEnoughResources

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def _kill(self) -> None:
        if self._line is not None and hasattr(socket, "SO_PEERCRED"):
            process, *_ = struct.unpack(
                "3i", self._line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            )
            # 0: one that this one cannot see, of another container; to a signal that means its own group.
            if process > 0:
                with suppress(OSError):
                    os.kill(process, signal.SIGKILL)
        self.close()

    def _connect(self) -> socket.socket:
        """Return a line to the process; it is started where there is none. Raises Unreachable."""
        try:
            with suppress(FileNotFoundError, ConnectionRefusedError):
                return self._call_up()
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "networks.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # Somebody else may have started it meanwhile.
                with suppress(FileNotFoundError, ConnectionRefusedError):
                    return self._call_up()
                self._start()
                return self._call_up()
        except ConnectionError:
            raise
        except OSError as exc:
            raise Unreachable(str(exc)) from exc

    def _call_up(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        try:
            with short_path(self._address) as path:
                line.connect(path)
        except BaseException:
            line.close()
            raise
        line.settimeout(PATIENCE)
        return line

    def _start(self) -> None:
        """Start the process and wait until it can be called. Raises Unreachable."""
        # In a group of its own: what ends this process, on purpose or not, is nothing to the others'.
        child = subprocess.Popen(
            [sys.executable, "-m", "editor.engines.networks.host", str(self._address)],
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        complaint = ""
        # Of those before it none is left a zombie.
        self._children = [*(one for one in self._children if one.poll() is None), child]
        with child.stdout or open(os.devnull) as said:
            for line in said:
                if line == READY:
                    return
                complaint = line.strip()
        raise Unreachable(complaint or f"it ended with {child.wait()}")

    @property
    def _address(self) -> Path:
        """The socket's path, another one where networks would answer otherwise or not as soon."""
        code = sorted(
            (path.name, path.stat().st_mtime_ns, path.stat().st_size)
            for path in Path(__file__).parent.iterdir()
            if path.is_file()
        )
        # In a folder that several machines share each has its own.
        here = [sys.executable, platform.node(), os.getuid(), os.nice(0)]
        told = repr([code, here, [os.environ.get(name, "") for name in HEEDED]])
        return self._folder / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.socket"


_lock = threading.Lock()
_lines: dict[str, Shared | None] = {}
"""By folder the line to its process; None where there can be none."""


def _call(head: dict[str, Any], pixels: NDArray[np.uint8] | None = None) -> tuple[Any, Answer] | None:
    """Return what the shared process says, None where networks are not shared."""
    folder = os.environ.get(SETTING, "")
    if not folder or not hasattr(socket, "AF_UNIX"):
        return None
    with _lock:
        shared = _lines.setdefault(folder, Shared(Path(folder)))
    if shared is None:
        return None
    try:
        return shared.call(head, pixels)
    except Unreachable as exc:
        # A disk that takes no sockets, or nothing at all.
        logger.warning("Networks cannot be shared here (%s); each process has its own.", exc)
        _lines[folder] = None
        return None


@contextmanager
def short_path(path: Path) -> Iterator[str]:
    """Yield a name of a path that is short enough for a socket, which may have 107 bytes."""
    if len(os.fsencode(path)) < 100 or sys.platform != "linux":
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def send(line: socket.socket, head: dict[str, Any], *arrays: NDArray[Any]) -> None:
    """Send a message: a JSON object, then the bytes of arrays whose shapes it tells."""
    words = json.dumps(head).encode()
    line.sendall(LENGTH.pack(len(words)) + words)
    for array in arrays:
        line.sendall(memoryview(array).cast("B"))


def receive(line: socket.socket) -> Any:
    """Return the JSON object that a message begins with. Raises EOFError at the end of the line."""
    (length,) = LENGTH.unpack(_receive_bytes(line, LENGTH.size))
    return json.loads(_receive_bytes(line, length))


def receive_array(line: socket.socket, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Return the array of that shape that comes next. Raises EOFError at the end of the line."""
    made = np.empty(shape, dtype)
    _receive_into(line, memoryview(made).cast("B"))
    return made


def _receive_bytes(line: socket.socket, count: int) -> bytearray:
    made = bytearray(count)
    _receive_into(line, memoryview(made))
    return made


def _receive_into(line: socket.socket, room: memoryview) -> None:
    while room:
        count = line.recv_into(room)
        if not count:
            raise EOFError("the line's end")
        room = room[count:]


def _rebuild(kind: str, sentence: str) -> Exception:
    """Return an error of the other process as it would have been raised in this one."""
    made = getattr(errors, kind, None)
    if isinstance(made, type) and issubclass(made, errors.EngineError):
        return made(sentence)
    return {"Absent": inference.Absent, "MemoryError": MemoryError}.get(kind, RuntimeError)(sentence)
