"""A shop's catalogue: photos of 12 megapixels to checked squares for Amazon, beside batchroom.

    python -m bench.catalogue [--photos N] [--batchroom PROGRAM]

`engine` cuts out and delivers N photos one after another in one warm process: decode, cut out, write the
cutout's file, render, encode, check. Printed are seconds a photo, of them those from the cutout on, and how
many of the files pass. `batchroom` does the same folder by its command, with one worker and the weights that
we use too: its own steps for Amazon's main picture, at 1600 pixels. Its files are measured by the same
checks; where the product is, ours are asked of our mask, its of the see-through picture that it makes too.
PROGRAM is its command (python -m venv FOLDER, FOLDER/bin/pip install
batchroom==0.1.0, FOLDER/bin/batchroom): it wants a web framework of its own, so it gets an environment of its
own. 1 where one of our files does not pass, or batchroom is not there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image

from editor.engines.catalogue import checks, verdicts
from editor.engines.catalogue.delivery import Delivered, deliver
from editor.engines.catalogue.markets import MARKETS
from editor.engines.catalogue.recipe import FileSpec
from editor.engines.finishing.finish import Finish
from editor.engines.networks import weights
from editor.engines.tools import dispatch

from . import limits

SIZE = 4000, 3000
AMAZON = MARKETS["amazon"]
RECIPE = """\
name: amazon-white
description: Amazon's main picture
version: 1
steps:
  - op: remove-background
    model: isnet-general
    alpha_matting: true
  - op: trim
    threshold: 8
  - op: preset-pack
    presets:
      - {name: amazon, size: 1600x1600, format: jpg, quality: 92, fit: pad, padding: 6%,
         background: "#FFFFFF"}
      - {name: clear, size: 1600x1600, format: png, fit: pad, padding: 6%}
  - op: rename
    pattern: "{original}-{preset}"
output:
  structure: per-preset-folder
  manifest: true
"""


@dataclass
class Tally:
    """What one of the two made: seconds, files, those that pass, and how many fail which check."""

    seconds: float = 0.0
    files: int = 0
    passed: int = 0
    failed: Counter[str] = field(default_factory=Counter)

    def count(self, found: Sequence[verdicts.Check]) -> None:
        self.files += 1
        lacking = [one.key for one in found if one.verdict == verdicts.Verdict.NOT_MET]
        self.passed += not lacking
        self.failed.update(lacking)

    def say(self, name: str) -> None:
        told = ", ".join(f"{key} {count}" for key, count in self.failed.most_common()) or "none"
        print(
            f"{name:12} {self.seconds / max(1, self.files):8.2f} s a photo"
            f"   {self.passed} of {self.files} pass   not met: {told}",
            flush=True,
        )


def main() -> int:
    """Print the table; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--batchroom", type=Path)
    asked = parser.parse_args()
    limits.report()
    with tempfile.TemporaryDirectory() as scratch:
        photos = draw_photos(Path(scratch) / "photos", asked.photos)
        ours, second_half = run_engine(photos, Path(scratch) / "ours")
        ours.say("engine")
        print(f"{'':12} {statistics.median(second_half):8.2f} s of them from the cutout's file on, median")
        if asked.batchroom is None:
            print("batchroom was not named, so there is nothing to compare with: see --help", file=sys.stderr)
            return 1
        run_batchroom(asked.batchroom, photos, Path(scratch)).say("batchroom")
    return int(ours.passed < ours.files)


def draw_photos(folder: Path, count: int) -> list[Path]:
    """Write photos that scikit-image ships at a camera's size, each in a light of its own."""
    folder.mkdir()
    made = []
    sources = [Image.fromarray(getattr(skimage.data, name)()) for name in ("coffee", "chelsea", "astronaut")]
    for number in range(count):
        large = sources[number % len(sources)].resize(SIZE, Image.Resampling.LANCZOS)
        light = 1 - 0.1 * (number // len(sources) % 4)
        path = folder / f"SKU{number:04}.jpg"
        large.point(lambda value, light=light: int(value * light)).save(path, quality=92)
        made.append(path)
    return made


def run_engine(photos: Sequence[Path], folder: Path) -> tuple[Tally, list[float]]:
    """Cut out and deliver each photo in this process; return also the seconds of the second half of it."""
    dispatch.warm()
    tally, delivering = Tally(), []
    folder.mkdir()
    spec = FileSpec(market=AMAZON.key)
    for photo in photos:
        began = time.perf_counter()
        outputs = dispatch.run("cutout", str(photo), str(folder), {})
        cutout = Path(next(one.path for one in outputs if one.kind == "image"))
        half = time.perf_counter()
        made: Delivered = deliver(cutout, folder, spec, AMAZON, Finish(), path=f"{photo.stem}.MAIN.jpg")
        delivering.append(time.perf_counter() - half)
        tally.seconds += time.perf_counter() - began
        tally.count(made.checks)
    return tally, delivering


def run_batchroom(program: Path, photos: Sequence[Path], folder: Path) -> Tally:
    """Have batchroom do the folder, and measure what it made."""
    data = folder / "batchroom"
    (data / "models").mkdir(parents=True)
    # It takes a network's file that is there; it is the same network.
    model = weights.need(weights.ISNET).path.resolve()
    (data / "models/isnet-general.onnx").symlink_to(model)
    recipe = folder / "amazon-white.yaml"
    recipe.write_text(RECIPE)
    target = folder / "theirs"
    command = [program, "--data-dir", data, "run", recipe, photos[0].parent, "-o", target, "--workers", "1"]
    began = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    tally = Tally(seconds=time.perf_counter() - began)
    for path in sorted(target.rglob("*.jpg")):
        clear = next(target.rglob(path.name.replace("-amazon.jpg", "-clear.png")))
        with Image.open(clear) as picture:
            mask = np.asarray(picture.convert("RGBA"))[..., 3].astype(np.float32) / np.float32(255)
        name = path.name.replace("-amazon.jpg", ".MAIN.jpg")
        tally.count(
            checks.check_file(path.read_bytes(), name, format="jpg", mask=mask, market=AMAZON, white=True)
        )
    return tally


if __name__ == "__main__":
    sys.exit(main())
