"""A run from its start to its end, and all that may come between."""

import errno
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from accounts import ledger
from accounts.models import Plan, User
from editor.models import MAX_ATTEMPTS, Photo, Preparation, Run, RunFile, RunItem, Task
from editor.providers.contract import Job, Watch
from editor.providers.errors import Refused
from editor.states import State as TaskState
from editor.tasks import lease, scheduling
from editor.tools import QUICK, Tool
from editor.work import maintenance, orders, pipeline, recipes
from editor.work.belongings import StudioBelongings
from editor.work.runs import flow, intake, progress, steps
from editor.work.runs.errors import RunRefused

from .conftest import Bench, list_items, list_states, make_recipe, make_run, picture, upload, work

State = RunItem.State
Files = Callable[[], list[str]]

TWO = [{"market": "amazon", "name": "{sku}.MAIN.{ext}"}, {"folder": "shop", "format": "webp"}]


def limit(user: User, credits: int) -> None:
    """Leave somebody so many credits."""
    left = ledger.get_balance(user)
    assert left is not None
    ledger.correct(user, credits - left, reason="nearly spent")


def test_photos_become_files_of_every_kind(alice: User, bench: Bench) -> None:
    run = make_run(alice, 5, files=TWO)
    flow.start(run)
    work()

    run.refresh_from_db()
    assert (run.state, run.message) == (Run.State.DONE, "")
    assert run.ended_at is not None
    items = list_items(run)
    assert [item.state for item in items] == [State.DONE] * 5
    assert [file.path for file in items[1].files.all()] == ["amazon/lamp_2.MAIN.jpg", "shop/lamp-2.webp"]
    first, second = items[0].files.all()
    assert first.thumbnail
    assert not second.thumbnail
    assert first.file.size == first.bytes
    assert items[0].confidence == 0.6
    assert bench.count("cutout") == bench.count("deliver") == 5
    assert bench.jobs[-1].options["files"][0]["market"]["key"] == "amazon"


def test_the_first_files_come_after_the_first_cutout(alice: User, bench: Bench) -> None:
    run = make_run(alice, 9)
    flow.start(run)
    work(2)
    assert list_states(run)[:2] == [State.DONE, State.CUTTING]
    assert [job.tool for job in bench.jobs] == ["prepare", "cutout", "deliver"]


def test_two_hundred_photos_hold_up_nobody(alice: User, bob: User, bench: Bench, photo_of: Any) -> None:
    """Neither another person's photo nor another one of the same person."""
    run = make_run(alice, 20)
    flow.start(run)
    work(5)
    his = orders.place(bob, photo_of(bob), Tool.CUTOUT, {})
    hers = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    assert scheduling.count_ahead(his) <= 1
    assert scheduling.count_ahead(hers) <= 1 + steps.LEAST_AT_ONCE
    assert steps.count_under_way(run) == steps.LEAST_AT_ONCE
    work(2)
    his.refresh_from_db()
    assert his.status is TaskState.DONE


def test_a_photo_that_fails_holds_nobody_up_and_is_tried_again(alice: User, bench: Bench) -> None:
    run = make_run(alice, 4)

    def refuse(job: Job, watch: Watch) -> None:
        if job.tool == "cutout" and bench.count("cutout") == 2:
            raise Refused(TaskState.NOTHING_FOUND, "No subject was found.")
        if job.tool == "deliver" and bench.count("deliver") == 2:
            raise Refused(TaskState.FAILED, "The frame is too large.")
        if job.tool == "deliver" and bench.count("deliver") == 3:
            raise KeyError("a fault of ours")

    bench.before = refuse
    flow.start(run)
    work()
    items = list_items(run)
    assert [item.state for item in items] == [State.DONE, State.FAILED, State.FAILED, State.FAILED]
    assert [item.message for item in items[:3]] == ["", "No subject was found.", "The frame is too large."]
    assert "could not be made" in items[3].message
    run.refresh_from_db()
    assert run.state == Run.State.DONE

    bench.before = lambda job, watch: None
    flow.rerun_failed(run)
    work()
    assert list_states(run) == [State.DONE] * 4
    assert bench.count("deliver") == 6, "what was done is not made again"
    with pytest.raises(RunRefused, match="No photo of this run failed"):
        flow.rerun_failed(run)


def test_credits_end_and_the_run_goes_on_later(alice: User, bench: Bench) -> None:
    limit(alice, 3)
    run = make_run(alice, 6)
    flow.start(run)
    work()
    run.refresh_from_db()
    assert run.state == Run.State.STOPPED
    assert "credits ended after 3 of 6 photos" in run.message
    assert list_states(run) == [State.DONE] * 3 + [State.WAITING] * 3

    ledger.grant(alice, 3, reason="more")
    flow.go_on(run)
    assert run.message == ""
    work()
    run.refresh_from_db()
    assert (run.state, ledger.get_balance(alice)) == (Run.State.DONE, 0)


def test_a_plan_of_one_picture_at_once_makes_the_run_slow_and_not_stop(alice: User, bench: Bench) -> None:
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_at_once=1)
    run = make_run(alice, 3)
    flow.start(run)
    assert Task.objects.owned_by(alice).under_way().count() == 1
    work()
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_the_same_photo_is_cut_out_and_paid_for_once(alice: User, bench: Bench) -> None:
    limit(alice, 10)
    for _ in range(2):
        run = make_run(alice, 2)
        flow.start(run)
        work()
        assert list_states(run) == [State.DONE] * 2
    assert bench.count("cutout") == 2
    assert ledger.get_balance(alice) == 8
    assert Photo.objects.count() == 2


def test_a_worker_dies_in_the_middle_and_another_one_goes_on(alice: User, bench: Bench) -> None:
    run = make_run(alice, 3)
    flow.start(run)
    assert isinstance(lease.take_next(QUICK), lease.Attempt)
    maintenance.run_often()
    Task.objects.running().update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    maintenance.run_often()
    work(1)
    held = lease.take_next(QUICK)
    assert isinstance(held, Preparation), "the worker dies while files are made"
    Preparation.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    work()
    run.refresh_from_db()
    assert (run.state, list_states(run)) == (Run.State.DONE, [State.DONE] * 3)
    assert RunFile.objects.count() == 3


def test_files_that_end_every_worker_fail_and_the_run_ends(alice: User, bench: Bench) -> None:
    run = make_run(alice, 1)
    flow.start(run)
    work(1)
    Preparation.objects.update(attempts=MAX_ATTEMPTS, lease_expires_at=timezone.now() - timedelta(seconds=1))
    maintenance.run_often()
    (item,) = list_items(run)
    run.refresh_from_db()
    assert (item.state, run.state) == (State.FAILED, Run.State.DONE)
    assert "worker was ended" in item.message


def test_upkeep_picks_up_what_nobody_was_told_of(alice: User, bench: Bench) -> None:
    """A worker that dies between a cutout's end and the next order leaves the rows, and no message."""
    run = make_run(alice, 2)
    flow.start(run)
    while scheduling.count_waiting(QUICK):
        pipeline.serve(QUICK)  # without what is to happen once it is committed
    assert list_states(run) == [State.CUTTING] * 2
    maintenance.run_often()
    work()
    assert list_states(run) == [State.DONE] * 2


def test_stop_and_go_on(alice: User, bench: Bench) -> None:
    run = make_run(alice, 5)
    flow.start(run)
    work(2)
    flow.stop(run)
    assert run.state == Run.State.STOPPED
    work()
    assert list_states(run) == [State.DONE] + [State.WAITING] * 4
    assert not Task.objects.under_way().exists()
    with pytest.raises(RunRefused, match="stopped"):
        flow.stop(run)
    flow.go_on(run)
    work()
    run.refresh_from_db()
    assert (run.state, bench.count("cutout")) == (Run.State.DONE, 5)


def test_stopping_leaves_what_was_ordered_on_the_desk(alice: User, bench: Bench) -> None:
    run = make_run(alice, 1)
    flow.start(run)
    Photo.objects.update(on_desk=True)
    flow.stop(run)
    assert Task.objects.under_way().count() == 1


def test_run_again_only_what_changed_is_made_again(alice: User, bench: Bench) -> None:
    run = make_run(alice, 2, files=TWO)
    flow.start(run)
    with pytest.raises(RunRefused, match="under way"):
        flow.rerun_all(run)
    work()
    before = {file.path: file.file.name for file in RunFile.objects.all()}
    flow.rerun_all(run)
    run.refresh_from_db()
    assert (run.state, bench.count("deliver")) == (Run.State.DONE, 2), "nothing has changed"

    recipe = run.recipe
    assert recipe is not None
    data = recipes.read(recipe).to_dict()
    data["files"][1]["quality"] = 50
    recipes.change(recipe, type(recipes.read(recipe)).from_dict(data))
    flow.rerun_all(run)
    work()
    after = {file.path: file.file.name for file in RunFile.objects.all()}
    assert bench.count("cutout") == 2
    assert [len(job.options["files"]) for job in bench.jobs if job.tool == "deliver"] == [2, 2, 1, 1]
    assert {path for path in before if before[path] == after[path]} == {
        "amazon/lamp_1.MAIN.jpg",
        "amazon/lamp_2.MAIN.jpg",
    }
    run.refresh_from_db()
    assert (run.recipe_number, run.state) == (2, Run.State.DONE)


def test_run_again_with_fewer_files_and_another_subject(alice: User, bench: Bench, media: Files) -> None:
    run = make_run(alice, 1, files=TWO)
    flow.start(run)
    work()
    flow.rerun_all(run, make_recipe(alice, subject="object", files=TWO[:1]))
    work()
    (file,) = RunFile.objects.all()
    assert bench.count("cutout") == 2
    assert [name for name in media() if name.startswith("runs/")] == sorted(file.files)


def test_a_full_disk_stops_the_run_and_loses_nothing(
    alice: User, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(alice, 3)
    full = OSError(errno.ENOSPC, "No space left on device")

    def fill(job: Job, watch: Watch) -> None:
        if job.tool == "deliver" and bench.count("deliver") == 2:
            raise full

    bench.before = fill
    flow.start(run)
    work()
    run.refresh_from_db()
    assert run.state == Run.State.STOPPED
    assert "disk is full" in run.message
    assert list_states(run)[:2] == [State.DONE, State.WAITING]

    bench.before = lambda job, watch: None
    flow.go_on(run)
    work()
    run.refresh_from_db()
    assert (run.state, list_states(run)) == (Run.State.DONE, [State.DONE] * 3)
    assert bench.count("cutout") == 3

    other = make_run(alice, 0)
    intake.add_upload(other, upload(picture(99)), "new.png")
    flow.start(other)

    def refuse(self: FileSystemStorage, name: str, content: Any) -> str:
        raise full

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    work()
    other.refresh_from_db()
    assert (other.state, list_states(other)) == (Run.State.STOPPED, [State.WAITING])


def test_a_plan_without_room_stops_the_run(alice: User, bench: Bench) -> None:
    run = make_run(alice, 1)
    flow.start(run)
    work(1)
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_bytes=10)
    work()
    run.refresh_from_db()
    assert run.state == Run.State.STOPPED
    assert "Your plan keeps" in run.message


def test_a_suspended_person_has_nothing_going(alice: User, bench: Bench) -> None:
    run = make_run(alice, 3)
    flow.start(run)
    StudioBelongings().stop_work(alice)
    work()
    run.refresh_from_db()
    assert run.state == Run.State.STOPPED
    assert bench.count("cutout") == 0


def test_progress_and_counts(alice: User, bench: Bench) -> None:
    run = make_run(alice, 4)
    intake.add_upload(run, upload(picture(60)), "again.png")
    intake.add_upload(run, upload(b"text"), "notes.txt")
    assert progress.measure_progress(run).seconds_left is None
    flow.start(run)
    work(4)
    counts = progress.count_states(run)
    assert (counts.done, counts.left, counts.double, counts.unreadable, counts.total) == (2, 2, 1, 1, 6)
    assert (counts.passed, counts.doubtful) == (2, 2)
    told = progress.measure_progress(run)
    assert (told.done, told.left, told.percent) == (2, 2, 50)
    assert told.seconds_left is not None
    assert told.words_left


def test_what_cannot_be_run_is_refused_before_the_work(alice: User, bench: Bench) -> None:
    with pytest.raises(RunRefused, match="no photo"):
        flow.start(make_run(alice))
    run = make_run(alice, 2, files=[{"name": "same.{ext}"}])
    with pytest.raises(RunRefused, match="would both be called"):
        flow.start(run)
    assert Run.objects.get(pk=run.pk).state == Run.State.GATHERING
    Run.objects.filter(pk=run.pk).update(data={"version": 99})
    run.refresh_from_db()
    with pytest.raises(RunRefused, match="version 99"):
        flow.start(run)
    behind = make_run(alice, 1)
    Run.objects.filter(pk=behind.pk).update(data={"backdrop": "wall.jpg"})
    behind.refresh_from_db()
    with pytest.raises(RunRefused, match="was deleted"):
        flow.start(behind)
    assert not Task.objects.exists()
