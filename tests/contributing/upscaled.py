"""Run in a copy of the tree that has the tool "upscale": it is ordered, carried out, and seen everywhere."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as studio
from django.test import Client
from PIL import Image

from accounts import allowance
from accounts.models import Plan, User
from editor.models import Photo, Result, Route, Task
from editor.states import State
from editor.tools import QUICK, Tool
from editor.work import orders, pipeline
from tests.api.conftest import Program
from tests.editor.files.files_out import get
from tests.support import waiting

MakePhoto = Callable[..., Photo]
STAFF = {"is_staff": True, "is_superuser": True}


@pytest.fixture
def photo(alice: User, photo_of: MakePhoto) -> Photo:
    return photo_of(alice)


@pytest.fixture
def order(alice_client: Client, photo: Photo) -> Task:
    alice_client.post(f"/editor/photos/{photo.pk}/upscale/", {"factor": "3", "format": "jpg"})
    return Task.objects.get(tool="upscale")


@pytest.fixture
def made(order: Task) -> Result:
    pipeline.perform(order.pk)
    order.refresh_from_db()
    assert order.status is State.DONE, order.message
    return order.results.get()


@pytest.fixture
def boss_client(alice: User, alice_client: Client) -> Client:
    User.objects.filter(pk=alice.pk).update(**STAFF)
    return alice_client


def test_the_desk_has_it_on_its_rail_and_shows_its_panel(alice_client: Client, photo: Photo) -> None:
    rail = alice_client.get("/editor/").content.decode()
    assert "?tool=upscale" in rail
    page = alice_client.get(f"/editor/photos/{photo.pk}/?tool=upscale").content.decode()
    for part in ("<h2>Upscale</h2>", 'name="factor"', "Enlarge</button>", "js/tools/upscale/upscale.js"):
        assert part in page


def test_an_order_waits_in_its_queue_and_is_charged_when_it_succeeds(alice: User, made: Result) -> None:
    assert made.task.queue == QUICK
    assert made.task.params == {"factor": 3, "format": "jpg"}
    assert (made.task.credits, made.task.state) == (2, State.DONE)
    assert orders.cost("upscale", {}) == 2


def test_what_is_refused_is_said(alice_client: Client, photo: Photo) -> None:
    answer = alice_client.post(
        f"/editor/photos/{photo.pk}/upscale/", {"factor": "9"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert not Task.objects.exists()


def test_the_result_is_archived_and_shown(alice_client: Client, photo: Photo, made: Result) -> None:
    assert (made.width, made.height) == (3 * photo.width, 3 * photo.height)
    assert get(made.owner, f"/results/{made.pk}/file")[1].startswith(b"\xff\xd8")
    page = alice_client.get(f"/editor/photos/{photo.pk}/?tool=upscale").content.decode()
    assert str(made.pk) in page


def test_the_gallery_filters_by_it(alice_client: Client, made: Result) -> None:
    page = alice_client.get("/gallery/?tool=upscale").content.decode()
    assert "Enlarged" in page
    assert str(made.pk) in page
    assert str(made.pk) not in alice_client.get("/gallery/?tool=cutout").content.decode()


def test_a_plan_can_allow_it_or_not(alice: User, boss_client: Client, photo: Photo) -> None:
    plan = Plan.objects.default()
    assert "upscale" in allowance.get_allowance(alice).tools
    form = boss_client.get("/admin/accounts/plan/add/").content.decode()
    assert 'value="upscale"' in form
    plan.tools = ["cutout"]
    plan.save()
    with pytest.raises(orders.OrderRefused, match="Upscale is not in your plan"):
        orders.place(alice, photo, Tool("upscale"), {})


def test_its_way_can_be_set(boss_client: Client) -> None:
    assert studio.WAYS["upscale"] == ""
    assert Route.objects.filter(pk="upscale").exists()
    assert "Upscale" in boss_client.get("/admin/editor/route/").content.decode()
    with pytest.raises(AssertionError, match="PROVIDER_UPSCALE"):
        waiting.run([sys.executable, "manage.py", "check"], env={**os.environ, "PROVIDER_UPSCALE": "nobody"})


def test_charts_and_lists_count_it(boss_client: Client, made: Result) -> None:
    assert "Upscale" in boss_client.get("/account/usage/").content.decode()
    assert "Upscale" in boss_client.get("/admin/").content.decode()
    assert (
        str(made.task_id)[:8] in boss_client.get("/admin/editor/task/?tool__exact=upscale").content.decode()
    )


def test_programs_order_it(alice: User, settings: object) -> None:
    program = Program(alice)
    task = program.ordered("upscale", image_url="https://example.org/" + quote("a b.jpg"), factor="3")
    assert (task.tool, task.params["factor"]) == ("upscale", 3)
    assert "/api/tasks/visual/upscale" in Client().get("/api/openapi.json").content.decode()
    assert "Enlarging" in Client().get("/api/").content.decode()


def test_the_command_line_has_it(tmp_path: Path, coffee: bytes) -> None:
    (tmp_path / "coffee.jpg").write_bytes(coffee)
    command = [sys.executable, "-m", "editor.engines", "upscale", str(tmp_path / "coffee.jpg"), str(tmp_path)]
    name = waiting.run(command).stdout.strip()
    with Image.open(tmp_path / "coffee.jpg") as before, Image.open(name) as after:
        assert after.size == (2 * before.width, 2 * before.height)
