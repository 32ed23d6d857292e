"""How long a stroke of the brush takes: from its sending to the new result in storage, and its parts.

    python -m bench.brush [--rounds N] [PHOTO]

Starts a studio of its own on loopback, as `make run` does, with an idle queue, cuts the photo out once
and then sends it strokes as the page does, each upon those before it: keeping and removing ones in turn,
all over the outline. `whole way` is from sending a stroke to its result in storage. `engine` is the same
work called in one warm process, from file to files, and `correction` the solving of the matte alone.
Without a photo it is one of scikit-image's, at 2 megapixels.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import skimage.data
from PIL import Image

from editor.engines.io import pictures
from editor.engines.matting import stroke_correction, strokes
from editor.engines.tools import dispatch, subject_selection
from tests.end_to_end.installation import Studio

from .way import HEADERS, wait_for_archive

SIDE = 1414
"""Of a square of 2 megapixels."""

BRUSH = 1 / 60
"""The brush's radius per the photo's longer side: a middling one of the page's."""

Drawn = dict[str, Any]


def main() -> None:
    """Print the table of medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=8)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        photo = asked.photo or astronaut(Path(scratch))
        picture = pictures.read(photo)
        dispatch.warm()
        alpha = subject_selection.find(picture).alpha
        lines = along_the_outline(alpha, asked.rounds)
        alone = [correction_seconds(picture, alpha, lines[:count]) for count in range(1, len(lines) + 1)]
        engine = engine_seconds(photo, lines)
        way = way_seconds(photo, lines, Path(scratch) / "studio")
    name = f"{photo.name} {picture.width} x {picture.height}"
    print(f"{'seconds, medians':28s}  correction  engine  whole way  slowest")
    print(
        f"{name:28s} {statistics.median(alone):11.2f} {statistics.median(engine):7.2f}"
        f" {statistics.median(way):10.2f} {max(way):8.2f}"
    )


def astronaut(folder: Path) -> Path:
    path = folder / "astronaut.jpg"
    photo = Image.fromarray(skimage.data.astronaut())
    photo.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(path, quality=92)
    return path


def along_the_outline(alpha: np.ndarray, count: int) -> list[Drawn]:
    """Return strokes across a matte's outline, evenly spread over it, keeping and removing in turn."""
    solid = alpha > 0.5
    rows, columns = np.nonzero(solid[:, 1:] != solid[:, :-1])
    if not len(rows):
        raise SystemExit("This photo's cutout has no outline to correct. Take another photo.")
    radius = BRUSH * max(alpha.shape)
    places = np.linspace(0, len(rows) - 1, count + 2).astype(int)[1:-1]
    return [
        {
            "keep": number % 2 == 0,
            "radius": round(radius, 1),
            "points": [
                [float(columns[at]) + step * radius, float(rows[at]) + step * radius / 3]
                for step in range(-2, 3)
            ],
        }
        for number, at in enumerate(places)
    ]


def correction_seconds(picture: pictures.Picture, alpha: np.ndarray, lines: list[Drawn]) -> float:
    drawn = strokes.read_strokes(lines)
    started = time.perf_counter()
    stroke_correction.correct(picture.rgb, alpha, drawn)
    return time.perf_counter() - started


def engine_seconds(photo: Path, lines: list[Drawn]) -> list[float]:
    """Return the seconds of each stroke upon those before it; the matte is remembered, as in a worker."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for count in range(len(lines) + 1):
            started = time.perf_counter()
            dispatch.run("cutout", str(photo), folder, {"strokes": lines[:count]} if count else {})
            taken.append(time.perf_counter() - started)
    return taken[1:]


def way_seconds(photo: Path, lines: list[Drawn], data: Path) -> list[float]:
    """Return the seconds from sending each stroke to its result in storage."""
    studio = Studio(data)
    studio.start()
    try:
        client = studio.client("alice@example.com", studio.add_person("alice@example.com"))
        started = time.time()
        files = {"photo": (photo.name, photo.read_bytes(), "image/jpeg")}
        client.post(
            "/editor/photos/", files=files, data={"tool": "cutout"}, headers=HEADERS
        ).raise_for_status()
        wait_for_archive(studio, started)
        return [stroke_seconds(studio, client, lines[:count]) for count in range(1, len(lines) + 1)]
    finally:
        studio.stop()


def stroke_seconds(studio: Studio, client: httpx.Client, lines: list[Drawn]) -> float:
    """Send all strokes so far, as the page does, on the newest result, and wait for the next one."""
    sql = "SELECT id FROM editor_result WHERE kind = 'image' ORDER BY created_at DESC LIMIT 1"
    (newest,) = studio.rows(sql)[0]
    started = time.time()
    client.post(
        f"/results/{uuid.UUID(newest)}/correct/", data={"strokes": json.dumps(lines)}, headers=HEADERS
    ).raise_for_status()
    taken = wait_for_archive(studio, started) - started
    time.sleep(0.3)
    return taken


if __name__ == "__main__":
    main()
