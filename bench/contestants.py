"""Warm processes that cut out photos one at a time, to be timed beside one another.

Each runs code of its own (this build, another build, a rival) and answers every line it is sent with what
the work took: seconds of the clock, seconds of all processors together, and the peak of its memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

LOOP = """
import json, sys, tempfile, time
from pathlib import Path

def status(name, process="self"):
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024

def memory(name, process="self"):
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024

def networks():
    # The id of the process that the networks are in; None where that is this one.
    try:
        from editor.engines.networks import sharing
    except ImportError:
        return None
    return sharing.find_process()

def processors(process):
    # CPU seconds, of this process and of that of the networks.
    own = time.process_time()
    return own if process is None else own + time.clock_gettime((~process << 3) | 2)

def peaks(other):
    # What this process and that of the networks took at most since the last call, added.
    found = 0
    for process in {"self", other or "self"}:
        found += status("VmHWM", process)
        Path(f"/proc/{process}/clear_refs").write_text("5")
    return found

work = prepared()
# One is at its peak when networks are made ready, the other when pictures are read: not at the same time.
peak = peaks(networks())
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    other = networks()
    with tempfile.TemporaryDirectory() as folder:
        clock, began = time.perf_counter(), processors(other)
        work(asked, Path(folder)) if asked else None
        peak = max(peak, peaks(other))
        print(json.dumps({
            "seconds": time.perf_counter() - clock, "cpu": processors(other) - began,
            "peak": peak,
            "resident": status("VmRSS") + (other and status("VmRSS", other) or 0),
            "share": memory("Pss"), "common": other and memory("Pss", other) or 0,
        }), flush=True)
"""

OURS = """
def prepared():
    try:
        from editor.engines.io import pictures
        from editor.engines.tools import cutout, dispatch, head
    except ImportError:  # a build from before the engines had folders
        from editor.engines import cutout, head, jobs as dispatch, pictures
    dispatch.warm()
    def work(asked, folder):
        if asked.get("files"):
            return dispatch.run(asked["tool"], asked["photo"], str(folder), {})
        picture = pictures.read(asked["photo"])
        made = (head if asked["tool"] == "head" else cutout).cut(picture)
        pictures.write(folder / "made.png", made.rgb, made.alpha, format="png")
    return work
"""

BARE = """
def prepared():
    from editor.engines.io import pictures
    from editor.engines.networks import isnet
    isnet.segmenter()
    def work(asked, folder):
        isnet.segmenter().subject(pictures.read(asked["photo"]).rgb)
    return work
"""

REMBG = """
import os
def prepared():
    from PIL import Image
    from rembg import new_session, remove
    session = new_session("dis_custom", model_path=os.environ["MODEL"])
    matting = os.environ.get("MATTING") == "1"
    def work(asked, folder):
        with Image.open(asked["photo"]) as picture:
            remove(picture, session=session, alpha_matting=matting).save(folder / "made.png")
    return work
"""


@dataclass(frozen=True)
class Took:
    """What one piece of work took: seconds, processors' seconds; then memory in MB.

    peak, resident: with the process of its networks, if that is another; the peaks that both had until they
    were ready, added, or those since then. share: its own PSS; common: that of its networks' process.
    """

    seconds: float
    cpu: float
    peak: int
    resident: int
    share: int
    common: int


class Contestant:
    """A warm process. Use it as a context manager."""

    def __init__(
        self,
        code: str,
        *,
        build: Path = ROOT,
        environment: dict[str, str] | None = None,
        shared: Path | None = None,
    ) -> None:
        """Start it in a build's folder, with that build's Python where it has one of its own.

        shared: the folder by which it shares networks, as workers of a studio do; None for its own.
        """
        python = build / ".venv/bin/python"
        self._process = subprocess.Popen(
            [str(python) if build != ROOT and python.exists() else sys.executable, "-c", code + LOOP],
            cwd=build,
            env={**os.environ, "NETWORKS_FOLDER": str(shared or ""), **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    def __enter__(self) -> Contestant:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.communicate()

    def work(self, photo: Path, tool: str = "cutout", *, files: bool = False) -> Took:
        """Have a photo worked on and return what it took; files: with all that the studio keeps of it."""
        return self._ask({"photo": str(photo), "tool": tool, "files": files})

    def rest(self) -> Took:
        """Return how much memory it holds now."""
        return self._ask({})

    def _ask(self, asked: dict[str, Any]) -> Took:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Took(**json.loads(self._hear()))

    def _hear(self) -> str:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.startswith(("{", "ready")):
                return line
        raise SystemExit(f"a contestant ended with {self._process.wait()}")
