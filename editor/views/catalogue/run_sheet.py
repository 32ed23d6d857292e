"""What a run's page shows of its photos: which are asked for, page by page, and how each of them goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from editor.engines.catalogue.verdicts import TITLES, Check, Verdict
from editor.models import Run, RunFile, RunItem
from editor.models.result import SURE
from web.language.sentences import tell

PAGE_SIZE = 96
DOUBTFUL, REPAIRED, FAILED, LEFT_OUT, CHECK = "doubtful", "repaired", "failed", "left-out", "check-"
SAID = 2
"""Checks not met that a card says itself; all of them are on the photo's own page."""

State = RunItem.State
OPEN = (State.WAITING, State.CUTTING, State.DELIVERING)
OUT = (State.UNREADABLE, State.DOUBLE)
NOT_CORRECTED = ~Q(task__params__has_key="strokes")


@dataclass(frozen=True)
class Unmet:
    """A check of a file that is not met, with what was measured and what was asked."""

    file: RunFile
    check: Check


@dataclass(frozen=True)
class Card:
    """One photo of a run on the contact sheet."""

    item: RunItem

    @cached_property
    def files(self) -> list[RunFile]:
        return list(self.item.files.all())

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done on it."""
        return self.item.state in OPEN

    @property
    def is_at_work(self) -> bool:
        return self.item.state in (State.CUTTING, State.DELIVERING)

    @property
    def stamp(self) -> str:
        """What the page sends along to learn whether it shows the photo as it is."""
        return f"{self.item.number}.{self.item.state}"

    @property
    def pictured(self) -> RunFile | None:
        """The file whose small copy stands for the photo."""
        return next((file for file in self.files if file.thumbnail), None)

    @property
    def is_doubtful(self) -> bool:
        confidence, task = self.item.confidence, self.item.task
        return confidence is not None and confidence < SURE and not (task and "strokes" in task.params)

    @property
    def verdict(self) -> str:
        """The worst of its files' verdicts, "" where it has none."""
        found = {file.verdict for file in self.files}
        return next((str(one) for one in reversed(Verdict) if one in found), "")

    @cached_property
    def unmet(self) -> list[Unmet]:
        return [
            Unmet(file, check)
            for file in self.files
            if file.verdict == RunFile.Verdict.NOT_MET
            for check in read_checks(file)
            if check.verdict is Verdict.NOT_MET
        ]

    @property
    def said(self) -> list[Unmet]:
        return self.unmet[:SAID]

    @property
    def more(self) -> int:
        return len(self.unmet) - SAID


@dataclass(frozen=True)
class Chip:
    """A filter of the sheet, as a link."""

    show: str
    label: str
    count: int
    current: bool
    look: str = ""


def read_checks(file: RunFile) -> list[Check]:
    """Return a file's checks, as the engine has them."""
    return [Check.from_dict(one) for one in file.checks]


def list_items(run: Run) -> QuerySet[RunItem]:
    """Return a run's photos with all that their cards show."""
    files = Prefetch("files", RunFile.objects.order_by("number"))
    return run.items.select_related("photo", "task").prefetch_related(files).order_by("number")


class Sheet:
    """The photos of a run as one request asks for them. Each property asks the database once at most.

    show: one of the filters, "" for all; what is none narrows nothing. page: from 1.
    """

    def __init__(self, run: Run, show: str = "", page: str = "") -> None:
        self.run = run
        self.show = show if show in (DOUBTFUL, REPAIRED, FAILED, LEFT_OUT) or self._names_check(show) else ""
        self._page = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1

    @classmethod
    def of(cls, run: Run, query: Any) -> Self:
        return cls(run, query.get("show", ""), query.get("page", ""))

    @staticmethod
    def _names_check(show: str) -> bool:
        return show.startswith(CHECK) and show.removeprefix(CHECK) in TITLES

    @cached_property
    def _failing(self) -> dict[str, set[int]]:
        """The photos that do not meet a check, by its key."""
        rows = RunFile.objects.filter(item__run=self.run, verdict=RunFile.Verdict.NOT_MET)
        found: dict[str, set[int]] = {}
        for item, checks in rows.values_list("item_id", "checks"):
            for check in checks:
                if check["verdict"] == Verdict.NOT_MET:
                    found.setdefault(check["key"], set()).add(item)
        return found

    @cached_property
    def states(self) -> Counter[str]:
        """How many photos are in each state."""
        rows = self.run.items.order_by().values_list("state").annotate(Count("pk"))
        return Counter(dict(rows))

    @property
    def total(self) -> int:
        """All that is worked on, or was: without what was left out."""
        return self.states.total() - self.left_out

    @property
    def left_out(self) -> int:
        return sum(self.states[state] for state in OUT)

    @property
    def open(self) -> int:
        return sum(self.states[state] for state in OPEN)

    @property
    def failed(self) -> int:
        return self.states[State.FAILED]

    @property
    def unmet(self) -> int:
        """Photos with a file that does not meet what was asked."""
        return len(set().union(*self._failing.values()))

    @cached_property
    def doubtful(self) -> int:
        return self.narrow(DOUBTFUL).count()

    @cached_property
    def _asked(self) -> list[int]:
        """The photos asked for, by key, as shown: what to look at first begins with the least sure."""
        order = ("confidence", "number") if self.show == DOUBTFUL else ("number",)
        return list(self.narrow(self.show).order_by(*order).values_list("pk", flat=True))

    def narrow(self, show: str) -> QuerySet[RunItem]:
        """Return the photos that a filter asks for."""
        items = RunItem.objects.filter(run=self.run)
        if show == LEFT_OUT:
            return items.filter(state__in=OUT)
        items = items.exclude(state__in=OUT)
        if show == FAILED:
            return items.filter(state=State.FAILED)
        if show == DOUBTFUL:
            return items.filter(state=State.DONE, confidence__lt=SURE).filter(NOT_CORRECTED)
        if show == REPAIRED:
            return items.filter(files__verdict=RunFile.Verdict.REPAIRED).distinct()
        if show:
            return items.filter(pk__in=self._failing.get(show.removeprefix(CHECK), ()))
        return items

    @property
    def chips(self) -> list[Chip]:
        """The filters of which there is something, and the one that is chosen."""
        counts = [
            ("", gettext("All"), self.total, ""),
            (DOUBTFUL, gettext("Check first"), self.doubtful, "busy"),
            (FAILED, gettext("Failed"), self.failed, "bad"),
            *(
                (
                    f"{CHECK}{key}",
                    gettext("Not met: %(title)s") % {"title": tell(title)},
                    len(self._failing.get(key, ())),
                    "bad",
                )
                for key, title in TITLES.items()
            ),
            (REPAIRED, gettext("Repaired"), self.narrow(REPAIRED).count(), ""),
            (LEFT_OUT, gettext("Left out"), self.left_out, ""),
        ]
        return [
            Chip(show, label, count, show == self.show, look)
            for show, label, count, look in counts
            if count or show in ("", self.show)
        ]

    @cached_property
    def count(self) -> int:
        """How many photos are asked for."""
        return len(self._asked)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE_SIZE))

    @property
    def page(self) -> int:
        return min(max(1, self._page), self.pages)

    @property
    def cards(self) -> list[Card]:
        first = (self.page - 1) * PAGE_SIZE
        shown = self._asked[first : first + PAGE_SIZE]
        items = {item.pk: item for item in list_items(self.run).filter(pk__in=shown)}
        return [Card(items[key]) for key in shown if key in items]

    @property
    def query(self) -> str:
        """What was asked for, as an address says it."""
        asked = ({"show": self.show} if self.show else {}) | ({"page": self.page} if self.page > 1 else {})
        return f"?{urlencode(asked)}" if asked else ""

    def link_page(self, page: int) -> str:
        asked = ({"show": self.show} if self.show else {}) | ({"page": page} if page > 1 else {})
        return f"{reverse('editor:run', args=[self.run.pk])}{'?' if asked else ''}{urlencode(asked)}"

    @property
    def before_page(self) -> str:
        return self.link_page(self.page - 1)

    @property
    def after_page(self) -> str:
        return self.link_page(self.page + 1)

    @property
    def links(self) -> list[tuple[int, str]]:
        """Every page with its address, the middle of very many left out."""
        near = {1, 2, self.pages - 1, self.pages, *range(self.page - 2, self.page + 3)}
        return [(page, self.link_page(page)) for page in sorted(near) if 1 <= page <= self.pages]

    def list_changed(self, stamps: Iterable[str]) -> list[Card]:
        """Return the cards of those photos that the page shows in another state than they are."""
        shown = dict(stamp.split(".", 1) for stamp in stamps if "." in stamp)
        numbers = [
            int(number) for number in shown if number.isascii() and number.isdecimal() and len(number) < 9
        ]
        items = list_items(self.run).filter(number__in=numbers[:PAGE_SIZE])
        return [Card(item) for item in items if shown[str(item.number)] != item.state]

    def find_beside(self, item: RunItem) -> tuple[RunItem | None, RunItem | None]:
        """Return the photo before and the one after, among those that are asked for."""
        if item.pk not in self._asked:
            asked = self.narrow(self.show)
            before = asked.filter(number__lt=item.number).order_by("-number").first()
            return before, asked.filter(number__gt=item.number).order_by("number").first()
        place = self._asked.index(item.pk)
        beside = (self._asked[at : at + 1] if at >= 0 else [] for at in (place - 1, place + 1))
        before, after = (RunItem.objects.filter(pk__in=keys).first() for keys in beside)
        return before, after
