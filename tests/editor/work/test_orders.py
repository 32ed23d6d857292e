"""The one door to work, the ways to stop it, and clearing up after it."""

from collections.abc import Callable
from typing import Any

import pytest
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from editor.engines.types import Output
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tasks import archive
from editor.tools import Tool
from editor.work import maintenance, orders, pipeline
from editor.work.orders import OrderRefused

MakePhoto = Callable[..., Photo]


@pytest.fixture
def order(alice: User, photo_of: MakePhoto) -> Task:
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {"format": "png"})


def test_an_order_is_a_waiting_row_and_one_message_after_the_commit(
    alice: User, photo_of: MakePhoto, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as later:
        task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {"format": "png"})
        assert not DBTaskResult.objects.exists()
    for send in later:
        send()

    message = DBTaskResult.objects.get()
    task.refresh_from_db()
    assert message.args_kwargs == {"args": ["quick"], "kwargs": {}}
    assert message.queue_name == "quick"
    assert task.status is State.QUEUED


def test_a_queue_that_is_away_does_not_lose_the_order(
    alice: User,
    photo_of: MakePhoto,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*args: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(DatabaseBackend, "enqueue", away)
    with django_capture_on_commit_callbacks(execute=True):
        task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})

    task.refresh_from_db()
    assert task.status is State.QUEUED
    monkeypatch.undo()
    assert maintenance.send_missing() == 1


def test_nobody_can_order_work_on_a_strangers_photo(alice: User, charlie: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    with pytest.raises(OrderRefused, match="somebody else"):
        orders.place(charlie, photo, Tool.CUTOUT, {})
    with pytest.raises(OrderRefused):
        orders.place(charlie, photo_of(charlie), Tool.CUTOUT, {}, backdrop=photo)
    assert not Task.objects.exists()


def test_the_queue_of_one_person_is_finite(
    alice: User, photo_of: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "MAX_WAITING", 2)
    photo = photo_of(alice)
    orders.place(alice, photo, Tool.CUTOUT, {})
    orders.place(alice, photo, Tool.CUTOUT, {})
    with pytest.raises(OrderRefused) as refused:
        orders.place(alice, photo, Tool.CUTOUT, {})
    assert refused.value.status == 429


def test_a_waiting_task_is_cancelled_at_once_and_never_run(order: Task) -> None:
    assert orders.cancel(order)
    order.refresh_from_db()
    assert order.status is State.CANCELLED
    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert order.status is State.CANCELLED
    assert not order.results.exists()


def test_a_running_task_is_asked_to_stop(order: Task) -> None:
    assert pipeline.claim(order.pk)
    assert orders.cancel(order)
    order.refresh_from_db()
    assert order.status is State.PREPARING
    assert order.cancel_requested


def test_a_settled_task_cannot_be_cancelled(order: Task) -> None:
    Task.objects.update(state=State.DONE)
    assert not orders.cancel(order)
    order.refresh_from_db()
    assert order.status is State.DONE


def test_a_retry_is_the_same_order_anew(order: Task) -> None:
    with pytest.raises(OrderRefused):
        orders.retry(order)
    orders.cancel(order)
    order.refresh_from_db()

    again = orders.retry(order)

    assert again.pk != order.pk
    assert (again.photo, again.tool, again.params) == (order.photo, order.tool, order.params)
    assert again.status is State.QUEUED


def test_deleting_a_photo_takes_its_tasks_results_and_files(
    alice: User, bob: User, photo_of: MakePhoto, media: Any, django_capture_on_commit_callbacks: Any
) -> None:
    his = photo_of(bob)
    hers = photo_of(alice)
    task = orders.place(alice, hers, Tool.CUTOUT, {})
    pipeline.perform(task.pk)
    assert Result.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        orders.delete_photo(hers)

    assert media() == [his.file.name]
    assert not Task.objects.exists()
    assert not Result.objects.exists()


def test_deleting_a_result_takes_the_mask_made_with_it_and_leaves_the_photo(
    alice: User, photo_of: MakePhoto, media: Any, django_capture_on_commit_callbacks: Any
) -> None:
    photo = photo_of(alice)
    task = orders.place(alice, photo, Tool.CUTOUT, {"outputs": "both"})
    pipeline.perform(task.pk)
    assert Result.objects.count() == 2

    with django_capture_on_commit_callbacks(execute=True):
        assert orders.delete_results(Result.objects.owned_by(alice).pictures()) == 2

    photo.refresh_from_db()
    assert media() == sorted(photo.files)


def finish_order(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(state=State.DONE)


def test_a_photo_is_cut_out_for_one_credit_however_often_with_one_subject(
    alice: User, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    first = orders.place(alice, photo, Tool.CUTOUT, {"subject": ""})
    second = orders.place(alice, photo, Tool.CUTOUT, {"subject": ""})
    assert (first.credits, second.credits) == (1, 1)  # nothing is made yet that was paid for
    finish_order(first)
    orders.delete_results(Result.objects.filter(task=first))
    assert orders.place(alice, photo, Tool.CUTOUT, {"subject": ""}).credits == 0
    assert orders.place(alice, photo, Tool.CUTOUT, {"subject": "person"}).credits == 1
    assert orders.place(alice, photo_of(alice), Tool.CUTOUT, {"subject": ""}).credits == 1


def test_a_cutout_that_is_ordered_twice_at_once_is_one(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    first = orders.cut_out(photo, {"subject": ""})
    assert orders.cut_out(photo, {"subject": ""}) == first
    assert orders.cut_out(photo, {"subject": "person"}) != first
    assert orders.cut_out(photo_of(alice), {"subject": ""}) != first
    orders.cancel(first)
    assert orders.cut_out(photo, {"subject": ""}) != first


def test_what_was_finished_when_it_was_made_is_cut_out_again_without_a_credit(
    alice: User, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    before = {"subject": "", "background": "#ffffff", "crop": True, "format": "jpg"}
    finish_order(orders.place(alice, photo, Tool.CUTOUT, before))
    assert orders.place(alice, photo, Tool.CUTOUT, before).credits == 1
    assert orders.place(alice, photo, Tool.CUTOUT, {"subject": ""}).credits == 0


def test_an_order_that_failed_was_not_paid_for(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    failed = orders.place(alice, photo, Tool.CUTOUT, {"subject": ""})
    Task.objects.filter(pk=failed.pk).update(state=State.NOTHING_FOUND)
    assert orders.place(alice, photo, Tool.CUTOUT, {"subject": ""}).credits == 1


@pytest.mark.parametrize(
    ("tool", "params", "bare"),
    [
        (Tool.CUTOUT, {"subject": ""}, True),
        (Tool.CUTOUT, {"subject": "person", "strokes": []}, True),
        (Tool.CUTOUT, {"subject": "", "format": "png", "crop": False}, False),
        (Tool.CUTOUT, {"subject": "", "finish": {}}, False),
        (Tool.HEAD, {}, False),
    ],
)
def test_bare_is_what_was_ordered_as_a_cutout_and_nothing_more(
    alice: User, photo_of: MakePhoto, tool: str, params: dict[str, Any], bare: bool
) -> None:
    task = orders.place(alice, photo_of(alice), tool, params)
    outputs = [Output(kind, "", 60, 40, "png", 1) for kind in ("image", "thumbnail", "mask")]
    archive.record_results(task, [archive.Saved(output, f"results/{output.kind}") for output in outputs])
    assert list(task.results.order_by("kind").values_list("kind", "bare")) == [
        ("image", bare),
        ("mask", False),
    ]
