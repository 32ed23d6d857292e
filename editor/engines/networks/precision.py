"""The precision that the network runs in on this machine: what was measured, or what a setting says.

An ordinary CPU multiplies 8-bit integers two to four times as quickly as 32-bit floats; some multiply
16-bit floats (bf16) as quickly. Which is quickest is measured once (network.measure) and kept here.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from editor.engines import paths
from editor.engines.errors import InvalidOptions

Precision = Literal["int8", "bf16", "f32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

SETTING = "NETWORK_PRECISION"
"""Environment variable that overrules the measurement: one of PRECISIONS; empty or "auto" leaves it."""


@dataclass(frozen=True)
class Measured:
    """Seconds a look takes in each precision that this machine can run; machine says what was measured."""

    machine: str
    seconds: dict[str, float]

    @property
    def quickest(self) -> Precision:
        return min(PRECISIONS, key=lambda precision: self.seconds.get(precision, float("inf")))


def read_setting() -> Precision | None:
    """Return the precision that the setting demands, None for the quickest. Raises InvalidOptions."""
    word = os.environ.get(SETTING, "").strip().lower()
    if word in ("", "auto"):
        return None
    for precision in PRECISIONS:
        if word == precision:
            return precision
    raise InvalidOptions(f"{SETTING} must be auto, {', '.join(PRECISIONS)}; it is '{word}'.")


def recall(machine: str) -> Measured | None:
    """Return what was measured on this very machine, None if nothing was."""
    kept = _read_kept()
    return kept if kept and kept.machine == machine else None


def keep(measured: Measured) -> None:
    """Keep a measurement for later starts. On a read-only disk each start measures anew."""
    path = _file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(asdict(measured)), "utf-8")
        beside.replace(path)


def describe() -> str:
    """Return in a line what the network runs in here and why, without measuring."""
    if (said := read_setting()) is not None:
        return f"The network runs in {said}, as {SETTING} says."
    if kept := _read_kept():
        times = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in kept.seconds.items())
        return f"The network runs in {kept.quickest}: a small look takes {times}. {SETTING} overrules."
    return "How the network runs quickest here is measured at its first start."


def _read_kept() -> Measured | None:
    """Return the measurement that is kept, None where there is none or it is damaged."""
    with suppress(OSError, ValueError, TypeError):
        kept = Measured(**json.loads(_file().read_text("utf-8")))
        return kept if kept.seconds else None
    return None


def _file() -> Path:
    return paths.cache() / "precision.json"
