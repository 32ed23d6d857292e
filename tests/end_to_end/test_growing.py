"""The same code on PostgreSQL and Redis, by settings alone; and what comes of work when they go away."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.support.servers import Postgres, Redis
from tests.support.waiting import wait_for

from .installation import Studio
from .outages import Books, order


@dataclass
class Grown:
    studio: Studio
    postgres: Postgres
    redis: Redis
    alice: httpx.Client


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with Postgres() as postgres, Redis() as redis:
        settings = {
            "DATABASE_URL": postgres.url,
            "TASKS_URL": f"{redis.url}/0",
            "CACHE_URL": f"{redis.url}/1",
        }
        studio = Studio(tmp_path_factory.mktemp("grown"), workers=2, settings=settings)
        studio.start()
        alice = studio.client("alice@example.com", studio.add_person("alice@example.com"))
        yield Grown(studio, postgres, redis, alice)
        assert studio.stop() == 0


def test_photos_become_cutouts_on_postgresql_and_redis(grown: Grown, small: bytes) -> None:
    for number in range(4):
        assert order(grown.alice, f"{number}.jpg", small).status_code == 201
    books = Books(grown.studio, "alice@example.com")
    wait_for(lambda: books.read().states == [1] * 4, "four cutouts")
    assert not (grown.studio.data / "studio.sqlite3").exists()


def test_both_go_away_in_the_middle_of_work_and_it_goes_on_when_they_are_back(
    grown: Grown, coffee: bytes, small: bytes
) -> None:
    books = Books(grown.studio, "alice@example.com")
    before = books.read()
    for number in range(4):
        assert order(grown.alice, f"later {number}.jpg", coffee).status_code == 201
    wait_for(lambda: books.read().in_hand, "a worker to have one")
    grown.studio.close_console()
    grown.redis.stop()
    grown.postgres.stop()
    answer = order(grown.alice, "in vain.jpg", small)
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    grown.postgres.start()
    grown.redis.start()

    def all_done() -> bool:
        states = books.read().states
        assert min(states) >= 0, states
        return states == [1] * (len(before.states) + 4)

    wait_for(all_done, lambda: f"what was in hand and what waited: {books.read()}")
    assert order(grown.alice, "afterwards.jpg", small).status_code == 201
    wait_for(lambda: books.read().states == [1] * (len(before.states) + 5), "what came afterwards")
    after = books.read()
    assert after.results == len(after.states), "one picture of each, none doubled"
    assert after.spent == len(after.states)
    assert after.adds_up
