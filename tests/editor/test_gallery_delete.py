"""Pictures deleted from the gallery: asked first, rows and files alike, nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.models import Photo, Result

from .files_out import photo_of, result_of

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


def test_ticked_pictures_go_with_their_files_and_masks_and_the_photos_stay(
    alice: User, alice_client: Client, commits: Any
) -> None:
    gone, stays = result_of(photo_of(alice)), result_of(photo_of(alice))
    mask = result_of(gone.photo, kind=Result.Kind.MASK, task=gone.task)
    with commits():
        response = delete(alice_client, gone)
    assert response.status_code == 302
    assert list(Result.objects.all()) == [stays]
    assert not [name for name in gone.files + mask.files if default_storage.exists(name)]
    assert all(default_storage.exists(name) for name in stays.files + gone.photo.files)
    assert b"1 picture deleted." in alice_client.get(GALLERY).content


def test_with_the_originals_goes_everything_made_of_them(
    alice: User, alice_client: Client, commits: Any
) -> None:
    photo = photo_of(alice)
    ticked, other = result_of(photo), result_of(photo)
    stays = result_of(photo_of(alice))
    names = photo.files + ticked.files + other.files
    with commits():
        delete(alice_client, ticked, with_originals="on")
    assert list(Photo.objects.all()) == [stays.photo]
    assert list(Result.objects.all()) == [stays]
    assert not [name for name in names if default_storage.exists(name)]
    assert b"2 pictures and 1 original deleted." in alice_client.get(GALLERY).content


def test_htmx_takes_the_cards_away_and_renews_the_sums(
    alice: User, alice_client: Client, commits: Any
) -> None:
    gone, _ = result_of(photo_of(alice)), result_of(photo_of(alice))
    with commits():
        response = delete(alice_client, gone, htmx="yes")
    page = response.content.decode()
    assert f'<div id="result-{gone.pk}" hx-swap-oob="delete">' in page
    assert "1 picture ·" in page
    assert "1 picture deleted." in response["HX-Trigger-After-Settle"]


def test_htmx_loads_the_page_anew_when_nothing_is_left(
    alice: User, alice_client: Client, commits: Any
) -> None:
    with commits():
        response = delete(alice_client, result_of(photo_of(alice)), htmx="yes")
    assert response["HX-Refresh"] == "true"
    assert b"Nothing here yet" in alice_client.get(GALLERY).content


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
