"""What a person may do: the plan, with exceptions to it. (Being built.)"""

from dataclasses import dataclass

from .models import User


@dataclass(frozen=True)
class Allowance:
    tools: frozenset[str] = frozenset({"cutout", "head", "erase", "scene"})
    most_at_once: int | None = None


def of(user: User) -> Allowance:
    return Allowance()
