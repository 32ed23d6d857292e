"""Response headers that every page carries."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers


class _Header:
    """A middleware that works in both of Django's worlds, so that no request is put onto a thread."""

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
        return self.apply(request, self.get_response(request))

    async def acall(self, request: HttpRequest) -> HttpResponseBase:
        return self.apply(request, await self.get_response(request))

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        raise NotImplementedError


class PermissionsPolicyMiddleware(_Header):
    """Say which of the browser's powers a page never asks for."""

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        return response


class HtmxVaryMiddleware(_Header):
    """One URL gives a page or a fragment of it, by HX-Request: a cache must keep them apart."""

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response
