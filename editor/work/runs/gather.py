"""What all ways into a run share: its next number, what came of it, and which of its photos are doubles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from editor.models import Run, RunItem

from .errors import RunRefused

State = RunItem.State

MOST_ITEMS = 5000
LONGEST_NAME = 1000


@dataclass(frozen=True)
class Gathered:
    """What came of something added to a run. notes: sentences about what was left out, and why."""

    added: int = 0
    doubles: int = 0
    unreadable: int = 0
    notes: list[str] = field(default_factory=list)

    def __add__(self, other: "Gathered") -> "Gathered":
        return Gathered(
            self.added + other.added,
            self.doubles + other.doubles,
            self.unreadable + other.unreadable,
            [*self.notes, *other.notes],
        )


def count(items: Iterable[RunItem], notes: Iterable[str] = ()) -> Gathered:
    """Return what came of items just added."""
    states = [item.state for item in items]
    waiting, double = states.count(State.WAITING), states.count(State.DOUBLE)
    return Gathered(waiting, double, states.count(State.UNREADABLE), list(notes))


def check_open(run: Run) -> int:
    """Return the number of the next item of a run, whose row is locked from here on. Raises RunRefused."""
    state = (
        Run.objects.select_for_update(no_key=True).filter(pk=run.pk).values_list("state", flat=True).first()
    )
    if state is None:
        raise RunRefused("This run was deleted. Begin a new one.", 404)
    if state != Run.State.GATHERING:
        raise RunRefused("This run has begun, and takes no more photos. Begin a new one for them.", 409)
    last = run.items.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_ITEMS:
        raise RunRefused(f"A run has at most {MOST_ITEMS:,} photos. Begin another one for the rest.")
    return last + 1


def clean_path(path: str) -> str:
    """Return a path as it is shown and named by: slashes, no steps upwards, nothing that cannot be seen."""
    plain = "".join(one if one.isprintable() else "?" for one in path.replace("\\", "/"))
    parts = [part for part in plain.split("/") if part.strip() not in ("", ".", "..")]
    while len(parts) > 1 and len("/".join(parts)) > LONGEST_NAME:
        del parts[0]
    return "/".join(parts)[-LONGEST_NAME:] or "photo"


def describe_double(twin: RunItem) -> str:
    words = f"The same as {twin.name}."
    return words[:300]


def mark_doubles(run: Run) -> set[int]:
    """Mark what has the bytes and the columns of an earlier one. Return the keys of all doubles.

    The same photo may stand for two products, which a table then says.
    """
    first: dict[Any, RunItem] = {}
    doubles, changed = set(), []
    for item in run.items.filter(state__in=[State.WAITING, State.DOUBLE]).order_by("number"):
        twin = first.setdefault((item.sha256 or item.photo_id, *sorted(item.columns.items())), item)
        state, message = (State.WAITING, "") if twin is item else (State.DOUBLE, describe_double(twin))
        if state == State.DOUBLE:
            doubles.add(item.pk)
        if (item.state, item.message) != (state, message):
            item.state, item.message = state, message
            changed.append(item)
    RunItem.objects.bulk_update(changed, ["state", "message"], batch_size=500)
    return doubles
