"""The studio's clock: the database's, where that has one of its own, since a machine's may be wrong.

What another machine acts upon is told by it: when a lease ends, whose turn it is, when something is due or
goes. A worker whose clock is an hour off takes and keeps work like the others.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

logger = logging.getLogger(__name__)

MEASURE_EVERY = 60.0  # seconds
# Seconds by which the machine's two clocks part where one was set, or where the machine slept.
SET = 1.0
WRONG = 5.0


@dataclass(frozen=True)
class Measure:
    """What the database's clock said, and what the machine's two said at that moment, in seconds."""

    moment: datetime
    steady: float
    wall: float

    def still_holds(self, steady: float, wall: float) -> bool:
        gone = steady - self.steady
        return 0 <= gone < MEASURE_EVERY and abs((wall - self.wall) - gone) < SET


_last: Measure | None = None


def now() -> datetime:
    """Return the moment that it is. No question to the database, but once a minute."""
    global _last
    if connection.vendor != "postgresql":
        return timezone.now()
    last = _last
    if last is None or not last.still_holds(time.monotonic(), time.time()):
        try:
            _last = last = measure()
        except (DatabaseError, InterfaceError):
            # It goes on as it did, until the database answers again.
            if last is None:
                raise
    return last.moment + timedelta(seconds=time.monotonic() - last.steady)


def measure() -> Measure:
    """Ask the database, whose answer is of the middle of the time that it took."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    steady, wall = time.monotonic(), time.time()
    half = (steady - began) / 2
    made = Measure(moment + timedelta(seconds=half), steady, wall)
    off = (timezone.now() - made.moment).total_seconds()
    if abs(off) > WRONG and (_last is None or not _last.still_holds(steady, wall)):
        logger.warning("This machine's clock is %+.0f s off the database's, which is gone by. Set it.", off)
    return made
