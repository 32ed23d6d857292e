"""On a phone the picture is the largest thing, and the options are a sheet that opens and closes."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

PEOPLE = """
alice = seat("sheet-alice")
photo, *others = photos_of(alice, 4)
cut_out(photo, minutes_ago=2, background="#f1ede6")
cut = cut_out(photo, minutes_ago=1)
made(photo, "scene", {"scene": 105, "takes": 1, "seed": 1, "size": 1024, "format": "jpg"})
Task.objects.create(owner=alice, photo=others[1], tool="cutout", params=PLAIN, state=State.NOTHING_FOUND)
Task.objects.create(owner=alice, photo=others[2], tool="cutout", params=PLAIN, state=State.PROCESSING)
hand_over(ticket=ticket(alice), photo=photo.pk, fresh=others[0].pk, failed=others[1].pk, working=others[2].pk)
"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def people(seed: Seed) -> dict[str, Any]:
    return seed(PEOPLE)


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    return box["height"] if box else 0


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("tool", ["cutout", "erase", "scene", "head"])
def test_the_picture_is_the_largest_thing(
    open_as: Opener, people: dict[str, Any], tool: str, width: int
) -> None:
    size = {**PHONE, "viewport": {"width": width, "height": 844}}
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/?tool={tool}", **size)
    page.wait_for_selector(".stage.live")
    stage = height(page, ".stage")
    for other in (".bar", ".rail", ".strip", ".panel"):
        assert height(page, other) < stage / 2, other
    assert stage > 844 / 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".panel > form details").first).to_be_hidden()


@pytest.mark.parametrize("who", ["fresh", "failed", "working", "photo"])
def test_what_is_next_and_how_it_goes_is_seen_with_the_sheet_closed(
    open_as: Opener, people: dict[str, Any], who: str
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people[who]}/", **PHONE)
    wanted = {
        "fresh": ["#start"],
        "failed": ["#start", "text=Nothing found"],
        "working": ["#cancel"],
        "photo": ["#download", "#start"],
    }
    for selector in wanted[who]:
        expect(page.locator(f".panel >> {selector}").first).to_be_in_viewport()
    assert height(page, ".stage") > 844 / 2.4


def lies_on_top(one: Locator) -> bool:
    """Whether a finger in its middle meets it, and nothing that covers it."""
    return one.evaluate(
        """one => {
            const box = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
        }"""
    )


def test_nothing_covers_the_menus_that_open_from_the_closed_sheet(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/", **PHONE)
    page.wait_for_selector(".stage.live")
    for name in ("More for this photo", "Other formats and sizes"):
        menu = page.locator(".actions .menu").filter(has=page.locator(f'[aria-label="{name}"]'))
        menu.locator("summary").click()
        doings = menu.locator(".menu-body").locator("a, button")
        assert doings.count() > 1
        assert [
            doings.nth(place).inner_text()
            for place in range(doings.count())
            if not lies_on_top(doings.nth(place))
        ] == []


def sheet_is(page: Page, opened: bool) -> None:
    bar = page.get_by_role("button", name="Options")
    expect(bar).to_have_attribute("aria-expanded", str(opened).lower())
    if opened:
        expect(page.locator("#options")).to_be_visible()
    else:
        expect(page.locator("#options")).to_be_hidden()


def test_the_sheet_opens_and_closes_by_the_bar_escape_and_back(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/", **PHONE)
    page.wait_for_selector(".stage.live")
    bar = page.get_by_role("button", name="Options")
    address = page.url
    bar.tap()
    sheet_is(page, True)
    expect(page.locator("#picture")).to_be_in_viewport()
    assert height(page, ".stage") > 200
    bar.tap()
    sheet_is(page, False)
    bar.tap()
    page.go_back()
    sheet_is(page, False)
    assert page.url == address
    page.go_forward()
    sheet_is(page, True)
    page.keyboard.press("Escape")
    sheet_is(page, False)
    expect(bar).to_be_focused()
    assert page.url == address


def test_the_keyboard_goes_from_the_bar_into_the_open_sheet_and_past_the_closed_one(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['fresh']}/", **PHONE)
    bar = page.get_by_role("button", name="Options")
    bar.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#options')") is None
    bar.focus()
    page.keyboard.press("Enter")
    sheet_is(page, True)
    expect(bar).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#options') !== null")
    page.keyboard.press("Escape")
    expect(bar).to_be_focused()


def test_what_is_looked_at_is_kept_while_the_sheet_closes(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/", **PHONE)
    page.get_by_role("button", name="Options").tap()
    page.locator(".variants a").last.tap()
    expect(page.locator(".variants a").last).to_have_attribute("aria-current", "true")
    result = page.locator("#picture").get_attribute("data-result")
    sheet_is(page, True)
    page.get_by_role("button", name="Options").tap()
    sheet_is(page, False)
    expect(page.locator("#picture")).to_have_attribute("data-result", str(result))
    page.go_back()
    expect(page.locator("#picture")).not_to_have_attribute("data-result", str(result))


def test_a_change_that_is_not_in_the_picture_shows_on_the_closed_sheet(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/", **PHONE)
    bar = page.get_by_role("button", name="Options")
    bar.tap()
    page.locator("#options").get_by_label("Object", exact=True).check(force=True)
    bar.tap()
    sheet_is(page, False)
    expect(page.locator("#changed")).to_be_in_viewport()


def test_beside_a_wide_picture_there_is_no_sheet(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/")
    expect(page.get_by_role("button", name="Options", exact=True)).to_be_hidden()
    expect(page.locator("#options")).to_be_visible()


def test_without_scripts_the_options_stand_below(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['fresh']}/", **PHONE, java_script_enabled=False)
    expect(page.locator("#options")).to_be_visible()
    expect(page.locator("#sheet")).to_be_hidden()
