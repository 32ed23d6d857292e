"""Each way in which a task can fail here, provoked for real, through HTTP; and bodies that mean harm."""

import http.client
import json
import os
import signal
import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image

from editor import wiring
from editor.models import Task
from editor.states import State
from editor.work import pipeline
from tests.conftest import encoded
from tests.support.waiting import PATIENCE, wait_for

from .conftest import VISUAL, Program, Served, png
from .hosts import trickle

COFFEE = skimage.data.coffee()


def picture(pixels: np.ndarray) -> bytes:
    return encoded(pixels, "PNG")


def failed(told: dict[str, Any], state: int) -> None:
    """Check that a task failed as it should, with a sentence and no picture."""
    assert told["status"] == 200
    assert told["data"]["state"] == state, told
    assert told["message"] not in ("", "success")
    assert told["data"]["completed_at"] != "0"
    assert not {"image", "mask", "image_1"} & told["data"].keys()


# -- What is behind an address ---------------------------------------------------------------------------


def test_minus_3_what_cannot_be_fetched(served: Served) -> None:
    served.host.pages["/gone"] = (404, {}, b"")
    served.host.pages["/inside"] = (302, {"Location": "http://169.254.169.254/latest/"}, b"")
    own = served.studio.url.replace("127.0.0.1", "localhost") + "/healthz"
    for address in (f"{served.host.url}/gone", f"{served.host.url}/inside", own, "http://10.0.0.1/lamp.jpg"):
        failed(served.done("segmentation", {"image_url": address}), -3)
    coffee = picture(COFFEE)
    failed(served.done("inpaint", {"mask_url": f"{served.host.url}/gone"}, image_file=coffee), -3)
    failed(served.done("segmentation", {"bg_image_url": f"{served.host.url}/gone"}, image_file=coffee), -3)


def test_minus_5_over_30_mb_behind_an_address(served: Served) -> None:
    served.host.pages["/heavy"] = (200, {"Content-Length": str(31 * 2**20)}, b"")
    failed(served.done("segmentation", {"image_url": f"{served.host.url}/heavy"}), -5)


def test_minus_7_what_is_no_picture(served: Served) -> None:
    served.host.pages["/words"] = (200, {"Content-Type": "image/png"}, b"This is no picture.")
    failed(served.done("segmentation", {"image_url": f"{served.host.url}/words"}), -7)
    failed(served.done("self-face-cutout", image_file=b"This is no picture."), -7)
    damaged = encoded(COFFEE, quality=92)[:9000]
    failed(served.done("segmentation", image_file=damaged), -7)


def test_minus_8_what_takes_too_long(served: Served) -> None:
    served.host.pages["/slow"] = trickle(b"HTTP/1.1 200 OK\r\n\r\n", b"a", 0.2)
    failed(served.done("segmentation", {"image_url": f"{served.host.url}/slow"}), -8)


def test_minus_11_nothing_found(served: Served) -> None:
    failed(served.done("segmentation", image_file=picture(np.zeros((200, 300, 3), np.uint8))), -11)


def test_minus_14_what_does_not_meet_the_requirements(served: Served) -> None:
    coffee = picture(COFFEE)
    wide = picture(np.zeros((10, 4097), np.uint8))
    failed(served.done("segmentation", image_file=wide), -14)
    served.host.pages["/wide"] = (200, {}, wide)
    failed(served.done("segmentation", {"image_url": f"{served.host.url}/wide"}), -14)
    small, most = np.full((40, 60), 255, np.uint8), np.zeros((400, 600), np.uint8)
    most[:, :310] = 255
    for mask in (small, most, np.zeros((400, 600), np.uint8)):
        failed(served.done("inpaint", image_file=coffee, mask_file=picture(mask)), -14)
    outside = '[{"x":5000,"y":5000,"width":10,"height":10}]'
    failed(served.done("inpaint", {"rectangles": outside}, image_file=coffee), -14)


def test_minus_17_words_that_say_nothing(served: Served, product: bytes) -> None:
    fields = {"prompt": "12345 !?…"}
    answer = served.post("background", data=fields, files={"image_file": product})
    task_id = answer.json()["data"]["task_id"]
    failed(served.http.get(f"{VISUAL}background/{task_id}").json(), -17)


def test_minus_7_and_minus_14_what_is_fetched_for_a_scene_and_is_no_product(served: Served) -> None:
    opaque = picture(COFFEE)
    small = png(Image.new("RGBA", (255, 300)))
    for name, content, state in (
        ("/photo.jpg", encoded(COFFEE, quality=92), -7),
        ("/opaque.png", opaque, -14),
        ("/small.png", small, -14),
        ("/empty.png", png(Image.new("RGBA", (300, 300))), -14),
    ):
        served.host.pages[name] = (200, {}, content)
        data = {"image_url": served.host.url + name, "scene_type": "105", "batch_size": "1"}
        task_id = served.post("background", data=data).json()["data"]["task_id"]
        failed(settled(served, f"{VISUAL}background/{task_id}"), state)


# -- What happens to the work ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_work() -> bytes:
    """A photo over which the engine sits for seconds."""
    buffer = BytesIO()
    Image.fromarray(skimage.data.astronaut()).resize((4096, 4096)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def begun(served: Served, photo: bytes) -> str:
    """Order much work, and return its task's id once it is being worked on."""
    box = '[{"x":300,"y":300,"width":2500,"height":2500}]'
    answer = served.post("inpaint", data={"rectangles": box}, files={"image_file": photo})
    task_id: str = answer.json()["data"]["task_id"]
    path = f"{VISUAL}inpaint/{task_id}"
    wait_for(lambda: served.http.get(path).json()["data"]["state"] in (4, 5, 1), "the work's begin")
    return path


def settled(served: Served, path: str) -> dict[str, Any]:
    def told() -> dict[str, Any] | None:
        answer: dict[str, Any] = served.http.get(path).json()
        return answer if answer["data"]["state"] == 1 or answer["data"]["state"] < 0 else None

    return wait_for(told, f"an end of {path}") or {}


def test_minus_1_the_imaging_process_dies(served: Served, long_work: bytes) -> None:
    path = begun(served, long_work)
    for pid in served.studio.processes("spawn_main"):
        os.kill(pid, signal.SIGKILL)
    failed(settled(served, path), -1)


def test_minus_13_somebody_cancels(served: Served, long_work: bytes) -> None:
    path = begun(served, long_work)
    page = served.studio.client(served.email, served.password)
    task_id = path.rpartition("/")[2]
    page.post(f"/editor/tasks/{task_id}/cancel/")
    failed(settled(served, path), -13)


def test_minus_2_the_result_cannot_be_archived(served: Served) -> None:
    results = served.studio.data / "media/results"
    aside = results.with_name("aside")
    served.done("segmentation", image_file=picture(COFFEE))  # so that there is such a folder
    results.rename(aside)
    results.write_text("A file in the folder's place.")
    try:
        failed(served.done("segmentation", image_file=picture(COFFEE)), -2)
    finally:
        results.unlink()
        aside.rename(results)


def test_minus_15_what_the_work_needs_is_not_there(
    alice_program: Program, coffee: bytes, settings: Any, tmp_path: Path
) -> None:
    settings.WEIGHTS_DIR = tmp_path / "none"
    wiring.get_engine.cache_clear()
    try:
        answer = alice_program.post("segmentation", {"image_file": BytesIO(coffee)})
        pipeline.perform(Task.objects.get().pk)
    finally:
        wiring.get_engine("local", "quick").close()
        wiring.get_engine.cache_clear()
    told = alice_program.get(f"segmentation/{answer.json()['data']['task_id']}").json()
    failed(told, State.NO_RESOURCES)


# -- Bodies that mean harm -----------------------------------------------------------------------------------


def connection(served: Served, path: str, length: int) -> http.client.HTTPConnection:
    """Begin a POST that announces so many bytes."""
    opened = http.client.HTTPConnection("127.0.0.1", served.studio.port, timeout=PATIENCE)
    opened.putrequest("POST", path)
    opened.putheader("X-API-KEY", served.key)
    opened.putheader("Content-Type", "multipart/form-data; boundary=b")
    opened.putheader("Content-Length", str(length))
    opened.endheaders()
    return opened


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [(f"{VISUAL}segmentation", 413, {"status": 413}), ("/v1/remove", 400, {"code": "image_too_large"})],
)
def test_a_body_of_2_gb_is_cut_off(served: Served, path: str, status: int, told: dict[str, Any]) -> None:
    opened = connection(served, path, 2 * 10**9)
    sent = 0
    try:
        while sent < 2 * 10**9:
            opened.send(bytes(2**20))
            sent += 2**20
    except OSError:
        pass  # it was cut off, as it should be
    assert sent < 2**28
    opened.close()
    # Whoever looks at the answer before sending everything finds it.
    opened = connection(served, path, 2 * 10**9)
    answer = opened.getresponse()
    assert answer.status == status
    assert told.items() <= json.loads(answer.read()).items()
    opened.close()


def test_a_client_that_sends_all_before_it_reads_finds_the_refusal(served: Served) -> None:
    answer = served.post("segmentation", files={"image_file": bytes(30 * 2**20)})
    assert answer.status_code == answer.json()["status"] == 413


def test_a_lying_length_a_stalled_upload_and_half_a_head_are_cut_off(served: Served) -> None:
    path = f"{VISUAL}segmentation"
    with socket.create_connection(("127.0.0.1", served.studio.port), timeout=PATIENCE) as raw:
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nX-API-KEY: {served.key}\r\n"
        raw.sendall(f"{head}Content-Length: 5000\r\n\r\n--b".encode())
        assert b" 408 " in raw.recv(4096)
    with socket.create_connection(("127.0.0.1", served.studio.port), timeout=PATIENCE) as raw:
        raw.sendall(f"{head}Content-Length: -1\r\n\r\n".encode())
        assert b" 400 " in raw.recv(4096)
    with socket.create_connection(("127.0.0.1", served.studio.port), timeout=PATIENCE) as raw:
        raw.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"100000\r\n" + bytes(2**20) + b"\r\n"
        answer = b""
        try:
            for _ in range(200):
                raw.sendall(chunk)
        except OSError:
            answer = b" cut off"
        answer = answer or raw.recv(4096)
        assert b" 413 " in answer or b"cut off" in answer
    with socket.create_connection(("127.0.0.1", served.studio.port), timeout=PATIENCE) as raw:
        raw.sendall(b"GET /v1/me HTTP/1.1\r\nHost: a\r\nX-More: ")
        assert b" 408 " in raw.recv(4096)
    assert served.http.get("/v1/me").status_code == 200


def test_who_leaves_does_not_pay_for_a_picture_that_nobody_gets(served: Served, long_work: bytes) -> None:
    """The one call's caller hangs up: its task is cancelled."""
    boundary = b'--b\r\nContent-Disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\n'
    body = boundary + long_work + b"\r\n--b--\r\n"
    opened = connection(served, "/v1/remove", len(body))
    sql = "SELECT state FROM editor_task ORDER BY created_at DESC LIMIT 1"
    before = served.studio.rows("SELECT count(*) FROM editor_task")[0][0]
    opened.send(body)
    count = "SELECT count(*) FROM editor_task"
    wait_for(lambda: served.studio.rows(count)[0][0] > before, "a task")
    opened.close()
    state = lambda: served.studio.rows(sql)[0][0]  # noqa: E731
    wait_for(lambda: state() == State.CANCELLED, lambda: f"a cancelled task, not {State(state())!r}")
