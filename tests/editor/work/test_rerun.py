"""A failed task is run again for its owner: charged once, or refused with the reason."""

from typing import Any

import pytest
from django.utils import timezone

from accounts import ledger
from accounts.models import ApiKey, CreditEntry, User
from editor.models import Photo, Task
from editor.states import State
from editor.tasks import settlement
from editor.tools import Tool
from editor.work import maintenance, orders, rerun
from editor.work.orders import ApiCall, OrderRefused
from tests.editor.files.files_out import photo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_superuser("olga@example.com", "correct horse battery")


def failed(owner: User, call: ApiCall | None = None) -> Task:
    task = orders.place(owner, photo_of(owner), Tool.CUTOUT, {}, call=call)
    assert settlement.end(Task.objects.filter(pk=task.pk), State.FAILED)
    task.refresh_from_db()
    return task


def test_what_came_back_is_charged_once(alice: User, owner: User) -> None:
    before = ledger.open_account(alice).balance
    task = failed(alice)
    assert ledger.open_account(alice).balance == before
    again = rerun.rerun(task, owner)
    assert (again.owner, again.photo, again.state) == (alice, task.photo, State.QUEUED)
    settlement.end(Task.objects.filter(pk=again.pk), State.DONE)
    assert ledger.open_account(alice).balance == before - 1
    kinds = CreditEntry.objects.filter(task_id__in=[task.pk, again.pk]).order_by("pk")
    assert [entry.kind for entry in kinds] == ["reserve", "return", "reserve", "settle"]


def test_a_programs_order_stays_a_programs(alice: User, owner: User) -> None:
    key, _ = ApiKey.make(alice, "Shop")
    task = failed(alice, ApiCall(key, {"return_type": 1}, "https://shop.example/done"))
    again = rerun.rerun(task, owner)
    assert (again.api_key, again.answer) == (key, {"return_type": 1})
    assert again.callback.url == "https://shop.example/done"
    # Nor does the photo go before its hour, with the one that failed.
    task.refresh_from_db()
    assert task.expires_at == again.expires_at
    assert maintenance.remove_expired() == 0
    assert Photo.objects.filter(pk=task.photo_id).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": State.DONE}, "done"),
        ({"state": State.PROCESSING}, "under_way"),
        ({"continues": True}, "source_is_gone"),
    ],
)
def test_what_cannot_be_run_again_is_refused(
    alice: User, owner: User, changes: dict[str, Any], code: str
) -> None:
    task = failed(alice)
    Task.objects.filter(pk=task.pk).update(**changes)
    with pytest.raises(OrderRefused) as refused:
        rerun.rerun(task, owner)
    assert refused.value.code == code
    assert Task.objects.count() == 1


def test_nor_is_what_nobody_waits_for(alice: User, owner: User) -> None:
    key, _ = ApiKey.make(alice, "Shop")
    task, other = failed(alice, ApiCall(key)), failed(alice)
    key.revoke()
    Photo.objects.filter(pk=other.photo_id).update(trashed_at=timezone.now())
    twice = failed(alice)
    rerun.rerun(twice, owner)
    for which, code in ((task, "key_is_gone"), (other, "photo_is_gone"), (twice, "again_already")):
        with pytest.raises(OrderRefused) as refused:
            rerun.rerun(which, owner)
        assert refused.value.code == code
