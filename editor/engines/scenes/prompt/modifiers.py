"""Modifiers of a phrase: colours, materials and numbers go to the thing that they describe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from editor.engines.scenes.vocabulary import PROPS

from . import colours
from .chunking import (
    METALS,
    PARTS_OF_PLANTS,
    PLANTS,
    Phrase,
    concept_of,
    is_description,
    is_head,
    puts_adjectives_first,
)
from .concepts import Concept, concepts
from .language.tagging import Item

DARKER = {"wood": "dark-wood", "marble": "dark-marble", "stone": "slate", "planks": "dark-wood"}
NOUNS = {"tone-light": "light-noun", "tone-neon": "neon-light"}
SUBSTANTIAL = frozenset({"generic", "backdrop", "stand", "object"})
"""Kinds of things that can be made of any material; grass and roses cannot."""


@dataclass(frozen=True)
class Hue:
    """A colour as said: its value and its words in English, with where it stands."""

    value: str
    plain: str
    start: int
    end: int


@dataclass
class Group:
    """A thing with all that was said of it. concept None: the product itself, or a word not understood.

    shared: its colours and materials were joined by "and": pink and gold balls are balls of two kinds.
    """

    concept: Concept | None
    start: int
    end: int
    sure: bool = True
    said: str = ""
    hues: list[Hue] = field(default_factory=list)
    tones: list[Concept] = field(default_factory=list)
    materials: list[Concept] = field(default_factory=list)
    count: int = 0
    unknown: bool = False
    shared: bool = False
    near: bool = False

    @property
    def thing(self) -> Concept:
        """Its concept. Raises ValueError for a group that has none."""
        if self.concept is None:
            raise ValueError("These words name no thing.")
        return self.concept

    def cover(self, start: int, end: int) -> None:
        """Widen the group's place in the text."""
        self.start, self.end = min(self.start, start), max(self.end, end)


@dataclass
class Bound:
    """A phrase bound: its groups, and what in it describes nothing in particular."""

    phrase: Phrase
    groups: list[Group] = field(default_factory=list)
    loose: list[Group] = field(default_factory=list)
    lent: list[Hue] = field(default_factory=list)


def bind(phrase: Phrase) -> Bound:
    """Return a phrase's things with their colours, materials and numbers."""
    first = puts_adjectives_first(phrase.items)
    nodes = _merge_dark_kinds(_mark_tints(_mark_light_nouns(_merge_counts(phrase.items)), first), first)
    heads = [at for at, item in enumerate(nodes) if _can_be_described(item, nodes, first)]
    if not any(is_head(nodes[at]) or nodes[at].concept == "@product" for at in heads):
        heads = sorted([*heads, *_material_heads(nodes, first, bool(heads))])
    bound = Bound(phrase)
    groups = {at: _group(nodes[at]) for at in heads}
    at = 0
    while at < len(nodes):
        item = nodes[at]
        concept = concept_of(item)
        if at in groups:
            bound.groups.append(groups[at])
        elif (concept is not None and concept.kind in ("colour", "tone")) or item.concept == "@tint":
            at = _bind_hues(nodes, at, first, heads, groups, bound)
            continue
        elif concept is not None and concept.kind == "material":
            owner = _find_owner(at, heads, nodes, first, concept)
            grows = next(iter(concept.roles), "") == "prop"
            if owner is None or (grows and first and owner < at):
                # Pebbles, then bamboo: that stands beside them.
                bound.groups.append(_group(item))
            else:
                groups[owner].materials.append(concept)
                groups[owner].cover(item.start, item.end)
        elif item.concept in ("@number", "@one", "@few"):
            owner = next((head for head in heads if head > at), None)
            if owner is None and item.concept == "@number":
                owner = heads[-1] if heads else None
            if owner is not None:
                _bind_count(groups[owner], item, nodes[owner])
        elif concept is not None:
            bound.loose.append(_group(item))
            bound.loose[-1].hues, bound.lent = bound.lent, []
        at += 1
    for group in bound.groups:
        group.shared = phrase.shared
    return bound


def _group(item: Item) -> Group:
    return Group(
        concept_of(item),
        item.start,
        item.end,
        item.sure,
        item.said,
        unknown=item.concept == "?",
        near=item.near,
    )


def _can_be_described(item: Item, nodes: Sequence[Item], first: bool) -> bool:
    """Whether an item is something that descriptions can belong to."""
    if item.concept == "@product" or item.concept == "light-noun":
        return True
    if item.concept == "?":
        return not any(map(is_head, nodes))
    return is_head(item)


def _material_heads(nodes: Sequence[Item], first: bool, others: bool) -> list[int]:
    """Return which material stands for a thing of its own where a phrase names no other thing."""
    stuffs = [
        at
        for at, item in enumerate(nodes)
        if (concept := concept_of(item)) is not None and concept.kind == "material"
    ]
    if not stuffs or (others and any(nodes[at].concept == "light-noun" for at in range(len(nodes)))):
        return []
    natural = [at for at in stuffs if nodes[at].concept not in METALS] or stuffs
    return [natural[-1] if first else natural[0]]


def _merge_counts(items: Sequence[Item]) -> list[Item]:
    """Return the items with "a bunch of" in place of its article, and "fern leaves" as one thing."""
    few = any(item.concept == "@few" for item in items)
    counted: list[Item] = []
    for item in items:
        before = concept_of(counted[-1]) if counted else None
        if item.concept in PARTS_OF_PLANTS and before is not None and before.kind in PLANTS:
            counted[-1] = replace(counted[-1], end=item.end)
        elif not (few and item.concept == "@one"):
            counted.append(item)
    return counted


def _mark_light_nouns(items: Sequence[Item]) -> list[Item]:
    """Return the items with English "light" and "neon" as nouns where nothing follows that could be so."""
    lit = list(items)
    for at, item in enumerate(items):
        if item.concept in NOUNS and item.language == "en" and at:
            after = items[at + 1] if at + 1 < len(items) else None
            if after is None or not (is_description(after) or is_head(after)):
                lit[at] = replace(item, concept=NOUNS[item.concept])
    return lit


def _mark_tints(items: Sequence[Item], first: bool) -> list[Item]:
    """Return the items with things that only lend their colour ("lavender wall") marked as such."""
    marked: list[Item] = []
    for at, item in enumerate(items):
        concept = concept_of(item)
        after = items[at + 1] if at + 1 < len(items) else None
        before = items[at - 1] if at else None
        if concept is not None and concept.tint:
            named = (after is not None and after.concept == "@colour") or (
                before is not None and before.concept == "@colour" and not first
            )
            beside = after if first else before
            other = concept_of(beside) if beside is not None else None
            adjective = (
                concept.kind != "material"
                and other is not None
                and (other.kind in (*SUBSTANTIAL, "material") or (not first and other.kind == "flower"))
                and not (other.id == "background" and "backdrop" in concept.roles)
            )
            if named or adjective:
                marked.append(replace(item, concept="@tint", said=concept.id))
                continue
        if item.concept != "@colour":
            marked.append(item)
    return marked


def _merge_dark_kinds(items: Sequence[Item], first: bool) -> list[Item]:
    """Return the items with "dark" + wood, marble or stone as the dark kind of it."""
    out = list(items)
    at = 0
    while at + 1 < len(out):
        tone, stuff = (out[at], out[at + 1]) if first else (out[at + 1], out[at])
        if tone.concept in ("tone-dark", "black") and stuff.concept in DARKER:
            start, end = min(tone.start, stuff.start), max(tone.end, stuff.end)
            out[at : at + 2] = [replace(stuff, concept=DARKER[stuff.concept], start=start, end=end)]
        at += 1
    return out


def _value(item: Item) -> tuple[str, str]:
    """Return (value, plain words) of a colour item."""
    if item.concept == "@tint":
        concept = concepts()[item.said]
        return concept.tint, concept.id.removesuffix("-leaves").removesuffix("-beans").replace("-", " ")
    found = concept_of(item)
    return (found.colour, found.plain) if found is not None else ("", "")


def _bind_hues(
    nodes: list[Item], at: int, first: bool, heads: Sequence[int], groups: dict[int, Group], bound: Bound
) -> int:
    """Read the run of tones and colours that begins here and give it to its thing; return what follows it."""
    end = at
    while end < len(nodes) and end not in groups and _is_chromatic(nodes[end]):
        end += 1
    tones: list[Item] = []
    hues: list[Hue] = []
    for item in nodes[at:end]:
        concept = concept_of(item)
        if concept is not None and concept.kind == "tone":
            if hues and not first:
                hues[-1] = _apply_tone(hues[-1], item)
            else:
                tones.append(item)
            continue
        value, plain = _value(item)
        hue = Hue(value, plain, item.start, item.end)
        for tone in reversed(tones):
            hue = _apply_tone(hue, tone)
        tones = []
        hues.append(hue)
    if tones and hues:
        hues[-1] = _apply_tone(hues[-1], tones.pop())
    owner = _find_owner(at, heads, nodes, first, None)
    if hues and first and end < len(nodes) and _is_light(nodes[end]):
        # Blue neon light paints nothing blue: it is blue.
        nodes[end] = replace(nodes[end], start=nodes[at].start)
        bound.lent = hues
        return end
    if hues and not first and at and _is_light(nodes[at - 1]) and bound.loose:
        bound.loose[-1].cover(nodes[at].start, nodes[end - 1].end)
        bound.loose[-1].hues.extend(hues)
        return end
    for item in tones:
        tone_concept = concepts()[item.concept]
        if owner is None:
            bound.loose.append(_group(item))
        else:
            groups[owner].tones.append(tone_concept)
            groups[owner].cover(item.start, item.end)
    for hue in hues:
        if owner is None:
            bound.loose.append(
                Group(Concept(hue.plain, "colour", hue.plain, colour=hue.value), hue.start, hue.end)
            )
        else:
            groups[owner].hues.append(hue)
            groups[owner].cover(hue.start, hue.end)
    return end


def _is_light(item: Item) -> bool:
    concept = concept_of(item)
    return concept is not None and concept.kind in ("light", "air")


def _is_chromatic(item: Item) -> bool:
    concept = concept_of(item)
    return item.concept == "@tint" or (concept is not None and concept.kind in ("colour", "tone"))


def _apply_tone(hue: Hue, tone: Item) -> Hue:
    name = concepts()[tone.concept].plain
    value = colours.apply_tone(hue.value, name)
    return Hue(value, f"{name} {hue.plain}", min(hue.start, tone.start), max(hue.end, tone.end))


def _find_owner(
    at: int, heads: Sequence[int], nodes: Sequence[Item], first: bool, material: Concept | None
) -> int | None:
    """Return the thing that a description at a place belongs to: the next in English, the last in French."""
    fit = [head for head in heads if material is None or _can_be_made_of(nodes[head], material)]
    after = next((head for head in fit if head > at), None)
    before = next((head for head in reversed(fit) if head < at), None)
    return (after if after is not None else before) if first else (before if before is not None else after)


def _can_be_made_of(item: Item, material: Concept) -> bool:
    """Whether a thing can be made of a material."""
    concept = concept_of(item)
    if concept is None or item.concept == "light-noun":
        return True
    return (concept.kind in SUBSTANTIAL and bool(material.finish or material.role)) or material.id in METALS


def _bind_count(group: Group, item: Item, head: Item) -> None:
    """Write down how many there are to be: an article before a noun in the plural says nothing."""
    if group.concept is None or "prop" not in group.concept.roles:
        return
    if item.concept == "@number":
        group.count = item.value
        group.cover(item.start, item.end)
    elif item.concept == "@one" and PROPS[group.concept.roles["prop"]].counted:
        group.count = 1
