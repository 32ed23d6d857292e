"""A task's story, for who is asked what became of it: everything that is on record of it, in order."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, CreditEntry
from editor.models import RemoteCall, Task
from editor.states import State
from web.language.sentences import tell

CREDITS = {
    CreditEntry.Kind.RESERVE: _("set aside"),
    CreditEntry.Kind.SETTLE: _("charged"),
    CreditEntry.Kind.RETURN: _("given back"),
}


class Event(NamedTuple):
    moment: datetime
    words: str


def tell_story(task: Task) -> list[Event]:
    """Return what is known to have happened to a task and when, the first first."""
    order = {"owner": task.owner, "tool": task.get_tool_display()}
    words = gettext("Ordered by %(owner)s on the page: %(tool)s") % order
    if task.api_key:
        order["key"] = task.api_key.name or task.api_key_id
        words = gettext("Ordered by %(owner)s with the API key %(key)s: %(tool)s") % order
    events = [Event(task.created_at, words)]
    entries = CreditEntry.objects.filter(task_id=task.pk, kind__in=CREDITS)
    events += [
        Event(
            entry.created_at,
            gettext("Credits %(credits)s: %(amount)s")
            % {"credits": CREDITS[CreditEntry.Kind(entry.kind)], "amount": entry.amount},
        )
        for entry in entries
    ]
    if task.processed_at:
        again = gettext("Taken by a worker, attempt %(attempts)s") % {"attempts": task.attempts}
        words = again if task.attempts > 1 else gettext("Taken by a worker")
        events.append(Event(task.processed_at, words))
    events += tell_call(RemoteCall.objects.filter(task=task).first())
    for result in task.results.order_by("created_at"):
        kind = result.get_kind_display().capitalize()
        events.append(
            Event(
                result.created_at,
                gettext("%(kind)s archived: %(width)s × %(height)s")
                % {"kind": kind, "width": result.width, "height": result.height},
            )
        )
    if task.completed_at:
        events.append(Event(task.completed_at, describe_end(task)))
    callback = getattr(task, "callback", None)
    if callback is not None and callback.last_error and not callback.delivered_at:
        words = gettext("Its program was called in vain, try %(attempts)s: %(error)s") % {
            "attempts": callback.attempts,
            "error": callback.last_error,
        }
        events.append(Event(task.completed_at or task.created_at, words))
    if callback is not None and callback.delivered_at:
        events.append(
            Event(
                callback.delivered_at,
                gettext("Its program was called, try %(attempts)s") % {"attempts": callback.attempts},
            )
        )
    for act in AuditEntry.objects.filter(target_id=str(task.pk)):
        more = f" ({act.details})" if act.details else ""
        events.append(Event(act.created_at, f"{act.by}: {tell(act.action)}{more}"))
    # What happened in one moment stays as it is told.
    return sorted(events, key=lambda event: event.moment)


def tell_call(call: RemoteCall | None) -> list[Event]:
    """Return the same of its being handed over to another service."""
    events = []
    if call is not None and call.tried_at:
        events.append(
            Event(
                call.tried_at,
                gettext("Offered to %(provider_display)s")
                % {"provider_display": call.get_provider_display()},
            )
        )
    if call is not None and call.submitted_at:
        words = gettext("Taken there as %(remote_id)s; looked at %(looks)s times") % {
            "remote_id": call.remote_id,
            "looks": call.looks,
        }
        events.append(Event(call.submitted_at, words))
    return events


def describe_end(task: Task) -> str:
    """Return how it ended, with state and reason where it failed."""
    if task.status is State.DONE:
        return f"{gettext('Done.')} {tell(task.message)}".strip()
    return f"{gettext(task.status.word)} ({task.state}): {tell(task.sentence)}"
