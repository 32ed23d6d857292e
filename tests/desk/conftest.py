"""Pages in a real browser: one web process for all tests of this folder, one browser a module."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.end_to_end.installation import Studio

Seed = Callable[[str], dict[str, Any]]
Opener = Callable[..., Page]


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio's web process alone: nothing works on what is ordered."""
    studio = Studio(tmp_path_factory.mktemp("desk"))
    with studio.web_alone():
        yield studio


@pytest.fixture(scope="package")
def seed(studio: Studio) -> Seed:
    """Returns a function that runs lines in the studio's own process and returns what they hand over."""

    def run(lines: str) -> dict[str, Any]:
        printed = studio.shell(f"from tests.desk.seeds import *\n{lines}")
        return json.loads(printed.strip().splitlines()[-1]) if printed.strip() else {}

    return run


# htmx says so of a request that a later one overtook, and of what is gone; the page says the latter itself.
EXPECTED = ("htmx:afterRequest", "htmx:sendAbort", "Response Status Error Code 404", "Failed to load")


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether something failed that nobody meant to fail."""
    return said.type == "error" and not said.text.startswith(EXPECTED)


@pytest.fixture
def open_as(browser: Browser, studio: Studio) -> Iterator[Opener]:
    """Returns a function that opens an address as whoever has the ticket.

    Nothing may fail meanwhile: no script, nothing that the browser complains of.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(ticket: dict[str, str], address: str = "/editor/", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        contexts.append(context)
        context.add_cookies([{**ticket, "url": studio.url}])  # type: ignore[typeddict-item]
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{studio.url}{address}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
