"""A trash of more than goes while somebody waits: given up at once, deleted by and by."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import Plan, User
from editor.files import uploads
from editor.models import Photo, Result
from editor.work import maintenance, trash
from tests.editor.files.files_out import photo_of, result_of

DELETE, PAGE, RESTORE = (reverse(f"editor:{name}") for name in ("trash-delete", "trash", "trash-restore"))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two go while somebody waits; upkeep looks at the clock after every two, and has no time at all."""
    monkeypatch.setattr(trash, "FEW", 2)
    monkeypatch.setattr(trash.delete_old, "__defaults__", (0.0,))


@pytest.fixture
def full(alice: User) -> list[Photo]:
    """Five photos in Alice's trash, each with a picture; and one picture alone, whose photo stays."""
    thrown = [photo_of(alice) for _ in range(5)]
    for photo in thrown:
        result_of(photo)
    trash.throw_photos(Photo.objects.all())
    alone = result_of(photo_of(alice))
    trash.throw_results(Result.objects.filter(pk=alone.pk))
    return thrown


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def left_on(page: bytes) -> int:
    """Return how many the page says are being deleted."""
    said = re.search(r"id=\"going\"[^>]*>(?:([\d,]+) (?:is|are) being deleted for good)?", page.decode())
    assert said is not None
    return int(said[1] or 0)


def test_many_are_given_up_at_once_and_deleted_round_by_round_while_the_page_says_what_is_left(
    alice_client: Client, full: list[Photo], commits: Any
) -> None:
    with commits():
        page = alice_client.post(DELETE, {"all": "on"}, follow=True)
    assert "The trash is empty" in page.content.decode()
    assert page.context["items"] == []
    told = []
    while left := left_on(alice_client.get(PAGE).content):
        told.append(left)
        with commits():
            maintenance.run_often()
    # Three photos with their pictures and a picture are left, then a photo and a picture.
    assert told == [7, 3]
    assert not Photo.with_trash.exclude(trashed_at=None).exists()
    assert not any(default_storage.exists(name) for photo in full for name in photo.files)
    assert Photo.objects.count() == 1
    assert default_storage.exists(Photo.objects.get().file.name)


def test_what_is_given_up_does_not_come_back(alice_client: Client, full: list[Photo]) -> None:
    trash.give_up(Photo.with_trash.all(), Result.with_trash.all())
    for sent in ({"all": "on"}, {"item": f"photo-{full[0].pk}"}, {"moment": "1970-01-01T00:00:00+00:00"}):
        answer = alice_client.post(RESTORE, sent, headers={"X-Requested-With": "fetch"})
        assert answer.json()["sentence"] == "Nothing brought back."


def test_what_is_not_meant_stays_with_its_way_back(alice_client: Client, full: list[Photo]) -> None:
    alice_client.post(DELETE, {"item": [f"photo-{photo.pk}" for photo in full[:4]]})
    assert left_on(alice_client.get(PAGE).content) == 4
    alice_client.post(RESTORE, {"all": "on"})
    assert full[4] in Photo.objects.all()
    assert Result.objects.count() == 2
    assert Result.objects.filter(photo=full[4]).exists()


def test_nobody_empties_the_trash_of_somebody_else(
    alice: User, full: list[Photo], charlie: User, charlie_client: Client
) -> None:
    result_of(photo_of(charlie))
    trash.give_up(Photo.with_trash.owned_by(alice), Result.with_trash.owned_by(alice))
    charlie_client.post(DELETE, {"all": "on"})
    assert left_on(charlie_client.get(PAGE).content) == 0
    assert trash.weigh_trash(alice).going == 11
    assert Result.objects.owned_by(charlie).exists()


def test_what_is_given_up_takes_no_room_of_its_owner(
    alice: User, alice_client: Client, full: list[Photo]
) -> None:
    Plan.objects.update(most_photos=3)
    with pytest.raises(uploads.UploadRefused):
        uploads.check_allowance(alice, 1, Photo.Purpose.SOURCE)
    alice_client.post(DELETE, {"all": "on"})
    assert Photo.with_trash.count() > 3
    uploads.check_allowance(alice, 1, Photo.Purpose.SOURCE)
    assert uploads.count_stored_bytes(alice) == Photo.objects.get().bytes
