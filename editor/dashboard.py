"""The admin's dashboard, which the metrics read as well: what waits, who works, how it went.

What is looked up over 30 days is kept for a minute; what is going on now is asked for each time.
"""

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, F, Min, Q, Sum, Window
from django.db.models.functions import RowNumber, TruncDate, TruncHour
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext

from web.charts import Chart, Column, draw_stacked
from web.language.sentences import tell

from .engines.networks import precision, weights
from .models import Photo, Provider, Result, RunFile, Task, Worker
from .remote import routing
from .states import FAILURES, UNDER_WAY, State
from .templatetags.words import weights_in_one_unit
from .tools import SPECS, Tool

KEPT = 60  # seconds
DAYS = 30
HOURS = 24


def name_endings() -> dict[str, str]:
    """Return what is counted of tasks, in the order in which it is stacked."""
    return {"done": gettext("Done"), "failed": gettext("Failed")}


@dataclass(frozen=True)
class Queue:
    """What waits in a queue. waiting_since: of the one that waits longest."""

    name: str
    waiting: int
    running: int
    waiting_since: datetime | None


@dataclass(frozen=True)
class Speed:
    """How long a tool's work took, in seconds, over 30 days. share: of the slowest tool's p95, in percent."""

    tool: str
    label: str
    count: int
    median: float
    p95: float
    median_share: float = 0
    p95_share: float = 0


@dataclass(frozen=True)
class Failure:
    """How often work ended in a state. share: of the most frequent, in percent."""

    state: int
    word: str
    count: int
    share: float


@dataclass(frozen=True)
class Service:
    """Whoever carries tasks out, and how that goes. trouble: what stands in its way, for people.

    done, failed: tasks of 24 hours. provider: its row, None for the studio itself.
    """

    name: str
    done: int
    failed: int
    trouble: str
    provider: Provider | None = None

    @property
    def tools(self) -> str:
        """What it is to carry out, for people."""
        names = routing.list_tools(self.provider.name) if self.provider else {}
        return ", ".join(tell(SPECS[Tool(tool)].jobs) for tool in names)

    @property
    def credits_today(self) -> int:
        """Credits of the tasks of today that it carried out, as this studio counts them."""
        return count_credits_today(self.provider.name) if self.provider else 0


class Dashboard:
    """All that the page shows, each part looked up once, when it is asked for."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.zone = timezone.get_default_timezone()

    # -- Now --------------------------------------------------------------------------------------

    @cached_property
    def queues(self) -> list[Queue]:
        rows = (
            Task.objects.under_way()
            .values("tool")
            .annotate(
                waiting=Count("pk", filter=Q(state=State.QUEUED)),
                running=Count("pk", filter=~Q(state=State.QUEUED)),
                since=Min("created_at", filter=Q(state=State.QUEUED)),
            )
        )
        found = []
        for name in settings.QUEUES:
            own = [row for row in rows if SPECS[Tool(row["tool"])].queue == name]
            since = min((row["since"] for row in own if row["since"]), default=None)
            waiting, running = (sum(row[key] for row in own) for key in ("waiting", "running"))
            found.append(Queue(name, waiting, running, since))
        return found

    @property
    def waiting(self) -> int:
        return sum(queue.waiting for queue in self.queues)

    @cached_property
    def processes(self) -> list[Worker]:
        """All that are at work: workers, and upkeep."""
        return list(Worker.objects.alive().order_by("queue", "host", "process"))

    @property
    def workers(self) -> list[Worker]:
        return [one for one in self.processes if one.queue in settings.QUEUES]

    @property
    def has_upkeep(self) -> bool:
        return len(self.processes) > len(self.workers)

    @property
    def queues_without_worker(self) -> list[str]:
        """Those that nobody takes from, nor will in a moment."""
        there = {worker.queue for worker in self.workers} | set(self.queues_getting_ready)
        return [name for name in settings.QUEUES if name not in there]

    @cached_property
    def queues_getting_ready(self) -> list[str]:
        """Those that nobody takes from yet, since their worker still loads or compiles its networks."""
        there = {worker.queue for worker in self.workers}
        coming = set(Worker.objects.getting_ready().values_list("queue", flat=True)) - there
        return [name for name in settings.QUEUES if name in coming]

    @cached_property
    def disk(self) -> dict[str, int]:
        """Bytes of the disk that the data folder is on. used: all that cannot be written to any more,
        what the system keeps for itself too, so that used and free are the total."""
        usage = shutil.disk_usage(settings.DATA_DIR)
        return {"used": usage.total - usage.free, "free": usage.free, "total": usage.total}

    @property
    def disk_words(self) -> dict[str, str]:
        """The same for people, in figures that add up."""
        return dict(
            zip(
                ("total", "free", "used"),
                weights_in_one_unit(self.disk["total"], self.disk["free"]),
                strict=True,
            )
        )

    @property
    def precision(self) -> str:
        """What the local engine's network calculates in on the web's machine."""
        return precision.describe()

    @property
    def absences(self) -> list[str]:
        """What nobody makes here, and why."""
        return [absent for tool in Tool if (absent := routing.explain_absence(tool))]

    @cached_property
    def services(self) -> list[Service]:
        rows = self.recent.values("provider").annotate(
            done=Count("pk", filter=Q(state=State.DONE)),
            failed=Count("pk", filter=Q(state__in=FAILURES)),
        )
        counts = {row["provider"]: row for row in rows}
        found = [
            Service(gettext("This studio"), *count_endings(counts.get("local")), describe_missing_weights())
        ]
        for provider in Provider.objects.all():
            own = counts.get(provider.name)
            # What is not used and did nothing lately is only in its list.
            if own or routing.list_tools(provider.name):
                standing = routing.describe_standing(provider)
                trouble = standing.words if standing.is_bad else ""
                found.append(Service(str(provider), *count_endings(own), trouble, provider))
        return found

    # -- Today and 30 days ------------------------------------------------------------------------

    @property
    def recent(self) -> Any:
        return Task.objects.filter(created_at__gte=self.now - timedelta(hours=HOURS))

    @property
    def month(self) -> Any:
        return Task.objects.filter(created_at__gte=self.now - timedelta(days=DAYS))

    @cached_property
    def stored(self) -> dict[str, int]:
        """Bytes of photos, results and files of runs, as their rows say."""
        return get_cached(
            "stored-bytes",
            lambda: {
                "photos": Photo.with_trash.aggregate(size=Sum("bytes"))["size"] or 0,
                "results": Result.with_trash.aggregate(size=Sum("bytes"))["size"] or 0,
                "runs": RunFile.objects.aggregate(size=Sum("bytes"))["size"] or 0,
            },
        )

    @cached_property
    def today(self) -> dict[str, int]:
        return Task.objects.filter(created_at__gte=get_midnight(self.now)).aggregate(
            tasks=Count("pk"),
            done=Count("pk", filter=Q(state=State.DONE)),
            failed=Count("pk", filter=Q(state__in=FAILURES)),
            cancelled=Count("pk", filter=Q(state=State.CANCELLED)),
            under_way=Count("pk", filter=Q(state__in=UNDER_WAY)),
            credits=Sum("credits", filter=Q(state=State.DONE), default=0),
            people=Count("owner", distinct=True, filter=Q(state=State.DONE)),
        )

    @cached_property
    def by_hour(self) -> Chart:
        """In hours of UTC, named by the studio's clock: an hour that it has twice is two columns."""
        last = self.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        hours = [last - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
        counts = get_cached(
            "by_hour", lambda: count_by_time(self.recent, TruncHour("created_at", tzinfo=UTC))
        )
        columns = [Column(f"{hour.astimezone(self.zone):%H:%M}", counts.get(hour, {})) for hour in hours]
        return draw_stacked(
            gettext("Tasks of the last 24 hours, by hour."), columns, name_endings(), gettext("tasks")
        )

    @cached_property
    def by_day(self) -> Chart:
        last = timezone.localdate(self.now, self.zone)
        days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
        counts = get_cached(
            "by_day", lambda: count_by_time(self.month, TruncDate("created_at", tzinfo=self.zone))
        )
        columns = [Column(format_date(day, gettext("j M")), counts.get(day, {})) for day in days]
        return draw_stacked(
            gettext("Tasks of the last 30 days, by day."), columns, name_endings(), gettext("tasks")
        )

    @cached_property
    def speeds(self) -> list[Speed]:
        found = get_cached("speeds", lambda: measure_speeds(self.month))
        slowest = max((speed.p95 for speed in found), default=0) or 1
        return [
            Speed(
                one.tool,
                one.label,
                one.count,
                one.median,
                one.p95,
                round(100 * one.median / slowest, 2),
                round(100 * one.p95 / slowest, 2),
            )
            for one in found
        ]

    @cached_property
    def failures(self) -> Sequence[Failure]:
        rows = get_cached(
            "failures",
            lambda: list(
                self.month.filter(state__in=FAILURES)
                .values_list("state")
                .annotate(count=Count("pk"))
                .order_by("-count")
            ),
        )
        most = max((count for _, count in rows), default=1)
        return [
            Failure(state, State(state).word, count, round(100 * count / most, 2)) for state, count in rows
        ]


def count_endings(counts: dict[str, int] | None) -> tuple[int, int]:
    """Return how many of a service's tasks were done and how many failed."""
    return (counts["done"], counts["failed"]) if counts else (0, 0)


def get_midnight(now: datetime) -> datetime:
    """Return when this day began, by the studio's clock."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def count_credits_today(name: str) -> int:
    """Return the credits of today's tasks that a provider carried out, as this studio counts them."""
    done = Task.objects.filter(
        provider=name, state=State.DONE, completed_at__gte=get_midnight(timezone.now())
    )
    return done.aggregate(sum=Sum("credits", default=0))["sum"]


def count_by_time(tasks: Any, place: Any) -> dict[Any, dict[str, float]]:
    """Return how many were done and failed at each place in time."""
    found: dict[Any, dict[str, float]] = defaultdict(dict)
    for at, done, failed in (
        tasks.annotate(at=place)
        .values_list("at")
        .annotate(
            done=Count("pk", filter=Q(state=State.DONE)),
            failed=Count("pk", filter=Q(state__in=FAILURES)),
        )
    ):
        found[at] = {"done": done, "failed": failed}
    return dict(found)


def measure_speeds(tasks: Any) -> list[Speed]:
    """Return the median and the 95th percentile (nearest rank) of each tool's seconds."""
    by_tool = [F("tool")]
    ranked = (
        tasks.filter(state=State.DONE, processed_at__isnull=False, completed_at__isnull=False)
        .annotate(took=F("completed_at") - F("processed_at"))
        .annotate(rank=Window(RowNumber(), by_tool, F("took").asc()), count=Window(Count("pk"), by_tool))
        .filter(Q(rank=(F("count") * 50 + 99) / 100) | Q(rank=(F("count") * 95 + 99) / 100))
    )
    rows: dict[str, list[tuple[int, int, timedelta]]] = defaultdict(list)
    for tool, rank, count, took in ranked.values_list("tool", "rank", "count", "took"):
        rows[tool].append((rank, count, took))
    found = []
    for tool in Tool:
        if own := sorted(rows.get(tool.value, [])):
            seconds = [took.total_seconds() for _, _, took in own]
            found.append(Speed(tool.value, tool.label, own[0][1], seconds[0], seconds[-1]))
    return found


def describe_missing_weights() -> str:
    """Return which of the local engine's networks are not there, for people; "" if all are."""
    missing = [
        one.name for one in weights.NETWORKS if weights.look(one, settings.WEIGHTS_DIR).state != "here"
    ]
    return (
        gettext("Missing: %(missing)s. Run: manage.py weights --fetch") % {"missing": ", ".join(missing)}
        if missing
        else ""
    )


def get_cached(name: str, look: Any) -> Any:
    """Return what a look found, at most a minute ago."""
    return cache.get_or_set(f"dashboard-{name}", look, KEPT)
