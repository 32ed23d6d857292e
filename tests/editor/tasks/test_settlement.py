"""How tasks end: credits spent or given back once, programs' pictures gone after their hour."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import TestCase
from django.utils import timezone

from accounts import ledger
from accounts.models import ApiKey, User
from editor.models import Callback, Photo, Task
from editor.states import State
from editor.tasks import settlement
from editor.tools import Tool
from editor.work import maintenance, orders

MakePhoto = Callable[..., Photo]


@pytest.fixture
def order(alice: User, photo_of: MakePhoto) -> Task:
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {})


def left(user: User) -> int:
    balance = ledger.get_balance(user)
    assert balance is not None
    return balance


def row(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_credits_are_reserved_with_the_order(alice: User, photo_of: MakePhoto) -> None:
    photo, before = photo_of(alice), left(alice)

    task = orders.place(alice, photo, Tool.SCENE, {"scene": 105, "takes": 2})

    assert task.credits == 6
    assert left(alice) == before - 6


def test_a_task_that_succeeds_spends_them_once(alice: User, order: Task) -> None:
    before = left(alice)

    assert settlement.end(Task.objects.filter(pk=order.pk), State.DONE)
    assert not settlement.end(Task.objects.filter(pk=order.pk, state=State.QUEUED), State.FAILED)

    assert row(order).status is State.DONE
    assert left(alice) == before


@pytest.mark.parametrize("state", [State.FAILED, State.NOTHING_FOUND, State.CANCELLED, State.NO_RESOURCES])
def test_a_task_that_fails_gives_them_back_once(alice: User, order: Task, state: State) -> None:
    before = left(alice)

    assert settlement.end(Task.objects.filter(pk=order.pk), state)
    settlement.end(Task.objects.filter(pk=order.pk), state)

    assert left(alice) == before + 1
    assert row(order).completed_at is not None


def test_cancelling_what_waits_gives_them_back(alice: User, order: Task) -> None:
    before = left(alice)
    assert orders.cancel(order)
    assert left(alice) == before + 1


def test_deleting_the_photo_under_way_gives_them_back(alice: User, order: Task) -> None:
    before = left(alice)
    orders.delete_photo(order.photo)
    assert left(alice) == before + 1


def test_the_last_lost_worker_gives_them_back(alice: User, order: Task) -> None:
    before = left(alice)
    Task.objects.filter(pk=order.pk).update(
        state=State.PROCESSING,
        attempts=99,
        owner_token=uuid.uuid4(),
        lease_expires_at=timezone.now() - timedelta(minutes=1),
    )

    maintenance.requeue_expired()

    assert row(order).status is State.FAILED
    assert left(alice) == before + 1


def test_an_order_that_costs_too_much_leaves_nothing_behind(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    ledger.correct(alice, 2 - left(alice), reason="nearly spent")

    with pytest.raises(orders.OrderRefused, match="costs 3 credits and you have 2") as refusal:
        orders.place(alice, photo, Tool.SCENE, {"scene": 105, "takes": 1})

    assert (refusal.value.code, refusal.value.status) == ("too_few_credits", 402)
    assert not Task.objects.exists()
    assert left(alice) == 2


def test_a_suspended_person_places_nothing(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    with pytest.raises(orders.OrderRefused, match="suspended"):
        orders.place(alice, photo, Tool.CUTOUT, {})


@pytest.fixture
def ordered_by_program(alice: User, photo_of: MakePhoto) -> Task:
    key, _ = ApiKey.make(alice)
    call = orders.ApiCall(key, {"return_type": 1}, "https://example.com/done")
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {}, call=call)


def test_what_a_program_ordered_goes_an_hour_after_it_ended(
    ordered_by_program: Task, media: Callable[[], list[str]]
) -> None:
    task = ordered_by_program
    settlement.end(Task.objects.filter(pk=task.pk), State.DONE)
    remaining = row(task).expires_at - timezone.now()  # type: ignore[operator]
    assert timedelta(minutes=59) < remaining <= timedelta(hours=1)
    assert maintenance.remove_expired() == 0

    Task.objects.filter(pk=task.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert maintenance.remove_expired() == 1

    assert not Task.objects.exists()
    assert not Photo.objects.exists()
    assert media() == []


def test_what_is_still_under_way_does_not_go(ordered_by_program: Task) -> None:
    Task.objects.update(expires_at=timezone.now() - timedelta(days=2))
    assert maintenance.remove_expired() == 0


def test_the_pages_own_results_stay(order: Task) -> None:
    settlement.end(Task.objects.filter(pk=order.pk), State.DONE)
    assert row(order).expires_at is None


def test_whoever_wants_to_be_called_is_due_once_it_ended(ordered_by_program: Task) -> None:
    callback = Callback.objects.get()
    assert callback.next_at is None

    settlement.end(Task.objects.filter(pk=ordered_by_program.pk), State.FAILED)

    callback.refresh_from_db()
    assert callback.next_at is not None
