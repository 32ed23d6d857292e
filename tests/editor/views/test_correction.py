"""Correcting a cutout by strokes: each makes a new result, costs nothing, and can be gone back from."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import ledger
from accounts.models import User
from editor.engines.retouching import kept_cutout
from editor.engines.types import PATCH, PATCH_WORDS
from editor.files import renders
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tasks import lease
from editor.tools import Tool
from editor.work import maintenance, orders, pipeline
from tests.conftest import encoded
from tests.support.markup import on_one_line
from web import clock

MakePhoto = Callable[..., Photo]
HTMX = {"HX-Request": "true"}
KEEP = {"keep": True, "radius": 8, "points": [[10, 10], [60, 12]]}
REMOVE = {"keep": False, "radius": 8, "points": [[300, 200], [320, 210]]}


@pytest.fixture
def cutout(alice: User, photo_of: MakePhoto) -> Result:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {"format": "png", "subject": ""})
    pipeline.perform(task.pk)
    return task.results.get()


def send(client: Client, result: Result, strokes: list[dict[str, Any]], **headers: str) -> Any:
    address = reverse("editor:correct", args=[result.pk])
    return client.post(address, {"strokes": json.dumps(strokes)}, headers={**HTMX, **headers})


def newest(photo: Photo) -> Task:
    return photo.tasks.order_by("-created_at")[0]


def test_a_stroke_makes_a_new_result_and_the_first_stays(cutout: Result, alice_client: Client) -> None:
    response = send(alice_client, cutout, [KEEP])
    task = newest(cutout.photo)
    assert response.status_code == 200
    assert task.params == {"format": "png", "subject": "", "strokes": [KEEP]}
    assert 'id="retouch"' in response.content.decode(), "the brush stays while it works"

    pipeline.perform(task.pk)

    task.refresh_from_db()
    assert task.status is State.DONE
    assert cutout.photo.results.count() == 2
    page = on_one_line(alice_client.get(reverse("editor:photo", args=[cutout.photo_id])))
    assert json.dumps([KEEP]) in page


def test_a_click_and_what_shines_through_are_kept_with_the_strokes(
    cutout: Result, alice_client: Client
) -> None:
    click = {"keep": False, "radius": 1, "points": [[30, 40]], "region": True}
    veil = {"keep": True, "radius": 8, "points": [[10, 10]], "opacity": 0.5}
    send(alice_client, cutout, [click, {**veil, "strange": 1}])
    assert newest(cutout.photo).params["strokes"] == [click, veil]
    wrong = send(alice_client, cutout, [{**veil, "opacity": 7}])
    assert wrong.status_code == 422
    assert "opacity from 0 to 1" in wrong.content.decode()


def test_corrections_cost_nothing(cutout: Result, alice: User, alice_client: Client) -> None:
    before = ledger.get_balance(alice)
    send(alice_client, cutout, [KEEP])
    assert newest(cutout.photo).credits == 0
    assert ledger.get_balance(alice) == before


def test_a_later_stroke_overtakes_the_one_before(cutout: Result, alice_client: Client) -> None:
    send(alice_client, cutout, [KEEP])
    overtaken = newest(cutout.photo)
    send(alice_client, cutout, [KEEP, REMOVE])
    overtaken.refresh_from_db()
    assert overtaken.status is State.CANCELLED
    assert newest(cutout.photo).params["strokes"] == [KEEP, REMOVE]


def test_undoing_the_stroke_goes_back_to_the_result_without_work(
    cutout: Result, alice_client: Client
) -> None:
    send(alice_client, cutout, [KEEP])
    corrected = newest(cutout.photo)
    pipeline.perform(corrected.pk)
    count = Task.objects.count()

    response = send(alice_client, corrected.results.get(), [])

    assert Task.objects.count() == count
    assert str(cutout.pk) in response["HX-Replace-Url"]
    assert f'data-result="{cutout.pk}"' in response.content.decode()


def test_what_nobody_can_see_any_more_is_said(cutout: Result, alice_client: Client) -> None:
    everything = {"keep": False, "radius": 1000, "points": [[300, 200]]}
    send(alice_client, cutout, [everything])
    task = newest(cutout.photo)
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert task.status is State.NOTHING_FOUND
    assert "Undo the last stroke" in task.sentence


@pytest.mark.parametrize("strokes", ["[", '{"keep": 1}', '[{"keep": true}]', "[[]]", "[1]", "null", "NaN"])
def test_strokes_that_cannot_be_read_change_nothing(
    cutout: Result, alice_client: Client, strokes: str
) -> None:
    address = reverse("editor:correct", args=[cutout.pk])
    response = alice_client.post(address, {"strokes": strokes}, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 422
    assert Task.objects.count() == 1


def test_a_stranger_gets_404(cutout: Result, charlie: User, client: Client) -> None:
    client.force_login(charlie)
    assert send(client, cutout, [KEEP]).status_code == 404
    assert Task.objects.count() == 1


def test_reading_writes_nothing(cutout: Result, alice_client: Client) -> None:
    assert alice_client.get(reverse("editor:correct", args=[cutout.pk])).status_code == 405


def test_the_page_says_what_it_was_taken_for(cutout: Result, alice_client: Client) -> None:
    cutout.task.refresh_from_db()
    assert cutout.task.facts["took"] == "object"
    page = on_one_line(alice_client.get(reverse("editor:photo", args=[cutout.photo_id])))
    assert "Taken as an object." in page


def test_a_type_that_was_asked_for_reaches_the_engine(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    alice_client.post(reverse("editor:start-cutout", args=[photo.pk]), {"subject": "stamp"})
    task = newest(photo)
    assert task.params["subject"] == "stamp"

    pipeline.perform(task.pk)

    task.refresh_from_db()
    assert task.status is State.UNSUITABLE
    assert "ink on paper" in task.sentence


def test_what_a_stroke_changes_can_be_had_before_its_file_and_by_its_owner_alone(
    cutout: Result, alice: User, alice_client: Client, client: Client, charlie: User, tmp_path: Path
) -> None:
    card = send(alice_client, cutout, [KEEP]).content.decode()
    task = newest(cutout.photo)
    address = reverse("editor:task-patch", args=[task.pk])
    assert f'data-patch="{address}"' in card
    attempt = lease.claim(task.pk)
    assert attempt is not None
    attempt.folder = tmp_path
    attempt.watch(0.1)
    words = {"before": "a", "after": "b", "boxes": [[1, 2, 3, 4]]}
    (tmp_path / PATCH).write_bytes(encoded(np.zeros((2, 2, 4), np.uint8), "PNG"))
    (tmp_path / PATCH_WORDS).write_text(json.dumps(words))
    attempt.watch(0.2)
    attempt.watch(0.3)

    answer = alice_client.get(address)
    assert answer.status_code == 200
    assert json.loads(answer["X-Patch"]) == words
    assert answer["Content-Type"] == "image/png"
    answer.close()
    client.force_login(charlie)
    assert client.get(address).status_code == 404

    attempt.fail(State.FAILED)
    assert alice_client.get(address).status_code == 204
    task.refresh_from_db()
    assert task.early == []


def draw_patch(task: Task, folder: Path, after: str) -> lease.Attempt:
    """Have a worker claim a correction, and show what it changes of the stage."""
    attempt = lease.claim(task.pk)
    assert attempt is not None
    attempt.folder = folder
    (folder / PATCH).write_bytes(encoded(np.zeros((2, 2, 4), np.uint8), "PNG"))
    (folder / PATCH_WORDS).write_text(json.dumps({"before": "a", "after": after, "boxes": [[1, 2, 3, 4]]}))
    attempt.watch(0.2)
    task.refresh_from_db()
    return attempt


def test_a_stroke_outlasts_a_worker_that_is_killed_in_the_middle(
    cutout: Result, alice_client: Client, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """The next one shows what it changes anew, and makes it; of the first one's patch no file is left."""
    send(alice_client, cutout, [KEEP])
    task = newest(cutout.photo)
    draw_patch(task, tmp_path, "b")
    (first,) = task.early
    # No more is heard of that worker.
    Task.objects.filter(pk=task.pk).update(lease_expires_at=clock.now() - timedelta(minutes=1))
    assert maintenance.requeue_expired() == 1
    assert not default_storage.exists(first)

    attempt = draw_patch(task, tmp_path, "c")
    (second,) = task.early
    answer = alice_client.get(reverse("editor:task-patch", args=[task.pk]))
    assert (answer.status_code, json.loads(answer["X-Patch"])["after"]) == (200, "c")
    answer.close()
    with django_capture_on_commit_callbacks(execute=True):
        pipeline.run_attempt(attempt, pipeline.carry_out)
    task.refresh_from_db()
    assert (task.status, task.attempts, task.early) == (State.DONE, 2, [])
    assert task.params["strokes"] == [KEEP]
    assert cutout.photo.results.count() == 2
    assert not default_storage.exists(second)


def test_strokes_of_two_tabs_on_one_photo_are_both_made(cutout: Result, alice_client: Client) -> None:
    """Neither knows of the other's: each becomes a result, and whoever goes on goes on from their own."""
    send(alice_client, cutout, [KEEP])
    one = newest(cutout.photo)
    send(alice_client, cutout, [REMOVE])
    other = newest(cutout.photo)
    for task in (one, other):
        pipeline.perform(task.pk)
        task.refresh_from_db()
        assert task.status is State.DONE
    assert [task.params["strokes"] for task in (one, other)] == [[KEEP], [REMOVE]]
    assert cutout.photo.results.count() == 3
    send(alice_client, one.results.get(), [KEEP, REMOVE])
    assert newest(cutout.photo).params["strokes"] == [KEEP, REMOVE]


def test_patches_are_of_the_copy_that_the_stage_shows() -> None:
    assert kept_cutout.SCREEN_SIDE == renders.SCREEN_SIDE


def test_a_cutout_says_which_strokes_it_heeds(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    orders.cut_out(photo, {"subject": ""})
    pipeline.perform(newest(photo).pk)
    (bare,) = photo.results.all()
    send(alice_client, bare, [KEEP])
    pipeline.perform(newest(photo).pk)

    page = on_one_line(alice_client.get(reverse("editor:photo", args=[photo.pk])))

    first, last = (task.facts["version"] for task in photo.tasks.order_by("created_at"))
    assert first != last
    assert f'data-cutout-version="{last}"' in page
    with default_storage.open(newest(photo).results.get().file.name) as file, Image.open(file) as picture:
        assert picture.size == (bare.width, bare.height)
        assert picture.getpixel((30, 11))[3] == 255
