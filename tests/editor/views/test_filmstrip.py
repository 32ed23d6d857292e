"""The filmstrip: one poll for all its frames, and nothing sent while nothing changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from editor.work import orders
from tests.support.markup import on_one_line

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


def test_what_waits_shows_the_photo_as_it_came_where_a_browser_can(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    shown, raw, large, bad = (photo_of(alice) for _ in range(4))
    for photo in (shown, raw, large, bad):
        orders.place(alice, photo, Tool.CUTOUT, {})
    Photo.objects.filter(pk=raw.pk).update(format="tiff")
    Photo.objects.filter(pk=large.pk).update(bytes=30 * 2**20)
    Task.objects.filter(photo=bad).update(state=State.NOT_A_PICTURE)
    assert not shown.thumbnail
    page = frames(alice_client).content.decode()
    assert page.count("data-as-it-came") == 1
    assert reverse("editor:photo-thumbnail", args=[shown.pk]) in page


def test_what_was_cancelled_needs_no_look(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    Task.objects.create(owner=alice, photo=photo_of(alice), tool=Tool.CUTOUT, state=State.CANCELLED)
    assert frames(alice_client).context["strip"].failed == 0


def test_it_counts_in_words(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    for state in (State.QUEUED, State.PROCESSING, State.FAILED, State.TOO_SLOW, State.DONE):
        Task.objects.create(owner=alice, photo=photo_of(alice), tool=Tool.CUTOUT, state=state)
    page = " ".join(strip_tags(frames(alice_client).content.decode()).split())
    assert "5 photos · 2 working · 2 need a look" in page


def test_the_queries_are_as_many_for_many_frames_as_for_one(
    alice: User, alice_client: Client, photo_of: MakePhoto, django_assert_num_queries: Any
) -> None:
    orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    session_person_sums_frames_credits = 5
    with django_assert_num_queries(session_person_sums_frames_credits):
        assert len(frames(alice_client).context["strip"].frames) == 1
    for _ in range(30):
        orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    frames(alice_client)  # how long all takes is looked at every few seconds, not each time
    with django_assert_num_queries(session_person_sums_frames_credits):
        assert len(frames(alice_client).context["strip"].frames) == 31


def many(owner: User, count: int) -> list[Photo]:
    now = timezone.now()
    return Photo.objects.bulk_create(
        Photo(owner=owner, name=f"{number}.jpg", format="jpeg", created_at=now - timedelta(minutes=number))
        for number in range(count)
    )


def names(client: Client, **query: object) -> list[str]:
    return [frame.photo.name for frame in client.get(ADDRESS, query, headers=SCRIPT).context["strip"].frames]


@pytest.mark.parametrize("count", [36, 300, 2000])
def test_a_page_gets_no_more_frames_for_a_longer_desk(alice: User, alice_client: Client, count: int) -> None:
    many(alice, count)
    page = alice_client.get(reverse("editor:editor"))
    assert page.content.count(b'id="frame-') == 36
    assert f'data-total="{count}"' in page.content.decode()
    assert f"{count} photos" in page.content.decode()


@pytest.mark.parametrize(
    ("start", "count", "first", "last"),
    [(0, 10, 0, 9), (150, 10, 150, 159), (295, 10, 290, 299), (9999, 10, 290, 299), (-5, 3, 0, 2)],
)
def test_frames_come_from_where_they_are_asked_for(
    alice: User, alice_client: Client, start: int, count: int, first: int, last: int
) -> None:
    many(alice, 300)
    found = names(alice_client, **{"from": start, "count": count})
    assert found == [f"{number}.jpg" for number in range(first, last + 1)]


def test_frames_come_around_a_photo_wherever_it_is(alice: User, alice_client: Client) -> None:
    photos = many(alice, 300)
    assert names(alice_client, around=photos[200].pk, count=11) == [f"{n}.jpg" for n in range(195, 206)]
    assert names(alice_client, around=photos[0].pk, count=5) == [f"{n}.jpg" for n in range(5)]
    page = on_one_line(alice_client.get(reverse("editor:photo", args=[photos[250].pk])))
    assert f'data-photo="{photos[250].pk}" aria-current="true"' in page


def test_a_strangers_photo_is_around_nothing(alice_client: Client, alice: User, bob: User) -> None:
    many(alice, 50)
    assert names(alice_client, around=many(bob, 1)[0].pk, count=3) == ["0.jpg", "1.jpg", "2.jpg"]


@pytest.mark.parametrize("query", [{"from": "x"}, {"count": "many"}, {"around": "me"}, {"open": "1"}])
def test_what_is_no_place_in_the_strip_asks_for_its_beginning(
    alice: User, alice_client: Client, query: dict[str, str]
) -> None:
    many(alice, 40)
    assert names(alice_client, **query)[0] == "0.jpg"


def test_one_question_tells_of_all_that_is_under_way_also_of_what_is_far(
    alice: User, alice_client: Client
) -> None:
    photos = many(alice, 300)
    far = Task.objects.create(owner=alice, photo=photos[250], tool=Tool.CUTOUT, state=State.PROCESSING)
    asked = {"from": 0, "count": 10, "open": str(photos[250].pk)}
    strip = alice_client.get(ADDRESS, asked, headers=SCRIPT).context["strip"]
    assert (len(strip.frames), strip.working, strip.finished) == (10, 1, 0)
    assert strip.opened.under_way
    far.state = State.DONE
    far.save()
    after = alice_client.get(ADDRESS, {**asked, "version": strip.version}, headers=SCRIPT)
    assert after.status_code == 200
    assert (after.context["strip"].working, after.context["strip"].finished) == (0, 1)
    assert after.context["strip"].opened.done


def test_a_browser_that_opens_the_address_is_sent_to_the_editor(alice_client: Client) -> None:
    assert alice_client.get(ADDRESS)["Location"] == reverse("editor:editor")
