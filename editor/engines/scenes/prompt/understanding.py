"""Understanding of a prompt: what was understood, what was missed, and the sets built from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from editor.engines.errors import InvalidOptions, PromptNotUnderstood
from editor.engines.scenes.plan import SetPlan

from .account import GIVEN_UP, Account, Claim, Verdict, describe_stand_in, judge
from .chunking import split_phrases
from .concepts import concepts
from .defaults import furnish
from .intent import Part, Wishes
from .interpretation import Note, Reading, is_subject
from .language.sides import find_side
from .language.tagging import Item, tag
from .modifiers import bind
from .ratio import Ratio, find_ratio

LONGEST_PROMPT = 1024
CALM: dict[str, Any] = {
    "parts": {"surface": Part("sweep"), "backdrop": Part("sweep")},
    "settings": {"palette": "product", "light": "softbox"},
    "bare": True,
}
"""What is wished for where nothing was understood: paper in the product's own colours, in soft light."""

TOYS = 6
TREES = "trees"
TREED = {"street": "street", "garden": "garden", "park": "garden"}
"""What trees by themselves are, and places that have them."""

MOST_UNKNOWN = 6  # words of no language that a word surely read may stand among


@dataclass(frozen=True)
class Meaning:
    """Words of the prompt and what they were taken for.

    words: as the person wrote them, prompt[start:end], or of the negative prompt where negative is true.
    kind: surface, backdrop, stand, prop, place, season, mood, colour, light, time, air, camera, pose, finish,
    palette, blur, room or shape. taken: plain English for the page. claims: what it says is in the plan.
    near: the vocabulary only has something like it. other: its words name something else than what is shown.
    """

    words: str
    start: int
    end: int
    kind: str
    taken: str
    negative: bool = False
    claims: tuple[Claim, ...] = ()
    near: bool = False
    other: bool = False


@dataclass(frozen=True)
class Understanding:
    """What a prompt says: its meanings in the order of the text, and the words that say nothing to us."""

    prompt: str
    negative: str
    meanings: tuple[Meaning, ...]
    missed: tuple[str, ...]
    wishes: Wishes = field(repr=False)
    aspect: str = ""

    def plan(self, seed: int) -> SetPlan:
        """Return a set: what was said is in it, what was not is chosen by the seed, always alike."""
        return furnish(self.wishes, f"{self.prompt}\n{self.negative}", seed)

    def account(self, plan: SetPlan, pose: str = "", *, own_words: bool = False) -> Account:
        """Return what of all this a plan shows. pose: how the product will be, where that is known.

        own_words: only as it was said, for who may not read the English of what it was taken for.
        """
        shown: list[str] = []
        near: list[str] = []
        missing: list[str] = []
        for meaning in self.meanings:
            match judge(meaning.claims, plan, near=meaning.near, pose=pose):
                case Verdict.SHOWN:
                    shown.append(meaning.words if own_words else meaning.taken.replace(GIVEN_UP, ""))
                case Verdict.NEAR:
                    near.append(meaning.words if own_words else _name_stand_in(meaning, plan, pose))
                case _:
                    missing.append(meaning.words)
        lists = (shown, near, [*missing, *self.missed])
        return Account(*(tuple(dict.fromkeys(words)) for words in lists))

    @property
    def copy_space(self) -> str:
        """Where the words leave room, one of framing.COPY_SPACES."""
        return self.wishes.settings.get("copy_space", "")

    def lines(self) -> list[str]:
        """Return the understanding as lines for a terminal."""
        lines = [f"{meaning.kind:9} “{meaning.words}” → {meaning.taken}" for meaning in self.meanings]
        if self.missed:
            lines.append("not understood: " + ", ".join(self.missed))
        return lines


def _name_stand_in(meaning: Meaning, plan: SetPlan, pose: str) -> str:
    """Return what was said, in the person's own words, and what is shown for it: "roses → flowers"."""
    plain = meaning.taken.partition(" → ")[0]
    stand_in = plain if meaning.other else describe_stand_in(meaning.claims, plan, pose) or plain
    return meaning.words if stand_in == meaning.words else f"{meaning.words} → {stand_in}"


def understand(prompt: str, negative: str = "") -> Understanding:
    """Return what a prompt and a negative prompt say, up to 1024 characters each, in fifteen languages.

    Of words that nobody knows a calm set is made in the product's own colours, and all of them are missed.
    Raises PromptNotUnderstood if there are no words in the prompt, InvalidOptions if one is too long.
    """
    if max(len(prompt), len(negative)) > LONGEST_PROMPT:
        raise InvalidOptions(f"A prompt has at most {LONGEST_PROMPT} characters. Shorten it.")
    items = tag(prompt)
    reading = Reading()
    bounds = [bind(phrase) for phrase in split_phrases(items)]
    for place, bound in enumerate(bounds):
        reading.take(bound, subject=place == 0 and is_subject(bound))
    settle_places(reading)
    settle_room(reading, prompt)
    notes, missed = list(reading.notes), list(reading.missed)
    calm = not _is_understood(notes, items)
    if calm:
        if not any(character.isalpha() for character in prompt):
            raise PromptNotUnderstood
        # Nobody is refused for a noun: what was said is told, and a set of the product's own colours built.
        refused = [note for note in notes if note.claims and all(claim.denied for claim in note.claims)]
        missed += [(note.start, note.end) for note in notes if note not in refused]
        reading, notes = Reading(out=reading.out, unwanted=reading.unwanted), refused
    reading.notes, reading.missed, reading.owners = [], [], {}
    for phrase in split_phrases(tag(negative), negated=True):
        reading.take(bind(phrase))
    ratio = find_ratio(prompt)
    if ratio is not None:
        notes.append(note_ratio(ratio))
    meanings = [*meanings_of(prompt, notes), *meanings_of(negative, reading.notes, negative=True)]
    words = [*_words(prompt, missed), *_words(negative, reading.missed)]
    wishes = replace(reading.wishes(), **CALM) if calm else reading.wishes()
    missing = tuple(dict.fromkeys(words))
    aspect = ratio.aspect if ratio is not None else ""
    return Understanding(prompt, negative, tuple(meanings), missing, wishes, aspect)


def _is_understood(notes: list[Note], items: list[Item]) -> bool:
    """Whether a text was understood, rather than a lucky word found in gibberish.

    A word that is surely read is enough for several unknown ones. Slips set right, and nouns such as "table"
    that say little, must not be fewer than the words that nobody knows.
    """
    wanted = [note for note in notes if not note.taken.startswith("without ")]
    unknown = sum(item.concept == "?" and not item.language for item in items)
    strange = sum(item.concept == "?" for item in items)
    if sure := sum(note.sure and not note.weak for note in wanted):
        return MOST_UNKNOWN * sure >= unknown
    return len(wanted) >= max(1, strange)


def meanings_of(text: str, notes: list[Note], *, negative: bool = False) -> list[Meaning]:
    """Return notes as meanings, in the order of the text that they were made of."""
    notes = sorted(notes, key=lambda note: (note.start, note.end))
    return [
        Meaning(
            text[note.start : note.end],
            note.start,
            note.end,
            note.kind,
            note.taken,
            negative,
            note.claims,
            note.near,
            note.other,
        )
        for note in notes
    ]


def note_ratio(ratio: Ratio) -> Note:
    """Return a ratio that was asked for as a note; one that no picture has is near another."""
    claim = Claim("aspect", ratio.aspect)
    taken = f"a picture of {ratio.aspect}"
    return Note(ratio.start, ratio.end, "shape", taken, claims=(claim,), near=not ratio.exact)


def _words(text: str, places: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in sorted(places)]


def settle_places(reading: Reading) -> None:
    """Let trees be those of the street or garden that was named, and blocks in a child's room toys."""
    place = next((TREED[one] for one in reading.themes if one in TREED), "")
    trees = [note for note in reading.notes if note.kind == "backdrop" and note.taken == TREES]
    if place and trees and reading.parts.get("backdrop") == Part("forest"):
        reading.parts["backdrop"] = Part(place)
        for note in trees:
            note.claims = (Claim("backdrop", place),)
    behind = reading.parts.get("backdrop")
    if "nursery" in reading.themes and behind is not None and behind.name == "blocks":
        del reading.parts["backdrop"]
        reading.props.append(Part("cube", behind.colour, behind.finish, TOYS))
        for note in reading.notes:
            if note.claims[:1] == (Claim("backdrop", "blocks", behind.colour, behind.finish),):
                note.claims = (Claim("prop", "cube"),)


def settle_room(reading: Reading, text: str) -> None:
    """Put room that was asked for on the side that is said about it, however far from its words."""
    for note in reading.notes:
        anywhere = note.kind == "room" and note.taken == concepts()["room-any"].plain
        if anywhere and (side := find_side(text, note.start, note.end)):
            reading.settings["copy_space"] = side
            note.taken = concepts()[f"room-{side}"].plain
            note.claims = (Claim("copy_space", side),)
