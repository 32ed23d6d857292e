"""A worker in slow motion: what it would do at its time is done at once, one message after the other."""

from collections.abc import Callable

from django.utils import timezone

from editor.models import Provider, RemoteCall, Task
from editor.tasks.lease import Again
from editor.work import pipeline

MOST_STEPS = 7


def work(task: Task, again: Again | None = None, most: int = MOST_STEPS) -> int:
    """Do what the queue says about a task until it has ended; return how many messages that took.

    again: the message with which to go on. After so many its service's time is over, and after twice
    as many it should have ended.
    """
    again = again or pipeline.perform(task.pk)
    steps = 1
    while again is not None:
        steps += 1
        assert steps < 2 * most, "This goes on for ever."
        if steps >= most:
            RemoteCall.objects.filter(task=task).update(deadline_at=timezone.now())
        again = step(again)
    task.refresh_from_db()
    return steps


def step(again: Again) -> Again | None:
    """Carry one message out as if its time had come."""
    hurry()
    act: Callable[..., Again | None] = pipeline.look if again.look else pipeline.perform
    return act(again.task.pk)


def hurry() -> None:
    """Let every pause be over."""
    now = timezone.now()
    Task.objects.exclude(not_before=None).update(not_before=now)
    Provider.objects.update(next_slot_at=None)
    Provider.objects.exclude(open_until=None).update(open_until=now)
