"""The cutout engine beside rembg on the same weights, beside the bare network, and beside another build.

    python -m bench.engine [PHOTO …] [--truth FOLDER] [--heads PHOTO …] [--before BUILD] [--isa WORD]
                           [--rounds N] [--matting]

`ours` is a warm engine from file to RGBA PNG: decode, network, matte, foreground colours, encode. `bare` is
decoding and the network alone, as our engine runs it. `rembg` is its custom-model session on the very
same ONNX file, from file to RGBA PNG; with --matting its alpha matting too, which cleans colours as ours
does. `before` is what another checkout of this project does (its own .venv, set up). Each is a warm
process of its own; rounds are interleaved, so that what else the machine does falls on all alike. Medians
of seconds by the clock, and of seconds of all processors, which other work on the machine disturbs less.

--truth: every product before every background, as bench.matte has them, once: the mean, further looks
included. --heads: photos of one person, a head beside a cutout. Memory is that of fresh processes.

--isa avx2 has the engine use no newer instructions (ONEDNN_MAX_CPU_ISA). That is faithful for the
network: oneDNN and OpenVINO pick the code that such a CPU would run. It cannot bind onnxruntime, which
rembg then still runs with all that the CPU has, nor the clock and caches of an older CPU: ratios to rembg
come out lower than on a true one.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import skimage.data
from PIL import Image

from editor.engines.networks import inference, weights

from . import limits, matte
from .contestants import BARE, OURS, REMBG, Contestant, Took

INSTALL_RIVAL = (
    "rembg is not installed, so there is nothing to compare with. Install it into this environment:\n"
    "    python -m pip install --no-deps --require-hashes -r requirements-bench.txt"
)

ISA = {"avx2": "AVX2", "avx512": "AVX512_CORE", "vnni": "AVX512_CORE_VNNI", "bf16": "AVX512_CORE_BF16"}
"""ONEDNN_MAX_CPU_ISA's words, from the least on."""

SIZES = ((1224, 816), (4000, 3000))
MEMORY_SIZES = ((1224, 816), (4096, 4096))

UNUSED = inference.KEPT_SECONDS + 10
"""Seconds after which a network that was not used is gone."""


def main() -> int:
    """Print the tables; 1 where a rival is missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--heads", nargs="*", type=Path, default=[])
    parser.add_argument("--before", type=Path)
    parser.add_argument("--isa", choices=sorted(ISA))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--matting", action="store_true")
    asked = parser.parse_args()
    if asked.isa and "ONEDNN_MAX_CPU_ISA" not in os.environ:
        # It is read when the libraries load: begun anew with it.
        os.environ["ONEDNN_MAX_CPU_ISA"] = ISA[asked.isa]
        os.execv(sys.executable, [sys.executable, "-m", "bench.engine", *sys.argv[1:]])  # noqa: S606
    limits.report()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        racers = {name: stack.enter_context(racer) for name, racer in contestants(asked, folder).items()}
        for photo in asked.photos or photos(folder):
            for small in sizes(photo, folder):
                race(small, racers, asked.rounds)
        for photo in asked.heads or [enlarge("astronaut", 1024, 1024, folder)]:
            heads(photo, racers, asked.rounds)
        if asked.truth:
            whole_set(asked.truth, racers, folder)
    for name, build in builds(asked).items():
        memory(name, build)
    if "rembg" not in racers:
        print(INSTALL_RIVAL, file=sys.stderr)
        return 1
    return 0


def builds(asked: argparse.Namespace) -> dict[str, Path]:
    """Return the builds to measure, by name."""
    ours = {"ours": Path(__file__).resolve().parent.parent}
    return ours | ({"before": asked.before.resolve()} if asked.before else {})


def contestants(asked: argparse.Namespace, folder: Path) -> dict[str, Contestant]:
    """Start what is compared. rembg is not among it where it is not installed."""
    racers = {
        name: Contestant(OURS, build=build, shared=folder / name) for name, build in builds(asked).items()
    }
    racers["bare"] = Contestant(BARE)
    if importlib.util.find_spec("rembg") is not None:
        model = weights.need(weights.ISNET).path.resolve()
        # It takes models from its own folder alone.
        home = {"MODEL": str(model), "REMBG_HOME": str(model.parent)}
        racers["rembg"] = Contestant(REMBG, environment=home)
        if asked.matting:
            racers["rembg, alpha matting"] = Contestant(REMBG, environment={**home, "MATTING": "1"})
    return racers


def photos(folder: Path) -> list[Path]:
    """Photos that scikit-image ships, at a camera's size."""
    return [enlarge(name, 4000, 3000, folder) for name in ("coffee", "chelsea")]


def enlarge(name: str, width: int, height: int, folder: Path) -> Path:
    """Write one of scikit-image's photos as a JPEG of the given size."""
    picture = Image.fromarray(getattr(skimage.data, name)())
    return resize(picture, width, height, folder / f"{name}-{width}x{height}.jpg")


def resize(picture: Image.Image, width: int, height: int, path: Path) -> Path:
    picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).save(path, quality=92)
    return path


def sizes(photo: Path, folder: Path) -> Iterable[Path]:
    """Yield the photo at SIZES, its sides' ratio given up: how much there is to do is what counts."""
    with Image.open(photo) as picture:
        for width, height in SIZES:
            yield resize(picture, width, height, folder / f"{photo.stem} {width}x{height}.jpg")


def race(photo: Path, racers: dict[str, Contestant], rounds: int) -> None:
    """Print one photo's medians."""
    took: dict[str, list[Took]] = {name: [] for name in racers}
    for _ in range(rounds):
        for name, racer in racers.items():
            took[name].append(racer.work(photo))
    print(f"\n{photo.stem}")
    table({name: median(rows) for name, rows in took.items()})


def table(rows: dict[str, Took]) -> None:
    """Print each contestant's seconds, and how many times ours they are."""
    ours = rows["ours"]
    for name, row in rows.items():
        print(
            f"  {name:22} {row.seconds:6.2f} s  {row.cpu:6.2f} CPU s   "
            f"{row.seconds / ours.seconds:5.2f} and {row.cpu / ours.cpu:5.2f} times ours"
        )
    sys.stdout.flush()


def median(rows: list[Took]) -> Took:
    return Took(*(statistics.median(getattr(row, field.name) for row in rows) for field in fields(Took)))


def heads(photo: Path, racers: dict[str, Contestant], rounds: int) -> None:
    """Print what a head costs beside a cutout of the same photo, in this build and the one before."""
    print(f"\na head of {photo.stem}")
    for name in ("ours", "before"):
        if name not in racers:
            continue
        took: dict[str, list[Took]] = {"head": [], "cutout": []}
        for _ in range(rounds):
            for tool, rows in took.items():
                rows.append(racers[name].work(photo, tool))
        head, cutout = median(took["head"]), median(took["cutout"])
        print(
            f"  {name:8} {head.seconds:.2f} s, {head.cpu:.2f} CPU s: "
            f"{head.seconds / cutout.seconds:.2f} and {head.cpu / cutout.cpu:.2f} times a cutout",
            flush=True,
        )


def whole_set(truth: Path, racers: dict[str, Contestant], folder: Path) -> None:
    """Print the means over products before backgrounds."""
    took: dict[str, list[Took]] = {name: [] for name in racers}
    for number, case in enumerate(matte.paste_products(truth)):
        photo = folder / f"case-{number}.jpg"
        Image.fromarray(case.rgb).save(photo, quality=matte.JPEG_QUALITY)
        for name, racer in racers.items():
            took[name].append(racer.work(photo))
    print(f"\nmeans over {len(took['ours'])} photos of {truth.name}")
    table({name: mean(rows) for name, rows in took.items()})


def mean(rows: list[Took]) -> Took:
    return Took(*(statistics.mean(getattr(row, field.name) for row in rows) for field in fields(Took)))


def memory(name: str, build: Path) -> None:
    """Print the memory of a fresh process, by size of photo, and of two beside one."""
    print(f"\nmemory, {name}: a fresh process with all that the studio keeps of a cutout")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for width, height in MEMORY_SIZES:
            photo = enlarge("coffee", width, height, folder)
            with Contestant(OURS, build=build, shared=folder / str(width)) as racer:
                for _ in range(3):
                    racer.work(photo, files=True)
                now = racer.rest()
            print(f"  {width}x{height}: peak {now.peak} MB, afterwards {now.resident} MB")
        photo = enlarge("coffee", *MEMORY_SIZES[0], folder)
        with Contestant(OURS, build=build, shared=folder) as one:
            one.work(photo, files=True)
            now = one.rest()
            alone = now.share + now.common
            with Contestant(OURS, build=build, shared=folder) as other:
                other.work(photo, files=True)
                now = other.rest()
                both = one.rest().share + now.share + now.common
        print(f"  two processes hold {both / alone:.2f} times what one does ({alone} MB; PSS)", flush=True)
        rare(build, folder)


def rare(build: Path, folder: Path) -> None:
    """Print the memory after what most photos do not need, and what of it is left when it was not used."""
    work = (("further looks", "chelsea", "cutout"), ("an animal's head", "chelsea", "head"))
    photo = enlarge("coffee", *MEMORY_SIZES[0], folder)
    for what, name, tool in work:
        with Contestant(OURS, build=build, shared=folder / tool) as racer:
            before = racer.work(photo, files=True).resident
            after = racer.work(enlarge(name, *MEMORY_SIZES[0], folder), tool, files=True)
            time.sleep(UNUSED)
            late = racer.rest().resident
        print(
            f"  {what}: {before} MB before, {after.resident} MB after, {late} MB {UNUSED:.0f} seconds later "
            f"({after.cpu:.2f} CPU seconds, made ready and all)",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
