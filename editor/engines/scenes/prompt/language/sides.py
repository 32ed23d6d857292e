"""Sides: on which side of the picture words want it that ask for room, in whatever order they say so."""

from __future__ import annotations

import re

SIDES = {
    "right": r"\bright|\brecht(?:s|e[rn]?|erkant)\b|droite|derech[ao]|destr[ao]|direit[ao]"
    r"|praw[aeoy]|справа|прав(?:ой|ую)|sağ|يمين|दा(?:एँ|ए|ईं|हिन)|右|오른",
    "left": r"\bleft|\blink(?:s|e[rn]?|erkant)\b|gauche|izquierd[ao]|sinistr[ao]|esquerd[ao]"
    r"|lew[aeoy]|слева|лев(?:ой|ую)|\bsol(?:da|a|un)|يسار|बा(?:एँ|ए|ईं)|左|왼",
    "top": r"above|\btop\b|upper|\boben|\bobere[nr]?\b|en haut|dessus|arriba|superior|in alto"
    r"|acima|boven|góry|górze|сверху|верх|üst|yukarı|أعلى|ऊपर|上|위쪽",
}
CLAUSE = re.compile(r"[,.;:!?\n，。、；：！？،؛।|–—]")
"""What ends a clause: a side that is said beyond it is said of something else."""


def find_side(text: str, start: int, end: int) -> str:
    """Return the side that is said in the clause about the words from start to end, "" where none is."""
    begin = max((match.end() for match in CLAUSE.finditer(text, 0, start)), default=0)
    after = CLAUSE.search(text, end)
    clause = text[begin : after.start() if after else len(text)].casefold()
    found = [(match.start(), side) for side, words in SIDES.items() if (match := re.search(words, clause))]
    return min(found)[1] if found else ""
