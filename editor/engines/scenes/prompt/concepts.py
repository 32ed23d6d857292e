"""Concepts, what words can mean: every concept of the lexicons, with what it is in the vocabulary.

A concept's id is what the lexicons name. Ids that begin with "@" are grammar, "?" is a word that
its language has and that says nothing of a set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from editor.engines.scenes.vocabulary import KINDS

from .atmosphere import ATMOSPHERE
from .colours import COLOURS
from .objects import GENERICS, THINGS
from .themes import THEMES

ROLES = ("surface", "backdrop", "stand", "prop")
OWN_KINDS = {"surface": "ground", "prop": "object", "finish": "material"}
"""Kinds of concepts that the kinds of the vocabulary are, where they are called otherwise."""


@dataclass(frozen=True)
class Concept:
    """A thing that words name.

    kind: how the grammar treats it: material, thing, generic, colour, tone, light, time, season, mood,
    place, air, camera, pose, palette, blur, ignored. roles: what it can be in a set, the usual first.
    finish: how it makes what it is the material of. colour: its own. tint: the colour it stands for when
    it describes something else ("lavender wall"). near: the vocabulary only has something like it.
    """

    id: str
    kind: str
    plain: str
    roles: Mapping[str, str] = field(default_factory=dict)
    finish: str = ""
    colour: str = ""
    tint: str = ""
    near: bool = False
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """The role it takes when nothing says which."""
        return next(iter(self.roles), "")


def _read_row(id_: str, kind: str, row: str) -> Concept:
    """Read a row of objects.py: "prop=flowers #c2314f tint=#e8a0b4 ~ | roses"."""
    facts, _, plain = row.partition("|")
    roles: dict[str, str] = {}
    values: dict[str, str] = {}
    for fact in facts.split():
        name, _, value = fact.partition("=")
        if name in ROLES:
            roles[name] = value
        elif name == "~":
            values["near"] = "yes"
        elif name.startswith("#"):
            values["colour"] = name
        else:
            values[name] = value
    return Concept(
        id_,
        kind,
        plain.strip() or id_.replace("-", " "),
        roles,
        values.get("finish", ""),
        values.get("colour", ""),
        values.get("tint", ""),
        "near" in values,
    )


@cache
def concepts() -> dict[str, Concept]:
    """Return all concepts by their ids."""
    known: dict[str, Concept] = {}
    for kind, rows in THINGS.items():
        for id_, row in rows.items():
            known[id_] = _read_row(id_, kind, row)
    for id_, row in GENERICS.items():
        known[id_] = _read_row(id_, "generic", row)
    for id_, hexed in COLOURS.items():
        known[id_] = Concept(id_, "colour", id_.removesuffix("-colour").replace("-", " "), colour=hexed)
    for id_, (kind, plain, says) in ATMOSPHERE.items():
        known[id_] = Concept(id_, kind, plain, says=says)
    for id_, theme in THEMES.items():
        known[id_] = Concept(id_, theme.kind, theme.plain or id_.replace("-", " "))
    for concept in _unnamed_words(known.values()):
        known.setdefault(concept.id, concept)
    return known


def _unnamed_words(concepts: Iterable[Concept]) -> list[Concept]:
    """Return a concept of its own name for every word of the vocabulary that no concept or place is shown as.

    So a new word needs no row in objects.py or atmosphere.py, unless people call it by several names.
    """
    concepts = list(concepts)
    shown = {(role, name) for concept in concepts for role, name in concept.roles.items()}
    shown |= {("finish", concept.finish) for concept in concepts}
    shown |= {(field, value) for concept in concepts for field, value in concept.says.items()}
    shown |= {("backdrop", name) for theme in THEMES.values() for name in theme.backdrops}
    unnamed: dict[str, Concept] = {}
    for kind, words in KINDS.items():
        for name in words:
            if not name or (kind, name) in shown:
                continue
            before = unnamed.get(name) or Concept(name, OWN_KINDS.get(kind, kind), name.replace("-", " "))
            if kind in ROLES:
                unnamed[name] = replace(before, roles={**before.roles, kind: name})
            elif kind == "finish":
                unnamed[name] = replace(before, finish=name)
            else:
                unnamed[name] = replace(before, says={**before.says, kind: name})
    return list(unnamed.values())
