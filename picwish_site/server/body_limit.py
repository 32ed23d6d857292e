"""A cap on what a request may send and how long it may take over it.

Django spools a whole body before a view sees it, so the cap has to stand before Django.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from editor.api.dialects import registry
from editor.api.requests.call_form import CallForm
from editor.engines.limits import SEEDS, STUDIO, Limits
from editor.files.large_uploads import MOST_ARCHIVE_BYTES, takes_archives
from web import api_errors
from web.asgi import App, Receive, Scope, Send

# How long, and how much, a refused upload is still listened to.
LINGER_SECONDS = 5.0
LINGER_BYTES = 64 * 2**20

# What is around the pictures of a form.
AROUND = 5 * 2**20
# Pages whose forms take two, masks among them. All others take one at most.
TWO_PICTURES = re.compile(r"/editor/photos/[^/]+/erase/")


def most_bytes(path: str) -> int:
    """Return how large a body may be at this address, with all the pictures that its form takes."""
    if takes_archives(path):
        return MOST_ARCHIVE_BYTES + AROUND
    pictures = 2 if TWO_PICTURES.fullmatch(path) else 1
    asked = find_form(path)
    return asked.count_most_bytes() if asked else pictures * find_limits(path).bytes + AROUND


def count_seconds(path: str, usual: float) -> float:
    """Return how long a body may take at this address: as much longer than usual as it may be larger."""
    return usual * max(1.0, most_bytes(path) / (STUDIO.bytes + AROUND)) if takes_archives(path) else usual


def find_limits(path: str) -> Limits:
    """Return how large a picture may be at this address: what programs know, or what cameras make."""
    if asked := find_form(path):
        return asked.limits
    return SEEDS if api_errors.to_program(path) else STUDIO


def find_form(path: str) -> type[CallForm] | None:
    """Return the form of the call that is made at this address, None where none is."""
    return registry.list_forms().get(path.rstrip("/"))


class BodyTooLarge(Exception):
    """The body went over the cap while it was read."""


class BodyTooSlow(Exception):
    """The body stalled, or took longer than it may in all."""


class BodyLimit:
    """ASGI app that answers 413 or 408 by itself and otherwise passes a request on.

    most: how large a whole body may be at a path. idle: seconds between two chunks. total: seconds for
    all of it, where it is no larger than usual.
    """

    def __init__(self, app: App, *, most: Callable[[str], int], idle: float, total: float) -> None:
        self.app, self.most, self.idle, self.total = app, most, idle, total

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.most(scope["path"])
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > most:
            await self.refuse(scope, send, 413, explain_limit(most, find_limits(scope["path"])), receive)
            return

        started, seen, done, answered = time.monotonic(), 0, False, False

        async def limited_receive() -> MutableMapping[str, Any]:
            nonlocal seen, done
            if done:  # the body is in; what comes now is the client leaving, whenever it does
                return await receive()
            left = count_seconds(scope["path"], self.total) - (time.monotonic() - started)
            try:
                message = await asyncio.wait_for(receive(), max(0.01, min(self.idle, left)))
            except TimeoutError:
                raise BodyTooSlow from None
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                done = not message.get("more_body", False)
                if seen > most:
                    raise BodyTooLarge
            return message

        async def watched_send(message: MutableMapping[str, Any]) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.app(scope, limited_receive, watched_send)
        except BodyTooLarge:
            if not answered:
                await self.refuse(
                    scope,
                    send,
                    413,
                    explain_limit(most, find_limits(scope["path"])),
                    None if done else receive,
                )
        except BodyTooSlow:
            if not answered:
                await self.refuse(
                    scope, send, 408, "The upload stalled. Check the connection and send it again."
                )

    async def refuse(
        self, scope: Scope, send: Send, status: int, sentence: str, rest: Receive | None = None
    ) -> None:
        """Answer in the words of the place: JSON to programs, plain text to pages.

        rest: where more of the body is on its way. It is read and dropped for a while, since many
        clients look for an answer only once they have sent everything, and would find the connection
        broken instead.
        """
        if api_errors.to_program(scope["path"]):
            status, told, body = api_errors.refusal(scope["path"], status, sentence)
        else:
            told, body = {"Content-Type": "text/plain; charset=utf-8"}, sentence.encode()
        told |= {"Content-Length": str(len(body)), "Connection": "close"}
        headers = [(name.lower().encode(), text.encode()) for name, text in told.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        if rest is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(drop(rest), LINGER_SECONDS)
        await send({"type": "http.response.body", "body": b""})


def explain_limit(most: int, limits: Limits) -> str:
    return f"That is more than {most // 2**20} MB at once. A picture may have up to {limits.megabytes} MB."


async def drop(rest: Receive) -> None:
    """Read what still comes of a body, up to LINGER_BYTES."""
    dropped = 0
    while dropped < LINGER_BYTES:
        message = await rest()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
