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
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.viewers import RGBA, Viewer, open_viewers
from editor.engines import formats, pictures
from editor.engines.errors import EngineError

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
            yield reading


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
        np.save(kept, np.asarray(pictures.joined(picture.rgb, picture.alpha).convert("RGBA")))
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
