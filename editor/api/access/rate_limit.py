"""How many calls a key may make in a second.

What a key may order per second is its own number or its plan's; asking how a task goes may be done
POLLS times as often, so a client that asks once a second for each of a few tasks is never stopped.
There is room for two seconds' calls: at a pace of 2 per second, calls that the network bunches up pass
all the same, and no more than 2 per second do in the long run.
"""

import math
import time
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from accounts import allowance
from accounts.models import ApiKey
from editor.api.errors import ApiError

from .gcra import get_bucket

# What is free is not counted: a look at one's account.
Kind = Literal["order", "poll", "free"]

ROOM = 2  # seconds
POLLS = 4
# A plan that an admin changes shows within so many seconds; asking it costs queries at every poll.
REMEMBERED = 5.0
MOST_REMEMBERED = 10_000

_paces: dict[UUID, tuple[float, int]] = {}


def get_rate(key: ApiKey) -> int:
    """Return how many calls a second this key may make."""
    if key.per_second is not None:
        return key.per_second
    now = time.monotonic()
    known = _paces.get(key.pk)
    if known is not None and now - known[0] < REMEMBERED:
        return known[1]
    if len(_paces) >= MOST_REMEMBERED:
        _paces.clear()
    per_second = allowance.get_allowance(key.owner).per_second
    _paces[key.pk] = (now, per_second)
    return per_second


@dataclass(frozen=True)
class Pace:
    """How many calls of a kind may come at once, how many of them are left, and Unix time when all are."""

    limit: int
    left: int
    full_at: int

    @property
    def headers(self) -> dict[str, str]:
        """What programs are told of it, where their service's document says that they are."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": str(self.full_at),
        }


def count_call(key: ApiKey, kind: Kind) -> Pace | None:
    """Count one call, if its kind is. Raises ApiError 429 with Retry-After where it is one too many."""
    if kind == "free":
        return None
    allowed = max(1, get_rate(key) * (POLLS if kind == "poll" else 1))
    count = get_bucket().count(f"{kind}:{key.pk.hex}", 1 / allowed, allowed * ROOM)
    pace = Pace(allowed * ROOM, count.left, math.ceil(time.time() + count.full_in))
    if count.wait:
        raise ApiError(
            429,
            f"More than {allowed} calls of this kind a second. Slow down, "
            "or ask the studio's admin for more.",
            headers={"Retry-After": str(math.ceil(count.wait)), **pace.headers},
        )
    return pace
