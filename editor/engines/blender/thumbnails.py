"""Render the scenes' thumbnails: python -m editor.engines.blender.thumbnails FOLDER [NUMBER …]."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from editor.engines import pictures, scene
from editor.engines.sets import catalogue
from editor.engines.sets.options import SceneOptions

SIDE = 400
SUPERSAMPLED = 1.25
QUALITY = 82

SAMPLE = f"""
import sys
from pathlib import Path
from {__package__} import sample
sample.photographed(Path(sys.argv[1]))
"""


def main() -> int:
    """Write NUMBER.webp for every scene, or for those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("numbers", nargs="*", type=int)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        cutout = Path(scratch) / "sample.png"
        # Blender holds one scene per process; the product is modelled in one of its own.
        subprocess.run([sys.executable, "-c", SAMPLE, str(cutout)], check=True, stdout=subprocess.DEVNULL)
        product = scene.Product.of(pictures.read(cutout))
        for number in asked.numbers or catalogue.TEMPLATES:
            options = SceneOptions(scene=number, size=round(SIDE * SUPERSAMPLED), aspect="1:1")
            with tempfile.TemporaryDirectory() as folder:
                (made,) = scene.scenes(product, options, Path(folder))
            image = pictures.shrunk(Image.fromarray(made), SIDE)
            pictures.save(image, asked.folder / f"{number}.webp", format="webp", quality=QUALITY)
    return 0


if __name__ == "__main__":
    sys.exit(main())
