"""A short way through the server for what programs ask most: how a task goes.

A poll needs a key, a row and a few bytes of JSON. Django's handler would give each a thread, a
database connection and a dozen middlewares of its own, which is most of its time. Here all polls
share one thread and its connection. What they are answered is task_status.answer_poll's, as in the view.
"""

import re
from collections.abc import Callable
from functools import wraps

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

from web.asgi import App, Receive, Scope, Send

from . import task_status


def on_shared_thread[**Asked, Answer](function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Have a function leave the database connection of a thread that lives on as it should be left."""

    @wraps(function)
    def called(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        try:
            return function(*args, **kwargs)
        finally:
            # An open file costs nothing to keep; a server's connection goes back to the pool. What
            # failed is closed, so that the next poll begins afresh.
            if connection.vendor != "sqlite" or connection.errors_occurred:
                close_old_connections()

    return called


class PollFastPath:
    """ASGI app that answers polls and passes everything else on.

    https_alone: leave polls over plain HTTP to Django, which leads them to HTTPS.
    """

    POLL = re.compile(r"/api/tasks/visual/(?P<endpoint>[a-z-]+)/(?P<task_id>[0-9a-fA-F-]{32,36})/?")

    def __init__(self, app: App, *, https_alone: bool) -> None:
        self.app, self.https_alone = app, https_alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        poll = None
        if scope["type"] == "http" and scope["method"] == "GET":
            poll = self.POLL.fullmatch(scope["path"])
        if poll is None or (self.https_alone and scope["scheme"] != "https"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in scope["headers"]}
        answer = sync_to_async(on_shared_thread(task_status.answer_poll))
        status, told, body = await answer(scope["path"], task_status.Headers(headers), **poll.groupdict())
        sent = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in told.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})
