"""How often a service is called, and when it is left alone. Kept in its row, so that all workers keep to it.

Nygard, "Release It!", 2007, chapter 5: a circuit breaker.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from editor import services
from editor.models import Provider as ProviderRow
from editor.models import Task
from web import clock, outages

logger = logging.getLogger(__name__)

# So many calls in a row that failed, and it is left alone; each time longer.
MOST_FAILURES = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=10)
# The one call that finds out whether it answers again is over by then, or its worker is dead.
PROBE = timedelta(minutes=1)
PROBE_LOOK = timedelta(seconds=5)  # until the others ask how it went
# What it can ask us to leave it alone for; beyond that it is not obeyed but given up.
LONGEST_RETRY_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Slot:
    """A moment at which a service may be called. taken: it is ours; else ask again then."""

    at: datetime
    taken: bool

    @property
    def seconds(self) -> float:
        """How far away it is."""
        return max(0.0, (self.at - clock.now()).total_seconds())


def take_slot(name: str, within: timedelta, calls: int = 1) -> Slot:
    """Take the next free moment for a call, or as many as that, if it is no farther away than that.

    Whoever takes one calls no sooner. Moments lie 1/PROVIDER_RATE seconds apart.
    """
    with transaction.atomic():
        row = ProviderRow.objects.select_for_update().get(pk=name)
        now = clock.now()
        at = max(now, row.next_slot_at or now)
        if at - now > within:
            return Slot(at, taken=False)
        today = timezone.localdate(now)
        ProviderRow.objects.filter(pk=name).update(
            next_slot_at=at + timedelta(seconds=calls / settings.PROVIDER_RATE),
            calls=F("calls") + calls if row.called_on == today else calls,
            called_on=today,
        )
        return Slot(at, taken=True)


def check_circuit(name: str) -> datetime | None:
    """Return None if the service may be called now, else when to ask again.

    While the circuit is open nobody may; after its pause the first who asks, as a probe.
    """
    now = clock.now()
    row = ProviderRow.objects.get(pk=name)
    if row.open_until is None:
        return None
    if row.open_until > now:
        return row.open_until
    mine = ProviderRow.objects.filter(pk=name, open_until=row.open_until)
    free = mine.filter(Q(probe_until=None) | Q(probe_until__lte=now))
    return None if free.update(probe_until=now + PROBE) else now + PROBE_LOOK


@outages.outlast
def record_success(name: str) -> None:
    """Note that a service answered as it should."""
    ProviderRow.objects.filter(pk=name).update(last_success_at=clock.now())
    close_circuit(name)


def close_circuit(name: str) -> None:
    """Note that a service answers, whatever it said. Tasks that waited for it need wait no longer."""
    ailing = ProviderRow.objects.filter(pk=name, failures__gt=0)
    was_open = ProviderRow.objects.filter(pk=name).exclude(open_until=None).exists()
    ailing.update(failures=0, failing_since=None, open_until=None, probe_until=None, pauses=0)
    if was_open:
        logger.warning("%s answers again.", services.SERVICES[name].title)
        release_tasks(name)


def release_tasks(name: str) -> None:
    """Let the tasks that wait for a service be taken up at once: upkeep sends them."""
    waiting = Task.objects.queued().filter(provider=name, not_before__gt=clock.now())
    with transaction.atomic():
        Task.objects.filter(pk__in=waiting.lock()).update(not_before=clock.now())


@outages.outlast
def record_failure(name: str, sentence: str) -> None:
    """Note that a service failed; after several times in a row, leave it alone."""
    with transaction.atomic():
        row = ProviderRow.objects.select_for_update().get(pk=name)
        now = clock.now()
        row.last_error, row.last_error_at = sentence[:300], now
        row.failures += 1
        row.failing_since = row.failing_since or now
        # Calls that were under way when it opened change nothing any more; a probe's end does.
        if row.failures >= MOST_FAILURES and (row.open_until is None or row.open_until <= now):
            row.open_until = now + min(FIRST_PAUSE * 2**row.pauses, LONGEST_PAUSE)
            row.probe_until = None
            row.pauses += 1
            logger.error("%s; it is left alone for now. %s", row.silence, sentence)
        row.save()


@outages.outlast
def record_refusal(name: str, sentence: str) -> None:
    """Note that a service answers, but not us: the key is wrong, or without credits."""
    ProviderRow.objects.filter(pk=name).update(last_error=sentence[:300], last_error_at=clock.now())
    close_circuit(name)


@outages.outlast
def hold_off(name: str, seconds: float) -> None:
    """Call a service no sooner than it asked for, whichever worker would."""
    until = clock.now() + min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER)
    later = ProviderRow.objects.filter(Q(next_slot_at=None) | Q(next_slot_at__lt=until), pk=name)
    later.update(next_slot_at=until)
