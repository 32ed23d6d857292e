"""What programs are told: the documents' fields, in the documents' types, quirks included."""

import asyncio
import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts import ledger
from accounts.models import User
from editor.api import long_poll
from editor.api.poll_fast_path import PollFastPath
from editor.models import Photo, Result, Scene, Task
from editor.states import State
from editor.tasks import settlement
from editor.work import maintenance
from tests.conftest import bomb
from tests.editor.files.files_out import get, whole
from web.asgi import App

from .conftest import VISUAL, Program, png

URL = "https://pictures.example/lamp.jpg"
End = Callable[..., list[Result]]


def upload(content: bytes, name: str = "lamp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_order_is_answered_with_its_task_and_nothing_else(alice_program: Program) -> None:
    answer = alice_program.post("segmentation", {"image_url": URL})
    task = Task.objects.get()
    assert answer.json() == {"status": 200, "message": "success", "data": {"task_id": str(task.pk)}}
    assert answer["Cache-Control"] == "no-store"
    assert (task.photo.url, task.photo.on_desk, bool(task.photo.file)) == (URL, False, False)


def test_a_form_of_either_kind_and_json_order_the_same(alice_program: Program) -> None:
    fields = {"image_url": URL, "crop": 1, "format": "jpg", "bg_color": "81d4fa"}
    form = {name: str(value) for name, value in fields.items()}
    alice_program.post("segmentation", form)
    encoded = "&".join(f"{name}={value}" for name, value in form.items())
    alice_program.post("segmentation/", encoded, content_type="application/x-www-form-urlencoded")
    alice_program.post("segmentation", fields, content_type="application/json")
    params = [task.params for task in Task.objects.all()]
    assert params == [params[0]] * 3
    assert params[0]["crop"] is True
    assert (params[0]["format"], params[0]["background"]) == ("jpg", "#81d4fa")


def test_what_the_documents_leave_out_has_their_defaults(alice_program: Program) -> None:
    params = alice_program.ordered(image_url=URL, sync="", type="", format="", crop="").params
    assert (params["format"], params["outputs"], params["crop"], params["background"]) == (
        "png",
        "image",
        False,
        None,
    )
    assert alice_program.ordered("self-face-cutout", image_url=URL).params["outputs"] == "both"


def test_a_colour_counts_with_jpg_alone(alice_program: Program) -> None:
    assert alice_program.ordered(image_url=URL, bg_color="81d4fa").params["background"] is None


def test_a_task_waits_then_is_done(alice_program: Program, done: End) -> None:
    task = alice_program.ordered(image_url=URL, output_type="1")
    data = alice_program.get(f"segmentation/{task.pk}").json()["data"]
    assert data == {
        "task_id": str(task.pk),
        "created_at": str(int(task.created_at.timestamp())),
        "processed_at": "0",
        "completed_at": "0",
        "time_elapsed": 0,
        "progress": 0,
        "state": 0,
        "state_detail": "Processing",
        "return_type": 1,
        "image_width": 0,
        "image_height": 0,
    }
    picture, mask = done(task, {}, {"kind": "mask"})
    told = alice_program.get(f"segmentation/{task.pk}").json()
    assert (told["status"], told["message"]) == (200, "success")
    data = told["data"]
    assert (data["state"], data["progress"]) == (1, 100)
    assert data["completed_at"] == str(int(task.completed_at.timestamp()))  # type: ignore[union-attr]
    for name, result in (("image", picture), ("mask", mask)):
        address = data[name]
        assert address.startswith("http://127.0.0.1:8000/results/signed/")
        answer, body = get(None, address.removeprefix("http://127.0.0.1:8000"))
        with default_storage.open(str(result.file)) as file:
            assert (answer.status_code, body) == (200, file.read())


def test_scenes_have_numbered_pictures(alice_program: Program, done: End, product: bytes) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})
    task = alice_program.ordered("background", image_file=upload(product, "lamp.png"), scene_type="105")
    assert (task.params["scene"], task.params["takes"], task.params["size"], task.params["format"]) == (
        105,
        2,
        1024,
        "jpg",
    )
    done(task, {}, {})
    data = alice_program.get(f"background/{task.pk}").json()["data"]
    assert data["image_1"].startswith("http")
    assert data["image_2"].startswith("http")
    assert data["image_1"] != data["image_2"]
    assert "image" not in data


def test_the_scenes_on_offer_are_listed(alice_program: Program) -> None:
    Scene.objects.all().delete()
    Scene.objects.create(number=105, name="Plinth", category="Podium")
    Scene.objects.create(number=106, name="Beach", category="Beach", enabled=False)
    told = alice_program.get("background/scenes").json()
    assert (told["status"], told["message"]) == (200, "success")
    (scene,) = told["data"]["scenes"]
    thumbnail = scene.pop("thumbnail")
    assert scene == {"scene_type": 105, "name": "Plinth", "category": "Podium"}
    assert thumbnail.startswith("http://127.0.0.1:8000/static/")


def test_a_face_cutout_says_what_kind_of_picture_it_gives(alice_program: Program, done: End) -> None:
    task = alice_program.ordered("self-face-cutout", image_url=URL, output_format="jpg", crop="1")
    assert (task.params["crop"], task.params["format"]) == (True, "jpg")
    done(task, {}, {"kind": "mask"})
    data = alice_program.get(f"self-face-cutout/{task.pk}").json()["data"]
    assert data["output_type"] == 1
    assert {"image", "mask"} <= data.keys()


def test_base64_gives_the_file_itself_however_it_is_asked_for(alice_program: Program, done: End) -> None:
    box = '[{"x":"1","y":1,"width":9.5,"height":9}]'
    task = alice_program.ordered("inpaint", image_url=URL, rectangles=box, return_type="2")
    assert task.params["rectangles"] == [{"x": 1, "y": 1, "width": 10, "height": 9}]
    (result,) = done(task)
    data = alice_program.get(f"inpaint/{task.pk}").json()["data"]
    with default_storage.open(str(result.file)) as file:
        assert base64.b64decode(data["image"], validate=True) == file.read()


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"no picture", -7), (b"GIF89a" + bytes(50), -7), (bomb(), -14)],
    ids=["words", "gif", "400 megapixels"],
)
def test_what_is_no_picture_is_a_task_that_failed_under_http_200(
    alice: User, alice_program: Program, content: bytes, state: int
) -> None:
    before = ledger.get_balance(alice)
    for fields in (
        {"image_file": upload(content), "sync": "1"},
        {"image_url": URL, "bg_image_file": upload(content), "sync": "1"},
    ):
        answer = alice_program.post("segmentation", fields)
        told = answer.json()
        assert (answer.status_code, told["status"], told["data"]["state"]) == (200, 200, state)
        assert told["message"] != "success"
        assert "image" not in told["data"]
    assert ledger.get_balance(alice) == before


def test_a_product_for_a_scene_is_a_transparent_png_of_256_pixels_at_least(
    alice_program: Program, product: bytes, coffee: bytes
) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})

    def state_of(content: bytes, **fields: str) -> int:
        task = alice_program.ordered("background", image_file=upload(content, "lamp.png"), **fields)
        return task.state

    assert state_of(product, scene_type="105") == State.QUEUED
    assert state_of(coffee, scene_type="105") == State.NOT_A_PICTURE
    assert state_of(png(Image.new("RGBA", (300, 255))), scene_type="105") == State.UNSUITABLE
    assert state_of(png(Image.new("RGB", (300, 300))), scene_type="105") == State.UNSUITABLE
    assert state_of(product, prompt="12345 !?…") == State.BAD_PROMPT
    assert state_of(product, prompt="tlhIngan Hol Dajatlh'a'") == State.QUEUED
    assert state_of(product, prompt="a white marble table") == State.QUEUED


def test_a_failed_task_says_why_and_when(alice_program: Program) -> None:
    task = alice_program.ordered(image_url=URL)
    settlement.end(Task.objects.filter(pk=task.pk), State.NOT_FETCHED, message="The server is away.")
    told = alice_program.get(f"segmentation/{task.pk}").json()
    assert (told["status"], told["message"], told["data"]["state"]) == (200, "The server is away.", -3)


def test_a_task_is_gone_an_hour_after_it_ended_with_all_its_files(
    alice_program: Program,
    done: End,
    media: Callable[[], list[str]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    task = alice_program.ordered(image_url=URL)
    done(task)
    path = f"segmentation/{task.pk}"
    address = alice_program.get(path).json()["data"]["image"].removeprefix("http://127.0.0.1:8000")
    Task.objects.filter(pk=task.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert alice_program.get(path).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        maintenance.remove_expired()
    assert alice_program.get(path).status_code == 404
    assert get(None, address)[0].status_code == 404
    assert media() == []
    assert not Photo.objects.exists()


# -- Waiting ------------------------------------------------------------------------------------------


def waited_for(
    program: Program,
    endpoint: str,
    fields: dict[str, Any],
    end: Callable[[Task], object],
    headers: dict[str, str] | None = None,
) -> Any:
    """Send an order that waits, end its task a moment later, and return the answer with its body."""

    async def sent() -> Any:
        path = endpoint if endpoint.startswith("/") else VISUAL + endpoint
        sent = {"X-API-KEY": program.secret, **(headers or {})}
        call = asyncio.ensure_future(AsyncClient().post(path, fields, headers=sent))
        while not await Task.objects.aexists():  # noqa: ASYNC110 - the row is what there is to see
            await asyncio.sleep(0.02)
        await sync_to_async(lambda: end(Task.objects.get()))()
        response = await call
        return response, await whole(response)

    return async_to_sync(sent)()


def test_waiting_is_answered_when_the_task_ends(alice_program: Program, done: End) -> None:
    response, _ = waited_for(alice_program, "segmentation", {"image_url": URL, "sync": "1"}, done)
    data = response.json()["data"]
    assert data["state"] == 1
    assert data["image"].startswith("http")


def test_the_answer_is_the_picture_itself_where_that_is_asked(alice_program: Program, done: End) -> None:
    fields = {"image_url": URL, "sync": "1", "return_type": "3"}
    response, body = waited_for(alice_program, "segmentation", fields, done)
    assert response["Content-Type"] == "image/png"
    assert body.startswith(b"\x89PNG")
    assert len(body) == int(response["Content-Length"])


def test_the_one_call_answers_with_the_picture_and_tells_of_it_in_headers(
    alice_program: Program, done: End, coffee: bytes
) -> None:
    def end(task: Task) -> None:
        Task.objects.filter(pk=task.pk).update(processed_at=timezone.now() - timedelta(seconds=2))
        done(task)

    fields = {"image_file": upload(coffee), "channels": "rgb", "bg_color": "rgb(0, 128, 255)", "crop": "true"}
    response, body = waited_for(alice_program, "/v1/remove", fields, end)
    assert response.status_code == 200
    assert body.startswith(b"\x89PNG")
    assert (response["X-Image-Width"], response["X-Image-Height"]) == ("60", "40")
    assert 2000 <= int(response["X-Processing-Time-Ms"]) < 3000
    assert response["X-Request-ID"]
    params = Task.objects.get().params
    assert params["finish"]["background"] == "#0080ff"
    assert params["finish"]["canvas"] == "content"


def test_the_one_call_tells_a_picture_s_fault_from_ours(alice_program: Program, coffee: bytes) -> None:
    for state, status, code in (
        (State.NOTHING_FOUND, 400, "validation_error"),
        (State.NOT_A_PICTURE, 422, "invalid_image"),
        (State.OVER_URL_LIMIT, 400, "image_too_large"),
        (State.NO_RESOURCES, 500, "processing_failed"),
    ):
        Task.objects.all().delete()

        def end(task: Task, state: State = state) -> None:
            settlement.end(Task.objects.filter(pk=task.pk), state)

        response, _ = waited_for(alice_program, "/v1/remove", {"image_file": upload(coffee)}, end)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.json()["message"] == state.sentence


def test_all_who_wait_cost_one_look_at_a_time(alice_program: Program) -> None:
    tasks = [alice_program.ordered(image_url=URL) for _ in range(5)]

    async def wait_together() -> list[bool]:
        waiters = long_poll.Waiters()
        calls = [asyncio.ensure_future(waiters.settled(task.pk, 20)) for task in tasks for _ in range(40)]
        await asyncio.sleep(0.15)
        await Task.objects.filter(pk=tasks[0].pk).aupdate(state=State.DONE)
        await asyncio.sleep(0.25)
        assert sum(call.done() for call in calls) == 40
        calls[-1].cancel()
        await Task.objects.aupdate(state=State.FAILED)
        ended = await asyncio.gather(*calls[:-1])
        assert waiters.waiting == {}
        return ended

    with CaptureQueriesContext(connection) as queries:
        assert all(async_to_sync(wait_together)())
    looks = [query for query in queries if query["sql"].startswith("SELECT")]
    assert len(looks) < 30


# -- The short way of polls ------------------------------------------------------------------------------


def test_the_short_way_answers_as_the_view_does(alice_program: Program) -> None:
    task = alice_program.ordered(image_url=URL)
    passed_on: list[str] = []

    async def django(scope: Any, receive: Any, send: Any) -> None:
        passed_on.append(scope["path"])

    def polled(lane: App, path: str, method: str = "GET", key: str = alice_program.secret) -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "scheme": "http"}
        headers = [(b"x-api-key", key.encode())]

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        async_to_sync(lane)({**scope, "headers": headers}, receive, send)
        return sent

    lane = PollFastPath(django, https_alone=False)
    path = f"{VISUAL}segmentation/{task.pk}"
    start, body = polled(lane, path)
    view = alice_program.get(path)
    assert (start["status"], body["body"]) == (200, view.content)
    assert dict(start["headers"])[b"Content-Type"] == b"application/json"
    assert polled(lane, path, key="wrong")[0]["status"] == 401
    assert passed_on == []
    polled(lane, path, "POST")
    polled(lane, f"{VISUAL}background/scenes")
    polled(PollFastPath(django, https_alone=True), path)
    assert passed_on == [path, f"{VISUAL}background/scenes", path]
