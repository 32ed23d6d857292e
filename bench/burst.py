"""A burst by one person beside single orders by others: how long each waits, and behind how much.

    python -m bench.burst [--orders N] [--others N] [--seconds S] [--workers N] [--engine]

Serves a studio on loopback. One person orders a burst at once, then as many others as told order one
cutout each at random moments. A worker's piece takes so long that one worker is busy for that many
seconds in all; with --engine it is a real cutout instead. Prints what each of the others waited and how
many pieces of others were begun meanwhile, and fails if that were two of anybody.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import skimage.data
from PIL import Image

from tests.end_to_end.installation import ROOT, Studio

SEGMENTATION = "/api/tasks/visual/segmentation"
BURST = "burst@example.com"


def work_in_place_of_the_engine(seconds: float) -> None:
    """Be a worker whose pieces take so long and make nothing. Runs in a process of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    from editor import wiring
    from editor.states import State
    from editor.tasks.lease import Attempt
    from editor.work import pipeline

    class Stub:
        def warm(self) -> None: ...

        def close(self) -> None: ...

    def carry_out(attempt: Attempt) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.1)
            attempt.watch(1 - (end - time.monotonic()) / seconds)
        attempt.settle(State.DONE)

    pipeline.carry_out = carry_out
    wiring.get_engine = lambda name, queue="quick": Stub()  # type: ignore[assignment]
    call_command("worker", queue="quick")


@contextmanager
def running(studio: Studio, workers: int, seconds: float) -> Iterator[None]:
    """Serve the studio with stubs for workers."""
    command = [sys.executable, "-m", "bench.burst", "--work", str(seconds)]
    with studio.web_alone():
        stubs = [subprocess.Popen(command, env=studio.environment, cwd=ROOT) for _ in range(workers)]
        try:
            yield
        finally:
            for stub in stubs:
                stub.terminate()
            for stub in stubs:
                stub.wait(30)


def order(studio: Studio, key: str, photo: bytes) -> None:
    answer = httpx.post(
        studio.url + SEGMENTATION,
        headers={"X-API-KEY": key},
        data={"sync": "0"},
        files={"image_file": ("photo.jpg", photo, "image/jpeg")},
        timeout=300,
    )
    answer.raise_for_status()


def key_of(studio: Studio, email: str) -> str:
    studio.add_person(email)
    return studio.manage("createkey", email, "--qps", "1000").split()[-1]


def keep_coming(studio: Studio, keys: list[str], orders: int, seconds: float, photo: bytes) -> None:
    """Place the burst, then everybody else's order at its moment."""
    started = time.monotonic()
    for _ in range(orders):
        order(studio, keys[0], photo)
    chance = random.Random(13)
    moments = sorted(chance.uniform(0, 0.7) * seconds for _ in keys[1:])
    for moment, key in zip(moments, keys[1:], strict=True):
        time.sleep(max(0.0, started + moment - time.monotonic()))
        order(studio, key, photo)
    while studio.rows("SELECT 1 FROM editor_task WHERE state = 0 OR state > 1 LIMIT 1"):
        time.sleep(0.5)


def report(studio: Studio) -> int:
    """Print what everybody waited. Return the most pieces of one person that another was behind."""
    rows = studio.rows(
        "SELECT u.email, julianday(t.created_at) * 86400, julianday(t.processed_at) * 86400 "
        "FROM editor_task t JOIN accounts_user u ON u.id = t.owner_id ORDER BY t.created_at"
    )
    first = rows[0][1]
    print(f"{'':22s} {'ordered at':>10s} {'waited':>8s}   seconds; pieces of others begun meanwhile")
    worst = 0
    for email, created, begun in rows:
        if email == BURST:
            continue
        before = [other for other, _, at in rows if other != email and created < at < begun]
        most = max((before.count(other) for other in before), default=0)
        worst = max(worst, most)
        print(f"{email:22s} {created - first:10.1f} {begun - created:8.1f}   {len(before)}, {most} of one")
    waits = sorted(begun - created for email, created, begun in rows if email == BURST)
    middle, longest = waits[len(waits) // 2], waits[-1]
    print(f"{BURST:22s} {0.0:10.1f} {middle:8.1f}   the median of {len(waits)}, at most {longest:.1f}")
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=30)
    parser.add_argument("--others", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--work", type=float, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work is not None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
        work_in_place_of_the_engine(args.work)
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "photo.jpg"
        Image.fromarray(skimage.data.coffee()).save(path, quality=90)
        studio = Studio(Path(scratch) / "studio", workers=args.workers)
        emails = [BURST, *(f"other-{number}@example.com" for number in range(1, args.others + 1))]

        def measure() -> int:
            keys = [key_of(studio, email) for email in emails]
            keep_coming(studio, keys, args.orders, args.seconds, path.read_bytes())
            return report(studio)

        if args.engine:
            studio.start()
            try:
                worst = measure()
            finally:
                studio.stop()
        else:
            with running(studio, args.workers, args.seconds * args.workers / (args.orders + args.others)):
                worst = measure()
    if worst > 1:
        raise SystemExit(f"Somebody was behind {worst} pieces of one other person.")


if __name__ == "__main__":
    main()
