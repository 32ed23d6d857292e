"""Connections that bring nothing are let go.

uvicorn gives a request's head, and the pause before it once something has come, all the time in the world:
whoever opens some hundred connections and sends half a head on each holds them for ever. Here a
connection on which nobody's request is being answered must bring a whole head within HEAD_TIMEOUT, and
one that takes nothing of its answer is cut off after ANSWER_IDLE_TIMEOUT. How long a body may take is
the cap's to say (server/body_limit.py).
"""

import asyncio
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

LONGEST_HEAD = 64 * 1024  # bytes


class Connection(HttpToolsProtocol):
    """uvicorn's, with limits on waiting. For its option --http."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.head_limit: asyncio.TimerHandle | None = None
        self.answer_limit: asyncio.TimerHandle | None = None
        self.in_body = False
        self.heads, self.head_bytes = 0, 0  # that have ended; of the one that has not

    # -- Heads ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.expect_head()

    def expect_head(self) -> None:
        self.expect_no_head()
        self.head_limit = self.loop.call_later(settings.HEAD_TIMEOUT, self.end, 408)

    def expect_no_head(self) -> None:
        if self.head_limit is not None:
            self.head_limit.cancel()
            self.head_limit = None

    def data_received(self, data: bytes) -> None:
        heads, was_in_body = self.heads, self.in_body
        super().data_received(data)
        if self.heads > heads or was_in_body:
            return  # a head or a body ended in it
        self.head_bytes += len(data)
        if self.head_bytes > LONGEST_HEAD:
            self.end(431)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.in_body, self.head_bytes = True, 0
        self.heads += 1
        self.expect_no_head()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.in_body = False

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # Not where the next request is in already, behind this one.
        if self.cycle is None or self.cycle.response_complete:
            self.expect_head()

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade is an offer; it is declined by an answer as ever, and worth no line in the log."""

    def end(self, status: int) -> None:
        """Close the connection; who has begun a request is told why."""
        if self.transport.is_closing():
            return
        if self.head_bytes and not self.in_body:
            self.transport.write(STATUS_LINE[status] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()

    # -- Answers ----------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self.answer_limit = self.loop.call_later(settings.ANSWER_IDLE_TIMEOUT, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.cancel_answer_limit()

    def cancel_answer_limit(self) -> None:
        if self.answer_limit is not None:
            self.answer_limit.cancel()
            self.answer_limit = None

    def connection_lost(self, exc: Exception | None) -> None:
        self.expect_no_head()
        self.cancel_answer_limit()
        super().connection_lost(exc)
