"""A shop's folder becomes two marketplaces' files in a real browser, in a few clicks, all as is asked."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .installation import Studio
from .measured_files import ASKED, find_faults

pytestmark = pytest.mark.browser

MOST_CLICKS = 6
ORDINARY = 3
RECIPE = """
import json, sys
from accounts.models import User
from editor.models import Recipe
data = {
    "version": 1, "name": "Amazon and Google",
    "finish": {"canvas": "exact", "width": 1600, "height": 1600, "scaling": "fit", "enlarge": True,
               "margins": [0.08] * 4, "background": "#ffffff"},
    "files": [{"market": "amazon", "name": "{sku}.{variant}.{ext}"},
              {"market": "google", "name": "{stem}.{ext}"}],
}
Recipe.objects.create(owner=User.objects.get(email=EMAIL), name=data["name"], data=data)
"""


def mug(width: int, height: int, seed: int) -> Image.Image:
    """A mug before a plain grey wall, in a dark colour of its own."""
    picture = Image.new("RGB", (width, height), (206, 204, 200))
    draw = ImageDraw.Draw(picture)
    colour = (30 + 17 * seed % 90, 40 + 29 * seed % 60, 60 + 41 * seed % 70)
    left, right = 0.28 * width, 0.66 * width
    draw.rounded_rectangle((left, 0.18 * height, right, 0.84 * height), 0.06 * height, colour)
    handle = (0.60 * width, 0.32 * height, 0.78 * width, 0.66 * height)
    draw.ellipse(handle, outline=colour, width=max(3, width // 28))
    draw.rectangle((left, 0.45 * height, right, 0.55 * height), tuple(value + 40 for value in colour))
    return picture.filter(ImageFilter.GaussianBlur(max(0.7, width / 1500)))


def cut_mug(seed: int) -> Image.Image:
    """A mug on nothing, with a soft edge."""
    pixels = np.array(mug(600, 450, seed))
    clear = pixels.min(axis=2) > 150
    pixels[clear] = pixels[~clear].mean(axis=0)
    alpha = Image.fromarray(np.where(clear, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    return Image.fromarray(np.dstack([pixels, np.asarray(alpha)]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight photos as a shop has them, in folders: one of them is broken in the middle."""
    pillow_heif.register_heif_opener()
    folder = tmp_path_factory.mktemp("catalogue") / "winter"
    (folder / "mugs" / "new").mkdir(parents=True)
    for number in range(ORDINARY):
        mug(600, 450, number).save(folder / "mugs" / f"M{number:02}.jpg", quality=92)
    mug(640, 480, 31).save(folder / "mugs" / "new" / "P1.heic", quality=85)
    turned, exif = mug(640, 480, 32).transpose(Image.Transpose.ROTATE_90), Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A phone"
    turned.save(folder / "mugs" / "new" / "P2.jpg", quality=92, exif=exif)
    mug(1824, 1216, 33).resize((5472, 3648)).save(folder / "mugs" / "new" / "P3.jpg", quality=90)
    cut_mug(34).save(folder / "P4.png")
    whole = (folder / "mugs" / "M00.jpg").read_bytes()
    (folder / "P5.jpg").write_bytes(whole[: len(whole) // 3])
    return folder


class Shop:
    """Somebody at the catalogue, whose clicks are counted."""

    def __init__(self, studio: Studio, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.clicks = 0
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        email = "a-shop-with-a-folder@example.com"
        context.add_cookies([{**studio.admit(email), "url": studio.url}])  # type: ignore[typeddict-item]
        studio.shell(RECIPE.replace("EMAIL", repr(email)))
        self.page.goto(f"{studio.url}/catalogue/")

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def choose_folder(self, folder: Path) -> None:
        with self.page.expect_file_chooser() as chosen:
            self.click(self.page.get_by_text("Choose a folder"))
        chosen.value.set_files(folder)

    def download(self, title: str) -> zipfile.ZipFile:
        with self.page.expect_download() as coming:
            self.click(self.page.get_by_role("link", name=f"Download {title}"))
        return zipfile.ZipFile(coming.value.path())


@pytest.fixture
def shop(studio: Studio, browser: Browser) -> Iterator[Shop]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        shop = Shop(studio, context)
        yield shop
        assert shop.problems == []


def test_a_folder_becomes_two_marketplaces_files_in_six_clicks(shop: Shop, folder: Path) -> None:
    page, sources = shop.page, [path for path in folder.rglob("*") if path.is_file()]
    assert len(sources) == 8
    shop.click(page.get_by_role("button", name="New run of Amazon and Google"))
    shop.choose_folder(folder)
    expect(page.locator("#announcer")).to_have_text("8 photos added.")
    shop.click(page.get_by_role("button", name="Start 8 photos"))
    # Nobody reloads: the page follows by itself, and says what went wrong and what to do.
    expect(page.locator("#run-state")).to_contain_text("Done 8 of 8 photos", use_inner_text=True)
    expect(page.locator("#run-acts")).to_contain_text("1 photo failed")
    expect(page.locator('#sheet > [data-state="done"] img')).to_have_count(7)
    broken = page.locator('#sheet > [data-state="failed"]')
    expect(broken).to_contain_text("P5.jpg")
    archives = {
        "amazon": shop.download("Amazon, main picture"),
        "google": shop.download("Google Merchant"),
    }
    assert shop.clicks <= MOST_CLICKS

    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in sources if path.name != "P5.jpg"}
    for market, archive in archives.items():
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("manifest.")}
        assert len(files) == 7
        assert {name.partition("/")[0] for name in files} == {market}
        faults = {name: find_faults(market, name.partition("/")[2], data) for name, data in files.items()}
        assert {name: found for name, found in faults.items() if found} == {}
        told = json.loads(archive.read("manifest.json"))["files"]
        made = {line["file"]: line for line in told if "file" in line}
        assert made.keys() == files.keys()
        assert {line["source_sha256"] for line in made.values()} == hashes
        for name, data in files.items():
            assert made[name]["sha256"] == hashlib.sha256(data).hexdigest()
            assert made[name]["verdict"] != "not_met"
        [lost] = [line for line in told if "file" not in line]
        assert lost["source"].endswith("P5.jpg")
        assert lost["message"]


@pytest.mark.parametrize("market", ASKED)
def test_the_measure_finds_what_is_wrong(market: str, tmp_path: Path) -> None:
    """Or a file that shows anything would pass."""
    pixels = np.full((*ASKED[market].size[::-1], 3), 255, np.uint8)
    pixels[200:-100, 300:400] = 30
    pixels[5, 5] = 254
    Image.fromarray(pixels).save(tmp_path / "a.png")
    faults = find_faults(market, "no name.png", (tmp_path / "a.png").read_bytes())
    assert [fault.partition(" ")[0] for fault in faults[:3]] == ["is", "has", "is"]
    assert any("1 of" in fault for fault in faults)
