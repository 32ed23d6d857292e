"""The gallery in a real browser: ticking, enlarging, deleting, taking away; with and without scripts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.conftest import PASSWORD
from tests.end_to_end.installation import Studio

pytestmark = pytest.mark.browser

PICTURES = 60
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

SEED = """
from accounts.models import User
from tests.editor.files.files_out import photo_of, result_of
User.objects.all().delete()
alice = User.objects.create_user("alice@example.com", "{password}")
for number in range({pictures}):
    photo = photo_of(alice, name=f"lamp {{number:02}}.jpg")
    result_of(photo, tool="cutout" if number % 3 else "scene", minutes_ago=number)
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio's web process alone. Its people come with each test."""
    studio = Studio(tmp_path_factory.mktemp("gallery"))
    with studio.web_alone():
        yield studio


@pytest.fixture
def alice(studio: Studio) -> None:
    """Alice, with sixty pictures, and nothing left of an earlier test."""
    studio.shell(SEED.format(pictures=PICTURES, password=PASSWORD))


Opener = Callable[..., Page]


@pytest.fixture
def gone() -> set[str]:
    """Keys of pictures that a test deletes: what of them is still on its way may be missed in the console."""
    return set()


@pytest.fixture
def gallery(browser: Browser, studio: Studio, alice: None, gone: set[str]) -> Iterator[Opener]:
    """Returns a function that opens Alice's gallery, which must load cleanly: nothing blocked, no error."""
    complaints: list[str] = []
    contexts = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and not any(key in said.location["url"] for key in gone):
            complaints.append(f"{said.text} {said.location['url']}")

    def opened(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{studio.url}/account/sign-in/?next=/gallery/")
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.get_by_label("E-mail").fill("alice@example.com")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{studio.url}/gallery/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def expect_names(page: Page, names: list[str]) -> None:
    """Wait until the page that was asked for has come, whole, with these pictures on it."""
    expect(page.locator(".cards .foot b")).to_have_text(names)


def all_names(*without: int) -> list[str]:
    return [f"lamp {number:02}.jpg" for number in range(PICTURES) if number not in without]


def test_scrolling_brings_every_picture_once(gallery: Opener) -> None:
    page = gallery()
    expect_names(page, all_names()[:48])
    page.locator(".more").scroll_into_view_if_needed()
    expect(page.locator(".cards > .card")).to_have_count(PICTURES)
    expect_names(page, all_names())
    expect(page.locator(".more")).to_have_count(0)


DOUBTS = """
from editor.models import Task
for task in Task.objects.filter(photo__name__startswith="lamp 1"):
    task.facts = {"confidence": 0.3}
    task.save()
"""


def test_what_to_look_at_first_is_a_press_away_and_in_the_address(studio: Studio, gallery: Opener) -> None:
    """Of ten, those that are cutouts: every third is a scene."""
    studio.shell(DOUBTS)
    page = gallery()
    page.get_by_text("Check first").click()
    expect(page.locator("#matches")).to_contain_text("7 of 60 pictures")
    assert page.url.endswith("/gallery/?unsure=1")
    page.get_by_text("Check first").click()
    expect(page.locator("#matches")).not_to_contain_text("7 of")
    assert page.url.endswith("/gallery/")


def test_typing_narrows_the_page_and_its_address(gallery: Opener) -> None:
    page = gallery()
    page.get_by_label("Search by the photo's name").fill("lamp 1")
    expect(page.locator("#matches")).to_contain_text("10 of 60 pictures")
    assert page.url.endswith("/gallery/?q=lamp%201")
    page.get_by_text("Scenes", exact=True).click()
    expect(page.locator("#matches")).to_contain_text("3 of 60 pictures")
    page.go_back()
    expect(page.locator("#matches")).to_contain_text("10 of 60 pictures")


def test_shift_ticks_a_range_x_one_and_escape_none(gallery: Opener) -> None:
    page = gallery()
    bar = page.get_by_role("group", name="Ticked pictures")
    expect(bar).to_be_hidden()
    page.get_by_label("Select lamp 01.jpg", exact=False).check()
    page.get_by_label("Select lamp 04.jpg", exact=False).click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 of 60 selected")
    page.locator(".cards .pic").nth(8).focus()
    page.keyboard.press("x")
    expect(bar).to_contain_text("5 of 60 selected")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert page.locator(".tick input:checked").count() == 0


def test_deleting_ticked_pictures_takes_the_cards_away_and_renews_the_sum(gallery: Opener) -> None:
    page = gallery()
    page.get_by_role("button", name="Select").click()
    for number in (2, 3):
        page.locator(".cards .pic").nth(number).click()
    page.keyboard.press("Delete")
    page.locator("#confirm").get_by_role("button", name="Delete").click()
    expect(page.locator("#gallery-sum")).to_contain_text("58 pictures")
    expect(page.get_by_text("2 pictures moved to the trash.")).to_be_visible()
    expect_names(page, all_names(2, 3)[:46])
    page.reload()
    expect_names(page, all_names(2, 3)[:48])


def test_keeping_deletes_nothing(gallery: Opener) -> None:
    page = gallery()
    page.locator(".cards .pic").first.click()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Keep").click()
    page.reload()
    expect(page.locator(".cards .foot b").first).to_have_text("lamp 00.jpg")


def test_enlarged_goes_through_the_pictures_and_on_when_one_is_deleted(
    gallery: Opener, gone: set[str]
) -> None:
    page = gallery()
    page.locator(".cards .pic").nth(4).click()
    name = page.locator("#lightbox-name")
    expect(name).to_have_text("lamp 04.jpg")
    page.keyboard.press("ArrowRight")
    expect(name).to_have_text("lamp 05.jpg")
    page.keyboard.press("c")
    expect(page.get_by_alt_text("lamp 05.jpg, the photo")).to_be_visible()
    # What is still on its way when it is deleted is not found any more, and the console says so.
    shown = page.locator("#lightbox img").evaluate_all("all => all.map(one => one.src)")
    gone.update(key for address in shown for key in KEY.findall(address))
    assert gone
    page.keyboard.press("Delete")
    page.locator("#confirm").get_by_role("button", name="Delete").click()
    expect(name).to_have_text("lamp 06.jpg")
    page.keyboard.press("ArrowLeft")
    expect(name).to_have_text("lamp 04.jpg")
    page.keyboard.press("Escape")
    expect(page.locator("#lightbox")).to_be_hidden()
    expect(page.locator(".cards .pic").nth(4)).to_be_focused()


def test_enlarged_is_downloaded_as_asked(gallery: Opener, tmp_path: Path) -> None:
    page = gallery()
    page.locator(".cards .pic").nth(1).click()
    page.get_by_label("Format").select_option("webp")
    with page.expect_download() as started:
        page.keyboard.press("Shift+D")
    assert started.value.suggested_filename == "lamp 01.webp"
    started.value.save_as(tmp_path / "lamp.webp")
    with Image.open(tmp_path / "lamp.webp") as picture:
        assert picture.format == "WEBP"


def test_ticked_pictures_come_as_one_archive(gallery: Opener, tmp_path: Path) -> None:
    page = gallery()
    page.get_by_label("Select lamp 00.jpg", exact=False).check()
    page.get_by_label("Select lamp 01.jpg", exact=False).check()
    with page.expect_download() as started:
        page.get_by_role("group", name="Ticked pictures").get_by_role("button", name="Download").click()
    started.value.save_as(tmp_path / "pictures.zip")
    assert ZipFile(tmp_path / "pictures.zip").namelist() == ["lamp 00.png", "lamp 01.png"]


def test_page_works_without_scripts(gallery: Opener) -> None:
    page = gallery(java_script_enabled=False)
    page.get_by_role("link", name="Older pictures").click()
    expect_names(page, all_names()[48:])
    page.get_by_label("Select lamp 50.jpg", exact=False).check()
    page.get_by_role("group", name="Ticked pictures").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete 1 picture?")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 picture moved to the trash.")).to_be_visible()
    page.get_by_label("Search by the photo's name").fill("lamp 5")
    page.get_by_role("button", name="Show", exact=True).click()
    expect_names(page, [name for name in all_names(50) if name.startswith("lamp 5")])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(gallery: Opener, scheme: str) -> None:
    page = gallery(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    too_wide = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(too_wide)
    page.get_by_role("button", name="Select").tap()
    page.locator("[data-all]").tap()
    bar = page.get_by_role("group", name="Ticked pictures").bounding_box()
    assert bar is not None
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 390
    page.get_by_label("Clear the selection").tap()
    page.locator(".cards .pic").first.tap()
    expect(page.locator("#lightbox")).to_be_visible()
    assert not page.evaluate("(box => box.scrollWidth > innerWidth)(document.getElementById('lightbox'))")
