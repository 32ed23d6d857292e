"""What checks of files measured and asked, in the reader's language: the engine speaks English.

A check's words are a list of short pieces, each with at most two values; numbers are written as the language
has them.
"""

import re

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_noop

register = template.Library()

PIECES = (
    gettext_noop("longer side at least %(value)s"),
    gettext_noop("longer side at most %(value)s"),
    gettext_noop("at most %(value)s megapixels"),
    gettext_noop("at most %(value)s apart"),
    gettext_noop("at least %(value)s"),
    gettext_noop("at most %(value)s"),
    gettext_noop("%(value)s see-through"),
    gettext_noop("%(value)s px on the edge"),
    gettext_noop("%(value)s as the product"),
    gettext_noop("under %(value)s points"),
    gettext_noop("%(value)s points"),
    gettext_noop("channels %(value)s apart"),
    gettext_noop("darkest %(value)s"),
    gettext_noop("content %(value)s"),
    gettext_noop("%(value)s px wide"),
    gettext_noop("%(value)s px high"),
    gettext_noop("%(value)s of %(whole)s px"),
    gettext_noop("%(value)s to %(whole)s"),
)
WORDS = (
    gettext_noop("one"),
    gettext_noop("none"),
    gettext_noop("or several"),
    gettext_noop("closed"),
    gettext_noop("open"),
    gettext_noop("which is read as sRGB"),
    gettext_noop("damaged"),
    gettext_noop("ASIN or SKU, a dot, the variant such as MAIN or PT01; no spaces, no dashes"),
    gettext_noop("a GTIN of 14 digits"),
    gettext_noop("a GTIN of 14 digits and the view, such as 04012345678901_C1C1"),
    gettext_noop("no umlauts, spaces or special characters"),
)
PATTERNS = [
    (re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(piece))), piece) for piece in PIECES
]
NUMBER = re.compile(r"(?<![\w.:-])\d+(\.\d+)?(?![\w.:]*\w)")


@register.filter
def measure(said: str) -> str:
    """Return what was measured, or asked, in words and numbers of the language that is active."""
    if get_language() in (None, "en"):
        return said
    if said in WORDS:
        return gettext(said)
    return ", ".join(" / ".join(map(say_piece, part.split(" or "))) for part in said.split(", "))


def say_piece(piece: str) -> str:
    if piece in WORDS:
        return gettext(piece)
    for pattern, message in PATTERNS:
        if fits := pattern.fullmatch(piece):
            return gettext(message) % {name: say_numbers(value) for name, value in fits.groupdict().items()}
    return say_numbers(piece)


def say_numbers(text: str) -> str:
    """Write the numbers of a text, but none that are parts of a name."""
    return NUMBER.sub(lambda one: number_format(one[0], force_grouping=False), text)
