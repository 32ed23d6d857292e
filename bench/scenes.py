"""The scenes: how long they take, and contact sheets of them to look at.

    python -m bench.scenes [--scenes N …] [--size 1024] [--alone] [--photo CUTOUT]
    python -m bench.scenes --sheet OUT.png [--scenes N …] [--size 400] [--seed N] [CUTOUT …]

For every scene on one product, in a fresh process each: seconds to the preview and for two pictures, by
the clock and by the processor, and the peak memory of Blender; then, but for --alone, how long a cutout
takes while one scene renders, beside an idle machine's. Where others work too the clock says nothing: two
idle cores take the processor's seconds ÷ 2, and a little more, since sets are built by one. The product is
our own sample bottle unless one is given. With --sheet: every scene (rows) with every cutout (columns), at
the quality of the real thing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageDraw

from editor.engines.io import pictures
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.templates import catalogue
from editor.engines.tools import scene

PREVIEW, BOTH, SHARE = 6.0, 60.0, 90.0
"""Seconds of two idle cores to both previews and to both pictures, for so many percent of the scenes."""

CORES = 2
MEMORY = 2500.0
"""MB of Blender's peak."""

SLOWER = 1.5
"""How much longer a cutout may take while a scene renders."""

QUICK_NICE, RENDER_NICE = 3, 10
"""As editor/wiring.py has them."""

CUTOUTS_TIMED, SIDE = 9, 1600
UNDER_WAY = 8.0
"""Seconds after which a render has begun in earnest."""

DISTURBED_SCENE = 158

CUTOUTS = """
import json, os, sys, tempfile, time
from editor.engines.tools import dispatch
os.nice(int(sys.argv[2]))
dispatch.warm()
for line in sys.stdin:
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        dispatch.run("cutout", sys.argv[1], folder, {"prepare": True})
        print("TOOK", time.monotonic() - started, flush=True)
"""

MEASURE = """
import json, os, resource, sys, tempfile, time
from pathlib import Path
from editor.engines.tools import dispatch

def spent():
    total = 0.0  # processor seconds of the children that still run
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return total

started, early = time.monotonic(), []
with tempfile.TemporaryDirectory() as folder:
    def look(share):
        if len(early) < 2 and (Path(folder) / f"early-{len(early) + 1}.webp").exists():
            early.append((time.monotonic() - started, spent()))
    dispatch.run("scene", sys.argv[1], folder, json.loads(sys.argv[2]), look)
total = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
clock, processor = max(early)
figures = {"preview": clock, "preview_cpu": processor, "total": total, "cpu": used.ru_utime + used.ru_stime}
print("RESULT", json.dumps({**figures, "peak": used.ru_maxrss / 1024}))
"""

SAMPLE = """
import sys
from pathlib import Path
from editor.engines.blender import sample
sample.photograph(Path(sys.argv[1]))
"""


def main() -> int:
    """Print the table, or write the sheet; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cutouts", nargs="*", type=Path)
    parser.add_argument("--scenes", nargs="+", type=int, default=sorted(catalogue.TEMPLATES))
    parser.add_argument("--size", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--alone", action="store_true", help="leave out the cutout beside a scene")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cutouts = asked.cutouts or [sample(Path(scratch))]
        if asked.sheet:
            return sheet(cutouts, asked.scenes, asked.size or 400, asked.seed, asked.sheet)
        missed = timings(cutouts[0], asked.scenes, asked.size or 1024)
        if asked.alone:
            return missed
        return disturbance(cutouts[0], Path(scratch), asked.size or 1024) or missed


def sample(folder: Path) -> Path:
    """Return a cutout of our own product, modelled and rendered."""
    path = folder / "sample.png"
    subprocess.run([sys.executable, "-c", SAMPLE, str(path)], check=True, stdout=subprocess.DEVNULL)
    return path


def timings(cutout: Path, numbers: list[int], size: int) -> int:
    """Print each scene's figures for two takes, and whether the marks are met."""
    found = []
    print(f"two takes at {size}²; seconds by the clock and of Blender by the processor, MB of its peak")
    print("scene previews      cpu     both      cpu     peak name")
    for number in numbers:
        options = json.dumps({"scene": number, "takes": 2, "size": size, "aspect": "1:1", "relight": 0.6})
        command = [sys.executable, "-c", MEASURE, str(cutout), options]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
        figures = json.loads(line.removeprefix("RESULT"))
        found.append(figures)
        columns = [f"{figures[key]:8.1f}" for key in ("preview", "preview_cpu", "total", "cpu", "peak")]
        print(f"{number:5}", *columns, catalogue.template(number).name, flush=True)
    missed = False
    for name, key, mark in (("previews", "preview", PREVIEW), ("both pictures", "total", BOTH)):
        by_clock = share_within([each[key] for each in found], mark)
        spent = [each["preview_cpu" if key == "preview" else "cpu"] / CORES for each in found]
        by_processor = share_within(spent, mark)
        missed |= (over := max(by_clock, by_processor) < SHARE)
        print(
            f"{name} within {mark:g} s: {by_clock:.0f} % by the clock, {by_processor:.0f} % by the processor "
            f"÷ {CORES}, mark {SHARE:g} %{'  MISSED' if over else ''}"
        )
    peak = max(each["peak"] for each in found)
    print(f"peak memory {peak:.0f} MB, mark {MEMORY:g}{'' if peak <= MEMORY else '  MISSED'}")
    return int(missed or peak > MEMORY)


def share_within(seconds: list[float], mark: float) -> float:
    """Return the percent of the figures that are at most a mark."""
    return 100 * sum(each <= mark for each in seconds) / len(seconds)


def disturbance(product: Path, folder: Path, size: int) -> int:
    """Print a cutout's median seconds alone and while a scene renders; 1 where it grew by more than half."""
    photo = folder / "photo.jpg"
    Image.fromarray(skimage.data.astronaut()).resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(photo)
    options = json.dumps({"scene": DISTURBED_SCENE, "takes": 2, "size": size, "aspect": "1:1"})
    quick = [sys.executable, "-c", CUTOUTS, str(photo), str(QUICK_NICE)]
    render = [sys.executable, "-c", MEASURE, str(product), options]
    with subprocess.Popen(quick, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cutting:

        def took() -> float:
            if cutting.stdin is None or cutting.stdout is None:
                raise ValueError("the process was started without pipes")
            print("cut", file=cutting.stdin, flush=True)
            line = next(line for line in cutting.stdout if line.startswith("TOOK"))
            return float(line.split()[1])

        took()
        idle = statistics.median(took() for _ in range(CUTOUTS_TIMED))
        with subprocess.Popen(
            render,
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.nice(RENDER_NICE),
            # It is killed in the middle: what it leaves behind goes with our own folder.
            env={**os.environ, "TMPDIR": str(folder)},
        ) as rendering:
            time.sleep(UNDER_WAY)
            during: list[float] = []
            while rendering.poll() is None and len(during) < CUTOUTS_TIMED:
                during.append(took())
            lasted = rendering.poll() is None
            rendering.kill()
        if cutting.stdin is not None:
            cutting.stdin.close()
    if not during or not (lasted or rendering.returncode == 0):
        raise RuntimeError("The scene was not rendered, so nothing was measured beside it.")
    beside = statistics.median(during)
    grown = beside / idle
    print(f"\na cutout of {SIDE}², median of {CUTOUTS_TIMED} alone: {idle:.2f} s")
    print(
        f"while scene {DISTURBED_SCENE} renders, median of {len(during)}: {beside:.2f} s, "
        f"x {grown:.2f}, mark x {SLOWER:g}{'' if grown <= SLOWER else '  MISSED'}"
    )
    return int(grown > SLOWER)


def sheet(cutouts: list[Path], numbers: list[int], size: int, seed: int, target: Path) -> int:
    """Write all scenes with all cutouts as one picture."""
    products = [scene.Product.of(pictures.read(path)) for path in cutouts]
    page = Image.new("RGB", (size * len(products), size * len(numbers)), "white")
    for row, number in enumerate(numbers):
        for column, product in enumerate(products):
            options = SceneOptions(scene=number, size=size, seed=seed, aspect="1:1")
            with tempfile.TemporaryDirectory() as folder:
                (made,) = scene.make_takes(product, options, Path(folder))
            tile = Image.fromarray(np.asarray(made)).resize((size, size))
            ImageDraw.Draw(tile).text((4, 4), f"{number} {cutouts[column].stem}", fill="magenta")
            page.paste(tile, (column * size, row * size))
        page.save(target)
        print(number, catalogue.template(number).name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
