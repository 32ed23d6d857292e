"""The trash: thirty days with the way back, rows and files, and nothing of it anywhere else meanwhile."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import deletion, ledger
from accounts.models import Plan, User
from editor.files import uploads
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tasks import settlement
from editor.tools import Tool
from editor.work import maintenance, orders, trash
from tests.conftest import signed_in
from tests.editor.files.files_out import get, photo_of, result_of
from tests.editor.standing import HTMX

RESTORE, DELETE, PAGE = (reverse(f"editor:{name}") for name in ("trash-restore", "trash-delete", "trash"))
SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    """Files go once the rows are gone for good: on commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def deleted_at_the_desk(client: Client, photo: Photo) -> str:
    """Delete a photo in the editor; return the moment by which it is brought back."""
    response = client.post(reverse("editor:delete-photo", args=[photo.pk]), headers=HTMX)
    return json.loads(response["HX-Trigger"])["desk:deleted"]["moment"]


def deleted_in_the_gallery(client: Client, *results: Result, originals: bool = False) -> str:
    sent = {"result": [str(result.pk) for result in results], "confirmed": "on"}
    sent |= {"with_originals": "on"} if originals else {}
    client.post(reverse("editor:gallery-delete"), sent)
    return Result.with_trash.get(pk=results[0].pk).trashed_at.isoformat()


def bring_back(client: Client, **sent: Any) -> str:
    response = client.post(RESTORE, sent, headers=SCRIPT)
    assert response.status_code == 200, response.content
    return response.json()["sentence"]


def files_are_there(*rows: Photo | Result) -> bool:
    return all(default_storage.exists(name) for row in rows for name in row.files)


# -- To it and back ------------------------------------------------------------------------------------


def test_a_photo_comes_back_with_all_that_was_made_of_it(alice: User, alice_client: Client) -> None:
    photo = photo_of(alice)
    made = [result_of(photo), result_of(photo, tool="scene")]
    mask = result_of(photo, kind=Result.Kind.MASK, task=made[0].task)
    moment = deleted_at_the_desk(alice_client, photo)
    assert not Photo.objects.exists()
    assert not Result.objects.exists()
    assert bring_back(alice_client, moment=moment) == "2 pictures and 1 original brought back."
    assert set(Result.objects.all()) == {*made, mask}
    assert Photo.objects.get().on_desk
    assert files_are_there(photo, *made, mask)


def test_what_was_thrown_away_before_its_photo_stays_away_when_that_comes_back(
    alice: User, alice_client: Client
) -> None:
    photo = photo_of(alice)
    first, second = result_of(photo), result_of(photo)
    deleted_in_the_gallery(alice_client, first)
    moment = deleted_at_the_desk(alice_client, photo)
    bring_back(alice_client, moment=moment)
    assert list(Result.objects.all()) == [second]
    assert list(Result.with_trash.in_trash()) == [first]


def test_a_picture_brings_its_photo_back_but_nothing_else_of_it(alice: User, alice_client: Client) -> None:
    photo = photo_of(alice)
    first, second = result_of(photo), result_of(photo)
    mask = result_of(photo, kind=Result.Kind.MASK, task=first.task)
    deleted_in_the_gallery(alice_client, first)
    deleted_at_the_desk(alice_client, photo)
    assert bring_back(alice_client, item=f"result-{first.pk}") == "1 picture and 1 original brought back."
    assert set(Result.objects.all()) == {first, mask}
    assert list(Result.with_trash.in_trash()) == [second]


def test_each_deletion_comes_back_by_itself(alice: User, alice_client: Client) -> None:
    first, second = result_of(photo_of(alice)), result_of(photo_of(alice))
    moment = deleted_in_the_gallery(alice_client, first)
    deleted_in_the_gallery(alice_client, second)
    bring_back(alice_client, moment=moment)
    assert list(Result.objects.all()) == [first]


def test_all_of_the_trash_comes_back_at_once(alice: User, alice_client: Client) -> None:
    rows = [result_of(photo_of(alice)) for _ in range(5)]
    deleted_in_the_gallery(alice_client, *rows[:3], originals=True)
    deleted_in_the_gallery(alice_client, *rows[3:])
    assert bring_back(alice_client, all="on") == "5 pictures and 3 originals brought back."
    assert Result.objects.count() == 5


def test_work_under_way_ends_gives_its_credits_back_and_leaves_nothing_behind(
    alice: User, alice_client: Client
) -> None:
    photo = photo_of(alice)
    waiting = orders.place(alice, photo, Tool.CUTOUT, {})
    running = orders.place(alice, photo, Tool.SCENE, {"takes": 2})
    token = "0" * 31 + "1"
    Task.objects.filter(pk=running.pk).update(state=State.PROCESSING, owner_token=token)
    before = ledger.get_balance(alice)
    deleted_at_the_desk(alice_client, photo)
    assert ledger.get_balance(alice) == before + waiting.credits + running.credits
    assert {task.status for task in Task.objects.all()} == {State.CANCELLED}
    # Its worker comes too late.
    assert not Task.objects.held_by(token).exists()
    assert not settlement.end(Task.objects.held_by(token), State.DONE)


# -- Nowhere else meanwhile ------------------------------------------------------------------------------


def addresses_of(result: Result) -> list[str]:
    photo = result.photo_id
    return [
        reverse("editor:photo", args=[photo]),
        reverse("editor:photo-preview", args=[photo]),
        reverse("editor:photo-original", args=[photo]),
        reverse("editor:result-file", args=[result.pk]),
        reverse("editor:result-download", args=[result.pk]),
    ]


def test_what_is_in_the_trash_is_shown_nowhere_but_there(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice, name="secret lamp.jpg"))
    deleted_at_the_desk(alice_client, result.photo)
    for address in addresses_of(result):
        assert get(alice, address)[0].status_code == 404, address
    for page in ("/editor/", "/gallery/", "/gallery/?q=secret"):
        assert "secret lamp.jpg" not in re.sub(
            r"value=\"[^\"]*\"", "", alice_client.get(page).content.decode()
        )
    assert get(alice, "/gallery/zip/")[0].status_code == 404
    trashed = alice_client.get(PAGE).content.decode()
    assert "secret lamp.jpg" in trashed
    assert "Original and 1 picture · 30 days left" in trashed


def test_its_thumbnails_are_for_their_owner_alone(alice: User, charlie: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    deleted_in_the_gallery(alice_client, result)
    address = reverse("editor:result-thumbnail", args=[result.pk])
    assert get(alice, address)[0].status_code == 200
    assert get(charlie, address)[0].status_code == 404


def test_a_stranger_brings_back_and_deletes_nothing(
    alice: User, alice_client: Client, charlie_client: Client
) -> None:
    result = result_of(photo_of(alice))
    moment = deleted_at_the_desk(alice_client, result.photo)
    for sent in ({"moment": moment}, {"item": f"photo-{result.photo_id}"}, {"all": "on"}):
        assert bring_back(charlie_client, **sent) == "Nothing brought back."
        charlie_client.post(DELETE, sent, headers=SCRIPT)
    assert Photo.with_trash.in_trash().count() == 1
    assert files_are_there(result.photo, result)
    assert "The trash is empty" in charlie_client.get(PAGE).content.decode()


def test_work_on_a_result_that_is_in_the_trash_is_refused_until_it_is_back(
    alice: User, alice_client: Client
) -> None:
    source = result_of(photo_of(alice))
    again = Task.objects.create(
        owner=alice, photo=source.photo, tool=Tool.ERASE, state=State.FAILED, source_result=source,
        continues=True,
    )  # fmt: skip
    moment = deleted_in_the_gallery(alice_client, source)
    again.refresh_from_db()
    with pytest.raises(orders.OrderRefused, match="was deleted"):
        orders.retry(again)
    bring_back(alice_client, moment=moment)
    assert orders.retry(Task.objects.get(pk=again.pk)).source_result == source


# -- For good ------------------------------------------------------------------------------------------


def aged(days: float) -> None:
    moment = timezone.now() - timedelta(days=days)
    Photo.with_trash.in_trash().update(trashed_at=moment)
    Result.with_trash.in_trash().update(trashed_at=moment)


@pytest.mark.parametrize(("days", "there"), [(29.9, True), (30.1, False)])
def test_after_thirty_days_rows_and_files_go(
    alice: User, alice_client: Client, commits: Any, days: float, there: bool
) -> None:
    photo = photo_of(alice, name="photo")
    along, alone, stays = result_of(photo), result_of(photo_of(alice)), result_of(photo_of(alice))
    deleted_at_the_desk(alice_client, photo)
    deleted_in_the_gallery(alice_client, alone)
    aged(days)
    with commits():
        maintenance.run_often()
    assert Photo.with_trash.filter(pk=photo.pk).exists() == there
    assert Result.with_trash.filter(pk__in=[along.pk, alone.pk]).exists() == there
    assert [name for row in (photo, along, alone) for name in row.files if default_storage.exists(name)] == (
        [*photo.files, *along.files, *alone.files] if there else []
    )
    assert files_are_there(stays, stays.photo, alone.photo)


def test_files_in_the_trash_are_no_orphans(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = result_of(photo_of(alice))
    deleted_at_the_desk(alice_client, result.photo)
    monkeypatch.setattr(maintenance, "ORPHAN_AFTER", timedelta(seconds=-1))
    maintenance.remove_orphans()
    assert files_are_there(result, result.photo)


@pytest.mark.parametrize("all_of_it", [True, False])
def test_the_trash_is_emptied_now_and_what_is_ticked_goes_now(
    alice: User, alice_client: Client, commits: Any, all_of_it: bool
) -> None:
    first, second = result_of(photo_of(alice)), result_of(photo_of(alice))
    deleted_at_the_desk(alice_client, first.photo)
    deleted_in_the_gallery(alice_client, second)
    sent = {"all": "on"} if all_of_it else {"item": f"photo-{first.photo_id}"}
    with commits():
        page = alice_client.post(DELETE, sent, follow=True).content.decode()
    assert not Photo.with_trash.filter(pk=first.photo_id).exists()
    assert not any(default_storage.exists(name) for row in (first, first.photo) for name in row.files)
    assert Result.with_trash.filter(pk=second.pk).exists() != all_of_it
    assert ("The trash is empty." in page) == all_of_it
    assert files_are_there(second.photo)


def test_live_pictures_are_never_deleted_from_the_trash(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    for item in (f"result-{result.pk}", f"photo-{result.photo_id}"):
        alice_client.post(DELETE, {"item": item})
    assert Result.objects.get() == result


def test_a_person_who_leaves_takes_the_trash_along(alice: User, alice_client: Client, commits: Any) -> None:
    result = result_of(photo_of(alice))
    deleted_at_the_desk(alice_client, result.photo)
    with commits():
        deletion.delete_account(alice)
    assert not Photo.with_trash.exists()
    assert not any(default_storage.exists(name) for row in (result, result.photo) for name in row.files)


def test_what_a_program_ordered_goes_in_its_hour_whatever_is_in_the_trash(
    alice: User, alice_client: Client, commits: Any
) -> None:
    photo = photo_of(alice, on_desk=False)
    task = Task.objects.create(
        owner=alice, photo=photo, tool=Tool.CUTOUT, state=State.DONE,
        expires_at=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    result = result_of(photo, task=task)
    alice_client.post(reverse("editor:gallery-delete"), {"result": str(result.pk), "confirmed": "on"})
    assert Result.objects.get() == result, "a program's results are none of the gallery's"
    with commits():
        maintenance.remove_expired()
    assert not Photo.with_trash.exists()
    assert not any(default_storage.exists(name) for name in result.files)


# -- What it counts --------------------------------------------------------------------------------------


def test_the_trash_counts_as_stored_and_says_how_much_it_is(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    before = uploads.count_stored_bytes(alice)
    deleted_at_the_desk(alice_client, result.photo)
    assert uploads.count_stored_bytes(alice) == before == trash.weigh_trash(alice).size
    assert trash.weigh_trash(alice).items == 1
    assert "1 in the trash" in alice_client.get("/gallery/").content.decode()


def test_a_full_plan_says_that_the_trash_is_to_be_emptied(alice: User, alice_client: Client) -> None:
    Plan.objects.update(most_photos=1)
    deleted_at_the_desk(alice_client, photo_of(alice))
    with pytest.raises(uploads.UploadRefused, match="empty the trash"):
        uploads.check_allowance(User.objects.get(pk=alice.pk), 1, Photo.Purpose.SOURCE)


def test_a_full_trash_is_paged_and_asks_the_database_a_few_times(
    alice: User, alice_client: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor.views.gallery import trash as views

    monkeypatch.setattr(views, "PAGE", 5)
    deleted_in_the_gallery(alice_client, *[result_of(photo_of(alice, name=f"a{n}")) for n in range(4)])
    deleted_in_the_gallery(
        alice_client, *[result_of(photo_of(alice, name=f"b{n}")) for n in range(4)], originals=True
    )
    seen = []
    for start in (0, 5):
        with django_assert_max_num_queries(10):
            page = alice_client.get(PAGE, {"from": start})
        seen += [item.photo.name for item in page.context["items"]]
    assert sorted(seen) == sorted(f"{letter}{n}" for letter in "ab" for n in range(4))
    assert [name[0] for name in seen] == list("bbbbaaaa"), "what was thrown away last comes first"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        (RESTORE, {}),
        (DELETE, {}),
        (RESTORE, {"item": "photo-1"}),
        (DELETE, {"item": "lamp"}),
        (RESTORE, {"moment": "yesterday"}),
    ],
)
def test_what_is_nothing_in_the_trash_is_refused_in_words(
    alice: User, alice_client: Client, address: str, sent: dict[str, str]
) -> None:
    response = alice_client.post(address, sent, headers=SCRIPT)
    assert response.status_code == 422
    assert response.content


@pytest.mark.parametrize("address", [RESTORE, DELETE])
def test_get_changes_nothing(alice: User, address: str) -> None:
    assert signed_in(alice).get(address).status_code == 405
