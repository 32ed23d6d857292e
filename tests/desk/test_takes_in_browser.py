"""A scene at work in a browser: what is finished shows at once, can be kept, and what is missing is said."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener, Seed

pytestmark = pytest.mark.browser

AT_WORK = """
from uuid import uuid4
alice = seat(f"takes-{User.objects.count()}")
photo = photos_of(alice, 1)[0]
cut_out(photo, minutes_ago=9)
params = {"scene": 105, "takes": 2, "seed": 1, "size": 1024, "format": "png", "aspect": ""}
for _ in range(3):
    now = timezone.now()
    Task.objects.create(owner=alice, photo=photos_of(alice, 1)[0], tool="scene", state=1, params=params,
                        attempts=1, processed_at=now - timedelta(seconds=40), completed_at=now)
now = timezone.now()
task = Task.objects.create(
    owner=alice, photo=photo, tool="scene", params=params, state=4, credits=6, progress=22, processed_at=now,
    owner_token=uuid4(), lease_expires_at=now + timedelta(hours=9),
    early=[stored("early", "png", encoded(cut_picture(60, 40), "png")) for _ in range(2)],
)
hand_over(ticket=ticket(alice), photo=photo.pk, task=task.pk)
"""

FINISHED = """
picture = encoded(cut_picture(300, 200), "png")
Task.objects.filter(pk="{task}").update(progress=60, finished=[{{
    "number": 1, "file": stored("results", "png", picture), "thumbnail": "", "format": "png",
    "width": 300, "height": 200, "bytes": len(picture), "gave_way":
    {{"samples": 3, "of_samples": 7, "side": 800, "of_side": 1024, "busy": True}},
}}])
"""

STOPPED = """
from editor.tasks import settlement
settlement.end(Task.objects.filter(pk="{task}", cancel_requested=True), State.CANCELLED)
"""


def opened(open_as: Opener, seed: Seed) -> tuple[Page, dict[str, Any]]:
    found = seed(AT_WORK)
    return open_as(found["ticket"], f"/editor/photos/{found['photo']}/?tool=scene"), found


def test_a_finished_take_shows_while_the_other_is_made_and_is_kept_when_one_stops(
    open_as: Opener, seed: Seed
) -> None:
    page, found = opened(open_as, seed)
    prints = page.locator("#takes .print")
    expect(prints.nth(0)).to_contain_text("a first look")
    expect(page.locator("#cancel")).to_have_text("Cancel")
    expect(page.locator("#progress")).to_contain_text("Done in about")

    seed(FINISHED.format(**found))

    expect(prints.nth(0)).to_contain_text("finished")
    expect(prints.nth(1)).to_contain_text("a first look")
    picture = prints.nth(0).locator("img")
    expect(picture).to_have_js_property("complete", True)
    expect(picture).to_have_js_property("naturalWidth", 300)
    stop = page.locator("#cancel")
    expect(stop).to_have_text("Stop here, keep the finished take")
    expect(stop).to_have_count(1)

    stop.click()
    expect(page.locator("#progress")).to_contain_text("Cancelling")
    seed(STOPPED.format(**found))

    card = page.locator("#task")
    expect(card).to_contain_text("One of two takes was finished before this was stopped")
    expect(card).to_contain_text("Rendered with 3 of 7 samples and at 800 instead of 1024 pixels")
    expect(page.locator("#download")).to_be_visible()


def test_the_time_on_the_button_follows_the_size_that_is_chosen(open_as: Opener, seed: Seed) -> None:
    page, found = opened(open_as, seed)
    seed(f'Task.objects.filter(pk="{found["task"]}").delete()')
    page.reload()
    button = page.locator("#start")
    expect(button).to_contain_text("6 credits")
    before = button.inner_text()
    assert before.count("about") == 1
    page.locator('[name="size"][value="2048"]').evaluate("chip => chip.click()")
    after = button.inner_text()
    assert after.count("about") == 1
    assert after != before
