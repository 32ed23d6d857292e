"""What people read of a page: texts, and attributes that are shown or read out, with where they stand."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

SPOKEN = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "hx-confirm",
    "label",
    "placeholder",
    "title",
}
# Elements whose text nobody reads, or that hold what programs and commands are called.
SILENT = {"script", "style", "code", "pre", "bdi"}
# Attributes with words for scripts to look through or to send, which are shown to nobody.
FOR_SCRIPTS = {"data-words", "data-name", "data-category", "data-measured-note"}
EMPTY = {"br", "col", "hr", "img", "input", "link", "meta", "path", "source", "use", "wbr"}
A_PHRASE = re.compile(r"[A-Za-z]+ [a-z]+ ")


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY:
            self.stack.append(tag)
        is_button = tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}
        for name, value in attrs:
            is_told = name in SPOKEN or (is_button and name == "value")
            is_kept = name.startswith("data-") and name not in FOR_SCRIPTS and A_PHRASE.match(value or "")
            if value and (is_told or is_kept):
                self.found.append((f"{tag}@{name}", value))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.stack:
            while self.stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not SILENT.intersection(self.stack):
            self.found.append((self.stack[-1] if self.stack else "", data))


def read(page: str) -> Iterator[tuple[str, str]]:
    """Yield each text with its place: an element, or an element's attribute."""
    reader = Reader()
    reader.feed(page)
    yield from reader.found
