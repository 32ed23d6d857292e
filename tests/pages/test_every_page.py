"""Every page: axe finds nothing, wide and narrow, light and dark; and it holds in whatever font there is."""

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support import packages

from . import inventory
from .conftest import NARROW, NARROWEST, WIDE, Place

pytestmark = pytest.mark.browser

# All rules of WCAG 2.2 A and AA, best practices, and those that axe still calls experimental.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
# What another look of the same page can break.
OF_COLOURS = ["color-contrast", "link-in-text-block"]

RUN = """async (options) => {
  const words = (node) => `${node.target} (${node.failureSummary.split("\\n").slice(1, 3).join(";")})`;
  const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return violations.map((one) => `${one.id}: ${one.nodes.map(words).join(" | ")}`);
}"""
TOO_WIDE = Path(__file__).with_name("too_wide.js").read_text().partition("*/")[2]
FACES = {"wide": packages.WIDE, "narrow": packages.NARROW}


UNLIKE, LIKE_OTHERS = inventory.part([*inventory.SIGHTS, *inventory.desk()])


def each(sights: list[inventory.Sight]) -> pytest.MarkDecorator:
    """Have a test look at these. Those of two tests that begin alike are opened once for both."""
    names = [sight.name.replace(" ", "-") for sight in sights]
    return pytest.mark.parametrize("sight", sights, ids=names, scope="module")


@pytest.fixture(scope="module")
def page(place: Place, sight: inventory.Sight) -> Page:
    """One page after the other, each opened once for all that is asked of it."""
    return place.open(sight, NARROW if sight.on_a_phone else WIDE)


def look(page: Page, size: tuple[int, int], scheme: str = "light") -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]


def violations(page: Page, **options: Any) -> list[str]:
    """Return what axe finds wrong with a page as it looks now."""
    return page.evaluate(RUN, options)


@each(UNLIKE)
def test_axe_finds_nothing(page: Page) -> None:
    page.evaluate(packages.AXE.path.read_text())
    every = {"runOnly": {"type": "tag", "values": TAGS}}
    colours = {"runOnly": {"type": "rule", "values": OF_COLOURS}}
    found = []
    for size, scheme, rules in ((WIDE, "dark", colours), (WIDE, "light", every), (NARROW, "light", every)):
        look(page, size, scheme)
        found += [f"{size[0]} {scheme} {one}" for one in violations(page, **rules)]
    assert found == []


def force(page: Page, face: str) -> None:
    """Have the whole page in one font, whatever it asks for."""
    font = base64.b64encode(FACES[face].path.read_bytes()).decode()
    page.add_style_tag(
        content=f'@font-face {{ font-family: "{face}"; src: url(data:font/woff2;base64,{font}) }}'
        f'*, ::before, ::after {{ font-family: "{face}" !important }}'
    )
    page.evaluate(f"() => document.fonts.load('16px {face}').then(() => document.fonts.ready)")


@each([*UNLIKE, *LIKE_OTHERS])
def test_nothing_is_wider_than_a_phone(page: Page, sight: inventory.Sight) -> None:
    # With narrow letters only what opens beside something else can come to lie further out.
    faces = FACES if sight.press else ["wide"]
    found = []
    for face in faces:
        force(page, face)
        for size in (NARROW, NARROWEST):
            look(page, size)
            found += [f"{face}: {one}" for one in page.evaluate(TOO_WIDE)]
    assert found == []


def test_the_two_fonts_are_of_very_different_widths(place: Place) -> None:
    page = place.open(inventory.SIGHTS[0])
    widths = {}
    for face in FACES:
        force(page, face)
        widths[face] = page.locator("h1").evaluate(
            "one => { const range = document.createRange(); range.selectNodeContents(one); "
            "return range.getBoundingClientRect().width }"
        )
    assert widths["wide"] > 1.5 * widths["narrow"]
