"""The lexicons, read once: which phrase of which language names which concept.

A line of lexicons/<language>.txt is "concept: phrase, phrase". A line "name = word, word" names words that
stand where phrases write <name>. "#" begins a comment. A phrase matches in all inflected forms of its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from . import text
from .colours import COLOURS
from .inflection import stem

FOLDER = Path(__file__).parent / "lexicons"
LANGUAGES = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "de": "german",
    "pt": "portuguese",
    "it": "italian",
    "zh": "chinese",
    "ja": "japanese",
    "": "emoji",
}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass
class Lexicon:
    """One language: phrases as written and by their stems, each with its concept; and its single words."""

    language: str
    exact: dict[str, str] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    stemmed: set[str] = field(default_factory=set)

    def stem(self, key: str) -> str:
        """Return a phrase's key with each word as its stem."""
        return " ".join(stem(word, self.language) for word in key.split(" "))

    def find(self, key: str) -> str:
        """Return the concept that a key names, "" for none."""
        return self.exact.get(key) or self.stems.get(self.stem(key), "")

    def knows(self, word: str) -> bool:
        """Whether a word stands in any phrase, in this form or another."""
        return word in self.words or stem(word, self.language) in self.stemmed

    def add(self, concept: str, phrase: str) -> None:
        """Take in a phrase; the first concept that names it keeps it."""
        key = text.key(phrase)
        words = key.split(" ")
        self.exact.setdefault(key, concept)
        self.words.update(words)
        stems = [stem(word, self.language) for word in words]
        self.stemmed.update(stems)
        stemmed = " ".join(stems)
        if stemmed == key:
            self.stems[key] = self.exact[key]
        else:
            self.stems.setdefault(stemmed, concept)
        for first in (words[0], stems[0]):
            self.longest[first] = max(self.longest.get(first, 0), len(words))


def entries(language: str) -> list[tuple[str, str]]:
    """Return (concept, phrase) of a language's file, in its order, with the <names> filled in."""
    found: list[tuple[str, str]] = []
    macros: dict[str, list[str]] = {}
    for line in (FOLDER / f"{LANGUAGES[language]}.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if " = " in line:
            name, _, words = line.partition(" = ")
            macros[name] = [word.strip() for word in words.split(",")]
            continue
        concept, _, phrases = line.partition(": ")
        for phrase in phrases.split(","):
            found.extend((concept, filled) for filled in _filled(phrase.strip(), macros))
    return found


def _filled(phrase: str, macros: dict[str, list[str]]) -> list[str]:
    """Return a phrase with every <name> replaced by each of its words."""
    parts = re.split(r"<([a-z]+)>", phrase)
    if len(parts) == 1:
        return [phrase] if phrase else []
    choices = [macros[part] if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(choice) for choice in product(*choices)]


@cache
def lexicon(language: str) -> Lexicon:
    """Return a language's lexicon."""
    read = Lexicon(language)
    for concept, phrase in entries(language):
        read.add(concept, phrase)
        if language == "de" and phrase != (plain := phrase.translate(UMLAUTS)):
            read.add(concept, plain)
    if language == "en":
        for colour in COLOURS:
            name = colour.removesuffix("-colour")
            for phrase in (name.replace("-", " "), name.replace("-", "")):
                read.add(colour, phrase)
    return read


@cache
def lexicons() -> dict[str, Lexicon]:
    """Return all lexicons by language."""
    return {language: lexicon(language) for language in LANGUAGES}
