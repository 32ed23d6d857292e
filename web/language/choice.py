"""The language of an answer: a person's own, else the one that was chosen here, else the browser's.

Programs get English whatever their headers ask for: what they read is a contract.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from web import api_errors

ENGLISH = "en"


def is_offered(language: str) -> bool:
    """Whether the studio speaks it."""
    return language in dict(settings.LANGUAGES)


def choose_language(request: HttpRequest) -> str:
    """Return the language of who asks, as far as the request alone says it."""
    if api_errors.to_program(request.path):
        return ENGLISH
    return get_language_from_request(request)


class LanguageMiddleware:
    """Has each answer made in its reader's language. It works in both of Django's worlds."""

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
        with translation.override(choose_language(request)):
            return self.say(request, self.get_response(request))

    async def acall(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(choose_language(request)):
            return self.say(request, await self.get_response(request))

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Take the language of the person's profile, whom the view looks up anyway."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or api_errors.to_program(request.path):
            return
        own = getattr(request.user, "language", "")
        if own and is_offered(own):
            translation.activate(own)

    def say(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Tell caches that the same address reads otherwise for others."""
        if response.get("Content-Type", "").startswith("text/html") and not api_errors.to_program(
            request.path
        ):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
            response.headers.setdefault("Content-Language", translation.get_language() or ENGLISH)
        return response
