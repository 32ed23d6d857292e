"""Tokens: a text folded to plain letters and cut into pieces that remember where they stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

TokenKind = Literal["word", "number", "colour", "figure", "emoji", "comma", "stop", "and", "free"]

# Letters that Unicode does not take apart, and the Han characters that differ between traditional
# Chinese, simplified Chinese and Japanese: lexicon and prompt are both folded, so any one form will do.
LETTERS = {
    "ة": "ه",
    "ى": "ي",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "’": "'",
    "‘": "'",
    "´": "'",
}
HAN = {pair[0]: pair[1] for pair in (Path(__file__).parent / "lexicons/han.txt").read_text("utf-8").split()}
UNWRITTEN = re.compile("[\u0300-\u036f\u0640\u064b-\u0655\u0670]")
"""Accents, and the signs that Arabic is mostly written without."""

SIGNS = "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
"""Vowels and the like of Devanagari, which are no letters to Unicode and stand within words."""

LONGEST_EXPANSION = 4  # of one character; "﷽" stands for eighteen letters

CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
TOKEN = re.compile(
    rf"""
      (?P<tag><[a-z/!][^<>]{{0,200}}>|--[a-z]+\ [\d:.]+)
    | (?P<colour>\#(?:[0-9a-f]{{6}}|[0-9a-f]{{3}})(?![0-9a-z])
        |rgba?\(\s*\d{{1,3}}\s*,\s*\d{{1,3}}\s*,\s*\d{{1,3}}\s*(?:,[\s\d.%]*)?\)
        |(?<![0-9a-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{{6}}(?![0-9a-z]))
    | (?P<number>(?<![\d.:/])\d{{1,4}}(?![\d.:/%]*[\da-z%°]))
    | (?P<figure>\d[\d.,:/x×%°]*[a-z]*|\bf/\d[\d.]*)
    | (?P<free>(?<=[a-z])-free(?![a-z]))
    | (?P<emoji>[{EMOJI}])
    | (?P<han>[{CJK}])
    | (?P<word>(?:(?![{CJK}])(?:[^\W\d_]|[{SIGNS}]))+)
    | (?P<and>[&+])
    | (?P<comma>[,،、，/|()\[\]{{}}:·•"“”«»「」『』]|\s[-–—]+\s|[–—])
    | (?P<stop>[.;!?؟؛।。；！？…\n\r])
    """,
    re.VERBOSE,
)
HAN_PHRASE = re.compile(rf"[{CJK}]+")
PARTICLES = "的の"
"""Join a modifier to its noun in Chinese and Japanese; there is nothing else in them for us."""


@dataclass(frozen=True)
class Token:
    """A piece of a text: folded, with where it stood in the text as written (start, end)."""

    key: str
    start: int
    end: int
    kind: TokenKind = "word"
    script: Literal["latin", "han"] = "latin"


UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode's categories of what is not a sign; emoji newer than this Python's tables are among "Cn"."""


@cache
def _fold_character(character: str) -> str:
    """Return a character as matched: width, case and accents gone, "" for what is not seen."""
    wide = unicodedata.normalize("NFKC", character).casefold()
    if len(wide) > LONGEST_EXPANSION:
        return " "
    bare = UNWRITTEN.sub("", unicodedata.normalize("NFD", wide))
    bare = unicodedata.normalize("NFC", bare)
    out = []
    for c in bare:
        category = unicodedata.category(c)
        if c in "\u200b\u200c\u200d\u2060\ufeff\u00ad" or "\ufe00" <= c <= "\ufe0f":
            continue
        if category in UNSEEN and not "\U0001f000" <= c <= "\U0001faff":
            out.append("\n" if c in "\n\r" else " ")
        else:
            out.append(LETTERS.get(c) or HAN.get(c) or c)
    return "".join(out)


def fold_with_origins(text: str) -> tuple[str, list[int]]:
    """Return the text as matched and, for each of its characters, the index of the one it came from."""
    folded: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        plain = _fold_character(character)
        folded.append(plain)
        origin.extend([index] * len(plain))
    return "".join(folded), origin


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text in order. Linear in its length; never fails."""
    folded, origin = fold_with_origins(text)
    found: list[Token] = []
    for match in TOKEN.finditer(folded):
        name, key = match.lastgroup, match.group()
        if name == "tag" or name is None or key in PARTICLES:
            continue
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        if name == "han":
            found.append(Token(key, start, end, "word", "han"))
        else:
            found.append(Token(key, start, end, name))  # type: ignore[arg-type]
    return found


def fold_text(written: str) -> str:
    """Return a text as it is matched, where nobody asks what stood where."""
    return written.translate({ord(character): _fold_character(character) for character in set(written)})


def match_key(phrase: str) -> str:
    """Return a folded phrase as its tokens' keys, joined by spaces."""
    if phrase.isascii() and phrase.replace(" ", "").isalpha():
        return phrase
    if HAN_PHRASE.fullmatch(phrase):
        return " ".join(character for character in phrase if character not in PARTICLES)
    return " ".join(token.key for token in tokenize(phrase))
