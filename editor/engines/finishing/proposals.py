"""What was measured on a product, as data: proposals in the words of a finish, which a finish may follow.

They are kept with the cutout, so that a product is measured once. Pages read them without its pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from .finish import Finish

VERSION = 1
"""Counts up whenever the same product is measured otherwise than before."""


@dataclass(frozen=True)
class Measures:
    """Proposals for one product, each None where there is none.

    exposure: stops. warmth, tint: as a finish has them. angle: degrees clockwise by which it is turned
    upright; confidence, 0..1, that it is right. reasons: by "exposure", "white_balance" and "straighten", a
    sentence where nothing is proposed, or nothing is to be done.
    """

    version: int = VERSION
    exposure: float | None = None
    warmth: float | None = None
    tint: float | None = None
    angle: float | None = None
    confidence: float = 0.0
    reasons: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return them as JSON holds them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self | None:
        """Return what to_dict gave; None for what was measured otherwise than it is now."""
        if found.get("version") != VERSION:
            return None
        names = ("version", "exposure", "warmth", "tint", "angle", "confidence", "reasons")
        return cls(**{name: found[name] for name in names if name in found})


def apply(
    finish: Finish,
    measures: Measures,
    *,
    exposure: float = 0.0,
    white_balance: float = 0.0,
    most_angle: float = 0.0,
) -> Finish:
    """Return a finish with what is proposed beside its own light and rotation.

    exposure, white_balance: 0..1, how much of it. most_angle: degrees; what leans further is left as it is.
    """
    changes: dict[str, Any] = {}
    if exposure and measures.exposure:
        changes["exposure"] = limit(finish.exposure + exposure * measures.exposure, 3)
    if white_balance and measures.warmth is not None and measures.tint is not None:
        changes["warmth"] = limit(finish.warmth + white_balance * measures.warmth, 1)
        changes["tint"] = limit(finish.tint + white_balance * measures.tint, 1)
    if measures.angle is not None and 0 < abs(measures.angle) <= most_angle:
        changes["rotation"] = limit(finish.rotation + measures.angle, 360)
    return replace(finish, **changes) if changes else finish


def limit(value: float, most: float) -> float:
    """Return a value from -most to most, to four digits."""
    return round(min(most, max(-most, value)), 4)
