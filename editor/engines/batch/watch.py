"""A folder that is watched: a photo is taken once it has stopped growing, and what is done stays done."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from editor.engines.catalogue import sources
from editor.engines.errors import InvalidOptions, PictureError

from . import intake
from .batch import Batch, clear_scratch
from .report import Summary

Stamp = tuple[int, int]
"""Bytes and time of the last change, in nanoseconds."""


class Watch:
    """A folder, and the batch that its photos go through."""

    def __init__(self, folder: Path, batch: Batch, say: Callable[[str], None]) -> None:
        """say: hears why a photo cannot be made now, a line each."""
        self.folder, self.batch, self.say = folder, batch, say
        self._before: dict[Path, Stamp] = {}
        self._done: dict[Path, Stamp] | None = None
        self._said = ""

    def look(self) -> Summary | None:
        """Look once. What is as it was at the look before is taken; None where nothing is new of that.

        What somebody still copies is left for a later look. Raises NotEnoughResources, WeightsMissing,
        OSError.
        """
        now = self._stamp()
        still = {path: stamp for path, stamp in now.items() if self._before.get(path) == stamp}
        self._before = now
        if still == (self._done or {}):
            return None
        try:
            summary = self._run(set(still))
        except (InvalidOptions, PictureError) as exc:
            # Two names that collide, a table that is no table: whoever fills the folder can mend that.
            if str(exc) != self._said:
                self.say(str(exc))
            self._said, self._done = str(exc), still
            return None
        self._said, self._done = "", still
        return summary

    @property
    def settled(self) -> bool:
        """Whether all that is there was taken at the last look."""
        return self._before == (self._done or {})

    def _run(self, still: set[Path]) -> Summary:
        scratch = clear_scratch(self.batch.target)
        try:
            found = intake.take_in([self.folder], scratch, apart=self.batch.target, only=still)
            return self.batch.run(found.items, found.objections, retry=False)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _stamp(self) -> dict[Path, Stamp]:
        stamps = {}
        own = self.batch.target.resolve()
        for name in sources.walk(self.folder):
            path = self.folder / name
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # whoever moved it away meanwhile
            if status.st_size and not path.resolve().is_relative_to(own):
                stamps[path] = status.st_size, status.st_mtime_ns
        return stamps


def watch(
    folder: Watch,
    show: Callable[[Summary], None],
    *,
    every_s: float,
    once: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> Summary:
    """Look again and again; with once, until nothing grows any more. Return what all came to at the last."""
    last = Summary()
    while True:
        summary = folder.look()
        if summary is not None:
            last = summary
            show(summary)
        if once and folder.settled:
            return last
        sleep(every_s)
