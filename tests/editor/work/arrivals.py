"""Random arrivals of many owners, carried by the queue itself: run as a program by test_fair_queue.py.

A worker gets real messages, chooses among real rows, and what it takes ends at once, is put back, is
left with a service, or is held by a worker that dies. Beside it stands a plain model of who waits.
Prints one line of JSON.
"""

import json
import os
import threading
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
django.setup()

from django.conf import settings as studio  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as some  # noqa: E402

from accounts.models import Plan, User  # noqa: E402
from editor.models import Photo, Preparation, Task  # noqa: E402
from editor.states import State  # noqa: E402
from editor.tasks import lease  # noqa: E402
from editor.tasks.lease import Again, Attempt  # noqa: E402
from editor.tools import QUICK, Tool  # noqa: E402
from editor.work import maintenance, messages, orders, pipeline  # noqa: E402
from tests.editor.work import crossings  # noqa: E402

OWNERS = 5
FAR = timedelta(hours=1)
OWNER = some.integers(0, OWNERS - 1)
OUTCOMES = some.sampled_from(["done", "failed", "put back", "deferred", "parked", "died"])
EVENTS = some.one_of(
    some.tuples(some.just("order"), OWNER, some.sampled_from([Tool.CUTOUT, Tool.ERASE, Tool.SCENE])),
    some.tuples(some.just("burst"), OWNER, some.integers(2, 6)),
    some.tuples(some.just("prepare"), OWNER, some.none()),
    some.tuples(some.just("serve"), some.sampled_from(["quick", "quick", "render"]), OUTCOMES),
    some.tuples(some.just("cancel"), OWNER, some.integers(0, 5)),
    some.tuples(some.just("time_passes"), some.none(), some.none()),
    some.tuples(some.just("leases_end"), some.none(), some.none()),
)


def use_message(queue: str) -> bool:
    """Let a worker of a queue take one message that is ready, and do what it says. False if there is none."""
    before = messages.count_ready(queue)
    if not before:
        return False
    if studio.TASKS_URL.startswith("redis"):
        import django_rq

        worker = django_rq.get_worker(queue, worker_class="rq.SimpleWorker")
        # Nobody commands it, and leaving the channel of commands takes it a second at each message.
        worker.subscribe = lambda: None
        worker.work(burst=True, max_jobs=1, logging_level="ERROR")
    else:
        call_command("db_worker", queue_name=queue, batch=True, max_tasks=1, startup_delay=False, verbosity=0)
    return True


class Line:
    """The model: who waits in one queue, in which order they came, and who went before whom."""

    def __init__(self) -> None:
        self.waiting: dict[int, list[Any]] = defaultdict(list)  # of each owner, first come first
        self.may_pass: dict[int, set[int]] = {}  # whom somebody who waits may yet see go before them

    def come(self, owner: int, piece: Any, place: dict[Any, int]) -> None:
        if not self.waiting[owner]:
            self.may_pass[owner] = {other for other, own in self.waiting.items() if own and other != owner}
        self.waiting[owner] = sorted([*self.waiting[owner], piece], key=place.__getitem__)

    def go(self, owner: int, piece: Any) -> None:
        """It does not wait any more, without having been served."""
        if piece in self.waiting[owner]:
            self.waiting[owner].remove(piece)
        if not self.waiting[owner]:
            for may_pass in self.may_pass.values():
                may_pass.discard(owner)

    def serve(self, owner: int, piece: Any) -> str:
        """Return what is unfair about this piece being taken now, "" for nothing."""
        unfair = ""
        if piece != self.waiting[owner][0]:
            unfair = "Somebody's later piece went before an earlier one."
        self.waiting[owner].remove(piece)
        for other, may_pass in self.may_pass.items():
            if other != owner and self.waiting[other]:
                if owner not in may_pass:
                    unfair = "Somebody was served twice, or came later, while another waited."
                may_pass.discard(owner)
        if self.waiting[owner]:
            self.may_pass[owner] = {one for one, own in self.waiting.items() if own and one != owner}
        return unfair


class Story:
    """What happens to some people's pieces, told by events."""

    def __init__(self, plan: Plan) -> None:
        stamp = timezone.now().timestamp()
        self.owners = [
            User.objects.create_user(f"{number}-{stamp}@example.com", plan=plan) for number in range(OWNERS)
        ]
        self.numbers = {owner.pk: number for number, owner in enumerate(self.owners)}
        self.lines = {queue: Line() for queue in studio.QUEUES}
        self.place: dict[Any, int] = {}
        self.away: dict[Any, tuple[str, int]] = {}  # what is not due yet: queue and owner
        self.held: list[Any] = []  # by workers that died
        self.elsewhere: set[Any] = set()  # with a service
        self.outcome = "done"
        self.served = 0
        self.unfair = ""
        pipeline.carry_out = self.carry_out
        pipeline.look_after = self.look_after
        pipeline.prepare = self.prepared

    def photo(self, owner: int) -> Photo:
        return Photo.objects.create(
            owner=self.owners[owner], name="lamp.jpg", file="photos/none.jpg", format="jpeg"
        )

    # -- What happens -----------------------------------------------------------------------------

    def order(self, owner: int, tool: Tool) -> None:
        task = orders.place(self.owners[owner], self.photo(owner), tool, {})
        self.place[task.pk] = len(self.place)
        self.lines[task.queue].come(owner, task.pk, self.place)

    def burst(self, owner: int, count: int) -> None:
        for _ in range(count):
            self.order(owner, Tool.CUTOUT)

    def prepare(self, owner: int, _: None) -> None:
        photo = self.photo(owner)
        orders.prepare(photo)
        self.place[photo.pk] = len(self.place)
        self.lines[QUICK].come(owner, photo.pk, self.place)

    def serve(self, queue: str, outcome: str) -> bool:
        self.outcome = outcome
        waiting, before = any(self.lines[queue].waiting.values()), self.served
        if not use_message(queue):
            assert not waiting, "Something waits without a message."
            return False
        # Noted there and raised here: whatever is raised within a task's work is the task's failure.
        assert not self.unfair, self.unfair
        assert self.served == before + waiting, "A message for what waits did not lead to it."
        return True

    def cancel(self, owner: int, which: int) -> None:
        rows = Task.objects.owned_by(self.owners[owner]).queued().order_by("created_at")
        for task in rows[which : which + 1]:
            assert orders.cancel(task)
            self.lines[task.queue].go(owner, task.pk)
            self.away.pop(task.pk, None)

    def time_passes(self, *_: None) -> None:
        """What was deferred is due, all of it at this very moment."""
        for row in Task.objects.filter(pk__in=self.away):
            Task.objects.filter(pk=row.pk).update(not_before=timezone.now())
            queue, owner = self.away[row.pk]
            self.lines[queue].come(owner, row.pk, self.place)
        self.away.clear()
        maintenance.send_missing()

    def leases_end(self, *_: None) -> None:
        for pk in self.held:
            Task.objects.filter(pk=pk).update(lease_expires_at=timezone.now())
            assert maintenance.requeue_expired() == 1
            task = Task.objects.get(pk=pk)
            if task.status is State.QUEUED:
                self.lines[task.queue].come(self.numbers[task.owner_id], pk, self.place)
        self.held.clear()

    # -- In the worker's place --------------------------------------------------------------------

    def take(self, queue: str, owner: int, piece: Any) -> None:
        self.served += 1
        self.unfair = self.unfair or self.lines[queue].serve(owner, piece)

    def look_after(self, attempt: Attempt) -> Again | None:
        if attempt.task.pk not in self.elsewhere:
            self.unfair = "Somebody looked after a task that no service has."
        self.elsewhere.discard(attempt.task.pk)
        return self.carry_out(attempt)

    def carry_out(self, attempt: Attempt) -> Again | None:
        task, owner = attempt.task, self.numbers[attempt.task.owner_id]
        self.take(attempt.queue, owner, task.pk)
        if self.outcome == "failed":
            attempt.fail(State.NOTHING_FOUND)
        elif self.outcome == "put back":
            again = attempt.put_back(timezone.now())
            self.lines[task.queue].come(owner, task.pk, self.place)
            return again
        elif self.outcome == "deferred":
            self.away[task.pk] = task.queue, owner
            return attempt.put_back(timezone.now() + FAR)
        elif self.outcome == "parked":
            self.away[task.pk] = QUICK, owner
            self.elsewhere.add(task.pk)
            return attempt.park(timezone.now() + FAR)
        elif self.outcome == "died":
            self.held.append(task.pk)
        else:
            attempt.settle(State.DONE)
        return None

    def prepared(self, asked: Preparation) -> None:
        self.take(QUICK, self.numbers[asked.owner_id], asked.photo_id)
        asked.delete()


told = Counter[str]()


@settings(
    max_examples=int(os.environ["EXAMPLES"]),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(events=some.lists(EVENTS, min_size=10, max_size=50))
def arrivals_are_served_fairly(events: list[tuple[str, Any, Any]]) -> None:
    story = Story(plan)
    for event, who, what in events:
        getattr(story, event)(who, what)
    story.leases_end()
    story.time_passes()
    while any(story.serve(queue, "done") for queue in studio.QUEUES):
        pass
    mine = Task.objects.filter(owner__in=story.owners)
    assert not mine.under_way().exists(), "Something waits for ever."
    told.update(examples=1, served=story.served, owners=OWNERS)


def rush(hands: int = 4, pieces: int = 6) -> dict[str, int]:
    """Have several workers take all that several owners wait for at the same time.

    Returns how many were taken, how many of these twice, and by how much more often one owner was
    served than another who was waiting.
    """
    story = Story(plan)
    for owner in range(OWNERS):
        story.burst(owner, pieces)
    taken: list[tuple[int, Any]] = []
    trouble: list[str] = []

    def work() -> None:
        try:
            while (held := lease.take_next(QUICK)) is not None:
                assert isinstance(held, Attempt)
                taken.append((story.numbers[held.task.owner_id], held.task.pk))
        except Exception as exc:  # noqa: BLE001  (told by the program)
            trouble.append(repr(exc))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not trouble, trouble
    unfair, counts = 0, Counter(dict.fromkeys(range(OWNERS), 0))
    for owner, _ in taken:
        counts[owner] += 1
        unfair = max(unfair, counts[owner] - min(counts.values()))
    return {"taken": len(taken), "twice": len(taken) - len({pk for _, pk in taken}), "unfair": unfair}


call_command("migrate", verbosity=0)
plan = Plan.objects.create(name="Free", credits_per_month=None)
arrivals_are_served_fairly()
rushed = rush()
crossed = crossings.try_all() if connection.vendor == "postgresql" else {}
queue = "redis" if studio.TASKS_URL.startswith("redis") else "database"
print(json.dumps({"vendor": connection.vendor, "queue": queue, **told, **rushed, "crossed": crossed}))  # noqa: T201
