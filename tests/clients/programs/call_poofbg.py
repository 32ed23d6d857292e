"""Run in an environment of poofbg: makes the calls that it is given in JSON, and prints what came of each."""

import json
import sys
from pathlib import Path
from typing import Any

from poof import Poof, PoofError  # type: ignore[import-not-found]

TOLD = ("content_type", "request_id", "processing_time_ms", "width", "height")
MATTE = ("matte_confidence", "matte_ambiguous_ratio")
WRONG = ("message", "code", "details", "request_id", "status_code")


def make_call(
    base_url: str, key: str, image: str = "", saved: str = "", job: str = "", **options: Any
) -> dict[str, Any]:
    """Remove a background; without a picture's name ask for a job, or for the account."""
    with Poof(api_key=key, base_url=base_url) as client:
        try:
            if job:
                return {"job": client.get_job(job)}
            if not image and "url" not in options:
                return {"account": client.me()}
            # A file's name, its bytes, and a file that is open are all pictures to it.
            given = {"bytes:": Path.read_bytes, "file:": lambda path: path.open("rb")}
            for prefix, read in given.items():
                if image.startswith(prefix):
                    options["image"] = read(Path(image.removeprefix(prefix)))
            result = client.remove_background(**({"image": image} if image else {}) | options)
        except PoofError as exc:
            return {"error": type(exc).__name__} | {name: getattr(exc, name) for name in WRONG}
    if saved:
        result.save(saved)
    return {name: getattr(result, name) for name in (*TOLD, *MATTE)}


if __name__ == "__main__":
    print(json.dumps([make_call(**call) for call in json.loads(sys.argv[1])]))  # noqa: T201
