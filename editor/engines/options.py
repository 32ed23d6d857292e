"""The base of the tools' options: read from a JSON object, checked on creation, each refusal a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from .errors import InvalidOptions


@dataclass(frozen=True)
class Options:
    """What a tool may be asked for. A subclass checks its fields in __post_init__, by the functions below."""

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> Self:
        """Return the options in a JSON object; absent ones at their defaults. Raises InvalidOptions."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(options) - known):
            raise InvalidOptions(f"There is no option {', '.join(unknown)}.")
        return cls(**options)


def check_choice(name: str, value: object, allowed: Collection[str], *, quoted: bool = False) -> None:
    """Raise InvalidOptions unless an option is one of the words allowed, quoted in the sentence or bare."""
    if value not in tuple(allowed):
        words = [repr(word) if quoted else word or "(empty)" for word in allowed]
        raise InvalidOptions(f"{name} must be one of {', '.join(words)}.")


def check_flag(name: str, value: object) -> None:
    """Raise InvalidOptions unless an option is true or false."""
    if not isinstance(value, bool):
        raise InvalidOptions(f"{name} must be true or false.")


def check_whole(name: str, value: object, least: int, most: int) -> None:
    """Raise InvalidOptions unless an option is a whole number in the range, its ends included."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptions(f"{name} must be a whole number from {least} to {most}.")


def check_number(name: str, value: object, least: float, most: float) -> None:
    """Raise InvalidOptions unless an option is a number in the range, its ends included."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptions(f"{name} must be a number from {least} to {most}.")
