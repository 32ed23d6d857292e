"""Programs that call: Alice's has a key with no pace to speak of, Bob's and Charlie's have theirs."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from PIL import Image

from accounts.models import ApiKey, User
from editor.api import long_poll
from editor.api.access import gcra, rate_limit
from editor.models import Result, Task
from editor.states import State
from editor.tasks import settlement
from editor.tools import Tool
from tests.editor.files.files_out import ask, result_of
from tests.end_to_end.installation import Studio
from tests.support.waiting import PATIENCE

from .hosts import Host

HERE = Path(__file__).parent
VISUAL = "/api/tasks/visual/"


class Program:
    """A program with a key. Answers come as (response, whole body)."""

    def __init__(self, owner: User, per_second: int | None = 1000) -> None:
        self.owner = owner
        self.key, self.secret = ApiKey.make(owner, "program", per_second)

    def ask(self, method: str, path: str, data: Any = None, **options: Any) -> tuple[Any, bytes]:
        headers = {"X-API-KEY": self.secret} | options.pop("headers", {})
        return ask(None, method, path, data, headers=headers, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> Any:
        return self.ask("post", path if path.startswith("/") else VISUAL + path, data, **options)[0]

    def get(self, path: str, **options: Any) -> Any:
        return self.ask("get", path if path.startswith("/") else VISUAL + path, **options)[0]

    def ordered(self, endpoint: str = "segmentation", **fields: Any) -> Task:
        """Place an order and return its task."""
        answer = self.post(endpoint, fields)
        assert answer.status_code == 200, answer.content
        return Task.objects.get(pk=answer.json()["data"]["task_id"])


@pytest.fixture(autouse=True)
def counted_anew() -> None:
    """The calls of one test are not counted in the next."""
    gcra.get_bucket.cache_clear()
    rate_limit._paces.clear()


@pytest.fixture
def alice_program(alice: User) -> Program:
    return Program(alice)


@pytest.fixture
def bob_program(bob: User) -> Program:
    return Program(bob)


@pytest.fixture
def product() -> bytes:
    """A red block on nothing, 300 × 300, as PNG: what a scene asks for."""
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste((200, 30, 30, 255), (80, 60, 220, 260))
    return png(picture)


def png(picture: Image.Image, format: str = "PNG") -> bytes:
    buffer = BytesIO()
    picture.save(buffer, format)
    return buffer.getvalue()


@pytest.fixture
def done() -> Callable[..., list[Result]]:
    """Returns a function that ends a task well, with the results that are named."""
    from editor.states import State
    from editor.tasks import settlement

    def end(task: Task, *results: dict[str, Any]) -> list[Result]:
        made: list[Result] = []
        # The last first: each is made as number 1, and then moved up.
        for number, facts in reversed(list(enumerate(results or [{}], 1))):
            asked = task.params.get("finish", task.params)
            format = asked.get("format", "png")
            result = result_of(task.photo, task=task, tool=task.tool, format=format, **facts)
            if task.tool == Tool.SCENE:
                Result.objects.filter(pk=result.pk).update(number=number)
            made.insert(0, result)
        settlement.end(Task.objects.filter(pk=task.pk), State.DONE, progress=100)
        task.refresh_from_db()
        return made

    return end


# -- A whole studio ---------------------------------------------------------------------------------


class Served:
    """A studio as `make run` starts it, with somebody else's server beside it, and a key to call with."""

    def __init__(self, studio: Studio, host: Host) -> None:
        self.studio, self.host = studio, host
        self.email = "alice@example.com"
        self.password = studio.add_person(self.email)
        studio.manage("grant", self.email, "100000")
        self.key = studio.manage("createkey", self.email, "--qps", "1000").split()[-1]
        self.http = httpx.Client(base_url=studio.url, headers={"X-API-KEY": self.key}, timeout=PATIENCE)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.http.post(path if path.startswith("/") else VISUAL + path, **options)

    def done(self, endpoint: str, data: dict[str, str] | None = None, **files: bytes) -> dict[str, Any]:
        """Place an order that waits, and return all that it was answered."""
        answer = self.post(endpoint, data={"sync": "1", **(data or {})}, files=files or None)
        assert answer.status_code == 200, answer.text
        return answer.json()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that ask a whole studio come last: it runs no longer than it must."""
    here = [place for place, item in enumerate(items) if item.path.parent == HERE]
    ordered = sorted((items[place] for place in here), key=lambda item: "served" in item.fixturenames)  # type: ignore[attr-defined]
    for place, item in zip(here, ordered, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Host() as host:
        settings = {"FETCH_ALLOW": host.place, "FETCH_SECONDS": "3", "BODY_IDLE_TIMEOUT": "2"}
        settings["HEAD_TIMEOUT"] = "6"  # longer than a connection is kept that was used before
        # Renders stand back for all else: where tests share a machine they may take minutes.
        settings["RENDER_DEADLINE"] = "1500"
        # What a scene shows is for others to look at: half of the time of those.
        settings["SCENE_SIDE"] = "128"
        studio = Studio(tmp_path_factory.mktemp("api"), settings=settings)
        studio.start()
        running = Served(studio, host)
        yield running
        running.http.close()
        assert studio.stop() == 0


@pytest.fixture
def no_patience(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a task gives up at once: it is looked at before anything has become of it."""
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Returns a function that says how orders will end: with a picture, or in a state."""

    def end_so(state: State = State.DONE, sentence: str = "", **facts: Any) -> None:
        def end(task: Task) -> None:
            if state is State.DONE:
                kind = Result.Kind.MASK if task.params["outputs"] == "mask" else Result.Kind.IMAGE
                result_of(task.photo, task=task, kind=kind, thumbnail=False)
            rows = Task.objects.filter(pk=task.pk)
            settlement.end(rows, state, facts=facts, message=sentence, progress=100)

        async def settled(task_id: Any) -> bool:
            await sync_to_async(lambda: end(Task.objects.select_related("photo").get(pk=task_id)))()
            return True

        monkeypatch.setattr(long_poll, "wait_until_settled", settled)

    return end_so
