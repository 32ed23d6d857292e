"""Photos leave the desk, many at once, and come back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from tests.editor.files.files_out import photo_of, result_of
from tests.editor.standing import HTMX
from tests.support.markup import on_one_line

AWAY, BACK = reverse("editor:put-many-away"), reverse("editor:put-back")
SCRIPT = {"X-Requested-With": "fetch"}


def put_away(client: Client, which: str, photos: Any = ()) -> dict[str, Any]:
    keys = ",".join(str(photo.pk) for photo in photos)
    response = client.post(AWAY, {"which": which, "photos": keys}, headers=SCRIPT)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def on_desk(user: User) -> list[str]:
    return sorted(Photo.objects.owned_by(user).on_the_desk().values_list("name", flat=True))


@pytest.fixture
def desk(alice: User) -> dict[str, Photo]:
    """One photo of each kind: done, failed, under way, never worked on, done and then failed."""
    states = {
        "done": [State.DONE],
        "failed": [State.NOTHING_FOUND],
        "working": [State.DONE, State.PROCESSING],
        "untouched": [],
        "again": [State.DONE, State.FAILED],
    }
    photos = {}
    for name, each in states.items():
        photos[name] = photo_of(alice, name=name)
        for age, state in enumerate(each):
            moment = timezone.now() + timedelta(seconds=age)
            Task.objects.create(
                owner=alice, photo=photos[name], tool=Tool.CUTOUT, state=state, created_at=moment
            )
    return photos


@pytest.mark.parametrize(
    ("which", "chosen", "left"),
    [
        ("all", [], []),
        ("finished", [], ["again", "failed", "untouched", "working"]),
        ("chosen", ["failed", "untouched"], ["again", "done", "working"]),
    ],
)
def test_photos_are_put_away_at_once_and_brought_back_at_once(
    alice: User, alice_client: Client, desk: dict[str, Photo], which: str, chosen: list[str], left: list[str]
) -> None:
    before = on_desk(alice)
    told = put_away(alice_client, which, [desk[name] for name in chosen])
    assert on_desk(alice) == left
    count = len(before) - len(left)
    assert told["sentence"] == f"{count} photo{'s' if count > 1 else ''} put away."
    response = alice_client.post(BACK, {"moment": told["moment"]}, headers=SCRIPT)
    assert response.json()["count"] == told["count"] == count
    assert on_desk(alice) == before


def test_only_what_was_put_away_together_comes_back(
    alice: User, alice_client: Client, desk: dict[str, Photo]
) -> None:
    first = put_away(alice_client, "chosen", [desk["done"]])
    put_away(alice_client, "chosen", [desk["failed"]])
    alice_client.post(BACK, {"moment": first["moment"]}, headers=SCRIPT)
    assert "done" in on_desk(alice)
    assert "failed" not in on_desk(alice)


def test_the_menu_offers_the_last_ones_back_also_after_a_reload(
    alice: User, alice_client: Client, desk: dict[str, Photo]
) -> None:
    told = put_away(alice_client, "finished")
    page = alice_client.get("/editor/")
    assert page.context["put_away"] == (page.context["put_away"].moment, 1)
    assert f'name="moment" value="{told["moment"]}"' in on_one_line(page)


def test_one_photo_put_away_is_told_of_with_the_way_back(alice: User, alice_client: Client) -> None:
    photo = photo_of(alice)
    response = alice_client.post(reverse("editor:put-away", args=[photo.pk]), headers=HTMX)
    told = json.loads(response["HX-Trigger"])["desk:put-away"]
    assert told["photo"] == str(photo.pk)
    alice_client.post(BACK, {"moment": told["moment"]}, headers=SCRIPT)
    assert on_desk(alice) == ["lamp.jpg"]


def test_what_was_put_away_stays_in_the_gallery_with_all_that_was_made_of_it(
    alice: User, alice_client: Client
) -> None:
    result = result_of(photo_of(alice))
    put_away(alice_client, "all")
    assert Result.objects.get() == result
    assert f'id="result-{result.pk}"' in alice_client.get("/gallery/").content.decode()


def test_a_stranger_puts_nothing_away_and_brings_nothing_back(
    alice: User, alice_client: Client, charlie_client: Client, desk: dict[str, Photo]
) -> None:
    before = on_desk(alice)
    for which in ("all", "finished", "chosen"):
        assert put_away(charlie_client, which, desk.values())["count"] == 0
    assert on_desk(alice) == before
    told = put_away(alice_client, "all")
    assert charlie_client.post(BACK, {"moment": told["moment"]}, headers=SCRIPT).json()["count"] == 0
    assert on_desk(alice) == []


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        (AWAY, {}),
        (AWAY, {"which": "some"}),
        (AWAY, {"which": "chosen", "photos": "1,2"}),
        (BACK, {}),
        (BACK, {"moment": "yesterday"}),
        (BACK, {"moment": "2026-11-29T10:00:00"}),
    ],
)
def test_what_is_no_choice_is_refused_in_words_and_changes_nothing(
    alice: User, alice_client: Client, desk: dict[str, Photo], address: str, sent: dict[str, str]
) -> None:
    response = alice_client.post(address, sent, headers=SCRIPT)
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    assert len(on_desk(alice)) == len(desk)


def test_without_scripts_the_page_says_what_was_done(
    alice: User, alice_client: Client, desk: dict[str, Photo]
) -> None:
    page = alice_client.post(AWAY, {"which": "finished"}, follow=True).content.decode()
    assert "1 photo put away." in page
    assert "Bring back the last" in page


def test_programs_photos_never_come_to_the_desk(alice: User, alice_client: Client) -> None:
    photo_of(alice, name="program", on_desk=False)
    told = put_away(alice_client, "all")
    assert told["count"] == 0
    alice_client.post(BACK, {"moment": told["moment"]}, headers=SCRIPT)
    assert on_desk(alice) == []


def test_the_keys_of_all_photos_come_in_the_strips_order(alice: User, alice_client: Client) -> None:
    photos = [photo_of(alice, created_at=timezone.now() - timedelta(minutes=age)) for age in range(3)]
    told = alice_client.get(reverse("editor:desk-photos")).json()
    assert told["photos"] == [str(photo.pk) for photo in photos]
