"""The process that has the networks of all imaging processes of a studio; sharing.py starts and calls it.

    python -m editor.engines.networks.host ADDRESS

It knows pixels and arrays, and neither files nor orders. It serves whoever calls at its socket, a thread
each, and ends when for LINGER seconds nobody is there.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from . import inference, sharing
from .inference import Answer, Name

LINGER = 5.0
"""Seconds that it stays without anybody: an imaging process that was killed is back within two."""

LARGEST = 1 << 26
"""Bytes of pixels that are taken at once; no network asks for a tenth of it."""


class Host:
    """Who calls, and what they ask."""

    def __init__(self, address: Path, end: Callable[[], object]) -> None:
        """Begin to listen. end: called when nobody is there. Raises OSError where there can be no socket."""
        self._address, self._end = address, end
        self._listener = socket.socket(socket.AF_UNIX)
        address.unlink(missing_ok=True)
        # Nobody else of the machine may call.
        os.umask(0o077)
        with sharing.short_path(address) as path:
            self._listener.bind(path)
        self._own = address.stat().st_ino
        self._listener.listen()
        self._lock = threading.Lock()
        self._callers = 0
        # Who asked each network last.
        self._last: dict[Name, socket.socket] = {}

    def serve(self) -> None:
        """Take calls for ever."""
        self._linger()
        while True:
            line, _ = self._listener.accept()
            with self._lock:
                self._callers += 1
            threading.Thread(target=self._talk, args=[line], daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        """Answer one caller until it hangs up, however it does."""
        try:
            with line, suppress(EOFError, OSError, ValueError):
                while True:
                    self._answer(line, sharing.receive(line))
        finally:
            with self._lock:
                self._callers -= 1
            self._linger()

    def _answer(self, line: socket.socket, asked: dict[str, Any]) -> None:
        pixels = None
        if "ask" in asked:
            shape = tuple(map(int, asked["shape"]))
            if min(shape) < 1 or np.prod(shape, dtype=np.float64) > LARGEST:
                raise ValueError(f"pixels of the shape {shape}")
            pixels = sharing.receive_array(line, shape, np.uint8)
        try:
            said, arrays = self._work(line, asked, pixels)
        except Exception as exc:  # noqa: BLE001 - whatever it is, it is raised where it was asked for
            said, arrays = {"error": type(exc).__name__, "sentence": str(exc)}, []
        sharing.send(line, said, *arrays)

    def _work(self, line: socket.socket, asked: dict[str, Any], pixels: Any) -> tuple[dict[str, Any], Answer]:
        """Return what a caller is told, and the arrays of it."""
        if "let go" in asked:
            name = _freeze(asked["let go"])
            if self._last.get(name) is line:
                inference.kept.let_go(name)
            return {}, []
        name = _freeze(asked.get("ask", asked.get("open", ())))
        if not name:
            return {"process": os.getpid()}, []
        network = inference.kept.find(name)
        self._last[name] = line
        if pixels is None:
            return {"shape": network.shape}, []
        answer = [np.ascontiguousarray(one) for one in network.ask(pixels)]
        return {"shapes": [one.shape for one in answer]}, answer

    def _linger(self) -> None:
        """End in a while, unless somebody is there by then."""
        timer = threading.Timer(LINGER, self.leave)
        timer.daemon = True
        timer.start()

    def leave(self) -> None:
        """End, unless somebody is there."""
        with self._lock:
            if self._callers:
                return
            with suppress(OSError):
                if self._address.stat().st_ino == self._own:
                    self._address.unlink()
            # Who calls just now is hung up on, and starts another.
            self._end()


def _freeze(name: Any) -> Name:
    """Return a network's name as it was before JSON made lists of its tuples."""
    return tuple(_freeze(part) if isinstance(part, list) else part for part in name)


def main() -> None:
    """Serve at the address given, and say when calls are taken."""
    host = Host(Path(sys.argv[1]), lambda: os._exit(0))
    with suppress(OSError), os.fdopen(os.dup(1), "w") as said:
        said.write(sharing.READY)
    # Whoever started it waits for that line alone, and need not stay. Nor is anybody's terminal or pipe held.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    host.serve()


if __name__ == "__main__":
    main()
