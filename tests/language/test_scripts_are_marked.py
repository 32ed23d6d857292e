"""No script says anything to people that does not go through the catalogues of scripts."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from . import scripts

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "static" / "js").rglob("*.js"))
# The reference says that it is English.
IN_ENGLISH = {"api-reference.js"}
# Two words in a row, or one with a capital: what people read, and more that other rules let through.
WORDS = re.compile(r"[A-Za-z]+ [a-z]{2,}|^[A-Z][a-z]+\b[^.#:\[]*$")
LETTERS = re.compile(r"[A-Za-z]{2}")
# What is put where people see or hear it, whatever it looks like.
SHOWN = re.compile(
    r"\. (textContent|innerText|innerHTML|title|placeholder|alt|ariaLabel|ariaValueText) \+?=( [^=]*)?$"
)
# Selectors, headers, keys of a keyboard, classes, words for who reads the log.
NO_WORDS = re.compile(
    r"(querySelector(All)?|closest|matches|getResponseHeader|headers \. get|includes|startsWith) \($"
    r"|DOMException \($|[!=]==$|className =$|shiftKey \?$"
)
NAMES = re.compile(
    r"^(use strict|Sweep|Shift\+\w*|Arrow\w*|color-mix\(in oklab, ?| ?px|format|outputs|size|__prefix__)$"
)


def list_unmarked(source: str) -> list[str]:
    """Return what a script says to people without a mark, each with its line."""
    return [
        f"{one.line}: {one.text}"
        for one in scripts.read(source)
        if not one.is_marked
        and not NAMES.match(one.text)
        and not NO_WORDS.search(one.before)
        and (WORDS.search(one.text.strip()) or (SHOWN.search(one.before) and LETTERS.search(one.text)))
    ]


def list_marked() -> set[str]:
    """Return the texts that scripts have translated."""
    marked = (one for file in FILES for one in scripts.read(file.read_text()) if one.is_marked)
    return {re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), text.text) for text in marked}


def test_every_word_of_every_script_is_marked() -> None:
    found = {file.name: list_unmarked(file.read_text()) for file in FILES if file.name not in IN_ENGLISH}
    assert {name: words for name, words in found.items() if words} == {}


def test_what_scripts_have_translated_is_in_the_catalogue() -> None:
    with (ROOT / "locale/de/LC_MESSAGES/djangojs.po").open("rb") as file:
        known = {one for message in read_po(file) if message.id for one in flat(message.id)}
    assert list_marked() - known == set()
    assert known - list_marked() == set()


def flat(said: object) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (str(said),)


@pytest.mark.parametrize(
    ("source", "unmarked"),
    [
        ('toast("It is gone.");', ["1: It is gone."]),
        ('toast(gettext("It is gone."));', []),
        ('toast(phrase(gettext("%(n)s is gone."), { n: "a name" }));', ["1: a name"]),
        ("a.textContent = open ? `none` : gettext('all');", ["1: none"]),
        ("a.textContent = `${count} left`;", ["1:  left"]),
        ("a.title = `${phrase(gettext(`${x} more`), { x: `${y}` })}`;", []),
        ('if (event.key === "Escape") close(a / 2, /"It is/, "a b");\n// It is "not said"', []),
        ('const said = {\n  why: "Nothing was found",\n};', ["2: Nothing was found"]),
        ('form.querySelector("main form [autofocus]").focus();', []),
    ],
)
def test_what_is_not_marked_is_seen(source: str, unmarked: list[str]) -> None:
    assert list_unmarked(source) == unmarked
