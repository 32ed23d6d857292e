"""Our reader over folders of pictures, beside programs that share no code with it.

    python -m bench.formats FOLDER...

For each folder: how many files were read and refused, how many differ, the slowest, the largest memory.
Every file is read in a process of its own, so that none can harm another; one that ends without an answer
is counted as uncaught. Beside it stand libvips, where `vipsthumbnail` is installed, and Chromium's canvas.
"Differs" means: laid on black and on white, the mean difference in some field of an eight by eight grid is
over 8 of 255, or the sizes differ. A mean over the whole would not see a corner; single pixels differ with
every decoder's way of enlarging chroma. Differences and refusals of what others show stand below the table
with their reason, by kind of file (bench/reasons.py); what has none is printed with the file's name.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engines.errors import EngineError
from editor.engines.io import formats, pictures

from . import reasons
from .viewers import RGBA, Viewer, open_viewers

DIFFERS = 8
FIELDS = 8
DEADLINE_S = 120


@dataclass
class Reading:
    """What our reader made of a file, and how far that is from what others show."""

    path: Path
    sentence: str = ""
    """Why it was refused."""
    cause: str = ""
    """What stood behind the sentence, where that was somebody else's exception."""
    late: bool = False
    """Taken by its header and refused in work: a person waited for nothing."""
    uncaught: str = ""
    seconds: float = 0.0
    """CPU time, all threads."""
    memory_mb: float = 0.0
    """By how much the process grew."""
    differences: dict[str, float] = field(default_factory=dict)
    """Of 255, by the viewer's name; infinite where it shows what we refuse, or another size."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why so, by the viewer's name; "" where none is stated."""

    @property
    def read(self) -> bool:
        return not self.sentence and not self.uncaught


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument(
        "--lines", type=Path, help="write what is known of each file there, a line of JSON each"
    )
    args = parser.parse_args()
    rows: dict[Path, list[Reading]] = {}
    with open_viewers() as viewers, (args.lines or Path("/dev/null")).open("w") as lines:
        print("beside " + ", ".join(f"{one.name} {one.version}" for one in viewers))
        for folder in args.folders:
            rows[folder] = []
            for reading in judge(folder, viewers):
                print(json.dumps(asdict(reading), default=str), file=lines, flush=True)
                rows[folder].append(reading)
    print_table(rows)
    print_reasons([reading for row in rows.values() for reading in row])


def print_table(rows: dict[Path, list[Reading]]) -> None:
    """Print a row of numbers for each folder and one for all, as Markdown."""
    counted = ("files", "read", "refused", "of these late", "uncaught", "differ", "without a reason")
    columns = ("pictures of", *counted, "slowest", "memory")
    print(f"\n| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|")
    everything = [reading for row in rows.values() for reading in row]
    for name, row in [*((folder.name, row) for folder, row in rows.items()), ("all", everything)]:
        counts = [
            len(row),
            sum(one.read for one in row),
            sum(bool(one.sentence) for one in row),
            sum(one.late and bool(one.sentence) for one in row),
            sum(bool(one.uncaught) for one in row),
            sum(one.read and bool(one.reasons) for one in row),
            sum("" in one.reasons.values() for one in row),
        ]
        slowest, largest = (max(getattr(one, what) for one in row) for what in ("seconds", "memory_mb"))
        print(f"| {name} | {' | '.join(map(str, counts))} | {slowest:.2f} s | {largest:.0f} MB |")


def print_reasons(readings: list[Reading]) -> None:
    """Print how often each reason holds, what has none, and what took longest."""
    for title, wanted in (("differ", True), ("refused though others show it", False)):
        found = Counter(
            (reason, viewer)
            for one in readings
            if one.read == wanted
            for viewer, reason in one.reasons.items()
            if reason
        )
        print(f"\n{title}:")
        for (reason, viewer), count in found.most_common():
            print(f"{count:5d} from {viewer}: {reason}")
    print("\nwithout a stated reason:")
    for one in readings:
        for viewer in (name for name, reason in one.reasons.items() if not reason):
            print(f"  {one.path}: {viewer} {one.differences[viewer]:.1f} {one.sentence}")
    print("\nuncaught:")
    for one in readings:
        if one.uncaught:
            print(f"  {one.path}: {one.uncaught}")
    for what, unit in (("seconds", "s"), ("memory_mb", "MB")):
        most = sorted(readings, key=lambda one: getattr(one, what), reverse=True)[:3]
        print(f"most {unit}: " + ", ".join(f"{one.path.name} {getattr(one, what):.2f}" for one in most))


def judge(folder: Path, viewers: list[Viewer]) -> Iterator[Reading]:
    """Read every file below the folder and hold it against what the viewers show."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch) / "ours.npy"
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            reading = read_apart(path, kept)
            ours = np.load(kept) if reading.read else None
            for viewer in viewers:
                theirs = viewer.show(path)
                if theirs is not None:
                    reading.differences[viewer.name] = difference(ours, theirs)
            if not reading.uncaught:
                reading.reasons = find_reasons(reading)
            yield reading


def find_reasons(reading: Reading) -> dict[str, str]:
    """Return the viewers that differ over a file and why, "" where no reason is stated."""
    agree = frozenset(name for name, value in reading.differences.items() if value <= DIFFERS)
    shown, data = frozenset(reading.differences), reading.path.read_bytes()
    return {
        name: reasons.find(reasons.Case(data, reading.sentence, name, agree, shown))
        for name in reading.differences
        if name not in agree
    }


def difference(ours: RGBA | None, theirs: RGBA) -> float:
    """Return the mean difference, of 255, in that field of the grid where it is largest."""
    if ours is None or ours.shape != theirs.shape:
        return float("inf")
    (rows, heights), (columns, widths) = (bands(length) for length in ours.shape[:2])
    mine, other = (one.astype(np.float32) / 255 for one in (ours, theirs))
    worst = 0.0
    for ground in (0, 1):
        # Laid on black or white: what is hidden may have any colour.
        shown = [ground + one[..., 3:] * (one[..., :3] - ground) for one in (mine, other)]
        apart = np.abs(shown[0] - shown[1]).mean(axis=2)
        sums = np.add.reduceat(np.add.reduceat(apart, rows, axis=0), columns, axis=1)
        worst = max(worst, 255 * float((sums / np.outer(heights, widths)).max()))
    return worst


def bands(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the starts and the lengths of at most FIELDS bands of at least FIELDS pixels."""
    edges = np.linspace(0, length, 1 + max(1, min(FIELDS, length // FIELDS))).astype(np.int64)
    return edges[:-1], np.diff(edges)


def read_apart(path: Path, kept: Path) -> Reading:
    """Read a file in a process of its own, which leaves the pixels at `kept`."""
    # Forked, with everything imported: what is measured is the file, not Python's start.
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=read_here, args=(path, kept, there))
    process.start()
    there.close()
    try:
        return (
            here.recv() if here.poll(DEADLINE_S) else Reading(path, uncaught=f"no answer in {DEADLINE_S} s")
        )
    except EOFError:
        return Reading(path, uncaught="the process ended without an answer")
    finally:
        process.kill()
        process.join()


def read_here(path: Path, kept: Path, pipe: Connection) -> None:
    """Read a file, keep its pixels and send what is to be said about it."""
    # libtiff says on the error stream what the libraries above it raise or mend.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    reading = Reading(path)
    before = memory_mb("VmRSS")
    started = time.process_time()
    try:
        with path.open("rb") as file:
            formats.probe(file)
        reading.late = True
        picture = pictures.read(path)
        reading.seconds, reading.memory_mb = time.process_time() - started, memory_mb("VmHWM") - before
        reading.late = False
        np.save(kept, np.asarray(pictures.to_pillow(picture.rgb, picture.alpha).convert("RGBA")))
    except EngineError as exc:
        reading.seconds, reading.memory_mb = time.process_time() - started, memory_mb("VmHWM") - before
        reading.sentence, reading.cause = str(exc), repr(exc.__cause__ or "")
    except Exception as exc:  # noqa: BLE001 - that nothing else comes out is what is measured
        reading.uncaught = repr(exc)
    pipe.send(reading)


def memory_mb(line: str) -> float:
    """Return a line of this process's status in megabytes."""
    status = Path("/proc/self/status").read_text()
    return next(int(one.split()[1]) for one in status.splitlines() if one.startswith(line)) / 1024


if __name__ == "__main__":
    main()
