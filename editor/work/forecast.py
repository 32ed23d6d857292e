"""Forecasts of how long work takes here, by what was done lately and what is to be taken before it.

There is no figure of ours in this: where nothing of the kind was done yet, nothing is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from editor.models import Task, Worker
from editor.remote import routing
from editor.states import State
from editor.tasks import scheduling
from editor.tools import RENDER, SPECS, Tool, list_queued_in

# The newest runs say how things are now; those of the same scene, where there are two, say it best.
LAST, LOOKED_THROUGH, RECENT = 5, 60, timedelta(days=30)
ENOUGH_ALIKE = 2
REMEMBERED = 10  # seconds
LOOKED_AGAIN = 5  # seconds: a page asks every second
# Of a scene's work what its size does not change, and shapes as shares of the square of their longer side.
FIXED = 0.15
SHAPES = {"": 0.75, "1:1": 1.0, "4:5": 0.8, "9:16": 0.5625, "16:9": 0.5625}
# From here on what is done says how long the rest takes: a scene's first take of two is through.
TELLING = 0.3
WHOLE = 95  # percent of the progress shown; what is left is saving
# Who waits no longer than that need not be told.
SHORT = 5.0


@dataclass(frozen=True)
class Run:
    """A task that was done: how much work it was, how many seconds that took, and which scene it was."""

    work: float
    seconds: float
    scene: int | None


def estimate_seconds(tool: str, params: Mapping[str, Any]) -> float | None:
    """Return how many seconds such work takes here, None where nothing like it was done lately."""
    known = get_recent_runs(tool)
    alike = [run for run in known if run.scene is not None and run.scene == params.get("scene")]
    newest = (alike if len(alike) >= ENOUGH_ALIKE else known)[:LAST]
    if not newest:
        return None
    return min(
        get_seconds_allowed(tool),
        measure_work(tool, params) * median(run.seconds / run.work for run in newest),
    )


def get_seconds_allowed(tool: str) -> float:
    """Return how many seconds work with a tool may take."""
    return float(settings.RENDER_DEADLINE if SPECS[Tool(tool)].queue == RENDER else settings.TASK_DEADLINE)


def measure_work(tool: str, params: Mapping[str, Any]) -> float:
    """Return how much work something is, beside one take of a megapixel, or beside a usual photo.

    The larger a scene, the fewer samples each of its pixels gets, but never less than 4.
    """
    if tool != Tool.SCENE:
        return 1.0
    side = params.get("size", settings.SCENE_SIDE)
    megapixels = side * side * SHAPES.get(params.get("aspect", ""), 1.0) / 2**20
    samples = min(14, max(4, round(7 / megapixels)))
    return int(params.get("takes", 1)) * (FIXED + (1 - FIXED) * megapixels * samples / 7)


def get_recent_runs(tool: str) -> list[Run]:
    """Return what was done lately with a tool by who does it now, the newest first."""
    return cache.get_or_set(f"runs-{tool}", partial(find_recent_runs, tool), REMEMBERED) or []


def find_recent_runs(tool: str) -> list[Run]:
    """What was tried twice, or has too few takes, says nothing of how long all of it takes."""
    who, since = routing.find_way(tool).provider or "local", timezone.now() - RECENT
    done = Task.objects.filter(
        tool=tool, provider=who, state=State.DONE, attempts__lte=1, message="", created_at__gte=since
    )
    return [
        Run(measure_work(tool, task.params), task.seconds, task.params.get("scene"))
        for task in done.newest_first()[:LOOKED_THROUGH]
        if task.seconds
    ]


def estimate_wait(tool: str, pieces: int) -> float | None:
    """Return the seconds until so many pieces of a tool's queue were taken; None where nobody can tell."""
    queue = SPECS[Tool(tool)].queue
    if routing.find_way(tool).provider:
        return 0.0  # a piece is but handed over
    # One is enough to go on: where none lives, that is said elsewhere.
    workers = Worker.objects.alive().filter(queue=queue).count() or 1
    at_work = list(Task.objects.running().of_queue(queue).filter(owner_token__isnull=False))
    if pieces + len(at_work) < workers:
        return 0.0
    lately = [run.seconds for other in list_queued_in(queue) for run in get_recent_runs(other)[:LAST]]
    if not lately:
        return None
    one, now = median(lately), timezone.now()
    left = sum(
        max(0.0, (estimate_seconds(task.tool, task.params) or one) - count_seconds_at_work(task, now))
        for task in at_work
    )
    return (left + pieces * one) / workers


def count_seconds_at_work(task: Task, now: datetime) -> float:
    return (now - task.processed_at).total_seconds() if task.processed_at else 0.0


def estimate_wait_of_next(user: User | int, tool: str) -> float | None:
    """Return the seconds until work would begin that somebody ordered now; None where nobody can tell."""
    return estimate_wait(tool, scheduling.count_ahead_of_next(user, SPECS[Tool(tool)].queue))


def estimate_all(user: User) -> float | None:
    """Return the seconds until all is done that somebody has ordered; None where nobody can tell."""
    last = Task.objects.owned_by(user).under_way().newest_first().first()
    if last is None:
        return 0.0
    own, waits = estimate_seconds(last.tool, last.params), estimate_wait_of_next(user, last.tool)
    return None if own is None or waits is None else waits + own


def describe_rest(user: User) -> str:
    """Return how long all takes that somebody has ordered, as one tells it; "" where nobody can tell."""
    left = cache.get_or_set(f"rest-{user.pk}", lambda: estimate_all(user) or 0.0, LOOKED_AGAIN) or 0.0
    return describe_seconds(left) if left >= SHORT else ""


def estimate_task(task: Task) -> float | None:
    """Return the seconds until a task is done, below 0 if it is overdue; None where nobody can tell."""
    own = estimate_seconds(task.tool, task.params)
    if task.status is State.QUEUED:
        waits = estimate_wait(task.tool, scheduling.count_ahead(task))
        return None if own is None or waits is None else waits + own
    spent, share = count_seconds_at_work(task, timezone.now()), min(1.0, task.progress / WHOLE)
    left = spent * (1 - share) / share if share >= TELLING else own - spent if own is not None else None
    return None if left is None else min(left, get_seconds_allowed(task.tool) - spent)


def describe_forecast(task: Task) -> str:
    """Return when a task under way is done, as a sentence; "" where there is nothing to tell."""
    left = estimate_task(task)
    if left is None or task.status not in (State.QUEUED, State.PROCESSING):
        return ""
    if left <= 0:
        return "It takes longer than usual."
    return f"Done in about {describe_seconds(left)}." if left >= SHORT else ""


def describe_seconds(seconds: float) -> str:
    """Return a time as one tells it, in the reader's language: to five seconds, to a minute, to an hour."""
    if seconds < 97.5:
        return gettext("%(seconds)s s") % {"seconds": max(5, 5 * round(seconds / 5))}
    minutes = round(seconds / 60)
    if minutes < 100:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    return gettext("%(hours)s hours") % {"hours": round(minutes / 60)}
