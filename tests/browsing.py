"""Chromium for the browser tests, driven by Playwright."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, sync_playwright

if TYPE_CHECKING:
    from tests.studio.installation import Studio

# Debian's own build, as bin/browser installs it; where there is none, Playwright's.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Nothing but our own pages: no look-ups, no updates, no sandbox inside a container.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """Start a browser and stop it again. It must not outlive a test module: Playwright's event loop
    would make Django think that other modules' tests run in an asynchronous context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, **options)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """Somebody signed in at the editor of a studio, with a browser of their own.

    Places on the stage are shares of the width and height of what lies there. problems: what scripts
    failed with.
    """

    def __init__(self, studio: "Studio", context: BrowserContext, email: str, password: str) -> None:
        self.studio, self.page = studio, context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(f"{studio.url}/account/sign-in/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/editor/**")

    def at(self, across: float, down: float) -> tuple[float, float]:
        """Where a place on the stage is in the window, in CSS pixels."""
        paper = self.page.locator(".paper").bounding_box()
        assert paper is not None
        return paper["x"] + across * paper["width"], paper["y"] + down * paper["height"]

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag the mouse from one point of the window to another."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=6)
        mouse.up()

    def download(self, link: Locator | None = None) -> np.ndarray:
        """Press a link, by default the page's own, and return the picture that comes as RGB."""
        with self.page.expect_download() as arriving:
            (link or self.page.locator("#download")).click()
        return np.asarray(Image.open(BytesIO(Path(arriving.value.path()).read_bytes())).convert("RGB"))


@contextmanager
def people[Kind: Person](
    studio: "Studio", browser: Browser, test: str, kind: type[Kind]
) -> Iterator[Callable[..., Kind]]:
    """Give a function that sits somebody new down at a browser of these options. In the end no script
    of theirs may have failed."""
    contexts: list[BrowserContext] = []
    seated: list[Kind] = []
    name = re.sub(r"[^\w-]+", "-", test)[:50].strip("-")

    def sit_down(**options: Any) -> Kind:
        email = f"{name}-{len(seated)}@example.com"
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options}))
        seated.append(kind(studio, contexts[-1], email, studio.add_person(email)))
        return seated[-1]

    yield sit_down
    problems = [problem for person in seated for problem in person.problems]
    for context in contexts:
        context.close()
    assert problems == []
