"""One task in the hands of a service: handed over once, looked after, fetched, and taken back if need be.

What is about to be asked is written down before (models.RemoteCall), so that a worker that is killed
at any moment leaves behind what the next one must know: whether the service certainly has the task,
certainly has not, or nobody knows. In the last case it is not asked again, unless it heeds the key
that came with the order.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from editor import wiring
from editor.models import Provider as ProviderRow
from editor.models import RemoteCall, Task
from editor.models import clock as say_clock
from editor.providers import job_size
from editor.providers.contract import Job, RemoteProvider, RemoteStatus, Submission
from editor.providers.errors import (
    BadAnswer,
    Cancelled,
    DeadlinePassed,
    KeyRefused,
    NotTaken,
    OutcomeUnknown,
    ProviderError,
    Refused,
    RemoteError,
    Unoffered,
    Unreached,
)
from editor.states import State
from editor.tasks.lease import Again, Attempt
from web import clock

from . import circuit, routing
from .routing import Way
from .session import Session, add_jitter, choose_pause

logger = logging.getLogger(__name__)

# Handing over is tried so often and for so long; after that it is another's turn, or it failed.
MOST_TRIES = 5
TRY_FOR = timedelta(minutes=2)
# Looks in a row whose answers make no sense.
MOST_FAILURES = 5
# A worker sleeps this long for a moment to call; for a later one the task is let go.
SUBMIT_WITHIN, LOOK_WITHIN = timedelta(seconds=1), timedelta(seconds=0.3)
# Seconds until the first look, and between two where few tasks are looked after.
FIRST_LOOK, LOOK_EVERY = 1.0, 1.5
# Of the calls that the limit allows, looks take up this share at most: orders need theirs.
LOOKS_SHARE = 0.6
REMOTE_SHARE = 0.9  # of the progress shown; the rest is fetching and finishing
UNREADY = timedelta(seconds=15)  # until a provider that is switched off is looked at again


class LeftToUs(Exception):
    """The studio is to carry the task out itself. Says why, for the log."""


def hand_over(attempt: Attempt, job: Job, way: Way) -> Again | None:
    """Have a provider carry the task out. Returns when to go on, None if it is done already.

    Raises LeftToUs, and ProviderError where the task has failed.
    """
    call, _ = RemoteCall.objects.get_or_create(task=attempt.task, defaults={"provider": way.provider})
    if call.phase == RemoteCall.Phase.GIVEN_UP:
        raise LeftToUs("The provider was given up before.")
    if call.phase == RemoteCall.Phase.SUBMITTED:
        return attempt.park(clock.now())
    if call.phase == RemoteCall.Phase.TRYING and call.provider != way.provider:
        call.provider, call.key, call.tries, call.tried_at = way.provider, uuid.uuid4(), 0, None
        call.save()
    return HandingOver(attempt, call, way).hand_over(job)


def look_after(attempt: Attempt, gather: Callable[[], Job]) -> Again | None:
    """Look after a task that a provider has. gather: makes a job of it, for what was made to be fetched.

    Returns and raises as hand_over, but that a task left to us is put back for its own queue.
    """
    call = RemoteCall.objects.get(task=attempt.task)
    return LookingAfter(attempt, call, routing.find_way(attempt.task.tool)).look(gather)


class HandingOver(Session):
    """Until the service has the task."""

    def hand_over(self, job: Job) -> Again | None:
        if self.connection.trouble:
            raise self.end_with(NotTaken(f"{self.provider} is not set up yet. Tell the studio's admin."))
        remote = wiring.get_remote(self.connection)
        reason = remote.declines(job) or job_size.explain_size(job)
        if reason:
            raise self.leave_to_us(reason)
        unknown = self.call.phase == RemoteCall.Phase.SUBMITTING
        if unknown and not self.connection.heeds_idempotency_keys:
            raise self.end_with(OutcomeUnknown(self.lost))
        # Looked at before the pictures are made ready, and again, for certain, before the call.
        for free_at in (self.provider.open_until, self.provider.next_slot_at):
            if free_at is not None and free_at - clock.now() > SUBMIT_WITHIN:
                return self.wait(free_at)
        ready = self.prepare_outgoing(job)
        # A scene by its number has the service asked for its list of them first.
        calls = 2 if job.options.get("scene") is not None else 1
        slot = circuit.take_slot(self.name, SUBMIT_WITHIN, calls)
        if not slot.taken:
            return self.wait(slot.at)
        until = circuit.check_circuit(self.name)
        if until is not None:
            return self.wait(until)
        self.attempt.hold(state=State.WAITING, provider=self.name)
        time.sleep(slot.seconds)
        taken = self.submit(remote, ready, unknown)
        if isinstance(taken, Again):
            return taken
        circuit.record_success(self.name)
        if taken.pictures:
            try:
                self.finish(job, taken.pictures)
            except (Refused, BadAnswer) as exc:
                raise self.end_with(exc) from exc
            return None
        now = clock.now()
        seconds = min(remote.seconds[self.task.tool], self.attempt.seconds_allowed)
        self.note(
            phase=RemoteCall.Phase.SUBMITTED,
            remote_id=taken.remote_id,
            submitted_at=now,
            deadline_at=now + timedelta(seconds=seconds),
        )
        return self.attempt.park(find_next_look(self.name, FIRST_LOOK))

    def submit(self, remote: RemoteProvider, job: Job, unknown: bool) -> Submission | Again:
        """Ask the service to take the task, once. unknown: whether it may have it from an earlier try."""
        tried_at = self.call.tried_at or clock.now()
        self.note(phase=RemoteCall.Phase.SUBMITTING, tries=F("tries") + 1, tried_at=tried_at)
        try:
            return remote.submit(job, str(self.call.key), self.attempt.watch)
        except Unoffered as exc:
            circuit.record_success(self.name)
            raise self.leave_to_us(exc.sentence) from exc
        except NotTaken as exc:
            # Of an earlier try, which may have reached it, this one says nothing.
            if not unknown:
                self.note(phase=RemoteCall.Phase.TRYING)
            return self.try_again(exc)
        except OutcomeUnknown as exc:
            if self.connection.heeds_idempotency_keys:
                return self.try_again(exc)
            self.blame(exc)
            raise self.end_with(exc) from exc
        except BadAnswer as exc:
            self.blame(exc)
            raise self.end_with(exc) from exc
        except Refused as exc:
            circuit.record_success(self.name)
            raise self.end_with(exc) from exc

    @property
    def lost(self) -> str:
        return (
            f"{self.provider} was sent this, but its answer got lost. As it may have taken it, it was not "
            "sent again. Try again yourself."
        )

    def try_again(self, exc: RemoteError) -> Again:
        """Have the task handed over later, if there is any use in it."""
        after = timedelta(seconds=self.blame(exc))
        if isinstance(exc, KeyRefused):
            raise self.end_with(exc) from exc
        at = add_jitter(clock.now() + max(choose_pause(self.call.tries), after))
        first = self.call.tried_at or clock.now()
        if self.call.tries < MOST_TRIES and at - first <= TRY_FOR:
            return self.put_back(at, f"{self.provider} could not take this. It is asked again in a moment.")
        until = ProviderRow.objects.get(pk=self.name).open_until
        if until is not None:
            return self.wait(until)
        raise self.end_with(exc) from exc

    def wait(self, until: datetime) -> Again:
        """Have the task wait until the service may be asked again, if that is how it is wanted."""
        provider = ProviderRow.objects.get(pk=self.name)
        limit = self.task.created_at + timedelta(seconds=settings.PROVIDER_PATIENCE)
        if clock.now() >= limit or (self.way.fallback and provider.is_paused):
            raise self.end_with(
                Unreached(f"{say_trouble(provider)} Try again later, or tell the studio's admin.")
            )
        message = f"{say_trouble(provider)} This waits until it can be asked."
        return self.put_back(min(add_jitter(until), limit), message)

    def put_back(self, at: datetime, message: str) -> Again:
        return self.attempt.put_back(at, provider=self.name, message=message)

    def end_with(self, exc: ProviderError) -> Exception:
        """Return what to raise: the task has failed, or is left to our own engine."""
        return exc if self.is_final(exc) else self.leave_to_us(exc.sentence)

    def leave_to_us(self, reason: str) -> LeftToUs:
        self.note(phase=RemoteCall.Phase.GIVEN_UP)
        return LeftToUs(reason)


class LookingAfter(Session):
    """Until what the service made is archived."""

    def look(self, gather: Callable[[], Job]) -> Again | None:
        if self.task.cancel_requested:
            raise Cancelled
        if clock.now() >= self.deadline:
            sentence = f"{self.provider} took longer than it may. Try again later, or with something smaller."
            return self.take_back(DeadlinePassed(sentence))
        if self.connection.trouble:
            return self.park(clock.now() + UNREADY)
        slot = circuit.take_slot(self.name, LOOK_WITHIN)
        if not slot.taken:
            return self.park(add_jitter(slot.at))
        until = circuit.check_circuit(self.name)
        if until is not None:
            return self.park(add_jitter(until))
        time.sleep(slot.seconds)
        remote = wiring.get_remote(self.connection)
        try:
            seen = remote.look(self.task.tool, self.call.remote_id)
        except RemoteError as exc:
            return self.look_again(exc, given_up=isinstance(exc, KeyRefused))
        circuit.record_success(self.name)
        if seen.state.is_failed:
            return self.take_back(Refused(seen.state, seen.sentence))
        if seen.state != State.DONE:
            self.note(looks=F("looks") + 1, failures=0)
            return self.park(find_next_look(self.name, LOOK_EVERY), **describe_status(self.task, seen))
        try:
            job = gather()
            pictures = remote.collect(job, seen, self.attempt.watch)
        except RemoteError as exc:
            # A picture that will not do will not do better; one that did not come may come.
            return self.look_again(exc, given_up=not exc.retry_helps)
        try:
            self.finish(job, pictures)
        except (Refused, BadAnswer) as exc:
            return self.take_back(exc)
        return None

    @property
    def deadline(self) -> datetime:
        return self.call.deadline_at or clock.now()

    def park(self, at: datetime, **changes: object) -> Again:
        """Let go until then, or until the deadline, which must be seen to as well."""
        return self.attempt.park(min(at, max(self.deadline, clock.now())), **changes)

    def look_again(self, exc: RemoteError, *, given_up: bool) -> Again:
        """Look later, since asking and fetching may be repeated: until the deadline, nonsense a few times."""
        after = timedelta(seconds=self.blame(exc))
        self.note(looks=F("looks") + 1, failures=F("failures") + 1)
        if given_up or (not exc.retry_helps and self.call.failures >= MOST_FAILURES):
            return self.take_back(exc)
        return self.park(add_jitter(clock.now() + max(choose_pause(self.call.failures), after)))

    def take_back(self, exc: ProviderError) -> Again:
        """Put the task back for our own engine where that is wanted, else let it fail."""
        if self.is_final(exc):
            raise exc
        logger.warning("Task %s is taken back from %s: %s", self.task.pk, self.provider, exc)
        self.note(phase=RemoteCall.Phase.GIVEN_UP)
        return self.attempt.put_back(clock.now(), provider="local")


def find_next_look(name: str, soonest: float) -> datetime:
    """When to look next: soon where few tasks are looked after, in turn where many are."""
    count = Task.objects.parked().filter(provider=name).count() + 1
    seconds = max(soonest, count / (LOOKS_SHARE * settings.PROVIDER_RATE))
    return add_jitter(clock.now() + timedelta(seconds=seconds))


def describe_status(task: Task, seen: RemoteStatus) -> dict[str, object]:
    """Return what the row says of a task as the service told it. To it queued is to us waiting for it."""
    progress = max(task.progress, round(REMOTE_SHARE * seen.progress))
    return {"state": seen.state or State.WAITING, "progress": progress}


def say_trouble(provider: ProviderRow) -> str:
    """Return why a service cannot be asked now, as a sentence."""
    if provider.is_paused:
        return f"{provider} does not answer since {say_clock(provider.failing_since)}."
    return f"{provider} is asked too often right now."
