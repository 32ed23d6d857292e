"""The same order sent twice is one task."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import ApiKey
from editor.api.dialects.one_call.forms import RemoveForm
from editor.api.orders import place_order
from editor.api.requests import idempotency
from editor.models import IdempotencyKey, Photo, Task
from editor.work import orders

from .conftest import Program

URL = "https://pictures.example/lamp.jpg"
ONE = {"Idempotency-Key": "order-1"}


def lamp(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("lamp.jpg", content, "image/jpeg")


def test_the_same_key_and_order_is_the_same_task(alice_program: Program, coffee: bytes) -> None:
    # The test client draws one boundary for all; a real one another for each.
    first = alice_program.post("segmentation", {"image_file": lamp(coffee), "crop": "1"}, headers=ONE)
    second = alice_program.post("segmentation/", {"crop": "1", "image_file": lamp(coffee)}, headers=ONE)
    assert first.json() == second.json()
    assert Task.objects.count() == Photo.objects.count() == 1


def test_another_order_with_the_same_key_is_refused(
    alice_program: Program, coffee: bytes, rocket: bytes
) -> None:
    alice_program.post("segmentation", {"image_file": lamp(coffee)}, headers=ONE)
    for endpoint, fields in (
        ("segmentation", {"image_file": lamp(rocket)}),
        ("segmentation", {"image_file": lamp(coffee), "crop": "1"}),
        ("self-face-cutout", {"image_file": lamp(coffee)}),
    ):
        answer = alice_program.post(endpoint, fields, headers=ONE)
        assert answer.status_code == answer.json()["status"] == 422
    answer = alice_program.post("/v1/remove", {"image_file": lamp(coffee)}, headers=ONE)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_error")
    assert Task.objects.count() == 1


def test_two_people_may_draw_the_same_key(alice_program: Program, bob_program: Program) -> None:
    tasks = {
        program.post("segmentation", {"image_url": URL}, headers=ONE).json()["data"]["task_id"]
        for program in (alice_program, bob_program)
    }
    assert len(tasks) == 2


def test_a_call_that_waits_is_placed_anew_where_the_first_was_cancelled(
    alice_program: Program, coffee: bytes
) -> None:
    """As it is when its connection breaks. What is ordered to be asked for stays what it is."""
    alice_program.post("segmentation", {"image_file": lamp(coffee)}, headers=ONE)
    first = IdempotencyKey.objects.get()
    orders.cancel(first.task)
    again = alice_program.post("segmentation", {"image_file": lamp(coffee)}, headers=ONE)
    assert again.json()["data"]["task_id"] == str(first.task_id)

    def call() -> HttpRequest:
        return RequestFactory().post("/v1/remove", {"image_file": lamp(coffee)}, headers=ONE)

    IdempotencyKey.objects.update(fingerprint=idempotency.hash_call(call()))
    key = ApiKey.objects.get()
    placed = [place_order(call(), key, "remove", RemoveForm, waits=True) for _ in range(2)]
    assert placed[0] == placed[1] != first.task
    assert (IdempotencyKey.objects.get().task, Task.objects.count()) == (placed[0], 2)


def test_a_refused_order_leaves_its_key_free(alice_program: Program) -> None:
    assert alice_program.post("segmentation", {"image_url": "no"}, headers=ONE).status_code == 400
    assert alice_program.post("segmentation", {"image_url": URL}, headers=ONE).status_code == 200


def test_a_key_is_kept_for_24_hours(alice_program: Program) -> None:
    def ordered() -> str:
        return alice_program.post("segmentation", {"image_url": URL}, headers=ONE).json()["data"]["task_id"]

    first = ordered()
    row = IdempotencyKey.objects.filter(key="order-1")
    row.update(created_at=timezone.now() - timedelta(hours=23))
    assert ordered() == first
    row.update(created_at=timezone.now() - timedelta(hours=25))
    assert ordered() != first


def test_a_key_that_is_too_long_is_refused(alice_program: Program) -> None:
    answer = alice_program.post("segmentation", {"image_url": URL}, headers={"Idempotency-Key": "a" * 256})
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["message"]
