"""A photo comes in through the page: by script or by a plain form, with work ordered or without."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.engines import errors
from editor.engines.limits import STUDIO
from editor.files import uploads
from editor.models import Photo, Task
from editor.tools import Tool
from editor.work import orders

Upload = Callable[..., SimpleUploadedFile]
SCRIPT = {"X-Requested-With": "fetch"}
ADDRESS = "/editor/photos/"


def test_a_script_gets_the_frame_and_the_address_of_the_photo(
    alice: User, alice_client: Client, upload_of: Upload
) -> None:
    response = alice_client.post(ADDRESS, {"photo": upload_of(), "tool": "cutout"}, headers=SCRIPT)
    photo = Photo.objects.get()
    assert response.status_code == 201
    assert photo.owner == alice
    assert response["X-Photo"] == str(photo.pk)
    assert response["X-Photo-URL"] == reverse("editor:photo", args=[photo.pk])
    assert f'id="frame-{photo.pk}"' in response.content.decode()
    assert "data-under-way" in response.content.decode()
    assert Task.objects.get().photo == photo


def test_a_plain_form_leads_to_the_photo(alice_client: Client, upload_of: Upload) -> None:
    response = alice_client.post(ADDRESS, {"photo": upload_of(), "tool": "cutout"})
    assert response["Location"] == reverse("editor:photo", args=[Photo.objects.get().pk])


def test_without_a_tool_the_photo_is_kept_and_nothing_is_done(
    alice_client: Client, upload_of: Upload
) -> None:
    response = alice_client.post(ADDRESS, {"photo": upload_of()}, headers=SCRIPT)
    assert response.status_code == 201
    assert Photo.objects.count() == 1
    assert not Task.objects.exists()


def test_the_work_is_ordered_with_the_options_that_came_along(
    alice_client: Client, upload_of: Upload
) -> None:
    asked = {"photo": upload_of(), "tool": "cutout", "subject": "person"}
    alice_client.post(ADDRESS, asked, headers=SCRIPT)
    task = Task.objects.get()
    assert task.tool == Tool.CUTOUT
    assert task.params == {"subject": "person"}


def test_what_is_no_picture_is_refused_in_a_sentence(
    alice_client: Client, upload_of: Upload, media: Callable[[], list[str]]
) -> None:
    asked = {"photo": upload_of(b"just words", "notes.jpg"), "tool": "cutout"}
    response = alice_client.post(ADDRESS, asked, headers=SCRIPT)
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().endswith(".")
    assert not Photo.objects.exists()
    assert media() == []


def test_a_plain_form_shows_the_refusal_on_the_page(alice_client: Client, upload_of: Upload) -> None:
    response = alice_client.post(ADDRESS, {"photo": upload_of(b"just words", "notes.jpg")})
    assert response.status_code == 422
    assert 'class="message error"' in response.content.decode()


def test_nothing_chosen_is_said(alice_client: Client) -> None:
    response = alice_client.post(ADDRESS, {"tool": "cutout"}, headers=SCRIPT)
    assert (response.status_code, response.content) == (422, b"Choose a photo first.")


def test_two_files_at_once_are_refused(alice_client: Client, upload_of: Upload) -> None:
    response = alice_client.post(ADDRESS, {"photo": [upload_of(), upload_of()]}, headers=SCRIPT)
    assert response.status_code == 422
    assert b"one at a time" in response.content
    assert not Photo.objects.exists()


def test_a_photo_that_is_too_large_is_413(
    alice_client: Client, upload_of: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(uploads.receive.__kwdefaults__, "limits", replace(STUDIO, bytes=1000))
    response = alice_client.post(ADDRESS, {"photo": upload_of()}, headers=SCRIPT)
    assert response.status_code == 413
    assert not Photo.objects.exists()


def test_a_full_disk_is_507(alice_client: Client, upload_of: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DISK_RESERVE_MB", 10**9)
    response = alice_client.post(ADDRESS, {"photo": upload_of()}, headers=SCRIPT)
    assert (response.status_code, response.content.decode()) == (507, uploads.DISK_IS_FULL)
    assert response["Retry-After"] == "60"


def test_an_order_refused_leaves_no_photo_behind_so_that_a_second_try_makes_one(
    alice_client: Client,
    upload_of: Upload,
    media: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(orders, "MAX_WAITING", 0)
    with django_capture_on_commit_callbacks(execute=True):
        response = alice_client.post(ADDRESS, {"photo": upload_of(), "tool": "cutout"}, headers=SCRIPT)
    assert (response.status_code, response["Retry-After"]) == (429, "5")  # the page goes on then by itself
    assert not Photo.objects.exists()
    assert media() == []


def test_a_wrong_option_is_refused_before_the_photo_is_kept(alice_client: Client, upload_of: Upload) -> None:
    asked = {"photo": upload_of(), "tool": "cutout", "subject": "ghost"}
    response = alice_client.post(ADDRESS, asked, headers=SCRIPT)
    assert response.status_code == 422
    assert b"ghost is not one of the available choices" in response.content
    assert not Photo.objects.exists()


def test_who_was_signed_out_meanwhile_is_told_and_nothing_is_kept(
    client: Client, upload_of: Upload, db: None
) -> None:
    response = client.post(ADDRESS, {"photo": upload_of(), "tool": "cutout"}, headers=SCRIPT)
    assert response.status_code == 401
    assert not Photo.objects.exists()


def test_a_browser_that_was_signed_out_comes_back_to_the_start(
    client: Client, upload_of: Upload, db: None
) -> None:
    response = client.post(ADDRESS, {"photo": upload_of()})
    assert response["Location"] == f"{reverse('accounts:sign-in')}?next=/"


def test_the_page_refuses_before_sending_in_the_words_of_the_server(
    alice: User, upload_of: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (settings.BASE_DIR / "static" / "js" / "uploads" / "uploads.js").read_text()
    assert errors.NotAPicture.sentence in script

    with pytest.raises(uploads.UploadRefused) as empty:
        uploads.receive(alice, upload_of(b""))
    assert empty.value.sentence in script

    with pytest.raises(uploads.UploadRefused) as large:
        uploads.receive(alice, upload_of(b"x" * (3 * 2**20 // 2)), limits=replace(STUDIO, bytes=2**20))
    assert large.value.sentence == (
        "This file has 1.5 MB; a photo may have 1. Save it smaller, for example as JPG."
    )
    assert "%(size)s MB; a photo may have %(most)s. Save it smaller, for example as JPG." in script


def test_looking_at_the_address_is_no_upload(alice_client: Client) -> None:
    assert alice_client.get(ADDRESS).status_code == 405


def send(client: Client, photo: SimpleUploadedFile, **beside: str) -> Photo:
    response = client.post(ADDRESS, {"photo": photo, **beside}, headers=SCRIPT)
    assert response.status_code == 201, response.content
    return Photo.objects.get(pk=response["X-Photo"])


def test_photos_given_together_lie_in_their_order_however_they_arrive(
    alice: User, alice_client: Client, upload_of: Upload
) -> None:
    before = send(alice_client, upload_of(name="before.jpg"))
    second = send(alice_client, upload_of(name="2.jpg"))
    later = send(alice_client, upload_of(name="later.jpg"))
    for place in (4, 3, 1):
        send(alice_client, upload_of(name=f"{place}.jpg"), beside=str(second.pk), further=str(place - 2))
    names = [photo.name for photo in Photo.objects.owned_by(alice).on_the_desk()]
    assert names == [later.name, "1.jpg", "2.jpg", "3.jpg", "4.jpg", before.name]


@pytest.mark.parametrize(
    ("beside", "further"),
    [("", "3"), ("no key", "3"), ("0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b", "1"), ("bob", "2")],
)
def test_who_lies_beside_nobody_is_the_newest(
    alice: User, bob: User, alice_client: Client, photo_of: Any, upload_of: Upload, beside: str, further: str
) -> None:
    photo_of(alice)
    other = photo_of(bob) if beside == "bob" else None
    newest = send(alice_client, upload_of(), beside=str(other.pk) if other else beside, further=further)
    assert Photo.objects.owned_by(alice).on_the_desk().first() == newest


@pytest.mark.parametrize("further", ["", "words", "9" * 40, "-9999999", "1.5"])
def test_a_place_that_is_none_costs_no_photo(alice_client: Client, upload_of: Upload, further: str) -> None:
    beside = send(alice_client, upload_of())
    send(alice_client, upload_of(), beside=str(beside.pk), further=further)
    assert Photo.objects.count() == 2
