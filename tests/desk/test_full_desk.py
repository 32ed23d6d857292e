"""Three hundred photos on the desk: few of them in the page, all of them within reach."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

MANY = 311

PEOPLE = f"""
names = ["looker", "stepper", "chooser", "cleaner", "dropper", "poller"]
people = {{name: seat(f"full-{{name}}") for name in names}}
photos = {{name: photos_of(person, {MANY}) for name, person in people.items()}}
done = [Task(owner=people["cleaner"], photo=photo, tool="cutout", params=PLAIN, state=State.DONE)
        for photo in photos["cleaner"][:280]]
Task.objects.bulk_create(done)
tasks = [Task(owner=people["poller"], photo=photo, tool="cutout", params=PLAIN, state=State.PROCESSING)
         for photo in photos["poller"][1:]]
Task.objects.bulk_create(tasks)
hand_over(photos={{name: [one.pk for one in photos[name]] for name in names}},
          **{{name: ticket(person) for name, person in people.items()}})
"""


@pytest.fixture(scope="module")
def people(seed: Seed) -> dict[str, Any]:
    return seed(PEOPLE)


def frames(page: Page) -> int:
    return page.locator("#frames > li").count()


FIRST_SEEN = """() => {
  const { left } = document.querySelector(".reel").getBoundingClientRect();
  const links = [...document.querySelectorAll("#frames a")];
  return links.find((link) => link.getBoundingClientRect().left >= left)?.dataset.photo || "";
}"""


def first_seen(page: Page) -> str:
    """The key of the photo whose frame is at the left edge of what is seen."""
    return page.evaluate(FIRST_SEEN)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_holds_only_what_is_near_wherever_one_scrolls(
    open_as: Opener, people: dict[str, Any], width: int
) -> None:
    page = open_as(people["looker"], viewport={"width": width, "height": 844})
    seen = page.evaluate("Math.ceil(document.querySelector('.reel').clientWidth / 60)")
    wide = page.evaluate("document.querySelector('.reel').scrollWidth")
    assert wide > MANY * 60
    for share in (0, 0.5, 1, 0.25):
        page.evaluate(
            f"(reel => {{ reel.scrollLeft = {share} * reel.scrollWidth }})(document.querySelector('.reel'))"
        )
        place = round(share * MANY)
        near = people["photos"]["looker"][min(place + 2, MANY - 1)]
        expect(page.locator(f"#frame-{near}")).to_be_attached()
        assert frames(page) <= max(36, 5 * seen)
        assert abs(people["photos"]["looker"].index(first_seen(page)) - place) < seen + 3
    assert abs(page.evaluate("document.querySelector('.reel').scrollWidth") - wide) < 5


def test_the_arrow_keys_go_on_where_the_list_ends(open_as: Opener, people: dict[str, Any]) -> None:
    photos = people["photos"]["stepper"]
    page = open_as(people["stepper"], f"/editor/photos/{photos[200]}/")
    expect(page.locator(f'#frames a[data-photo="{photos[200]}"]')).to_be_in_viewport()
    page.evaluate("document.querySelector('.reel').scrollLeft = 0")
    expect(page.locator(f"#frame-{photos[0]}")).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#photo")).to_have_attribute("data-photo", photos[201])
    expect(page.locator(f'#frames a[data-photo="{photos[201]}"]')).to_be_in_viewport()
    for at in range(202, 262):
        page.keyboard.press("ArrowRight")
        expect(page.locator(f'#frames a[data-photo="{photos[at]}"]')).to_have_attribute(
            "aria-current", "true"
        )
    assert frames(page) < 80


def test_a_photo_that_comes_after_the_next_key_does_not_take_the_mark_back(
    open_as: Opener, people: dict[str, Any]
) -> None:
    photos = people["photos"]["stepper"]
    page = open_as(people["stepper"], f"/editor/photos/{photos[100]}/")
    held: list[Any] = []
    page.route(re.compile(rf"{photos[102]}/(\?|$)"), lambda route: held.append(route))
    page.evaluate("""document.addEventListener("htmx:afterSwap", () => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true})), {once: true, capture: true})""")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#photo")).to_have_attribute("data-photo", photos[101])
    page.evaluate("new Promise((soon) => requestAnimationFrame(() => requestAnimationFrame(soon)))")
    marked = page.locator("#frames a[aria-current]")
    expect(marked).to_have_attribute("data-photo", photos[102])
    page.keyboard.press("ArrowRight")
    expect(page.locator("#photo")).to_have_attribute("data-photo", photos[103])
    expect(marked).to_have_attribute("data-photo", photos[103])


def test_photos_are_chosen_in_all_of_the_desk_and_put_away_with_the_way_back(
    open_as: Opener, people: dict[str, Any]
) -> None:
    photos = people["photos"]["chooser"]
    page = open_as(people["chooser"])
    page.get_by_label("More for the photos on the desk").click()
    page.get_by_role("button", name="Choose photos").click()
    bar = page.get_by_role("group", name="Chosen photos")
    page.locator(f"#frame-{photos[1]} a").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(bar).to_contain_text("2 of 311 chosen")
    page.evaluate("document.querySelector('.reel').scrollLeft = 1e6")
    page.locator(f"#frame-{photos[310]} a").click(modifiers=["Shift"])
    expect(bar).to_contain_text("310 of 311 chosen")
    page.evaluate("document.querySelector('.reel').scrollLeft = 0")
    expect(page.locator(f"#frame-{photos[2]} a")).to_have_attribute("aria-checked", "true")
    expect(page.locator(f"#frame-{photos[0]} a")).to_have_attribute("aria-checked", "false")
    bar.get_by_role("button", name="All").click()
    expect(bar).to_contain_text("311 of 311 chosen")
    bar.get_by_role("button", name="None").click()
    for at in (0, 3):
        page.locator(f"#frame-{photos[at]} a").click()
    bar.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("2 photos put away.")).to_be_visible()
    expect(page.locator("#frames")).to_have_attribute("data-total", "309")
    # What was open is away: another one is open.
    expect(page.locator("#photo")).to_have_attribute("data-photo", photos[1])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#frames")).to_have_attribute("data-total", "311")
    expect(page.locator(f"#frame-{photos[0]}")).to_be_attached()


def test_the_finished_and_then_all_are_put_away_and_come_back_after_a_reload(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["cleaner"])
    menu = page.get_by_label("More for the photos on the desk")
    menu.click()
    page.get_by_role("button", name="Put away the finished 280").click()
    expect(page.locator("#frames")).to_have_attribute("data-total", "31")
    menu.click()
    page.get_by_role("button", name="Put away all 31").click()
    expect(page.get_by_text("Drop product photos here")).to_be_visible()
    page.reload()
    menu.click()
    page.get_by_role("button", name="Bring back the last 31").click()
    expect(page.locator("#frames")).to_have_attribute("data-total", "31")
    expect(page.locator("#photo")).to_have_attribute("data-photo", people["photos"]["cleaner"][280])


def test_one_question_a_second_keeps_three_hundred_working_photos_up_to_date(
    open_as: Opener, people: dict[str, Any]
) -> None:
    asked: list[str] = []
    page = open_as(people["poller"])
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda response: "/editor/strip/" in response.url):
        pass
    with page.expect_response(lambda response: "/editor/strip/" in response.url) as second:
        pass
    assert second.value.status == 204, "nothing changed, so nothing is sent"
    assert {url.split("?")[0].rpartition("/editor")[2] for url in asked if "/editor" in url} == {"/strip/"}


def test_three_hundred_dropped_files_are_a_dozen_frames_and_a_number(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page = open_as(people["dropper"])
    page.route("**/editor/photos/", lambda route: None)  # the studio is slow
    page.set_input_files(
        "#picker",
        [{"name": f"shoe {n}.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 200} for n in range(300)],
    )
    expect(page.locator(".upload-more")).to_have_text("+288")
    assert page.locator("#uploads > li").count() == 13


def test_what_waits_for_room_in_the_plan_goes_on_by_itself_or_is_kept_for_later(
    open_as: Opener, people: dict[str, Any]
) -> None:
    page, sent = open_as(people["dropper"]), []
    sentence = "Your plan has 2 pictures worked on at once. Go on when some are done."

    def refuse(route: Any) -> None:
        sent.append(route)
        headers = {"Retry-After": "1" if len(sent) == 1 else "1000"}
        route.fulfill(status=429, content_type="text/plain; charset=utf-8", body=sentence, headers=headers)

    page.route("**/editor/photos/", refuse)
    files = [{"name": f"shoe {n}.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 200} for n in range(40)]
    with page.expect_request("**/editor/photos/"):
        page.set_input_files("#picker", files)
    with page.expect_request("**/editor/photos/"):  # the second comes without anybody
        pass
    expect(page.get_by_text("40 photos wait for room in your plan and go on by themselves.")).to_be_visible()
    page.get_by_role("button", name="Stop waiting").click()
    expect(page.get_by_text("40 files were not added.")).to_be_visible()
    expect(page.locator(".failure", has_text="shoe 2.jpg")).to_contain_text(sentence)
    assert len(sent) == 2
    page.get_by_role("button", name="Dismiss all").click()


def test_what_stands_against_one_file_is_told_of_all_that_wait_and_none_is_sent_in_vain(
    open_as: Opener, people: dict[str, Any]
) -> None:
    sentence = "This costs 1 credit, and you have 0 left."
    page, sent = open_as(people["dropper"]), []

    def refuse(route: Any) -> None:
        sent.append(route)
        route.fulfill(status=402, content_type="text/plain; charset=utf-8", body=sentence)

    page.route("**/editor/photos/", refuse)
    files = [{"name": f"shoe {n}.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 200} for n in range(40)]
    page.set_input_files("#picker", files)
    expect(page.get_by_text("40 files were not added.")).to_be_visible()
    expect(page.locator(".failure", has_text="shoe 2.jpg")).to_contain_text(sentence)
    assert len(sent) == 1  # the first of them, which goes alone
    page.get_by_role("button", name="Try all again").click()
    expect(page.get_by_text("40 files were not added.")).to_be_visible()
    assert len(sent) == 2
    page.get_by_role("button", name="Dismiss all").click()
