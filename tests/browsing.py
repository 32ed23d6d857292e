"""Chromium for the browser tests, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

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
