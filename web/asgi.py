"""Both of Django's worlds: types of an ASGI application, and a middleware that works in either."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Middleware:
    """Has a request answered within a context of its own, and does something to the answer.

    It works in both worlds, so that no request is put onto a thread for it.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self.acall(request)
        with self.around(request):
            return self.apply(request, self.get_response(request))

    async def acall(self, request: HttpRequest) -> HttpResponseBase:
        with self.around(request):
            return self.apply(request, await self.get_response(request))

    def around(self, request: HttpRequest) -> AbstractContextManager[None]:
        """Return what the request is answered within: nothing, unless a middleware says so."""
        return nullcontext()

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer to send."""
        raise NotImplementedError
