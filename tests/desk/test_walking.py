"""Back and Forward go through photos, results and tools, and lose nothing on the way."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

PEOPLE = """
alice = seat("walking-alice")
photos = photos_of(alice, 5)
linen = cut_out(photos[1], minutes_ago=2, background="#f1ede6")
cut_out(photos[1], minutes_ago=1)
doomed = seat("walking-doomed")
two = photos_of(doomed, 3)
hand_over(ticket=ticket(alice), photos=[photo.pk for photo in photos], linen=linen.pk,
          doomed=ticket(doomed), two=[photo.pk for photo in two])
"""


@pytest.fixture(scope="module")
def people(seed: Seed) -> dict[str, Any]:
    return seed(PEOPLE)


def frame(page: Page, photo: str) -> Any:
    return page.locator(f'#frames a[data-photo="{photo}"]')


def shows(page: Page, photo: str) -> None:
    """The page shows this photo everywhere: on the stage, in the strip, in its address."""
    expect(page.locator("#photo")).to_have_attribute("data-photo", photo)
    expect(page.locator("#picture")).to_have_attribute("data-photo", photo)
    expect(frame(page, photo)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(photo))


def test_back_and_forward_go_through_photos(open_as: Opener, people: dict[str, Any]) -> None:
    first, second, third, *_ = people["photos"]
    page = open_as(people["ticket"])
    page.evaluate("window.stayed = true")
    shows(page, first)
    for photo in (second, third):
        frame(page, photo).click()
        shows(page, photo)
    for photo in (second, first):
        page.go_back()
        shows(page, photo)
    for photo in (second, third):
        page.go_forward()
        shows(page, photo)
    assert page.evaluate("window.stayed"), "the page was loaded anew"


def test_the_keys_walk_too_and_a_held_key_is_one_step(open_as: Opener, people: dict[str, Any]) -> None:
    first, second, *_, last = people["photos"]
    page = open_as(people["ticket"])
    shows(page, first)
    page.keyboard.press("ArrowRight")
    shows(page, second)
    page.keyboard.down("ArrowRight")
    for _ in range(2):
        page.keyboard.down("ArrowRight")  # a second down is a repeat
    page.keyboard.up("ArrowRight")
    shows(page, last)
    page.go_back()
    shows(page, second)
    page.go_back()
    shows(page, first)


def test_results_are_steps_and_the_one_picked_comes_back_with_its_photo(
    open_as: Opener, people: dict[str, Any]
) -> None:
    _, photo, other, *_ = people["photos"]
    page = open_as(people["ticket"], f"/editor/photos/{photo}/")
    page.locator(f"#variant-{people['linen']}").click()
    expect(page.locator("#picture")).to_have_attribute("data-result", people["linen"])
    frame(page, other).click()
    shows(page, other)
    page.go_back()
    shows(page, photo)
    expect(page.locator("#picture")).to_have_attribute("data-result", people["linen"])
    page.go_back()
    expect(page.locator("#picture")).not_to_have_attribute("data-result", people["linen"])
    shows(page, photo)


def test_tools_are_steps_with_the_photo_that_was_open(open_as: Opener, people: dict[str, Any]) -> None:
    first, second, *_ = people["photos"]
    page = open_as(people["ticket"])
    frame(page, second).click()
    shows(page, second)
    page.locator('a.tool[data-tool="erase"]').click()
    expect(page.locator("#desk")).to_have_attribute("data-tool", "erase")
    shows(page, second)
    frame(page, first).click()
    shows(page, first)
    page.go_back()
    shows(page, second)
    expect(page.locator("#desk")).to_have_attribute("data-tool", "erase")
    page.go_back()
    expect(page.locator("#desk")).to_have_attribute("data-tool", "cutout")
    shows(page, second)
    page.go_back()
    shows(page, first)


def test_back_to_a_photo_that_was_deleted_says_so_and_shows_another(
    open_as: Opener, people: dict[str, Any], studio: Any
) -> None:
    first, second, third = people["two"]
    page = open_as(people["doomed"])
    frame(page, second).click()
    shows(page, second)
    frame(page, third).click()
    shows(page, third)
    page.evaluate(
        """async (photo) => fetch(`/editor/photos/${photo}/delete/`, { method: "POST", headers: {
            "X-CSRFToken": document.querySelector('[name="csrfmiddlewaretoken"]').value } })""",
        second,
    )
    page.evaluate("document.dispatchEvent(new CustomEvent('poll'))")
    expect(frame(page, second)).to_have_count(0)
    page.go_back()
    expect(page.get_by_text("That photo was deleted.")).to_be_visible()
    shows(page, first)


def test_the_same_photo_twice_is_no_step(open_as: Opener, people: dict[str, Any]) -> None:
    first, second, *_ = people["photos"]
    page = open_as(people["ticket"])
    shows(page, first)
    frame(page, second).click()
    shows(page, second)
    with page.expect_response(lambda response: second in response.url):
        frame(page, second).click()
    page.go_back()
    shows(page, first)
