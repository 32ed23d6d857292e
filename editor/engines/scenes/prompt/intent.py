"""The intent: what a person said a set is to be, in the words of the vocabulary; the rest is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """A piece as far as it was said: its name ("" open), colour, finish, and of props how many (0 open)."""

    name: str = ""
    colour: str = ""
    finish: str = ""
    count: int = 0


@dataclass(frozen=True)
class Wishes:
    """Everything that was said. parts: surface, backdrop and stand by role. settings: fields of the plan.

    themes: ids of places, seasons and moods. colours: said of nothing in particular. accents: finishes
    said of nothing in particular. out: (role, name) of what is not to be there. bare: no props but said ones.
    hues: colours said of light, of tubes of light and the like.
    """

    parts: Mapping[str, Part] = field(default_factory=dict)
    props: tuple[Part, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    accents: tuple[str, ...] = ()
    out: frozenset[tuple[str, str]] = frozenset()
    unwanted_colours: tuple[str, ...] = ()
    bare: bool = False
    hues: tuple[str, ...] = ()
