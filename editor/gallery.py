"""The gallery: which of a person's pictures are asked for, page by page, and how many there are."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q, Sum
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from . import finishes
from .models import Photo, Result, ResultQuerySet, Task
from .tools import CHOICES, SPECS, Tool
from .work import trash

PAGE_SIZE = 48
MAX_CHOSEN = 500
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DAYS = {"today": 1, "week": 7, "month": 30}
PERIODS = [
    ("", _("Any time")),
    ("today", _("Today")),
    ("week", _("Last 7 days")),
    ("month", _("Last 30 days")),
    ("dates", _("From … to …")),
]


class FilterForm(forms.Form):
    """What of the gallery is asked for. What is left out, or wrong, narrows nothing."""

    q = forms.CharField(max_length=120, required=False)
    tool = forms.ChoiceField(choices=CHOICES, required=False)
    unsure = forms.BooleanField(required=False)
    period = forms.ChoiceField(choices=PERIODS, required=False)
    since = forms.DateField(required=False, error_messages={"invalid": _("The first day is not a date.")})
    until = forms.DateField(required=False, error_messages={"invalid": _("The last day is not a date.")})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("period") != "dates":
            data["since"] = data["until"] = None
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            raise forms.ValidationError(
                gettext("The first day is after the last. Swap them."), code="dates_swapped"
            )
        return data

    @property
    def is_narrow(self) -> bool:
        data = self.cleaned_data
        return (
            any(data.get(name) for name in ("q", "tool", "unsure", "since", "until"))
            or data.get("period") in DAYS
        )

    def narrow(self, results: ResultQuerySet) -> ResultQuerySet:
        """Return those of the results that are asked for."""
        self.is_valid()
        data = self.cleaned_data
        if tool := data.get("tool"):
            results = results.filter(tool=tool)
        if data.get("unsure"):
            results = results.unsure()
        if q := data.get("q"):
            results = results.filter(photo__name__icontains=q)
        if days := DAYS.get(data.get("period", "")):
            first = timezone.localdate() - timedelta(days=days - 1)
            results = results.filter(created_at__gte=get_midnight(first))
        if since := data.get("since"):
            results = results.filter(created_at__gte=get_midnight(since))
        if until := data.get("until"):
            results = results.filter(created_at__lt=get_midnight(until + timedelta(days=1)))
        return results

    def query(self) -> dict[str, str]:
        """Return what was asked for, as an address says it."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


def get_midnight(day: Any) -> datetime:
    """Return the moment at which the day began in the studio's time zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


@dataclass(frozen=True)
class Card:
    """A picture in the grid, as it is handed over.

    see_through: whether the board shall show around and through it. for_scene: whether it can stand in one.
    """

    result: Result
    see_through: bool
    for_scene: bool
    width: int
    height: int
    format: str

    @classmethod
    def of(cls, result: Result, current: finishes.Current | None = None) -> Self:
        """Return the card of a result; current: the finish of its photo that counts, for a cutout."""
        if current is None or not result.bare:
            cut = SPECS[Tool(result.tool)].see_through
            clear = cut and result.format != "jpg" and not result.task.params.get("background")
            return cls(result, clear, clear, result.width, result.height, result.format)
        finish = current.finish
        clear = finish.format != "jpg" and not finish.background and current.backdrop is None
        size = finishes.measure_picture(finish, result.width, result.height)
        return cls(result, clear, True, *(size or (result.width, result.height)), finish.format)


@dataclass(frozen=True)
class Choice:
    """One of a few that the filter offers."""

    value: str
    label: str
    checked: bool


class Gallery:
    """A person's pictures as one request asks for them. Each property asks the database once at most."""

    limit = MAX_CHOSEN

    def __init__(self, owner: User, query: QueryDict) -> None:
        self.owner = owner
        self.form = FilterForm(query)
        self.before = query.get("before", "")
        self.results = self.form.narrow(Result.objects.owned_by(owner).kept().pictures())

    @cached_property
    def page(self) -> list[Result]:
        """Return one page, newest first, and what one more tells: whether there is another."""
        results = self.results.select_related("photo", "task").newest_first()
        if self.before:
            results = filter_older(results, self.before)
        return list(results[: PAGE_SIZE + 1])

    @property
    def cards(self) -> list[Card]:
        results = self.page[:PAGE_SIZE]
        current = finishes.list_current(result.photo for result in results if result.bare)
        return [Card.of(result, current.get(result.photo_id)) for result in results]

    @property
    def more(self) -> str:
        """The address of the next page; nothing on the last.

        It names the last picture rather than a number: pictures that arrive or go in between
        neither repeat nor skip one.
        """
        if len(self.page) <= PAGE_SIZE:
            return ""
        return "?" + urlencode(self.form.query() | {"before": make_cursor(self.page[PAGE_SIZE - 1])})

    @cached_property
    def _sums(self) -> list[dict[str, Any]]:
        results = Result.objects.owned_by(self.owner).kept().order_by()
        rows = results.values("tool", "kind").annotate(count=Count("pk"), size=Sum("bytes"))
        return [dict(row) for row in rows]

    @property
    def total(self) -> int:
        """How many pictures there are, whatever is asked for."""
        return sum(row["count"] for row in self._sums if row["kind"] == Result.Kind.IMAGE)

    @property
    def is_expecting(self) -> bool:
        """Whether pictures are being made, or wait to be."""
        return Task.objects.owned_by(self.owner).under_way().exists()

    @cached_property
    def bytes(self) -> int:
        """What is stored for its owner: pictures, masks and originals."""
        originals = Photo.objects.owned_by(self.owner).aggregate(size=Sum("bytes"))["size"] or 0
        return originals + sum(row["size"] for row in self._sums)

    @property
    def asked_tool(self) -> str:
        return self.form.cleaned_data.get("tool", "")

    @property
    def tools(self) -> list[Choice]:
        """The tools of which there are pictures."""
        present = {row["tool"] for row in self._sums if row["kind"] == Result.Kind.IMAGE}
        return [Choice(tool, SPECS[tool].plural, tool == self.asked_tool) for tool in Tool if tool in present]

    @property
    def has_cutouts(self) -> bool:
        """Whether there are any, which may want to be looked at."""
        return any(choice.value == Tool.CUTOUT for choice in self.tools)

    @property
    def periods(self) -> list[Choice]:
        asked = self.form.cleaned_data.get("period")
        return [Choice(value, str(label), value == asked) for value, label in PERIODS]

    @property
    def errors(self) -> list[str]:
        return [str(error) for errors in self.form.errors.values() for error in errors]

    @cached_property
    def count(self) -> int:
        """How many pictures match."""
        return self.results.count() if self.form.is_narrow else self.total

    @property
    def is_narrow(self) -> bool:
        return self.form.is_narrow

    @cached_property
    def newest(self) -> str:
        """The place of the newest picture that matches, "" where none does."""
        first = self.results.newest_first().first() if self.before else next(iter(self.page), None)
        return make_cursor(first) if first else ""

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The filter as a form sends it along."""
        return list(self.form.query().items())

    @cached_property
    def trash(self) -> trash.Load:
        return trash.weigh_trash(self.owner)


def make_cursor(result: Result) -> str:
    """Return a result's place in the order, for an address: microseconds and key."""
    return f"{(result.created_at - EPOCH) // MICROSECOND}-{result.pk.hex}"


class NoPlace(ValueError):
    """What an address or a form gives as a place in the order is none."""


def parse_cursor(text: str) -> tuple[datetime, uuid.UUID]:
    """Return the moment and the key of a cursor. Raises NoPlace."""
    try:
        microseconds, key = text.split("-")
        return EPOCH + int(microseconds) * MICROSECOND, uuid.UUID(key)
    except (ValueError, OverflowError) as exc:
        raise NoPlace(text) from exc


def filter_older(results: ResultQuerySet, place: str) -> ResultQuerySet:
    """Return the results after a place in the order newest first. A place that is none narrows nothing."""
    try:
        moment, pk = parse_cursor(place)
    except NoPlace:
        return results
    # The first condition lets the index on owner and time begin at the right row.
    return results.filter(Q(created_at__lte=moment), Q(created_at__lt=moment) | Q(pk__lt=pk))


class SelectionForm(forms.Form):
    """Pictures that were ticked, and what shall be done with them.

    Or all that the gallery showed under a filter, which comes along, without some: `all` is then the
    place of the newest that was there, since what came after it nobody saw, and `except` those unticked.
    """

    with_originals = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)
    all = forms.CharField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.sent = data

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        keys = self.sent.getlist("except" if data.get("all") else "result")
        if not data.get("all") and not keys:
            raise forms.ValidationError(gettext("Tick at least one picture first."), code="none")
        if len(keys) > MAX_CHOSEN:
            raise forms.ValidationError(
                gettext("Up to %(max_chosen)s pictures at once. Tick fewer.") % {"max_chosen": MAX_CHOSEN},
                code="too_many",
            )
        try:
            data["ids"] = [uuid.UUID(key) for key in keys]
            data["newest"] = parse_cursor(data["all"]) if data.get("all") else None
        except ValueError:
            raise forms.ValidationError(
                gettext("Reload the page and tick the pictures again."), code="not_ids"
            ) from None
        return data

    @property
    def sentence(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def chosen_of(self, owner: User) -> ResultQuerySet:
        """Return those of the ticked pictures that are the person's own."""
        own = Result.objects.owned_by(owner).kept().pictures()
        keys = self.cleaned_data["ids"]
        if self.cleaned_data["newest"] is None:
            return own.filter(pk__in=keys)
        moment, pk = self.cleaned_data["newest"]
        seen = own.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lte=pk))
        return FilterForm(self.sent).narrow(seen).exclude(pk__in=keys)

    @property
    def asked_again(self) -> list[tuple[str, str]]:
        """What a page that asks once more sends along, by name: the selection as it came."""
        names = ["result", "all", "except", *FilterForm.base_fields]
        return [(name, value) for name in names for value in self.sent.getlist(name) if value]


def throw_away(results: ResultQuerySet, *, with_originals: bool = False) -> trash.Trashed:
    """Move results to the trash; with the originals goes everything else that was made of them."""
    if not with_originals:
        return trash.throw_results(results)
    return trash.throw_photos(Photo.objects.filter(pk__in=results.order_by().values("photo")))


def find_photos_of_tasks(owner: User, task_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Photo]:
    """Return the photos that somebody's tasks are about, by the tasks' ids, without what is in the trash."""
    photo_ids = dict(Task.objects.owned_by(owner).filter(pk__in=task_ids).values_list("pk", "photo_id"))
    photos = Photo.objects.owned_by(owner).in_bulk(set(photo_ids.values()))
    return {task_id: photos[photo_id] for task_id, photo_id in photo_ids.items() if photo_id in photos}
