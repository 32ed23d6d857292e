"""The pose of a product in a set: standing, lying or hanging. Loads no numpy, as pages ask it too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from .plan import SetPlan
from .vocabulary import BACKDROPS, SURFACES

POSES = ("stand", "lie")
STEEPEST = 90.0  # degrees


@dataclass(frozen=True)
class Stance:
    """How a product was photographed, as far as its silhouette tells.

    pose: "stand", or "lie" for clothes and what would fall over. garment: whether it looks like a shirt.
    elevation: from how many degrees above the ground it was seen.
    """

    pose: str = "stand"
    garment: bool = False
    elevation: float = 0.0

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """Return what to_dict wrote; whatever it did not write is as usual."""
        pose, elevation = found.get("pose"), found.get("elevation")
        known = isinstance(elevation, int | float) and math.isfinite(elevation)
        return cls(
            pose if pose in POSES else "stand",
            found.get("garment") is True,
            min(STEEPEST, max(0.0, float(elevation or 0))) if known else 0.0,
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def choose_pose(plan: SetPlan, stance: Stance) -> str:
    """Return "stand", "lie" or "hang": what the set asks for, or else what suits the product in it."""
    if plan.pose:
        return plan.pose
    if plan.camera == "top":
        return "lie"
    hung = BACKDROPS[plan.backdrop.name].for_clothes or not SURFACES[plan.surface.name].for_clothes
    return "hang" if stance.garment and stance.pose == "lie" and hung else stance.pose
