"""Spelling correction: the one known word that an unknown word must have been."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from rapidfuzz.distance import OSA

from .lexicon import lexicon

SHORTEST = 5
SHORTEST_FOR_TWO = 9


@cache
def _shelves(language: str) -> dict[tuple[str, int], list[str]]:
    """Return a language's words by first letter and length: a slip seldom is in the first letter."""
    shelves: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in lexicon(language).words:
        if len(word) >= SHORTEST - 1 and word.isalpha():
            shelves[word[0], len(word)].append(word)
    return dict(shelves)


def _slips(a: str, b: str, most: int) -> int:
    """Return how many letters more, less, other or swapped make b of a; above `most` it says no more."""
    return OSA.distance(a, b, score_cutoff=most)


def correct_spelling(word: str, language: str) -> str:
    """Return the word of a language's lexicon that a folded word is a slip of, "" if none or several.

    One slip in words of 5 letters or more, two in words of 9 or more. Words that only differ in their
    ending, as the forms of one word do, do not count as several.
    """
    if len(word) < SHORTEST or not word.isascii():
        return ""
    shelves = _shelves(language)
    lexis = lexicon(language)
    for most in (1, 2) if len(word) >= SHORTEST_FOR_TWO else (1,):
        near = [
            known
            for length in range(len(word) - most, len(word) + most + 1)
            for known in shelves.get((word[0], length), ())
            if _slips(word, known, most) <= most
        ]
        stems = {lexis.stem(known) for known in near}
        if len({lexis.find(known) for known in near} | {""}) == 2 and all(map(lexis.find, near)):
            # Whichever of them it was, it says the same.
            stems = {near[0]} if near else stems
        if near:
            return (
                min(near, key=lambda known: (abs(len(known) - len(word)), known)) if len(stems) == 1 else ""
            )
    return ""
