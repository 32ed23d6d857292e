"""Render the scenes' thumbnails: python -m editor.engines.blender.thumbnails FOLDER [NUMBER …]."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from editor.engines.io import pictures
from editor.engines.scenes import framing
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.templates import catalogue
from editor.engines.tools import scene

from . import render_job

SIDE = 400
SAMPLES = 8
RELIGHT = 0.6
"""As much of the set's light as the page lays on the product where nobody says otherwise."""

QUALITY = 82

SAMPLE = f"""
import sys
from pathlib import Path
from {__package__} import sample
sample.photograph(Path(sys.argv[1]))
"""


def main() -> int:
    """Write NUMBER.webp for every scene, or for those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("numbers", nargs="*", type=int)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    # Blender tells of every sample on stdout.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with tempfile.TemporaryDirectory() as scratch:
        cutout = Path(scratch) / "sample.png"
        # What the sample is modelled with must not stay in the sets.
        subprocess.run([sys.executable, "-c", SAMPLE, str(cutout)], check=True, stdout=subprocess.DEVNULL)
        shown = scene.Product.of(pictures.read(cutout))
        for number in asked.numbers or catalogue.TEMPLATES:
            image = Image.fromarray(thumbnail(shown, number, Path(scratch)))
            pictures.save(image, asked.folder / f"{number}.webp", format="webp", quality=QUALITY)
    return 0


def thumbnail(shown: scene.Product, number: int, folder: Path) -> np.ndarray:
    """Return a scene's first take of seed 0 with a product in its light, SIDE pixels square."""
    options = SceneOptions(scene=number, size=SIDE, aspect="1:1", relight=RELIGHT)
    take = scene.plan_take(shown, options, 1, folder) | {"samples": SAMPLES}
    render_job.run_job(scene.build_job(shown, [take], folder, options), lambda news: None)
    plate = np.asarray(Image.open(take["plate"]).convert("RGB"))
    if scene.glows(take):
        plate = scene.composite.spread_glow(plate)
    gain, contact = scene.read_gain(take, options), scene.contact_darkness(take)
    return scene.lay_product(plate, shown, framing.Frame(**take["frame"]), contact=contact, gain=gain)


if __name__ == "__main__":
    sys.exit(main())
