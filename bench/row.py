"""A row of photos through the studio, beside what the network alone could do on the same machine.

    python -m bench.row [--photos N] [--workers N …] [--size WIDTHxHEIGHT]

`network` is one look after the other at the decoded photos, in one warm process: no studio can be quicker
than that with photos that take one look. `engine` cuts them out one after the other, from file to files.
`studio` serves them on loopback, with so many workers: all are uploaded with an order for a cutout, and the
clock runs from the first result to the last; the workers are warm. Printed are photos a minute, processors'
seconds of a photo, and both as shares of the network's.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import skimage.data
from PIL import Image

from editor.engines.io import pictures
from editor.engines.networks import isnet
from editor.engines.tools import dispatch
from tests.end_to_end.installation import Studio

from .runs import count_busy, warm_up

OWNER = "shop@example.com"
HEADERS = {"X-Requested-With": "fetch"}
ENDS = (
    "SELECT count(*), (julianday(max(completed_at)) - julianday(min(completed_at))) * 86400 FROM editor_task "
    "WHERE state = 1 AND id NOT IN (SELECT id FROM editor_task ORDER BY created_at LIMIT 1)"
)
GRANT = f"""
from accounts import ledger
from accounts.models import User
ledger.grant(User.objects.get(email={OWNER!r}), 10_000, reason="bench")
"""


@dataclass(frozen=True)
class Pace:
    """Seconds of the clock, and of the processors, for one photo."""

    clock: float
    busy: float


def draw_photos(folder: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """Write photos of a cup, each in a light of its own: one look is enough for them."""
    folder.mkdir()
    large = Image.fromarray(skimage.data.coffee()).resize(size, Image.Resampling.LANCZOS)
    made = []
    for number in range(count):
        light = 1 - 0.004 * (number % 40)
        made.append(folder / f"SKU{number:04}.jpg")
        large.point(lambda value, light=light: int(value * light)).save(made[-1], quality=92)
    return made


def run_network(photos: Sequence[Path]) -> Pace:
    """Look at each photo once, and no more."""
    seen = [pictures.read(photo).rgb for photo in photos]
    segmenter = isnet.segmenter()
    segmenter.subject(seen[0])
    began, before = time.perf_counter(), time.process_time()
    for rgb in seen:
        segmenter.subject(rgb)
    return Pace(
        (time.perf_counter() - began) / len(seen),
        (time.process_time() - before) / len(seen),
    )


def run_engine(photos: Sequence[Path]) -> Pace:
    """Cut each photo out in this process, with all files that a studio keeps of it."""
    with tempfile.TemporaryDirectory() as folder:
        dispatch.run("cutout", str(photos[0]), folder, {})
        began, before = time.perf_counter(), time.process_time()
        for photo in photos:
            dispatch.run("cutout", str(photo), folder, {})
        return Pace(
            (time.perf_counter() - began) / len(photos),
            (time.process_time() - before) / len(photos),
        )


def run_studio(folder: Path, workers: int, photos: Sequence[Path]) -> Pace:
    """Have a studio cut them out. Its processors' seconds count uploads, pages and rows, too."""
    studio = Studio(folder, workers=workers)
    studio.start()
    try:
        client = studio.client(OWNER, studio.add_person(OWNER))
        studio.shell(GRANT)
        warm_up(client, studio, photos[0])
        before = count_busy(studio)
        for photo in photos:
            files = {"photo": (photo.name, photo.read_bytes(), "image/jpeg")}
            client.post(
                "/editor/photos/", files=files, data={"tool": "cutout"}, headers=HEADERS
            ).raise_for_status()
        while (rows := studio.rows(ENDS))[0][0] < len(photos):
            failed = studio.rows("SELECT count(*) FROM editor_task WHERE state < 0")[0][0]
            if failed:
                raise SystemExit(f"{failed} photos failed.")
            time.sleep(0.5)
        return Pace(rows[0][1] / (len(photos) - 1), (count_busy(studio) - before) / len(photos))
    finally:
        studio.stop()


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--size", default="1224x816")
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    with tempfile.TemporaryDirectory() as scratch:
        photos = draw_photos(Path(scratch) / "photos", asked.photos, (width, height))
        dispatch.warm()
        network = run_network(photos)
        show("network", network, network)
        show("engine", run_engine(photos), network)
        for workers in asked.workers:
            pace = run_studio(Path(scratch) / f"studio-{workers}", workers, photos)
            show(f"studio, {workers} worker{'s' if workers > 1 else ''}", pace, network)
    return 0


def show(name: str, pace: Pace, network: Pace) -> None:
    """Print a row."""
    shares = f"{network.clock / pace.clock:.2f} and {network.busy / pace.busy:.2f} of the network's"
    print(
        f"{name:18} {60 / pace.clock:6.1f} photos a minute, {pace.busy:.2f} CPU s each: {shares}", flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
