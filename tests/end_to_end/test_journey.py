"""A shop owner's day in a real browser: photos in, cutouts out, and all that may get in the way."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import bomb, encoded
from tests.support.waiting import wait_for

from .installation import Studio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of photos as shops have them, and of files that are none."""
    folder = tmp_path_factory.mktemp("photos")
    for name in ("coffee", "astronaut", "chelsea", "rocket"):
        (folder / f"{name}.jpg").write_bytes(encoded(getattr(skimage.data, name)(), quality=92))
    large = Image.fromarray(skimage.data.coffee()).resize((3000, 2000))
    large.save(folder / "large.jpg", quality=90)
    (folder / "words.jpg").write_text("This is no picture.")
    (folder / "drawing.jpg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    )
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "heavy.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(61 * 2**20))
    (folder / "cut-off.jpg").write_bytes((folder / "coffee.jpg").read_bytes()[:9000])
    (folder / "wide.png").write_bytes(encoded(np.zeros((10, 16_385), np.uint8), "PNG"))
    (folder / "bomb.png").write_bytes(bomb())
    return folder


class Desk:
    """A person's browser at the editor."""

    def __init__(self, studio: Studio, context: BrowserContext, email: str, password: str = "") -> None:
        """With a password they sign in by the page; without one they are new, and let in."""
        self.studio, self.context, self.email, self.password = studio, context, email, password
        self.page = context.new_page()
        if password:
            self.sign_in(self.page)
        else:
            context.add_cookies([{**studio.admit(email), "url": studio.url}])  # type: ignore[typeddict-item]
            self.page.goto(f"{studio.url}/editor/")

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.studio.url}/account/sign-in/")
        page.get_by_label("E-mail").fill(self.email)
        page.get_by_label("Password", exact=True).fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/editor/**")

    def add(self, *paths: Path) -> None:
        with self.page.expect_file_chooser() as chosen:
            self.page.get_by_role("button", name="Add photos").first.click()
        chosen.value.set_files(list(paths))

    def frame(self, name: str, word: str = "") -> "object":
        return self.page.get_by_role("link", name=re.compile(f"^{re.escape(name)}, {word}"))

    def expect_done(self, *names: str) -> None:
        for name in names:
            expect(self.frame(name, "Done")).to_be_visible()  # type: ignore[arg-type]


NewDesk = Callable[..., Desk]


@pytest.fixture
def desk(studio: Studio, browser: Browser) -> Iterator[NewDesk]:
    """Returns a function that sits a new person down at the editor."""
    contexts = []

    def sit_down(email: str = "", password: str = "", **options: object) -> Desk:
        email = email or f"person{time.monotonic_ns()}@example.com"
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        return Desk(studio, context, email, password)

    yield sit_down
    for context in contexts:
        context.close()


def test_the_whole_journey(desk: NewDesk, studio: Studio, photos: Path, tmp_path: Path) -> None:
    email = f"alice{time.monotonic_ns()}@example.com"
    alice = desk(email, studio.add_person(email))
    page = alice.page
    expect(page.get_by_text("Drop product photos here")).to_be_visible()
    expect(page.locator("#stage")).not_to_have_class(re.compile("undrawn"))
    page.evaluate("new Promise((later) => setTimeout(later, 20))")  # behind what the page put off
    assert page.get_by_label("The picture is on its way").is_hidden()
    assert page.locator("#stage").get_attribute("aria-busy") is None

    alice.add(photos / "coffee.jpg", photos / "astronaut.jpg", photos / "large.jpg")
    expect(page.get_by_role("navigation", name="Photos on the desk")).to_contain_text("3 photos")
    alice.expect_done("coffee.jpg", "astronaut.jpg", "large.jpg")

    alice.frame("coffee.jpg").click()  # type: ignore[attr-defined]
    expect(page).to_have_title(re.compile("^coffee"))
    expect(page.get_by_text(re.compile(r"Done in [\d.]+ s"))).to_be_visible()
    expect(page.get_by_role("slider", name="Before and after")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PNG").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "coffee.png"
    with Image.open(saved) as cutout:
        assert (cutout.mode, cutout.size) == ("RGBA", (600, 400))
        alpha = np.asarray(cutout.getchannel("A"))
        assert alpha[:20].mean() < 20, "the table behind is gone"
        assert alpha[150:250, 250:350].mean() > 200, "the cup is there"

    page.get_by_label("Other formats and sizes").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="WebP, 512").first.click()
    download.value.save_as(tmp_path / "small.webp")
    with Image.open(tmp_path / "small.webp") as small:
        assert (small.format, max(small.size)) == ("WEBP", 512)

    page.get_by_role("link", name="Gallery").click()
    cards = page.locator(".cards > .card")
    expect(cards.filter(has_text="coffee.jpg")).to_be_visible()
    expect(cards).to_have_count(3)
    page.reload()
    expect(cards).to_have_count(3)

    # Tomorrow, from another browser: it is still there.
    tomorrow = desk(alice.email, alice.password)
    tomorrow.page.goto(f"{alice.studio.url}/gallery/")
    expect(tomorrow.page.locator(".cards > .card").filter(has_text="astronaut.jpg")).to_be_visible()


def test_one_finish_makes_a_shops_pictures_of_all_photos_without_another_credit(
    desk: NewDesk, photos: Path, tmp_path: Path
) -> None:
    """White, 1600 × 1600, exactly 8 % of the canvas around: set once, after the upload, for all of them."""
    alice = desk()
    page = alice.page
    names = ("coffee", "astronaut", "chelsea")
    alice.add(*(photos / f"{name}.jpg" for name in names))
    alice.expect_done(*(f"{name}.jpg" for name in names))
    spent = ledger_of(alice)
    page.get_by_label("White", exact=True).check(force=True)
    page.get_by_text("Exact size", exact=True).click()
    page.get_by_role("button", name="1600 × 1600").click()
    page.get_by_label("Allow enlarging").check()
    page.locator("#margin").fill("8")
    page.locator('[data-group="file"] summary').click()
    page.get_by_text("JPG", exact=True).first.click()
    page.locator("#strip-menu summary").click()
    page.get_by_role("button", name="Choose photos").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Use this finish for 3 photos").click()
    expect(page.get_by_text("3 photos have this finish now.")).to_be_visible()
    for name in names:
        alice.frame(f"{name}.jpg").click()  # type: ignore[attr-defined]
        expect(page.locator("#photo")).to_have_attribute("data-name", f"{name}.jpg")
        with page.expect_download() as download:
            page.locator("#download").click()
        assert download.value.suggested_filename == f"{name}.jpg"
        with Image.open(download.value.path()) as picture:
            assert (picture.format, picture.size) == ("JPEG", (1600, 1600))
            seen = np.abs(np.asarray(picture.convert("RGB")).astype(int) - 255).max(axis=2) > 24
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        gaps = rows[0], 1599 - rows[-1], columns[0], 1599 - columns[-1]
        assert min(gaps) == pytest.approx(128, abs=12), "the longer side has 8 % before and after it"
    assert ledger_of(alice) == spent


def ledger_of(person: Desk) -> list[tuple]:
    """Return what their credits were reserved for."""
    return person.studio.rows(
        "SELECT e.kind, e.amount, e.task_id FROM accounts_creditentry e "
        "JOIN accounts_account a ON a.id = e.account_id JOIN accounts_user u ON u.id = a.user_id "
        "WHERE u.email = ? ORDER BY e.id",
        person.email,
    )


BAD = {
    "words.jpg": "not a picture",
    "drawing.jpg": "not a photo",
    "empty.jpg": "empty",
    "heavy.jpg": "60",
    "wide.png": "16384",
    "bomb.png": "megapixels",
}


def test_bad_files_get_one_clear_sentence_each_and_the_good_one_beside_them_is_done(
    desk: NewDesk, photos: Path
) -> None:
    alice = desk()
    alice.add(*(photos / name for name in BAD), photos / "cut-off.jpg", photos / "coffee.jpg")
    alice.expect_done("coffee.jpg")
    told = alice.page.locator("#failures .failure:not(.failure-all)")
    for name, sentence in BAD.items():
        expect(told.filter(has_text=name)).to_have_count(1)
        expect(told.filter(has_text=name)).to_contain_text(re.compile(sentence, re.IGNORECASE))
    expect(told).to_have_count(len(BAD))
    # Its header is fine; only the work on it finds out.
    alice.frame("cut-off.jpg").click()  # type: ignore[attr-defined]
    expect(alice.page.locator("#task")).to_contain_text(re.compile("damaged|not a picture|cut", re.I))


def test_a_session_that_ends_in_mid_upload_loses_nothing(desk: NewDesk, studio: Studio, photos: Path) -> None:
    email = f"alice{time.monotonic_ns()}@example.com"
    alice = desk(email, studio.add_person(email))
    page = alice.page
    alice.context.clear_cookies(name=re.compile("-session$"))
    alice.add(photos / "coffee.jpg")
    expect(page.locator("#failures")).to_contain_text("signed out", ignore_case=True)

    alice.sign_in(alice.context.new_page())
    page.bring_to_front()
    page.get_by_role("button", name="Try again: coffee.jpg").click()
    alice.expect_done("coffee.jpg")


def test_a_lost_connection_is_said_and_picked_up_again(desk: NewDesk, photos: Path) -> None:
    alice = desk()
    page = alice.page
    alice.add(*(photos / f"{name}.jpg" for name in ("large", "coffee", "astronaut", "chelsea")))
    expect(alice.frame("chelsea.jpg")).to_be_visible()  # type: ignore[arg-type]
    alice.context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible()
    alice.context.set_offline(False)
    alice.expect_done("large.jpg", "coffee.jpg", "astronaut.jpg", "chelsea.jpg")
    expect(page.locator("#connection")).to_be_hidden()


def test_a_worker_killed_in_mid_task_is_not_the_persons_trouble(desk: NewDesk, photos: Path) -> None:
    alice = desk()
    alice.add(photos / "large.jpg")
    studio = alice.studio
    running = (
        "SELECT 1 FROM editor_task t JOIN accounts_user u ON u.id = t.owner_id "
        "WHERE t.state IN (2, 4) AND u.email = ?"
    )
    wait_for(lambda: studio.rows(running, alice.email), "the worker to have it")
    for pid in studio.processes("manage.py worker --queue quick"):
        os.kill(pid, signal.SIGKILL)
    alice.page.reload()
    alice.expect_done("large.jpg")


def test_a_stranger_finds_nothing_of_it(desk: NewDesk, photos: Path) -> None:
    alice, charlie = desk(), desk()
    alice.add(photos / "coffee.jpg")
    alice.expect_done("coffee.jpg")
    pictures = alice.page.eval_on_selector_all(
        "img[src*='/results/'], img[src*='/photos/']", "found => found.map(one => one.src)"
    )
    addresses = [alice.page.url, *pictures]
    assert len(addresses) > 1
    for address in addresses:
        answer = charlie.context.request.get(address)
        assert answer.status == 404, address
    charlie.page.goto(f"{charlie.studio.url}/gallery/")
    expect(charlie.page.locator(".card")).to_have_count(0)


def test_by_keyboard_alone(desk: NewDesk, photos: Path) -> None:
    alice = desk()
    page = alice.page
    alice.add(photos / "coffee.jpg", photos / "chelsea.jpg")
    alice.expect_done("coffee.jpg", "chelsea.jpg")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.goto(f"{alice.studio.url}/editor/")  # the newest photo, which is the first in the strip
    expect(page.get_by_role("slider", name="Before and after")).to_be_visible()
    before = page.url
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(before)
    slider = page.get_by_role("slider", name="Before and after")
    expect(slider).to_be_visible()
    slider.focus()
    at = slider.get_attribute("aria-valuenow") or ""
    page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuenow", at)
    with page.expect_download():
        page.keyboard.press("Shift+D")


def test_on_a_phone(desk: NewDesk, photos: Path) -> None:
    alice = desk(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    page = alice.page
    alice.add(photos / "coffee.jpg")
    alice.expect_done("coffee.jpg")
    expect(page.get_by_role("link", name="Download PNG")).to_be_in_viewport()
    for path in ("/editor/", "/gallery/", "/account/"):
        page.goto(f"{alice.studio.url}{path}")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, path


def test_a_photo_straight_from_a_phone_loses_its_place(desk: NewDesk, photos: Path, tmp_path: Path) -> None:
    """Turned as the phone meant it, and nothing of where it was taken is left in what comes out."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    shot = tmp_path / "phone.jpg"
    Image.fromarray(skimage.data.coffee()).rotate(90, expand=True).save(shot, exif=exif, quality=92)
    alice = desk()
    alice.add(shot)
    alice.expect_done("phone.jpg")
    with alice.page.expect_download() as download:
        alice.page.get_by_role("link", name="Download PNG").click()
    with Image.open(BytesIO(Path(download.value.path()).read_bytes())) as cutout:
        assert cutout.size == (600, 400)
        assert not cutout.getexif()
        assert "exif" not in cutout.info
