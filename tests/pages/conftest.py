"""A studio with something of everything in it, and a browser in which its pages are opened one by one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.end_to_end.installation import Studio

from .inventory import Sight

WIDE, NARROW, NARROWEST = (1280, 800), (390, 844), (320, 640)
Size = tuple[int, int]


@dataclass
class Place:
    """Where pages are opened, one after the other in one tab of each person: a new tab is a new process.

    ids: of the rows that addresses name.
    """

    studio: Studio
    ids: dict[str, Any]
    browser: Browser
    tabs: dict[str, Page] = field(default_factory=dict)

    def tab(self, who: str) -> Page:
        """A tab in which that person is signed in, if it is anybody."""
        if who not in self.tabs:
            # What the tests put into pages is not theirs, and would not pass their policy.
            context = self.browser.new_context(bypass_csp=True, reduced_motion="reduce")
            if who:
                session = self.ids["sessions"][who]
                context.add_cookies([{"name": self.ids["cookie"], "value": session, "url": self.studio.url}])
            self.tabs[who] = context.new_page()
        return self.tabs[who]

    def open(self, sight: Sight, size: Size = WIDE) -> Page:
        """Open a page, and press on it what the sight says."""
        page = self.tab(sight.who)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        path = sight.path.format_map(self.ids)
        answer = page.goto(f"{self.studio.url}{path}")
        if sight.form:
            for name, value in sight.form.items():
                page.fill(f"main [name={name}], #content [name={name}]", value)
            with page.expect_navigation() as sent:
                page.locator("main form, #content form").first.evaluate("form => form.requestSubmit()")
            answer = sent.value
        assert answer is not None
        assert answer.status == sight.status, f"{path}: {answer.status}"
        for selector in sight.press:
            page.locator(selector).first.click()
        return page


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    studio = Studio(tmp_path_factory.mktemp("pages"))
    with studio.web_alone():
        seed = Path(__file__).with_name("seed.py").read_text()
        ids = json.loads(studio.shell(seed).splitlines()[-1])
        yield Place(studio, ids, browser)
