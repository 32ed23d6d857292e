"""What goes on in this process, for whoever reads the log: whose request, which task.

Threads and coroutines that come of one have the same. What else is to know of it (a tracer) asks to be told.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

HEADER = "X-Request-ID"
SOUND = re.compile(r"[A-Za-z0-9._-]{8,64}")

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_work: ContextVar[dict[str, Any] | None] = ContextVar("work", default=None)

Watcher = Callable[[str, dict[str, Any]], AbstractContextManager[Any]]
# Who is told of each piece of work, as a context around it: name, and its ids.
watchers: list[Watcher] = []


@contextmanager
def work_on(name: str, **ids: Any) -> Iterator[None]:
    """Say what is worked on within this context: task and person by their ids."""
    token = _work.set(ids)
    try:
        with ExitStack() as stack:
            for watcher in watchers:
                stack.enter_context(watcher(name, ids))
            yield
    finally:
        _work.reset(token)


def get_ids() -> dict[str, Any]:
    """Return the ids of what goes on: request, task, person, as far as there are."""
    ids: dict[str, Any] = dict(_work.get() or {})
    if ids:
        return ids
    request = _request.get()
    if request is not None:
        ids["request"] = getattr(request, "request_id", None)
        # Looked up before, or not at all: a line in the log is no reason to ask the database.
        ids["person"] = getattr(getattr(request, "_cached_user", None), "pk", None)
    return {name: value for name, value in ids.items() if value is not None}


class RequestIdMiddleware(MiddlewareMixin):
    """Gives each request an id, or takes the proxy's, and sends it back: X-Request-ID."""

    def process_request(self, request: HttpRequest) -> None:
        given = request.headers.get(HEADER, "")
        request.request_id = given if SOUND.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        _request.set(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response[HEADER] = request.request_id  # type: ignore[attr-defined]
        return response
