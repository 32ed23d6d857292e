"""A day at the desk, in a real browser: the admin makes a plan, Mona spends it, Sam looks, Quin grants."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import skimage.data
from playwright.sync_api import Browser, Page, expect

from tests.conftest import encoded

from .installation import Studio

pytestmark = pytest.mark.browser


class Person:
    """Somebody at a browser of their own. Counts what the pages complain about."""

    def __init__(self, studio: Studio, browser: Browser, name: str, **powers: bool) -> None:
        self.email = f"{name}-{time.monotonic_ns()}@example.com"
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=studio.url)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.listen)
        cookie = studio.admit(self.email, **powers)
        self.context.add_cookies([{**cookie, "url": studio.url}])  # type: ignore[typeddict-item]

    def listen(self, message: object) -> None:
        """Keep what the content security policy had to stop."""
        if "Content Security Policy" in str(message.text):  # type: ignore[attr-defined]
            self.complaints.append(str(message.text))  # type: ignore[attr-defined]

    def open_person(self, other: "Person") -> None:
        """Find somebody in the list at the desk and open their page."""
        self.page.goto("/admin/accounts/user/")
        self.page.locator("#searchbar").fill(other.email)
        self.page.get_by_role("button", name="Search").click()
        self.page.get_by_role("link", name=other.email).click()

    def upload(self, path: Path) -> None:
        self.page.goto("/editor/")
        with self.page.expect_file_chooser() as chosen:
            self.page.get_by_role("button", name="Add photos").first.click()
        chosen.value.set_files([path])

    def expect_cutout(self, name: str) -> None:
        frame = self.page.get_by_role("link", name=re.compile(f"^{re.escape(name)}, Done"))
        expect(frame).to_be_visible()


NewPerson = Callable[..., Person]


@pytest.fixture
def person(studio: Studio, browser: Browser) -> Iterator[NewPerson]:
    """Returns a function that sits somebody new down."""
    people: list[Person] = []

    def sit_down(name: str, **powers: bool) -> Person:
        people.append(Person(studio, browser, name, **powers))
        return people[-1]

    yield sit_down
    for one in people:
        one.context.close()
    assert not [complaint for one in people for complaint in one.complaints]


def give_role(ada: Person, other: Person, role: str) -> None:
    ada.open_person(other)
    ada.page.get_by_label(role, exact=True).check()
    ada.page.get_by_role("button", name="Save", exact=True).click()
    expect(ada.page.locator(".messagelist")).to_contain_text("was changed successfully")


def test_each_role_walks_its_day(person: NewPerson, tmp_path: Path) -> None:
    photos = [tmp_path / f"{name}.jpg" for name in ("coffee", "astronaut", "chelsea")]
    for path in photos:
        path.write_bytes(encoded(getattr(skimage.data, path.stem)()[:400, :400], quality=90))
    ada, mona = person("ada", is_staff=True, is_superuser=True), person("mona")
    sam, quin = person("sam", is_staff=True), person("quin", is_staff=True)

    # Ada, who runs the studio, hands out roles and makes a plan of two credits for Mona.
    give_role(ada, sam, "Support")
    give_role(ada, quin, "Quota manager")
    plan = f"Mini {time.monotonic_ns()}"
    ada.page.goto("/admin/accounts/plan/add/")
    ada.page.get_by_label("Name").fill(plan)
    ada.page.get_by_label("Credits per month").fill("2")
    ada.page.get_by_role("button", name="Save", exact=True).click()
    expect(ada.page.locator(".messagelist")).to_contain_text("was added successfully")
    ada.open_person(mona)
    ada.page.get_by_role("link", name="Change plan").click()
    ada.page.get_by_label("Plan").select_option(label=plan)
    ada.page.get_by_role("button", name="Change the plan").click()
    expect(ada.page.locator(".messagelist")).to_contain_text(f"Changed the plan of {mona.email}.")

    # Mona spends it to the last credit, and is told so.
    credits = mona.page.locator("#credits")
    mona.page.goto("/editor/")
    expect(credits).to_have_text(re.compile("^2 credits"))
    for left, path in zip((1, 0), photos, strict=False):
        mona.upload(path)
        mona.expect_cutout(path.name)
        expect(credits).to_have_text(re.compile(f"^{left} credits"))
    mona.upload(photos[2])
    expect(mona.page.get_by_text(re.compile("you have 0|no credits", re.I)).first).to_be_visible()
    credits.click()
    expect(mona.page.get_by_role("heading", name="Usage")).to_be_visible()
    expect(mona.page.get_by_text("No credits are left.")).to_be_visible()
    expect(mona.page.get_by_role("img", name="Credits used by day")).to_be_visible()

    # Sam looks, and may not grant.
    sam.open_person(mona)
    expect(sam.page.get_by_text("Credits left")).to_be_visible()
    expect(sam.page.get_by_role("link", name="Grant credits")).to_have_count(0)
    sam.page.get_by_role("link", name="Tasks", exact=True).first.click()
    # The studio is shared with other tests: only Mona's count.
    rows = sam.page.locator("#result_list tbody tr", has_text=mona.email)
    expect(rows).to_have_count(2)
    granting = "/admin/accounts/user/act/grant/"
    response = sam.page.goto(granting)
    assert response is not None
    assert response.status == 403

    # Quin grants ten more, and Mona goes on.
    quin.open_person(mona)
    quin.page.get_by_role("link", name="Grant credits").click()
    quin.page.get_by_label("Credits").fill("10")
    quin.page.get_by_label("Reason").fill("For the fair")
    quin.page.get_by_role("button", name="Grant").click()
    expect(quin.page.locator(".messagelist")).to_contain_text("Granted credits to")
    mona.upload(photos[2])
    mona.expect_cutout(photos[2].name)
    expect(credits).to_have_text(re.compile("^9 credits"))
    mona.page.goto("/account/usage/")
    expect(mona.page.locator("#ledger")).to_contain_text("For the fair")

    # Ada sees it all on record, and the studio at a glance.
    ada.page.goto("/admin/accounts/auditentry/")
    expect(ada.page.locator("#result_list")).to_contain_text("10 credits: For the fair")
    expect(ada.page.locator("#result_list")).to_contain_text(quin.email)
    ada.page.goto("/admin/")
    expect(ada.page.get_by_role("heading", name="Workers alive")).to_be_visible()
    expect(ada.page.locator(".tile", has_text="Workers alive").locator(".figure")).to_have_text("2")
