"""A store of pictures that refuses, answers 503, is slow, damages what comes: work waits, nothing is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from s3transfer.exceptions import RetriesExceededError

from accounts.models import ApiKey, User
from editor import wiring
from editor.engines.types import Output
from editor.files import picture_store
from editor.models import Photo, Preparation, Task
from editor.providers.contract import Job, Watch
from editor.states import State
from editor.tasks import lease
from editor.tools import Tool
from editor.work import orders, pipeline
from tests.support.store_gate import Mood, StoreGate
from web import environment, outages
from web.outages import StoreAway

TROUBLES = [Mood.REFUSED, Mood.UNAVAILABLE, Mood.DAMAGED]


@pytest.fixture(scope="module")
def opened() -> Iterator[StoreGate]:
    """A store behind its gate."""
    with StoreGate(None, seconds=0.6) as gate:
        yield gate


def options_of(gate: StoreGate) -> dict[str, Any]:
    address = f"s3://key:secret@sweep/pictures?endpoint={gate.endpoint}&region=us-east-1"
    options: dict[str, Any] = environment.storage(address)["OPTIONS"]
    return options


@pytest.fixture
def gate(opened: StoreGate, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreGate]:
    """The same, as this studio's storage. Who waits for it does not wait long."""
    backend = {"BACKEND": "editor.files.picture_store.PictureStore", "OPTIONS": options_of(opened)}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    monkeypatch.setattr(outages, "STORE_PATIENCE", 0.0)
    monkeypatch.setattr(picture_store, "TRIES", 1)
    yield opened
    opened.mood = Mood.WELL


class Stub:
    """An engine that makes a picture of everything, and has the store turn in its midst."""

    def __init__(self, gate: StoreGate, mood: Mood) -> None:
        self.gate, self.mood = gate, mood

    def run(self, job: Job, watch: Watch) -> list[Output]:
        self.gate.mood = self.mood
        path = job.folder / "made.png"
        path.write_bytes(b"a picture")
        kinds = ("preview", "thumbnail") if job.tool == "prepare" else ("image",)
        return [Output(kind, str(path), 1, 1, "png", 9) for kind in kinds]  # type: ignore[arg-type]


@pytest.fixture
def photo(alice: User, gate: StoreGate) -> Photo:
    name = default_storage.save("photos/aa/one.jpg", ContentFile(b"a photo"))
    return Photo.objects.create(
        owner=alice, name="one.jpg", file=name, format="jpeg", bytes=7, width=9, height=9, preview=name
    )


@pytest.mark.parametrize("mood", TROUBLES)
def test_what_a_troubled_store_answers_is_told_as_that(gate: StoreGate, mood: Mood) -> None:
    name = default_storage.save("photos/bb/two.jpg", ContentFile(b"bytes"))
    gate.mood = mood
    with pytest.raises(StoreAway):
        default_storage.save("photos/bb/three.jpg", ContentFile(b"bytes"))
    file = default_storage.open(name) if mood is Mood.DAMAGED else None
    with pytest.raises(StoreAway):
        (file or default_storage.open(name)).read()
    gate.mood = Mood.WELL
    if file is not None:
        assert file.read() == b"bytes", "and not the nothing that came before"
        file.close()


def test_a_stream_that_broke_off_each_time_is_an_outage() -> None:
    with pytest.raises(StoreAway), picture_store.explained():
        raise RetriesExceededError(ConnectionResetError())


def test_what_is_not_there_or_not_allowed_is_no_outage(gate: StoreGate) -> None:
    with pytest.raises(FileNotFoundError):
        default_storage.open("photos/never/was.jpg")
    elsewhere = picture_store.PictureStore(**{**options_of(gate), "bucket_name": "nowhere"})
    with pytest.raises(OSError, match="NoSuchBucket") as refused:
        elsewhere.save("one.jpg", ContentFile(b"bytes"))
    assert not outages.is_outage(refused.value)


def test_a_slow_store_is_waited_for_within_its_seconds(
    gate: StoreGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.mood = Mood.SLOW
    assert default_storage.save("photos/cc/four.jpg", ContentFile(b"bytes"))
    monkeypatch.setattr(picture_store, "READ_SECONDS", 0.2)
    impatient = picture_store.PictureStore(**options_of(gate))
    with pytest.raises(StoreAway):
        impatient.save("photos/cc/five.jpg", ContentFile(b"bytes"))


@pytest.mark.parametrize("mood", TROUBLES)
def test_a_result_that_the_store_does_not_take_is_made_again_and_charged_once(
    gate: StoreGate, mood: Mood, alice: User, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = orders.place(alice, photo, Tool.CUTOUT, {})
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="": Stub(gate, mood))
    again = pipeline.perform(task.pk)
    task.refresh_from_db()
    assert again is not None
    assert (task.status, task.attempts, task.owner_token) == (State.QUEUED, 0, None)

    Task.objects.update(not_before=None)
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="": Stub(gate, Mood.WELL))
    gate.mood = Mood.WELL
    assert pipeline.perform(task.pk) is None
    task.refresh_from_db()
    assert (task.status, task.results.count()) == (State.DONE, 1)
    assert default_storage.exists(task.results.get().file.name)


def test_a_file_that_the_store_will_not_give_for_a_day_ends_its_task(
    gate: StoreGate, alice: User, photo: Photo
) -> None:
    task = orders.place(alice, photo, Tool.CUTOUT, {})
    Task.objects.update(created_at=task.created_at - 2 * pipeline.STORE_WAITED_FOR)
    gate.mood = Mood.DAMAGED
    assert pipeline.perform(task.pk) is None
    task.refresh_from_db()
    assert task.status is State.NOT_ARCHIVED


def test_what_is_made_of_a_photo_beside_tasks_waits_for_the_store(gate: StoreGate, photo: Photo) -> None:
    Photo.objects.update(preview="")
    orders.prepare(photo)
    gate.mood = Mood.UNAVAILABLE
    assert pipeline.serve("quick") is None
    asked = Preparation.objects.get()
    assert (asked.attempts, asked.lease_expires_at is not None) == (0, True)
    photo.refresh_from_db()
    assert photo.unreadable == ""


@pytest.mark.parametrize("path", ["/editor/photos/", "/api/tasks/visual/segmentation"])
def test_who_sends_a_photo_meanwhile_is_asked_to_come_again(
    gate: StoreGate, alice: User, alice_client: Client, upload_of: Callable[..., Any], path: str
) -> None:
    _, key = ApiKey.make(alice)
    program = path.startswith("/api")
    sent = {"image_file": upload_of()} if program else {"photo": upload_of(), "tool": "cutout"}
    gate.mood = Mood.UNAVAILABLE
    response = alice_client.post(
        path, sent, headers={"X-API-KEY": key} if program else {"X-Requested-With": "fetch"}
    )
    assert response.status_code == 503, response.content
    assert int(response["Retry-After"]) > 0
    assert b"store of pictures" in response.content
    assert not Photo.objects.exists()


def test_a_lease_is_renewed_while_a_store_takes_its_time(
    alice: User, photo_of: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a thread of its own, which ends with the work, and with the time that the task has."""
    attempt = lease.claim(orders.place(alice, photo_of(alice), Tool.CUTOUT, {}).pk)
    assert attempt is not None
    rounds = iter([False, False, True])

    class Stop:
        def wait(self, seconds: float) -> bool:
            assert 0 < seconds < lease.LEASE.total_seconds() / 2
            return next(rounds)

    Task.objects.update(lease_expires_at=None)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    attempt.renew(Stop())  # type: ignore[arg-type]
    attempt.task.refresh_from_db()
    assert attempt.task.lease_expires_at is not None
    assert list(rounds) == []
    monkeypatch.setattr(lease.Attempt, "seconds_left", 0.0)
    rounds = iter([False])
    Task.objects.update(lease_expires_at=None)
    attempt.renew(Stop())  # type: ignore[arg-type]
    attempt.task.refresh_from_db()
    assert attempt.task.lease_expires_at is None
