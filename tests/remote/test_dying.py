"""A task that a service has, when workers die, messages get lost and people change their minds."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import ledger
from editor.models import RemoteCall, Task
from editor.providers.errors import Fenced
from editor.states import State
from editor.tasks import lease
from editor.work import maintenance, messages, orders, pipeline
from web.environment import Service

from . import hostile
from .working import hurry, step, work

Phase = RemoteCall.Phase

pytestmark = pytest.mark.usefixtures("reached")


def heeding(service: hostile.Service, settings: Any) -> None:
    """Have it known that the service takes an order sent twice with one key once."""
    settings.SERVICES = {**settings.SERVICES, "picwish": Service(service.url, service.key, True)}


def lose_worker(task: Task) -> None:
    """Have whoever holds the task die: its lease runs out."""
    held = Task.objects.filter(pk=task.pk)
    assert held.update(owner_token=uuid.uuid4(), lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_a_submit_whose_outcome_nobody_knows_is_not_repeated(order: Task, service: hostile.Service) -> None:
    attempt = lease.claim(order.pk)
    assert attempt is not None
    RemoteCall.objects.create(task=order, provider="picwish", phase=Phase.SUBMITTING, tries=1)
    lose_worker(order)
    assert maintenance.requeue_expired() == 1

    work(order)

    assert order.status is State.NO_RESOURCES
    assert "PicWish was sent this" in order.sentence
    assert service.calls == []


def test_where_keys_are_heeded_it_is_sent_again_with_the_same_key(
    order: Task, service: hostile.Service, settings: Any
) -> None:
    heeding(service, settings)
    service.behave("half", on="submit", times=1)
    again = pipeline.perform(order.pk)
    assert again is not None
    assert not again.look
    hurry()
    assert lease.claim(order.pk) is not None
    lose_worker(order)
    maintenance.requeue_expired()

    work(order)

    assert order.status is State.DONE
    assert len({call.idempotency_key for call in service.asked("submit")}) == 1
    assert len(service.asked("submit")) == 2
    assert len(service.tasks) <= 1


def test_a_task_that_the_service_has_is_looked_after_and_not_begun_again(
    order: Task, service: hostile.Service
) -> None:
    assert pipeline.perform(order.pk) is not None
    hurry()
    assert lease.claim_parked(order.pk) is not None
    lose_worker(order)

    assert maintenance.requeue_expired() == 1
    assert pipeline.perform(order.pk) is None
    assert pipeline.look(order.pk) is None

    order.refresh_from_db()
    assert (order.status, order.attempts) == (State.DONE, 1)
    assert len(service.asked("submit")) == 1


def test_a_look_whose_message_got_lost_is_sent_again(order: Task, service: hostile.Service) -> None:
    again = pipeline.perform(order.pk)
    assert again is not None
    assert maintenance.requeue_expired() == 0, "its look may be on its way"
    Task.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert maintenance.requeue_expired() == 1
    assert DBTaskResult.objects.filter(task_path="editor.work.messages.serve").count() == 1


def test_a_second_look_at_the_same_time_is_none(order: Task, service: hostile.Service) -> None:
    service.looks = 5
    assert pipeline.perform(order.pk) is not None
    assert pipeline.look(order.pk) is None, "it is not time yet"
    hurry()
    assert pipeline.look(order.pk) is not None
    assert pipeline.look(order.pk) is None
    assert len(service.asked("look")) == 1


def test_messages_follow_each_other_until_it_is_done(order: Task, service: hostile.Service) -> None:
    service.looks = 1
    messages.serve.call("quick")
    for expected in (1, 2):
        assert DBTaskResult.objects.filter(task_path="editor.work.messages.serve").count() == expected
        hurry()
        messages.serve.call("quick")
    order.refresh_from_db()
    assert order.status is State.DONE
    assert DBTaskResult.objects.filter(task_path="editor.work.messages.serve").count() == 2


# -- People who change their minds ----------------------------------------------------------------


def test_a_task_that_the_service_works_on_is_cancelled_at_once(order: Task, service: hostile.Service) -> None:
    service.looks = 5
    before = ledger.get_balance(order.owner)
    again = pipeline.perform(order.pk)
    assert again is not None
    assert orders.cancel(Task.objects.get(pk=order.pk))
    order.refresh_from_db()
    assert order.status is State.CANCELLED
    assert ledger.get_balance(order.owner) == (before or 0) + order.credits
    assert step(again) is None
    assert service.asked("look") == []


def test_a_cancel_in_the_middle_of_a_look_is_seen(order: Task, service: hostile.Service) -> None:
    service.looks = 5
    assert pipeline.perform(order.pk) is not None
    hurry()
    attempt = lease.claim_parked(order.pk)
    assert attempt is not None
    assert orders.cancel(order)
    assert pipeline.run_attempt(attempt, lambda one: one.park(timezone.now())) is None
    order.refresh_from_db()
    assert order.status is State.CANCELLED


def test_a_photo_that_is_deleted_meanwhile_is_let_go_quietly(order: Task, service: hostile.Service) -> None:
    again = pipeline.perform(order.pk)
    assert again is not None
    orders.delete_photo(order.photo)
    assert step(again) is None
    assert not RemoteCall.objects.exists()


def test_who_lost_the_task_cannot_park_it(order: Task) -> None:
    attempt = lease.claim(order.pk)
    assert attempt is not None
    lose_worker(order)
    with pytest.raises(Fenced):
        attempt.park(timezone.now())
