"""What load balancers and Prometheus ask."""

import logging
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DatabaseError, connections
from django.test import Client
from django.utils import timezone
from supervisor.options import ServerOptions
from supervisor.process import Subprocess
from supervisor.states import ProcessStates

from accounts.models import User
from editor import dashboard
from editor.models import Photo, Worker
from editor.tasks import heartbeat
from editor.tools import Tool
from editor.work import orders
from picwish_site.monitoring import health

from .conftest import PASSWORD, signed_in
from .end_to_end.installation import ROOT
from .support.waiting import wait_for


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def all_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "describe_missing_weights", lambda: "")


def test_healthz_says_ok_without_a_look_at_anything(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_the_studio_is_ready_when_every_part_is(db: None, client: Client, all_networks: None) -> None:
    for queue in ("quick", "render"):
        Worker.objects.create(queue=queue, host="here", process=1)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "storage": "ok",
        "queue": "ok",
        "models": "ok",
        "workers": {"quick": 1, "render": 1},
    }
    assert "no-store" in response["Cache-Control"]
    assert default_storage.listdir("ready")[1] == []


def test_a_network_that_is_missing_is_named(db: None, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.WEIGHTS_DIR = tmp_path
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["models"].startswith("Missing: ")
    assert response.json()["database"] == "ok"


def said(caplog: pytest.LogCaptureFixture, level: str = "") -> list[str]:
    """Return what was logged about workers."""
    records = [record for record in caplog.records if record.name == "editor.tasks.heartbeat"]
    return [record.getMessage() for record in records if level in ("", record.levelname)]


@pytest.mark.parametrize("missing", [["quick"], ["render"], ["quick", "render"]])
def test_a_queue_without_a_living_worker_is_named_to_balancers_at_the_desk_and_in_the_log(
    db: None, client: Client, all_networks: None, caplog: pytest.LogCaptureFixture, missing: list[str]
) -> None:
    now = timezone.now()
    for queue in settings.QUEUES:
        silent = 4 * Worker.BEAT if queue in missing else timedelta(0)
        Worker.objects.create(queue=queue, host="here", process=1, seen_at=now - silent)

    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["queue"] == f"has no worker for {' and '.join(missing)}"
    owner = User.objects.create_superuser("olga@example.com", PASSWORD)
    desk = signed_in(owner).get("/admin/").content.decode()
    named = [queue for queue in settings.QUEUES if f"No worker takes from the queue “{queue}”" in desk]
    assert named == missing

    lookout = heartbeat.Lookout()
    lookout.look()
    assert not said(caplog), "workers that start with it may need a moment"
    lookout.seen_at = dict.fromkeys(settings.QUEUES, now - 4 * Worker.BEAT)
    for _ in range(2):
        lookout.look()
    told = said(caplog, "ERROR")
    assert [queue for queue in settings.QUEUES if any(f"queue {queue}." in line for line in told)] == missing
    assert len(told) == len(missing)

    Worker.objects.update(seen_at=timezone.now())
    assert client.get("/readyz").status_code == 200
    lookout.look()
    assert len(said(caplog, "WARNING")) == len(missing)


def test_a_worker_that_compiles_its_network_is_said_to_get_ready_and_not_to_be_missing(
    transactional_db: None, client: Client, all_networks: None, caplog: pytest.LogCaptureFixture
) -> None:
    Worker.objects.create(queue="render", host="here", process=1)
    Worker.objects.create(queue="quick", host="here", process=2, ready=False)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["queue"] == "has a worker that gets ready for quick"
    desk = signed_in(User.objects.create_superuser("olga@example.com", PASSWORD)).get("/admin/")
    assert "A worker of the queue “quick” is getting ready." in desk.content.decode()
    assert "No worker takes" not in desk.content.decode()
    assert not heartbeat.has_company("quick"), "nobody else would take what this one leaves"

    lookout = heartbeat.Lookout()
    lookout.seen_at = dict.fromkeys(settings.QUEUES, timezone.now() - 4 * Worker.BEAT)
    lookout.look()
    assert not said(caplog), "mostly it is ready in a moment"
    lookout.coming["quick"] -= 2 * Worker.BEAT
    for _ in range(2):
        lookout.look()
    (line,) = said(caplog)
    assert line.startswith("A worker of the queue quick is getting ready")

    # One that never is ready dies before, each time that it is started.
    lookout.coming["quick"] -= heartbeat.GETTING_READY
    lookout.seen_at["quick"] -= heartbeat.GETTING_READY
    lookout.look()
    (line,) = said(caplog, "ERROR")
    assert "queue quick." in line

    heartbeat.say_ready(Worker.objects.get(queue="quick"))
    assert client.get("/readyz").status_code == 200
    assert Worker.objects.alive().count() == 2
    lookout.look()
    Worker.objects.filter(queue="quick").delete()
    lookout.look()
    assert len(said(caplog, "ERROR")) == 1, "who has just gone is given the time of a beat"


def kept_up() -> list[Subprocess]:
    """Return the processes that `make run` keeps up, none of them started."""
    options = ServerOptions()
    options.realize(["--configuration", str(ROOT / "supervisord.conf")])
    options.logger = logging.getLogger("supervisor")
    return [Subprocess(one) for group in options.process_group_configs for one in group.process_configs]


def test_whatever_dies_again_and_again_at_its_start_is_never_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ends = {"PYTHON": sys.executable, "HOST": "127.0.0.1", "PORT": "1", "WEB_PROCESSES": "1", "WORKERS": "2"}
    for name, value in {**ends, "DATA_DIR": str(tmp_path), "RUN_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    processes = kept_up()
    assert len(processes) == 5
    for process in processes:
        process.state, process.backoff = ProcessStates.BACKOFF, 10_000
        process.delay = time.time() + 1000
        process.transition()
        assert process.state == ProcessStates.BACKOFF, process.config.name


@pytest.mark.parametrize("part", ["storage", "queue", "database"])
def test_a_part_that_is_away_is_said_without_where_it_runs(
    db: None, client: Client, all_networks: None, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def away() -> None:
        raise DatabaseError("connection to server at 10.0.0.7 failed: password for studio")

    monkeypatch.setitem(health.PARTS, part, away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()[part] == "does not answer"
    assert b"10.0.0.7" not in response.content


def test_a_full_disk_is_not_ready(db: None, client: Client, all_networks: None, settings: Any) -> None:
    settings.DISK_RESERVE_MB = 2**40
    assert client.get("/readyz").json()["storage"] == "has no room left"


def test_a_worker_is_alive_while_it_beats_and_gone_when_it_ends(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Django leaves connections to a database in memory open, which would end with their thread.
    wrapper, ours = connections["default"].__class__, threading.get_ident()
    in_memory = wrapper.is_in_memory_db
    own = lambda one: threading.get_ident() == ours and in_memory(one)  # noqa: E731
    monkeypatch.setattr(wrapper, "is_in_memory_db", own)
    with heartbeat.keep_beating("quick", ready=False) as say_ready:
        wait_for(Worker.objects.getting_ready().exists, "the first beat")
        assert not Worker.objects.alive().exists()
        say_ready()
        assert Worker.objects.alive().exists()
    assert not Worker.objects.exists()


def test_metrics_are_off_unless_switched_on(db: None, client: Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_metrics_tell_what_waits_and_ask_for_the_token(
    db: None, client: Client, settings: Any, alice: User
) -> None:
    settings.METRICS, settings.METRICS_TOKEN = True, "a secret"
    photo = Photo.objects.create(owner=alice, name="lamp.jpg", file="photos/lamp.jpg", format="jpeg", bytes=7)
    orders.place(alice, photo, Tool.CUTOUT, {})
    Worker.objects.create(queue="quick", host="here", process=1)
    for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Bearer ünicode"}):
        assert client.get("/metrics", headers=headers).status_code == 401
    response = client.get("/metrics", headers={"Authorization": "Bearer a secret"})
    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain")
    for line in (
        'sweep_queue_waiting{queue="quick"} 1.0',
        'sweep_queue_waiting{queue="render"} 0.0',
        'sweep_workers_alive{queue="quick"} 1.0',
        'sweep_tasks{state="queued",tool="cutout"} 1.0',
        "sweep_people 1.0",
        "sweep_stored_bytes 7.0",
    ):
        assert line in lines
