"""When work is done is told by what was done here lately and by the queue, and nothing where neither says."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editor.models import Photo, Task, Worker
from editor.states import State
from editor.tools import Tool
from editor.work import forecast, orders
from tests.editor.standing import HTMX, address, page_of, staged

MakePhoto = Callable[..., Photo]
ONE = {"takes": 1, "size": 1024, "aspect": "1:1"}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def took(photo: Photo, seconds: float, takes: int = 1, **task: Any) -> Task:
    """A scene that was done just now, in so many seconds."""
    now = timezone.now()
    times = {"processed_at": now - timedelta(seconds=seconds), "completed_at": now, "attempts": 1}
    made = staged(photo, takes=takes, **{**times, **task})
    cache.clear()
    return made


def ordered(photo: Photo, **params: Any) -> Task:
    return orders.place(photo.owner, photo, Tool.SCENE, {"scene": 101, **ONE, **params})


def at_work(task: Task, spent: float, progress: int = 0) -> Task:
    changes = {"state": State.PROCESSING, "progress": progress, "owner_token": task.pk}
    Task.objects.filter(pk=task.pk).update(processed_at=timezone.now() - timedelta(seconds=spent), **changes)
    return Task.objects.get(pk=task.pk)


def status(client: Client, task: Task) -> str:
    page = client.get(reverse("editor:task-status", args=[task.pk]), headers=HTMX).content.decode()
    return page[page.index('id="progress"') :]


def test_before_anything_was_done_nothing_is_promised(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    assert forecast.estimate_seconds(Tool.SCENE, ONE) is None
    page = page_of(alice_client, photo)
    assert "6 credits" in page
    assert "about" not in page[page.index('id="start"') : page.index("6 credits") + 60]
    task = ordered(photo)
    assert "Waiting for its turn.</p>" in status(alice_client, task)


def test_the_newest_runs_say_how_things_are_now(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    for _ in range(9):
        took(photo, 20.0)
    assert forecast.estimate_seconds(Tool.SCENE, {**ONE, "aspect": ""}) == pytest.approx(20, rel=0.01)
    # The machine has become slow: three runs are enough to say so.
    for _ in range(3):
        took(photo, 120.0)
    assert forecast.estimate_seconds(Tool.SCENE, {**ONE, "aspect": ""}) == pytest.approx(120, rel=0.01)


def test_two_takes_take_twice_as_long_and_larger_ones_longer(alice: User, photo_of: MakePhoto) -> None:
    took(photo_of(alice), 20.0, params={"aspect": "1:1"})
    one, two = (forecast.estimate_seconds(Tool.SCENE, {**ONE, "takes": takes}) or 0 for takes in (1, 2))
    assert (one, two) == (pytest.approx(20), pytest.approx(40))
    small, large = (forecast.estimate_seconds(Tool.SCENE, {**ONE, "size": size}) or 0 for size in (512, 2048))
    assert small < one < large


def test_runs_of_the_same_scene_say_it_best(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    for _ in range(2):
        took(photo, 100.0, params={"scene": 162, "aspect": "1:1"})
    for _ in range(5):
        took(photo, 20.0, params={"aspect": "1:1"})
    assert forecast.estimate_seconds(Tool.SCENE, {**ONE, "scene": 162}) == pytest.approx(100)
    assert forecast.estimate_seconds(Tool.SCENE, {**ONE, "scene": 107}) == pytest.approx(20)


def test_what_was_cut_short_or_done_elsewhere_says_nothing(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    took(photo, 300.0, message="One of two takes was finished, and only that one was charged.")
    took(photo, 5.0, attempts=2)
    took(photo, 5.0, provider="picwish")
    took(photo, 5.0, created_at=timezone.now() - timedelta(days=60))
    assert forecast.estimate_seconds(Tool.SCENE, ONE) is None


def test_no_more_is_promised_than_it_may_take(alice: User, photo_of: MakePhoto, settings: Any) -> None:
    settings.RENDER_DEADLINE = 300
    took(photo_of(alice), 290.0)
    assert forecast.estimate_seconds(Tool.SCENE, {**ONE, "takes": 2, "size": 2048}) == 300


def test_the_queue_counts_what_is_at_work_as_well(alice: User, bob: User, photo_of: MakePhoto) -> None:
    took(photo_of(alice), 60.0, params={"aspect": "1:1"})
    at_work(ordered(photo_of(bob)), spent=20.0)
    mine = ordered(photo_of(alice))
    # 40 seconds of what is at work, and its own 60.
    assert forecast.estimate_task(mine) == pytest.approx(100, abs=2)
    ordered(photo_of(bob))
    second = ordered(photo_of(alice))
    # Alice's first and Bob's second are before it.
    assert forecast.estimate_task(second) == pytest.approx(220, abs=2)
    for _ in range(2):
        Worker.objects.create(queue="render", host="here", process=1)
    assert forecast.estimate_task(second) == pytest.approx(60 + 160 / 2, abs=2)


def test_an_idle_worker_begins_at_once(alice: User, bob: User, photo_of: MakePhoto) -> None:
    took(photo_of(alice), 60.0, params={"aspect": "1:1"})
    for _ in range(2):
        Worker.objects.create(queue="render", host="here", process=1)
    at_work(ordered(photo_of(bob)), spent=20.0)
    assert forecast.estimate_task(ordered(photo_of(alice))) == pytest.approx(60, abs=2)


def shown_on_the_button(page: str) -> list[str]:
    """The times on the button, of both prices and all sizes."""
    return re.findall(r'class="at-\d+"> · about ([^<]+)<', page)


def test_the_button_says_it_with_the_queue_and_each_size(
    alice: User, bob: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    took(photo_of(bob), 30.0, params={"aspect": ""})
    one, _, _, two, _, larger = shown_on_the_button(page_of(alice_client, photo))
    assert (one, two) == ("30 s", "60 s")
    assert larger not in (one, two)
    for _ in range(3):
        ordered(photo_of(bob))
    # Of Bob's three only the first is before Alice's.
    assert shown_on_the_button(page_of(alice_client, photo))[0] == "60 s"


def test_the_polling_fragment_tells_it_anew_each_time(
    alice: User, bob: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    took(photo_of(alice), 60.0, params={"aspect": "1:1"})
    other = ordered(photo_of(bob))
    task = ordered(photo_of(alice))
    assert "1 before it in the queue. Done in about 2 min." in status(alice_client, task)
    at_work(other, spent=50.0)
    assert "Waiting for its turn. Done in about 70 s." in status(alice_client, task)
    Task.objects.filter(pk=other.pk).update(state=State.CANCELLED, owner_token=None)
    at_work(task, spent=20.0)
    assert "Done in about 40 s." in status(alice_client, task)
    # Half of it took 50 seconds, so the other half will.
    at_work(task, spent=50.0, progress=48)
    assert "Done in about 50 s." in status(alice_client, task)
    at_work(task, spent=100.0, progress=20)
    assert "It takes longer than usual." in status(alice_client, task)


def test_a_cutout_is_told_of_where_there_is_something_to_wait_for(
    alice: User, bob: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    now = timezone.now()
    for seconds in (2, 2, 2):
        Task.objects.create(
            owner=alice,
            photo=photo,
            tool=Tool.CUTOUT,
            state=State.DONE,
            attempts=1,
            processed_at=now - timedelta(seconds=seconds),
            completed_at=now,
        )
    cache.clear()
    first = orders.place(bob, photo_of(bob), Tool.CUTOUT, {})
    mine = orders.place(alice, photo, Tool.CUTOUT, {})
    assert forecast.estimate_task(mine) == pytest.approx(4, abs=0.1)
    assert "Done in" not in status(alice_client, mine), "four seconds are not worth a word"
    for _ in range(9):
        orders.place(alice, photo, Tool.CUTOUT, {})
    last = orders.place(alice, photo, Tool.CUTOUT, {})
    assert "Done in about 25 s." in status(alice_client, last)
    assert first.status is State.QUEUED


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "5 s"), (42, "40 s"), (97, "95 s"), (98, "2 min"), (600, "10 min"), (7200, "2 hours")],
)
def test_times_are_told_as_people_do(seconds: float, words: str) -> None:
    assert forecast.describe_seconds(seconds) == words


def test_the_page_of_a_photo_has_it_as_well(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    took(photo_of(alice), 60.0, params={"aspect": "1:1"})
    ordered(photo)
    assert "Done in about 60 s." in alice_client.get(address(photo)).content.decode()


def cut_out(photo: Photo, seconds: float) -> None:
    now = timezone.now()
    times = {"created_at": now - timedelta(minutes=5), "processed_at": now - timedelta(seconds=seconds)}
    done = {"state": State.DONE, "completed_at": now, "attempts": 1, **times}
    task = orders.place(photo.owner, photo, Tool.CUTOUT, {})
    Task.objects.filter(pk=task.pk).update(**done)
    cache.clear()


def test_the_desk_says_how_long_all_of_it_takes(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    def summary() -> str:
        cache.clear()
        page = alice_client.get("/editor/strip/", headers={"X-Requested-With": "fetch"}).content.decode()
        return page[page.index('id="strip-summary"') : page.index("</p>")]

    photos = [photo_of(alice) for _ in range(12)]
    for photo in photos[:3]:
        cut_out(photo, 30)
    orders.place(alice, photos[3], Tool.CUTOUT, {})
    assert "left" not in summary()  # one alone says so itself
    for photo in photos[4:]:
        orders.place(alice, photo, Tool.CUTOUT, {})
    # Nine of half a minute, one after the other.
    assert "9 working, about 4 min left" in summary() or "9 working, about 5 min left" in summary()


def test_nothing_is_told_of_a_desk_before_anything_was_done(alice: User, photo_of: MakePhoto) -> None:
    for _ in range(3):
        orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    assert forecast.describe_rest(alice) == ""
