"""A scene of the catalogue: a plan with a number, and how its takes differ."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from editor.engines.scenes.plan import SetPlan


@dataclass(frozen=True)
class Template:
    """A scene that can be chosen by its number, which never changes.

    plan: as it usually is. choices: for fields of the plan, what else looks well there; a take draws one
    value of each, the plan's own included.
    """

    number: int
    name: str
    category: str
    keywords: tuple[str, ...]
    plan: SetPlan
    choices: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def take(self, seed: int, number: int = 1) -> SetPlan:
        """Return the plan of a take: seed 0, take 1 is the scene as its thumbnail shows it.

        The second take of a seed differs from the first in every choice that there is.
        """
        changes = {}
        for name, others in sorted(self.choices.items()):
            values = (getattr(self.plan, name), *others)
            start = 0 if seed == 0 else random.Random(f"{seed} {name}").randrange(len(values))  # noqa: S311
            changes[name] = values[(start + number - 1) % len(values)]
        return replace(self.plan, **changes)
