"""A task in the hands of a service that is good, and of one that is not, with real HTTP and our engine."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import skimage.data
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import ledger
from accounts.models import User
from editor import wiring
from editor.forms import SceneForm
from editor.models import Photo, Provider, Task
from editor.providers.contract import Connection
from editor.providers.http_service import Patience
from editor.providers.picwish import PicWish
from editor.providers.removebackground import RemoveBackground
from editor.remote import handover
from editor.states import State
from editor.tools import Tool
from editor.work import orders, pipeline
from tests.conftest import encoded
from web.environment import Service

from . import hostile
from .working import step, work

MakePhoto = Callable[..., Photo]

pytestmark = pytest.mark.usefixtures("reached")


def hurry_calls(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Have calls of a kind given up soon; the others have their time, however busy the machine is."""

    def impatient(connection: Connection) -> PicWish:
        return PicWish(connection.base_url, connection.key, patience=Patience(**seconds))

    monkeypatch.setattr(wiring, "make_remote", impatient)


def test_a_photo_is_cut_out_by_the_service_and_ends_in_the_gallery(
    order: Task, service: hostile.Service, alice_client: Client
) -> None:
    before = ledger.get_balance(order.owner)
    service.looks = 2
    shown = []
    again = pipeline.perform(order.pk)
    while again is not None:
        row = Task.objects.get(pk=order.pk)
        shown.append((row.status, row.progress, row.owner_token))
        again = step(again)

    order.refresh_from_db()
    assert shown == [
        (State.WAITING, 0, None),
        (State.PROCESSING, 27, None),
        (State.PROCESSING, 54, None),
    ]
    assert (order.status, order.provider, order.attempts) == (State.DONE, "picwish", 1)
    picture, mask = order.results.order_by("kind")
    with picture.file.open() as file, Image.open(file) as opened:
        assert (opened.mode, opened.size) == ("RGBA", (600, 400))
        assert opened.getpixel((300, 200))[3] == 255  # type: ignore[index]
        assert opened.getpixel((2, 2))[3] == 0  # type: ignore[index]
    assert mask.format == "png"
    assert len(service.asked("submit")) == 1
    assert ledger.get_balance(order.owner) == before
    assert b"coffee" in alice_client.get(reverse("editor:gallery")).content
    assert Provider.objects.get(pk="picwish").last_success_at is not None


# How it misbehaves, where, in which state the task ends, and how often it is asked to take it.
MISBEHAVIOUR = [
    ("refuse", "any", State.NO_RESOURCES, 0),
    ("reset", "submit", State.NO_RESOURCES, 1),
    ("stall", "submit", State.NO_RESOURCES, 1),
    ("trickle", "submit", State.NO_RESOURCES, 1),
    ("half", "submit", State.NO_RESOURCES, 1),
    ("html", "submit", State.NO_RESOURCES, 1),
    ("400", "submit", State.UNSUITABLE, 1),
    ("401", "submit", State.NO_RESOURCES, 1),
    ("402", "submit", State.NO_RESOURCES, 1),
    ("429", "submit", State.NO_RESOURCES, 5),
    ("500", "submit", State.NO_RESOURCES, 5),
    ("502", "submit", State.NO_RESOURCES, 1),
    ("stall", "look", State.TOO_SLOW, 1),
    ("html", "look", State.NO_RESOURCES, 1),
    ("404", "look", State.NO_RESOURCES, 1),
    ("never", "look", State.TOO_SLOW, 1),
    ("unknown", "look", State.FAILED, 1),
    ("failed", "look", State.NOTHING_FOUND, 1),
    ("silent", "look", State.NO_RESOURCES, 1),
    ("stall", "picture", State.TOO_SLOW, 1),
    ("half", "picture", State.TOO_SLOW, 1),
    ("html", "picture", State.NO_RESOURCES, 1),
    ("wrong_size", "picture", State.NO_RESOURCES, 1),
    ("bomb", "picture", State.NO_RESOURCES, 1),
    ("huge", "picture", State.NO_RESOURCES, 1),
    ("redirect", "picture", State.NO_RESOURCES, 1),
    ("expired", "picture", State.NO_RESOURCES, 1),
]


@pytest.mark.parametrize(("kind", "on", "state", "asked"), MISBEHAVIOUR)
def test_misbehaviour_costs_no_credit_and_is_told_by_name(
    order: Task,
    service: hostile.Service,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    on: hostile.Where,
    state: State,
    asked: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    before = ledger.get_balance(order.owner)
    service.behave(kind, on=on)
    if kind in ("stall", "trickle"):
        hurry_calls(monkeypatch, **{"order" if on == "submit" else on: 0.8})

    work(order)

    assert order.status is state
    assert "PicWish" in order.sentence
    assert order.sentence.endswith((".", "”"))
    assert len(service.asked("submit")) == asked
    assert ledger.get_balance(order.owner) == (before or 0) + order.credits
    assert not order.results.exists()
    assert order.owner_token is None
    for said in (order.sentence, caplog.text, Provider.objects.get(pk="picwish").last_error):
        assert service.key not in said


@pytest.mark.parametrize(
    ("kind", "on"),
    [("refuse", "any"), ("reset", "submit"), ("wrong_size", "picture")],
)
def test_with_the_studio_to_fall_back_on_the_photo_is_cut_out_all_the_same(
    order: Task, service: hostile.Service, settings: Any, kind: str, on: hostile.Where
) -> None:
    settings.WAYS |= {"cutout": "picwish+local"}
    service.behave(kind, on=on)
    work(order)
    assert (order.status, order.provider) == (State.DONE, "local")
    assert order.results.count() == 2
    assert len(service.asked("submit")) <= 1


def test_without_the_studio_to_fall_back_on_a_task_waits_until_the_service_answers(
    order: Task, service: hostile.Service, settings: Any
) -> None:
    settings.PROVIDER_PATIENCE = 1800
    service.behave("refuse")
    again = pipeline.perform(order.pk)
    for _ in range(handover.MOST_TRIES + 2):
        assert again is not None
        again = step(again)
    order.refresh_from_db()
    assert order.status is State.QUEUED
    assert order.sentence.startswith("PicWish does not answer since")
    assert Provider.objects.get(pk="picwish").is_paused

    service.behave("well")
    work(order, again)

    assert (order.status, order.message) == (State.DONE, "")
    assert not Provider.objects.get(pk="picwish").is_paused


def test_nothing_found_is_a_verdict_that_the_studio_does_not_go_behind(
    order: Task, service: hostile.Service, settings: Any
) -> None:
    settings.WAYS |= {"cutout": "picwish+local"}
    service.behave("failed", on="look")
    work(order)
    assert order.status is State.NOTHING_FOUND


def test_what_the_service_cannot_do_is_done_here_at_once(
    alice: User, photo_of: MakePhoto, service: hostile.Service
) -> None:
    strokes = [{"keep": True, "radius": 20, "points": [[300, 200], [310, 205]]}]
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {"strokes": strokes})
    assert work(task) == 1
    assert (task.status, task.provider) == (State.DONE, "local")
    assert service.calls == []


def test_a_service_that_answers_with_the_picture_itself(
    order: Task, service: hostile.Service, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SERVICES |= {"removebackground": Service(service.url, service.key, False)}
    settings.WAYS |= {"cutout": "removebackground"}
    monkeypatch.setattr(wiring, "make_remote", lambda one: RemoveBackground(one.base_url, one.key))
    assert work(order) == 1
    assert (order.status, order.provider) == (State.DONE, "removebackground")
    assert order.results.count() == 2
    assert [call.path for call in service.calls] == ["/v1/remove"]


def test_a_pause_that_the_service_asks_for_is_kept(order: Task, service: hostile.Service) -> None:
    service.behave("429", on="submit", times=1, headers={"Retry-After": "40"})
    again = pipeline.perform(order.pk)
    assert again is not None
    assert again.at - timezone.now() > timedelta(seconds=38)
    assert pipeline.perform(order.pk) is None, "it is not time yet"
    work(order, again)
    assert order.status is State.DONE
    assert len(service.asked("submit")) == 2


def test_a_pause_longer_than_anybody_waits_fails_the_task(order: Task, service: hostile.Service) -> None:
    service.behave("429", on="submit", headers={"Retry-After": "3600"})
    assert work(order) == 1
    assert order.status is State.NO_RESOURCES


def test_a_scene_is_asked_for_in_the_words_that_were_typed(
    alice: User, photo_of: MakePhoto, service: hostile.Service, settings: Any
) -> None:
    """Our own sets know nothing of them, so nothing was understood here."""
    settings.WAYS |= {"scene": "picwish"}
    form = SceneForm({"by": "words", "prompt": "12345 !?…", "batch_size": "2"}, page=True)
    assert form.is_valid(), form.errors
    product = photo_of(alice, hostile.disc(hostile.picture()), "disc.png")
    task = orders.place(alice, product, Tool.SCENE, form.to_params())
    work(task)
    assert task.status is State.DONE, task.sentence
    assert [result.number for result in task.results.order_by("number")] == [1, 2]
    (order,) = service.asked("submit")
    assert (order.form["prompt"], order.form["batch_size"]) == ("12345 !?…", "2")
    settings.WAYS |= {"scene": ""}
    assert not SceneForm({"by": "words", "prompt": "12345 !?…"}, page=True).is_valid()


def test_marks_travel_and_what_is_outside_them_comes_back_untouched(
    alice: User, photo_of: MakePhoto, service: hostile.Service, settings: Any
) -> None:
    settings.WAYS |= {"erase": "picwish"}
    photo = photo_of(alice, encoded(skimage.data.coffee(), "PNG"))
    box = {"x": 100, "y": 50, "width": 80, "height": 60}
    task = orders.place(alice, photo, Tool.ERASE, {"rectangles": [box]})
    work(task)
    assert (task.status, task.provider) == (State.DONE, "picwish")
    with task.results.get().file.open() as file:
        made = np.asarray(Image.open(file).convert("RGB"))
    changed = (made != skimage.data.coffee()).any(axis=2)
    assert changed[50:110, 100:180].any()
    changed[50:110, 100:180] = False
    assert not changed.any()
