"""What becomes of marks and masks once they were sent, and of photos that wait for theirs."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image

from accounts import deletion
from accounts.models import User
from editor import wiring
from editor.engines.types import Output
from editor.models import SOURCE_IS_GONE, Photo, Preparation, Result, Task
from editor.providers.contract import Job, Watch
from editor.states import State
from editor.tools import Tool
from editor.work import maintenance, messages, orders, pipeline
from tests.editor.erasing import BOX, address, erased, mask_of

MakePhoto = Callable[..., Photo]
Files = Callable[[], list[str]]
SCRIPT = {"X-Requested-With": "fetch"}


# -- The work ----------------------------------------------------------------------------------------


class Eye:
    """A provider that remembers what it was asked and answers with a small picture."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def run(self, job: Job, watch: Watch) -> list[Output]:
        self.jobs.append(job)
        kinds = ["preview", "thumbnail"] if job.tool == "prepare" else ["image", "thumbnail"]
        outputs = []
        for kind in kinds:
            path = job.folder / f"{kind}.png"
            Image.new("RGB", (6, 4)).save(path)
            outputs.append(Output(kind, str(path), 6, 4, "png", path.stat().st_size))  # type: ignore[arg-type]
        return outputs


@pytest.fixture
def eye(monkeypatch: pytest.MonkeyPatch) -> Eye:
    seen = Eye()
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": seen)
    return seen


def test_the_engine_gets_the_masks_and_works_on_the_result(
    alice: User, photo_of: MakePhoto, eye: Eye
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    mask, avoid = mask_of(alice), mask_of(alice)
    task = orders.place(alice, photo, Tool.ERASE, {"seed": 2}, mask=mask, avoid=avoid, source_result=result)
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert task.status is State.DONE
    prepared, job = eye.jobs
    assert (prepared.tool, str(prepared.source)) == ("prepare", photo.file.path)
    assert (job.tool, str(job.source)) == ("erase", result.file.path)
    assert job.options == {"seed": 2, "mask_path": mask.file.path, "avoid_path": avoid.file.path}


def test_a_source_deleted_before_the_work_fails_it_and_the_photo_is_not_taken_instead(
    alice: User, photo_of: MakePhoto, eye: Eye
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    task = orders.place(alice, photo, Tool.ERASE, {"rectangles": [BOX]}, source_result=result)
    orders.delete_results(Result.objects.filter(pk=result.pk))
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert (task.status, task.sentence) == (State.UNSUITABLE, SOURCE_IS_GONE)
    assert [job.tool for job in eye.jobs] == ["prepare"]


def test_a_mask_goes_once_no_task_needs_it(alice: User, photo_of: MakePhoto) -> None:
    masked, avoided, unused = mask_of(alice), mask_of(alice), mask_of(alice)
    Photo.objects.update(created_at=timezone.now() - timedelta(days=2))
    erased(photo_of(alice), mask=masked, avoid=avoided)
    assert maintenance.remove_unused_backdrops() == 1
    assert not Photo.objects.filter(pk=unused.pk).exists()
    assert Photo.objects.filter(pk__in=[masked.pk, avoided.pk]).count() == 2


def test_masks_go_with_their_photo_unless_another_needs_them(
    alice: User, photo_of: MakePhoto, media: Files, django_capture_on_commit_callbacks: Any
) -> None:
    photo, other = photo_of(alice), photo_of(alice)
    alone, shared = mask_of(alice), mask_of(alice)
    erased(photo, State.QUEUED, mask=alone, avoid=shared)
    erased(other, State.QUEUED, mask=shared)
    with django_capture_on_commit_callbacks(execute=True):
        orders.delete_photo(photo)
    assert media() == sorted([*other.files, *shared.files])
    assert not Photo.objects.filter(pk=alone.pk).exists()


def test_who_leaves_takes_the_masks_along(
    alice: User, bob: User, photo_of: MakePhoto, media: Files, django_capture_on_commit_callbacks: Any
) -> None:
    his = photo_of(bob)
    photo = photo_of(alice)
    result = erased(photo).results.get()
    erased(photo, mask=mask_of(alice), avoid=mask_of(alice), source_result=result, continues=True)
    with django_capture_on_commit_callbacks(execute=True):
        deletion.delete_account(alice)
    assert media() == his.files


# -- Photos that wait for their marks -------------------------------------------------------------------


def test_a_photo_dropped_onto_the_eraser_is_kept_prepared_and_left_alone(
    alice_client: Client, upload_of: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = alice_client.post(
            "/editor/photos/", {"photo": upload_of(), "tool": "erase"}, headers=SCRIPT
        )
    photo = Photo.objects.get()
    assert response["X-Photo-URL"] == address(photo)
    assert f'hx-get="{address(photo)}"' in response.content.decode()
    assert not Task.objects.exists()
    message = DBTaskResult.objects.get()
    assert message.task_path == "editor.work.messages.serve"

    messages.serve.call(*message.args_kwargs["args"])
    photo.refresh_from_db()
    assert photo.preview
    assert photo.thumbnail


def test_copies_are_made_once_however_often_they_are_asked_for(
    alice: User, photo_of: MakePhoto, eye: Eye, media: Files
) -> None:
    photo = photo_of(alice)
    pipeline.prepare_copies(photo.pk)
    before = media()
    pipeline.prepare_copies(photo.pk)
    assert media() == before
    assert len(eye.jobs) == 1


def test_copies_made_in_vain_leave_no_files(
    alice: User, photo_of: MakePhoto, media: Files, tmp_path: Path
) -> None:
    photo = photo_of(alice)
    before = media()
    path = tmp_path / "copy.png"
    Image.new("RGB", (6, 4)).save(path)
    outputs = [Output(kind, str(path), 6, 4, "png", 9) for kind in ("preview", "thumbnail")]  # type: ignore[arg-type]
    Photo.objects.filter(pk=photo.pk).update(preview="copies/first.png")
    pipeline.archive_copies(photo.pk, outputs)
    assert media() == before


def test_a_photo_that_cannot_be_read_says_so_on_the_stage(
    alice: User, alice_client: Client, photo_of: MakePhoto, coffee: bytes
) -> None:
    photo = photo_of(alice, coffee[:9000])
    Photo.objects.filter(pk=photo.pk).update(format="heif")
    waiting = alice_client.get(address(photo)).content.decode()
    assert "is shown here once it was read" in waiting
    assert 'hx-trigger="every 2s, poll"' in waiting

    pipeline.prepare_copies(photo.pk)

    photo.refresh_from_db()
    assert photo.unreadable.endswith(".")
    page = alice_client.get(address(photo)).content.decode()
    assert photo.unreadable in page
    assert "every 2s" not in page


def test_a_lost_message_about_a_waiting_photo_is_sent_again(alice: User, photo_of: MakePhoto) -> None:
    photo, new, worked_on, broken = (photo_of(alice) for _ in range(4))
    orders.place(alice, worked_on, Tool.CUTOUT, {})
    Photo.objects.filter(pk=broken.pk).update(unreadable="It is cut short.")
    Photo.objects.exclude(pk=new.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert maintenance.prepare_again() == 1
    assert Preparation.objects.get().photo == photo
    assert maintenance.prepare_again() == 0
