"""Sentences of the rooms below the pages, in the reader's language.

Engines, services, the queue and the rows speak English, so that logs, files, commands and programs read one
language. What of that gets onto a page or into a letter is said here: the English sentence is its own key in
the catalogue, and one that was filled in is found by the pattern that it fits. Of several sentences in a row
each is looked for by itself.
"""

import re
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation.trans_real import translation

register = template.Library()

# A value in a message, as the two ways of writing them have it; what is doubled stands for itself.
VALUE = re.compile(r"%\((\w+)\)s|\{(\w+)\}|(%%)")
# Where a sentence ends and another one begins.
SENTENCE_ENDS = re.compile(r"(?<=[.!?”]) (?=[A-Z])")
# Numbers with a point or commas in a value: one at its end, or that a unit follows. In a name there is none.
NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+(?=\.))(?:\.\d+)?(?= (?:s|ms|[kMG]B)\b|$)")
# What the rooms count in words.
COUNT = re.compile(r"(\d[\d,]*) (credit|picture|original)s?")
# Letters that a pattern must have of its own, lest it fit anything.
LEAST_LETTERS = 9


@register.filter
def tell(said: object) -> str:
    """Return a sentence, or an error's, in the language that is active; as it is where that has none."""
    sentence = str(said)
    language = get_language()
    if not sentence or language is None or language == "en":
        return sentence
    told = gettext(sentence)
    return told if told != sentence else fit(sentence, language)


@lru_cache(maxsize=4096)
def fit(text: str, language: str) -> str:
    """Return a text whose values were filled in, or that was put together of sentences, in a language."""
    told = fit_pattern(text, language)
    if told is not None:
        return told
    for end in SENTENCE_ENDS.finditer(text):
        first, rest = text[: end.start()], text[end.end() :]
        told = gettext(first)
        told = told if told != first else fit_pattern(first, language)
        if told is not None:
            return f"{told} {tell(rest)}"
    return text


def fit_pattern(sentence: str, language: str) -> str | None:
    """Return the translation of the longest pattern that fits, with its values filled in; None for none."""
    for pattern, message in list_patterns(language):
        fits = pattern.fullmatch(sentence)
        if fits:
            values = fits.groupdict().items()
            return fill(message, {name: say_numbers(say_counts(tell(value))) for name, value in values})
    return None


def say_counts(value: str) -> str:
    """Return a value that counts things, "2 pictures and 1 original", in the language that is active."""
    counted = [COUNT.fullmatch(part) for part in value.split(" and ")]
    words = [name_count(one[2], int(one[1].replace(",", ""))) for one in counted if one]
    if len(words) != len(counted) or len(words) > 2:
        return value
    if not words[1:]:
        return words[0]
    return gettext("%(one)s and %(other)s") % {"one": words[0], "other": words[1]}


def name_count(word: str, number: int) -> str:
    """Return so many of what the rooms below the pages count, in the language that is active."""
    if word == "credit":
        message = ngettext("%(count)s credit", "%(count)s credits", number)
    elif word == "picture":
        message = ngettext("%(count)s picture", "%(count)s pictures", number)
    else:
        message = ngettext("%(count)s original", "%(count)s originals", number)
    return message % {"count": number_format(number, force_grouping=True)}


def say_numbers(value: str) -> str:
    """Return a value with its numbers as the language that is active writes them."""

    def say(number: re.Match[str]) -> str:
        plain = number[0].replace(",", "")
        places = len(plain.partition(".")[2])
        return number_format(Decimal(plain), places, force_grouping="," in number[0])

    return NUMBER.sub(say, value)


def fill(message: str, values: dict[str, str]) -> str:
    """Return a message with its values."""
    return VALUE.sub(lambda one: "%" if one[3] else values.get(one[1] or one[2], one[0]), message)


@lru_cache(maxsize=16)
def list_patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return a language's messages with values, as patterns; those with most letters first."""
    found = []
    catalogue = translation(language)._catalog  # type: ignore[attr-defined]
    for one in catalogue._catalogs:
        for message, told in one.items():
            if isinstance(message, str) and told and VALUE.search(message) and "\x04" not in message:
                letters = len(re.sub(r"\W", "", VALUE.sub("", message)))
                if letters >= LEAST_LETTERS:
                    found.append((letters, compile_pattern(message), told))
    found.sort(key=lambda each: -each[0])
    return [(pattern, told) for _, pattern, told in found]


def compile_pattern(message: str) -> re.Pattern[str]:
    """Return what fits a message with any values; a name that comes twice has one value."""
    parts, at, names = [], 0, set()
    for one in VALUE.finditer(message):
        parts.append(re.escape(message[at : one.start()]))
        name = one[1] or one[2]
        if one[3]:
            parts.append("%")
        else:
            parts.append(f"(?P={name})" if name in names else f"(?P<{name}>.+?)")
            names.add(name)
        at = one.end()
    return re.compile("".join(parts) + re.escape(message[at:]), re.DOTALL)
