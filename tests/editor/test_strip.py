"""The filmstrip: one poll for all its frames, and nothing sent while nothing changes."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor import orders
from editor.models import Photo, Result, Task, Tool
from editor.states import State

MakePhoto = Callable[..., Photo]
SCRIPT = {"X-Requested-With": "fetch"}
ADDRESS = "/editor/strip/"


def frames(client: Client) -> Any:
    return client.get(ADDRESS, headers=SCRIPT)


def test_it_has_the_newest_first(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    older, newer = photo_of(alice, name="older.jpg"), photo_of(alice, name="newer.jpg")
    strip = frames(alice_client).context["strip"]
    assert [frame.photo for frame in strip.frames] == [newer, older]


def test_what_was_put_away_or_stands_behind_another_is_not_in_it(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    here, away, behind = photo_of(alice), photo_of(alice), photo_of(alice)
    Photo.objects.filter(pk=away.pk).update(on_desk=False)
    Photo.objects.filter(pk=behind.pk).update(purpose=Photo.Purpose.BACKDROP)
    assert [frame.photo for frame in frames(alice_client).context["strip"].frames] == [here]


def test_a_stranger_sees_none_of_it(alice: User, charlie_client: Client, photo_of: MakePhoto) -> None:
    photo_of(alice)
    assert frames(charlie_client).context["strip"].frames == []


def test_it_is_sent_again_only_when_something_changed(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    version = frames(alice_client).context["strip"].version
    again = alice_client.get(ADDRESS, {"version": version}, headers=SCRIPT)
    assert (again.status_code, again.content) == (204, b"")

    Task.objects.filter(pk=task.pk).update(state=State.PROCESSING, progress=10)
    changed = alice_client.get(ADDRESS, {"version": version}, headers=SCRIPT)
    assert changed.status_code == 200
    assert changed.context["strip"].version != version


def test_a_frame_shows_the_newest_task_and_the_newest_result(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    done = Task.objects.create(owner=alice, photo=photo, tool=Tool.CUTOUT, state=State.DONE)
    result = Result.objects.create(
        owner=alice, task=done, photo=photo, tool="cutout", file="r.png", format="png", width=1, height=1,
        bytes=1,
    )  # fmt: skip
    page = frames(alice_client).content.decode()
    assert reverse("editor:result-thumbnail", args=[result.pk]) in page
    assert "coffee.jpg, Done" in page

    Task.objects.create(owner=alice, photo=photo, tool=Tool.CUTOUT, state=State.NOTHING_FOUND)
    page = frames(alice_client).content.decode()
    assert "coffee.jpg, Nothing found" in page
    assert "1 needs a look" in page


def test_what_was_cancelled_needs_no_look(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    Task.objects.create(owner=alice, photo=photo_of(alice), tool=Tool.CUTOUT, state=State.CANCELLED)
    assert frames(alice_client).context["strip"].failed == 0


def test_it_counts_in_words(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    for state in (State.QUEUED, State.PROCESSING, State.FAILED, State.TOO_SLOW, State.DONE):
        Task.objects.create(owner=alice, photo=photo_of(alice), tool=Tool.CUTOUT, state=state)
    page = frames(alice_client).content.decode()
    assert "5 photos · 2 working · 2 need a look" in page


def test_the_queries_are_as_many_for_many_frames_as_for_one(
    alice: User, alice_client: Client, photo_of: MakePhoto, django_assert_num_queries: Any
) -> None:
    orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    session_person_frames = 3
    with django_assert_num_queries(session_person_frames):
        assert len(frames(alice_client).context["strip"].frames) == 1
    for _ in range(30):
        orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    with django_assert_num_queries(session_person_frames):
        assert len(frames(alice_client).context["strip"].frames) == 31


def test_a_browser_that_opens_the_address_is_sent_to_the_editor(alice_client: Client) -> None:
    assert alice_client.get(ADDRESS)["Location"] == reverse("editor:editor")
