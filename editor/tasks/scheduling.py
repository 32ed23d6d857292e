"""Fair scheduling: whose turn it is between people, first come first served for each of them.

Whoever has something waiting stands in a ring, and goes to its end when served (round robin; Nagle,
"On Packet Switches with Infinite Storage", RFC 970, 1985). A place in the ring is the moment since
when a person waits: when they were last served, or when their first piece came, whichever is later.
So with k people waiting, what is first in somebody's line is taken within k pieces, whoever comes
after. That holds in each queue, for work that was deferred or lost its worker as well: its wait
begins when it is due again, and its order's time says where in its owner's line it stands.

A message of the queue only says that there is something to take. What is taken is chosen here, from
the rows, so that every queue that carries messages is fair alike.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from editor.models import Preparation, Task, Turn
from editor.tools import QUICK
from web import clock
from web.statements.queries import Statement, list_columns, make_row
from web.statements.writes import Update

# When what was deferred, or lost its worker, stands in line again; empty for what waits for the first time.
CAME_BACK = {Task: "not_before", Preparation: "lease_expires_at"}
# Of which table each line of a queue is.
LINES: tuple[type[Task | Preparation], ...] = (Task, Task, Preparation)
# What is asked of a row that is only chosen: whoever claims it reads the rest.
NAMED = {
    Task: list_columns(Task, only=("id", "owner_id", "created_at", "state")),
    Preparation: list_columns(Preparation, only=("id", "owner_id", "created_at", "photo_id", "kind")),
}


@dataclass(frozen=True)
class Choice:
    """What is to be taken next, and when its owner was last served, as far as was known."""

    row: Task | Preparation
    queue: str
    served_at: datetime | None


@dataclass(frozen=True)
class Place:
    """Where somebody stands in the ring, since when, for how many pieces that are due, and in which lines."""

    since: datetime
    served_at: datetime | None
    pieces: int
    lines: frozenset[int]


def list_lines(queue: str, now: datetime | None = None) -> list[QuerySet]:
    """Return the rows that wait to be taken from a queue and are due, table by table.

    A look after what a service works on is short and needs no render: it always is in the quick one.
    """
    tasks = Task.objects.queued().of_queue(queue).due(now)
    if queue != QUICK:
        return [tasks]
    return [tasks, Task.objects.parked().due(now), Preparation.objects.due(now)]


def build_first(queue: str, number: int, *, owner: int, now: datetime) -> QuerySet:
    """Return the query of what is first in the line of that number, of somebody's in a queue."""
    rows = list_lines(queue, now)[number].filter(owner=owner)
    return rows.order_by("created_at", "pk").values_list(*NAMED[rows.model])[:1]


def build_ring(queue: str, *, now: datetime) -> QuerySet:
    """Return the query of all lines of a queue: whose, which, since when, how many, and when served last."""
    served = Turn.objects.filter(owner=OuterRef("owner"), queue=queue).values("served_at")
    lines = [
        rows.order_by()
        .values_list("owner")
        .annotate(
            line=Value(number),
            first=Min(Coalesce(CAME_BACK[rows.model], "created_at")),
            own=Count("pk"),
            served=Subquery(served),
        )
        for number, rows in enumerate(list_lines(queue, now))
    ]
    return lines[0].union(*lines[1:], all=True)


def build_turn(
    queue: str, waits: bool, *, owner: int, before: datetime
) -> tuple[QuerySet[Turn], dict[str, Any]]:
    """Return whose turn it is, if they were last served then. waits: for another worker that serves them."""
    turns = Turn.objects.filter(owner=owner, queue=queue, served_at=before)
    if not waits:
        free = turns.select_for_update(skip_locked=True, no_key=True)
        turns = Turn.objects.filter(pk__in=free.values("pk"))
    return turns, {}


FIRST = Statement(build_first, owner=int, now=datetime)
RING = Statement(build_ring, now=datetime)
TURN = Update(build_turn, owner=int, before=datetime)


def count_waiting(queue: str) -> int:
    """Return how many rows wait to be taken from a queue and are due."""
    return sum(rows.count() for rows in list_lines(queue))


def list_choices(queue: str) -> Iterator[Choice]:
    """Yield what is next in a queue, then what would be if the first one's owner had just been served."""
    ring = place_owners(queue)
    yielded = False
    for owner in sorted(ring, key=lambda one: (ring[one].since, one)):
        firsts = [read_first(queue, line, owner) for line in sorted(ring[owner].lines)]
        waiting = [row for row in firsts if row is not None]
        if waiting:  # else it was taken while we looked
            first = min(waiting, key=lambda row: (row.created_at, str(row.pk)))
            yielded = True
            yield Choice(first, queue, ring[owner].served_at)
    if ring and not yielded:
        yield from list_choices(queue)


def read_first(queue: str, line: int, owner: int) -> Task | Preparation | None:
    """Return what is first in somebody's line; the rest of its row is read by whoever claims it."""
    model = LINES[line]
    for values in FIRST.ask(queue, line, owner=owner, now=clock.now()):
        return make_row(model, NAMED[model], values)
    return None


def place_owners(queue: str) -> dict[int, Place]:
    """Return the ring: the place of everybody for whom something waits in a queue."""
    since: dict[int, datetime] = {}
    served: dict[int, datetime | None] = {}
    pieces: Counter[int] = Counter()
    lines: dict[int, set[int]] = defaultdict(set)
    for owner, line, first, own, served_at in RING.ask(queue, now=clock.now()):
        since[owner] = min(first, since.get(owner, first))
        served[owner] = served_at
        pieces[owner] += own
        lines[owner].add(line)
    return {
        owner: Place(
            max(first, served[owner] or first), served[owner], pieces[owner], frozenset(lines[owner])
        )
        for owner, first in since.items()
    }


def take_turn(choice: Choice, *, waits: bool) -> bool:
    """Note that the owner of what was chosen is served now. No other worker serves them until the end of this
    transaction.

    False where another does this moment, or has since the choice was made: then it may be another's turn.
    waits: for another that does, rather than to say so. A turn is taken before a piece by everybody: who had
    the piece and waited for its owner's turn would wait for one that has that and waits for the piece.
    """
    now = clock.now()
    owner, queue = choice.row.owner_id, choice.queue
    if choice.served_at is None:
        return Turn.objects.get_or_create(owner_id=owner, queue=queue, defaults={"served_at": now})[1]
    waits = waits or not connection.features.has_select_for_update_skip_locked
    return bool(TURN.write({"served_at": now}, queue, waits, owner=owner, before=choice.served_at))


def count_ahead(task: Task) -> int:
    """Return how many pieces of the same queue will be taken before this task that waits.

    As far as is known now: of every other owner as many as this one's owner has before it, and one
    more of those who are served before them.
    """
    if task.not_before is not None and task.not_before > clock.now():
        return 0
    ring = place_owners(task.queue)
    own = ring.pop(task.owner_id, None)
    if own is None:
        return 0
    earlier = [
        rows.filter(owner=task.owner_id, created_at__lt=task.created_at) for rows in list_lines(task.queue)
    ]
    before = sum(rows.count() for rows in earlier)
    return before + count_of_others(ring, before, (own.since, task.owner_id))


def count_ahead_of_next(owner: Any, queue: str) -> int:
    """Return how many pieces of a queue would be taken before one that somebody ordered now."""
    pk = getattr(owner, "pk", owner)
    ring = place_owners(queue)
    own = ring.pop(pk, None)
    before, since = (own.pieces, own.since) if own else (0, clock.now())
    return before + count_of_others(ring, before, (since, pk))


def count_of_others(ring: dict[int, Place], before: int, mine: tuple[datetime, int]) -> int:
    """Return how many pieces of others are taken before one that has so many of its own owner's before it."""
    return sum(min(other.pieces, before + ((other.since, owner) < mine)) for owner, other in ring.items())
