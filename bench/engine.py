"""The cutout engine beside its bare network and beside rembg, on the same photos and weights.

    python -m bench.engine [--rounds N] [--matting] [PHOTO …]

`bare` is the network alone (squeeze to 1024 x 1024, infer), as our engine runs it. `ours` is a warm
engine from file to RGBA PNG: decode, network, matte, foreground colours, encode. `rembg` is its
custom-model session on the very same ONNX file, from file to RGBA PNG; with --matting also with its
alpha matting, which cleans colours as ours does and can take half a minute a photo. Rounds are
interleaved, so that what else the machine does falls on all alike. Medians; `over bare` is
ours ÷ (bare + decode + encode). Memory is the peak of a fresh process.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import skimage.data
from PIL import Image

from editor.engines import cutout, edges, foreground, jobs, matte, network, pictures, weights

INSTALL_RIVAL = (
    "rembg is not installed, so there is nothing to compare with. Install it into this environment:\n"
    "    python -m pip install --no-deps --require-hashes -r requirements-bench.txt"
)

PEAK = """
import sys, tempfile
from pathlib import Path
from editor.engines import jobs
with tempfile.TemporaryDirectory() as folder:
    jobs.run("cutout", sys.argv[1], folder, {})
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""

Step = Callable[[], object]


def main() -> int:
    """Print the table; 1 where a rival is missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--matting", action="store_true", help="measure rembg's alpha matting too")
    asked = parser.parse_args()
    jobs.warm()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rivals = rival_steps(folder, with_matting=asked.matting)
        print(f"median seconds of {asked.rounds} rounds; ms for the parts")
        for photo in asked.photos or photos(folder):
            measure(photo, folder, asked.rounds, rivals)
        for width, height in ((1224, 816), (4096, 4096)):
            photo = enlarged("coffee", width, height, folder)
            print(f"peak memory, fresh process, {width}x{height}: {peak_megabytes(photo)} MB")
    if not rivals:
        print(INSTALL_RIVAL, file=sys.stderr)
        return 1
    return 0


def photos(folder: Path) -> list[Path]:
    """Photos that scikit-image ships, near 1 megapixel and at a camera's size."""
    sizes = (("coffee", 1224, 816), ("astronaut", 1024, 1024), ("chelsea", 1224, 814), ("coffee", 3000, 2000))
    return [enlarged(name, width, height, folder) for name, width, height in sizes]


def enlarged(name: str, width: int, height: int, folder: Path) -> Path:
    """Write one of scikit-image's photos as a JPEG of the given size."""
    picture = Image.fromarray(getattr(skimage.data, name)())
    path = folder / f"{name}-{width}x{height}.jpg"
    picture.resize((width, height), Image.Resampling.LANCZOS).save(path, quality=92)
    return path


def measure(photo: Path, folder: Path, rounds: int, rivals: dict[str, Callable[[Path], object]]) -> None:
    """Print one photo's medians."""
    picture = pictures.read(photo)
    target = folder / "ours.png"
    small = network.segmenter().subject(picture.rgb)
    alpha = matte.enlarged(small, picture.width, picture.height)
    made = cutout.cut(picture)

    def ours() -> None:
        done = cutout.cut(pictures.read(photo))
        pictures.write(target, done.rgb, done.alpha, format="png")

    steps: dict[str, Step] = {
        "bare": lambda: network.segmenter().subject(picture.rgb),
        "ours": ours,
        "decode": lambda: pictures.read(photo),
        "matte": lambda: edges.refined(network.squeezed(picture.rgb), small, picture.rgb),
        "colours": lambda: foreground.purified(picture.rgb, alpha),
        "encode": lambda: pictures.write(target, made.rgb, made.alpha, format="png"),
    }
    for name, rival in rivals.items():
        steps[name] = lambda rival=rival: rival(photo)  # type: ignore[misc]
    seconds = {name: statistics.median(times) for name, times in interleaved(steps, rounds).items()}
    floor = seconds["bare"] + seconds["decode"] + seconds["encode"]
    print(f"\n{photo.name} ({picture.width}x{picture.height})")
    print(
        f"  bare {seconds['bare']:.3f}   ours {seconds['ours']:.3f}   over bare {seconds['ours'] / floor:.2f}"
    )
    parts = "   ".join(
        f"{name} {seconds[name] * 1000:.0f}" for name in ("decode", "matte", "colours", "encode")
    )
    print(f"  parts of ours: {parts}")
    for name in rivals:
        print(f"  {name} {seconds[name]:.3f}   {seconds[name] / seconds['ours']:.1f} times ours")


def interleaved(steps: dict[str, Step], rounds: int) -> dict[str, list[float]]:
    """Run every step once per round and return each one's seconds."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - started)
    return times


def rival_steps(folder: Path, *, with_matting: bool) -> dict[str, Callable[[Path], object]]:
    """Return what rembg does to a photo, by name; empty where it is not installed."""
    if importlib.util.find_spec("rembg") is None:
        return {}
    from rembg import new_session, remove

    file = weights.need(weights.ISNET).path
    # It takes models from its own folder alone, so ours is made that.
    os.environ["U2NET_HOME"] = str(file.parent)
    session = new_session("dis_custom", model_path=str(file))

    def cut(photo: Path, matting: bool) -> None:
        with Image.open(photo) as picture:
            remove(picture, session=session, alpha_matting=matting).save(folder / "rival.png")

    steps: dict[str, Callable[[Path], object]] = {"rembg": lambda photo: cut(photo, matting=False)}
    if with_matting:
        steps["rembg, alpha matting"] = lambda photo: cut(photo, matting=True)
    return steps


def peak_megabytes(photo: Path) -> int:
    """Return the peak resident memory of a fresh process that cuts out one photo."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(photo)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) // 1024


if __name__ == "__main__":
    sys.exit(main())
