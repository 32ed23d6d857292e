"""A task's story, for who is asked what became of it: everything that is on record of it, in order."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import AuditEntry, CreditEntry
from editor.models import RemoteCall, Task
from editor.states import State

CREDITS = {
    CreditEntry.Kind.RESERVE: "set aside",
    CreditEntry.Kind.SETTLE: "charged",
    CreditEntry.Kind.RETURN: "given back",
}


class Event(NamedTuple):
    moment: datetime
    words: str


def tell(task: Task) -> list[Event]:
    """Return what is known to have happened to a task and when, the first first."""
    by = f"with the API key {task.api_key.name or task.api_key_id}" if task.api_key else "on the page"
    events = [Event(task.created_at, f"Ordered by {task.owner} {by}: {task.get_tool_display()}")]
    entries = CreditEntry.objects.filter(task_id=task.pk, kind__in=CREDITS)
    events += [
        Event(entry.created_at, f"Credits {CREDITS[CreditEntry.Kind(entry.kind)]}: {entry.amount}")
        for entry in entries
    ]
    if task.processed_at:
        attempt = f", attempt {task.attempts}" if task.attempts > 1 else ""
        events.append(Event(task.processed_at, f"Taken by a worker{attempt}"))
    events += tell_call(RemoteCall.objects.filter(task=task).first())
    for result in task.results.order_by("created_at"):
        kind = result.get_kind_display().capitalize()
        events.append(Event(result.created_at, f"{kind} archived: {result.width} × {result.height}"))
    if task.completed_at:
        events.append(Event(task.completed_at, describe_end(task)))
    callback = getattr(task, "callback", None)
    if callback is not None and callback.last_error and not callback.delivered_at:
        words = f"Its program was called in vain, try {callback.attempts}: {callback.last_error}"
        events.append(Event(task.completed_at or task.created_at, words))
    if callback is not None and callback.delivered_at:
        events.append(Event(callback.delivered_at, f"Its program was called, try {callback.attempts}"))
    for act in AuditEntry.objects.filter(target_id=str(task.pk)):
        more = f" ({act.details})" if act.details else ""
        events.append(Event(act.created_at, f"{act.by}: {act.action}{more}"))
    # What happened in one moment stays as it is told.
    return sorted(events, key=lambda event: event.moment)


def tell_call(call: RemoteCall | None) -> list[Event]:
    """Return the same of its being handed over to another service."""
    events = []
    if call is not None and call.tried_at:
        events.append(Event(call.tried_at, f"Offered to {call.get_provider_display()}"))
    if call is not None and call.submitted_at:
        words = f"Taken there as {call.remote_id}; looked at {call.looks} times"
        events.append(Event(call.submitted_at, words))
    return events


def describe_end(task: Task) -> str:
    """Return how it ended, with state and reason where it failed."""
    if task.status is State.DONE:
        return f"Done. {task.message}".strip()
    return f"{task.status.word} ({task.state}): {task.sentence}"
