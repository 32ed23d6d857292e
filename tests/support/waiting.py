"""Waiting for what another process does: for as long as it is at work, however slow the machine is.

A number of seconds says nothing on a machine that does other things as well. What was started by these
tests is at work while one of its processes wants the processor or the disk nearly all the time. One
that looks for work every moment does so now and then, even where it must wait for its turn; so does
one that is stuck. Only when nothing was at work for a good while is something awaited in vain.
"""

import os
import subprocess
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOOK_EVERY = 0.25  # seconds
# Counted in looks, since whoever looks has to wait for the processor as well. At work: in this share of
# so many looks. Pauses between two pieces of work (a lease that runs out, a process that is started
# again) are shorter than what counts as rest.
WINDOW, SHARE = 20, 0.7
REST = 240

# For an answer over a connection, which nobody can ask whether it is being worked on. Seconds.
PATIENCE = 900.0


def wait_for[Held](condition: Callable[[], Held], what: object, *, every: float = 0.1) -> Held:
    """Return what the condition returned once that is true.

    Fails, saying what was awaited, once all that was started by these tests has come to rest. what:
    called for its words then, if it can be. every: seconds between two looks at the condition.
    """
    if held := condition():
        return held
    with Observer() as observer:
        while not (held := condition()):
            assert observer.at_rest < REST, f"Waited in vain: {what() if callable(what) else what}"
            time.sleep(every)
        return held


def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end as subprocess.run does, for as long as it is at work."""
    check = options.pop("check", True)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    ) as process:
        told = ("", "")

        def ended() -> bool:
            nonlocal told
            try:
                told = process.communicate(timeout=0.1)
            except subprocess.TimeoutExpired:
                return False
            return True

        try:
            wait_for(ended, f"the end of {command}")
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(command, process.returncode, *told)
    assert not check or done.returncode == 0, done.stderr
    return done


class Observer(threading.Thread):
    """Looks at the processes below this one, and knows for how long none of them has been at work."""

    def __init__(self) -> None:
        super().__init__(name="observer", daemon=True)
        self.stopped = threading.Event()
        self.at_rest = 0  # looks in a row

    def __enter__(self) -> "Observer":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stopped.set()
        self.join()

    def run(self) -> None:
        looks: deque[set[int]] = deque(maxlen=WINDOW)
        while not self.stopped.wait(LOOK_EVERY):
            looks.append(wanting(os.getpid()))
            wanted = Counter(pid for look in looks for pid in look)
            busy = max(wanted.values(), default=0) >= SHARE * WINDOW
            self.at_rest = 0 if busy else self.at_rest + 1


def wanting(ancestor: int) -> set[int]:
    """Return which processes below this one run, are ready to, or wait for the disk."""
    states, parents = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (told := look_at(f"/proc/{name}/stat")):
            states[int(name)], parents[int(name)] = told
    return {pid for pid in states if is_below(pid, ancestor, parents) and works(pid, states[pid])}


def look_at(stat: str) -> tuple[str, int] | None:
    """Return the state and the parent in this file of a process or thread; None where it has ended.

    Some hundred are read at each look, four times a second while anything is awaited: as cheaply as can be.
    """
    try:
        file = os.open(stat, os.O_RDONLY)
    except (FileNotFoundError, ProcessLookupError):
        return None
    try:
        # Its name stands in parentheses and may have some of its own.
        state, parent, _ = os.read(file, 4096).rpartition(b")")[2].split(None, 2)
    except ProcessLookupError:
        return None
    finally:
        os.close(file)
    return state.decode(), int(parent)


def below(ancestor: int, words: str) -> list[int]:
    """Return which processes below this one have these words in their command."""
    parents, found = {}, []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if words in (path / "cmdline").read_text(errors="replace"):
                found.append(int(path.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return [pid for pid in found if is_below(pid, ancestor, parents)]


def is_below(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False


def works(pid: int, state: str) -> bool:
    """Whether one of its threads does. state: of the first of them."""
    if state in "RD":
        return True
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except (FileNotFoundError, ProcessLookupError):
        return False
    looks = (look_at(f"/proc/{pid}/task/{thread}/stat") for thread in threads)
    return any(told and told[0] in "RD" for told in looks)
