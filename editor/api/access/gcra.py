"""How often something may be done, at an even pace with room for jitter: the generic cell rate algorithm.

Of everybody one moment is kept: until when what they did is paid off. Each call moves it on by an
interval, and may come as much too early as the room allows. So who keeps the pace exactly is never
stopped, however the network bunches calls up, and in the long run nobody goes faster. Counting within
windows cannot have both: what it lets pass for jitter's sake it lets pass always.

ATM Forum, "Traffic Management Specification 4.0", 4.4.2 (1996).
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings

# What rounding may add up to, in seconds.
NOTHING = 1e-6
MOST_KEPT = 10_000


@dataclass(frozen=True)
class Count:
    """How a call was counted. wait: 0, or for how many seconds there is none, and nothing was counted.

    left: how many more may come at once now. full_in: seconds until all of them may again.
    """

    wait: float
    left: int
    full_in: float


class Bucket(Protocol):
    def count(self, name: str, interval: float, burst: int) -> Count:
        """Count one call.

        interval: seconds for one call. burst: how many may come at once after a pause.
        """


class Memory:
    """Of this process alone. clock: seconds that only go on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.lock = clock, threading.Lock()
        self.due: dict[str, float] = {}

    def count(self, name: str, interval: float, burst: int) -> Count:
        now = self.clock()
        with self.lock:
            due = max(self.due.get(name, now), now)
            early = due - now - interval * (burst - 1)
            if early > NOTHING:
                return Count(early, 0, due - now)
            if len(self.due) >= MOST_KEPT:
                self.due = {one: moment for one, moment in self.due.items() if moment > now}
            self.due[name] = due + interval
        return weigh_counted(due + interval - now, interval, burst)


def weigh_counted(owed: float, interval: float, burst: int) -> Count:
    """Return how it stands after a call was counted. owed: seconds until all that was done is paid off."""
    return Count(0.0, max(0, math.floor(burst - owed / interval + NOTHING)), owed)


# By its own clock, which all who share it share. A name goes when it is paid off.
SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local early = due - now - interval * (burst - 1)
if early > 0.000001 then return {string.format('%.6f', early), string.format('%.6f', due - now)} end
redis.call('SET', KEYS[1], string.format('%.6f', due + interval), 'PX',
    math.ceil((due + interval - now) * 1000))
return {'0', string.format('%.6f', due + interval - now)}
"""


class Redis:
    """Shared by all processes that have the same server."""

    def __init__(self, url: str) -> None:
        import redis

        self.script = redis.Redis.from_url(url).register_script(SCRIPT)

    def count(self, name: str, interval: float, burst: int) -> Count:
        wait, owed = map(float, self.script(keys=[f"pace:{name}"], args=[interval, burst]))
        return Count(wait, 0, owed) if wait else weigh_counted(owed, interval, burst)


@cache
def get_bucket() -> Bucket:
    """Return the one of this installation."""
    url = settings.RATE_LIMIT_URL
    return Memory() if url.startswith("memory:") else Redis(url)
