"""All of a gallery at once: selected, counted, deleted, brought back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

MANY = 311

PEOPLE = f"""
def fill(name, count):
    person = seat("trash-" + name)
    photos = photos_of(person, count)
    now = timezone.now()
    tasks = Task.objects.bulk_create(
        Task(owner=person, photo=photo, tool="scene" if number % 3 == 0 else "cutout", params=PLAIN,
             state=State.DONE)
        for number, photo in enumerate(photos))
    Result.objects.bulk_create(
        Result(owner=person, photo=task.photo, task=task, tool=task.tool, format="png", width=3, height=2,
               bytes=9, file=stored("results", "png", encoded(cut_picture(), "png")),
               created_at=now - timedelta(minutes=number))
        for number, task in enumerate(tasks))
    return ticket(person)
desk = seat("trash-desk")
first, second = photos_of(desk, 2)
cut_out(first)
hand_over(all=fill("all", {MANY}), some=fill("some", {MANY}), empty=fill("empty", 3), page=fill("page", 5),
          desk=ticket(desk), first=first.pk, second=second.pk)
"""


@pytest.fixture(scope="module")
def people(seed: Seed) -> dict[str, Any]:
    return seed(PEOPLE)


def bar(page: Page) -> Any:
    return page.locator(".gallery .actions")


def select_all(page: Page) -> None:
    page.get_by_role("button", name="Select", exact=True).click()
    bar(page).locator("[data-all]").click()


def delete(page: Page) -> None:
    page.keyboard.press("Delete")
    page.locator("#confirm").get_by_role("button", name="Delete").click()


def test_all_are_selected_deleted_and_brought_back(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["all"], "/gallery/")
    select_all(page)
    expect(bar(page)).to_contain_text("311 of 311 selected")
    assert page.locator(".cards > .card").count() == 48
    bar(page).locator("[data-all]").click()
    expect(bar(page)).to_contain_text("0 of 311 selected")
    bar(page).locator("[data-all]").click()
    page.locator(".cards .tick input").nth(1).click()
    expect(bar(page)).to_contain_text("310 of 311 selected")
    # What comes in by scrolling is selected too.
    page.locator(".more").scroll_into_view_if_needed()
    expect(page.locator(".cards .tick input:checked")).to_have_count(95)
    delete(page)
    expect(page.get_by_text("310 pictures moved to the trash.")).to_be_visible()
    expect(page.locator(".cards > .card")).to_have_count(1)
    expect(page.locator("#gallery-sum")).to_contain_text("1 picture")
    expect(page.locator("#gallery-sum")).to_contain_text("310 in the trash")
    expect(bar(page)).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("310 pictures brought back.")).to_be_visible()
    expect(page.locator("#gallery-sum")).to_contain_text("311 pictures")
    expect(page.locator(".cards > .card")).to_have_count(48)


def test_all_are_those_that_match_and_escape_is_the_way_back(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["some"], "/gallery/")
    page.get_by_text("Scenes", exact=True).click()
    expect(page.locator("#matches")).to_contain_text("104 of 311 pictures")
    select_all(page)
    expect(bar(page)).to_contain_text("104 of 104 selected")
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    assert page.locator(".tick input:checked").count() == 0
    select_all(page)
    # Another filter has another all.
    page.get_by_text("Cutouts", exact=True).click()
    expect(page.locator("#matches")).to_contain_text("207 of 311 pictures")
    expect(page.locator(".tick input:checked")).to_have_count(0)
    select_all_again = bar(page).locator("[data-all]")
    if not select_all_again.is_visible():
        page.get_by_role("button", name="Select", exact=True).click()
    select_all_again.click()
    with page.expect_download() as started:
        bar(page).get_by_role("button", name="Download").click()
    assert started.value.suggested_filename.endswith(".zip")
    delete(page)
    expect(page.get_by_text("207 pictures moved to the trash.")).to_be_visible()
    expect(page.locator("#gallery-sum")).to_contain_text("104 pictures")


def test_the_last_pictures_can_be_brought_back_from_the_trash(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["empty"], "/gallery/")
    select_all(page)
    delete(page)
    page.get_by_role("listitem").get_by_role("link", name="Open the trash").click()
    expect(page.locator(".cards > .card")).to_have_count(3)
    select_all(page)
    expect(bar(page)).to_contain_text("3 of 3 selected")
    bar(page).get_by_role("button", name="Restore").click()
    expect(page.get_by_text("3 pictures brought back.")).to_be_visible()
    expect(page.get_by_text("The trash is empty")).to_be_visible()


def test_what_is_ticked_goes_now_and_the_rest_with_the_whole_trash(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["page"], "/gallery/")
    select_all(page)
    delete(page)
    page.get_by_role("listitem").get_by_role("link", name="Open the trash").click()
    page.locator(".cards .tick input").first.check(force=True)
    bar(page).get_by_text("Delete now …").click()
    bar(page).get_by_role("button", name="Delete now").click()
    expect(page.get_by_text("Deleted for good.")).to_be_visible()
    page.get_by_text("Empty the trash …").click()
    page.get_by_role("button", name="Empty the trash now").click()
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()


def test_a_photo_deleted_on_the_desk_is_brought_back_to_it(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["desk"], f"/editor/photos/{people['first']}/")
    page.get_by_label("More for this photo").click()
    page.get_by_role("button", name="Delete the photo …").click()
    page.locator("#ask-delete").get_by_role("button", name="Delete").click()
    expect(page.locator("#photo")).to_have_attribute("data-photo", people["second"])
    expect(page.locator("#frames")).to_have_attribute("data-total", "1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#photo")).to_have_attribute("data-photo", people["first"])
    expect(page.locator("#frames")).to_have_attribute("data-total", "2")
    expect(page.locator("#download")).to_be_visible()
