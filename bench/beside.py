"""This build beside another one, made with `make install` in a folder of its own: what got slower or larger?

    python -m bench.beside FOLDER [--rounds N] [--side N] [engine | scenes | way …]

Every part runs in either build's own environment by turns, so that what else the machine does falls on both,
in a fresh process each time. Printed are the medians and ours ÷ theirs, in seconds of the clock and of the
processor (a busy machine spoils the first, hardly the second), and megabytes. `engine`: a warm cutout, from
file to files; `scenes`: two pictures of six sets, Blender's process and all; `way`: from upload over HTTP to
the archived result, all processes together, and the web process after 50 pages. Only what both builds have
is called; 1 where anything is more than 5 % slower by the processor, or the web process 10 % larger.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .way import photos

ROOT = Path(__file__).resolve().parents[1]

SLOWER, LARGER = 1.05, 1.10

SCENES = (146, 148, 151, 155, 160, 166)

# Each part gets arguments and prints one line: RESULT and {measurement: figure}.
ENGINE = """
import json, sys, tempfile, time
try:
    from editor.engines.tools import dispatch
except ImportError:  # a build from before the engines had folders
    from editor.engines import jobs as dispatch
dispatch.warm()
found = {}
for photo in sys.argv[1:]:
    name = photo.rsplit("/", 1)[-1]
    for turn in range(4):
        with tempfile.TemporaryDirectory() as folder:
            began, used = time.perf_counter(), time.process_time()
            dispatch.run("cutout", photo, folder, {"prepare": True})
        if turn:
            found.setdefault(name + ", clock", []).append(time.perf_counter() - began)
            found.setdefault(name + ", processor", []).append(time.process_time() - used)
print("RESULT", json.dumps({name: sorted(each)[len(each) // 2] for name, each in found.items()}))
"""

SCENE = """
import json, resource, sys, tempfile, time
try:
    from editor.engines.tools import dispatch
except ImportError:  # a build from before the engines had folders
    from editor.engines import jobs as dispatch
began = time.perf_counter()
with tempfile.TemporaryDirectory() as folder:
    dispatch.run("scene", sys.argv[1], folder, json.loads(sys.argv[2]))
clock = time.perf_counter() - began
both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
name = "scene " + str(json.loads(sys.argv[2])["scene"])
print("RESULT", json.dumps({
    name + ", clock": clock,
    name + ", processor": sum(each.ru_utime + each.ru_stime for each in both),
    name + ", peak MB": both[1].ru_maxrss / 1024,
}))
"""

WAY = """
import json, os, sys, tempfile, time
from pathlib import Path
from bench.way import HEADERS, wait_for_archive
try:
    from tests.end_to_end.installation import Studio
except ImportError:  # in builds before it moved
    from tests.studio.installation import Studio

def processor(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

def spent(studio):
    return sum(processor(pid) for pid in studio.processes(""))

with tempfile.TemporaryDirectory() as folder:
    studio = Studio(Path(folder) / "studio")
    studio.start()
    try:
        client = studio.client("alice@example.com", studio.add_person("alice@example.com"))
        found = {}
        for photo in map(Path, sys.argv[1:]):
            for turn in range(4):
                began, used = time.time(), spent(studio)
                files = {"photo": (photo.name, photo.read_bytes(), "image/jpeg")}
                sent = client.post("/editor/photos/", files=files, data={"tool": "cutout"}, headers=HEADERS)
                sent.raise_for_status()
                clock = wait_for_archive(studio, began) - began
                time.sleep(0.5)
                if turn:
                    found.setdefault(photo.name + ", clock", []).append(clock)
                    found.setdefault(photo.name + ", processor", []).append(spent(studio) - used)
        found = {name: sorted(each)[len(each) // 2] for name, each in found.items()}
        (web,) = studio.processes("uvicorn")
        used = processor(web)
        for _ in range(25):
            for page in ("/editor/", "/gallery/"):
                client.get(page).raise_for_status()
        found["50 pages, processor"] = processor(web) - used
        rollup = Path(f"/proc/{web}/smaps_rollup").read_text().splitlines()
        for words in ("Rss", "Pss"):
            found[f"web, {words} MB"] = next(
                int(line.split()[1]) / 1024 for line in rollup if line.startswith(words + ":")
            )
    finally:
        studio.stop()
print("RESULT", json.dumps(found))
"""


def main() -> int:
    """Print the table; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("parts", nargs="*", default=["engine", "scenes", "way"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", type=int, default=512, help="of the scenes' pictures, in pixels")
    asked = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for part in asked.parts:
            for code, *arguments in PARTS[part](Path(scratch), asked.side):
                missed |= compare(asked.folder.resolve(), code, arguments, asked.rounds)
    return missed


def cutouts(scratch: Path, side: int) -> list[list[str]]:
    return [[ENGINE, *map(str, photos(scratch))]]


def sets(scratch: Path, side: int) -> list[list[str]]:
    from .scenes import sample

    product = str(sample(scratch))
    asked = [{"scene": number, "takes": 2, "size": side, "aspect": "1:1"} for number in SCENES]
    return [[SCENE, product, json.dumps(options)] for options in asked]


def way(scratch: Path, side: int) -> list[list[str]]:
    return [[WAY, *map(str, photos(scratch)[:3])]]


PARTS = {"engine": cutouts, "scenes": sets, "way": way}


def compare(other: Path, code: str, arguments: list[str], rounds: int) -> int:
    """Print one part's figures in both builds; 1 where a mark is missed."""
    found: dict[str, dict[Path, list[float]]] = {}
    for turn in range(rounds):
        for build in ((other, ROOT), (ROOT, other))[turn % 2]:
            for name, figure in measure(build, code, arguments).items():
                found.setdefault(name, {}).setdefault(build, []).append(figure)
    missed = 0
    for name, each in found.items():
        theirs, ours = statistics.median(each[other]), statistics.median(each[ROOT])
        # Of two runs one after the other: what slows the machine meanwhile slows both.
        ratio = statistics.median(mine / his for mine, his in zip(each[ROOT], each[other], strict=True))
        mark = LARGER if name.startswith("web") else SLOWER if name.endswith("processor") else None
        over = mark is not None and ratio > mark
        missed |= over
        print(f"{name:34} {theirs:9.2f} {ours:9.2f}   x {ratio:.2f}{'  MISSED' if over else ''}", flush=True)
    return int(missed)


def measure(build: Path, code: str, arguments: list[str]) -> dict[str, float]:
    """Run code in a build's own environment and return the figures it prints."""
    given = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATA_DIR", "PYTHON", "VIRTUAL_ENV", "PYTHONPATH")
    }
    done = subprocess.run(
        [build / ".venv/bin/python", "-c", code, *arguments],
        cwd=build,
        env={**given, "DATA_DIR": str(build / "var")},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    return json.loads(line.removeprefix("RESULT"))


if __name__ == "__main__":
    sys.exit(main())
