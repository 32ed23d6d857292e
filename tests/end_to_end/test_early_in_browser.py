"""Whoever is quicker than the page: photos that come before its modules have run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import skimage.data
from playwright.sync_api import Browser, Route, expect

from tests.conftest import encoded
from tests.support.browsing import Person, people

from .installation import Studio

pytestmark = pytest.mark.browser

DROP = """async () => {
  const transfer = new DataTransfer();
  const bytes = await (await fetch(document.querySelector("link[rel=icon]").href)).blob();
  transfer.items.add(new File([bytes], "dropped.svg", { type: "image/svg+xml" }));
  const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector("#stage").dispatchEvent(drop);
  return drop.defaultPrevented;
}"""


@pytest.fixture
def alice(studio: Studio, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    with people(studio, browser, request.node.name, Person) as sit_down:
        yield sit_down()


def test_what_was_picked_and_dropped_before_the_modules_ran_is_taken_up(
    alice: Person, tmp_path: Path
) -> None:
    page, held = alice.page, list[Route]()
    picked = tmp_path / "picked.png"
    picked.write_bytes(encoded(skimage.data.coffee(), "PNG"))
    page.route("**/js/desk/desk*.js", lambda route: held.append(route))  # Playwright takes no bound built-in
    page.goto(f"{alice.studio.url}/editor/?tool=erase", wait_until="commit")
    picker = page.locator("#picker")
    expect(picker).to_be_attached()
    picker.set_input_files(picked)
    assert page.evaluate(DROP), "the browser would leave the page for the file"
    assert held, "the page's module is on its way still"
    expect(page.locator("#frames li")).to_have_count(0)
    for route in held:
        route.continue_()
    page.unroute("**/js/desk/desk*.js")
    expect(page.get_by_role("link", name="picked.png")).to_be_visible()
    expect(page.locator("#failures")).to_contain_text("dropped.svg")
    page.reload()
    expect(page.locator("#frames li")).to_have_count(1)
