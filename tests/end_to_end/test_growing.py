"""The same code on PostgreSQL, Redis and S3, by settings alone, and what comes of work when they go away.

Two web processes behind a balancer, three workers.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import numpy as np
import psycopg
import pytest
import skimage.data
from PIL import Image

from editor.providers.client import Client
from tests.conftest import encoded
from tests.support.relay import Relay
from tests.support.servers import Postgres, Redis, Store
from tests.support.waiting import PATIENCE, wait_for

from .installation import ROOT, Studio, free_port
from .outages import Books, order, unseen


@dataclass
class Grown:
    studio: Studio
    postgres: Postgres
    redis: Redis
    store: Store
    alice: httpx.Client


@contextmanager
def second_web(studio: Studio, port: int) -> Iterator[None]:
    """Serve the same pages from one more process."""
    command = [sys.executable, "-m", "uvicorn", "picwish_site.asgi:application", "--port", str(port)]
    options = ["--http", "picwish_site.connections:Connection", "--lifespan", "off", "--log-level", "warning"]
    with (studio.data / "second-web.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, *options], env=studio.environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with Postgres() as postgres, Redis() as redis, Store() as store:
        second = free_port()
        balancer = Relay([second])
        settings = {
            "STORAGE_URL": store.url,
            "DIRECT_ADDRESSES": "true",
            "DATABASE_URL": postgres.url,
            "TASKS_URL": f"{redis.url}/0",
            "CACHE_URL": f"{redis.url}/1",
            "RATE_LIMIT_URL": f"{redis.url}/2",
            "SITE_URL": f"http://127.0.0.1:{balancer.port}",
        }
        studio = Studio(tmp_path_factory.mktemp("grown"), workers=2, settings=settings)
        studio.data.mkdir(exist_ok=True)
        assert "is made" in studio.manage("bucket")
        studio.start()
        balancer.ports.append(studio.port)
        with second_web(studio, second), balancer:
            wait_for(lambda: all(is_up(port) for port in balancer.ports), "both web processes")
            studio.url = settings["SITE_URL"]
            alice = studio.client("alice@example.com", studio.add_person("alice@example.com"))
            yield Grown(studio, postgres, redis, store, alice)
            studio.close()
        assert studio.stop() == 0


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def key(grown: Grown) -> str:
    """Of a program, which belongs to somebody of its own."""
    grown.studio.add_person("dora@example.com")
    return grown.studio.manage("createkey", "dora@example.com", "--qps", "100").split()[-1]


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


def test_all_tools_are_there_for_programs(grown: Grown, key: str) -> None:
    """Orders and questions go to one web process or the other, the work to one of three workers."""
    astronaut = encoded(skimage.data.astronaut()[:320, 80:400])
    product = Image.new("RGBA", (300, 300))
    product.paste((180, 40, 30, 255), (100, 60, 200, 280))
    boxes = '[{"x": 20, "y": 20, "width": 30, "height": 30}]'
    with Client(grown.studio.url, key) as program:
        scene = program.background(encoded(np.asarray(product), "PNG"), scene_type=105, batch_size=1)
        head = program.face_cutout(astronaut)
        erased = program.inpaint(astronaut, rectangles=boxes)
        address = program.wait("self-face-cutout", head.task_id).image
        assert Image.open(BytesIO(program.download(address))).mode == "RGBA"
        address = program.wait("inpaint", erased.task_id).image
        assert Image.open(BytesIO(program.download(address))).size == (320, 320)
        address = program.wait("background", scene.task_id).image
        assert max(Image.open(BytesIO(program.download(address))).size) == 256


@pytest.mark.parametrize("path", ["/v1.0/removebg", "/v1/remove", "/v1/segment"])
def test_all_dialects_answer_with_the_picture(grown: Grown, key: str, small: bytes, path: str) -> None:
    """And the same call once more, at the other web process, with the same one."""
    headers = {"X-API-KEY": key, "Idempotency-Key": path}
    files = {"image_file": ("photo.jpg", small)}
    answers = [
        httpx.post(grown.studio.url + path, headers=headers, files=files, timeout=PATIENCE) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert Image.open(BytesIO(answers[0].content)).mode == "RGBA"
    assert answers[0].content == answers[1].content


STORED = """
import json
from datetime import timedelta
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from editor.work import maintenance
default_storage.save("results/00/orphan.png", ContentFile(b"of nobody"))
maintenance.ORPHAN_AFTER = timedelta(0)
removed = maintenance.remove_orphans()
stored = {name for folder in maintenance.FOLDERS for name, _ in maintenance.list_stored_files(folder)}
print(json.dumps([removed, sorted(stored ^ maintenance.list_known_files())]))
"""


def test_pictures_are_packed_and_deleted_and_upkeep_leaves_no_file_without_a_row(
    grown: Grown, small: bytes
) -> None:
    erin = grown.studio.client("erin@example.com", grown.studio.add_person("erin@example.com"))
    photo, _ = (order(erin, f"{number}.jpg", small).headers["X-Photo"] for number in range(2))
    books = Books(grown.studio, "erin@example.com")
    wait_for(lambda: books.read().states == [1, 1], "two cutouts")
    packed = zipfile.ZipFile(BytesIO(erin.get("/gallery/zip/").content))
    assert packed.testzip() is None
    pictures = [name for name in packed.namelist() if name.endswith(".png")]
    assert len(pictures) == 2
    assert packed.read(pictures[0]).startswith(b"\x89PNG")
    assert erin.post(f"/editor/photos/{photo}/delete/").status_code == 200
    assert erin.post("/gallery/trash/delete/", data={"all": "on"}).status_code == 200
    wait_for(lambda: books.read().results == 1, "the trash to be emptied")
    # The upkeep that runs anyway, and two more at the same moment.
    upkeep = [sys.executable, "manage.py", "upkeep", "--once"]
    with ThreadPoolExecutor(2) as pool:
        both = list(
            pool.map(
                lambda _: subprocess.run(
                    upkeep, env=grown.studio.environment, cwd=ROOT, check=False, capture_output=True
                ),
                range(2),
            )
        )
    assert [done.returncode for done in both] == [0, 0], both[0].stderr[-900:]
    assert json.loads(grown.studio.shell(STORED)) == [1, []]


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
    grown: Grown, small: bytes
) -> None:
    books = Books(grown.studio, "alice@example.com")
    before = books.read()
    for number in range(4, 8):
        assert order(grown.alice, f"later {number}.jpg", unseen(number)).status_code == 201
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
        page = books.read()
        assert not page.failures, page
        return page.states == [1] * (len(before.states) + 4)

    wait_for(all_done, lambda: f"what was in hand and what waited: {books.read()}")
    assert order(grown.alice, "afterwards.jpg", small).status_code == 201
    wait_for(lambda: books.read().states == [1] * (len(before.states) + 5), "what came afterwards")
    after = books.read()
    assert after.results == len(after.states), "one picture of each, none doubled"
    assert after.spent == len(after.states)
    assert after.adds_up
