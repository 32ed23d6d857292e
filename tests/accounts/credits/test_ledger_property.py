"""Whatever happens to orders, in whatever order: the ledger adds up to what was delivered.

The editor's own doors are driven: placing, claiming, publishing, failing, cancelling, deleting, and
upkeep, which finds workers that died.
"""

import json
import uuid
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from accounts import ledger, staff_actions
from accounts.models import Account, CreditEntry, Plan, Usage, User
from editor.engines.types import Output
from editor.models import MAX_ATTEMPTS, Photo, Task
from editor.states import State
from editor.tasks import takes
from editor.tools import Tool
from editor.work import maintenance, orders, pipeline

Kind = CreditEntry.Kind
TOOLS = some.sampled_from([(Tool.CUTOUT, {}), (Tool.SCENE, {"takes": 2}), (Tool.SCENE, {"takes": 1})])
# Which of the tasks that there are an event is about; taken round.
WHICH = some.integers(0, 7)
EVENTS = some.one_of(
    some.tuples(some.just("order"), TOOLS),
    some.tuples(some.sampled_from(["deliver", "fail", "crash", "cancel", "again", "delete"]), WHICH),
    some.tuples(some.just("finish_one"), WHICH),
    some.tuples(some.just("grant"), some.integers(1, 30)),
    some.tuples(some.just("correct"), some.integers(-20, 20).filter(bool)),
    some.tuples(some.just("month"), some.integers(1, 3)),
    some.tuples(some.just("plan"), some.integers(0, 3)),
)


class Story:
    """One person's account, and what it ought to say."""

    def __init__(self, number: int, folder: Path) -> None:
        picture = folder / "result.png"
        picture.write_bytes(b"a picture")
        self.outputs = [Output("image", str(picture), 1, 1, "png", 9, number=number) for number in (1, 2)]
        self.folder = folder / "task"
        self.folder.mkdir(exist_ok=True)
        self.plans = [
            Plan.objects.create(name=f"Lapse {number}", credits_per_month=12),
            Plan.objects.create(name=f"Carry {number}", credits_per_month=7, leftover="carry"),
            Plan.objects.create(name=f"Cap {number}", credits_per_month=9, leftover="carry", carry_most=4),
            Plan.objects.create(name=f"Free {number}", credits_per_month=None),
        ]
        self.user = User.objects.create_user(f"person-{number}@example.com", plan=self.plans[0])
        self.delivered = 0
        self.counted: set[uuid.UUID] = set()
        self.now = timezone.now()

    def photo(self) -> Photo:
        return Photo.objects.create(owner=self.user, name="lamp.jpg", file="photos/none.jpg", format="jpeg")

    def task(self, which: int, *states: State) -> Task | None:
        tasks = list(Task.objects.owned_by(self.user).filter(state__in=states).order_by("created_at", "pk"))
        return tasks[which % len(tasks)] if tasks else None

    def happen(self, event: str, about: Any) -> None:
        getattr(self, event)(about)

    def order(self, about: tuple[str, dict[str, Any]]) -> None:
        left = ledger.get_balance(self.user)
        tool, params = about
        price = orders.cost(tool, params)
        if left is not None and left < price:
            with pytest.raises(orders.OrderRefused, match="credits"):
                orders.place(self.user, self.photo(), tool, params)
        else:
            orders.place(self.user, self.photo(), tool, params)

    def deliver(self, which: int) -> None:
        task = self.task(which, State.QUEUED)
        attempt = pipeline.claim(task.pk) if task else None
        if task and attempt:
            attempt.publish(self.outputs[: task.takes])

    def finish_one(self, which: int) -> None:
        """A take of a scene is done; then the rest fails, or is stopped, or the worker dies."""
        task = self.task(which, State.QUEUED)
        attempt = pipeline.claim(task.pk) if task and task.tool == Tool.SCENE else None
        if attempt is None or task is None:
            return
        if not takes.are_all_made(task):
            number = len(task.finished) + 1
            note = {"outputs": [asdict(self.outputs[number - 1])], "gave_way": {}}
            (self.folder / f"take-{number}.json").write_text(json.dumps(note))
            attempt.folder = self.folder
            attempt.keep_takes()
            (self.folder / f"take-{number}.json").unlink()
        if which % 3 == 0:
            attempt.fail(State.TOO_SLOW)
        if which % 3 == 1:
            orders.cancel(task)
        Task.objects.filter(pk=task.pk).update(lease_expires_at=timezone.now() - timedelta(minutes=1))
        maintenance.requeue_expired()
        if which % 3 != 2:
            task.refresh_from_db()
            assert task.status is State.DONE
            made = [one["number"] for one in attempt.finished]
            assert [one.number for one in task.results.order_by("number")] == made

    def fail(self, which: int) -> None:
        task = self.task(which, State.QUEUED)
        attempt = pipeline.claim(task.pk) if task else None
        if attempt:
            attempt.fail(State.NOTHING_FOUND)

    def crash(self, which: int) -> None:
        """A worker dies with the task in hand, and comes back too late to deliver it."""
        task = self.task(which, State.QUEUED)
        attempt = pipeline.claim(task.pk) if task else None
        if attempt is None or task is None:
            return
        Task.objects.filter(pk=task.pk).update(lease_expires_at=timezone.now() - timedelta(minutes=1))
        maintenance.requeue_expired()
        try:
            attempt.publish(self.outputs)
        except pipeline.Fenced:
            pass
        else:
            # Nothing is lost where all of it had been finished before.
            assert takes.are_all_made(task), "A worker that had lost its task delivered it."

    def cancel(self, which: int) -> None:
        task = self.task(which, State.QUEUED)
        if task:
            orders.cancel(task)

    def again(self, which: int) -> None:
        """The same end comes once more, or the other one."""
        task = self.task(which, State.DONE, State.NOTHING_FOUND, State.CANCELLED, State.FAILED)
        if task:
            assert not ledger.settle(task.pk)
            assert not ledger.give_back(task.pk)

    def delete(self, which: int) -> None:
        task = self.task(which, *State)
        if task:
            orders.delete_photo(task.photo)

    def grant(self, credits: int) -> None:
        staff_actions.grant(self.user, credits, reason="Some")

    def correct(self, credits: int) -> None:
        balance = Account.objects.get(user=self.user).balance
        try:
            staff_actions.correct(self.user, credits, reason="Put right")
        except ledger.TooFewCredits:
            assert balance + credits < 0

    def month(self, times: int) -> None:
        """The next month, seen by upkeep more than once."""
        self.now = datetime(self.now.year + self.now.month // 12, self.now.month % 12 + 1, 1, 1, tzinfo=UTC)
        for _ in range(times):
            ledger.grant_monthly(self.now)

    def plan(self, number: int) -> None:
        staff_actions.put_on(self.user, self.plans[number])
        self.user = User.objects.get(pk=self.user.pk)

    def count(self) -> None:
        """Add up what was delivered since: a credit for a cutout, three for every picture of a scene."""
        for task in Task.objects.owned_by(self.user).filter(state=State.DONE).exclude(pk__in=self.counted):
            self.counted.add(task.pk)
            self.delivered += 3 * task.results.count() if task.tool == Tool.SCENE else 1

    def check(self) -> None:
        self.count()
        account = Account.objects.get(user=self.user)
        entries = CreditEntry.objects.filter(account=account)
        sums = entries.aggregate(balance=Sum("effect", default=0), of_plan=Sum("plan_effect", default=0))
        assert (account.balance, account.from_plan) == (sums["balance"], sums["of_plan"])
        assert 0 <= account.from_plan <= account.balance
        spent = entries.filter(kind=Kind.SETTLE).aggregate(sum=Sum("amount", default=0))["sum"]
        counted = Usage.objects.filter(account=account).aggregate(sum=Sum("credits", default=0))["sum"]
        assert spent == counted == self.delivered
        # What is under way, and nothing else, is reserved without an end.
        ended = entries.filter(kind__in=[Kind.SETTLE, Kind.RETURN]).values("task_id")
        open_ = set(
            entries.filter(kind=Kind.RESERVE).exclude(task_id__in=ended).values_list("task_id", flat=True)
        )
        assert open_ == set(Task.objects.owned_by(self.user).under_way().values_list("pk", flat=True))
        months = list(entries.exclude(month="").values_list("month", flat=True))
        assert len(months) == len(set(months))


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(events=some.lists(EVENTS, min_size=5, max_size=25))
def test_the_ledger_always_adds_up_to_what_was_delivered(
    tmp_path: Path, events: list[tuple[str, Any]]
) -> None:
    with transaction.atomic():
        person = Story(0, tmp_path)
        for event, about in events:
            person.happen(event, about)
            person.check()
        transaction.set_rollback(True)


def test_upkeep_gives_up_after_a_number_of_crashes_and_gives_the_credits_back(
    db: None, tmp_path: Path
) -> None:
    person = Story(0, tmp_path)
    person.order((Tool.SCENE, {"takes": 2}))
    for _ in range(MAX_ATTEMPTS):
        person.crash(0)
    assert Task.objects.get().status is State.FAILED
    assert ledger.get_balance(person.user) == 12
    person.check()
