"""The whole way over HTTP, from upload to archived result, beside the engine alone.

    python -m bench.way [--rounds N] [PHOTO …]

Starts a studio of its own on loopback, as `make run` does, with an idle queue, and sends each
photo several times. `engine` is the same work called in one warm process: the photo's clean copies
and the cutout, from file to files; `cutout` the latter alone. `around` is what HTTP, queue, database
and storage add, `all around` what lies around the cutout, the copies for the page counted.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import skimage.data
from PIL import Image

from editor.engines.tools import dispatch
from tests.end_to_end.installation import Studio

HEADERS = {"X-Requested-With": "fetch"}


def photos(folder: Path) -> list[Path]:
    """Photos that scikit-image ships, at the sizes that shops upload."""
    made = []
    for name, side in (("coffee", 1250), ("astronaut", 1024), ("coffee", 3000), ("astronaut", 4096)):
        picture = Image.fromarray(getattr(skimage.data, name)())
        picture = picture.resize((side, side * picture.height // picture.width), Image.Resampling.LANCZOS)
        path = folder / f"{name}-{picture.width}x{picture.height}.jpg"
        picture.save(path, quality=92)
        made.append(path)
    return made


def engine_seconds(photo: Path, rounds: int, *, copies: bool = True) -> float:
    """Median seconds of the engine's part, warm. copies: with those of the photo that a page shows."""
    taken = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            if copies:
                dispatch.run("prepare", str(photo), folder, {})
            dispatch.run("cutout", str(photo), folder, {})
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        chosen = args.photos or photos(Path(scratch))
        dispatch.warm()
        studio = Studio(Path(scratch) / "studio")
        studio.start()
        try:
            client = studio.client("alice@example.com", studio.add_person("alice@example.com"))
            print(
                f"{'photo':28s} {'engine':>8s} {'cutout':>8s} {'whole way':>10s} {'around':>8s} "
                f"{'all around':>10s} {'web':>8s} {'worker':>8s}"
                "   seconds, medians; peak MB so far, the worker's with its imaging process"
            )
            for photo in chosen:
                whole = []
                for _ in range(args.rounds):
                    started = time.time()
                    files = {"photo": (photo.name, photo.read_bytes(), "image/jpeg")}
                    client.post(
                        "/editor/photos/", files=files, data={"tool": "cutout"}, headers=HEADERS
                    ).raise_for_status()
                    whole.append(wait_for_archive(studio, started) - started)
                    time.sleep(0.3)
                engine = engine_seconds(photo, args.rounds)
                cutout = engine_seconds(photo, args.rounds, copies=False)
                way = statistics.median(whole)
                web, worker = (peak_mb(studio, words) for words in ("uvicorn", "--queue quick"))
                worker += peak_mb(studio, "spawn_main")
                print(
                    f"{photo.name:28s} {engine:8.2f} {cutout:8.2f} {way:10.2f} {way - engine:8.2f}"
                    f" {way - cutout:10.2f}"
                    f" {web:8.0f} {worker:8.0f}",
                    flush=True,
                )
        finally:
            studio.stop()


def peak_mb(studio: Studio, words: str) -> float:
    """Return the largest resident memory that any process with these words ever had."""
    peaks = [0.0]
    for pid in studio.processes(words):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


def wait_for_archive(studio: Studio, since: float) -> float:
    """Wait until the newest task is done; return when it was, in seconds of Unix time."""
    while True:
        sql = (
            "SELECT state, (julianday(completed_at) - 2440587.5) * 86400 FROM editor_task "
            "ORDER BY created_at DESC LIMIT 1"
        )
        rows = studio.rows(sql)
        if rows and rows[0][0] not in (0, 2, 3, 4, 5, 6):
            if rows[0][0] != 1:
                raise SystemExit(f"The task failed with state {rows[0][0]}.")
            return float(rows[0][1])
        if time.time() - since > 60:
            raise SystemExit("The task was not done within a minute.")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
