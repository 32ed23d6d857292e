"""A take that is finished is never lost: kept as it is done, delivered and charged alone, not made twice."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from accounts import ledger
from accounts.models import User
from editor import wiring
from editor.api import payloads
from editor.engines.types import Output
from editor.models import MAX_ATTEMPTS, Photo, Result, Task
from editor.providers.contract import Job, Watch
from editor.providers.errors import Crashed, DeadlinePassed, Fenced, Refused
from editor.states import State
from editor.tasks import lease, settlement, takes
from editor.tools import Tool
from editor.work import maintenance, orders, pipeline
from tests.editor.standing import HTMX, page_of
from web.language.sentences import tell

MakePhoto = Callable[..., Photo]
Files = Callable[[], list[str]]
GAVE_WAY = {"samples": 3, "of_samples": 7, "side": 800, "of_side": 1024, "busy": True}


class Renderer:
    """A provider that takes its pictures one by one; `after` happens when so many are done."""

    def __init__(self) -> None:
        self.first: Callable[[], None] = lambda: None
        self.after: dict[int, Callable[[], None]] = {}
        self.gave_way: dict[str, Any] = {}
        self.asked: list[list[int]] = []

    def run(self, job: Job, watch: Watch) -> list[Output]:
        outputs = []
        if job.tool == "prepare":
            return [self.picture(job, kind, 1) for kind in ("preview", "thumbnail")]
        numbers = [one for one in range(1, job.options["takes"] + 1) if one not in job.options["made"]]
        self.asked.append(numbers)
        self.first()
        for number in numbers:
            files = [self.picture(job, kind, number) for kind in ("image", "thumbnail")]
            note = {"outputs": [asdict(one) for one in files], "gave_way": self.gave_way}
            (job.folder / f"take-{number}.json").write_text(json.dumps(note))
            outputs += files
            self.after.get(number, lambda: None)()
            watch(0.5)
        return outputs

    def picture(self, job: Job, kind: Any, number: int) -> Output:
        path = job.folder / f"{kind}-{number}.png"
        Image.new("RGB", (16 + number, 12)).save(path)
        return Output(kind, str(path), 16 + number, 12, "png", path.stat().st_size, number=number)


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> Renderer:
    made = Renderer()
    monkeypatch.setattr(lease, "LOOK_EVERY", timedelta(0))
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": made)
    return made


@pytest.fixture
def order(alice: User, photo_of: MakePhoto) -> Task:
    return orders.place(alice, photo_of(alice), Tool.SCENE, {"scene": 105, "takes": 2, "seed": 1})


def raising(error: BaseException) -> Callable[[], None]:
    def happen() -> None:
        raise error

    return happen


def left(user: User) -> int:
    return ledger.get_balance(user) or 0


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def numbers(task: Task) -> list[int]:
    return list(task.results.order_by("number").values_list("number", flat=True))


ENDS = [
    (DeadlinePassed(), "RENDER_DEADLINE"),
    (Crashed("The imaging process ended unexpectedly."), "ended unexpectedly"),
    (Refused(-15, "There was not enough memory to render this scene."), "not enough memory"),
    (Refused(-8, "This machine was too busy with other work."), "too busy"),
]


@pytest.mark.parametrize(("error", "cause"), ENDS)
def test_what_is_finished_is_delivered_and_charged_alone_whatever_ends_the_rest(
    error: Exception, cause: str, order: Task, alice: User, renderer: Renderer, media: Files
) -> None:
    before = left(alice)
    renderer.after[1] = raising(error)

    pipeline.perform(order.pk)

    task = fresh(order)
    (result,) = task.results.all()
    assert (task.status, task.progress, task.credits) == (State.DONE, 100, 3)
    assert task.message.startswith("One of two takes was finished, and only that one was charged.")
    assert cause in task.message
    assert (result.number, result.width, result.kind) == (1, 17, Result.Kind.IMAGE)
    assert left(alice) == before + 3
    assert task.finished == []
    assert media() == sorted(Photo.objects.get(pk=order.photo_id).files + result.files)


def test_both_are_delivered_once_where_all_goes_well(
    order: Task, alice: User, renderer: Renderer, media: Files
) -> None:
    before = left(alice)
    seen: list[list[int]] = []
    renderer.after[2] = lambda: seen.append([one["number"] for one in fresh(order).finished])

    pipeline.perform(order.pk)

    task = fresh(order)
    assert seen == [[1]], "the first is in the row while the second is made"
    assert numbers(task) == [1, 2]
    assert (task.status, task.message, task.credits, left(alice)) == (State.DONE, "", 6, before)
    files = [name for result in task.results.all() for name in result.files]
    assert media() == sorted(Photo.objects.get(pk=order.photo_id).files + files)


def die(order: Task) -> None:
    """Have the task lose its worker, and upkeep notice."""
    Task.objects.filter(pk=order.pk).update(lease_expires_at=timezone.now() - timedelta(minutes=1))
    maintenance.requeue_expired()


def test_a_worker_that_takes_over_does_not_make_again_what_is_finished(
    order: Task, alice: User, renderer: Renderer
) -> None:
    before = left(alice)
    renderer.after[2] = raising(Fenced())  # the worker is gone; nobody writes how it ended

    pipeline.perform(order.pk)
    die(order)
    assert fresh(order).status is State.QUEUED
    (kept,) = fresh(order).finished
    renderer.after.clear()
    pipeline.perform(order.pk)

    assert renderer.asked == [[1, 2], [2]]
    task = fresh(order)
    assert numbers(task) == [1, 2]
    assert task.results.get(number=1).file == kept["file"]
    assert (task.status, left(alice)) == (State.DONE, before)


def test_where_all_is_finished_nothing_is_rendered_any_more(order: Task, renderer: Renderer) -> None:
    attempt = pipeline.claim(order.pk)
    assert attempt is not None
    take = {"thumbnail": "", "format": "png", "width": 9, "height": 9, "bytes": 1, "gave_way": {}}
    attempt.hold(finished=[{"number": one, "file": f"results/{one}.png", **take} for one in (1, 2)])
    die(order)

    pipeline.perform(order.pk)

    assert renderer.asked == []
    assert numbers(fresh(order)) == [1, 2]


def test_a_task_that_ended_its_workers_too_often_has_what_they_finished(
    order: Task, alice: User, renderer: Renderer
) -> None:
    before = left(alice)
    renderer.after[2] = raising(Fenced())
    for _ in range(MAX_ATTEMPTS):
        pipeline.perform(order.pk)
        die(order)

    task = fresh(order)
    assert (task.status, numbers(task), left(alice)) == (State.DONE, [1], before + 3)
    assert renderer.asked == [[1, 2], *[[2]] * (MAX_ATTEMPTS - 1)]


def test_who_stops_it_has_what_was_finished_and_pays_for_that_alone(
    order: Task, alice: User, renderer: Renderer
) -> None:
    before = left(alice)
    renderer.after[1] = lambda: bool(orders.cancel(fresh(order))) or None

    pipeline.perform(order.pk)

    task = fresh(order)
    assert (task.status, numbers(task), left(alice)) == (State.DONE, [1], before + 3)
    assert "before this was stopped" in task.message


def test_nothing_finished_is_a_failure_and_costs_nothing(
    order: Task, alice: User, renderer: Renderer
) -> None:
    before = left(alice)
    renderer.first = raising(DeadlinePassed())
    pipeline.perform(order.pk)

    task = fresh(order)
    assert (task.status, numbers(task), left(alice)) == (State.TOO_SLOW, [], before + 6)


def test_deleting_the_photo_takes_the_finished_takes_along(
    order: Task, alice: User, renderer: Renderer, media: Files
) -> None:
    before = left(alice)
    renderer.after[2] = raising(Fenced())
    pipeline.perform(order.pk)
    assert [name for name in media() if name.startswith("results/")]

    with TestCase.captureOnCommitCallbacks(execute=True):
        orders.delete_photo(order.photo)

    assert media() == []
    assert left(alice) == before + 6


def test_upkeep_leaves_finished_takes_alone(
    order: Task, renderer: Renderer, media: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer.after[2] = raising(Fenced())
    pipeline.perform(order.pk)
    monkeypatch.setattr(maintenance, "ORPHAN_AFTER", timedelta(seconds=-1))
    noted = {fresh(order).finished[0][name] for name in ("file", "thumbnail")}

    maintenance.remove_orphans()

    assert noted <= set(media())


def test_a_program_is_told_of_the_pictures_that_there_are(
    order: Task, renderer: Renderer, settings: Any
) -> None:
    renderer.gave_way = GAVE_WAY
    renderer.after[1] = raising(DeadlinePassed())
    pipeline.perform(order.pk)

    data = payloads.describe_task(fresh(order))["data"]

    assert (data["state"], data["state_detail"]) == (1, "Complete")
    assert "image_1" in data
    assert "image_2" not in data
    assert "One of two takes" in data["note"]
    assert "3 of 7 samples" in data["note"]


def test_a_task_of_which_nothing_is_to_be_said_has_no_note(order: Task, renderer: Renderer) -> None:
    pipeline.perform(order.pk)
    assert "note" not in payloads.describe_task(fresh(order))["data"]


def test_the_page_says_what_is_missing_and_what_gave_way(
    order: Task, alice_client: Client, renderer: Renderer
) -> None:
    renderer.gave_way = GAVE_WAY
    renderer.after[1] = raising(DeadlinePassed())
    pipeline.perform(order.pk)

    page = page_of(alice_client, order.photo)

    assert "One of two takes was finished" in page
    assert "3 of 7 samples" in page
    assert "800 instead of 1024 pixels" in page
    assert "busy" in page
    assert 'data-state="alone"' in page


def test_a_finished_take_is_seen_while_the_other_is_made(
    order: Task, alice_client: Client, renderer: Renderer
) -> None:
    pages: list[str] = []
    status = reverse("editor:task-status", args=[order.pk])

    def look() -> None:
        pages.append(alice_client.get(f"{status}?early=0", headers=HTMX).content.decode())
        there = reverse("editor:task-early", args=[order.pk, 1])
        assert there in pages[0]
        response = alice_client.get(there)
        assert response["Content-Type"] == "image/png"
        response.close()

    renderer.after[2] = look
    pipeline.perform(order.pk)

    assert pages[0].count("finished") >= 1
    assert pages[0].count("setting up") == 1


def test_a_finished_take_survives_another_end_that_came_first(order: Task, renderer: Renderer) -> None:
    """However a row ends, in whatever module: settlement delivers what it has finished."""
    renderer.after[2] = raising(Fenced())
    pipeline.perform(order.pk)

    assert settlement.end(Task.objects.filter(pk=order.pk), State.FAILED)

    assert (fresh(order).status, numbers(fresh(order))) == (State.DONE, [1])


def test_what_cannot_be_seen_is_said_with_what_gave_way_and_by_itself() -> None:
    hidden = {"hidden": ["falling-leaves", "salt"]}
    sentence = "Asked for, and hardly to be seen from here: falling leaves, salt."
    assert takes.Note(0, takes.say_concessions(hidden)).put() == sentence
    assert takes.Note(0, takes.say_concessions(GAVE_WAY | hidden)).put().endswith(f". {sentence}")


CAUSE = "Cancelled. Nothing was charged."
SHORT = f"One of two takes was finished, and only that one was charged. {CAUSE}"


@pytest.mark.parametrize(
    "row",
    [
        Task(
            message=SHORT, facts={"shortage": {"said": "short", "cause": "Cancelled. Nothing was charged."}}
        ),
        # As rows were kept before.
        Task(message=SHORT),
    ],
    ids=["data", "sentence"],
)
def test_a_note_is_worded_for_who_reads_it(row: Task) -> None:
    row.facts |= {"gave_way": {"1": {"hidden": ["salt"]}, "2": GAVE_WAY}}
    notes = takes.list_notes(row)
    assert notes[0].put() == SHORT
    with translation.override("de"):
        said = [note.put(tell) for note in notes]
    assert said[0].startswith("Eines von zwei Bildern wurde fertig")
    assert said[0].endswith("Abgebrochen. Nichts wurde berechnet.")
    assert said[1].startswith("Bild 1: Gewünscht, von hier aber kaum zu sehen: ")
    assert said[2].startswith("Bild 2: Gerendert mit 3 von 7 Samples und 800 statt 1024 Pixeln")
