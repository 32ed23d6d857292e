"""Chromium for the browser tests, driven by Playwright."""

import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from . import waiting

if TYPE_CHECKING:
    from tests.end_to_end.installation import Studio

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


# Milliseconds. How fast the machine is decides nothing; what is awaited in vain ends sooner, see Watch.
PATIENCE = 600_000


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """Start a browser and stop it again. It must not outlive a test module: Playwright's event loop
    would make Django think that other modules' tests run in an asynchronous context."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright, Watch() as watch:
        browser = patient(playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, **options))
        try:
            yield browser
        finally:
            browser.close()
        assert not watch.found, watch.found


def patient(browser: Browser) -> Browser:
    """Have all that is waited for in a browser waited for as long as it takes."""
    plain = browser.new_context

    def new_context(**options: Any) -> BrowserContext:
        context = plain(**options)
        context.set_default_timeout(PATIENCE)
        return context

    def new_page(**options: Any) -> Page:
        return new_context(**options).new_page()

    browser.new_context, browser.new_page = new_context, new_page  # type: ignore[method-assign]
    return browser


class Watch(threading.Thread):
    """Ends the browser, and with it every wait, once a studio has died or nothing was at work for long."""

    def __init__(self) -> None:
        super().__init__(name="watch", daemon=True)
        self.stopped = threading.Event()
        self.found = ""

    def __enter__(self) -> "Watch":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stopped.set()
        self.join()

    def run(self) -> None:
        from tests.end_to_end.installation import RUNNING

        with waiting.Observer() as observer:
            while not self.stopped.wait(1) and not self.found:
                if dead := [studio.url for studio in RUNNING if studio.has_died()]:
                    self.found = f"The browser was ended, since its studio had: {', '.join(dead)}."
                elif observer.at_rest >= 2 * waiting.REST:
                    self.found = "The browser was ended, since nothing was at work any more."
        if self.found:
            for pid in waiting.below(os.getpid(), "--remote-debugging-p"):
                os.kill(pid, signal.SIGKILL)


class Person:
    """Somebody at the editor of a studio, with a browser of their own; signed in by the cookie that is given.

    Places on the stage are shares of the width and height of what lies there. problems: what scripts
    failed with.
    """

    def __init__(self, studio: "Studio", context: BrowserContext, cookie: dict[str, str]) -> None:
        self.studio, self.page = studio, context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        context.add_cookies([{**cookie, "url": studio.url}])  # type: ignore[typeddict-item]
        self.page.goto(f"{studio.url}/editor/")

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
        cookie = studio.admit(f"{name}-{len(seated)}@example.com")
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options}))
        seated.append(kind(studio, contexts[-1], cookie))
        return seated[-1]

    yield sit_down
    problems = [problem for person in seated for problem in person.problems]
    for context in contexts:
        context.close()
    assert problems == []
