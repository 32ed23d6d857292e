"""How a run goes: how many of its photos and files are where, and about how long the rest takes."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from django.db.models import Count, Max

from editor.models import Run, RunFile, RunItem, Worker
from editor.models.result import SURE
from editor.tools import QUICK, Tool
from editor.work import forecast

State = RunItem.State
LATELY = 12
"""Photos by whose pace the rest is told; with half as many gaps that last a stop does not count."""


@dataclass(frozen=True)
class RunCounts:
    """Photos by their state, and files by their verdict. doubtful: photos to look at first.

    not_met_items: photos with a file that misses what was asked.
    """

    waiting: int = 0
    cutting: int = 0
    delivering: int = 0
    done: int = 0
    failed: int = 0
    unreadable: int = 0
    double: int = 0
    doubtful: int = 0
    passed: int = 0
    repaired: int = 0
    not_met: int = 0
    not_met_items: int = 0

    @property
    def left(self) -> int:
        return self.waiting + self.cutting + self.delivering

    @property
    def usable(self) -> int:
        """How many photos are worked on."""
        return self.left + self.done + self.failed

    @property
    def total(self) -> int:
        return self.usable + self.unreadable + self.double

    @property
    def files(self) -> int:
        return self.passed + self.repaired + self.not_met


@dataclass(frozen=True)
class Progress:
    """The whole of a run. done: photos through, failed ones too. seconds_left: None if nobody can tell."""

    done: int
    left: int
    seconds_left: float | None

    @property
    def total(self) -> int:
        return self.done + self.left

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def words_left(self) -> str:
        """How long the rest takes, as one tells it; "" where there is nothing to tell."""
        return "" if self.seconds_left is None else forecast.describe_seconds(self.seconds_left)


def count_states(run: Run) -> RunCounts:
    """Return where a run's photos and files are."""
    states = dict(run.items.order_by().values_list("state").annotate(Count("pk")))
    files = RunFile.objects.filter(item__run=run)
    verdicts = dict(files.order_by().values_list("verdict").annotate(Count("pk")))
    passed = verdicts.pop(RunFile.Verdict.PASSED, 0) + verdicts.pop("", 0)
    doubtful = run.items.filter(state=State.DONE, confidence__lt=SURE).count()
    wrong = files.filter(verdict=RunFile.Verdict.NOT_MET).values("item").distinct().count()
    return RunCounts(**states, **verdicts, passed=passed, doubtful=doubtful, not_met_items=wrong)


def measure_progress(run: Run) -> Progress:
    """Return how far a run is, and about how long the rest takes."""
    counts = count_states(run)
    done = counts.done + counts.failed
    if not counts.left or run.state in (Run.State.GATHERING, Run.State.DONE):
        return Progress(done, counts.left, None)
    pace = measure_pace(run)
    return Progress(done, counts.left, None if pace is None else counts.left * pace)


def measure_pace(run: Run) -> float | None:
    """Return the seconds between two photos of a run, else those of one cutout here; None if unknown."""
    ends = run.items.filter(state=State.DONE).annotate(end=Max("files__created_at")).order_by("-end")
    moments = [end for end in ends.values_list("end", flat=True)[:LATELY] if end]
    gaps = [(later - sooner).total_seconds() for later, sooner in pairwise(moments)]
    if len(gaps) >= 2:
        return median(gaps)
    alone = forecast.estimate_seconds(Tool.CUTOUT, {})
    workers = Worker.objects.alive().filter(queue=QUICK).count() or 1
    return None if alone is None else alone / workers
