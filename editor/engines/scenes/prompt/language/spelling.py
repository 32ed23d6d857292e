"""Spelling correction: the one known word that an unknown word must have been."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

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


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less, other, or two swapped make b of a."""
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    tail_a, tail_b = a[n:], b[n:]
    if len(a) == len(b):
        return tail_a[1:] == tail_b[1:] or (
            tail_a[:2] == tail_b[1::-1] and len(tail_a) > 1 and tail_a[2:] == tail_b[2:]
        )
    return tail_a[1:] == tail_b if len(a) > len(b) else tail_a == tail_b[1:]


def _distance(a: str, b: str, most: int) -> int:
    """Return the edit distance (swaps count one), or most + 1 where it is larger."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def meant(word: str, language: str) -> str:
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
            if (_one_slip(word, known) if most == 1 else _distance(word, known, most) <= most)
        ]
        stems = {lexis.stem(known) for known in near}
        if near:
            return (
                min(near, key=lambda known: (abs(len(known) - len(word)), known)) if len(stems) == 1 else ""
            )
    return ""
