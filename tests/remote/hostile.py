"""A service on real loopback sockets: a good one of the seeds' contract, until a test has it misbehave.

    with hostile.serving() as service:
        service.behave("stall", on="look")
        PicWish(service.url, service.key) …
        assert [call.path for call in service.calls] == […]

It knows no parameter that its documents do not, and cuts out cheaply: a disc, of the picture's size.
"""

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Any, Literal
from urllib.parse import parse_qsl

import uvicorn
from PIL import Image

from tests.support.waiting import wait_for

from .pictures import WRONG, as_png, disc, erased, opened, picture
from .speaker import Speaker

Form = dict[str, str | bytes]
Where = Literal["submit", "look", "picture", "scenes", "any"]

KEY = "a key that nobody may see"
PRIVATE = "http://10.0.0.1/result.png"
VISUAL = re.compile(r"/api/tasks/visual/(segmentation|background|self-face-cutout|inpaint)(?:/([^/]+))?\Z")
# Besides these an order may have image_file and, as its headers, a key of its own.
DOCUMENTED = {
    "segmentation": {"sync", "type", "return_type", "output_type", "crop", "format"},
    "background": {"batch_size", "prompt", "scene_type", "negative_prompt"},
    "self-face-cutout": {"sync", "crop", "output_format"},
    "inpaint": {"sync", "rectangles", "mask_file", "return_type"},
    "remove": {"format", "channels", "bg_color", "size", "crop"},
}
STALL = 60.0  # seconds


@dataclass
class Call:
    """One request as it came. form: its fields, files as bytes. idempotency_key: "" for none."""

    method: str
    path: str
    form: Form
    idempotency_key: str = ""
    port: int = 0

    @property
    def where(self) -> Where:
        if self.path.startswith("/results/"):
            return "picture"
        if self.path.endswith("/scenes"):
            return "scenes"
        return "submit" if self.method == "POST" else "look"


@dataclass
class Behaviour:
    """How to misbehave, at which calls, and how many times more; None for always."""

    kind: str
    on: Where
    times: int | None
    options: dict[str, Any]


@dataclass
class Service:
    """looks: how many looks at a task find it under way. scenes: on offer by number, None for no list.

    heeds_keys: whether an order sent again with its Idempotency-Key is taken once.
    """

    port: int
    key: str = KEY
    looks: int = 0
    heeds_keys: bool = True
    scenes: dict[int, str] | None = None
    calls: list[Call] = field(default_factory=list)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    behaviours: list[Behaviour] = field(default_factory=list)
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def behave(self, kind: str, on: Where = "any", times: int | None = None, **options: Any) -> None:
        """Misbehave from now on; "well" ends all misbehaviour.

        At any call: refuse (nobody listens, whatever `on`), reset, stall, trickle, trickle_head, half,
        html, or a status ("500") with message, headers, code and another status in its body.
        At looks: never, unknown, failed (state, message), silent (done without a picture).
        Of pictures: wrong_size, jpeg, opaque, text, bomb, huge, cut, redirect (to), expired.
        """
        if kind == "well":
            self.behaviours.clear()
            self.listen()
        elif kind == "refuse":
            self.hang_up()
        else:
            self.behaviours.append(Behaviour(kind, on, times, options))

    def start_over(self) -> None:
        """Be good again, and remember nothing."""
        for remembered in (self.behaviours, self.calls, self.tasks, self.keys):
            remembered.clear()
        self.looks, self.heeds_keys, self.scenes = 0, True, None
        self.listen()

    def asked(self, where: Where) -> list[Call]:
        return [call for call in self.calls if call.where == where]

    # -- The server -----------------------------------------------------------------------------------

    def listen(self) -> None:
        if self._server is not None:
            return
        config = uvicorn.Config(
            self.answer,
            host="127.0.0.1",
            port=self.port,
            interface="asgi3",
            log_config=None,
            lifespan="off",
            proxy_headers=False,  # it would stand between us and the connection
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        started = lambda: self._server is not None and self._server.started  # noqa: E731
        wait_for(started, "the hostile service", every=0.01)

    def hang_up(self) -> None:
        """Stop listening, and drop whoever is being answered."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(10)
        self._server = self._thread = None

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        call = Call(
            scope["method"],
            scope["path"],
            form_in(headers.get("content-type", ""), body),
            headers.get("idempotency-key", ""),
            scope["client"][1],
        )
        self.calls.append(call)
        speaker = Speaker(send)
        behaviour = self.due(call)
        if behaviour is not None and await self.misbehave(behaviour, call, speaker):
            return
        if call.where != "picture" and headers.get("x-api-key") != self.key:
            await speaker.refuse(401, f"The key {headers.get('x-api-key')} is not known.")
            return
        await self.serve(call, speaker)

    def due(self, call: Call) -> Behaviour | None:
        for behaviour in self.behaviours:
            if behaviour.on in ("any", call.where) and behaviour.times != 0:
                if behaviour.times is not None:
                    behaviour.times -= 1
                return behaviour
        return None

    # -- As it should -----------------------------------------------------------------------------------

    async def serve(self, call: Call, speaker: Speaker) -> None:
        if call.path == "/v1/remove":
            wrong = set(call.form) - DOCUMENTED["remove"] - {"image_file"}
            if wrong:
                await speaker.json({"code": "validation_error", "message": f"{sorted(wrong)}"}, 400)
                return
            await speaker.say(200, "image/png", disc(call.form["image_file"]))
        elif call.where == "scenes":
            if self.scenes is None:
                await speaker.refuse(404, "Not found.")
                return
            listed = [{"scene_type": number, "name": name} for number, name in self.scenes.items()]
            await speaker.json({"status": 200, "message": "success", "data": {"scenes": listed}})
        elif call.where == "picture":
            found = self.tasks.get(call.path.split("/")[2], {}).get("pictures", {}).get(call.path)
            if found is None:
                await speaker.refuse(404, "Not found.")
                return
            await speaker.say(200, "image/png", found)
        elif match := VISUAL.match(call.path):
            await self.serve_task(call, match[1], match[2], speaker)
        else:
            await speaker.refuse(404, "Not found.")

    async def serve_task(self, call: Call, endpoint: str, task_id: str | None, speaker: Speaker) -> None:
        if call.method == "GET":
            task = self.tasks.get(task_id or "")
            if task is None:
                await speaker.refuse(404, "This task does not exist.")
                return
            task["looks"] += 1
            await speaker.told(self.told(task_id or "", task))
            return
        wrong = set(call.form) - DOCUMENTED[endpoint] - {"image_file"}
        if wrong or "image_file" not in call.form:
            await speaker.refuse(
                400, f"image_file and documented parameters are wanted, not {sorted(wrong)}."
            )
            return
        known = self.keys.get(call.idempotency_key) if self.heeds_keys else None
        number = known or f"task-{len(self.tasks) + 1}"
        if number not in self.tasks:
            self.tasks[number] = {"looks": 0, "pictures": made(number, endpoint, call.form)}
            self.keys |= {call.idempotency_key: number} if call.idempotency_key else {}
        await speaker.told({"task_id": number})

    def told(self, number: str, task: dict[str, Any]) -> dict[str, Any]:
        """A task as it stands, with the oddities that the services have in the wild."""
        data = {"task_id": number, "created_at": 1700000000, "time_elapsed": 1.5, "download_time": 0}
        if task["looks"] <= self.looks:
            return {**data, "state": "4", "progress": str(min(99, 30 * task["looks"]))}
        # /results/task-1/image-2.png is its image_2.
        named = {
            name.rpartition("/")[2].partition(".")[0].replace("-", "_"): name for name in task["pictures"]
        }
        numbered = {name: f"{self.url}{path}" for name, path in named.items()}
        return {**data, "state": 1, "progress": 100, "state_detail": "Complete", **numbered}

    # -- As it should not -------------------------------------------------------------------------------

    async def misbehave(self, behaviour: Behaviour, call: Call, speaker: Speaker) -> bool:
        """Answer otherwise than one should; False where the call is not one to do it at."""
        kind, options = behaviour.kind, behaviour.options
        if kind.isdigit():
            message, code = options.get("message", "No."), options.get("code", "")
            body = {"status": options.get("status", int(kind)), "message": message}
            body |= {"code": code} if code else {}
            await speaker.json(body, int(kind), options.get("headers"))
        elif kind == "reset":
            speaker.reset()
        elif kind == "stall":
            await asyncio.sleep(STALL)
        elif kind == "trickle":
            await speaker.begin(200, "application/json", length=10**6)
            while True:
                await speaker.more(b" ")
                await asyncio.sleep(0.05)
        elif kind == "trickle_head":
            speaker.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while True:
                speaker.raw(b".")
                await asyncio.sleep(0.05)
        elif kind == "half":
            whole = (
                disc(picture()) if call.where == "picture" or call.path == "/v1/remove" else b'{"status": 2'
            )
            await speaker.begin(200, "image/png", length=2 * len(whole))
            await speaker.more(whole)
            speaker.close()
        elif kind == "html":
            await speaker.say(200, "text/html", b"<html><h1>Down for repairs</h1></html>")
        elif call.where == "look":
            await speaker.told({"task_id": call.path.rpartition("/")[2], **LOOKS[kind], **options})
        elif call.where in ("picture", "submit"):
            return await self.misdeliver(kind, options, speaker)
        else:
            return False
        return True

    async def misdeliver(self, kind: str, options: dict[str, Any], speaker: Speaker) -> bool:
        if kind == "expired":
            await speaker.refuse(options.get("status", 403), "Request has expired.")
        elif kind == "redirect":
            await speaker.say(302, "text/plain", b"", {"Location": options.get("to", PRIVATE)})
        elif kind == "huge":
            await speaker.begin(200, "image/png", length=None)
            for _ in range(50):
                await speaker.more(bytes(2**20))
        else:
            await speaker.say(200, "image/png", WRONG[kind]())
        return True


LOOKS: dict[str, dict[str, Any]] = {
    "never": {"state": 4, "progress": 12},
    "unknown": {"state": -99},
    "failed": {"state": -11},
    "silent": {"state": 1, "progress": 100},
}


@contextlib.contextmanager
def serving() -> Iterator[Service]:
    """A service on a port of its own, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = Service(port)
    service.listen()
    try:
        yield service
    finally:
        service.hang_up()


def form_in(content_type: str, body: bytes) -> Form:
    """The fields of a multipart form, or of a plain one; files as bytes."""
    if not content_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode()))
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    found: Form = {}
    for part in BytesParser(policy=policy.HTTP).parsebytes(head + body).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[name] = content if part.get_filename() else content.decode()
    return found


def made(number: str, endpoint: str, form: Form) -> dict[str, bytes]:
    """The pictures of a task by their paths."""
    sent = form["image_file"]
    if endpoint in ("segmentation", "self-face-cutout"):
        return {f"/results/{number}/image.png": disc(sent)}
    if endpoint == "inpaint":
        return {
            f"/results/{number}/image.png": as_png(
                erased(sent, form.get("mask_file"), str(form.get("rectangles", "[]")))
            )
        }
    behind = Image.new("RGB", opened(sent).size, "#8899aa")
    product = opened(sent).convert("RGBA")
    behind.paste(product, mask=product)
    behind.thumbnail((1024, 1024))
    takes = int(str(form.get("batch_size", "2")))
    return {f"/results/{number}/image-{take}.png": as_png(behind) for take in range(1, takes + 1)}
