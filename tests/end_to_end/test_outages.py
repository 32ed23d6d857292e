"""Real processes and what stands in their way: a database that is locked for long, workers that only die."""

import os
import signal

import httpx
import pytest

from tests.support.waiting import PATIENCE, wait_for

from .installation import Studio
from .outages import Books, locked, order, unseen

QUICK = "manage.py worker --queue quick"


@pytest.fixture
def alice(studio: Studio) -> httpx.Client:
    return studio.client("alice-waits@example.com", studio.add_person("alice-waits@example.com"))


def test_a_database_that_is_locked_for_longer_than_anybody_waits_ends_no_work_and_no_worker(
    studio: Studio, alice: httpx.Client, small: bytes
) -> None:
    books = Books(studio, "alice-waits@example.com")
    workers = studio.processes("manage.py worker")
    for number in range(1, 4):
        assert order(alice, f"{number}.jpg", unseen(number)).status_code == 201
    wait_for(lambda: books.read().in_hand, "the worker to have one")
    with locked(studio):
        answer = order(alice, "in vain.jpg", small)
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0

    def all_done() -> bool:
        page = books.read()
        assert not page.failures, page
        return page.states == [1] * 3

    wait_for(all_done, lambda: f"what was in hand and what waited: {books.read()}")
    assert order(alice, "afterwards.jpg", small).status_code == 201
    wait_for(lambda: books.read().states == [1] * 4, "what came afterwards")
    after = books.read()
    assert (after.results, after.spent, after.adds_up) == (4, 4, True)
    assert studio.processes("manage.py worker") == workers, "none of them ended"


def test_a_worker_that_is_killed_whenever_it_starts_is_missed_and_never_given_up(studio: Studio) -> None:
    """By balancers and in the log; and it is there again once nobody kills it."""

    def ready() -> httpx.Response:
        return httpx.get(f"{studio.url}/readyz", timeout=PATIENCE)

    wait_for(lambda: ready().status_code == 200, lambda: f"the studio to be ready: {ready().text}")
    heard, killed = len(studio.log.read_text()), 0

    def missed() -> bool:
        nonlocal killed
        for pid in studio.processes(QUICK):
            os.kill(pid, signal.SIGKILL)
            killed += 1
        answer = ready()
        return (answer.status_code, answer.json()["queue"]) == (503, "has no worker for quick")

    wait_for(missed, "balancers to be told", every=0.2)
    wait_for(
        lambda: missed() and "No worker takes from the queue quick" in studio.log.read_text()[heard:],
        "a line in the log",
        every=0.2,
    )
    assert killed > 2, "it was started again and again"
    wait_for(lambda: ready().status_code == 200, lambda: f"a worker again: {ready().text}")
    wait_for(
        lambda: "A worker takes from the queue quick again" in studio.log.read_text()[heard:], "its line"
    )
    assert studio.processes(QUICK)
