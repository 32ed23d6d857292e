"""How long a finish takes from cutout to picture, in the engine and over HTTP, beside a new order.

    python -m bench.finish [--rounds N] [PHOTO]

Starts a studio of its own on loopback, as `make run` does, with an idle queue, and cuts the photo out once.
Then each round sets another finish (a colour of its own, so nothing is kept of it) and asks for a JPG of
2048 pixels: `set` is the answer to the finish, `first byte` from asking for the picture to its first byte,
the process that makes it being warm, `again` the same once more. `engine` is the same picture made in this
process, from the decoded cutout to the file, and `with its file` from the cutout's file on. `a new order` is
what a change of it cost before there were finishes: the photo cut out once more, to the archived result.
Without a photo it is one of scikit-image's, at 12 megapixels. It also says what is kept: the cutout's bytes
beside those of the same pixels as Pillow packs them into a PNG, and the bytes of one finish in the database.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import skimage.data
from PIL import Image

from editor.engines.finishing import render
from editor.engines.finishing.finish import Finish
from editor.engines.io import pictures
from editor.engines.tools import dispatch
from tests.end_to_end.installation import Studio

from .way import HEADERS, wait_for_archive

SIDES = 4000, 3000


def main() -> None:
    """Print the table: medians and the slowest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        photo = asked.photo or write_photo(Path(scratch))
        taken = measure_engine(photo, Path(scratch), asked.rounds)
        taken |= measure_way(photo, Path(scratch) / "studio", asked.rounds)
    print(f"{photo.name}: a JPG of 2048 pixels from cutout and finish; milliseconds, {asked.rounds} rounds")
    for name, seconds in taken.items():
        print(f"{name:16s} {1000 * statistics.median(seconds):8.0f}   slowest {1000 * max(seconds):8.0f}")


def write_photo(folder: Path) -> Path:
    path = folder / "astronaut.jpg"
    photo = Image.fromarray(skimage.data.astronaut()).resize(SIDES, Image.Resampling.LANCZOS)
    photo.save(path, quality=92)
    return path


def choose_finish(number: int) -> Finish:
    """Return a finish that no other round has."""
    colour = f"#{number % 256:02x}{(40 * number) % 256:02x}e0"
    return Finish(background=colour, size="large", format="jpg")


def time_rounds(rounds: int, work: Callable[[int], object]) -> list[float]:
    """Return the seconds of each round, after one that counts for nothing."""
    taken = []
    for number in range(rounds + 1):
        started = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - started)
    return taken[1:]


def measure_engine(photo: Path, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of rendering in this process, by where they begin."""
    outputs = dispatch.run("cutout", str(photo), str(folder), {})
    source = Path(next(output.path for output in outputs if output.kind == "image"))
    target = folder / "finished.jpg"
    picture = pictures.read(source)
    alpha = picture.alpha if picture.alpha is not None else np.ones(picture.rgb.shape[:2], np.float32)

    def make(number: int) -> None:
        made = render.render(picture.rgb, alpha, choose_finish(number))
        pictures.write(target, made.rgb, made.alpha, format="jpg")

    return {
        "engine": time_rounds(rounds, make),
        "with its file": time_rounds(
            rounds, lambda number: render.render_file(source, target, choose_finish(number))
        ),
    }


def measure_way(photo: Path, data: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds over HTTP: a finish set, its picture's first byte, once more, and a new order."""
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
        (key, result), *_ = studio.rows("SELECT photo_id, id FROM editor_result WHERE bare")
        address = f"/editor/photos/{uuid.UUID(key)}/"
        picture = f"/results/{uuid.UUID(result)}/file"
        taken: dict[str, list[float]] = {"set": [], "first byte": [], "again": [], "a new order": []}
        for number in range(rounds + 1):
            finish = choose_finish(number)
            asked = {"background": finish.background, "size": finish.size, "format": finish.format}
            times = {"set": time_answer(client, "POST", f"{address}finish/", asked)}
            times |= {name: time_answer(client, "GET", picture) for name in ("first byte", "again")}
            for name, seconds in times.items():
                taken[name].append(seconds)
        for _ in range(min(rounds, 5)):
            started = time.time()
            client.post(f"{address}cutout/", headers=HEADERS).raise_for_status()
            taken["a new order"].append(wait_for_archive(studio, started) - started)
        print_what_is_kept(studio)
        # The process that makes pictures starts with the first of them.
        return {name: seconds[1:] for name, seconds in taken.items()}
    finally:
        studio.stop()


def print_what_is_kept(studio: Studio) -> None:
    """Print the bytes of a cutout and of a finish, and of a PNG of the same pixels by Pillow."""
    (stored, size), *_ = studio.rows("SELECT file, bytes FROM editor_result WHERE bare")
    (rows, data), *_ = studio.rows("SELECT count(*), sum(length(data)) FROM editor_finish")
    usual = io.BytesIO()
    with Image.open(studio.data / "media" / stored) as picture:
        picture.save(usual, "PNG")
    beside = size / usual.tell()
    print(f"kept: the cutout {size:,} bytes, {beside:.2f} of Pillow's PNG; a finish {data / rows:.0f} bytes")


def time_answer(client: httpx.Client, method: str, address: str, data: dict[str, str] | None = None) -> float:
    """Return the seconds to the first byte of an answer's body."""
    started = time.perf_counter()
    with client.stream(method, address, data=data, headers=HEADERS) as answer:
        answer.raise_for_status()
        chunks = answer.iter_raw()
        next(chunks)
        taken = time.perf_counter() - started
        for _ in chunks:
            pass
    return taken


if __name__ == "__main__":
    main()
