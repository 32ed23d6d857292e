"""What is between one task and one service: what is known of it, what a failure means, our engine's part."""

import logging
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from editor import wiring
from editor.engines.errors import UnusableAnswer
from editor.engines.types import Output
from editor.models import Provider as ProviderRow
from editor.models import RemoteCall
from editor.providers.contract import FetchedPicture, Job
from editor.providers.errors import BadAnswer, Busy, KeyRefused, ProviderError, Refused, RemoteError
from editor.states import State
from editor.tasks.lease import SAVING, Attempt
from web import clock, outages

from . import circuit, routing
from .routing import Way

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 30.0  # seconds between tries, doubling
SPREAD = 0.25  # of every pause at most, added to it, lest all come back at once

# A verdict on the picture. After any other failure our own engine may do better.
FINAL = frozenset({State.NOTHING_FOUND, State.REFUSED_BY_REVIEW, State.REFUSED_BY_THIRD_PARTY})


class Session:
    """What is between one task, held by a worker, and one provider."""

    def __init__(self, attempt: Attempt, call: RemoteCall, way: Way) -> None:
        self.attempt, self.task, self.call, self.way = attempt, attempt.task, call, way
        self.provider = ProviderRow.objects.get(pk=call.provider)
        self.name = self.provider.name
        self.connection = routing.get_connection(self.provider)

    @outages.outlast
    def note(self, **changes: object) -> None:
        """Write down what is known, at once and for certain."""
        RemoteCall.objects.filter(pk=self.call.pk).update(**changes)
        self.call.refresh_from_db()

    def is_final(self, exc: ProviderError) -> bool:
        """Whether the task ends with this, and is not for our own engine to do instead.

        It is where the way says so, and where the way leads to it alone by now.
        """
        return exc.state in FINAL or not (self.way.fallback or not self.way.provider)

    def blame(self, exc: RemoteError) -> float:
        """Note in the provider's row what went wrong. Return how many seconds it asked to be left alone."""
        if not isinstance(exc, Busy | KeyRefused):
            circuit.record_failure(self.name, exc.sentence)
            return 0.0
        circuit.record_refusal(self.name, exc.sentence)
        after = (exc.retry_after or 0.0) if isinstance(exc, Busy) else 0.0
        if after:
            circuit.hold_off(self.name, after)
        return after

    # -- Our own engine's part --------------------------------------------------------------------

    def prepare_outgoing(self, job: Job) -> Job:
        """Return the job with clean copies of its pictures: upright, sRGB, without metadata."""
        made = {one.kind: Path(one.path) for one in self.engine("outgoing", job)}
        options = dict(job.options)
        if "mask" in made:
            options["mask_path"] = str(made["mask"])
        return replace(job, source=made["image"], options=options)

    def finish(self, job: Job, pictures: tuple[FetchedPicture, ...]) -> None:
        """Make of what the service made what our own tool would have made, and archive it."""
        self.attempt.hold(state=State.PUBLISHING, progress=SAVING)
        ordered = sorted(pictures, key=lambda one: one.number)
        try:
            outputs = self.engine("finish", job, pictures=[str(one.path) for one in ordered])
        except Refused as exc:
            if exc.sentence == UnusableAnswer.sentence:
                sentence = f"What {self.provider} made of this picture cannot be used. Try again later."
                raise BadAnswer(sentence) from exc
            raise
        self.attempt.publish(outputs)

    def engine(self, work: str, job: Job, **options: object) -> list[Output]:
        """Run the engine's part before or after the service's. Raises ProviderError."""
        asked = {"tool": job.tool, "options": job.options, **options}
        own = Job(work, job.source, job.folder, asked, self.attempt.seconds_left)
        provider = wiring.get_engine("local", self.attempt.queue)
        return provider.run(own, lambda share: self.attempt.watch(0.0))


def choose_pause(times: int) -> timedelta:
    """Return how long to wait after so many failures."""
    return timedelta(seconds=min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, times - 1)))


def add_jitter(at: datetime) -> datetime:
    """Return a moment that lies somewhat later than this, as far as it is away."""
    away = max(0.0, (at - clock.now()).total_seconds())
    return at + timedelta(seconds=random.uniform(0, SPREAD) * away)  # noqa: S311  (no secret)
