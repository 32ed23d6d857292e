"""How many calls a key may make: never fewer than its pace, however they come, and never more for long."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Plan, User
from editor.api.access import gcra, rate_limit
from tests.end_to_end.installation import free_port
from web import environment

from .conftest import Program

URL = "https://pictures.example/lamp.jpg"
REDIS = shutil.which("redis-server")


class Clock:
    """Stands still, however slow the machine."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    kept = gcra.Memory(clock)
    monkeypatch.setattr(rate_limit, "get_bucket", lambda: kept)
    return clock


def statuses(program: Program, calls: int) -> list[int]:
    return [program.post("segmentation", {"image_url": URL}).status_code for _ in range(calls)]


def test_by_default_two_orders_a_second_pass_and_more_are_told_when_to_go_on(
    alice: User, clock: Clock
) -> None:
    program = Program(alice, per_second=None)
    assert rate_limit.get_rate(program.key) == 2
    assert statuses(program, 6) == [200] * 4 + [429] * 2
    answer = program.post("segmentation", {"image_url": URL})
    assert answer.json()["status"] == 429
    assert answer["Retry-After"] == "1"
    answer = program.post("/v1/remove", {})
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limit_exceeded")
    clock.now += int(answer["Retry-After"])
    assert statuses(program, 3) == [200, 200, 429]


def test_who_keeps_the_pace_is_never_stopped_and_who_goes_faster_is(alice: User, clock: Clock) -> None:
    program = Program(alice, per_second=None)
    for _ in range(10):
        assert statuses(program, 1) == [200]
        clock.now += 0.5
    passed = []
    for _ in range(20):
        passed += statuses(program, 1)
        clock.now += 0.3
    assert passed.count(429) == 20 - (4 + int(19 * 0.3 * 2))


def test_asking_is_counted_apart_and_may_be_done_more_often(alice: User, clock: Clock) -> None:
    program = Program(alice, per_second=1)
    task = program.ordered(image_url=URL)
    assert statuses(program, 2) == [200, 429]
    asked = [program.get(f"segmentation/{task.pk}").status_code for _ in range(10)]
    assert asked == [200] * 8 + [429] * 2


def test_each_key_has_a_pace_of_its_own_or_its_plan_s(alice: User, clock: Clock) -> None:
    Plan.objects.filter(pk=Plan.objects.default().pk).update(requests_per_second=3)
    slow, planned = Program(alice, per_second=1), Program(alice, per_second=None)
    assert statuses(slow, 3) == [200, 200, 429]
    assert statuses(planned, 7) == [200] * 6 + [429]


# -- The bucket -----------------------------------------------------------------------------------------

quick = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
RATES = st.sampled_from([1, 2, 3, 7, 50])


@quick
@given(rate=RATES, late=st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_exactly_the_pace_passes_with_any_jitter_of_up_to_a_second(rate: int, late: list[float]) -> None:
    clock = Clock()
    counted = gcra.Memory(clock)
    moments = sorted(number / rate + jitter for number, jitter in enumerate(late))
    for moment in moments:
        clock.now = 1_000 + moment
        assert counted.count("a", 1 / rate, rate * rate_limit.ROOM).wait == 0


@quick
@given(rate=RATES, pauses=st.lists(st.floats(0, 0.7), min_size=1, max_size=100))
def test_in_no_span_of_time_does_more_pass_than_the_pace_and_the_room(rate: int, pauses: list[float]) -> None:
    clock = Clock()
    counted = gcra.Memory(clock)
    passed: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait = counted.count("a", 1 / rate, rate * rate_limit.ROOM).wait
        if wait == 0:
            passed.append(clock.now)
        else:
            # Who waits as long as was said is let through.
            clock.now += wait
            assert counted.count("a", 1 / rate, rate * rate_limit.ROOM).wait == 0
            passed.append(clock.now)
    for start in range(len(passed)):
        for end in range(start, len(passed)):
            most = (passed[end] - passed[start]) * rate + rate * rate_limit.ROOM
            assert end - start + 1 <= most + 1e-3


def test_how_many_are_left_is_how_many_pass_at_once_and_all_of_them_once_it_is_full() -> None:
    clock = Clock()
    counted = gcra.Memory(clock)
    for number in range(6):
        count = counted.count("a", 0.5, 4)
        assert count.left == max(0, 3 - number)
        assert (count.wait == 0) is (number < 4)
        assert count.full_in == min(2.0, 0.5 * (number + 1))
    clock.now += 0.5
    assert (counted.count("a", 0.5, 4).wait, counted.count("a", 0.5, 4).left) == (0, 0)
    clock.now += counted.count("a", 0.5, 4).full_in
    assert counted.count("a", 0.5, 4).left == 3


def test_names_that_are_paid_off_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gcra, "MOST_KEPT", 10)
    clock = Clock()
    counted = gcra.Memory(clock)
    for number in range(50):
        clock.now += 1
        counted.count(str(number), 1.0, 2)
    assert len(counted.due) <= 11


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    if REDIS is None:
        pytest.skip("redis-server is not on this machine; .ci/run installs it.")
    port = free_port()
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while True:
        assert server.poll() is None
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(20)


def test_processes_that_share_a_redis_count_together_as_one_in_memory_does(redis: str) -> None:
    # Intervals so long that the test's own time is nothing beside them.
    one, other, alone = gcra.Redis(redis), gcra.Redis(redis), gcra.Memory(Clock())
    for number in range(7):
        shared, counted = (one, other)[number % 2].count("a", 1000.0, 4), alone.count("a", 1000.0, 4)
        assert shared.wait == pytest.approx(counted.wait, abs=100)
        assert (shared.wait == 0) is (number < 4)
        assert shared.left == counted.left == max(0, 3 - number)
        assert shared.full_in == pytest.approx(counted.full_in, abs=100)
    assert other.count("b", 1000.0, 4).wait == 0
    assert one.count("c", 0.000001, 1).wait == one.count("c", 0.000001, 1).wait == 0


@pytest.mark.parametrize("url", ["", "memcached://127.0.0.1", "127.0.0.1:6379"])
def test_a_place_to_count_that_is_none_stops_the_start_with_its_name(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="RATE_LIMIT_URL"):
        environment.counting(url)
