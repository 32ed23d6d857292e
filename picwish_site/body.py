"""A cap on what a request may send and how long it may take over it.

Django spools a whole body before a view sees it, so the cap has to stand before Django.
"""

import asyncio
import contextlib
import time
from collections.abc import MutableMapping
from typing import Any

from . import refusals
from .static import App, Receive, Scope, Send

# How long, and how much, a refused upload is still listened to.
LINGER_SECONDS = 5.0
LINGER_BYTES = 64 * 2**20


class BodyTooLarge(Exception):
    """The body went over the cap while it was read."""


class BodyTooSlow(Exception):
    """The body stalled, or took longer than it may in all."""


class BodyLimit:
    """ASGI app that answers 413 or 408 by itself and otherwise passes a request on.

    max_bytes: of the whole body. idle: seconds between two chunks. total: seconds for all of it.
    """

    def __init__(self, app: App, *, max_bytes: int, idle: float, total: float) -> None:
        self.app, self.max_bytes, self.idle, self.total = app, max_bytes, idle, total

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.max_bytes:
            await self.refuse(scope, send, 413, self.too_large(), receive)
            return

        started, seen, done, answered = time.monotonic(), 0, False, False

        async def limited_receive() -> MutableMapping[str, Any]:
            nonlocal seen, done
            if done:  # the body is in; what comes now is the client leaving, whenever it does
                return await receive()
            left = self.total - (time.monotonic() - started)
            try:
                message = await asyncio.wait_for(receive(), max(0.01, min(self.idle, left)))
            except TimeoutError:
                raise BodyTooSlow from None
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                done = not message.get("more_body", False)
                if seen > self.max_bytes:
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
                await self.refuse(scope, send, 413, self.too_large(), None if done else receive)
        except BodyTooSlow:
            if not answered:
                await self.refuse(
                    scope, send, 408, "The upload stalled. Check the connection and send it again."
                )

    def too_large(self) -> str:
        return f"That is more than {self.max_bytes // 2**20} MB at once. A picture may have up to 20 MB."

    async def refuse(
        self, scope: Scope, send: Send, status: int, sentence: str, rest: Receive | None = None
    ) -> None:
        """Answer in the words of the place: JSON to programs, plain text to pages.

        rest: where more of the body is on its way. It is read and dropped for a while, since many
        clients look for an answer only once they have sent everything, and would find the connection
        broken instead.
        """
        if refusals.to_program(scope["path"]):
            status, told, body = refusals.refusal(scope["path"], status, sentence)
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


async def drop(rest: Receive) -> None:
    """Read what still comes of a body, up to LINGER_BYTES."""
    dropped = 0
    while dropped < LINGER_BYTES:
        message = await rest()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
