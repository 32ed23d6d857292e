"""The process that makes pictures on demand: started at the first, warm for the next, killed when it must be.

The web process must stay small and quick, so it never decodes a pixel. There is one such process for each
web process; whatever is asked of it is done in turn. It ends by itself when it is idle.
"""

import atexit
import json
import logging
import os
import select
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, cast

from django.conf import settings

logger = logging.getLogger(__name__)

SECONDS_TO_WAIT = 30
SECONDS_TO_WORK = 60
SECONDS_IDLE = 60

BUSY = "The studio is preparing many pictures right now. Try again in a minute."
TOO_SLOW = "Preparing this picture took too long. Choose a smaller size."
FAILED = "This picture could not be prepared. Try again, or tell the studio's admin."


class RenderFailed(Exception):
    """No picture came of it. `sentence` says what to do; `status` is for HTTP."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


class RenderProcess:
    """One process of the engine that makes one picture after another. For one thread alone."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, work: dict[str, Any]) -> dict[str, Any]:
        """Have a picture made, as engines/finishing/__main__.py says. Raises RenderFailed."""
        line = json.dumps(work).encode() + b"\n"
        answer = self.ask(line)
        if not answer and self.is_over():
            # It was idle for too long in the very moment in which it was asked, or crashed.
            self.close()
            answer = self.ask(line)
        if not answer:
            self.close()
            logger.error("The process that makes pictures ended in the middle of %s.", work["work"])
            raise RenderFailed(FAILED, 500)
        told: dict[str, Any] = json.loads(answer)
        if "sentence" in told:
            raise RenderFailed(told["sentence"], 422)
        return told

    def is_over(self) -> bool:
        """Whether it has ended as it should, which it does when nothing was asked of it."""
        return self.process is not None and self.process.wait() == 0

    def ask(self, line: bytes) -> bytes:
        """Return what it answers, nothing where it has ended. Raises RenderFailed where it takes too long."""
        asking, answering = self.start()
        try:
            asking.write(line)
        except OSError:
            return b""
        until, answer = time.monotonic() + SECONDS_TO_WORK, b""
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([answering], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.close()
                raise RenderFailed(TOO_SLOW, 503)
            more = os.read(answering.fileno(), 1 << 16)
            if not more:
                return b""
            answer += more
        return answer

    def start(self) -> tuple[IO[bytes], IO[bytes]]:
        """Return where it is asked and where it answers; it is started where it is not there."""
        if self.process is None or self.process.poll() is not None:
            self.close()
            self.process = self.spawn()
        return cast("IO[bytes]", self.process.stdin), cast("IO[bytes]", self.process.stdout)

    def spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "editor.engines.finishing",
                str(settings.IMAGING_MEMORY_MB),
                str(SECONDS_IDLE),
            ],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def close(self) -> None:
        """End the process. The next picture starts another."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


_process = RenderProcess()
# One thread has the process, since that dies with the thread that started it; and its queue is the line.
_turns = ThreadPoolExecutor(1, "renders")


def submit(work: Any) -> Future[Any]:
    """Have work done with the process in its turn; work takes a function that makes pictures.

    The future raises RenderFailed where its turn comes too late for anybody to wait.
    """
    until = time.monotonic() + SECONDS_TO_WAIT

    def run() -> Any:
        if time.monotonic() > until:
            raise RenderFailed(BUSY, 503)
        return work(_process.run)

    return _turns.submit(run)


def close() -> None:
    """End the process, after what it is in the middle of."""
    _turns.submit(_process.close).result()


def _close_at_exit() -> None:
    # The thread has ended by now: nobody is in the middle of anything.
    _process.close()


atexit.register(_close_at_exit)
