"""Stands in for Blender: takes a job as blender/__main__ does, and paints plates in one colour, at once.

STUB_BLENDER says what becomes of it: how many takes it does, and what comes then, such as "1 crash". Every
take that it was asked for is written down in the folder that STUB_BLENDER_LOG names.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from PIL import Image

OUT_OF_MEMORY = 3
GAVE_WAY = {"samples": 3, "of_samples": 7, "side": 96, "of_side": 128, "busy": True}


def tell(**said: Any) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201  (that is how it speaks)


def paint(path: str, frame: dict[str, Any], grey: int) -> None:
    Image.new("RGB", (frame["width"], frame["height"]), (grey,) * 3).save(path)


def main() -> int:
    does, then = os.environ.get("STUB_BLENDER", "2 end").split()
    job = json.load(sys.stdin)
    if log := os.environ.get("STUB_BLENDER_LOG"):
        Path(log, str(time.monotonic_ns())).write_text(json.dumps([take["number"] for take in job["takes"]]))
    for take in job["takes"]:
        paint(take["early"], take["frame"], 90)
        tell(early=take["number"], share=0.1)
    for take in job["takes"][: int(does)]:
        paint(take["plate"], take["frame"], 100 + take["number"])
        tell(done=take["number"], share=0.5, gave_way=GAVE_WAY if then == "thrifty" else {})
    if int(does) < len(job["takes"]):
        match then:
            case "crash":
                os.abort()
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "memory":
                return OUT_OF_MEMORY
            case "hang":
                time.sleep(3600)
            case "slow" | "busy":
                tell(late=job["takes"][int(does)]["number"], busy=then == "busy")
    return 0


if __name__ == "__main__":
    sys.exit(main())
