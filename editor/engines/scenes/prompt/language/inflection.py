"""Stemming: the part of a word that its forms share, good enough to match a lexicon, no more.

Lexicon and prompt go through the same function, so a stem need not be a word. What is too short
to lose an ending keeps it.

Not Snowball's: prompts are folded to plain letters first, as people leave accents out, which its rules do not
expect. With it 3 of the tests' 126 prompts lose what they say ("boule dorée" its gold, "balões azuis" blue).
"""

from __future__ import annotations

from collections.abc import Iterator
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
    "ko": _endings(
        "으로부터> 에서는> 에서의> 으로> 에서> 에는> 에게> 까지> 부터> 이랑> 로> 에> 의> "
        "을> 를> 이> 가> 은> 는> 과> 와> 도>"
    ),
    # Letters are folded before: й is и, ё is е.
    "ru": _endings(
        "иями> ыми> ими> ями> ами> ого> его> ому> ему> иях> ыи> ии> ои> еи> ая> яя> ую> юю> ое> "
        "ее> ые> ие> ых> их> ым> им> ом> ем> ям> ам> ях> ах> ов> ев> ия> ию> ью> а> я> о> е> у> "
        "ю> ы> и> ь>"
    ),
    "ar": _endings("يات> ات> ين> ون> يه> ه> ي>"),
    "tr": _endings(
        "larinda> lerinde> larinin> lerinin> lardan> lerden> larda> lerde> larla> lerle> larin> "
        "lerin> lari> leri> lar> ler> inin> unun> nin> nun> inda> inde> unda> unde> dan> den> "
        "tan> ten> da> de> ta> te> li> lu> si> su> in> un> yi> yu> ya> ye> i> u> a> e>"
    ),
    "hi": _endings("ियों> ियां> ियाँ> ाओं> ओं> ों> ें> ीं> ां> ाँ> ो> े> ी> ा>"),
    "nl": _endings("en> es> e> s> n>"),
    "pl": _endings(
        "owymi> iego> iemu> ymi> imi> ego> emu> ami> ach> ych> ich> iej> owi> ów> ym> im> ej> om> "
        "em> ie> ia> ią> y> i> a> e> o> u>"
    ),
}
SHORTEST_STEM = 3
SHORTEST_STEMS = {"ko": 1, "hi": 2}
PREFIXES = {"ar": ("بال", "كال", "فال", "لل", "ال")}
"""What stands before a word and is written as one with it: "with the", "for the", "the"."""

MORE_PARTICLES = ("들", "만", "처럼", "같은", "같이", "하고", "마다", "뿐", "속")
PARTICLES = (*(ending for ending, _ in ENDINGS["ko"]), *MORE_PARTICLES)
PREPOSITIONS = ("ب", "ك", "ل", "ف")
AND = {"ar": "و"}
"""What is written as one with a word and may as well belong to it: cut only where a known word is left."""

SHORTEST_LEFT, MOST_PARTICLES = 3, 3
WITH_PARTICLES = frozenset({"ko"})

ANY_ENDING = {language: tuple(ending for ending, _ in endings) for language, endings in ENDINGS.items()}


@lru_cache(maxsize=4096)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in a language; the word itself where it has no endings for us."""
    for prefix in PREFIXES.get(language, ()):
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_STEM:
            word = word[len(prefix) :]
            break
    shorter = _cut_ending(word, language)
    # "goldenen" is "golden" with an ending, and "golden" is "gold" with one.
    while language == "de" and shorter != word:
        word, shorter = shorter, _cut_ending(shorter, language)
    return shorter


def strip_attached(word: str, language: str) -> Iterator[str]:
    """Yield what a folded word may be without what is written onto it.

    Korean writes several particles after a noun ("바위에서도", "꽃들과"), Arabic prepositions before one
    ("بشموع"). Many words begin or end so by themselves: whoever asks looks which one is known.
    """
    if language == "ar" and word.startswith(PREPOSITIONS) and len(word) > SHORTEST_LEFT:
        yield word[1:]
    for _ in range(MOST_PARTICLES if language in WITH_PARTICLES else 0):
        ending = max((each for each in PARTICLES if word.endswith(each)), key=len, default=word)
        if len(ending) >= len(word):
            return
        word = word[: -len(ending)]
        yield word


def _cut_ending(word: str, language: str) -> str:
    if not word.endswith(ANY_ENDING.get(language, ())):
        return word
    shortest = SHORTEST_STEMS.get(language, SHORTEST_STEM)
    for ending, instead in ENDINGS[language]:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= shortest:
            return word[: len(word) - len(ending)] + instead
    return word
