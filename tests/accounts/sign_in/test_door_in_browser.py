"""The door in a real browser: with and without scripts, on a desk and on a phone, and with a passkey."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.identity.real_provider import provider_of
from tests.end_to_end.installation import Studio

pytestmark = pytest.mark.browser


@dataclass
class Door:
    studio: Studio
    url: str
    password: str


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A studio's web process alone, which asks a certified provider of identity too, and Alice's account."""
    studio = Studio(tmp_path_factory.mktemp("door"))
    with provider_of(studio) as url, studio.web_alone():
        yield Door(studio, url, studio.add_person("alice@example.com"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must load cleanly: no blocked style or script, no error."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.context.close()
    assert complaints == []


def sign_in(page: Page, door: Door) -> None:
    page.goto(f"{door.url}/account/sign-in/?next=/account/")
    page.get_by_label("E-mail").fill("ALICE@example.com")
    page.get_by_label("Password", exact=True).fill(door.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{door.url}/account/")


def test_alice_signs_in(page: Page, door: Door) -> None:
    sign_in(page, door)
    assert page.get_by_role("heading", level=1).inner_text() == "alice"


def test_alice_signs_in_without_scripts(browser: Browser, door: Door) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{door.url}/account/sign-in/")
        assert not page.locator(".reveal").is_visible()
        sign_in(page, door)


def test_the_eye_shows_the_password_until_it_is_sent(page: Page, door: Door) -> None:
    page.goto(f"{door.url}/account/sign-up/")
    password = page.locator("#id_password")
    eye = page.get_by_role("checkbox", name="Show what is typed")
    password.fill("a garden of my own")
    eye.click()
    assert (password.get_attribute("type"), eye.is_checked()) == ("text", True)
    eye.click()
    assert (password.get_attribute("type"), eye.is_checked()) == ("password", False)
    eye.click()
    # A handler after ours looks at what would be remembered, and keeps the page.
    page.evaluate(
        """() => document.querySelector(".password").closest("form").addEventListener("submit", (event) => {
            event.preventDefault();
            document.title = document.querySelector("#id_password").type;
        })"""
    )
    page.get_by_role("button", name="Create the account").click()
    assert page.title() == "password"


@pytest.mark.parametrize(
    "path", ["sign-in/", "sign-up/", "password-reset/", "", "email-change/", "password-change/", "delete/"]
)
def test_a_phone_needs_no_sideways_scroll_and_no_fine_finger(browser: Browser, door: Door, path: str) -> None:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        page = context.new_page()
        if path not in {"sign-in/", "sign-up/", "password-reset/"}:
            sign_in(page, door)
        page.goto(f"{door.url}/account/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        heights = page.locator("main :is(a, button, input):visible:not(.sr)").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().height)"
        )
        assert len(heights) >= 2
        assert min(heights) >= 44


# A device of the browser's that has passkeys, and at which somebody shows their finger.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
STANDING = """
from accounts.models import User
ann = User.objects.get(email="ann@shop.example")
print([*ann.groups.values_list("name", flat=True)], ann.plan, ann.has_usable_password())
"""


def come_in_by_acme(page: Page, door: Door) -> None:
    page.goto(f"{door.url}/account/sign-in/")
    page.get_by_role("button", name="Sign in with Acme").click()
    page.get_by_label("Name").fill("ann")
    page.get_by_role("button", name="Sign in at Acme").click()
    page.wait_for_url(f"{door.url}/editor/")


def sign_out_at_acme(page: Page, door: Door) -> None:
    """Sign out at the provider itself, in the same browser: the studio hears of it from the provider."""
    end = f"{door.studio.environment['OIDC_ACME_ISSUER']}/session/end"
    asked = page.request.get(end, params={"client_id": "studio"}).text()
    token = re.search(r'name="xsrf" value="(\w+)"', asked)
    assert token, asked
    said = page.request.post(f"{end}/confirm", form={"xsrf": token[1], "logout": "yes"})
    assert said.ok, said.text()


def test_ann_signs_in_at_her_provider_and_then_with_a_passkey(page: Page, door: Door) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    come_in_by_acme(page, door)
    sign_out_at_acme(page, door)
    page.goto(f"{door.url}/editor/")
    assert page.url == f"{door.url}/account/sign-in/?next=/editor/"
    come_in_by_acme(page, door)

    page.goto(f"{door.url}/account/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert len(page.locator("#codes").inner_text().split()) == 20
    page.get_by_role("link", name="I have kept them").click()

    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("still signed in at Acme").wait_for()
    page.goto(f"{door.url}/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{door.url}/admin/")
    assert page.get_by_role("heading", level=1).is_visible()
    assert door.studio.shell(STANDING).strip() == "['Administrator'] Unlimited False"
