"""Understanding of a prompt: what was understood, what was missed, and the sets built from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from editor.engines.errors import InvalidOptions, PromptNotUnderstood
from editor.engines.scenes.plan import SetPlan

from .chunking import split_phrases
from .defaults import furnish
from .intent import Wishes
from .interpretation import Note, Reading, is_subject
from .language.tagging import Item, tag
from .modifiers import bind

LONGEST_PROMPT = 1024
MOST_UNKNOWN = 6  # words of no language that a word surely read may stand among


@dataclass(frozen=True)
class Meaning:
    """Words of the prompt and what they were taken for.

    words: as the person wrote them, prompt[start:end], or of the negative prompt where negative is true.
    kind: surface, backdrop, stand, prop, place, season, mood, colour, light, time, air, camera, pose, finish,
    palette or blur. taken: plain English for the page.
    """

    words: str
    start: int
    end: int
    kind: str
    taken: str
    negative: bool = False


@dataclass(frozen=True)
class Understanding:
    """What a prompt says: its meanings in the order of the text, and the words that say nothing to us."""

    prompt: str
    negative: str
    meanings: tuple[Meaning, ...]
    missed: tuple[str, ...]
    wishes: Wishes = field(repr=False)

    def plan(self, seed: int) -> SetPlan:
        """Return a set: what was said is in it, what was not is chosen by the seed, always alike."""
        return furnish(self.wishes, f"{self.prompt}\n{self.negative}", seed)

    def lines(self) -> list[str]:
        """Return the understanding as lines for a terminal."""
        lines = [f"{meaning.kind:9} “{meaning.words}” → {meaning.taken}" for meaning in self.meanings]
        if self.missed:
            lines.append("not understood: " + ", ".join(self.missed))
        return lines


def understand(prompt: str, negative: str = "") -> Understanding:
    """Return what a prompt and a negative prompt say, up to 1024 characters each, in any of eight languages.

    Raises PromptNotUnderstood if nothing in the prompt is understood, InvalidOptions if one is too long.
    """
    if max(len(prompt), len(negative)) > LONGEST_PROMPT:
        raise InvalidOptions(f"A prompt has at most {LONGEST_PROMPT} characters. Shorten it.")
    items = tag(prompt)
    reading = Reading()
    bounds = [bind(phrase) for phrase in split_phrases(items)]
    for place, bound in enumerate(bounds):
        reading.take(bound, subject=place == 0 and is_subject(bound))
    notes, missed = list(reading.notes), list(reading.missed)
    if not _is_understood(notes, items):
        raise PromptNotUnderstood
    reading.notes, reading.missed, reading.owners = [], [], {}
    for phrase in split_phrases(tag(negative), negated=True):
        reading.take(bind(phrase))
    meanings = [*meanings_of(prompt, notes), *meanings_of(negative, reading.notes, negative=True)]
    words = [*_words(prompt, missed), *_words(negative, reading.missed)]
    return Understanding(prompt, negative, tuple(meanings), tuple(dict.fromkeys(words)), reading.wishes())


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
        Meaning(text[note.start : note.end], note.start, note.end, note.kind, note.taken, negative)
        for note in notes
    ]


def _words(text: str, places: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in sorted(places)]
