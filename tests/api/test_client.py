"""The typed client: against a studio, and against services that answer otherwise than they say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from editor.providers.client import BadAnswer, Client, ClientError, Declined, NotInTime, Unreached, calls
from tests.conftest import encoded

from .conftest import Served

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer) -> Client:
    return Client("https://service.example/", "key", transport=httpx.MockTransport(answer))


def saying(**fields: Any) -> Answer:
    return lambda request: httpx.Response(200, json=fields)


TASK = {"status": 200, "message": "success", "data": {"task_id": "a", "state": 1, "image": "https://x/y"}}


def test_it_does_all_that_a_studio_can(served: Served, coffee: bytes, tmp_path: Path) -> None:
    path = tmp_path / "coffee.jpg"
    path.write_bytes(coffee)
    with Client(served.studio.url, served.key) as studio:
        task = studio.segmentation(path, wait=True, output_type=1, crop=True)
        assert task.is_done
        assert task.images.keys() == {"image", "mask"}
        assert studio.download(task.image).startswith(b"\x89PNG")
        boxes = '[{"x": 10, "y": 10, "width": 40, "height": 40}]'
        created = studio.inpaint(coffee, rectangles=boxes)
        assert not created.has_ended
        task = studio.wait("inpaint", created.task_id)
        assert task.completed_at is not None
        assert task.created_at is not None
        assert task.completed_at >= task.created_at
        failed = studio.segmentation("http://10.0.0.1/lamp.jpg", wait=True)
        assert (failed.state, failed.has_failed) == (-3, True)
        with pytest.raises(BadAnswer):
            _ = failed.image
        picture = studio.remove(path, format="webp", size="preview", crop=True)
        assert picture.content_type == "image/webp"
        assert picture.width is not None
        assert picture.height is not None
        assert max(picture.width, picture.height) == 256
        assert picture.milliseconds is not None
        framed = studio.remove(path, crop="1:1", padding="5%", width=120, height=80, fit="contain")
        assert (framed.width, framed.height) == (120, 80)
        assert framed.confidence is None or 0 <= framed.confidence <= 1
        assert studio.me().used_credits > 0
        assert 105 in {scene.scene_type for scene in studio.scenes()}
        with pytest.raises(Declined) as declined:
            studio.face_cutout(b"", wait=True)
        assert (declined.value.status, declined.value.retry_helps) == (400, False)
        assert "image_file" in declined.value.sentence
    with Client(served.studio.url, "wrong") as stranger, pytest.raises(Declined) as declined:
        stranger.remove(path)
    assert (declined.value.status, declined.value.code) == (401, "authentication_error")


def test_it_sends_what_was_given_and_nothing_else() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=TASK)

    with client(answer) as service:
        service.segmentation("https://x/lamp.jpg", crop=False)
        service.background("https://x/lamp.png", scene_type=105)
    assert [request.url.path for request in sent] == [
        "/api/tasks/visual/segmentation",
        "/api/tasks/visual/background",
    ]
    assert sent[0].headers["X-API-KEY"] == "key"
    assert sent[0].content == b"sync=0&crop=0&image_url=https%3A%2F%2Fx%2Flamp.jpg"
    assert sent[1].content == b"scene_type=105&image_url=https%3A%2F%2Fx%2Flamp.png"


def test_answers_as_they_come_in_the_wild_are_understood() -> None:
    data = {
        "task_id": "a",
        "state": 1,
        "progress": "100",
        "created_at": 1700000000,
        "completed_at": "1700000002",
        "processed_at": 0,
        "time_elapsed": 2.4,
        "state_detail": "Complete",
        "image_1": "https://x/1",
        "image_2": "",
        "foreground_rect": {"x": 0},
    }
    with client(saying(status=200, message="success", data=data)) as service:
        task = service.query("background", "a")
    assert (task.progress, task.created_at, task.processed_at, task.completed_at) == (
        100,
        1700000000,
        None,
        1700000002,
    )
    assert (task.time_elapsed, task.state_detail, task.image) == (2.4, "Complete", "https://x/1")
    assert task.images.keys() == {"image_1"}


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: httpx.Response(200, text="<html>down for repairs</html>"),
        lambda request: httpx.Response(200, text='{"status": 200, "data"'),
        lambda request: httpx.Response(200, json=[]),
        saying(message="success"),
        saying(data=[]),
        saying(data={"state": 1}),
        saying(data={"task_id": 5}),
        saying(data={"task_id": "a", "state": "done"}),
        saying(data={"task_id": "a", "state": None}),
    ],
)
def test_what_is_not_the_contract_s_is_a_bad_answer(answer: Answer) -> None:
    with client(answer) as service, pytest.raises(BadAnswer):
        service.query("segmentation", "a")


@pytest.mark.parametrize(
    ("status", "retry_helps"),
    [(400, False), (401, False), (413, False), (429, True), (500, True), (503, True)],
)
def test_a_refusal_says_whether_a_retry_helps(status: int, retry_helps: bool) -> None:
    answer = httpx.Response(status, json={"status": status, "message": "No."}, headers={"Retry-After": "3"})
    with client(lambda request: answer) as service, pytest.raises(Declined) as declined:
        service.segmentation(b"lamp")
    told = declined.value
    assert (told.status, told.sentence, told.retry_after, told.retry_helps) == (
        status,
        "No.",
        3.0,
        retry_helps,
    )


def test_a_refusal_under_http_200_is_one() -> None:
    answer = saying(status=401, message="No.")
    with client(answer) as service, pytest.raises(Declined) as declined:
        service.scenes()
    assert declined.value.status == 401


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_nobody_there_is_said_so_whatever_httpx_calls_it(error: type[httpx.TransportError]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("away")

    with client(answer) as service, pytest.raises(Unreached) as unreached:
        service.me()
    assert unreached.value.retry_helps


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "POLL_EVERY", 0.01)
    states = iter([0, 2, 4, 1])

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={**TASK, "data": {"task_id": "a", "state": next(states, 4)}})

    with client(answer) as service:
        assert service.wait("segmentation", "a").is_done
        with pytest.raises(NotInTime) as late:
            service.wait("segmentation", "a", seconds=0.05)
    assert late.value.task.state == 4
    assert isinstance(late.value, ClientError)


def test_one_call_must_bring_a_picture() -> None:
    with client(saying(result_url="https://x/y")) as service, pytest.raises(BadAnswer):
        service.remove(b"lamp")


def test_pictures_of_every_source_are_sent() -> None:
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.read())
        return httpx.Response(200, content=b"", headers={"Content-Type": "image/png"})

    content = encoded(np.zeros((4, 4, 3), np.uint8), "PNG")
    with client(answer) as service:
        service.remove(content, crop=True)
    assert content in sent[0]
    assert b'name="crop"\r\n\r\ntrue' in sent[0]
