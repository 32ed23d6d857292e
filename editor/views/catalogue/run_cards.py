"""Runs among others: how far each is, and a few of its pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from editor.models import Run, RunFile, RunItem

from .run_sheet import OPEN, OUT

PICTURES = 4
LATEST = 6
"""Runs that the catalogue's first page shows; all are on a page of their own."""


@dataclass(frozen=True)
class RunCard:
    """A run in a list. states: how many of its photos are in each. pictures: files with a small copy."""

    row: Run
    states: Counter[str]
    pictures: list[RunFile] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.states.total() - sum(self.states[state] for state in OUT)

    @property
    def done(self) -> int:
        """Photos on which nothing is to be done any more."""
        return self.total - sum(self.states[state] for state in OPEN)

    @property
    def failed(self) -> int:
        return self.states[RunItem.State.FAILED]


def list_run_cards(runs: Sequence[Run]) -> list[RunCard]:
    """Return the cards of some runs, in their order."""
    states: dict[object, Counter[str]] = {run.pk: Counter() for run in runs}
    rows = RunItem.objects.filter(run__in=runs).order_by().values_list("run_id", "state")
    for run, state, count in rows.annotate(Count("pk")):
        states[run][state] = count
    return [RunCard(run, states[run.pk], list_pictures(run)) for run in runs]


def list_pictures(run: Run) -> list[RunFile]:
    """Return the first files of a run that have a small copy."""
    files = RunFile.objects.filter(item__run=run, number=1).exclude(thumbnail="")
    return list(files.select_related("item").order_by("item__number")[:PICTURES])
