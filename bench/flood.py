"""A hundred photos at once by two people, two workers, and twenty of them killed on the way.

    python -m bench.flood [--photos N] [--kills N]

Prints how long it took, whether every photo was done exactly once and for its right owner, and
what memory the processes took on the way (resident, in MB).
"""

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import skimage.data
from PIL import Image

from tests.end_to_end.installation import Studio

PEOPLE = ("alice@example.com", "bob@example.com")


def picture(number: int) -> bytes:
    """A photo that differs from the others, so that no cache can help."""
    photo = Image.fromarray(skimage.data.coffee()).resize((900 + number, 600))
    buffer = BytesIO()
    photo.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def resident(pid: int) -> float:
    """Return a process's resident memory in MB, 0 once it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Memory(threading.Thread):
    """Notes the largest resident memory of each kind of process, early and late."""

    KINDS = {"web": "uvicorn", "worker": "manage.py worker --queue quick", "imaging": "spawn_main"}

    def __init__(self, studio: Studio) -> None:
        super().__init__(daemon=True)
        self.studio, self.stopped = studio, threading.Event()
        self.peaks: list[dict[str, float]] = []

    def run(self) -> None:
        while not self.stopped.wait(1.0):
            commands = self.studio.commands()
            self.peaks.append(
                {
                    kind: max((resident(pid) for pid, line in commands.items() if words in line), default=0.0)
                    for kind, words in self.KINDS.items()
                }
            )

    def report(self) -> None:
        half = len(self.peaks) // 2
        for kind in self.KINDS:
            early = max((peak[kind] for peak in self.peaks[:half]), default=0)
            late = max((peak[kind] for peak in self.peaks[half:]), default=0)
            print(f"memory of {kind:8s} first half {early:6.0f} MB, second half {late:6.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        studio = Studio(Path(scratch) / "studio", workers=2)
        studio.start()
        memory = Memory(studio)
        try:
            clients = [studio.client(email, studio.add_person(email)) for email in PEOPLE]
            memory.start()
            started = time.monotonic()

            def send(number: int) -> int:
                answer = clients[number % 2].post(
                    "/editor/photos/",
                    files={"photo": (f"{number}.jpg", picture(number), "image/jpeg")},
                    data={"tool": "cutout"},
                    headers={"X-Requested-With": "fetch"},
                )
                return answer.status_code

            with ThreadPoolExecutor(16) as pool:
                statuses = list(pool.map(send, range(args.photos)))
            print(
                f"{statuses.count(201)} of {args.photos} uploads taken in {time.monotonic() - started:.1f} s"
            )
            for _ in range(args.kills):
                time.sleep(random.uniform(1.0, 3.0))
                if pids := studio.processes("manage.py worker --queue quick"):
                    os.kill(random.choice(pids), signal.SIGKILL)
            while studio.rows("SELECT 1 FROM editor_task WHERE state = 0 OR state > 1 LIMIT 1"):
                time.sleep(0.5)
            print(f"all settled after {time.monotonic() - started:.1f} s and {args.kills} kills")
            report(studio, args.photos)
            memory.stopped.set()
            memory.report()
        finally:
            studio.stop()


def report(studio: Studio, photos: int) -> None:
    done = studio.rows("SELECT count(*) FROM editor_task WHERE state = 1")[0][0]
    retried = studio.rows("SELECT count(*) FROM editor_task WHERE attempts > 1")[0][0]
    once = studio.rows(
        "SELECT count(*) FROM (SELECT task_id FROM editor_result GROUP BY task_id HAVING count(*) = 1)"
    )[0][0]
    right = studio.rows(
        "SELECT count(*) FROM editor_result r JOIN editor_photo p ON p.id = r.photo_id "
        "JOIN editor_task t ON t.id = r.task_id WHERE r.owner_id = p.owner_id AND t.owner_id = p.owner_id"
    )[0][0]
    print(
        f"{done} of {photos} done, {once} exactly once, {right} for their right owner, {retried} tried again"
    )
    for state, message, attempts in studio.rows(
        "SELECT state, message, attempts FROM editor_task WHERE state <> 1"
    ):
        print(f"  state {state} after {attempts} attempts: {message}")
    if not done == once == right == photos:
        raise SystemExit("Something was lost or doubled.")


if __name__ == "__main__":
    main()
