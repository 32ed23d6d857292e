"""Tagging: which word of a text names which concept, in whichever language it is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from editor.engines.scenes.prompt import colours

from .inflection import AND
from .lexicon import Lexicon, lexicons
from .spelling import correct_spelling
from .text import Token, tokenize

MOST_SLIPS = 12  # of unknown words looked at for slips: who has more is not writing a prompt
SPOKEN = 0.8  # share of the best known language's words that a language needs for slips to be looked up in it
ONE_WORD, STEM_ALONE = 1.0, 0.6  # what a language scores for a word of its own, and for a form of one
LESS, SHORTEST_WITHOUT = "less", 3  # "cloudless", and of what is left the shortest that is taken for a word
COMPOUNDING = {"de": 3, "en": 4, "nl": 4, "ko": 2}  # who writes nouns as one word, with their shortest part
MENDED = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "tr")
LINKS = ("", "s", "n", "en", "es", "e")  # what German puts between the parts of a compound
COUNTERS = frozenset("本枚個个つ輪冊粒台只支朵片块颗张条杯")  # what Chinese and Japanese count things by
UNKNOWN = "?"
MARKS = {"comma": ",", "stop": ".", "and": "@and", "free": "@none"}
"""Tokens that are no words: what they are to the grammar. "Fragrance-free" is without fragrance."""


@dataclass(frozen=True)
class Item:
    """A piece of the text with its meaning: a concept's id, "@…" grammar, "?" unknown, or "," and ".".

    start, end: where it stands in the text. language: in which it was read, "" in none. sure: not a guess
    at a slip. said: the word as it was read, where it is not as written. near: it names something else than
    what its concept is shown as.
    """

    concept: str
    start: int
    end: int
    language: str = ""
    sure: bool = True
    said: str = ""
    value: int = 0
    near: bool = False


def score_languages(found: Sequence[Token]) -> dict[str, float]:
    """Return how much of the text each language knows; words that few languages have count for more."""
    scores: defaultdict[str, float] = defaultdict(float)
    kana = any("\u3040" <= token.key <= "\u30ff" for token in found)
    for token in found:
        if token.kind != "word":
            continue
        if token.script == "han":
            scores["ja" if kana else "zh"] += 1
            continue
        knowing = [
            (name, ONE_WORD if token.key in lexis.words else STEM_ALONE)
            for name, lexis in lexicons().items()
            if name and name not in ("zh", "ja") and lexis.knows(token.key)
        ]
        for name, weight in knowing:
            scores[name] += weight / len(knowing)
    return dict(scores)


def _split_compound(token: Token, lexis: Lexicon, shortest: int, depth: int = 3) -> list[Token]:
    """Return a compound's parts, each a word of the lexicon, the longest head first; none if it has none."""
    word = token.key
    for at in range(shortest, len(word) - shortest + 1):
        head, tail = word[:at], word[at:]
        if _find_concept(lexis, tail).startswith(("@", "?")) or not _find_concept(lexis, tail):
            continue
        tail_token = replace(token, key=tail, start=token.end - len(tail))
        for link in LINKS:
            bare = head[: len(head) - len(link)] if link else head
            if not head.endswith(link) or len(bare) < shortest:
                continue
            known = _find_concept(lexis, bare)
            if known and not known.startswith(("@", "?")):
                return [replace(token, key=bare, end=token.start + len(head)), tail_token]
            if depth > 1 and (
                deeper := _split_compound(
                    replace(token, key=bare, end=token.start + len(head)), lexis, shortest, 1
                )
            ):
                return [*deeper, tail_token]
    return []


def _find_concept(lexis: Lexicon, word: str) -> str:
    return lexis.exact.get(word) or lexis.stems.get(lexis.stem(word), "")


def _is_unknown(token: Token) -> bool:
    """Whether a token is a word of letters that no language has."""
    return (
        token.kind == "word"
        and token.script == "latin"
        and not any(lexis.knows(token.key) for lexis in lexicons().values())
    )


def _is_strange(token: Token, scores: dict[str, float]) -> bool:
    """Whether a word only looks like a form of a word of a language in which nothing else is said.

    "Tabel" in an English sentence is no Turkish signboard.
    """
    if token.kind != "word" or token.script != "latin":
        return False
    if any(token.key in lexis.words for lexis in lexicons().values()):
        return False
    top = max(scores.values(), default=0.0)
    return top >= ONE_WORD and all(
        scores.get(name, 0.0) <= STEM_ALONE for name, lexis in lexicons().items() if lexis.knows(token.key)
    )


def _mend(found: Sequence[Token], scores: dict[str, float]) -> list[tuple[Token, bool]]:
    """Return the tokens with compounds taken apart and slips set right, each with whether it is sure."""
    mended: list[tuple[Token, bool]] = []
    found = [part for token in found for part in _split_and(token)]
    unknown = [token for token in found if _is_unknown(token) or _is_strange(token, scores)]
    slips = 0 if len(unknown) <= MOST_SLIPS or 2 * len(unknown) < len(found) else MOST_SLIPS
    ranked = sorted((name for name in scores if name not in ("zh", "ja")), key=lambda name: -scores[name])
    tried = [name for name in ranked if scores[name] >= SPOKEN * scores[ranked[0]]]
    for token in found:
        if not (_is_unknown(token) or _is_strange(token, scores)):
            mended.append((token, True))
            continue
        if parts := _split_less(token):
            mended.extend((part, True) for part in parts)
            continue
        for name, shortest in COMPOUNDING.items():
            parts = parts or _split_compound(token, lexicons()[name], shortest)
        if parts:
            mended.extend((part, True) for part in parts)
            continue
        slips += 1
        said = ""
        if slips <= MOST_SLIPS:
            said = _mend_slip(token.key, tried)
        mended.append((replace(token, key=said), False) if said else (token, True))
    return mended


def _split_and(token: Token) -> list[Token]:
    """Return "and candles", which Arabic writes as one word, as its two; all else as it is."""
    word, arabic = token.key, lexicons()["ar"]
    rest = word[1:]
    if token.kind != "word" or not word.startswith(AND["ar"]) or arabic.knows(word) or not arabic.knows(rest):
        return [token]
    middle = token.start + 1
    return [replace(token, key=word[0], end=middle), replace(token, key=rest, start=middle)]


def _split_less(token: Token) -> list[Token]:
    """Return "cloudless" as its cloud, which is not to be there; nothing for what does not end so."""
    word, english = token.key.removesuffix(LESS), lexicons()["en"]
    if word == token.key or len(word) < SHORTEST_WITHOUT:
        return []
    named = _find_concept(english, word)
    if not named or named.startswith(("@", "?")):
        return []
    middle = token.end - len(LESS)
    return [replace(token, key=word, end=middle), replace(token, key=LESS, start=middle, kind="free")]


def _mend_slip(word: str, spoken: Sequence[str]) -> str:
    """Return what a word was to be, "" where nobody can know: never another language's word.

    spoken: the languages of the text. Of a text in which no word is known all must have the same to say.
    """
    if spoken:
        return next((mended for name in spoken if (mended := correct_spelling(word, name))), "")
    offers = {name: mended for name in MENDED if (mended := correct_spelling(word, name))}
    meant = {lexicons()[name].find(mended) for name, mended in offers.items()}
    return next(iter(offers.values())) if len(meant) == 1 else ""


def tag(text: str) -> list[Item]:
    """Return the items of a text in order: the longest phrase wins, then the language most spoken here."""
    found = tokenize(text)
    scores = score_languages(found)
    read = _mend(found, scores)
    ranked = sorted(lexicons(), key=lambda name: -scores.get(name, 0))
    items: list[Item] = []
    at = 0
    while at < len(read):
        token, sure = read[at]
        taken = 1
        if token.kind == "word" or token.kind == "emoji":
            concept, language, taken = _find_longest(read, at, ranked, scores)
            last = read[at + taken - 1][0]
            sure = all(certain for _, certain in read[at : at + taken])
            said = "" if sure else " ".join(word.key for word, _ in read[at : at + taken])
            number = int(concept[1:]) if concept[1:].isdigit() and concept[0] == "@" else 0
            key = " ".join(word.key for word, _ in read[at : at + taken])
            near = language in lexicons() and lexicons()[language].stands_in(key)
            name = "@number" if number else concept
            items.append(Item(name, token.start, last.end, language, sure, said, number, near))
        elif token.kind == "number":
            items.append(Item("@number", token.start, token.end, value=int(token.key)))
            after = read[at + 1][0] if at + 1 < len(read) else token
            taken += after.key in COUNTERS and after.start == token.end
        elif token.kind == "colour":
            items.append(Item(colours.parse_colour(token.key), token.start, token.end))
        elif token.kind in MARKS:
            items.append(Item(MARKS[token.kind], token.start, token.end))
        at += taken
    return _join_unknown(items)


def _find_longest(
    read: Sequence[tuple[Token, bool]], at: int, ranked: Sequence[str], scores: dict[str, float]
) -> tuple[str, str, int]:
    """Return (concept, language, number of tokens) of the best phrase that begins at a token."""
    token = read[at][0]
    best = (UNKNOWN, "", 1)
    length = 0
    top = max(scores.values(), default=0.0)
    for name in ranked:
        lexis = lexicons()[name]
        first = lexis.longest.get(token.key, 0) or lexis.longest.get(lexis.stem(token.key), 0)
        if not first or ((token.script == "han") != (name in ("zh", "ja")) and name):
            continue
        words: list[str] = []
        for taken in range(1, first + 1):
            if at + taken > len(read) or read[at + taken - 1][0].kind not in ("word", "emoji"):
                break
            words.append(read[at + taken - 1][0].key)
            if taken <= length:
                continue
            if concept := lexis.find(" ".join(words)):
                foreign = top >= 3 and scores.get(name, 0) < 0.2 * top
                if (
                    foreign
                    and taken == 1
                    and token.script == "latin"
                    and (len(token.key) < 4 or concept[0] == "@")
                ):
                    continue
                best, length = (concept, name, taken), taken
    return best


def _join_unknown(items: Sequence[Item]) -> list[Item]:
    """Return the items with the unknown characters of Chinese and Japanese joined to words."""
    joined: list[Item] = []
    for item in items:
        before = joined[-1] if joined else None
        if (
            before is not None
            and item.concept == before.concept == UNKNOWN
            and not item.language
            and not before.language
            and item.start == before.end
        ):
            joined[-1] = replace(before, end=item.end)
        else:
            joined.append(item)
    return joined
