"""Stems: the part of a word that its forms share, good enough to match a lexicon, no more.

Lexicon and prompt go through the same function, so a stem need not be a word. What is too short
to lose an ending keeps it.
"""

from __future__ import annotations

from functools import lru_cache

# Endings, longest first, and what stands in their place.
ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("ies", "y"), ("ves", "f"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("oes", "o"),
           ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", "")),
    "es": (("ciones", "cion"), ("ces", "z"), ("ores", "or"), ("ales", "al"), ("iles", "il"), ("ules", "ul"),
           ("ones", "on"), ("anes", "an"), ("ines", "in"), ("enes", "en"), ("eles", "el"), ("ares", "ar"),
           ("eres", "er"), ("ades", "ad"),
           ("os", ""), ("as", ""), ("es", ""), ("o", ""), ("a", ""), ("e", ""), ("s", "")),
    "pt": (("oes", "ao"), ("aes", "ao"), ("aos", "ao"), ("ais", "al"), ("eis", "el"), ("ois", "ol"), ("ns", "m"),
           ("ores", "or"), ("zes", "z"), ("res", "r"), ("ao", "ao"),
           ("os", ""), ("as", ""), ("es", ""), ("o", ""), ("a", ""), ("e", ""), ("s", "")),
    "it": (("chi", "c"), ("che", "c"), ("ghi", "g"), ("ghe", "g"), ("ci", "c"), ("ce", "c"), ("co", "c"),
           ("ca", "c"), ("gi", "g"), ("ge", "g"), ("go", "g"), ("ga", "g"), ("ie", ""), ("ia", ""), ("io", ""),
           ("i", ""), ("e", ""), ("a", ""), ("o", "")),
    "fr": (("eaux", "eau"), ("aux", "al"), ("elles", "el"), ("elle", "el"), ("ennes", "en"), ("enne", "en"),
           ("euses", "eu"), ("euse", "eu"), ("eux", "eu"), ("ches", "c"), ("che", "c"), ("cs", "c"),
           ("ettes", "et"), ("ette", "et"), ("ives", "if"), ("ive", "if"), ("es", ""), ("e", ""), ("s", ""), ("x", "")),
    "de": (("ern", ""), ("en", ""), ("er", ""), ("es", ""), ("em", ""), ("e", ""), ("n", ""), ("s", "")),
}  # fmt: skip
SHORTEST_STEM = 3


@lru_cache(maxsize=4096)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in a language; the word itself where it has no endings for us."""
    for ending, instead in ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= SHORTEST_STEM:
            return word[: len(word) - len(ending)] + instead
    return word
