"""The texts of a script, each with what stands before it: as much of JavaScript as it takes to find words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<template>`)
    |(?P<word>[\w$#]+)
    |(?P<sign>=>|[=!]==?|&&|\|\||\?\?|\?\.|\+\+|--|\*\*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
REGULAR = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
# After these a slash divides; after anything else an expression of characters begins.
DIVIDED = re.compile(r"^[\w$#]+$|^[)\]}]$")
NOT_DIVIDED = {"return", "typeof", "case", "of", "in", "do", "else", "yield", "await"}
ENDS = {";", "{", "}", "=>"}
MARKS = {"gettext", "ngettext", "pgettext", "npgettext"}


@dataclass(frozen=True)
class Quote:
    """A text of a script. calls: what it is an argument of, from the outside in. before: what stands before
    it in its statement, other texts left out. line: where."""

    text: str
    calls: tuple[str, ...]
    before: str
    line: int

    @property
    def is_marked(self) -> bool:
        return bool(MARKS.intersection(self.calls))


def read(source: str) -> Iterator[Quote]:
    """Yield each text of a script, the pieces of a template between its values one by one."""
    yield from Reader(source).read()


class Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.told: list[str] = []  # of what was read, without texts
        self.calls: list[str] = []  # before each open bracket

    def read(self, until: str = "") -> Iterator[Quote]:
        """Read on to a closing bracket that was not opened here, or to the end."""
        depth = len(self.calls)
        while self.at < len(self.source):
            slash = self.source[self.at] == "/" and self.source[self.at + 1 : self.at + 2] not in ("/", "*")
            if slash and not self.is_divided() and (found := REGULAR.match(self.source, self.at)):
                self.at = found.end()
                self.told.append("/…/")
                continue
            token = TOKEN.match(self.source, self.at)
            assert token is not None
            self.at = token.end()
            said = token[0]
            if token["text"]:
                yield self.quote(said[1:-1], token.start())
                self.told.append('"…"')
            elif token["template"]:
                yield from self.read_template()
                self.told.append('"…"')
            elif said == until and len(self.calls) == depth:
                return
            elif not token["space"]:
                self.note(said)

    def read_template(self) -> Iterator[Quote]:
        begin = self.at
        while self.at < len(self.source):
            one = self.source[self.at]
            if one == "\\":
                self.at += 2
            elif one == "`" or self.source.startswith("${", self.at):
                yield self.quote(self.source[begin : self.at], begin)
                self.at += 1 if one == "`" else 2
                if one == "`":
                    return
                kept, self.told = self.told, [*self.told, "${"]
                yield from self.read(until="}")
                begin, self.told = self.at, kept
            else:
                self.at += 1

    def note(self, said: str) -> None:
        if said in "([{":
            self.calls.append(self.told[-1] if self.told and said == "(" else said)
        elif said in ")]}" and self.calls:
            self.calls.pop()
        self.told.append(said)

    def quote(self, text: str, at: int) -> Quote:
        line = self.source.count("\n", 0, at) + 1
        begins = next((at for at in reversed(range(len(self.told))) if self.told[at] in ENDS), -1)
        return Quote(text, tuple(self.calls), " ".join(self.told[begins + 1 :]), line)

    def is_divided(self) -> bool:
        last = self.told[-1] if self.told else ""
        return (bool(DIVIDED.match(last)) and last not in NOT_DIVIDED) or last == '"…"'
