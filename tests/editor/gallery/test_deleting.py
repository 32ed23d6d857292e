"""Pictures deleted from the gallery: asked first, to the trash and back, nobody else's."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor import gallery
from editor.models import Photo, Result
from editor.views.gallery import board as views
from tests.conftest import signed_in
from tests.editor.files.files_out import ask, photo_of, result_of
from tests.support.markup import on_one_line

GALLERY = "/gallery/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    """Files go once the rows are gone for good: on commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def delete(client: Client, *results: Result, **data: str) -> Any:
    return client.post(
        reverse("editor:gallery-delete"),
        {"result": [str(result.pk) for result in results], "confirmed": "on", **data},
        headers=HTMX if data.pop("htmx", "") else {},
    )


def test_ticked_pictures_go_to_the_trash_with_their_masks_and_the_photos_stay(
    alice: User, alice_client: Client, commits: Any
) -> None:
    gone, stays = result_of(photo_of(alice)), result_of(photo_of(alice))
    mask = result_of(gone.photo, kind=Result.Kind.MASK, task=gone.task)
    with commits():
        response = delete(alice_client, gone)
    assert response.status_code == 302
    assert list(Result.objects.all()) == [stays]
    assert set(Result.with_trash.in_trash()) == {gone, mask}
    files = [*gone.files, *mask.files, *stays.files, *gone.photo.files]
    assert all(default_storage.exists(name) for name in files)
    page = alice_client.get(GALLERY).content.decode()
    assert "1 picture moved to the trash." in page
    assert "1 in the trash" in page


def test_after_the_last_picture_undo_is_offered_too(alice: User, alice_client: Client) -> None:
    pictures = [result_of(photo_of(alice)) for _ in range(2)]
    response = delete(alice_client, *pictures, htmx="on")
    assert response["HX-Refresh"] == "true"
    page = alice_client.get(GALLERY).content.decode()
    assert "2 pictures moved to the trash." in page
    found = re.search(r'action="([^"]+)">.*?name="moment" value="([^"]+)"', page, re.DOTALL)
    assert found
    restored = alice_client.post(reverse("editor:trash-restore"), {"moment": found[2], "to": "gallery"})
    assert restored["Location"] == GALLERY
    assert Result.objects.count() == 2


def test_with_the_originals_goes_everything_made_of_them(
    alice: User, alice_client: Client, commits: Any
) -> None:
    photo = photo_of(alice)
    ticked, other = result_of(photo), result_of(photo)
    stays = result_of(photo_of(alice))
    with commits():
        delete(alice_client, ticked, with_originals="on")
    assert list(Photo.objects.all()) == [stays.photo]
    assert list(Result.objects.all()) == [stays]
    assert set(Result.with_trash.in_trash()) == {ticked, other}
    assert b"2 pictures and 1 original moved to the trash." in alice_client.get(GALLERY).content


def test_htmx_takes_the_cards_away_and_renews_the_sums(
    alice: User, alice_client: Client, commits: Any
) -> None:
    gone, _ = result_of(photo_of(alice)), result_of(photo_of(alice))
    with commits():
        response = delete(alice_client, gone, htmx="yes")
    page = response.content.decode()
    assert f'<div id="result-{gone.pk}" hx-swap-oob="delete">' in page
    assert "1 picture ·" in page
    assert "1 picture moved to the trash." in response["HX-Trigger-After-Settle"]


def test_htmx_loads_the_page_anew_when_nothing_is_left(
    alice: User, alice_client: Client, commits: Any
) -> None:
    with commits():
        response = delete(alice_client, result_of(photo_of(alice)), htmx="yes")
    assert response["HX-Refresh"] == "true"
    page = alice_client.get(GALLERY).content.decode()
    assert "Everything is in the trash" in page
    assert "Nothing here yet" not in page
    assert f'<a class="button main" href="{reverse("editor:trash")}">' in page


def test_without_scripts_a_page_asks_first(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    response = alice_client.post(reverse("editor:gallery-delete"), {"result": str(result.pk)})
    page = response.content.decode()
    assert "Delete 1 picture?" in page
    assert f'name="result" value="{result.pk}"' in page
    assert Result.objects.filter(pk=result.pk).exists()


def test_charlie_the_stranger_cannot_delete_and_bob_deletes_only_his_own(
    alice: User, bob: User, bob_client: Client, charlie_client: Client, commits: Any
) -> None:
    hers, his = result_of(photo_of(alice)), result_of(photo_of(bob))
    assert delete(charlie_client, hers).status_code == 404
    with commits():
        assert delete(bob_client, hers, his, with_originals="on").status_code == 302
    assert list(Result.objects.all()) == [hers]
    assert all(default_storage.exists(name) for name in hers.files + hers.photo.files)


@pytest.mark.parametrize(
    ("ticked", "sentence"), [([], "at least one"), (["x"], "Reload"), (["0" * 32] * 501, "Up to 500")]
)
def test_what_cannot_be_deleted_is_said(alice_client: Client, ticked: list[str], sentence: str) -> None:
    response = alice_client.post(reverse("editor:gallery-delete"), {"result": ticked})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_get_deletes_nothing(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    response = alice_client.get(reverse("editor:gallery-delete"), {"result": result.pk, "confirmed": "on"})
    assert response.status_code == 405
    assert Result.objects.filter(pk=result.pk).exists()


# -- All that match ------------------------------------------------------------------------------------


def everything(client: Client, **query: str) -> str:
    """The value by which a page of the gallery says all that it shows."""
    found = on_one_line(client.get(GALLERY, query))
    return re.findall(r'name="all" id="all-of-them" value="([^"]+)"', found)[0]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({}, set()),
        ({"tool": "scene"}, {"lamp 0", "lamp 2"}),
        ({"q": "lamp 1"}, {"lamp 0", "lamp 2", "lamp 3"}),
    ],
)
def test_all_that_match_go_whether_they_are_on_the_page_or_not(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch, query: dict[str, str], left: set[str]
) -> None:
    monkeypatch.setattr(gallery, "PAGE_SIZE", 2)
    for number in range(4):
        tool = "scene" if number % 2 else "cutout"
        result_of(photo_of(alice, name=f"lamp {number}"), tool=tool, minutes_ago=number)
    asked = {"all": everything(alice_client, **query), **query, "confirmed": "on"}
    alice_client.post(reverse("editor:gallery-delete"), asked)
    assert {result.photo.name for result in Result.objects.all()} == left


def test_of_all_some_can_be_left_out_and_what_came_since_stays(alice: User, alice_client: Client) -> None:
    old = [result_of(photo_of(alice, name=f"lamp {age}"), minutes_ago=1 + age) for age in range(3)]
    asked = {"all": everything(alice_client), "except": str(old[1].pk), "confirmed": "on"}
    new = result_of(photo_of(alice, name="new"))
    alice_client.post(reverse("editor:gallery-delete"), asked)
    assert set(Result.objects.all()) == {old[1], new}


def test_more_than_can_be_ticked_can_be_all(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MAX_CHOSEN", 3)
    for _ in range(5):
        result_of(photo_of(alice))
    asked = {"all": everything(alice_client), "confirmed": "on"}
    response = alice_client.post(reverse("editor:gallery-delete"), asked, headers=HTMX)
    assert response["HX-Refresh"] == "true"
    assert not Result.objects.exists()


def test_of_strangers_nothing_is_among_all(alice: User, bob: User, bob_client: Client) -> None:
    hers, his = result_of(photo_of(alice)), result_of(photo_of(bob))
    bob_client.post(reverse("editor:gallery-delete"), {"all": everything(bob_client), "confirmed": "on"})
    assert list(Result.objects.all()) == [hers]
    assert list(Result.with_trash.in_trash()) == [his]


def test_without_scripts_all_are_asked_about_by_number_and_go_with_their_filter(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NAMED", 2)
    for number in range(5):
        result_of(photo_of(alice, name=f"lamp {number}"), tool="cutout" if number else "scene")
    asked = {"all": everything(alice_client, tool="cutout"), "tool": "cutout"}
    page = alice_client.post(reverse("editor:gallery-delete"), asked).content.decode()
    assert "Delete 4 pictures?" in page
    assert "and 2 more" in page
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    alice_client.post(reverse("editor:gallery-delete"), sent | {"confirmed": "on"})
    assert [result.tool for result in Result.objects.all()] == ["scene"]


def test_all_with_a_place_that_is_none_is_refused(alice: User, alice_client: Client) -> None:
    result_of(photo_of(alice))
    response = alice_client.post(reverse("editor:gallery-delete"), {"all": "on", "confirmed": "on"})
    assert response.status_code == 422
    assert Result.objects.count() == 1


def test_all_that_match_come_as_one_archive(alice: User) -> None:
    for number in range(60):
        result_of(photo_of(alice, name=f"lamp {number}"), tool="scene" if number < 5 else "cutout")
    asked = {"all": everything(signed_in(alice), tool="cutout"), "tool": "cutout"}
    response, body = ask(alice, "post", "/gallery/zip/", asked)
    assert response.streaming
    assert len(ZipFile(BytesIO(body)).namelist()) == 55
