"""Heads on the page: found, ringed, chosen, cut out."""

from collections.abc import Callable
from typing import Any

import pytest
import skimage.data
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.forms import HeadForm
from editor.models import Photo, Task
from editor.states import State
from editor.tools import Tool
from editor.work import pipeline
from tests.conftest import encoded
from tests.support.markup import on_one_line

HTMX = {"HX-Request": "true"}


@pytest.fixture
def portrait(alice: User, photo_of: Callable[..., Photo]) -> Photo:
    return photo_of(alice, encoded(skimage.data.astronaut(), "PNG"), "astronaut.png")


def address(name: str, photo: Photo) -> str:
    return reverse(f"editor:{name}", args=[photo.pk])


def test_heads_are_found_once_and_ringed(
    portrait: Photo, alice_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    looking = on_one_line(alice_client.post(address("find-heads", portrait), headers=HTMX))
    assert "Looking for heads" in looking

    pipeline.find_heads(portrait.pk)
    portrait.refresh_from_db()
    (head,) = portrait.heads["heads"]
    pipeline.find_heads(portrait.pk)

    page = on_one_line(alice_client.get(address("heads", portrait), headers=HTMX))
    assert page.count('class="ring"') == 1
    assert f'data-x="{head["x"]}"' in page
    assert 150 < head["x"] < 290
    assert 50 < head["y"] < 200


def test_a_chosen_head_is_cut_out(portrait: Photo, alice_client: Client) -> None:
    data = {"choice": "on", "chosen": ["0"], "crop": "on"}
    alice_client.post(address("start-head", portrait), data)
    task = Task.objects.get()
    assert task.params == {
        "faces": "all",
        "crop": True,
        "format": "png",
        "outputs": "image",
        "chosen": [0],
    }

    pipeline.perform(task.pk)

    task.refresh_from_db()
    assert task.status is State.DONE
    result = task.results.get()
    assert result.tool == Tool.HEAD
    assert result.width < portrait.width / 2
    page = on_one_line(alice_client.get(f"{address('photo', portrait)}?tool=head"))
    assert 'id="choose-heads"' in page
    assert 'class="ring"' not in page


def test_a_cup_has_no_head(alice: User, alice_client: Client, photo_of: Callable[..., Photo]) -> None:
    photo = photo_of(alice)
    pipeline.find_heads(photo.pk)
    page = on_one_line(alice_client.get(address("heads", photo), headers=HTMX))
    assert "No head was found here" in page
    alice_client.post(address("start-head", photo))
    task = Task.objects.get()
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert task.status is State.NOTHING_FOUND


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"choice": "on"}, "none_chosen"),
        ({"chosen": ["x"]}, "place"),
        ({"chosen": ["-1"]}, "place"),
        ({"chosen": ["200"]}, "place"),
        ({"faces": "some"}, "invalid_choice"),
        ({"format": "gif"}, "invalid_choice"),
    ],
)
def test_what_is_no_choice_is_refused(data: dict[str, Any], code: str) -> None:
    form = HeadForm(data)
    assert not form.is_valid()
    assert code in [error.code for errors in form.errors.as_data().values() for error in errors]


def test_a_stranger_gets_404(portrait: Photo, charlie: User, client: Client) -> None:
    client.force_login(charlie)
    assert client.get(address("heads", portrait), headers=HTMX).status_code == 404
    assert client.post(address("find-heads", portrait), headers=HTMX).status_code == 404
    assert client.post(address("start-head", portrait)).status_code == 404
    assert not Task.objects.exists()


def test_looking_writes_nothing(portrait: Photo, alice_client: Client) -> None:
    assert alice_client.get(address("find-heads", portrait)).status_code == 405
    alice_client.get(address("heads", portrait), headers=HTMX)
    portrait.refresh_from_db()
    assert portrait.heads is None
