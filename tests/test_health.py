"""What load balancers and Prometheus ask."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.test import Client

from accounts.models import User
from editor import dashboard, orders, pulse
from editor.models import Photo, Tool, Worker
from picwish_site import health
from tests.studio.installation import wait_for


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def all_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "missing_weights", lambda: "")


def test_healthz_says_ok_without_a_look_at_anything(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_the_studio_is_ready_when_every_part_is(db: None, client: Client, all_networks: None) -> None:
    Worker.objects.create(queue="quick", host="here", process=1)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "storage": "ok",
        "queue": "ok",
        "models": "ok",
        "workers": {"quick": 1, "render": 0},
    }
    assert "no-store" in response["Cache-Control"]
    assert default_storage.listdir("ready")[1] == []


def test_a_network_that_is_missing_is_named(db: None, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.WEIGHTS_DIR = tmp_path
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["models"].startswith("Missing: ")
    assert response.json()["database"] == "ok"


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


def test_a_worker_is_alive_while_it_beats_and_gone_when_it_ends(transactional_db: None) -> None:
    with pulse.beating("quick"):
        wait_for(Worker.objects.alive().exists, 10, "the first beat")
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
