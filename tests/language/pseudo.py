"""A language of brackets: what the catalogue has is put in ⟦ ⟧, and whatever is not was never marked.

It stands in the place of German, so that a word without a German message, Django's own words among them,
has no brackets either.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from web.language import sentences

# Between them stand values, whose own words are looked at by themselves.
BETWEEN = re.compile(r"(%\(\w+\)[sd]|\{\w*\}|%[sd](?![a-z])|%%|<[^>]*>|&\w+;)")


def bracket(message: str) -> str:
    """Put the pieces of a message in brackets, but not its values and tags."""
    parts = BETWEEN.split(message)
    return "".join(part if at % 2 or not part.strip() else f"⟦{part}⟧" for at, part in enumerate(parts))


@contextmanager
def speak() -> Iterator[None]:
    """Have everything that is looked up in German come in brackets of its English."""
    catalogue: Any = trans_real.translation("de")._catalog  # type: ignore[attr-defined]

    def look_up(key: str, message: str) -> str:
        try:
            catalogue[key]
        except KeyError:
            return message
        return bracket(message)

    def is_german() -> bool:
        return translation.get_language() == "de"

    def gettext(message: str) -> str:
        return look_up(str(message), str(message)) if message and is_german() else str(message)

    def pgettext(context: str, message: str) -> str:
        return look_up(f"{context}\x04{message}", message) if is_german() else message

    def ngettext(one: str, many: str, number: int) -> str:
        said = one if number == 1 else many
        if not is_german():
            return said
        try:
            catalogue.plural(one, number)
        except KeyError:
            return said
        return bracket(said)

    def npgettext(context: str, one: str, many: str, number: int) -> str:
        said = one if number == 1 else many
        if not is_german():
            return said
        try:
            catalogue.plural(f"{context}\x04{one}", number)
        except KeyError:
            return said
        return bracket(said)

    patterns = sentences.list_patterns

    def list_patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
        known: dict[str, str] = {}
        for one in catalogue._catalogs:
            known |= {told: message for message, told in one.items() if isinstance(message, str)}
        return [(pattern, bracket(known.get(told, told))) for pattern, told in patterns(language)]

    with pytest.MonkeyPatch.context() as patch:
        for one in (gettext, pgettext, ngettext, npgettext):
            patch.setattr(translation._trans, one.__name__, one, raising=False)
        made = list_patterns("de")
        patch.setattr(sentences, "list_patterns", lambda language: made)
        sentences.fit.cache_clear()
        yield
    sentences.fit.cache_clear()
