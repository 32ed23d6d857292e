"""One task from photo to archived results, with the real engine, and all that may come between."""

import errno
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import TestCase
from django.utils import timezone
from PIL import Image

from accounts.models import ApiKey, User
from editor import wiring
from editor.engines.types import Output
from editor.models import Photo, Result, Task
from editor.providers.contract import Job, Watch
from editor.providers.errors import Refused
from editor.providers.local import LocalEngine
from editor.states import RUNNING, State
from editor.tasks import lease
from editor.tools import Tool
from editor.work import orders, pipeline

MakePhoto = Callable[..., Photo]
Files = Callable[[], list[str]]


@pytest.fixture
def order(alice: User, photo_of: MakePhoto) -> Task:
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {"outputs": "both"})


class Stand:
    """A provider that does what a test says in the middle of a job, and then makes a small picture."""

    def __init__(self, meanwhile: Callable[[Watch], None]) -> None:
        self.meanwhile = meanwhile

    def run(self, job: Job, watch: Watch) -> list[Output]:
        kinds = ["preview", "thumbnail"] if job.tool == "prepare" else ["image", "thumbnail"]
        if job.tool != "prepare":
            self.meanwhile(watch)
        outputs = []
        for kind in kinds:
            path = job.folder / f"{kind}.png"
            Image.new("RGBA", (8, 6)).save(path)
            outputs.append(Output(kind, str(path), 8, 6, "png", path.stat().st_size))  # type: ignore[arg-type]
        return outputs


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Watch], None]], None]:
    """Returns a function that sets what happens while the next job runs; every look is made at once."""
    monkeypatch.setattr(lease, "LOOK_EVERY", timedelta(0))

    def arrange(what: Callable[[Watch], None]) -> None:
        monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": Stand(what))

    return arrange


def test_a_photo_becomes_an_archived_cutout(order: Task, media: Files) -> None:
    pipeline.perform(order.pk)

    order.refresh_from_db()
    photo = order.photo
    photo.refresh_from_db()
    picture, mask = order.results.order_by("kind")
    assert (order.status, order.progress, order.attempts) == (State.DONE, 100, 1)
    assert order.seconds is not None
    assert order.owner_token is None
    with picture.file.open() as file, Image.open(file) as opened:
        assert (opened.mode, opened.size) == ("RGBA", (600, 400))
        low, high = opened.getchannel("A").getextrema()
        assert (low, high) == (0, 255)
    with mask.file.open() as file, Image.open(file) as opened:
        assert (opened.mode, opened.size) == ("L", (600, 400))
    assert all(result.owner_id == order.owner_id for result in (picture, mask))
    assert media() == sorted(photo.files + picture.files + mask.files)


def test_the_photos_clean_copies_are_made_once(order: Task, alice: User) -> None:
    pipeline.perform(order.pk)
    first = Photo.objects.get(pk=order.photo_id)
    assert first.preview
    assert first.thumbnail

    pipeline.perform(orders.place(alice, first, Tool.CUTOUT, {}).pk)

    second = Photo.objects.get(pk=order.photo_id)
    assert second.files == first.files


def test_a_programs_photo_is_copied_only_once_a_page_needs_it(
    alice: User, photo_of: MakePhoto, meanwhile: Callable[[Callable[[Watch], None]], None]
) -> None:
    meanwhile(lambda watch: None)
    photo, call = photo_of(alice), orders.ApiCall(ApiKey.make(alice)[0])
    task = orders.place(alice, photo, Tool.CUTOUT, {}, call=call)
    pipeline.perform(task.pk)
    task.refresh_from_db()
    photo.refresh_from_db()
    assert task.status is State.DONE
    assert not photo.preview

    pipeline.perform(orders.place(alice, photo, Tool.CUTOUT, {}).pk)
    photo.refresh_from_db()
    assert photo.preview
    assert photo.thumbnail


def test_a_second_message_for_one_task_does_nothing(order: Task, media: Files) -> None:
    pipeline.perform(order.pk)
    before = media()
    pipeline.perform(order.pk)
    pipeline.perform(uuid.uuid4())
    assert media() == before
    assert order.results.count() == 2


def test_only_one_of_two_workers_can_claim_a_task(order: Task) -> None:
    assert pipeline.claim(order.pk) is not None
    assert pipeline.claim(order.pk) is None


def test_a_late_worker_writes_nothing(order: Task, media: Files, meanwhile: Any) -> None:
    other = uuid.uuid4()

    def taken_over(watch: Watch) -> None:
        Task.objects.filter(pk=order.pk).update(owner_token=other)

    meanwhile(taken_over)
    pipeline.perform(order.pk)

    order.refresh_from_db()
    assert order.owner_token == other
    assert order.status in RUNNING
    assert not order.results.exists()
    photo = Photo.objects.get(pk=order.photo_id)
    assert media() == sorted(photo.files)


def test_a_late_failure_writes_nothing_either(order: Task, meanwhile: Any) -> None:
    def taken_over(watch: Watch) -> None:
        Task.objects.filter(pk=order.pk).update(owner_token=uuid.uuid4())
        raise Refused(-11, "Nothing there.")

    meanwhile(taken_over)
    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert order.status in RUNNING


def test_a_cancel_stops_the_work(order: Task, media: Files, meanwhile: Any) -> None:
    def cancelled(watch: Watch) -> None:
        orders.cancel(order)
        watch(0.5)
        raise AssertionError("The watch should have stopped it.")

    meanwhile(cancelled)
    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert order.status is State.CANCELLED
    assert order.completed_at is not None
    assert not order.results.exists()


def test_a_photo_deleted_in_the_middle_ends_the_work_quietly(
    order: Task, media: Files, meanwhile: Any, django_capture_on_commit_callbacks: Any
) -> None:
    def deleted(watch: Watch) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            orders.delete_photo(Photo.objects.get(pk=order.photo_id))
        watch(0.5)

    meanwhile(deleted)
    pipeline.perform(order.pk)
    assert media() == []
    assert not Result.objects.exists()


def test_progress_is_shown_and_the_lease_renewed(order: Task, meanwhile: Any) -> None:
    seen = []

    def work(watch: Watch) -> None:
        Task.objects.filter(pk=order.pk).update(lease_expires_at=timezone.now())
        watch(0.5)
        row = Task.objects.get(pk=order.pk)
        seen.append((row.status, row.progress, row.lease_expires_at > timezone.now()))
        watch(0.2)
        seen.append(Task.objects.get(pk=order.pk).progress)

    meanwhile(work)
    pipeline.perform(order.pk)
    assert seen == [(State.PROCESSING, 47, True), 47]


def test_a_cut_off_picture_fails_with_its_own_state(alice: User, photo_of: MakePhoto, coffee: bytes) -> None:
    task = orders.place(alice, photo_of(alice, coffee[:9000]), Tool.CUTOUT, {})
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert task.status is State.NOT_A_PICTURE
    assert task.sentence.endswith(".")
    assert not task.results.exists()


def test_an_option_the_engine_does_not_know_fails_the_task_alone(order: Task) -> None:
    Task.objects.update(params={"format": "gif"})
    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert order.status is State.FAILED


def test_missing_weights_fail_the_task_and_say_which_file_to_put_where(
    order: Task, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = LocalEngine(
        memory_mb=4096, environment={"WEIGHTS_DIR": str(tmp_path / "none"), "DATA_DIR": str(tmp_path)}
    )
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": bare)
    try:
        pipeline.perform(order.pk)
    finally:
        bare.close()
    order.refresh_from_db()
    assert order.status is State.NO_RESOURCES
    assert "isnet.onnx" in order.sentence
    assert Photo.objects.get(pk=order.photo_id).preview


class FullOfResults(FileSystemStorage):
    """Storage that has room for photos and for one result."""

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("results/") and len(self.listdir("results")[0] if self.exists("results") else []):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super()._save(name, content)


def test_a_full_disk_fails_the_task_and_keeps_the_photo(order: Task, media: Files, settings: Any) -> None:
    location = settings.STORAGES["default"]["OPTIONS"]["location"]
    full = {"BACKEND": "tests.editor.work.test_pipeline.FullOfResults", "OPTIONS": {"location": location}}
    settings.STORAGES = {**settings.STORAGES, "default": full}

    pipeline.perform(order.pk)

    order.refresh_from_db()
    assert order.status is State.NOT_ARCHIVED
    assert "full" in order.sentence
    assert media() == sorted(Photo.objects.get(pk=order.photo_id).files)


def test_whatever_breaks_is_our_fault_and_says_so(order: Task, meanwhile: Any) -> None:
    def broken(watch: Watch) -> None:
        raise ZeroDivisionError

    meanwhile(broken)
    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert order.status is State.FAILED
    assert "division" not in order.sentence


def test_a_picture_of_ones_own_stands_behind(alice: User, photo_of: MakePhoto, rocket: bytes) -> None:
    backdrop = photo_of(alice, rocket)
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {"format": "jpg"}, backdrop)
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert task.status is State.DONE
    with task.results.get().file.open() as file, Image.open(file) as opened:
        assert (opened.format, opened.mode, opened.size) == ("JPEG", "RGB", (600, 400))


def test_two_takes_become_two_results(order: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    class TwoTakes(Stand):
        def run(self, job: Job, watch: Watch) -> list[Output]:
            outputs = super().run(job, watch)
            if job.tool == "prepare":
                return outputs
            return [replace(one, number=number) for number in (1, 2) for one in outputs]

    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": TwoTakes(lambda watch: None))
    pipeline.perform(order.pk)

    order.refresh_from_db()
    assert order.status is State.DONE
    first, second = order.results.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert first.file.name != second.file.name
    assert first.thumbnail
    assert second.thumbnail


def test_early_pictures_are_shown_while_it_works_and_go_when_it_ends(
    order: Task, monkeypatch: pytest.MonkeyPatch, media: Files
) -> None:
    seen = []

    class Early(Stand):
        def run(self, job: Job, watch: Watch) -> list[Output]:
            if job.tool != "prepare":
                for number in (1, 2):
                    Image.new("RGB", (32, 24)).save(job.folder / f"early-{number}.webp")
                    watch(0.2 * number)
                    seen.append(Task.objects.get(pk=order.pk).early)
            return super().run(job, watch)

    monkeypatch.setattr(lease, "LOOK_EVERY", timedelta(0))
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": Early(lambda watch: None))
    with TestCase.captureOnCommitCallbacks(execute=True):
        pipeline.perform(order.pk)

    order.refresh_from_db()
    assert [len(names) for names in seen] == [1, 2]
    assert seen[1][0] == seen[0][0]
    assert order.status is State.DONE
    assert order.early == []
    assert not [name for name in media() if name.startswith("early/")]


@pytest.mark.parametrize("provenance", ["", "source"])
def test_a_scene_of_a_cutout_knows_its_photo_where_it_says_its_origin(
    alice: User, photo_of: MakePhoto, monkeypatch: pytest.MonkeyPatch, provenance: str
) -> None:
    jobs: list[Job] = []

    class Noting(Stand):
        def run(self, job: Job, watch: Watch) -> list[Output]:
            jobs.append(job)
            return super().run(job, watch)

    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": Noting(lambda watch: None))
    photo = photo_of(alice)
    params = {"scene": 105, "takes": 1} | ({"provenance": provenance} if provenance else {})
    pipeline.perform(orders.place(alice, photo, Tool.SCENE, params).pk)
    (asked,) = [job.options for job in jobs if job.tool == "scene"]
    assert asked.get("photo_path") == (photo.file.path if provenance else None)
