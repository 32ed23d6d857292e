"""Response headers that every page carries."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from web.asgi import Middleware


class PermissionsPolicyMiddleware(Middleware):
    """Say which of the browser's powers a page never asks for."""

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        return response


class HtmxVaryMiddleware(Middleware):
    """One URL gives a page or a fragment of it, by HX-Request: a cache must keep them apart."""

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response
