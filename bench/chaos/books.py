"""The studio's books after the storm: each order's outcome, the ledger, the files. Read within the studio."""

import json
import time
from typing import Any

from .house import House
from .load import Notes

WAITS = """
from editor.models import Preparation, Task
print(Task.objects.under_way().count() + Preparation.objects.due().count())
"""

AUDIT = """
import json
from collections import Counter, defaultdict
from datetime import timedelta
from django.db.models import Sum
from accounts.models import Account, CreditEntry
from editor.files import renders
from editor.models import IdempotencyKey, Photo, Result, Task
from editor.states import State
from editor.work import maintenance

maintenance.ORPHAN_AFTER = timedelta(0)
maintenance.run_often()
maintenance.run_hourly()
tasks = list(Task.objects.all())
pictures = Counter(Result.with_trash.filter(kind="image").values_list("task", flat=True))
entries = defaultdict(Counter)
for task, kind in CreditEntry.objects.exclude(task_id=None).values_list("task_id", "kind"):
    entries[task][kind] += 1
ends = {task: kinds["settle"] + kinds["return"] for task, kinds in entries.items()}
known = maintenance.list_known_files()
stored = {name for folder in maintenance.FOLDERS for name, _ in maintenance.list_stored_files(folder)}
sums = {row["account"]: (row["all"], row["plan"]) for row in CreditEntry.objects.values("account").annotate(
    all=Sum("effect"), plan=Sum("plan_effect"))}
by_key = set(IdempotencyKey.objects.values_list("task", flat=True))
accounts = [(one.pk, one.balance, one.from_plan) for one in Account.objects.all()]
print(json.dumps({
    "orders": len(entries),
    "states": Counter(State(task.state).name for task in tasks),
    "messages": Counter(t.message for t in tasks if t.status.is_failed and not t.status.is_cancelled),
    "again": sum(task.attempts > 1 for task in tasks),
    "open": sorted(str(task.pk) for task in tasks if not task.status.is_settled),
    "without_end": sorted(str(task) for task, count in ends.items() if count == 0),
    "ended_twice": sorted(str(task) for task, count in ends.items() if count > 1),
    "reserved_twice": sorted(str(task) for task, kinds in entries.items() if kinds["reserve"] != 1),
    "done_without_picture": sorted(str(t.pk) for t in tasks if t.status is State.DONE and not pictures[t.pk]),
    "two_pictures": sorted(str(task) for task, count in pictures.items() if count > 1),
    "failed_with_picture": sorted(str(t.pk) for t in tasks if t.status.is_failed and pictures[t.pk]),
    "charged_wrongly": sorted(str(t.pk) for t in tasks if t.credits and t.pk in entries
        and bool(entries[t.pk]["settle"]) != (t.status is State.DONE)),
    "orphans": sorted(stored - known),
    "missing": sorted(known - stored),
    "accounts_that_do_not_add_up": [one for one in accounts if sums.get(one[0], (0, 0)) != one[1:]],
    "keys": sorted(IdempotencyKey.objects.exclude(task=None).values_list("key", flat=True)),
    "ordered_twice": sorted(str(task.pk) for task in tasks if task.api_key_id and task.pk not in by_key
        and task.status is not State.CANCELLED),
    "photos": sorted(map(str, Photo.with_trash.filter(tasks__isnull=False).values_list("pk", flat=True))),
}))
"""
LOST = ("open", "without_end", "done_without_picture", "missing")
DOUBLED = (
    "ended_twice",
    "reserved_twice",
    "two_pictures",
    "failed_with_picture",
    "charged_wrongly",
    "ordered_twice",
)


def wait_for_calm(house: House, seconds: float) -> int:
    """Wait until nothing is under way. Return how much still is, after so many seconds."""
    end = time.monotonic() + seconds
    while (left := int(house.studio.shell(WAITS))) and time.monotonic() < end:
        time.sleep(2.0)
    return left


def audit(house: House, notes: Notes) -> dict[str, Any]:
    """Return what the books say, with what was lost and doubled in all."""
    told: dict[str, Any] = json.loads(house.studio.shell(AUDIT))
    told["orders_forgotten"] = sorted(notes.keys - set(told.pop("keys")))
    told["photos_forgotten"] = sorted(notes.photos - notes.deleted - set(told.pop("photos")))
    lost = [one for name in (*LOST, "orders_forgotten", "photos_forgotten") for one in told[name]]
    doubled = [one for name in DOUBLED for one in told[name]]
    told["lost"], told["doubled"] = len(set(lost)), len(set(doubled))
    return told
