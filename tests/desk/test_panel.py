"""The panel beside the picture: its options made it, a change against them shows, words are true."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

PEOPLE = """
alice = seat("panel-alice")
fresh, *photos = photos_of(alice, 5)
SCENE = {"seed": 1, "takes": 1, "size": 1024, "format": "jpg"}
ways = {
    "cutout": [{"subject": ""}, {"subject": "person"}],
    "erase": [{"rectangles": [], "seed": 0, "format": "webp"},
              {"rectangles": [], "seed": 1, "format": "jpg"}],
    "head": [{"faces": "all", "crop": True, "format": "webp", "outputs": "image"},
             {"faces": "all", "crop": False, "format": "jpg", "outputs": "image"}],
    "scene": [{**SCENE, "scene": 105, "aspect": "1:1", "surface": "#c96f4a", "place": [0.4, 0.8, 0.5]},
              {**SCENE, "prompt": "marble podium", "negative_prompt": "flowers", "copy_space": "left",
               "accent": "#102030"}],
}
results = {}
for photo, (tool, both) in zip(photos, ways.items(), strict=True):
    cut_out(photo, minutes_ago=99)
    results[tool] = [made(photo, tool, params, minutes_ago=5 - at).pk for at, params in enumerate(both)]
bob = seat("panel-bob")
uncut = photos_of(bob, 1)[0]
hand_over(ticket=ticket(alice), fresh=fresh.pk, results=results, bob=ticket(bob), uncut=uncut.pk,
          photos={tool: photo.pk for photo, tool in zip(photos, ways, strict=True)})
"""

# What each tool's form says of the two pictures, as a browser reads it.
SAID: dict[str, list[dict[str, str]]] = {
    "cutout": [{"subject": ""}, {"subject": "person"}],
    "erase": [{"format": "webp"}, {"format": "jpg"}],
    "head": [{"crop": "on", "format": "webp"}, {"crop": "", "format": "jpg"}],
    "scene": [
        {"by": "scene", "scene_type": "105", "aspect": "1:1", "surface": "#c96f4a", "prompt": "",
         "batch_size": "1"},
        {"by": "words", "prompt": "marble podium", "negative_prompt": "flowers", "copy_space": "left",
         "accent": "#102030", "surface": ""},
    ],
}  # fmt: skip
FORM = "() => Object.fromEntries(new FormData(document.getElementById('options')))"
TOOLS = list(SAID)


@pytest.fixture(scope="module")
def people(seed: Seed) -> dict[str, Any]:
    return seed(PEOPLE)


def says(page: Page, wanted: dict[str, str]) -> None:
    """The form comes to say this."""
    for name, value in wanted.items():
        page.wait_for_function(
            f"([name, value]) => String(({FORM})()[name] ?? '') === value", arg=[name, value]
        )


def shows(page: Page, result: str) -> None:
    expect(page.locator("#picture")).to_have_attribute("data-result", result)


def at(tool: str, people: dict[str, Any], number: int) -> str:
    return f"/editor/photos/{people['photos'][tool]}/?result={people['results'][tool][number]}"


@pytest.mark.parametrize("tool", TOOLS)
def test_the_options_follow_the_picture_through_results_reload_and_back(
    open_as: Opener, people: dict[str, Any], tool: str
) -> None:
    older, newer = people["results"][tool]
    page = open_as(people["ticket"], at(tool, people, 0))
    shows(page, older)
    says(page, SAID[tool][0])
    page.locator(f"#variant-{newer}").click()
    shows(page, newer)
    says(page, SAID[tool][1])
    page.reload()
    says(page, SAID[tool][1])
    page.go_back()
    shows(page, older)
    says(page, SAID[tool][0])
    expect(page.locator("#changed")).to_be_hidden()


CHANGES = {
    "cutout": ("Object", "subject", "object"),
    "erase": ("PNG", "format", "png"),
    "head": ("PNG", "format", "png"),
    "scene": ("9:16", "aspect", "9:16"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_change_shows_and_is_taken_back(open_as: Opener, people: dict[str, Any], tool: str) -> None:
    page = open_as(people["ticket"], at(tool, people, 0))
    shows(page, people["results"][tool][0])
    page.evaluate("for (const one of document.querySelectorAll('.panel details:not(.menu)')) one.open = true")
    label, name, value = CHANGES[tool]
    page.locator("#options").get_by_label(label, exact=True).first.check(force=True)
    says(page, {name: value})
    expect(page.locator("#changed")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    says(page, SAID[tool][0])
    expect(page.locator("#changed")).to_be_hidden()
    # Changed and set back by hand is not changed either.
    page.locator("#options").get_by_label(label, exact=True).first.check(force=True)
    expect(page.locator("#changed")).to_be_visible()
    page.evaluate(
        """([name, value]) => {
          const fields = [...document.getElementById("options").elements[name]];
          fields.find((one) => one.value === value).click();
        }""",
        [name, SAID[tool][0][name]],
    )
    expect(page.locator("#changed")).to_be_hidden()


def test_another_photo_brings_its_own_and_a_fresh_one_what_was_set(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], f"/editor/photos/{people['fresh']}/")
    page.locator("#options").get_by_label("Object").check(force=True)
    page.locator(f'#frames a[data-photo="{people["photos"]["cutout"]}"]').click()
    says(page, SAID["cutout"][1])
    page.locator(f'#frames a[data-photo="{people["fresh"]}"]').click()
    says(page, {"subject": "object"})
    expect(page.locator("#changed")).to_be_hidden()


def test_where_the_product_stands_in_a_take_is_where_it_stands_when_placed_anew(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["ticket"], at("scene", people, 0))
    shows(page, people["results"]["scene"][0])
    says(page, {"place": "0.4000,0.8000,0.5000"})
    page.locator(f"#variant-{people['results']['scene'][1]}").click()
    says(page, {"place": ""})


CUT = """
photo = Photo.objects.get(pk="{photo}")
cut_out(photo)
hand_over()
"""


def test_not_cut_out_yet_goes_once_it_is(open_as: Opener, people: dict[str, Any], seed: Seed) -> None:
    page = open_as(people["bob"], f"/editor/photos/{people['uncut']}/?tool=scene")
    expect(page.get_by_text("Not cut out yet")).to_be_visible()
    seed(CUT.format(photo=people["uncut"]))  # in another window, or by the tool that was in hand before
    page.evaluate("document.dispatchEvent(new CustomEvent('poll'))")
    expect(page.get_by_text("Not cut out yet")).to_be_hidden()
    expect(page.locator("#picture")).to_have_attribute("data-before", re.compile("/results/"))


def test_nothing_is_said_of_marks_beside_what_was_erased(open_as: Opener, people: dict[str, Any]) -> None:
    page = open_as(people["ticket"], at("erase", people, 0))
    shows(page, people["results"]["erase"][0])
    expect(page.get_by_text("Nothing is marked yet.")).to_be_hidden()
    page.get_by_role("link", name="Erase more here").click()
    expect(page.get_by_text("Nothing is marked yet.")).to_be_visible()
