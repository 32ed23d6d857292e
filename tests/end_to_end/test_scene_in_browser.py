"""A product goes into scenes in a real browser: out of the gallery, by words, into a photo of one's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import encoded
from tests.support.browsing import Person, people

from .installation import Studio

pytestmark = pytest.mark.browser

SMALL = 256  # what these studios make where nobody asks for a size, see installation.py


class Photographer(Person):
    """A person at the set."""

    def add(self, photo: Path) -> None:
        """Add a product at the set, and wait until it can be placed."""
        self.page.goto(f"{self.studio.url}/editor/?tool=scene")
        self.page.set_input_files("#picker", photo)
        self.placing()

    def placing(self) -> None:
        expect(self.page.locator(".stage-canvas.placing")).to_be_visible()

    def way(self, name: str) -> None:
        self.page.locator(".how label", has_text=name).click()

    @property
    def takes(self) -> Locator:
        return self.page.locator("#takes")

    @property
    def place(self) -> str:
        return self.page.locator("[name=place]").input_value()

    def done(self, state: str) -> None:
        expect(self.takes).to_have_attribute("data-state", state)


@pytest.fixture
def photographer(
    studio: Studio, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Photographer]]:
    with people(studio, browser, request.node.name, Photographer) as sit_down:
        yield sit_down


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "coffee.png"
    path.write_bytes(encoded(skimage.data.coffee(), "PNG"))
    return path


@pytest.fixture(scope="module")
def jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A jar of ours, cut out already."""
    picture = Image.new("RGBA", (400, 400))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((120, 90, 280, 360), 24, fill=(36, 92, 120, 255))
    draw.rectangle((140, 50, 260, 100), fill=(220, 190, 120, 255))
    path = tmp_path_factory.mktemp("cutouts") / "jar.png"
    picture.save(path)
    return path


def test_a_cutout_from_the_gallery_gets_two_takes_to_keep_and_to_vary(
    photographer: Callable[..., Photographer], coffee: Path
) -> None:
    alice = photographer()
    page = alice.page
    page.set_input_files("#picker", coffee)
    expect(page.locator("#download")).to_be_visible()
    page.goto(f"{alice.studio.url}/gallery/")
    page.locator(".card .pic").first.click()
    page.get_by_role("link", name="Use in a scene").click()
    alice.placing()

    page.get_by_label("Search the scenes").fill("gold disc")
    expect(page.locator(".scene-tile:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator('[name="scene_type"][value="105"]')).to_be_checked()
    assert alice.place == ""
    alice.drag(alice.at(0.5, 0.6), alice.at(0.42, 0.6))
    moved = alice.place
    x, y, scale = (float(part) for part in moved.split(","))
    assert x == pytest.approx(0.42, abs=0.02)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("+")
    nudged = [float(part) for part in alice.place.split(",")]
    assert nudged[0] == pytest.approx(x + 0.05, abs=0.001)
    assert nudged[1] == pytest.approx(y, abs=0.001)
    assert nudged[2] > scale
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert alice.place == moved
    page.reload()
    alice.placing()
    assert alice.place == moved, "a place outlives a reload"
    page.keyboard.press("a")
    assert alice.place == ""

    page.locator('.scene-tile:has([value="105"])').first.click()
    page.get_by_role("button", name="Make two takes").click()
    expect(page.locator("#takes .print")).to_have_count(2)
    expect(page.locator("img.early").first).to_be_visible()
    alice.done("side")
    first, second = (
        alice.download(print.get_by_title("Download take")) for print in page.locator("#takes .print").all()
    )
    assert first.shape == second.shape == (round(SMALL * 2 / 3), SMALL, 3)
    assert np.abs(first.astype(int) - second).mean() > 2, "two takes differ"

    page.get_by_label("Enlarge take 2").click()
    alice.done("alone")
    expect(page.locator(".takes .badge")).to_have_text("Take 2 of 2")
    assert np.array_equal(alice.download(), second)
    page.get_by_role("link", name="Side by side").click()
    alice.done("side")
    page.locator("#takes .print").first.get_by_role("button", name="Another take").click()
    alice.done("alone")
    expect(page.locator(".variants a")).to_have_count(3)
    page.get_by_role("button", name="Move the product").click()
    alice.placing()
    page.get_by_role("button", name="Back to the takes").click()
    alice.done("alone")


def test_words_in_two_languages_are_shown_as_understood_and_built(
    photographer: Callable[..., Photographer], jar: Path
) -> None:
    alice = photographer()
    page = alice.page
    alice.add(jar)
    alice.way("Describe it")
    understood = page.locator("#understood")
    page.locator("#prompt").fill("12345 !?…")
    expect(understood).to_contain_text("There are no words")
    page.get_by_role("button", name="Make two takes").click()
    expect(page.locator(".toast")).to_contain_text("There are no words")

    for prompt, sign in (
        ("a garlic on a white podium, pink wall", "podium"),
        ("weißes Podest vor einer rosa Wand, ein Makronchen", "podium"),
    ):
        page.locator("#prompt").fill(prompt)
        expect(understood).to_contain_text("Not shown:")
        expect(understood).to_contain_text(sign)
    page.locator(".takes-choice label", has_text="One").click()
    page.get_by_role("button", name="Make one take").click()
    alice.done("alone")
    expect(page.locator(".said")).to_contain_text("weißes Podest")
    assert max(alice.download().shape) == SMALL


def test_a_photo_of_ones_own_becomes_the_scene_at_its_floor_line(
    photographer: Callable[..., Photographer], jar: Path, coffee: Path
) -> None:
    alice = photographer()
    page = alice.page
    alice.add(jar)
    alice.way("Your photo")
    page.set_input_files("[name=backdrop]", coffee)
    line = page.get_by_role("slider", name="Floor line")
    expect(line).to_be_visible()
    line.focus()
    page.keyboard.press("ArrowDown")
    expect(line).to_have_attribute("aria-valuenow", "81")
    box = line.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    alice.drag(middle, (middle[0], alice.at(0, 0.7)[1]))
    expect(line).to_have_attribute("aria-valuenow", "70")
    page.get_by_role("button", name="Make one take").click()
    alice.done("alone")
    made = alice.download()
    assert made.shape == (round(SMALL * 2 / 3), SMALL, 3), "the shape of the photo"
    photo = Image.open(coffee).convert("RGB").resize((made.shape[1], made.shape[0]))
    apart = np.abs(made.astype(int) - np.asarray(photo)).mean(2)
    assert np.median(apart[:30, :60]) < 6, "what is far from the product is the photo"
    assert apart[90:110, 118:138].mean() > 30, "the product stands in the middle of it"
