"""Resolution of a group of words: its piece of the vocabulary and its words in plain English."""

from __future__ import annotations

from dataclasses import replace

from editor.engines.scenes.plan import MOST_OF_A_PROP
from editor.engines.scenes.vocabulary import BACKDROPS, SURFACES

from .account import Claim
from .chunking import METALS
from .concepts import Concept
from .intent import Part
from .modifiers import Group

SHEENS = frozenset({"gloss", "matte"})
ADJECTIVES = {"wood": "wooden", "gloss": "glossy", "fabric": "cloth"}


def describe_group(group: Group, role: str) -> tuple[Part, str, list[str]]:
    """Return a piece, its words ("white marble podium"), and the finishes that are for other things."""
    concept = group.thing
    name, finish, colour = concept.roles.get(role, ""), "", ""
    words: list[str] = []
    accents: list[str] = []
    precious = all(material.id in METALS - SHEENS for material in group.materials)
    if role != "prop" and group.shared and group.hues and precious:
        accents = [material.finish for material in group.materials]
        words = [f"and {ADJECTIVES.get(material.id, material.plain)}" for material in group.materials]
        group = replace(group, materials=[])
    if concept.kind == "material":
        name, colour = concept.roles.get(role, ""), concept.colour if role in ("stand", "prop") else ""
        finish = concept.finish if name in ("wall", "curtain") or role == "stand" else ""
        if role == "surface" and (name == "foil" or (concept.id in METALS and name == "metal")):
            finish = concept.finish
    if group.materials:
        material = next((m for m in reversed(group.materials) if m.id not in METALS), group.materials[-1])
        words.append(ADJECTIVES.get(material.id, material.plain))
        taken = material.roles.get(role, "") if concept.kind in ("generic", "material") else ""
        if concept.id == "wall" and role == "backdrop":
            taken = material.roles.get("backdrop", "")
        name = taken or name
        same = role == "surface" and bool(taken)
        finish = "" if same and taken not in ("metal", "foil") else material.finish
        if role == "backdrop" and name not in ("wall", "curtain", "sweep", "") and concept.kind != "backdrop":
            finish = material.finish if material.id in METALS or name == "stone-wall" else ""
        colour = material.colour if not same else ""
    colour = concept.colour if not colour and concept.kind != "material" else colour
    if group.hues:
        colour = group.hues[0].value
        words.insert(0, group.hues[0].plain)
    elif group.tones and not group.materials and concept.kind in ("generic", "backdrop", "stand"):
        tone = group.tones[-1]
        if said := tone.says.get("colour"):
            colour = said
            words.insert(0, tone.plain)
    plain = concept.plain
    if concept.kind == "material" and role == "backdrop" and not plain.endswith("wall"):
        plain += " backdrop"
    count = min(group.count, MOST_OF_A_PROP) if role == "prop" else 0
    return Part(name, colour, finish, count), " ".join([*words, plain]), accents


def sheet_of(group: Group) -> tuple[str, str, str]:
    """Return surface, finish and colour of a stuff that is to be behind and makes neither wall nor curtain.

    A background of leather or gold foil is a sheet of it, which runs up behind the product; "" for all else.
    """
    concept = group.thing
    stuffs = [concept] if concept.kind == "material" else list(group.materials)
    for stuff in stuffs:
        name = stuff.roles.get("surface", "")
        if name and SURFACES[name].is_sheet and "backdrop" not in stuff.roles:
            finish = next((m.finish for m in group.materials if m.id in METALS), stuff.finish)
            colour = group.hues[0].value if group.hues else stuff.colour
            return name, finish if name == "foil" else "", colour
    return "", "", ""


def role_of(concept: Concept, relation: str) -> str:
    """Return the role a thing takes: what the product is on, what is behind it, what is around it."""
    if relation == "on":
        return next((role for role in ("surface", "stand") if role in concept.roles), concept.role)
    if relation == "before" and "backdrop" in concept.roles:
        return "backdrop"
    if relation == "with" and "prop" in concept.roles:
        return "prop"
    return concept.role


def kind_of(concept: Concept) -> str:
    """Return the kind that the page names."""
    if concept.kind == "material":
        return "finish" if not concept.role else concept.role
    return concept.role or concept.kind


def is_plain(part: Part) -> bool:
    """Whether a backdrop is nothing but a colour."""
    return not part.name or BACKDROPS[part.name].plain


def is_wall_of_a_kind(part: Part) -> bool:
    """Whether a colour said of the wall is this backdrop's."""
    return bool(part.name) and BACKDROPS[part.name].is_wall_of_a_kind


def is_under_the_sky(part: Part) -> bool:
    """Whether a backdrop is a landscape with a sky of its own."""
    return bool(part.name) and BACKDROPS[part.name].under_the_sky


def list_claims(concept: Concept) -> list[Claim]:
    """Return what a light, an hour, a camera and their like say is in the plan."""
    return [
        Claim(key, value) for key, value in concept.says.items() if key not in ("yields", "colour", "alone")
    ]


def list_denials(concept: Concept) -> list[Claim]:
    """Return what of a plan a word refuses."""
    if concept.kind == "colour":
        return [Claim("colour", concept.colour, denied=True)]
    if concept.roles or concept.finish:
        stuff = ("wall", "curtain", "sweep") if concept.kind == "material" else ()
        roles = [(role, name) for role, name in concept.roles.items() if name not in stuff]
        return [Claim(role, name, denied=True) for role, name in roles]
    if concept.says:
        key, value = next(iter(concept.says.items()))
        return [Claim(key, value, denied=True)]
    return [Claim("theme", concept.id, denied=True)]
