"""The same code on PostgreSQL, Redis and S3, by settings alone; and what comes of work when they go away."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.support.servers import Postgres, Redis, Store
from tests.support.waiting import wait_for

from .installation import Studio
from .outages import Books, order


@dataclass
class Grown:
    studio: Studio
    postgres: Postgres
    redis: Redis
    store: Store
    alice: httpx.Client


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with Postgres() as postgres, Redis() as redis, Store() as store:
        settings = {
            "STORAGE_URL": store.url,
            "DIRECT_ADDRESSES": "true",
            "DATABASE_URL": postgres.url,
            "TASKS_URL": f"{redis.url}/0",
            "CACHE_URL": f"{redis.url}/1",
        }
        studio = Studio(tmp_path_factory.mktemp("grown"), workers=2, settings=settings)
        studio.data.mkdir(exist_ok=True)
        assert "is made" in studio.manage("bucket")
        studio.start()
        alice = studio.client("alice@example.com", studio.add_person("alice@example.com"))
        yield Grown(studio, postgres, redis, store, alice)
        assert studio.stop() == 0


def test_photos_become_cutouts_on_postgresql_and_redis(grown: Grown, small: bytes) -> None:
    for number in range(4):
        assert order(grown.alice, f"{number}.jpg", small).status_code == 201
    books = Books(grown.studio, "alice@example.com")
    wait_for(lambda: books.read().states == [1] * 4, "four cutouts")
    assert not (grown.studio.data / "studio.sqlite3").exists()
    assert not (grown.studio.data / "media").exists()


ADDRESSES = """
import json
from editor.files.signed_urls import Kind, sign
from editor.models import Result
results = Result.objects.filter(kind="image").order_by("created_at")
print(json.dumps([[sign(result, kind) for kind in (Kind.FILE, Kind.DOWNLOAD)] for result in results]))
"""


def test_signed_addresses_lead_to_the_store_itself_where_the_operator_wants_that(grown: Grown) -> None:
    """And are deleted with what they show."""
    shown, saved = json.loads(grown.studio.shell(ADDRESSES))[0]
    sent_on = httpx.get(saved)
    assert sent_on.status_code == 302
    assert sent_on.headers["Location"].startswith(grown.store.endpoint)
    picture = httpx.get(sent_on.headers["Location"])
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert httpx.get(shown, follow_redirects=True).content == picture.content


STANDING = """
import hashlib, json
from editor.backup.stored_files import list_named
from accounts.models import CreditEntry
from django.core.files.storage import default_storage
from django.db import connection
with connection.cursor() as cursor:
    names = list_named(cursor)
hashes = {name: hashlib.sha256(default_storage.open(name).read()).hexdigest() for name in names}
print(json.dumps([hashes, list(CreditEntry.objects.order_by("pk").values_list("pk", "effect"))]))
"""


def test_a_backup_of_postgresql_becomes_a_studio_in_an_empty_database(grown: Grown, tmp_path: Path) -> None:
    """Which goes on counting where the rows end."""
    grown.studio.manage("backup", str(tmp_path / "backup"), "--verify")
    before = json.loads(grown.studio.shell(STANDING))
    with psycopg.connect(grown.postgres.url, autocommit=True) as server:
        server.execute("CREATE DATABASE another")
    another = {
        "DATABASE_URL": grown.postgres.url.replace("/postgres", "/another"),
        "STORAGE_URL": grown.store.url.replace("/pictures", "/another"),
    }
    studio = Studio(tmp_path / "another", settings={**grown.studio.settings, **another})
    studio.data.mkdir()
    studio.manage("restore", str(tmp_path / "backup"))
    assert json.loads(studio.shell(STANDING)) == before
    assert len(before[0]) >= 4 * 5, "of each its photo, two copies, the cutout and its small one"
    studio.manage("createuser", "carol@example.com")
    studio.close_console()


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
