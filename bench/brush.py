"""How long a stroke of the brush takes: to its answer on the stage, to its result in storage, and its parts.

    python -m bench.brush [--rounds N] [--alone] [PHOTO]

Starts a studio of its own on loopback, as `make run` does, with an idle queue, cuts the photo out once
and then sends it strokes as the page does, each upon those before it: keeping and removing ones in turn,
all over the outline. `answer` is from sending a stroke to having what it changes of the stage, and `whole
way` to its result in storage. `engine` is the same work called in one warm process, from file to files;
`patch` its part before the answer, and `correction` the solving of the matte alone. Beside seconds stand
those of the CPU, by which builds can be told apart on a machine that has other work. --alone leaves the
studio out. Without a photo it is one of scikit-image's, at 2 megapixels.
"""

from __future__ import annotations

import argparse
import json
import re
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
from editor.engines.types import PATCH_WORDS
from tests.end_to_end.installation import Studio

from .way import HEADERS, wait_for_archive

SIDE = 1414
"""Of a square of 2 megapixels."""

BRUSH = 1 / 60
"""The brush's radius per the photo's longer side: a middling one of the page's."""

Drawn = dict[str, Any]
Taken = tuple[float, float | None]
"""Seconds, and those of the CPU where they are known."""


def main() -> None:
    """Print the table of medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--alone", action="store_true", help="the engine's part, without a studio")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        photo = asked.photo or astronaut(Path(scratch))
        picture = pictures.read(photo)
        dispatch.warm()
        alpha = subject_selection.find(picture).alpha
        lines = along_the_outline(alpha, asked.rounds)
        told = {
            "correction": [correction_seconds(picture, alpha, line) for line in lines],
            **engine_seconds(photo, lines),
        }
        if not asked.alone:
            told |= way_seconds(photo, lines, Path(scratch) / "studio")
    print(f"{photo.name}, {picture.width} x {picture.height}, {len(lines)} strokes; seconds")
    print(f"{'':12s} {'median':>8s} {'slowest':>8s} {'of the CPU':>11s}")
    for name, taken in told.items():
        walls, works = zip(*taken, strict=True)
        known = [work for work in works if work is not None]
        work = f"{statistics.median(known):11.2f}" if known else ""
        print(f"{name:12s} {statistics.median(walls):8.2f} {max(walls):8.2f} {work}")


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


def correction_seconds(picture: pictures.Picture, alpha: np.ndarray, line: Drawn) -> Taken:
    drawn = strokes.read_strokes([line])
    started, worked = time.perf_counter(), time.process_time()
    stroke_correction.correct(picture.rgb, alpha, drawn)
    return time.perf_counter() - started, time.process_time() - worked


def engine_seconds(photo: Path, lines: list[Drawn]) -> dict[str, list[Taken]]:
    """Return what each stroke takes upon those before it; its cutout is in hand, as in a worker."""
    patches: list[Taken] = []
    taken: list[Taken] = []
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / PATCH_WORDS
        for count in range(len(lines) + 1):
            words.unlink(missing_ok=True)
            started, worked = time.perf_counter(), time.process_time()
            seen: list[Taken] = []

            def look(
                share: float,
                seen: list[Taken] = seen,
                since: tuple[float, float] = (started, worked),
            ) -> None:
                if not seen and words.exists():
                    seen.append((time.perf_counter() - since[0], time.process_time() - since[1]))

            dispatch.run("cutout", str(photo), folder, {"strokes": lines[:count]} if count else {}, look)
            taken.append((time.perf_counter() - started, time.process_time() - worked))
            patches += seen
    return {"patch": patches, "engine": taken[1:]}


def way_seconds(photo: Path, lines: list[Drawn], data: Path) -> dict[str, list[Taken]]:
    """Return the seconds from sending each stroke to what it changes, and to its result in storage."""
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
        taken = [stroke_seconds(studio, client, lines[:count]) for count in range(1, len(lines) + 1)]
    finally:
        studio.stop()
    answers, ways = zip(*taken, strict=True)
    return {"answer": [(one, None) for one in answers], "whole way": [(one, None) for one in ways]}


def stroke_seconds(studio: Studio, client: httpx.Client, lines: list[Drawn]) -> tuple[float, float]:
    """Send all strokes so far on the newest result; wait as the page does for the answer, then the next."""
    sql = "SELECT id FROM editor_result WHERE kind = 'image' ORDER BY created_at DESC LIMIT 1"
    (newest,) = studio.rows(sql)[0]
    started = time.time()
    card = client.post(
        f"/results/{uuid.UUID(newest)}/correct/",
        data={"strokes": json.dumps(lines)},
        headers=HEADERS | {"HX-Request": "true"},
    ).raise_for_status()
    address = re.search(r'data-patch="([^"]+)"', card.text)
    answer = client.get(address[1], headers=HEADERS) if address else card
    answered = time.time() - started
    if answer.status_code != 200 or "X-Patch" not in answer.headers:
        # Of a small picture the file is as quick, and the page takes that.
        answered = wait_for_archive(studio, started) - started
    taken = wait_for_archive(studio, started) - started
    time.sleep(0.3)
    return answered, taken


if __name__ == "__main__":
    main()
