"""What checks of files say: what was measured beside what was asked, and whether the one meets the other.

Loads no arrays: pages show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

TITLES = {
    "white": "White where no product is",
    "light": "Light, neutral ground",
    "opaque": "Nothing see-through",
    "fill": "Product's share of the frame",
    "pixels": "Size in pixels",
    "ratio": "Shape",
    "bytes": "Size of the file",
    "format": "Format",
    "suffix": "Suffix and content agree",
    "profile": "Colour profile",
    "density": "Pixels per inch",
    "edge": "Product within the frame",
    "name": "Name",
    "path": "Clipping path",
}
"""What each check is called for people."""


class Verdict(StrEnum):
    PASSED = "passed"
    REPAIRED = "repaired"
    NOT_MET = "not_met"


@dataclass(frozen=True)
class Check:
    """One check of a file: what was measured and what was asked, both with their units, for people."""

    key: str
    verdict: Verdict
    measured: str
    asked: str

    @property
    def title(self) -> str:
        return TITLES.get(self.key, self.key)

    def to_dict(self) -> dict[str, str]:
        """Return the JSON object that from_dict takes."""
        return {**asdict(self), "verdict": str(self.verdict)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        return cls(found["key"], Verdict(found["verdict"]), found["measured"], found["asked"])


def find_worst(checks: list[Check]) -> Verdict:
    """Return the verdict of a whole file, which is the worst of its checks."""
    order = list(Verdict)
    return max((one.verdict for one in checks), key=order.index, default=Verdict.PASSED)
