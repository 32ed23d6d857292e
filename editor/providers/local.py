"""Our own engine, in a warm process of its own that has a memory limit and can be killed.

A picture that crashes the decoder, eats the memory or never ends costs its own task and the two
seconds of a new start, not the worker.
"""

import contextlib
import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import sys
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool

from editor.engines.types import Output
from editor.states import State

from .contract import Job, Watch
from .errors import Cancelled, Crashed, DeadlinePassed, Refused, Unknown

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between two looks at progress while the child works
# The same while strokes are worked on: what they change is shown before its file is written.
LOOK_OFTEN = 0.02
# How long the child may take to stop by itself where strokes are overtaken: it knows their photo.
GRACE = 3.0
PR_SET_PDEATHSIG = 1
# How often the pool looks after its child, in seconds. Its tenth of one is most of what an idle worker costs.
CONSTS.sleep_unit = 0.25

ENDED = "The imaging process ended unexpectedly. Try again, or use another file."
ENDED_BY_THE_SYSTEM = (
    "The system ended the imaging process in the middle of this, which it mostly does for want of memory. "
    "Try again when less goes on here, or with something smaller."
)


@dataclass(frozen=True)
class Failure:
    """An engine's error on its way between processes; exceptions of others may not survive pickling."""

    state: State
    sentence: str
    kind: type[Refused] = Refused


class LocalEngine:
    """Runs jobs one at a time in one child process.

    memory_mb: private memory the child may take. environment: variables it is started with.
    nice: how much it stands back for others. max_jobs: a new child after so many, 0 for never.
    """

    def __init__(
        self, *, memory_mb: int, environment: dict[str, str], nice: int = 0, max_jobs: int = 0
    ) -> None:
        # Spawned, not forked: the child must not inherit database connections or locks held by threads.
        context = multiprocessing.get_context("spawn")
        self.progress: Any = context.Value(ctypes.c_double, 0.0, lock=False)
        self.unwanted: Any = context.Value(ctypes.c_bool, False, lock=False)
        self.make_pool = partial(
            ProcessPool,
            max_workers=1,
            max_tasks=max_jobs,
            context=context,
            initializer=_settle_in,
            initargs=(memory_mb, environment, nice, self.progress, self.unwanted, os.getpid()),
        )
        self.pool = self.make_pool()

    def warm(self) -> None:
        """Load what the first job would otherwise wait for; return when that is done, or failed."""
        wait([self.warm_soon()])

    def warm_soon(self) -> ProcessFuture:
        return self.schedule(_warm)

    def schedule(self, function: Any, **asked: Any) -> ProcessFuture:
        """Have the child do something next; a new one, where it ended when it had nothing to do.

        The pool gives up for good then, and the system does that to idle processes too, for want of memory.
        """
        try:
            return self.pool.schedule(function, **asked)
        except RuntimeError as exc:
            logger.warning("The imaging process ended when it had nothing to do (%s); a new one begins.", exc)
            self.close()
            self.pool = self.make_pool()
            return self.pool.schedule(function, **asked)

    def run(self, job: Job, watch: Watch) -> list[Output]:
        try:
            return self.run_once(job, watch)
        except BrokenProcessPool:
            # The child had ended before it began with this.
            pass
        try:
            return self.run_once(job, watch)
        except BrokenProcessPool as exc:
            raise Crashed(ENDED) from exc

    def run_once(self, job: Job, watch: Watch) -> list[Output]:
        """Run a job. Raises BrokenProcessPool where the child ended before it began with it, and as run."""
        self.progress.value, self.unwanted.value = 0.0, False
        strokes = bool(job.options.get("strokes"))
        arguments = [job.tool, str(job.source), str(job.folder), job.options]
        future = self.schedule(_work, args=arguments, timeout=max(1.0, job.seconds))
        try:
            while not wait([future], timeout=LOOK_OFTEN if strokes else LOOK_EVERY).done:
                watch(self.progress.value)
            answer = future.result()
        except (FutureTimeout, TimeoutError) as exc:
            self.warm_soon()
            raise DeadlinePassed from exc
        except ProcessExpired as exc:
            self.warm_soon()
            raise Crashed(ENDED_BY_THE_SYSTEM if exc.exitcode == -signal.SIGKILL else ENDED) from exc
        except BrokenProcessPool:
            raise
        except Cancelled:
            self.unwanted.value = strokes
            if not strokes or not wait([future], timeout=GRACE).done:
                future.cancel()
                self.warm_soon()
            raise
        except BaseException:
            # The watch said stop, or the worker is told to: the child is killed in the middle of it.
            future.cancel()
            self.warm_soon()
            raise
        if isinstance(answer, Failure):
            raise answer.kind(answer.state, answer.sentence)
        return answer

    def close(self) -> None:
        self.pool.stop()
        self.pool.join()


# -- In the child -------------------------------------------------------------------------------

_progress: Any = None
_unwanted: Any = None


def _settle_in(
    memory_mb: int, environment: dict[str, str], nice: int, progress: Any, unwanted: Any, parent: int
) -> None:
    """Prepare the child: it dies with its parent, keeps to its memory, and leaves signals to it."""
    global _progress, _unwanted
    _progress, _unwanted = progress, unwanted
    os.environ.update(environment)
    # Ctrl-C reaches the whole group; the parent decides what becomes of the running job.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if nice:
        os.nice(nice)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask to follow it
            os._exit(1)
        limit = memory_mb * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _report(fraction: float) -> None:
    _progress.value = fraction
    if _unwanted.value:
        from editor.engines.errors import Cancelled as Stopped

        raise Stopped


def _warm() -> None:
    from editor.engines.errors import EngineError
    from editor.engines.tools import dispatch

    # Missing weights are said by the system check and by the task that needs them.
    with contextlib.suppress(EngineError):
        dispatch.warm()


def _work(tool: str, source: str, folder: str, options: dict[str, Any]) -> list[Output] | Failure:
    from editor.engines.errors import EngineError, InvalidOptions, OutOfMemory
    from editor.engines.tools import dispatch

    try:
        return dispatch.run(tool, source, folder, options, _report)
    except EngineError as exc:
        kind = Unknown if isinstance(exc, InvalidOptions) else Refused
        return Failure(exc.state, str(exc), kind)
    except MemoryError:  # before the engine could say so itself, while it was loaded
        return Failure(OutOfMemory.state, OutOfMemory.sentence)
