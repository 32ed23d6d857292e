"""Chunking: a tagged text cut into phrases, with what describes a thing and how it stands to the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .concepts import Concept, concepts
from .language.tagging import Item

PRE = frozenset({"en", "de", "zh", "ja", "ko", "ru", "tr", "hi", "nl", "pl"})
"""Languages whose adjectives come before the noun; in the others they follow it."""

THING_KINDS = frozenset({"generic", "ground", "backdrop", "stand", "flower", "green", "food", "object"})
RELATIONS = {"@on": "on", "@before": "before", "@with": "with", "@around": "with"}
POSTPOSED = {"@onpost": "on", "@behind": "before", "@beforepost": "before", "@withpost": "with"}
METALS = frozenset({"gold", "silver", "copper", "rose-gold", "brass", "bronze", "chrome", "gloss", "matte"})
"""Finishes rather than stuffs: they describe what stands beside them even across an "and"."""


LIGHT_NOUNS = frozenset({"tone-light", "tone-neon"})
PLANTS = frozenset({"flower", "green", "food"})
PARTS_OF_PLANTS = frozenset({"leaves", "flowers"})


@dataclass
class Phrase:
    """Items that belong together. relation: on, before, with or "". joined: by an "and" to the one before.

    shared: an "and" within it gives two descriptions to one noun.
    """

    relation: str = ""
    negated: bool = False
    joined: bool = False
    closed_by: str = ""
    shared: bool = False
    items: list[Item] = field(default_factory=list)


def concept_of(item: Item) -> Concept | None:
    """Return what an item names: None for grammar and for what is unknown."""
    if item.concept.startswith("#"):
        return Concept(item.concept, "colour", item.concept, colour=item.concept)
    return concepts().get(item.concept)


def is_head(item: Item) -> bool:
    """Whether an item is a thing by itself, which others describe."""
    concept = concept_of(item)
    return concept is not None and concept.kind in THING_KINDS


def _takes_colour(item: Item) -> bool:
    """Whether colours that stand beside an item can be its own: a thing, light, or what is in the air."""
    concept = concept_of(item)
    return is_head(item) or (concept is not None and concept.kind in ("light", "light-noun", "air"))


def is_description(item: Item) -> bool:
    """Whether an item is a colour, a tone or a material, or says that one is meant."""
    concept = concept_of(item)
    return item.concept == "@colour" or (
        concept is not None and concept.kind in ("colour", "tone", "material")
    )


def puts_adjectives_first(items: Sequence[Item]) -> bool:
    """Whether these items are in a language whose adjectives come first; the first word decides a tie."""
    said = [item.language in PRE for item in items if item.language]
    before = sum(said)
    return said[0] if said and 2 * before == len(said) else 2 * before >= len(said)


def split_phrases(items: Sequence[Item], *, negated: bool = False) -> list[Phrase]:
    """Return the phrases of a text. negated: all of it is unwanted, as a negative prompt is."""
    phrases: list[Phrase] = []
    current = Phrase(negated=negated)

    def close(by: str, relation: str = "", denied: bool = False) -> None:
        nonlocal current
        if current.items:
            current.closed_by = by
            phrases.append(current)
        current = Phrase(relation, denied or negated, by == "@and" and bool(phrases))

    for at, item in enumerate(items):
        name = item.concept
        if name == ",":
            close(name, denied=current.negated and _goes_on(items, at))
        elif name == ".":
            close(name)
        elif name in ("@and", "@or"):
            close("@and", current.relation, current.negated)
        elif name in RELATIONS:
            close(name, RELATIONS[name])
        elif name in POSTPOSED:
            if current.items:
                current.relation = POSTPOSED[name]
                close(name)
            else:
                close(name, POSTPOSED[name])
        elif name == "@no":
            close(name, denied=True)
        elif name == "@none":
            if not current.items and phrases:
                phrases[-1].negated = True
            current.negated = True
            close(name)
        elif name == "@of":
            if _lends_its_name(current.items, items, at + 1):
                current.items.pop()
            elif any(map(is_head, current.items)) and not _only_describes(items, at + 1):
                close(name, denied=current.negated and item.language in ("zh", "ja"))
        elif name == "@in":
            if any(map(is_head, current.items)) and not _only_describes(items, at + 1):
                close("@on", "on")
        elif name not in ("@the", "@stop"):
            current.items.append(item)
    close("")
    return _coordinate(phrases)


def _lends_its_name(before: Sequence[Item], items: Sequence[Item], at: int) -> bool:
    """Whether "leaves" or "flowers" stand before "of" and a plant: "leaves of basil" are one thing."""
    after = next((item for item in items[at:] if item.concept not in ("@the", "@stop", "@of")), None)
    plant = concept_of(after) if after is not None else None
    return (
        bool(before) and before[-1].concept in PARTS_OF_PLANTS and plant is not None and plant.kind in PLANTS
    )


def _goes_on(items: Sequence[Item], at: int) -> bool:
    """Whether a list that began with "without" goes on after a comma: "no flowers, shells or leaves"."""
    for item in items[at + 1 :]:
        if item.concept == "@or":
            return True
        if item.concept == "." or item.concept in RELATIONS or item.concept in ("@no", "@and"):
            return False
    return False


def _only_describes(items: Sequence[Item], at: int) -> bool:
    """Whether nothing but descriptions follow up to the next boundary: "of white marble", "in pink"."""
    seen = False
    for item in items[at:]:
        name = item.concept
        if name in (",", ".", "@and", "@or", "@of", "@in", "@no") or name in RELATIONS or name in POSTPOSED:
            break
        if name == "@the":
            return False
        if name in ("@stop", "@one"):
            continue
        concept = concept_of(item)
        tinted = (
            concept is not None and concept.tint and any(i.concept == "@colour" for i in items[at : at + 2])
        )
        if not is_description(item) and not tinted:
            return False
        seen = True
    return seen


def _is_bare(phrase: Phrase) -> bool:
    """Whether a phrase only has colours, tones and finishes, and nothing that they are of."""
    return bool(phrase.items) and all(
        item.concept == "@colour"
        or item.concept in METALS
        or ((concept := concept_of(item)) is not None and concept.kind in ("colour", "tone"))
        for item in phrase.items
    )


def _coordinate(phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases with "pink and gold" given to the noun that both describe."""
    merged: list[Phrase] = []
    for phrase in phrases:
        before = merged[-1] if merged else None
        if before is None or not phrase.joined or before.negated != phrase.negated:
            merged.append(phrase)
        elif puts_adjectives_first(phrase.items) and _is_bare(before) and _can_be_coloured(phrase):
            items = list(before.items)
            merged.pop()
            while merged and _is_bare(merged[-1]) and merged[-1].closed_by in (",", "@and"):
                items = merged[-1].items + items
                before = merged.pop()
            merged.append(
                replace(before, items=items + phrase.items, closed_by=phrase.closed_by, shared=True)
            )
        elif not puts_adjectives_first(before.items) and _is_bare(phrase) and _can_be_coloured(before):
            before.items = before.items + phrase.items
            before.closed_by, before.shared = phrase.closed_by, True
        elif _is_bare(phrase) and _can_be_coloured(before) and _is_bare(Phrase(items=before.items[-1:])):
            # "Balloons in pink and gold": the first colour stands behind its noun already.
            before.items = before.items + phrase.items
            before.closed_by = phrase.closed_by
        else:
            merged.append(phrase)
    return merged


def _can_be_coloured(phrase: Phrase) -> bool:
    """Whether a phrase has something that colours beside it can be of; "neon" that ends one is a noun."""
    return any(map(_takes_colour, phrase.items)) or phrase.items[-1].concept in LIGHT_NOUNS
