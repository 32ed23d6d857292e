"""What the tests of servers that go away share: an order as a page sends it, and what the books say."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import numpy as np
import skimage.data

from tests.conftest import encoded
from tests.support.waiting import PATIENCE

from .installation import Studio

CODE = """
import json
from django.db.models import Sum
from accounts.models import Account, CreditEntry
from editor.models import Result, Task
account = Account.objects.get(user__email={email!r})
sums = account.entries.aggregate(balance=Sum("effect"), from_plan=Sum("plan_effect"))
settled = account.entries.filter(kind=CreditEntry.Kind.SETTLE).aggregate(sum=Sum("amount"))["sum"] or 0
tasks = Task.objects.filter(owner__email={email!r})
print(json.dumps({{
    "states": sorted(task.state for task in tasks),
    "failures": [f"{{task.state}}: {{task.sentence}}" for task in tasks if task.status.is_failed],
    "in_hand": tasks.exclude(owner_token=None).under_way().count(),
    "results": Result.objects.filter(owner__email={email!r}, kind="image").count(),
    "spent": settled,
    "adds_up": sums == {{"balance": account.balance, "from_plan": account.from_plan}},
}}))
"""


@dataclass
class Page:
    """What the books of one person say. in_hand: how many tasks a worker holds; spent: credits."""

    states: list[int]
    failures: list[str]
    in_hand: int
    results: int
    spent: int
    adds_up: bool


@dataclass
class Books:
    studio: Studio
    email: str

    def read(self) -> Page:
        return Page(**json.loads(self.studio.shell(CODE.format(email=self.email))))


def unseen(number: int) -> bytes:
    """A cup as nobody has looked at it yet, for work that takes its time: its number is one test's alone."""
    return encoded((skimage.data.coffee() * (1 - 0.02 * number)).astype(np.uint8), quality=92)


def order(client: httpx.Client, name: str, photo: bytes) -> httpx.Response:
    """Upload a photo and have it cut out, as the editor does it."""
    return client.post(
        "/editor/photos/",
        files={"photo": (name, photo, "image/jpeg")},
        data={"tool": "cutout"},
        headers={"X-Requested-With": "fetch"},
    )


@contextmanager
def locked(studio: Studio) -> Iterator[None]:
    """Hold SQLite's write lock, as a backup or somebody's own query may."""
    holder = sqlite3.connect(studio.data / "studio.sqlite3", timeout=PATIENCE, autocommit=True)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
    finally:
        holder.close()
