"""The lexicons, read once: which phrase of which language names which concept.

A line of lexicons/<language>.txt is "concept: phrase, phrase". A line "name = word, word" names words that
stand where phrases write <name>. "#" begins a comment. A phrase matches in all inflected forms of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from editor.engines.scenes.prompt.colours import COLOURS

from . import text
from .inflection import ENDINGS, WITH_PARTICLES, stem, strip_attached

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
    "ko": "korean",
    "ru": "russian",
    "ar": "arabic",
    "tr": "turkish",
    "hi": "hindi",
    "nl": "dutch",
    "pl": "polish",
    "": "emoji",
}
SHORTER = frozenset({"ko", "ru", "ar", "tr", "hi", "nl", "pl"})
"""Languages of whose words the lexicons have those that are asked for most."""

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass
class Lexicon:
    """One language: phrases as written and by their stems, each with its concept; and its single words.

    longest: of the phrases that begin with a word, or its stem, how many words the longest has.
    stand_ins: phrases that name something else than what their concept is shown as.
    """

    language: str
    exact: dict[str, str] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    stand_ins: frozenset[str] = frozenset()
    stemmed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, language: str, found: Iterable[tuple[str, str]]) -> Lexicon:
        """Return the lexicon of (concept, phrase) pairs; the first concept that names a phrase keeps it."""
        exact: dict[str, str] = {}
        for concept, phrase in found:
            exact.setdefault(text.match_key(phrase), concept)
        words = set(" ".join(exact).split(" "))
        inflected = language in ENDINGS
        forms = {word: stem(word, language) for word in words} if inflected else {}
        stems: dict[str, str] = {} if inflected else exact
        longest: dict[str, int] = {}
        for key, concept in exact.items():
            parts = key.split(" ")
            if longest.get(parts[0], 0) < len(parts):
                longest[parts[0]] = len(parts)
            if not inflected:
                continue
            reduced = [forms[part] for part in parts]
            if longest.get(reduced[0], 0) < len(parts):
                longest[reduced[0]] = len(parts)
            stemmed = " ".join(reduced)
            if stemmed == key:
                stems[key] = concept
            else:
                stems.setdefault(stemmed, concept)
        lexicon = cls(language, exact, stems, longest, words, stemmed=set(forms.values()))
        lexicon.stand_ins = frozenset(read_stand_ins().get(language, ()))
        return lexicon

    def stem(self, key: str) -> str:
        """Return a phrase's key with each word as its stem, without what is written onto known words."""
        return " ".join([self._stem_word(word) for word in key.split(" ")])

    def _stem_word(self, word: str) -> str:
        plain = stem(word, self.language)
        if self.language in WITH_PARTICLES:
            # What is left of a word has to be one: many a syllable is the stem of something.
            bare = (each for each in (word, *strip_attached(word, self.language)) if each in self.words)
            return stem(next(bare, ""), self.language) or word
        if plain in self.stemmed:
            return plain
        shorter = (stem(rest, self.language) for rest in strip_attached(word, self.language))
        return next((rest for rest in shorter if rest in self.stemmed), plain)

    def find(self, key: str) -> str:
        """Return the concept that a key names, "" for none."""
        return self.exact.get(key) or self.stems.get(self.stem(key), "")

    def stands_in(self, key: str) -> bool:
        """Whether a phrase names something else than what its concept is shown as."""
        return key in self.stand_ins

    def knows(self, word: str) -> bool:
        """Whether a word stands in any phrase, in this form or another."""
        return word in self.words or self._stem_word(word) in self.stemmed


def read_entries(language: str) -> list[tuple[str, str]]:
    """Return (concept, phrase) of a language's file, in its order, folded, with the <names> filled in."""
    written = (FOLDER / f"{LANGUAGES[language]}.txt").read_text(encoding="utf-8")
    if language == "de":
        written = "\n".join(_without_umlauts(line) for line in written.splitlines())
    found: list[tuple[str, str]] = []
    macros: dict[str, list[str]] = {}
    for line in text.fold_text(written).splitlines():
        if not line or line[0] == "#":
            continue
        if " = " in line:
            name, _, words = line.partition(" = ")
            macros[name] = words.split(", ")
            continue
        concept, _, phrases = line.partition(": ")
        for phrase in phrases.rstrip(",").split(", "):
            if "<" in phrase:
                found.extend((concept, filled) for filled in _fill_in(phrase, macros))
            else:
                found.append((concept, phrase))
    return found


@cache
def read_stand_ins() -> dict[str, tuple[str, ...]]:
    """Return by language the keys of phrases whose concept is shown as something else."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.fold_text((FOLDER / "stand-ins.txt").read_text(encoding="utf-8")).splitlines():
        language, _, phrases = line.partition(": ")
        if phrases and line[0] != "#":
            keys = tuple(text.match_key(phrase) for phrase in phrases.split(", "))
            found[language] = found.get(language, ()) + keys
    return found


def _without_umlauts(line: str) -> str:
    """Return a line with "Gemuetlich" beside every "Gemütlich", as people write who lack the key."""
    plain = line.translate(UMLAUTS)
    if plain == line or line.startswith("#") or " = " in line:
        return line
    phrases, others = line.partition(": ")[2].split(", "), plain.partition(": ")[2].split(", ")
    more = [other for phrase, other in zip(phrases, others, strict=True) if phrase != other]
    return ", ".join([line, *more])


def _fill_in(phrase: str, macros: dict[str, list[str]]) -> list[str]:
    """Return a phrase with every <name> replaced by each of its words."""
    parts = re.split(r"<([a-z]+)>", phrase)
    choices = [macros[part] if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(choice) for choice in product(*choices)]


@cache
def lexicon(language: str) -> Lexicon:
    """Return a language's lexicon."""
    found = read_entries(language)
    if language == "en":
        for colour in COLOURS:
            name = colour.removesuffix("-colour")
            found += [(colour, name.replace("-", " ")), (colour, name.replace("-", ""))]
    return Lexicon.of(language, found)


@cache
def lexicons() -> dict[str, Lexicon]:
    """Return all lexicons by language."""
    return {language: lexicon(language) for language in LANGUAGES}
