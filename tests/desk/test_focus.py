"""The keyboard goes through every control of a page, and only what holds the control scrolls."""

from typing import Any

import pytest

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

PEOPLE = """
alice = seat("focus-alice")
photo = photos_of(alice, 3)[0]
cut = cut_out(photo, crop=True, margin=0.1)
made(photo, "scene", {"scene": 105, "takes": 1, "seed": 1, "size": 1024, "format": "jpg"})
Photo.objects.filter(pk=photo.pk).update(heads={"heads": [
    {"index": 0, "kind": "human", "x": 290, "y": 190, "rx": 20, "ry": 20, "angle": 0}]})
hand_over(ticket=ticket(alice), photo=photo.pk, cut=cut.pk)
"""

# Where a hidden input lies beyond its label, and what a focus scrolled besides the panel and its lists.
LOOK = """() => {
  for (const details of document.querySelectorAll("details:not(.menu)")) details.open = true;
  const may = ".panel, .panel *, .reel, .rail, .strip, dialog *, .choices, .menu-body";
  const found = new Set();
  const name = (one) => [one.localName, one.id, one.className, one.name, one.value].join(" ").slice(0, 90);
  const scrolled = () => [...document.querySelectorAll("*")].filter((one) =>
    (one.scrollTop || one.scrollLeft) && !one.matches(may));
  const focusable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const closed = "details.menu:not([open]) .menu-body, dialog:not([open])";
  const controls = [...document.querySelectorAll(focusable)];
  let count = 0;
  for (const control of controls) {
    if (control.closest(closed) || !control.getClientRects().length) continue;
    scrollTo(0, 0);
    const before = control.getBoundingClientRect();
    const inSight = before.top >= 0 && before.bottom <= innerHeight;
    const label = control.closest("label");
    if (label && getComputedStyle(control).opacity === "0") {
      const around = label.getBoundingClientRect();
      if (before.left < around.left - 1 || before.right > around.right + 1 || before.top < around.top - 1
        || before.bottom > around.bottom + 1) found.add(`outside its label: ${name(control)}`);
    }
    control.focus();
    if (document.activeElement !== control) continue;
    count += 1;
    const moved = document.body.classList.contains("editor") || inSight ? scrolled() : [];
    for (const one of moved) found.add(`${name(control)} scrolled ${name(one)} to ${one.scrollTop}`);
  }
  return { found: [...found], count };
}"""


@pytest.fixture(scope="module")
def people(seed: Seed) -> dict[str, Any]:
    return seed(PEOPLE)


SIZES = [{"width": 1280, "height": 720}, {"width": 1280, "height": 500}, {"width": 390, "height": 844}]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}x{size['height']}")
@pytest.mark.parametrize("query", ["", "?tool=erase", "?tool=scene", "?tool=head", "?tool=head&choose=1"])
def test_nothing_but_the_panel_scrolls_in_the_editor(
    open_as: Opener, people: dict[str, Any], query: str, size: dict[str, int]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/{query}", viewport=size)
    page.wait_for_selector(".stage.live")
    seen = page.evaluate(LOOK)
    assert seen["found"] == []
    assert seen["count"] > 20


@pytest.mark.parametrize("address", ["/gallery/", "/account/usage/", "/account/keys/", "/account/", "/api/"])
def test_what_is_in_sight_scrolls_nothing(open_as: Opener, people: dict[str, Any], address: str) -> None:
    page = open_as(people["ticket"], address)
    page.evaluate("for (const menu of document.querySelectorAll('details.menu')) menu.open = true")
    seen = page.evaluate(LOOK)
    assert seen["found"] == []
    assert seen["count"] > 5


def test_tabbing_through_the_panel_keeps_the_page_where_it_is(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['photo']}/?tool=scene")
    page.wait_for_selector(".stage.live")
    page.locator(".rail a").last.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("[scrollX, scrollY, document.querySelector('.desk').scrollTop]") == [0, 0, 0]
