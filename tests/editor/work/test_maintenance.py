"""What is put right: work whose worker died, messages that got lost, files that nothing names."""

import os
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from editor import finishes
from editor.engines.finishing.finish import Finish
from editor.files import renders
from editor.models import MAX_ATTEMPTS, Photo, Preparation, Result, Task
from editor.states import State
from editor.tasks import lease
from editor.tools import Tool
from editor.work import maintenance, orders, pipeline
from tests.editor.files import files_out
from tests.editor.files.files_out import result_of

MakePhoto = Callable[..., Photo]


@pytest.fixture
def order(alice: User, photo_of: MakePhoto) -> Task:
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {})


def lose_worker(task: Task, **changes: Any) -> None:
    """Claim the task and let its lease run out, as a worker killed with -9 does."""
    assert pipeline.claim(task.pk)
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(pk=task.pk).update(lease_expires_at=past, **changes)


def test_a_task_whose_worker_died_is_queued_again_and_done(order: Task) -> None:
    lose_worker(order)
    assert maintenance.requeue_expired() == 1
    order.refresh_from_db()
    assert order.status is State.QUEUED
    assert DBTaskResult.objects.count() == 1

    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert (order.status, order.attempts) == (State.DONE, 2)
    assert order.results.count() == 1


def test_a_worker_that_still_renews_is_left_alone(order: Task) -> None:
    pipeline.claim(order.pk)
    assert maintenance.requeue_expired() == 0
    order.refresh_from_db()
    assert order.status is State.PREPARING


def test_the_last_lost_attempt_fails_the_task(order: Task) -> None:
    for _ in range(MAX_ATTEMPTS):
        lose_worker(order)
        maintenance.requeue_expired()
    order.refresh_from_db()
    assert (order.status, order.attempts) == (State.FAILED, MAX_ATTEMPTS)
    assert order.completed_at is not None


def test_a_cancel_that_its_worker_did_not_live_to_see_is_carried_out(order: Task) -> None:
    lose_worker(order, cancel_requested=True)
    maintenance.requeue_expired()
    order.refresh_from_db()
    assert order.status is State.CANCELLED


def test_what_waits_without_a_message_is_sent_one_and_no_more(order: Task, photo_of: MakePhoto) -> None:
    orders.place(order.owner, order.photo, Tool.SCENE, {})
    deferred = orders.place(order.owner, order.photo, Tool.CUTOUT, {})
    Task.objects.filter(pk=deferred.pk).update(not_before=timezone.now() + timedelta(hours=1))
    orders.prepare(photo_of(order.owner))

    assert maintenance.send_missing() == 3
    assert maintenance.send_missing() == 0

    messages = DBTaskResult.objects.values_list("queue_name", flat=True)
    assert sorted(messages) == ["quick", "quick", "render"]


def test_a_preparation_whose_worker_died_is_taken_again_until_it_is_given_up(
    alice: User, photo_of: MakePhoto
) -> None:
    orders.prepare(photo_of(alice))
    for _ in range(MAX_ATTEMPTS):
        maintenance.run_hourly()
        assert lease.take_next("quick") is not None
        assert lease.take_next("quick") is None, "its worker may live"
        Preparation.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert lease.take_next("quick") is None
    maintenance.run_hourly()
    assert not Preparation.objects.exists()


def test_files_that_nothing_names_go_once_they_are_old(
    order: Task, media: Callable[[], list[str]], tmp_path: Path
) -> None:
    pipeline.perform(order.pk)
    known = media()
    for name in ("results/ab/old.png", "photos/cd/old.jpg", "copies/ef/new.jpg"):
        path = tmp_path / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    long_ago = time.time() - 2 * 3600
    for name in [*known, "results/ab/old.png", "photos/cd/old.jpg"]:
        os.utime(tmp_path / "media" / name, (long_ago, long_ago))

    assert maintenance.remove_orphans() == 2

    assert media() == sorted([*known, "copies/ef/new.jpg"])


def test_a_backdrop_goes_when_nothing_stands_before_it(alice: User, photo_of: MakePhoto) -> None:
    used, unused = photo_of(alice), photo_of(alice)
    Photo.objects.update(purpose=Photo.Purpose.BACKDROP, created_at=timezone.now() - timedelta(days=2))
    orders.place(alice, photo_of(alice), Tool.CUTOUT, {}, backdrop=used)
    assert maintenance.remove_unused_backdrops() == 1
    assert not Photo.objects.filter(pk=unused.pk).exists()
    assert Photo.objects.filter(pk=used.pk).exists()


def test_a_picture_behind_a_finish_stays_as_long_as_the_finish(alice: User, photo_of: MakePhoto) -> None:
    used, photo = photo_of(alice), photo_of(alice)
    Photo.objects.filter(pk=used.pk).update(
        purpose=Photo.Purpose.BACKDROP, created_at=timezone.now() - timedelta(days=2)
    )
    finishes.set_finish(photo, Finish(), used)
    finishes.undo(photo)
    assert maintenance.remove_unused_backdrops() == 0
    finishes.set_finish(photo, Finish(background="#ffffff"))
    assert maintenance.remove_unused_backdrops() == 1


def test_renders_go_a_day_after_they_were_asked_for_last_and_with_their_result(
    alice: User, media: Callable[[], list[str]], tmp_path: Path
) -> None:
    used, unused, deleted, trashed = (result_of(files_out.photo_of(alice), bare=True) for _ in range(4))
    white = finishes.Current(finish=Finish(background="#ffffff"))
    for result in (used, unused, deleted, trashed):
        render = renders.find_picture(result, white)
        assert render is not None
        renders.keep(render, ContentFile(b"x"))
    name = renders.find_picture(unused, white).stored
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / "media" / name, (long_ago, long_ago))
    orders.delete_results(Result.objects.filter(pk=deleted.pk))
    Result.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())

    assert maintenance.remove_renders() == 2

    left = [name.split("/")[2] for name in media() if name.startswith(renders.FOLDER)]
    assert sorted(left) == sorted([used.pk.hex, trashed.pk.hex])


def test_the_queues_records_are_dropped_after_a_day_but_not_what_waits(order: Task) -> None:
    day = timezone.now() - timedelta(days=2)
    for status in ("READY", "RUNNING", "SUCCESSFUL", "FAILED"):
        DBTaskResult.objects.create(
            id=uuid.uuid4(),
            status=status,
            task_path="editor.background.perform",
            queue_name="quick",
            backend_name="default",
            args_kwargs={"args": [], "kwargs": {}},
        )
    DBTaskResult.objects.update(enqueued_at=day)
    maintenance.prune_queue()
    assert [row.status for row in DBTaskResult.objects.all()] == ["READY"]
