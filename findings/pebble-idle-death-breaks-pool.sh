#!/usr/bin/env bash
# pebble's process pool outlives a worker that dies at work, and gives up for good when one dies that had nothing to do.
#
# One would guess that the harmless death is the one between two jobs: pebble says of its pool that a worker that ends
# unexpectedly is replaced, and that the job it had raises ProcessExpired. So it is for a worker that dies with a job,
# and the next job runs in a new process. A worker that is ended while it waits (by a system that is short of memory, which
# likes to take large idle processes) belongs to no job: the pool is broken from then on, and each later
# schedule() raises RuntimeError, until a new pool is made.
#
# Prints the version and what became of both; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" pebble==5.2.3
cat > "$folder/ask.py" <<'PYTHON'
import os
import signal
import time
from importlib.metadata import version

from pebble import ProcessExpired, ProcessPool


def end_at_work():
    os.kill(os.getpid(), signal.SIGKILL)


def ask(pool):
    """What a job of the pool comes to, that only says in which process it runs."""
    try:
        return pool.schedule(os.getpid).result(timeout=30)
    except Exception as exc:
        return exc


def wait_for_end(process):
    while True:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


if __name__ == "__main__":
    print("pebble", version("pebble"))

    with ProcessPool(max_workers=1) as pool:
        first = ask(pool)
        try:
            pool.schedule(end_at_work).result(timeout=30)
            told = None
        except ProcessExpired as exc:
            told = exc
        second = ask(pool)
        print("dies at work: the job raises", type(told).__name__, "and the next runs in a new process:", second != first)
        assert isinstance(told, ProcessExpired) and isinstance(second, int) and second != first

    pool = ProcessPool(max_workers=1)
    first = ask(pool)
    os.kill(first, signal.SIGKILL)
    wait_for_end(first)
    time.sleep(1)
    answers = [ask(pool) for _ in range(3)]
    print("dies idle: the next three jobs come to", [repr(one) for one in answers])
    assert all(isinstance(one, RuntimeError) for one in answers), "the pool goes on now"
    pool.stop()
    pool.join()
    print("As it was found.")
PYTHON
PYTHONPATH=$folder "$python" "$folder/ask.py"
