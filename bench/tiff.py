"""Whether every TIFF there can be comes in right: the whole matrix of which the tests read an eleventh.

    python -m bench.tiff [--share S]

Every kind of sample x every depth x strips and tiles x planes together and apart x either byte order x
classic and BigTIFF x every packing x predictors, written by tifffile, read by us, and compared with the
numbers that were written. Prints how many files were read, refused and wrong, and which.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from editor.engines.errors import EngineError
from editor.engines.io import pictures
from tests.engines.io import tiffs

WITHIN = 1.6
"""Levels of 255: ink is rounded once before it becomes colour."""

TILES = (None, (16, 16), (32, 16))
PACKINGS = (None, "lzw", "zlib", "packbits", "lzma", "zstd")


def layouts(kind: str, channels: int) -> Iterator[dict[str, Any]]:
    """Yield tifffile's options for every layout that a kind of number can have."""
    predictors = (None, 3) if kind in tiffs.FLOATING else (None, 2)
    axes = itertools.product(("contig", "separate"), TILES, "<>", (False, True), PACKINGS, predictors)
    for planar, tile, order, big, packing, predictor in axes:
        if (planar == "separate" and channels == 1) or (predictor and packing in (None, "packbits")):
            continue
        layout: dict[str, Any] = {"byteorder": order, "bigtiff": big, "compression": packing}
        layout |= {"tile": tile} if tile else {"rowsperstrip": 8}
        layout |= {"predictor": predictor} if predictor else {}
        yield layout | ({"planarconfig": planar} if channels > 1 else {})


def wrong_by(path: Path, colours: Any, alpha: Any) -> float:
    """Return by how many levels of 255 a file is read wrongly; transparent pixels have no colour."""
    picture = pictures.read(path)
    found = np.ones(alpha.shape) if picture.alpha is None else picture.alpha
    apart = np.abs(picture.rgb - colours) * (alpha[..., None] > 0)
    return float(max(apart.max(), 255 * np.abs(found - alpha).max()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of the matrix that is tried, drawn by lot")
    share = parser.parse_args().share
    lot, began = random.Random(0), time.process_time()
    read = refused = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "photo.tif")
        for name, kind in itertools.product(tiffs.SAMPLES, tiffs.WHOLE + tiffs.FLOATING):
            colours, photometric, rest = tiffs.SAMPLES[name]
            unit = tiffs.look(colours + len(rest))
            if "assocalpha" in rest:
                unit[..., :-1] *= unit[..., -1:]
            numbers = tiffs.as_numbers(unit, kind)
            expected = tiffs.seen(tiffs.as_unit(numbers, kind), name, light=kind in tiffs.FLOATING)
            for layout in layouts(kind, numbers.shape[2]):
                if lot.random() >= share:
                    continue
                options = layout | {"photometric": photometric, "extrasamples": rest or None}
                pixels = numbers if numbers.shape[2] > 1 else numbers[..., 0]
                path.write_bytes(tiffs.written(pixels, **options))
                try:
                    apart = wrong_by(path, *expected)
                except EngineError as exc:
                    refused += 1
                    print(f"refused: {name}, {kind}, {layout}: {exc}")
                    continue
                read += 1
                if apart > WITHIN:
                    wrong += 1
                    print(f"wrong by {apart:.0f}: {name}, {kind}, {layout}")
    print(
        f"{read:,} read, {refused} refused, {wrong} wrong, in {time.process_time() - began:.0f} s of one core"
    )
    sys.exit(1 if refused or wrong else 0)


if __name__ == "__main__":
    main()
