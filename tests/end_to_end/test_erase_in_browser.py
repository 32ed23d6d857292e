"""Something in the way is erased in a real browser: by mouse, by touch on a phone, by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.conftest import encoded
from tests.support.browsing import Person, people

from .installation import Studio

pytestmark = pytest.mark.browser

COFFEE = (600, 400)


class Eraser(Person):
    """A person at the eraser."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.page.goto(f"{self.studio.url}/editor/?tool=erase")
        self.share = self.page.locator("#share")
        self.boxes = self.page.locator("#boxes li")

    def add(self, photo: Path) -> None:
        self.page.set_input_files("#picker", photo)
        self.ready()

    def ready(self) -> None:
        """Wait until marks can be made."""
        expect(self.page.locator(".stage-canvas.marking")).to_be_visible()

    def draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag the mouse from one place on the photo to another."""
        self.drag(self.at(*start), self.at(*end))

    def numbers(self) -> dict[str, int]:
        """Those of the chosen box."""
        sides = self.page.locator("#boxes [data-chosen] [data-side]")
        return {str(one.get_attribute("data-side")): int(one.input_value()) for one in sides.all()}

    def done(self) -> None:
        expect(self.page.locator("#download")).to_be_visible()

    def variants(self, count: int) -> None:
        expect(self.page.locator(".variants a")).to_have_count(count)
        self.done()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "coffee.png"
    path.write_bytes(encoded(skimage.data.coffee(), "PNG"))
    return path


@pytest.fixture
def eraser(
    studio: Studio, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Eraser]]:
    with people(studio, browser, request.node.name, Eraser) as sit_down:
        yield sit_down


def outside(pixels: np.ndarray, boxes: list[dict[str, int]]) -> np.ndarray:
    """The pixels that no box covers, nor a rim or a shadow of what a box covers can reach."""
    kept = np.ones(pixels.shape[:2], bool)
    for box in boxes:
        reach = int(0.75 * (box["width"] * box["height"]) ** 0.5) + 4
        top, left = max(0, box["y"] - reach), max(0, box["x"] - reach)
        kept[top : box["y"] + box["height"] + reach, left : box["x"] + box["width"] + reach] = False
    return pixels[kept]


def test_two_boxes_by_mouse_one_adjusted_erased_compared_filled_again_undone_and_downloaded(
    eraser: Callable[..., Eraser], photo: Path
) -> None:
    alice = eraser()
    page = alice.page
    alice.add(photo)
    expect(alice.share).to_have_text("Nothing is marked yet.")

    alice.draw((0.05, 0.05), (0.15, 0.2))
    first = alice.numbers()
    alice.draw((0.8, 0.1), (0.9, 0.2))
    expect(alice.boxes).to_have_count(2)
    before = alice.numbers()
    alice.draw((0.9, 0.2), (0.95, 0.3))  # by its lower right handle
    second = alice.numbers()
    assert (second["x"], second["y"]) == (before["x"], before["y"])
    assert second["width"] - before["width"] == pytest.approx(0.05 * COFFEE[0], abs=3)
    assert second["height"] - before["height"] == pytest.approx(0.1 * COFFEE[1], abs=3)
    covered = sum(box["width"] * box["height"] for box in (first, second)) / (COFFEE[0] * COFFEE[1])
    shown = float((alice.share.text_content() or "").split()[0])
    assert shown == pytest.approx(100 * covered, abs=0.2)

    page.get_by_role("button", name="Erase 1 credit").click()
    alice.done()
    assert page.url.endswith("?tool=erase")
    expect(page.locator("#seam")).to_be_visible()
    page.locator("#seam").focus()
    page.keyboard.press("Home")
    expect(page.locator("#seam")).to_have_attribute("aria-valuenow", "0")
    filled = alice.download()
    original = skimage.data.coffee()
    assert np.array_equal(outside(filled, [first, second]), outside(original, [first, second]))
    assert not np.array_equal(filled, original)

    page.get_by_role("button", name="Try another fill").click()
    alice.variants(2)
    another = alice.download()
    assert not np.array_equal(another, filled)
    page.locator(".variants a").nth(1).click()
    expect(page.locator(".variants a").nth(1)).to_have_attribute("aria-current", "true")
    assert np.array_equal(alice.download(), filled)

    page.get_by_role("button", name="Undo").click()  # back to the marks
    alice.ready()
    page.get_by_role("button", name="Undo").click()
    page.locator("[data-select]").nth(1).click()
    assert alice.numbers() == before
    page.get_by_role("button", name="Redo").click()
    expect(page.locator('#boxes [data-chosen] [data-side="width"]')).to_have_value(str(second["width"]))


def test_painted_marks_outlive_a_reload_and_are_gone_on_from_the_result(
    eraser: Callable[..., Eraser], photo: Path
) -> None:
    alice = eraser()
    page = alice.page
    alice.add(photo)
    alice.draw((0.05, 0.05), (0.15, 0.25))
    page.keyboard.press("p")
    page.keyboard.press("]")
    alice.draw((0.7, 0.1), (0.85, 0.1))
    page.keyboard.press("e")
    alice.draw((0.1, 0.0), (0.1, 0.3))  # rubs at the box, which becomes paint
    expect(alice.boxes).to_have_count(0)
    page.keyboard.press("n")
    alice.draw((0.5, 0.5), (0.6, 0.6))
    expect(alice.share).to_contain_text("at most 50 %")
    marked = alice.share.text_content()

    page.reload()
    alice.ready()
    expect(alice.share).to_have_text(marked or "")
    page.get_by_role("button", name="Erase 1 credit").click()
    alice.done()
    first = alice.download()
    original = skimage.data.coffee()
    changed = (first != original).any(axis=2)
    assert changed[30:50, 450:480].mean() > 0.5, "under the brush"
    assert not changed[120:].any(), "nowhere else, and not where nothing is copied from"

    page.get_by_role("link", name="Erase more here").click()
    alice.ready()
    expect(alice.share).to_have_text("Nothing is marked yet.")
    page.keyboard.press("r")
    alice.draw((0.8, 0.8), (0.9, 0.9))
    page.get_by_role("button", name="Erase 1 credit").click()
    alice.variants(2)
    second = alice.download()
    assert np.array_equal(second[:300], first[:300])
    assert not np.array_equal(second[300:], first[300:])


def test_by_touch_on_a_phone(eraser: Callable[..., Eraser], photo: Path) -> None:
    alice = eraser(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = alice.page
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        touch("touchStart", alice.at(*start))
        for step in (0.3, 0.6, 1.0):
            between = [a + (b - a) * step for a, b in zip(start, end, strict=True)]
            touch("touchMove", alice.at(*between))
        touch("touchEnd")

    alice.add(photo)
    drag((0.1, 0.1), (0.3, 0.4))
    drag((0.6, 0.2), (0.8, 0.5))
    expect(alice.boxes).to_have_count(2)
    before = alice.numbers()
    drag((0.8, 0.5), (0.85, 0.55))
    after = alice.numbers()
    assert (after["x"], after["width"] > before["width"]) == (before["x"], True)

    left, right = alice.at(0.4, 0.7), alice.at(0.6, 0.7)
    scale = page.locator('[data-view="actual"]').text_content()
    touch("touchStart", left)
    touch("touchStart", left, right)
    for far in (20, 40, 60):
        touch("touchMove", (left[0] - far, left[1]), (right[0] + far, right[1]))
    touch("touchEnd")
    expect(page.locator('[data-view="actual"]')).not_to_have_text(scale or "")
    expect(alice.boxes).to_have_count(2)

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Erase 1 credit").tap()
    alice.done()
    page.get_by_role("button", name="Try another fill").tap()
    alice.variants(2)
    page.get_by_role("button", name="Undo").tap()
    alice.ready()
    page.get_by_role("button", name="Options").tap()
    page.locator(".variants a").first.tap()
    alice.done()
    assert alice.download().shape == (400, 600, 3)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {selector}")


def test_by_keyboard_alone(eraser: Callable[..., Eraser], photo: Path) -> None:
    alice = eraser()
    page = alice.page
    alice.add(photo)
    tab_to(page, "#add-box")
    page.keyboard.press("Enter")
    start = alice.numbers()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    moved = alice.numbers()
    assert (moved["x"] - start["x"], moved["y"] - start["y"]) == (1, -10)
    tab_to(page, '[data-side="width"]')
    page.keyboard.press("Control+A")
    page.keyboard.type("33")
    page.keyboard.press("Tab")
    assert alice.numbers()["width"] == 33
    tab_to(page, "#start")
    page.keyboard.press("Enter")
    alice.done()
    page.keyboard.press("Control+z")
    alice.ready()
    page.keyboard.press("a")
    expect(alice.boxes).to_have_count(2)
    page.keyboard.press("Delete")
    expect(alice.boxes).to_have_count(1)
    expect(page.locator("dialog[open]")).to_have_count(0)
    tab_to(page, ".variants a")
    page.keyboard.press("Enter")
    alice.done()
    tab_to(page, "#again")
    page.keyboard.press("Enter")
    alice.variants(2)


def test_too_much_and_nothing_are_said_before_anything_is_sent(
    eraser: Callable[..., Eraser], photo: Path
) -> None:
    alice = eraser()
    page = alice.page
    alice.add(photo)
    page.get_by_role("button", name="Erase 1 credit").click()
    expect(page.locator(".toast")).to_contain_text("Nothing is marked yet.")
    alice.draw((0.0, 0.0), (0.9, 0.9))
    expect(alice.share).to_contain_text("at most 50 % can be filled")
    page.get_by_role("button", name="Erase 1 credit").click()
    expect(page.locator(".toast").last).to_contain_text("at most 50 % can be filled")
    expect(page.locator("#start")).to_be_enabled()
    expect(page.locator("#task")).to_be_empty()


def test_a_mask_is_saved_and_loaded_onto_another_photo(
    eraser: Callable[..., Eraser], photo: Path, tmp_path: Path
) -> None:
    alice = eraser()
    page = alice.page
    alice.add(photo)
    alice.draw((0.1, 0.1), (0.3, 0.3))
    box = alice.numbers()
    page.locator("#marks-menu summary").click()
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Save the mask as PNG").click()
    assert arriving.value.suggested_filename == "coffee-mask.png"
    saved = tmp_path / "mask.png"
    arriving.value.save_as(saved)
    mask = np.asarray(Image.open(saved).convert("L"))
    wanted = np.zeros((400, 600), np.uint8)
    wanted[box["y"] : box["y"] + box["height"], box["x"] : box["x"] + box["width"]] = 255
    assert np.array_equal(mask, wanted)
    share = alice.share.text_content() or ""

    other = tmp_path / "other.png"
    other.write_bytes(encoded(skimage.data.coffee()[:, ::-1], "PNG"))
    page.set_input_files("#picker", other)
    expect(page.locator("#frames li")).to_have_count(2)
    page.locator("#frames a").first.click()
    expect(alice.share).to_have_text("Nothing is marked yet.")
    for wrong, words in [
        (photo, "This is a photo, not a mask."),
        (small_mask(tmp_path), "This mask is 60 × 40 pixels, the photo 600 × 400."),
    ]:
        page.set_input_files("#mask-picker", wrong)
        expect(page.locator(".toast").last).to_contain_text(words)
    page.set_input_files("#mask-picker", saved)
    expect(alice.share).to_have_text(share)
    page.get_by_role("button", name="Erase 1 credit").click()
    alice.done()
    changed = (alice.download() != skimage.data.coffee()[:, ::-1]).any(axis=2)
    assert not outside(changed, [box]).any()
    assert changed[wanted == 255].mean() > 0.5


def small_mask(folder: Path) -> Path:
    path = folder / "small.png"
    path.write_bytes(encoded(np.zeros((40, 60), np.uint8), "PNG"))
    return path
