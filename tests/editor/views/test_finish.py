"""Finishes from the page: set, gone back from, given to many. Alice owns the photos, Charlie none."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django_tasks_db.models import DBTaskResult

from accounts.models import CreditEntry, User
from editor import finishes
from editor.engines.finishing.finish import Finish
from editor.models import Finish as Row
from editor.models import Photo, Task
from tests.editor.files.files_out import photo_of, result_of
from tests.support.markup import on_one_line

SCRIPT = {"X-Requested-With": "fetch"}
ASKED = {"canvas": "exact", "width": "1600", "height": "1600", "margin": "8", "background": "#fff"}
MADE = Finish(
    canvas="exact", width=1600, height=1600, scaling="fit", margins=(0.08,) * 4, background="#ffffff"
)
Upload = Callable[..., Any]


@pytest.fixture
def photo(alice: User) -> Photo:
    return photo_of(alice)


def address(photo: Photo, step: str = "") -> str:
    return reverse("editor:finish" + step, args=[photo.pk])


def test_script_is_told_what_counts_now(alice: User, alice_client: Client, photo: Photo) -> None:
    cutout = result_of(photo, bare=True)
    response = alice_client.post(address(photo), ASKED, headers=SCRIPT)
    assert response.status_code == 200
    told = response.json()
    assert Finish.from_dict(told["finish"]) == MADE
    assert (told["can_undo"], told["can_redo"], told["backdrop"]) == (True, False, None)
    assert (told["width"], told["height"]) == (1600, 1600)
    assert told["download"] == reverse("editor:result-download", args=[cutout.pk])
    photo.refresh_from_db()
    assert (photo.finish_number, finishes.get_current(photo).finish) == (told["number"], MADE)


def test_going_back_and_on_tells_the_same(alice_client: Client, photo: Photo) -> None:
    alice_client.post(address(photo), ASKED, headers=SCRIPT)
    back = alice_client.post(address(photo, "-undo"), headers=SCRIPT).json()
    assert (Finish.from_dict(back["finish"]), back["can_undo"], back["can_redo"]) == (Finish(), False, True)
    on = alice_client.post(address(photo, "-redo"), headers=SCRIPT).json()
    assert (Finish.from_dict(on["finish"]), on["can_undo"], on["can_redo"]) == (MADE, True, False)


def test_without_scripts_one_comes_back_to_the_photo(alice_client: Client, photo: Photo) -> None:
    for step in ("", "-undo", "-redo"):
        response = alice_client.post(address(photo, step), ASKED)
        assert response["Location"] == reverse("editor:photo", args=[photo.pk])
    assert finishes.get_current(Photo.objects.get()).finish == MADE


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"background": "bluish"}, "is not a colour"),
        ({"background": "picture"}, "Choose the picture that stands behind."),
        ({"canvas": "exact", "width": "1", "height": "20000"}, "from 1 to 16,384"),
        ({"canvas": "exact", "width": "9", "height": "900", "margin": "50", "margin_of": "px"}, "no pixel"),
        ({"margin": "60"}, "at most 49 % of the canvas"),
        ({"rotation": "much"}, "Rotation is a number"),
    ],
)
def test_what_cannot_be_is_said_and_what_counts_stays(
    alice_client: Client, photo: Photo, asked: dict[str, str], said: str
) -> None:
    alice_client.post(address(photo), ASKED, headers=SCRIPT)
    script = alice_client.post(address(photo), asked, headers=SCRIPT)
    assert (script.status_code, script["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert said in script.content.decode()
    browser = alice_client.post(address(photo), asked)
    assert browser.status_code == 422
    assert said in on_one_line(browser)
    for name, typed in asked.items():
        assert browser.context["finishing"][name].value() == typed
    assert finishes.get_current(Photo.objects.get()).finish == MADE


def test_own_picture_stands_behind_and_again_without_being_sent_again(
    alice: User, alice_client: Client, photo: Photo, upload_of: Upload, rocket: bytes
) -> None:
    asked = {"background": "picture", "backdrop": upload_of(rocket, "rocket.jpg")}
    told = alice_client.post(address(photo), asked, headers=SCRIPT).json()
    wall = Photo.objects.get(purpose=Photo.Purpose.BACKDROP)
    assert (wall.owner, told["backdrop"]["id"], told["backdrop"]["name"]) == (
        alice, str(wall.pk), "rocket.jpg"
    )  # fmt: skip
    assert (told["backdrop"]["width"], told["backdrop"]["height"]) == (wall.width, wall.height)
    shown = alice_client.get(told["backdrop"]["address"])
    assert shown.status_code == 200
    shown.close()
    again = {"background": "picture", "kept_backdrop": str(wall.pk), "backdrop_zoom": "2"}
    assert alice_client.post(address(photo), again, headers=SCRIPT).json()["backdrop"]["id"] == str(wall.pk)
    assert Photo.objects.filter(purpose=Photo.Purpose.BACKDROP).count() == 1


def test_strangers_picture_never_stands_behind(alice_client: Client, photo: Photo, bob: User) -> None:
    theirs = photo_of(bob, purpose=Photo.Purpose.BACKDROP)
    asked = {"background": "picture", "kept_backdrop": str(theirs.pk)}
    response = alice_client.post(address(photo), asked, headers=SCRIPT)
    assert response.status_code == 409
    assert "Choose it again" in response.content.decode()
    assert not Row.objects.exists()


def test_picture_that_is_none_is_refused_and_leaves_nothing(
    alice_client: Client, photo: Photo, upload_of: Upload, media: Callable[[], list[str]]
) -> None:
    before = media()
    asked = {"background": "picture", "backdrop": upload_of(b"just words", "notes.jpg")}
    assert alice_client.post(address(photo), asked, headers=SCRIPT).status_code == 422
    assert media() == before
    assert not Row.objects.exists()


def test_apply_gives_the_finish_to_many_and_says_how_many(
    alice: User, alice_client: Client, bob: User, photo: Photo
) -> None:
    others, theirs = [photo_of(alice) for _ in range(3)], photo_of(bob)
    finishes.set_finish(photo, MADE)
    keys = [one.pk for one in (photo, *others, theirs)]
    asked = {"photos": ",".join(map(str, keys)), "from": str(photo.pk)}
    told = alice_client.post(reverse("editor:finish-apply"), asked, headers=SCRIPT).json()
    assert (told["count"], told["sentence"]) == (4, "4 photos have this finish now.")
    assert set(told["photos"]) == {str(one.pk) for one in others}
    for one in others:
        assert finishes.get_current(Photo.objects.get(pk=one.pk)).finish == MADE
    assert not theirs.finishes.exists()


def test_apply_takes_keys_one_by_one_too_and_leads_back(alice_client: Client, photo: Photo) -> None:
    other = photo_of(photo.owner)
    finishes.set_finish(photo, MADE)
    asked = {"photos": [str(photo.pk), str(other.pk)], "from": str(photo.pk)}
    response = alice_client.post(reverse("editor:finish-apply"), asked, follow=True)
    assert response.redirect_chain[-1][0] == reverse("editor:photo", args=[photo.pk])
    assert "2 photos have this finish now." in on_one_line(response)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"photos": ""}, "Choose the photos first."),
        ({"photos": "all of them"}, "choose the photos anew"),
        ({"photos": str(uuid.uuid4())}, "None of these photos is there any longer."),
        ({"from": ""}, "Say whose finish it is."),
    ],
)
def test_apply_to_nothing_is_said(
    alice_client: Client, photo: Photo, asked: dict[str, str], said: str
) -> None:
    sent = {"photos": str(photo.pk), "from": str(photo.pk), **asked}
    response = alice_client.post(reverse("editor:finish-apply"), sent, headers=SCRIPT)
    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.parametrize("step", ["", "-undo", "-redo"])
def test_stranger_gets_404_and_changes_nothing(charlie_client: Client, photo: Photo, step: str) -> None:
    finishes.set_finish(photo, MADE)
    assert charlie_client.post(address(photo, step), ASKED, headers=SCRIPT).status_code == 404
    asked = {"photos": str(photo.pk), "from": str(photo.pk)}
    assert charlie_client.post(reverse("editor:finish-apply"), asked, headers=SCRIPT).status_code == 404
    assert finishes.get_current(Photo.objects.get()).finish == MADE


def test_who_is_signed_out_is_told_and_looking_sets_nothing(
    client: Client, alice_client: Client, photo: Photo
) -> None:
    assert client.post(address(photo), ASKED, headers=SCRIPT).status_code == 401
    assert alice_client.get(address(photo)).status_code == 405
    assert not Row.objects.exists()


def test_nothing_is_ordered_charged_or_queued(alice_client: Client, photo: Photo) -> None:
    result_of(photo, bare=True)
    before = Task.objects.count(), CreditEntry.objects.count(), DBTaskResult.objects.count()
    for step in ("", "-undo", "-redo"):
        alice_client.post(address(photo, step), ASKED, headers=SCRIPT)
    asked = {"photos": str(photo_of(photo.owner).pk), "from": str(photo.pk)}
    alice_client.post(reverse("editor:finish-apply"), asked, headers=SCRIPT)
    assert (Task.objects.count(), CreditEntry.objects.count(), DBTaskResult.objects.count()) == before


def test_page_has_the_finish_that_counts(alice_client: Client, photo: Photo) -> None:
    result_of(photo, bare=True)
    finishes.set_finish(photo, MADE)
    response = alice_client.get(reverse("editor:photo", args=[photo.pk]))
    text = response.content.decode().split('<script id="finish" type="application/json">')[1]
    told = json.loads(text.split("</script>")[0])
    assert Finish.from_dict(told["finish"]) == MADE
    assert response.context["finishing"]["margin"].value() == 8


@pytest.mark.parametrize(
    ("finish", "said", "sizes"),
    [
        (Finish(), "60 × 40 · PNG · ", 1),
        (MADE, "1600 × 1600 · PNG</p>", 4),
        (Finish(size="preview", rotation=90, background="#fff"), "40 × 60 · PNG</p>", 1),
        (Finish(canvas="content", format="webp"), ">WEBP</p>", 1),
    ],
)
def test_page_says_how_the_picture_leaves(
    alice_client: Client, photo: Photo, finish: Finish, said: str, sizes: int
) -> None:
    result_of(photo, bare=True)
    finishes.set_finish(photo, finish)
    response = alice_client.get(reverse("editor:photo", args=[photo.pk]))
    assert said in on_one_line(response)
    assert f"Download {finish.format.upper()}" in strip_tags(on_one_line(response))
    assert len(response.context["sight"].sizes) == sizes


def test_picture_that_was_finished_when_it_was_made_says_how_to_change_that(
    alice_client: Client, photo: Photo
) -> None:
    result_of(photo)
    page = alice_client.get(reverse("editor:photo", args=[photo.pk])).content.decode()
    assert "Cut it out again to change that; it costs nothing." in page
    assert 'id="finish"' not in page
    assert "data-cutout=" not in page


def test_new_photo_begins_with_what_was_set_last(
    alice_client: Client, photo: Photo, upload_of: Upload
) -> None:
    finishes.set_finish(photo, MADE)
    alice_client.post(reverse("editor:upload"), {"photo": upload_of(), "tool": "cutout"}, headers=SCRIPT)
    new = Photo.objects.newest_first()[0]
    assert new != photo
    assert finishes.get_current(new).finish == MADE
