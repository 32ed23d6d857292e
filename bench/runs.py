"""A run of the studio beside the engine alone, on the same photos of 12 megapixels: "white, for Amazon".

    python -m bench.runs [--photos N]

`engine` cuts out and delivers the photos one after another in one warm process. `studio` serves one with one
worker on loopback, sends it the photos over HTTP, starts the run as its page does, and waits for its end,
with all that queue, rows, storage and the photos' own previews take. Printed are seconds a photo of both and
their ratio, of the clock and of the processors (which others on the machine do not change), when the first
result was there, the web process' most memory, when the ZIP's first byte came.
1 where a mark is missed: 0.9 of the engine's pace, the first result within three cutouts, 150 MB, one second.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from editor.engines.catalogue.delivery import deliver
from editor.engines.catalogue.recipe import FileSpec
from editor.engines.finishing.finish import Finish
from editor.engines.tools import dispatch
from tests.end_to_end.installation import Studio

from .catalogue import AMAZON, draw_photos
from .flood import Memory

OWNER = "shop@example.com"
FINISH = {"canvas": "exact", "width": 1600, "height": 1600, "scaling": "fit", "background": "#ffffff"}
RECIPE = {"name": "White", "finish": FINISH, "files": [{"market": "amazon", "name": "{stem}.MAIN.{ext}"}]}
MAKE = f"""
from accounts import ledger
from accounts.models import User
from editor.engines.catalogue.recipe import Recipe
from editor.work import recipes
user = User.objects.get(email={OWNER!r})
ledger.grant(user, 10_000, reason="bench")
print(recipes.create(user, Recipe.from_dict({RECIPE!r})).pk)
"""
MOST_MEMORY, MOST_WAIT, LEAST_SHARE = 150, 1.0, 0.9


@dataclass(frozen=True)
class Pace:
    """seconds: of all photos. busy: processors' seconds for them. cutout: of one, the median.

    first: until the first one's file was there.
    """

    seconds: float
    busy: float
    cutout: float = 0.0
    first: float = 0.0


def run_engine(photos: Sequence[Path], folder: Path) -> Pace:
    """Cut out and deliver each photo in this process."""
    dispatch.warm()
    folder.mkdir()
    cutouts, began, before = [], time.perf_counter(), time.process_time()
    for photo in photos:
        start = time.perf_counter()
        outputs = dispatch.run("cutout", str(photo), str(folder), {})
        cutouts.append(time.perf_counter() - start)
        cutout = Path(next(one.path for one in outputs if one.kind == "image"))
        spec, path = FileSpec(market=AMAZON.key), f"{photo.stem}.MAIN.jpg"
        deliver(cutout, folder, spec, AMAZON, Finish.from_dict(FINISH), path=path)
    busy = time.process_time() - before
    return Pace(time.perf_counter() - began, busy, statistics.median(cutouts))


def warm_up(client: httpx.Client, studio: Studio, photo: Path) -> None:
    """Have one photo cut out at the desk, which waits until the worker's engine has loaded all it needs."""
    files = {"photo": (photo.name, photo.read_bytes(), "image/jpeg")}
    client.post("/editor/photos/", files=files, data={"tool": "cutout"}).raise_for_status()
    while not studio.rows("SELECT 1 FROM editor_task WHERE state = 1"):
        time.sleep(0.1)


def count_busy(studio: Studio) -> float:
    """Return the processors' seconds that the studio's processes have taken so far."""
    ticks = 0
    for pid in (*studio.commands(), *find_networks(studio)):
        with suppress(FileNotFoundError, ProcessLookupError):
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def find_networks(studio: Studio) -> list[int]:
    """Return the process that a studio's networks are in, which outlives who started it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes()
            if b"networks.host" in words and os.fsencode(studio.data) in words:
                found.append(int(path.parent.name))
    return found


def run_studio(studio: Studio, photos: Sequence[Path]) -> tuple[Pace, float]:
    """Have a studio do the same; return also the seconds until the ZIP's first byte."""
    client = studio.client(OWNER, studio.add_person(OWNER))
    recipe = studio.shell(MAKE).split()[-1]
    page = client.post(f"/catalogue/recipes/{recipe}/run/").url.path
    for photo in photos:
        files = {"file": (photo.name, photo.read_bytes(), "image/jpeg")}
        answer = client.post(f"{page}files/", files=files, data={"path": photo.name})
        answer.raise_for_status()
    warm_up(client, studio, photos[0])
    before, began, first = count_busy(studio), time.perf_counter(), 0.0
    client.post(f"{page}start/").raise_for_status()
    while studio.rows("SELECT 1 FROM editor_run WHERE state = 'going'"):
        if not first and studio.rows("SELECT 1 FROM editor_runitem WHERE state = 'done'"):
            first = time.perf_counter() - began
        time.sleep(0.05)
    pace = Pace(time.perf_counter() - began, count_busy(studio) - before, first=first)
    began = time.perf_counter()
    with client.stream("GET", f"{page}zip") as archive:
        next(archive.iter_raw())
        return pace, time.perf_counter() - began


def main() -> int:
    """Print the figures; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        photos = draw_photos(Path(scratch) / "photos", asked.photos)
        alone = run_engine(photos, Path(scratch) / "alone")
        studio = Studio(Path(scratch) / "studio")
        studio.start()
        memory = Memory(studio)
        memory.start()
        try:
            run, wait = run_studio(studio, photos)
            passed = studio.rows("SELECT count(*) FROM editor_runfile WHERE verdict <> 'not_met'")[0][0]
        finally:
            memory.stopped.set()
            studio.stop()
    web = max(peak["web"] for peak in memory.peaks)
    share = alone.seconds / run.seconds
    for name, pace in (("engine", alone), ("studio", run)):
        each = pace.seconds / asked.photos, pace.busy / asked.photos
        print(f"{name:8} {each[0]:7.2f} s a photo, {each[1]:.2f} s of the processors")
    print(f"studio   {share:7.2f} of the engine's pace, {alone.busy / run.busy:.2f} by the processors")
    print(f"         {passed:7} of {asked.photos} pass")
    print(f"first    {run.first:7.2f} s, {run.first / alone.cutout:.2f} times a cutout")
    print(f"web      {web:7.0f} MB at most; the ZIP's first byte after {wait:.2f} s")
    kept = share >= LEAST_SHARE and run.first < 3 * alone.cutout
    return int(not kept or web >= MOST_MEMORY or wait >= MOST_WAIT)


if __name__ == "__main__":
    sys.exit(main())
