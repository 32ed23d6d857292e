"""The plan of a set: what is to be built, as data: all that Blender is ever told about a scene."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from editor.engines.errors import InvalidOptions

from .vocabulary import KINDS

COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
MOST_PROPS = 6
MOST_HUES = 3
VERSION = 2
"""Of a plan: counted up when the same plan makes another picture. 2: warmth and named light are in it."""
MOST_OF_A_PROP = 12


@dataclass(frozen=True)
class Piece:
    """One thing of a set: its name in the vocabulary, its colour ("" for the palette's), how it is made.

    count: how many of a prop, 0 for as many as look well. Raises InvalidOptions.
    """

    name: str
    colour: str = ""
    finish: str = ""
    count: int = 0

    def __post_init__(self) -> None:
        _check_word("finish", self.finish)
        if self.colour:
            _check_colour(self.colour)
        if not 0 <= self.count <= MOST_OF_A_PROP:
            raise InvalidOptions(f"Of one prop there can be 1 to {MOST_OF_A_PROP}.")


@dataclass(frozen=True)
class SetPlan:
    """A set: what the product stands on and before, with what around it, in what light, seen how.

    warmth: -1 cool to 1 warm, moved against what the light itself brings. blur: how far out of focus
    the distance is, 0 to 1. hues: what colours the light has, #rrggbb, the main light's first; with none
    the rig's own. air_colour: of what is in the air, "" for its own. version: which VERSION it was made
    for; whatever it says, it is built as plans are now.
    Raises InvalidOptions naming what is not in the vocabulary.
    """

    surface: Piece
    backdrop: Piece
    stand: Piece | None = None
    props: tuple[Piece, ...] = ()
    light: str = "softbox"
    warmth: float = 0.0
    air: str = ""
    camera: str = "eye"
    palette: str = ""
    pose: str = ""
    blur: float = 0.5
    hues: tuple[str, ...] = ()
    air_colour: str = ""
    version: int = VERSION

    def __post_init__(self) -> None:
        _check_word("surface", self.surface.name)
        _check_word("backdrop", self.backdrop.name)
        if self.stand is not None:
            _check_word("stand", self.stand.name)
        for prop in self.props:
            _check_word("prop", prop.name)
        if len(self.props) > MOST_PROPS:
            raise InvalidOptions(f"A set takes at most {MOST_PROPS} kinds of props.")
        for kind in ("light", "camera", "palette", "pose"):
            _check_word(kind, getattr(self, kind))
        if self.air:
            _check_word("air", self.air)
        if not -1 <= self.warmth <= 1 or not 0 <= self.blur <= 1:
            raise InvalidOptions("warmth goes from -1 to 1, blur from 0 to 1.")
        if len(self.hues) > MOST_HUES:
            raise InvalidOptions(f"Light has at most {MOST_HUES} colours.")
        for colour in (*self.hues, *filter(None, [self.air_colour])):
            _check_colour(colour)
        if isinstance(self.version, bool) or not isinstance(self.version, int) or self.version < 1:
            raise InvalidOptions("version is a whole number from 1.")

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SetPlan:
        """Return the plan that to_dict wrote. Raises InvalidOptions for anything else."""
        try:
            known = {field.name for field in fields(cls)}
            if unknown := set(data) - known:
                raise InvalidOptions(f"A set has no {', '.join(sorted(unknown))}.")
            values = dict(data)
            for name in ("surface", "backdrop", "stand"):
                if values.get(name) is not None:
                    values[name] = Piece(**values[name])
            values["props"] = tuple(Piece(**prop) for prop in values.get("props", ()))
            values["hues"] = tuple(values.get("hues", ()))
            values.setdefault("version", 1)
            return cls(**values)
        except (TypeError, AttributeError) as exc:
            raise InvalidOptions("This is not the plan of a set.") from exc


def _check_colour(colour: str) -> None:
    if not COLOUR.match(colour):
        raise InvalidOptions("A colour is written as #rrggbb, in small letters.")


def _check_word(kind: str, name: str) -> None:
    if name not in KINDS[kind]:
        raise InvalidOptions(f"There is no {kind} “{name}”.")
