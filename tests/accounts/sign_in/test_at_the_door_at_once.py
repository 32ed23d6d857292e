"""Somebody in a hurry, or a script, signs in with the obvious steps; on a studio beside another one."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.end_to_end.installation import Studio

pytestmark = pytest.mark.browser

EMAIL = "alice@example.com"


@pytest.fixture(scope="module")
def studios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, str]]]:
    """Two on one host, each its address and Alice's password there."""
    one, other = (Studio(tmp_path_factory.mktemp(name)) for name in ("one", "other"))
    with one.web_alone(), other.web_alone():
        yield [(studio.url, studio.add_person(EMAIL)) for studio in (one, other)]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def type_at_once(page: Page, password: str) -> None:
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def tab_through(page: Page, password: str) -> None:
    """Without Enter in a field: on to what comes next, until that sends it."""
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def fill(page: Page, password: str) -> None:
    page.fill("input[type=email]", EMAIL)
    page.fill("input[type=password]", password)


def press_enter(page: Page, password: str) -> None:
    fill(page, password)
    page.press("input[type=password]", "Enter")


def click_the_first_button(page: Page, password: str) -> None:
    fill(page, password)
    page.locator("form button").first.click()


def click_what_submits(page: Page, password: str) -> None:
    fill(page, password)
    page.click("[type=submit]")


def go_by_the_labels(page: Page, password: str) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def paste_with_blanks(page: Page, password: str) -> None:
    page.fill("input[type=email]", f" {EMAIL} ")
    page.fill("input[type=password]", f"  {password}\t ")
    page.press("input[type=password]", "Enter")


def click_twice(page: Page, password: str) -> None:
    fill(page, password)
    page.dblclick("form button")


WAYS = [
    type_at_once,
    tab_through,
    press_enter,
    click_the_first_button,
    click_what_submits,
    go_by_the_labels,
    paste_with_blanks,
    click_twice,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_obvious_steps_sign_in(
    page: Page, studios: list[tuple[str, str]], way: Callable[[Page, str], None]
) -> None:
    url, password = studios[0]
    page.goto(url)
    way(page, password)
    page.wait_for_url(re.compile("/editor/$"))


def test_after_a_wrong_password_the_right_one_is_typed_at_once(
    page: Page, studios: list[tuple[str, str]]
) -> None:
    url, password = studios[0]
    page.goto(url)
    type_at_once(page, "not the password")
    page.get_by_role("alert").wait_for()
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/editor/$"))


def test_two_studios_on_one_host_let_each_other_be(page: Page, studios: list[tuple[str, str]]) -> None:
    for url, password in studios:
        page.goto(url)
        type_at_once(page, password)
        page.wait_for_url(f"{url}/editor/")
    for url, _ in studios:
        page.goto(f"{url}/account/")
        assert page.url == f"{url}/account/"
        # A form of the one after a sign-in at the other.
        page.get_by_label("Name").fill("Alice")
        page.get_by_role("button", name="Save").first.click()
        page.get_by_text("Your name is saved.").wait_for()


def test_a_language_of_the_menu_is_that_of_the_page_from_then_on(
    page: Page, studios: list[tuple[str, str]]
) -> None:
    url, _ = studios[0]
    page.goto(url)
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("heading", name="Anmelden").wait_for()
    page.goto(url)
    page.get_by_role("heading", name="Anmelden").wait_for()
