"""Allowances: what a person may do by their plan, with the exceptions to it that hold now."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .models import Plan, PlanException, User

# Where the plan and an exception name a limit differently from the allowance, said once.
LIMITS = {
    "credits_per_month": "credits_per_month",
    "requests_per_second": "per_second",
    "most_photos": "most_photos",
    "most_bytes": "most_bytes",
    "most_at_once": "most_at_once",
    "tools": "tools",
}


@dataclass(frozen=True)
class Allowance:
    """How much of everything. None: no limit. plan: its name, for people.

    per_second: requests of one API key. most_bytes: of photos and results together.
    """

    plan: str
    credits_per_month: int | None
    per_second: int
    most_photos: int | None
    most_bytes: int | None
    most_at_once: int | None
    tools: frozenset[str]


def get_allowance(user: User, now: datetime | None = None) -> Allowance:
    """Return what the person may do now: two queries by index, kept nowhere. Raises Plan.DoesNotExist."""
    plan = user.plan or Plan.objects.default()
    allowed = Allowance(
        plan=plan.name,
        credits_per_month=plan.credits_per_month,
        per_second=plan.requests_per_second,
        most_photos=plan.most_photos,
        most_bytes=plan.most_bytes,
        most_at_once=plan.most_at_once,
        tools=frozenset(plan.tools),
    )
    for exception in PlanException.objects.filter(user=user).live(now):
        allowed = replace(allowed, **read_exception(exception))
    return allowed


def read_exception(exception: PlanException) -> dict[str, Any]:
    """Return what an exception says, by the allowance's names."""
    said = {ours: getattr(exception, theirs) for theirs, ours in LIMITS.items()}
    return {
        name: frozenset(value) if name == "tools" else value
        for name, value in said.items()
        if value is not None
    }
