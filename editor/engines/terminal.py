"""Progress of the command line: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from typing import NoReturn, TextIO

from tqdm import tqdm

LINE_EVERY_S = 5.0


class TerminalProgress:
    """Shows fetching on a stream; implements sources.Progress. Use as a context manager."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar: tqdm[NoReturn] | None = None
        self._name = ""
        self._total = 0
        self._said = 0.0

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def begin(self, name: str, total_bytes: int) -> None:
        """Start on a file of about total_bytes."""
        self._close()
        self._name, self._total = name, total_bytes
        if self._stream.isatty():
            self._bar = tqdm(total=total_bytes, desc=name, unit="B", unit_scale=True, file=self._stream)
        else:
            self.say(f"{name}: fetching {total_bytes / 1e6:.0f} MB")
            self._said = time.monotonic()

    def reach(self, done_bytes: int) -> None:
        """Show that done_bytes are here."""
        if self._bar is not None:
            self._bar.update(done_bytes - self._bar.n)
        elif time.monotonic() - self._said > LINE_EVERY_S:
            self._said = time.monotonic()
            self.say(f"{self._name}: {done_bytes / 1e6:.0f} of {self._total / 1e6:.0f} MB")

    def say(self, line: str) -> None:
        """Show a line, above the bar if there is one."""
        if self._bar is not None:
            self._bar.write(line, file=self._stream)
        else:
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
