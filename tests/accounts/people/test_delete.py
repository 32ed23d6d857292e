"""Alice leaves, and takes along all that is hers and nothing that is not."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import deletion
from accounts.models import User
from editor import background
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from editor.work import orders
from tests.accounts.sign_in.test_locked_out import guess
from tests.accounts.sign_in.test_sign_in import SIGN_IN
from tests.conftest import PASSWORD, signed_in

DELETE = reverse("accounts:delete")
YES = {"email": "alice@example.com", "password": PASSWORD}

pytestmark = pytest.mark.django_db(transaction=True)


def stored(name: str) -> str:
    return default_storage.save(name, ContentFile(b"x"))


@pytest.fixture
def belongings(photo_of: Callable[..., Photo]) -> Callable[[User], Result]:
    """Returns a function that gives somebody a photo with its copies, a done task and two results."""

    def give(owner: User) -> Result:
        photo = photo_of(owner)
        photo.preview, photo.thumbnail = stored("previews/a.webp"), stored("thumbnails/a.webp")
        photo.save()
        task = Task.objects.create(owner=owner, photo=photo, tool=Tool.CUTOUT, state=State.DONE)
        of = {"owner": owner, "task": task, "photo": photo, "tool": Tool.CUTOUT, "format": "png"}
        size = {"width": 1, "height": 1, "bytes": 1}
        Result.objects.create(kind="mask", file=stored("results/m.png"), **of, **size)
        return Result.objects.create(
            file=stored("results/a.png"), thumbnail=stored("thumbnails/r.webp"), **of, **size
        )

    return give


def test_her_rows_and_files_go_and_bobs_stay(
    alice_client: Client,
    alice: User,
    bob: User,
    belongings: Callable[[User], Result],
    media: Callable[[], list[str]],
) -> None:
    belongings(bob)
    bobs = media()
    belongings(alice)
    assert len(media()) == 2 * len(bobs) == 12

    response = alice_client.post(DELETE, YES)

    assert (response.status_code, response["Location"]) == (302, SIGN_IN)
    assert media() == bobs
    assert User.objects.get() == bob
    for model in (Photo, Task, Result):
        assert {thing.owner for thing in model.objects.all()} == {bob}
    assert "is deleted" in alice_client.get(SIGN_IN).content.decode()


def test_her_session_elsewhere_ends(alice_client: Client, alice: User) -> None:
    elsewhere = signed_in(alice)
    alice_client.post(DELETE, YES)
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert alice_client.session.get("_auth_user_id") is None
    assert Session.objects.count() == 2  # elsewhere's, which names nobody any more, and the farewell's


def test_work_under_way_is_asked_to_stop_first(
    alice: User, photo_of: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = photo_of(alice)
    of = {"owner": alice, "photo": photo, "tool": Tool.CUTOUT}
    waiting = Task.objects.create(state=State.QUEUED, **of)
    running = Task.objects.create(state=State.PROCESSING, **of)
    Task.objects.create(state=State.DONE, **of)
    asked: list[tuple[Any, bool]] = []
    cancel = orders.cancel

    def noted(task: Task) -> bool:
        asked.append((task.pk, cancel(task)))
        return asked[-1][1]

    monkeypatch.setattr(orders, "cancel", noted)
    deletion.delete_account(alice)
    assert sorted(asked) == sorted([(waiting.pk, True), (running.pk, True)])
    assert not Task.objects.exists()


def test_a_late_message_and_a_late_worker_bring_nothing_back(
    alice: User, photo_of: Callable[..., Photo], media: Callable[[], list[str]]
) -> None:
    token = uuid.uuid4()
    task = Task.objects.create(
        owner=alice,
        photo=photo_of(alice),
        tool=Tool.CUTOUT,
        state=State.PROCESSING,
        owner_token=token,
        lease_expires_at=timezone.now() + timedelta(seconds=30),
    )
    task_id = task.pk
    deletion.delete_account(alice)
    background.perform.call(str(task_id))
    assert Task.objects.held_by(token).update(state=State.DONE) == 0
    assert not Task.objects.exists()
    assert not Result.objects.exists()
    assert media() == []


def test_wrong_passwords_noted_under_her_address_go_too(client: Client, alice: User, bob: User) -> None:
    guess(client, alice.email, 2)
    guess(client, bob.email, 1)
    deletion.delete_account(alice)
    assert AccessAttempt.objects.get().username == bob.email


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"password": "wrong"}, "password", "wrong_password"),
        ({"password": ""}, "password", "required"),
        ({"email": "bob@example.com"}, "email", "other_address"),
        ({"email": ""}, "email", "required"),
        ({"email": "a" * 10_000 + "@example.com"}, "email", "max_length"),
    ],
)
def test_a_slip_deletes_nothing(
    alice_client: Client, alice: User, change: dict[str, str], field: str, code: str
) -> None:
    response = alice_client.post(DELETE, {**YES, **change})
    assert response.status_code == 422
    assert response.context["form"].has_error(field, code)
    assert User.objects.get() == alice


def test_the_page_counts_what_will_go(
    alice_client: Client, alice: User, belongings: Callable[[User], Result]
) -> None:
    belongings(alice)
    assert "1 photo and 2 results" in alice_client.get(DELETE).content.decode()


def test_the_last_superuser_stays_and_is_told_why(owner_client: Client, owner: User, bob: User) -> None:
    assert "Make somebody else a superuser first." in owner_client.get(DELETE).content.decode()
    response = owner_client.post(DELETE, {"email": owner.email, "password": PASSWORD})
    assert response.status_code == 422
    assert response.context["form"].has_error("__all__", "last_superuser")
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_suspended_superuser_does_not_count(owner: User) -> None:
    User.objects.create_superuser("past@example.com", PASSWORD, is_active=False)
    with pytest.raises(deletion.LastSuperuser):
        deletion.delete_account(owner)


def test_a_superuser_may_leave_when_there_is_another(owner_client: Client, owner: User) -> None:
    other = User.objects.create_superuser("next@example.com", PASSWORD)
    owner_client.post(DELETE, {"email": owner.email, "password": PASSWORD})
    assert User.objects.get() == other
