"""Sizes and seconds of PNG files: ours, beside zlib's default level and its quickest, of the same pixels.

    python -m bench.png [--rounds N] [PHOTO …]

Of each photo four kinds are made, at one and at twelve megapixels: a cutout with alpha, the opaque picture,
the cutout on an even ground, its mask. "default" is Pillow's own way, zlib at level 6; "quickest" what the
studio wrote before, zlib at level 1 by run lengths. Sizes are shares of the default's; seconds are CPU time
of all threads, the best of N rounds. Every file is read again by Pillow and compared.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from editor.engines.io.png import writer

MEGAPIXELS = (1, 12)
GROUND = 245


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    photos = {path.stem: Image.open(path).convert("RGB") for path in asked.photos} or {
        name: Image.fromarray(getattr(skimage.data, name)()) for name in ("coffee", "chelsea")
    }
    columns = ("picture", "quickest ÷ default", "ours ÷ default", "default", "quickest", "ours")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "picture.png")
        for name, pixels in kinds(photos):
            compare(name, pixels, target, asked.rounds)


def compare(name: str, pixels: NDArray[np.uint8], target: Path, rounds: int) -> None:
    """Write a picture in all three ways and print a row of the table."""
    picture = Image.fromarray(pixels)
    default, slow = best(lambda: count_bytes(picture), 1)
    quickest, quick = best(lambda: count_bytes(picture, compress_level=1, compress_type=zlib.Z_RLE), rounds)
    size, seconds = best(lambda: writer.write(target, pixels), rounds)
    with Image.open(target) as read:
        if not np.array_equal(np.asarray(read), pixels):
            raise SystemExit(f"{name}: what was read is not what was written")
    shares = f"{quickest / default:.3f} | {size / default:.3f}"
    print(f"| {name} | {shares} | {slow:.3f} s | {quick:.3f} s | {seconds:.3f} s |", flush=True)


def kinds(photos: dict[str, Image.Image]) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Yield names and pixels of every kind and size."""
    for name, photo in photos.items():
        for megapixels in MEGAPIXELS:
            factor = (megapixels * 1e6 / (photo.width * photo.height)) ** 0.5
            size = (round(photo.width * factor), round(photo.height * factor))
            rgb = np.asarray(photo.resize(size, Image.Resampling.LANCZOS))
            alpha = silhouette(*size)
            share = alpha[..., None] / np.float32(255)
            cutout = np.dstack([rgb * (alpha > 0)[..., None], alpha])
            flat = (rgb * share + GROUND * (1 - share) + np.float32(0.5)).astype(np.uint8)
            made = {"cutout": cutout, "opaque": rgb, "on a ground": flat, "mask": alpha}
            for kind, pixels in made.items():
                yield f"{name}, {megapixels} megapixels, {kind}", np.ascontiguousarray(pixels)


def silhouette(width: int, height: int) -> NDArray[np.uint8]:
    """Return the alpha of a round thing with a soft edge and a waving outline."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    x, y = (columns - width / 2) / (0.36 * width), (rows - height / 2) / (0.42 * height)
    away = np.hypot(x, y) + 0.05 * np.sin(9 * np.arctan2(y, x))
    alpha: NDArray[np.uint8] = (np.clip((1 - away) * 80 + 0.5, 0, 1) * 255 + 0.5).astype(np.uint8)
    return alpha


def count_bytes(picture: Image.Image, **options: int) -> int:
    """Return the bytes of a picture as Pillow writes it."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **options)
    return buffer.tell()


def best(step: Callable[[], int], rounds: int) -> tuple[int, float]:
    """Return what a step returns, and the fewest seconds of CPU that it took."""
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        made = step()
        seconds.append(time.process_time() - began)
    return made, min(seconds)


if __name__ == "__main__":
    main()
