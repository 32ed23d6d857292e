"""What Cycles says of a picture while it is rendered: how far it is, and how long what takes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from types import TracebackType

import bpy

from editor.engines.scenes.render_pace import Pace

SAMPLE = re.compile(r"Sample (\d+)/(\d+)")
TELL_EVERY = 0.2
WAITED_OUT = 0.95
"""Of its limit: Cycles counts from a moment that it does not tell."""


def now() -> float:
    """Return the seconds of a clock that other processes of this machine read alike."""
    return time.monotonic()


class Timing:
    """Listens while one picture is rendered, in as many bands as it has; begin is called before each.

    limit: seconds that samples may take in all, 0 for no limit. heard: told the share of the picture.
    """

    def __init__(self, bands: int = 1, limit: float = 0.0, heard: Callable[[float], None] | None = None):
        self.bands, self.limit, self.heard = bands, limit, heard
        self.band, self.taken, self.wanted = 0, 0, 0
        self.started = self.first = self.cpu = 0.0
        self.begun = self.rendered = self.used = self.work = 0.0
        self.fewest: int | None = None
        self.last = 0.0

    def __enter__(self) -> Timing:
        bpy.app.handlers.render_stats.append(self._heard)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        bpy.app.handlers.render_stats.remove(self._heard)

    def begin(self) -> float:
        """Note that a band begins. Return the seconds that its samples may take, 0 for no limit."""
        self.started, self.first, self.taken = now(), 0.0, 0
        left = self.bands - self.band
        return max(0.1, (self.limit - self.rendered) / left) if self.limit else 0.0

    def end(self, pixels: int, limit: float) -> None:
        """Note that a band of so many pixels is done."""
        ended, first = now(), self.first or self.started
        self.band += 1
        self.begun += first - self.started
        self.rendered += ended - first
        self.used += time.process_time() - self.cpu
        self.work += pixels / 1e6 * (self.taken + 1)
        if limit and self.taken < self.wanted and ended - first >= WAITED_OUT * limit:
            self.fewest = self.taken if self.fewest is None else min(self.fewest, self.taken)

    @property
    def pace(self) -> Pace:
        processors = os.process_cpu_count() or 1
        share = self.used / (self.rendered * processors) if self.rendered > 0 else 1.0
        return Pace(self.begun, self.rendered / self.work if self.work else 0.0, min(1.0, share))

    def _heard(self, statistics: str, *_: object) -> None:
        found = SAMPLE.search(str(statistics))
        if not found:
            return
        taken, self.wanted = int(found[1]), int(found[2])
        if not self.first:
            self.first, self.cpu = now(), time.process_time()
        # Having stopped before the last of them, Cycles says once more that it is at 0.
        self.taken = max(self.taken, taken)
        if self.heard is not None and now() - self.last > TELL_EVERY:
            self.last = now()
            self.heard((self.band + 0.95 * self.taken / max(1, self.wanted)) / self.bands)
