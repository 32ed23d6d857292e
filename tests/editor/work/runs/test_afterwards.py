"""What becomes of a run's files afterwards: corrected photos, groups, what is deleted, upkeep."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import TestCase
from django.utils import timezone

from accounts.models import Plan, User
from editor.files import uploads
from editor.models import Photo, Preparation, Run, RunFile, RunItem, Task
from editor.providers.errors import Refused
from editor.states import State as TaskState
from editor.work import maintenance, orders, trash
from editor.work.belongings import StudioBelongings
from editor.work.runs import flow, intake, steps, tables

from .conftest import Bench, list_items, list_states, make_run, picture, upload, work

State = RunItem.State
Files = Callable[[], list[str]]

TWO = [{"market": "amazon", "name": "{sku}.MAIN.{ext}"}, {"folder": "shop", "format": "webp"}]


def test_the_files_of_a_corrected_photo_follow(alice: User, bench: Bench) -> None:
    run = make_run(alice, 2)
    flow.start(run)
    work()
    item = list_items(run)[0]
    before = item.files.get()
    assert item.task is not None
    result = item.task.results.get()
    strokes = [{"keep": True, "radius": 3, "points": [[1, 1]]}]

    orders.correct(result, strokes)
    work()
    item.refresh_from_db()
    after = item.files.get()
    assert (item.state, after.made_of == before.made_of) == (State.DONE, False)
    assert item.task.params["strokes"] == strokes

    # Undoing it is going back to the cutout of before, of which no task ends.
    with TestCase.captureOnCommitCallbacks(execute=True):
        orders.correct(item.task.results.get(), [])
    work()
    item.refresh_from_db()
    assert (item.state, item.files.get().made_of) == (State.DONE, before.made_of)
    assert bench.count("deliver") == 4, "the other photo's stay"

    bench.before = lambda job, watch: (_ for _ in ()).throw(Refused(TaskState.FAILED, "No."))
    orders.correct(result, [*strokes, *strokes])
    work()
    item.refresh_from_db()
    assert item.task.results.exists(), "a correction that failed leaves the cutout before it"


def test_products_of_a_group_keep_their_sizes(
    alice: User, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files wait until all of the group are cut out; then the largest fills the frame."""
    run = make_run(alice, 3, same_scale="all")
    bench.boxes = {60: [0, 0, 40, 40], 61: [0, 0, 20, 20], 62: [0, 0, 10, 10]}
    flow.start(run)
    work()
    run.refresh_from_db()
    assert (run.state, bench.count("deliver")) == (Run.State.DONE, 3)
    shares = [item.measured["shares"] for item in list_items(run)]
    assert shares == [[1.0], [0.5], [0.25]]
    assert [job.options["finish"]["share"] for job in bench.jobs if job.tool == "deliver"] == [1.0, 0.5, 0.25]

    # A larger product than thought makes all others smaller.
    item = list_items(run)[1]
    assert item.task is not None
    bench.boxes[61] = [0, 0, 40, 40]
    with TestCase.captureOnCommitCallbacks(execute=True):
        orders.correct(item.task.results.get(), [{"keep": True, "radius": 3, "points": [[1, 1]]}])
    work(1)
    assert list_states(run) == [State.DONE, State.DELIVERING, State.DONE], "what is as it was stays"
    work()
    assert [item.measured["shares"] for item in list_items(run)] == [[1.0], [1.0], [0.25]]
    assert bench.count("deliver") == 4, "only what changed"

    # Then all files follow, one after the other though the run is done.
    monkeypatch.setattr(steps, "LEAST_AT_ONCE", 1)
    first = list_items(run)[0]
    assert first.task is not None
    bench.boxes[60] = [0, 0, 60, 40]
    with TestCase.captureOnCommitCallbacks(execute=True):
        orders.correct(first.task.results.get(), [{"keep": True, "radius": 3, "points": [[1, 1]]}])
    work()
    assert list_states(run) == [State.DONE] * 3
    shares = [round(item.measured["shares"][0], 3) for item in list_items(run)]
    assert (shares, bench.count("deliver")) == ([1.0, 0.667, 0.167], 7)

    # The same photos once more: nothing is cut out, so nothing that ends has the files made.
    again = make_run(alice, 3, same_scale="all")
    flow.start(again)
    work()
    again.refresh_from_db()
    assert (again.state, bench.count("cutout")) == (Run.State.DONE, 5)


def test_deleted_photos_take_their_files_along(alice: User, bench: Bench, media: Files) -> None:
    run = make_run(alice, 2)
    flow.start(run)
    work(2)
    photos = list(Photo.objects.order_by("width"))
    for photo in photos:
        orders.delete_photo(photo)
    maintenance.run_often()
    work()
    run.refresh_from_db()
    assert (run.state, list_states(run)) == (Run.State.DONE, [State.FAILED] * 2)
    assert not RunFile.objects.exists()
    assert "deleted" in list_items(run)[0].message


def test_a_photo_in_the_trash_is_left_alone(alice: User, bench: Bench) -> None:
    run = make_run(alice, 1)
    trash.throw_photos(Photo.objects.all())
    flow.start(run)
    work()
    assert "in the trash" in list_items(run)[0].message


def test_a_deleted_run_leaves_nothing_but_what_else_was_made(alice: User, bench: Bench, media: Files) -> None:
    run = make_run(alice, 6)
    flow.start(run)
    work(2)
    with TestCase.captureOnCommitCallbacks(execute=True):
        flow.delete(run)
    work()
    assert not Run.objects.exists()
    assert not [name for name in media() if name.startswith("runs/")]
    assert Photo.objects.count() == 1, "the one with a cutout, which is in the gallery"
    flow.delete(run)


def test_run_files_are_counted_cleared_and_go_with_their_person(
    alice: User, bench: Bench, media: Files, django_capture_on_commit_callbacks: Any
) -> None:
    run = make_run(alice, 1)
    flow.start(run)
    before = uploads.count_stored_bytes(alice)
    work()
    file = RunFile.objects.get()
    cutout = Task.objects.get().results.get()
    assert uploads.count_stored_bytes(alice) == before + file.bytes + cutout.bytes

    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    default_storage.save("runs/00/lost.jpg", ContentFile(b"x"))
    moment = timezone.now() + 2 * maintenance.ORPHAN_AFTER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maintenance.clock, "now", lambda: moment)
        assert maintenance.remove_orphans() == 1
    assert set(file.files) <= set(media())

    with django_capture_on_commit_callbacks(execute=True):
        StudioBelongings().prepare_deletion(alice)
    assert not [name for name in media() if name.startswith("runs/")]


def test_upkeep_makes_copies_of_what_nobody_has_begun_and_no_others(alice: User, bench: Bench) -> None:
    waits, goes = make_run(alice, 1), make_run(alice)
    intake.add_upload(goes, upload(picture(90)), "lamp.png")
    tables.add_table(waits, upload(b"url\nhttps://shop.example/lamp.png\n"))
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_at_once=0)
    flow.start(goes)
    Photo.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert maintenance.prepare_again() == 1
    assert Preparation.objects.get().photo == list_items(waits)[0].photo
