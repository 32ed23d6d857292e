"""What of a page can be typed into and pressed, read from its HTML."""

from html.parser import HTMLParser
from typing import Any


class Fields(HTMLParser):
    """What of a page can be typed into or pressed, in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inputs: dict[str, dict[str, str | None]] = {}
        self.forms: list[list[str]] = []
        self._within = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag == "form":
            self.forms.append([])
            self._within = True
        elif tag == "button" or (tag == "input" and said.get("type") in ("submit", "button", "image")):
            if self._within:
                self.forms[-1].append(said.get("type") or "")
        elif tag == "input" and said.get("name"):
            self.inputs[str(said["name"])] = said

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False

    @property
    def focused(self) -> list[str]:
        return [name for name, said in self.inputs.items() if "autofocus" in said]


def fields_of(response: Any) -> Fields:
    return Fields(response.content.decode())
