"""All photos of the desk at once: what is not done is tried again, what is under way is stopped."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts import ledger
from accounts.models import Plan, User
from editor.models import Photo, Task
from editor.states import State
from editor.tasks import settlement
from editor.tools import Tool
from editor.work import orders
from tests.support.markup import on_one_line

MakePhoto = Callable[..., Photo]
SCRIPT = {"X-Requested-With": "fetch"}


def place(photo: Photo, state: State = State.QUEUED) -> Task:
    task = orders.place(photo.owner, photo, Tool.CUTOUT, {"subject": "object"})
    if state.is_settled:
        settlement.end(Task.objects.filter(pk=task.pk), state)
    return Task.objects.get(pk=task.pk)


def fail_all() -> None:
    for task in Task.objects.queued():
        settlement.end(Task.objects.filter(pk=task.pk), State.FAILED)


def do(client: Client, what: str, **fields: str) -> dict[str, Any]:
    response = client.post(f"/editor/strip/{what}/", fields, headers=SCRIPT)
    assert response.status_code == 200, response.content
    return response.json()


def strip(client: Client, **asked: str) -> str:
    return on_one_line(client.get("/editor/strip/", asked, headers=SCRIPT))


def test_what_failed_by_chance_or_was_stopped_is_ordered_again_in_its_old_order(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    ends = (State.TOO_SLOW, State.DONE, State.CANCELLED, State.NOT_A_PICTURE, State.FAILED)
    photos = [photo_of(alice) for _ in ends]
    for photo, end in zip(photos, ends, strict=True):
        place(photo, end)
    assert 'data-again="3"' in strip(alice_client)
    assert do(alice_client, "retry") == {"sentence": "3 photos are tried again.", "count": 3}
    queued = Task.objects.queued().order_by("created_at")
    assert [task.photo for task in queued] == [photos[0], photos[2], photos[4]]
    assert {task.params["subject"] for task in queued} == {"object"}
    # Once is enough: what is under way is not tried again.
    assert do(alice_client, "retry")["count"] == 0
    assert 'data-again="0"' in strip(alice_client)


def test_what_failed_before_and_was_done_since_is_left_alone(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    place(photo, State.FAILED)
    place(photo, State.DONE)
    assert do(alice_client, "retry")["count"] == 0


def test_where_credits_end_the_rest_is_told_of(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    for _ in range(3):
        place(photo_of(alice), State.FAILED)
    left = ledger.get_balance(alice)
    assert left is not None
    ledger.correct(alice, 2 - left, reason="test")
    told = do(alice_client, "retry")
    assert told["count"] == 2
    assert told["sentence"].startswith("2 photos are tried again. ")
    assert "credit" in told["sentence"]
    assert 'data-again="1"' in strip(alice_client)


def test_of_more_than_may_be_under_way_at_once_the_others_follow_and_none_comes_twice(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    for _ in range(5):
        place(photo_of(alice), State.FAILED)
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_at_once=2)
    told = do(alice_client, "retry")
    assert (told["count"], "follow by themselves" in told["sentence"]) == (2, True)
    assert do(alice_client, "retry", until=told["until"])["count"] == 0
    # What fails again is not asked for again: it is younger than what was meant.
    for count in (2, 1):
        fail_all()
        assert told["until"]
        told = do(alice_client, "retry", until=told["until"])
        assert told["count"] == count
    assert "until" not in told
    assert Task.objects.count() == 10
    fail_all()
    assert do(alice_client, "retry", until="yesterday")["count"] == 2


def test_without_scripts_it_is_said_why_some_stay(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    for _ in range(3):
        place(photo_of(alice), State.FAILED)
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_at_once=2)
    page = alice_client.post("/editor/strip/retry/", follow=True).content.decode()
    assert "2 photos are tried again. Your plan has 2 pictures worked on at once." in page


def test_all_that_is_under_way_is_stopped_and_can_be_tried_again(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    waiting = [place(photo_of(alice)) for _ in range(2)]
    at_work, done = place(photo_of(alice)), place(photo_of(alice), State.DONE)
    Task.objects.filter(pk=at_work.pk).update(state=State.PROCESSING, owner_token=at_work.pk)
    before = ledger.get_balance(alice)
    assert do(alice_client, "stop")["sentence"] == "3 photos stopped. Nothing is charged for them."
    assert {Task.objects.get(pk=task.pk).status for task in waiting} == {State.CANCELLED}
    assert Task.objects.get(pk=at_work.pk).cancel_requested  # its worker looks
    assert Task.objects.get(pk=done.pk).status is State.DONE
    assert ledger.get_balance(alice) == (before or 0) + 2
    assert do(alice_client, "retry")["count"] == 2


def test_it_is_about_one_s_own_desk_alone(
    alice: User, bob: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    others, away, thrown = place(photo_of(bob)), photo_of(alice), photo_of(alice)
    failed = [place(photo, State.FAILED) for photo in (away, thrown)]
    Photo.objects.filter(pk=away.pk).update(on_desk=False)
    orders.delete_photo(thrown)
    assert do(alice_client, "stop") == {"sentence": "Nothing is under way.", "count": 0}
    assert do(alice_client, "retry")["count"] == 0
    assert Task.objects.get(pk=others.pk).status is State.QUEUED
    assert len(failed) == 2


@pytest.mark.parametrize("what", ["retry", "stop"])
def test_a_plain_form_leads_back_to_the_desk_and_a_stranger_to_the_door(
    alice_client: Client, what: str
) -> None:
    assert alice_client.post(f"/editor/strip/{what}/")["Location"] == "/editor/"
    assert alice_client.get(f"/editor/strip/{what}/").status_code == 405
    assert "/account/sign-in/" in Client().post(f"/editor/strip/{what}/")["Location"]


def test_the_strip_leads_from_one_that_needs_a_look_to_the_next(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photos = [photo_of(alice) for _ in range(5)]
    for photo in photos[1:4]:
        place(photo, State.NOTHING_FOUND if photo != photos[2] else State.DONE)
    first, second = photos[3].pk, photos[1].pk  # newest first
    assert f'data-needy="{first}"' in strip(alice_client)
    assert f'data-needy="{second}"' in strip(alice_client, open=str(first))
    assert f'data-needy="{first}"' in strip(alice_client, open=str(second))
    page = on_one_line(alice_client.get("/editor/"))
    assert f'href="/editor/photos/{first}/"' in page
    # A phone has no room for it beside the strip: the menu has it too.
    assert 'Open the next that needs a look <span class="quiet numbers" data-failed>2</span>' in page
