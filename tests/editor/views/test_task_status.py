"""The status card: it asks again while work is under way, and brings the result when it is done."""

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
from editor.states import UNDER_WAY, State
from editor.tools import Tool
from editor.work import forecast, orders
from tests.support.markup import on_one_line

MakePhoto = Callable[..., Photo]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(alice: User, photo_of: MakePhoto) -> Task:
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {"crop": False})


def status(client: Client, task: Task) -> Any:
    return client.get(reverse("editor:task-status", args=[task.pk]), headers=HTMX)


def settle(task: Task, state: State, **changes: Any) -> None:
    Task.objects.filter(pk=task.pk).update(state=state, **changes)


@pytest.mark.parametrize("state", UNDER_WAY)
def test_under_way_it_asks_again_every_second(state: State, alice_client: Client, task: Task) -> None:
    settle(task, state)
    page = on_one_line(status(alice_client, task))
    assert 'hx-trigger="every 1s' in page
    assert state.word in page


@pytest.mark.parametrize("state", [state for state in State if state.is_settled])
def test_settled_it_asks_no_more(state: State, alice_client: Client, task: Task) -> None:
    settle(task, state)
    response = status(alice_client, task)
    assert "hx-trigger" not in response.content.decode()
    assert response["HX-Retarget"] == "#task"


def test_a_reload_goes_on_asking(alice_client: Client, task: Task) -> None:
    page = on_one_line(alice_client.get(reverse("editor:photo", args=[task.photo_id])))
    assert f'hx-get="{reverse("editor:task-status", args=[task.pk])}"' in page


def test_it_says_how_many_are_before_it(
    alice: User, alice_client: Client, photo_of: MakePhoto, task: Task
) -> None:
    Task.objects.filter(pk=task.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    second = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    assert "1 before it in the queue." in status(alice_client, second).content.decode()
    assert "Waiting for its turn." in status(alice_client, task).content.decode()


def test_that_and_how_long_it_takes_is_said_in_the_reader_s_language(
    alice: User, alice_client: Client, photo_of: MakePhoto, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "describe_forecast", lambda task: "Done in about 14 min.")
    Task.objects.filter(pk=task.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    second = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    alice_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    page = status(alice_client, second).content.decode()
    assert "1 davor in der Warteschlange. Fertig in etwa 14 min." in page


def test_it_says_how_far_the_work_is(alice_client: Client, task: Task) -> None:
    settle(task, State.PROCESSING, progress=43)
    page = on_one_line(status(alice_client, task))
    assert "43 %" in page
    assert 'value="43"' in page


def test_done_it_brings_the_result_onto_the_stage(alice: User, alice_client: Client, task: Task) -> None:
    now = timezone.now()
    settle(task, State.DONE, processed_at=now - timedelta(seconds=2.5), completed_at=now)
    result = Result.objects.create(
        owner=alice, task=task, photo=task.photo, tool="cutout", file="r.png", format="png",
        width=600, height=400, bytes=2048,
    )  # fmt: skip
    page = on_one_line(status(alice_client, task))
    assert "Done in 2.5 s" in page
    assert f'data-after="{reverse("editor:result-file", args=[result.pk])}"' in page
    assert "data-aligned" in page
    assert "Download PNG" in strip_tags(page)


def test_failed_it_says_why_and_offers_another_try_where_that_helps(alice_client: Client, task: Task) -> None:
    settle(task, State.TOO_SLOW)
    page = on_one_line(status(alice_client, task))
    assert "This took longer than it may." in page
    assert reverse("editor:task-retry", args=[task.pk]) in page

    settle(task, State.NOTHING_FOUND, message="No subject was found in this one.")
    page = on_one_line(status(alice_client, task))
    assert "No subject was found in this one." in page
    assert reverse("editor:task-retry", args=[task.pk]) not in page


def test_a_poll_asks_little_of_the_database(
    alice_client: Client, task: Task, django_assert_max_num_queries: Any
) -> None:
    settle(task, State.PROCESSING)
    status(alice_client, task)  # how long such work takes is looked up now and then
    with django_assert_max_num_queries(3):
        assert status(alice_client, task).status_code == 200


def test_a_browser_that_opens_the_address_is_sent_to_the_photo(alice_client: Client, task: Task) -> None:
    response = alice_client.get(reverse("editor:task-status", args=[task.pk]))
    assert response["Location"] == reverse("editor:photo", args=[task.photo_id])


def test_cancelled_it_stops_at_once_and_says_that_nothing_was_charged(
    alice_client: Client, task: Task
) -> None:
    response = alice_client.post(reverse("editor:task-cancel", args=[task.pk]), headers=HTMX)
    task.refresh_from_db()
    assert task.status is State.CANCELLED
    assert "Nothing was charged." in response.content.decode()


def test_while_a_worker_has_it_cancelling_is_asked_for_once(alice_client: Client, task: Task) -> None:
    settle(task, State.PROCESSING)
    response = alice_client.post(reverse("editor:task-cancel", args=[task.pk]), headers=HTMX)
    task.refresh_from_db()
    page = on_one_line(response)
    assert task.cancel_requested is True
    assert "Cancelling" in page
    assert 'id="cancel"' not in page
    assert "hx-trigger" in page


def test_another_try_is_a_new_task_with_the_same_options(alice_client: Client, task: Task) -> None:
    settle(task, State.FAILED)
    response = alice_client.post(reverse("editor:task-retry", args=[task.pk]), headers=HTMX)
    again = Task.objects.exclude(pk=task.pk).get()
    assert (again.photo_id, again.params) == (task.photo_id, task.params)
    assert reverse("editor:task-status", args=[again.pk]) in response.content.decode()


def test_another_try_of_what_is_under_way_is_refused_in_a_sentence(alice_client: Client, task: Task) -> None:
    address = reverse("editor:task-retry", args=[task.pk])
    script = alice_client.post(address, headers=HTMX)
    browser = alice_client.post(address)
    assert script.status_code == 409
    assert "still being worked on" in script.content.decode()
    assert browser["Location"] == reverse("editor:photo", args=[task.photo_id])
    assert Task.objects.count() == 1


def test_a_stranger_gets_404(charlie_client: Client, task: Task) -> None:
    assert status(charlie_client, task).status_code == 404
    for name in ("task-cancel", "task-retry"):
        assert charlie_client.post(reverse(f"editor:{name}", args=[task.pk])).status_code == 404
    task.refresh_from_db()
    assert task.status is State.QUEUED


def test_a_task_whose_photo_was_deleted_is_404_in_words(alice_client: Client, task: Task) -> None:
    task.photo.delete()
    response = status(alice_client, task)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
