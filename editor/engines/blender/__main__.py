"""Build and render sets: one JSON job on stdin, one JSON line per news on stdout.

Job: {"takes": [{"number": n, "plan": SetPlan, "frame": Frame, "seed": n, "samples": n, "early": path,
"plate": path}, …], "product": {"picture": path, "shape": path, "foot": [width, depth, x], "tone": "#rrggbb"},
"folder": path, "memory_mb": n, "nice": n, "parent": pid, "until": seconds of the monotonic clock, or null}.
A take with "key_side" (-1, 1) instead of a plan is the product's shadow alone.
A take with "check" has its props looked for: what is hidden is built once more, and told if it still is.
News: {"share": 0..1}, {"early": number}, {"done": number, "gave_way": what gave way for want of time, and
"hidden", the props that cannot be seen},
{"late": number} where there is no time for this take and those after it. The plates are PNG files without
the product.
Exit codes: 0 done, 3 out of memory, anything else is a crash. The words of a prompt never come here.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
OUT_OF_MEMORY = 3


def main() -> int:
    """Do the job on stdin and return the exit code."""
    # Blender prints to stdout as it likes; the news go out by a door of their own.
    news = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(said: dict[str, Any]) -> None:
        print(json.dumps(said), file=news, flush=True)

    job = json.load(sys.stdin)
    _settle(job)
    try:
        from . import render_job

        render_job.run_job(job, tell)
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _settle(job: dict[str, Any]) -> None:
    """Stand back for others, keep to the memory allowed, and die with the process that asked."""
    os.nice(job["nice"])
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != job["parent"]:  # it died before we could ask to follow it
        os._exit(1)
    limit = job["memory_mb"] * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())
