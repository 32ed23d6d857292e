"""How many calls a key may make."""

import pytest

from accounts.models import Plan, User
from editor.api import pace

from .conftest import Program

URL = "https://pictures.example/lamp.jpg"


def statuses(program: Program, calls: int) -> list[int]:
    return [program.post("segmentation", {"image_url": URL}).status_code for _ in range(calls)]


@pytest.fixture(autouse=True)
def time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, these calls come within one moment."""
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: 1_700_000_000.0)
    monkeypatch.setattr("editor.api.pace.time.time", lambda: 1_700_000_000.0)


def test_by_default_two_orders_a_second_pass_and_more_are_told_when_to_go_on(alice: User) -> None:
    program = Program(alice, per_second=None)
    assert pace.of(program.key) == 2
    assert statuses(program, 6) == [200] * 4 + [429] * 2
    answer = program.post("segmentation", {"image_url": URL})
    assert answer.json()["status"] == 429
    assert 1 <= int(answer["Retry-After"]) <= pace.WINDOW
    answer = program.post("/v1/remove", {})
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limit_exceeded")
    assert int(answer["Retry-After"]) >= 1


def test_asking_is_counted_apart_and_may_be_done_more_often(alice: User) -> None:
    program = Program(alice, per_second=1)
    task = program.ordered(image_url=URL)
    assert statuses(program, 2) == [200, 429]
    asked = [program.get(f"segmentation/{task.pk}").status_code for _ in range(10)]
    assert asked == [200] * 8 + [429] * 2


def test_each_key_has_a_pace_of_its_own_or_its_plan_s(alice: User) -> None:
    Plan.objects.filter(pk=Plan.objects.default().pk).update(requests_per_second=3)
    slow, planned = Program(alice, per_second=1), Program(alice, per_second=None)
    assert statuses(slow, 3) == [200, 200, 429]
    assert statuses(planned, 7) == [200] * 6 + [429]
