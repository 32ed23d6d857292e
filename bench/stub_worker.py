"""A worker whose engine sleeps and writes small pictures: all else of it is the studio's own.

    python -m bench.stub_worker [--seconds S] [--own SIDE] [--hold FILE]

Run with a studio's settings. Queue, database, storage, leases and credits are the real ones. A photo with a
side of SIDE pixels or more is carried out by our own engine. Once it is ready it says so in a file beside
FILE, and begins when that is there.
"""

import argparse
import json
import os
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

LOOK_EVERY = 0.05  # seconds


def encode(mode: str, size: int, kind: str) -> bytes:
    buffer = BytesIO()
    Image.effect_noise((size, size), 60).convert(mode).save(buffer, kind)
    return buffer.getvalue()


class StubEngine:
    """An imaging engine that takes so many seconds and makes the files that a tool makes."""

    def __init__(self, seconds: float, own: int, engine: Any) -> None:
        self.seconds, self.own, self.engine = seconds, own, engine
        self.png, self.webp = encode("RGBA", 64, "PNG"), encode("RGB", 32, "WEBP")

    def warm(self) -> None: ...

    def close(self) -> None:
        self.engine.close()

    def run(self, job: Any, watch: Any) -> list[Any]:
        if self.own and job.tool != "prepare" and max(Image.open(job.source).size) >= self.own:
            return self.engine.run(job, watch)
        end = time.monotonic() + (0.0 if job.tool == "prepare" else self.seconds)
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_EVERY))
            watch(1 - left / self.seconds)
        if job.tool == "faces":
            return [self.write(job.folder, "faces", json.dumps({"heads": []}).encode(), "json")]
        kinds = ("preview", "thumbnail") if job.tool == "prepare" else ("image", "thumbnail")
        return [
            self.write(job.folder, kinds[0], self.png, "png"),
            self.write(job.folder, kinds[1], self.webp, "webp"),
        ]

    def write(self, folder: Path, kind: str, content: bytes, ending: str) -> Any:
        from editor.engines.types import Output

        path = folder / f"{kind}.{ending}"
        path.write_bytes(content)
        side = 32 if ending == "webp" else 64
        return Output(kind, str(path), side, side, ending, len(content))  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--own", type=int, default=0)
    parser.add_argument("--hold", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from editor import wiring

    stub = StubEngine(asked.seconds, asked.own, wiring.get_engine("local", "quick"))
    wiring.get_engine = lambda name, queue="quick": stub  # type: ignore[assignment]
    if asked.hold:
        asked.hold.with_suffix(f".{os.getpid()}").touch()
        while not asked.hold.exists():
            time.sleep(0.005)
    call_command("worker", queue="quick")


if __name__ == "__main__":
    main()
