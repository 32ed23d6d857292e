"""Stemming: the part of a word that its forms share, good enough to match a lexicon, no more.

Lexicon and prompt go through the same function, so a stem need not be a word. What is too short
to lose an ending keeps it.

Not Snowball's: prompts are folded to plain letters first, as people leave accents out, which its rules do not
expect. With it 3 of the tests' 126 prompts lose what they say ("boule dorée" its gold, "balões azuis" blue).
"""

from __future__ import annotations

from functools import lru_cache


def _endings(table: str) -> tuple[tuple[str, str], ...]:
    """Return (ending, what stands in its place) from "ies>y s>": the first that fits is taken."""
    return tuple((ending, instead) for ending, _, instead in (row.partition(">") for row in table.split()))


ENDINGS = {
    "en": _endings("ies>y ves>f ches>ch shes>sh sses>ss xes>x oes>o ss>ss us>us is>is s>"),
    "es": _endings(
        "ciones>cion ces>z ores>or ales>al iles>il ules>ul ones>on anes>an ines>in enes>en eles>el "
        "ares>ar eres>er ades>ad os> as> es> o> a> e> s>"
    ),
    "pt": _endings(
        "oes>ao aes>ao aos>ao ais>al eis>el ois>ol uis>ul ns>m ores>or zes>z res>r ao>ao "
        "os> as> es> o> a> e> s>"
    ),
    "it": _endings("chi>c che>c ghi>g ghe>g ci>c ce>c co>c ca>c gi>g ge>g go>g ga>g ie> ia> io> i> e> a> o>"),
    "fr": _endings(
        "ees> ee> eaux>eau aux>al elles>el elle>el ennes>en enne>en euses>eu euse>eu eux>eu ches>c "
        "che>c cs>c ettes>et ette>et ives>if ive>if es> e> s> x>"
    ),
    "de": _endings("ss>ss ern> en> er> es> em> e> n> s>"),
}
SHORTEST_STEM = 3
ANY_ENDING = {language: tuple(ending for ending, _ in endings) for language, endings in ENDINGS.items()}


@lru_cache(maxsize=4096)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in a language; the word itself where it has no endings for us."""
    shorter = _cut_ending(word, language)
    # "goldenen" is "golden" with an ending, and "golden" is "gold" with one.
    while language == "de" and shorter != word:
        word, shorter = shorter, _cut_ending(shorter, language)
    return shorter


def _cut_ending(word: str, language: str) -> str:
    if not word.endswith(ANY_ENDING.get(language, ())):
        return word
    for ending, instead in ENDINGS[language]:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= SHORTEST_STEM:
            return word[: len(word) - len(ending)] + instead
    return word
