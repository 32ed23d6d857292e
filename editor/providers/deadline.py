"""Work that may hang, on a thread of its own, while the one that asked for it looks after it.

A look-up of a name, and a server that sends a byte now and then, cannot be told to stop: they can
only be left alone.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait

from .contract import Watch

LOOK_EVERY = 0.1  # seconds between two looks at the work


class TimeIsUp(Exception):
    """The work did not end in time, and goes on unheeded until it notices."""


def run_watched[Made](
    work: Callable[[threading.Event], Made],
    *,
    seconds: float,
    watch: Watch,
    abandon: Callable[[], None] = lambda: None,
    name: str = "errand",
) -> Made:
    """Return what work returns, and raise what it raises, from a thread of its own.

    work is handed an event that is set once nobody waits for it any more; abandon is called then, to
    let go of what it hangs on. watch is called on this thread while it goes on, and stops it by raising.
    Raises TimeIsUp after so many seconds.
    """
    outcome: Future[Made] = Future()
    left = threading.Event()

    def run() -> None:
        try:
            outcome.set_result(work(left))
        except BaseException as exc:  # noqa: BLE001 - it is raised on the thread that asked
            outcome.set_exception(exc)

    threading.Thread(target=run, name=name, daemon=True).start()
    end = time.monotonic() + seconds
    try:
        while not wait([outcome], timeout=max(0.0, min(LOOK_EVERY, end - time.monotonic()))).done:
            watch(0.0)
            if time.monotonic() >= end:
                raise TimeIsUp
    except BaseException:
        left.set()
        abandon()
        raise
    return outcome.result()
