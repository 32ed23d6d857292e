"""A second studio as the service: the first hands its tasks over to it, by real HTTP, in real processes."""

import os
import re
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import skimage.data
from PIL import Image

from editor.providers.client import Client
from editor.states import UNDER_WAY
from tests.conftest import encoded
from tests.support.waiting import wait_for

from .installation import Studio
from .outages import locked

WORKER = "manage.py worker"
CACHE = "cache"  # what is compiled for one studio is compiled for another


@pytest.fixture(scope="module")
def shop(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The studio that people see; the other does its work. Who cuts out is for its admin to say."""
    studio.add_person("shop@example.com")
    key = studio.manage("createkey", "shop@example.com", "--qps", "100").split()[-1]
    ways = {f"PROVIDER_{tool}": "picwish" for tool in ("HEAD", "ERASE", "SCENE")}
    reached = {"PICWISH_URL": studio.url, "PICWISH_KEY": key, "PICWISH_HEEDS_IDEMPOTENCY_KEYS": "true"}
    data = tmp_path_factory.mktemp("shop")
    (data / CACHE).symlink_to(studio.data / CACHE)
    running = Studio(data, settings={**ways, **reached, "PROVIDER_RATE": "20"})
    running.start()
    yield running
    assert running.stop() == 0
    assert key not in running.log.read_text()


@pytest.fixture(scope="module")
def admin(shop: Studio) -> httpx.Client:
    email, password = (shop.data / "first-account").read_text().split()
    return shop.client(email, password)


@pytest.fixture(scope="module")
def program(shop: Studio) -> Iterator[Client]:
    """A program that knows nothing of a second studio."""
    shop.add_person("dora@example.com")
    key = shop.manage("createkey", "dora@example.com", "--qps", "100").split()[-1]
    with Client(shop.url, key) as client:
        yield client


def cutouts_by(admin: httpx.Client, way: str) -> None:
    """Say at the desk who carries cutouts out."""
    page = admin.get("/admin/editor/route/")
    fields = dict(re.findall(r'<input type="hidden" name="(form[^"]*)" value="([^"]*)"', page.text))
    place = next(name for name, tool in fields.items() if tool == "cutout").removesuffix("-tool")
    ways = {f"{place}-way": way}
    answer = admin.post("/admin/editor/route/", data={**fields, **ways, "_save": "Save"})
    assert answer.status_code == 200
    assert "errornote" not in answer.text


def newest(shop: Studio) -> tuple[Any, ...]:
    """State, provider and message of the newest task."""
    (row,) = shop.rows("SELECT state, provider, message FROM editor_task ORDER BY created_at DESC LIMIT 1")
    return row


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_cutout_ordered_on_the_page_is_made_elsewhere_and_ends_in_the_gallery(
    shop: Studio, studio: Studio, admin: httpx.Client, coffee: bytes
) -> None:
    cutouts_by(admin, "picwish")
    photo = {"photo": ("cup.jpg", coffee, "image/jpeg")}
    data = {"tool": "cutout"}
    headers = {"X-Requested-With": "fetch"}
    assert admin.post("/editor/photos/", files=photo, data=data, headers=headers).status_code == 201
    wait_for(lambda: newest(shop)[0] not in UNDER_WAY, "the cutout")
    assert newest(shop) == (1, "picwish", "")
    assert newest(studio)[:2] == (1, "local")
    assert "cup.jpg" in admin.get("/gallery/").text
    (name,) = shop.rows("SELECT file FROM editor_result ORDER BY created_at DESC LIMIT 1")[0]
    assert opened((shop.data / "media" / name).read_bytes()).mode == "RGBA"


def test_a_head_and_something_erased_through_both_studios(
    shop: Studio, studio: Studio, program: Client
) -> None:
    astronaut = encoded(skimage.data.astronaut())
    head = program.wait("self-face-cutout", program.face_cutout(astronaut).task_id)
    assert (newest(shop)[:2], newest(studio)[:2]) == ((1, "picwish"), (1, "local"))
    assert opened(program.download(head.image)).mode == "RGBA"

    boxes = '[{"x": 20, "y": 20, "width": 40, "height": 40}]'
    erased = program.wait("inpaint", program.inpaint(astronaut, rectangles=boxes).task_id)
    assert (newest(shop)[:2], newest(studio)[:2]) == ((1, "picwish"), (1, "local"))
    assert opened(program.download(erased.image)).size == (512, 512)


def test_a_product_in_a_scene_through_both_studios(shop: Studio, studio: Studio, program: Client) -> None:
    product = Image.new("RGBA", (300, 300))
    product.paste((180, 40, 30, 255), (100, 60, 200, 280))
    buffer = BytesIO()
    product.save(buffer, "PNG")
    scene = program.wait(
        "background", program.background(buffer.getvalue(), scene_type=105, batch_size=1).task_id
    )
    assert (newest(shop)[:2], newest(studio)[:2]) == ((1, "picwish"), (1, "local"))
    assert max(opened(program.download(scene.image)).size) == 256


def test_the_one_call_through_both_studios_with_a_key_set_at_the_desk(
    shop: Studio, studio: Studio, admin: httpx.Client, program: Client, coffee: bytes
) -> None:
    key = studio.manage("createkey", "shop@example.com").split()[-1]
    address = "/admin/editor/provider/removebackground/change/"
    given = {"base_url": studio.url, "new_key": key, "enabled": "on", "_save": "Save"}
    admin.get(address)
    answer = admin.post(address, data=given)
    assert "errornote" not in answer.text
    cutouts_by(admin, "removebackground")

    picture = program.remove(coffee)

    assert newest(shop)[:2] == (1, "removebackground")
    assert (picture.width, picture.height) == (600, 400)
    # The key is nowhere: not on the desk's pages, nor in the database, nor in the log of what was done.
    assert key not in admin.get(address).text + admin.get("/admin/accounts/auditentry/").text
    kept = list(shop.data.glob("studio.sqlite3*"))
    assert kept
    assert all(key.encode() not in path.read_bytes() for path in kept)


def test_workers_killed_between_handing_over_and_fetching_lose_and_double_nothing(
    shop: Studio, studio: Studio, admin: httpx.Client, coffee: bytes
) -> None:
    cutouts_by(admin, "picwish")
    (before,) = studio.rows("SELECT count(*) FROM editor_task")[0]
    # The service takes orders, and does not begin with them yet. Stopped while it had the database's lock,
    # its worker would keep that: so we have it.
    stopped = studio.processes(f"{WORKER} --queue quick")
    with locked(studio):
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        wait_for(lambda: all(" T " in Path(f"/proc/{pid}/stat").read_text() for pid in stopped), "their stop")
    try:
        for number in range(3):
            admin.post(
                "/editor/photos/",
                files={"photo": (f"killed-{number}.jpg", coffee, "image/jpeg")},
                data={"tool": "cutout"},
                headers={"X-Requested-With": "fetch"},
            )
        taken = "SELECT 1 FROM editor_remotecall c JOIN editor_task t ON t.id = c.task_id "
        taken += "WHERE t.state > 1 AND c.remote_id != '' LIMIT 1"
        wait_for(lambda: shop.rows(taken), "an order taken")
        for _ in range(2):
            killed = shop.processes(WORKER)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            wait_for(lambda gone=killed: len(set(shop.processes(WORKER)) - set(gone)) == 2, "new workers")
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    ended = "SELECT t.state, count(r.id) FROM editor_task t JOIN editor_photo p ON p.id = t.photo_id "
    ended += "LEFT JOIN editor_result r ON r.task_id = t.id WHERE p.name LIKE 'killed-%' GROUP BY t.id"
    wait_for(lambda: shop.rows(ended) == [(1, 1)] * 3, lambda: f"three cutouts, not {shop.rows(ended)}")
    assert studio.rows("SELECT count(*) FROM editor_task")[0][0] - before == 3
