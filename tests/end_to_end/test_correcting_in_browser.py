"""A cutout is corrected with a brush, and heads are chosen by their rings, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import skimage.data
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import encoded

from .installation import Studio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("photos")
    made = {}
    for name in ("coffee", "astronaut"):
        made[name] = folder / f"{name}.png"
        made[name].write_bytes(encoded(getattr(skimage.data, name)(), "PNG"))
    return made


@pytest.fixture
def page(studio: Studio, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Somebody new, signed in, at the editor. No script may have failed at the end."""
    options: dict[str, Any] = getattr(request, "param", {})
    context: BrowserContext = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    cookie = studio.admit(f"{request.node.name[:40].replace('[', '-').replace(']', '')}@example.com")
    context.add_cookies([{**cookie, "url": studio.url}])  # type: ignore[typeddict-item]
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{studio.url}/editor/")
    yield page
    context.close()
    assert problems == []


def place(page: Page, across: float, down: float) -> tuple[float, float]:
    """Where a share of the photo's width and height is in the window."""
    paper = page.locator(".paper").bounding_box()
    assert paper is not None
    return paper["x"] + across * paper["width"], paper["y"] + down * paper["height"]


def strokes(page: Page) -> list[dict[str, Any]]:
    return json.loads(page.locator("#strokes").text_content() or "[]")


def settled(page: Page, results: int) -> None:
    expect(page.locator(".variants a")).to_have_count(results)
    expect(page.locator("#task[data-under-way]")).to_have_count(0)


def test_a_cutout_is_corrected_by_mouse_and_each_stroke_can_be_undone(
    page: Page, photos: dict[str, Path]
) -> None:
    page.set_input_files("#picker", photos["coffee"])
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".stage-canvas.retouching")).to_be_visible()

    page.mouse.move(*place(page, 0.05, 0.05))
    page.mouse.down()
    page.mouse.move(*place(page, 0.15, 0.05), steps=5)
    page.mouse.up()
    settled(page, 2)
    (kept,) = strokes(page)
    assert kept["keep"] is True
    assert len(kept["points"]) > 1
    first_x, first_y = kept["points"][0]
    assert abs(first_x - 30) < 6
    assert abs(first_y - 20) < 6

    page.keyboard.press("r")
    page.mouse.move(*place(page, 0.9, 0.9))
    page.mouse.down()
    page.mouse.up()
    settled(page, 3)
    assert [stroke["keep"] for stroke in strokes(page)] == [True, False]

    page.keyboard.press("Control+z")
    variants = page.locator(".variants a")
    expect(variants.nth(1)).to_have_attribute("aria-current", "true")
    assert strokes(page) == [kept]
    page.keyboard.press("Control+Shift+z")
    expect(variants.nth(0)).to_have_attribute("aria-current", "true")
    assert len(strokes(page)) == 2
    expect(variants).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator(".stage-canvas.retouching")).to_have_count(0)


def test_a_cutout_is_corrected_by_keyboard_alone(page: Page, photos: dict[str, Path]) -> None:
    page.set_input_files("#picker", photos["coffee"])
    expect(page.locator("#retouch")).to_be_visible()
    page.keyboard.press("k")
    page.locator(".stage-canvas").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("]")
    page.keyboard.press("Enter")
    settled(page, 2)
    assert len(strokes(page)) == 1


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}], indirect=True
)
def test_a_cutout_is_corrected_on_a_phone(page: Page, photos: dict[str, Path]) -> None:
    page.set_input_files("#picker", photos["coffee"])
    expect(page.locator("#download")).to_be_visible()
    page.get_by_role("button", name="Options").tap()
    page.get_by_role("button", name="Remove", exact=True).tap()
    page.touchscreen.tap(*place(page, 0.2, 0.2))
    settled(page, 2)
    assert strokes(page)[0]["keep"] is False
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_heads_are_chosen_by_their_rings(page: Page, photos: dict[str, Path], studio: Studio) -> None:
    page.goto(f"{studio.url}/editor/?tool=head")
    page.set_input_files("#picker", photos["astronaut"])
    ring = page.locator("#heads .ring")
    expect(ring).to_have_count(1)
    box = ring.bounding_box()
    assert box is not None
    left, top = place(page, 0.28, 0.05)
    right, bottom = place(page, 0.6, 0.45)
    assert left < box["x"] + box["width"] / 2 < right
    assert top < box["y"] + box["height"] / 2 < bottom

    ring.click()
    expect(page.locator("#start")).to_be_disabled()
    page.locator("#heads .ring input").focus()
    page.keyboard.press("Space")
    expect(page.locator("#start")).to_contain_text("Cut out 1 head")
    page.locator("#start").click()

    expect(page.locator("#download")).to_be_visible()
    expect(page.locator("#picture")).to_have_attribute("data-done", "its heads cut out")
    page.locator("#choose-heads").click()
    expect(ring).to_have_count(1)
