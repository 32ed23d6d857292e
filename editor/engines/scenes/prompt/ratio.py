"""The ratio that words ask for: "--ar 16:9" as prompts for other tools have it, or the figures alone."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from editor.engines.scenes.framing import ASPECTS

RATIO = re.compile(
    r"(?P<asked>(?:--?|—|–)(?:ar|aspect)\s+)?(?<![\d:.])(?P<across>\d{1,2})\s?:\s?(?P<up>\d{1,2})(?![\d:])",
    re.IGNORECASE,
)
USUAL = frozenset({"1:1", "4:5", "5:4", "3:4", "4:3", "2:3", "3:2", "9:16", "16:9", "21:9"})
"""Figures that are a ratio though nothing says so; others are an hour."""

MOST = 4.0
"""A picture is at most so many times as long as it is wide."""

ALIKE = 0.01


@dataclass(frozen=True)
class Ratio:
    """A ratio as it was written at text[start:end], and the one of ASPECTS that is nearest to it."""

    start: int
    end: int
    aspect: str
    exact: bool


def find_ratio(text: str) -> Ratio | None:
    """Return the last ratio that a text asks for, None for none."""
    found = None
    for match in RATIO.finditer(text):
        across, up = int(match["across"]), int(match["up"])
        meant = match["asked"] or f"{across}:{up}" in USUAL
        if meant and across and up and max(across / up, up / across) <= MOST:
            apart = {aspect: abs(math.log(across / up / _divide(aspect))) for aspect in ASPECTS if aspect}
            nearest = min(apart, key=apart.__getitem__)
            found = Ratio(match.start(), match.end(), nearest, apart[nearest] < ALIKE)
    return found


def _divide(aspect: str) -> float:
    across, up = aspect.split(":")
    return int(across) / int(up)
