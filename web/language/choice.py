"""The language of an answer: a person's own, else the one that was chosen here, else the browser's.

Programs get English whatever their headers ask for: what they read is a contract.
"""

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from web import api_errors
from web.asgi import Middleware

ENGLISH = "en"


def is_offered(language: str) -> bool:
    """Whether the studio speaks it."""
    return language in dict(settings.LANGUAGES)


def choose_language(request: HttpRequest) -> str:
    """Return the language of who asks, as far as the request alone says it."""
    if api_errors.to_program(request.path):
        return ENGLISH
    return get_language_from_request(request)


class LanguageMiddleware(Middleware):
    """Has each answer made in its reader's language."""

    def around(self, request: HttpRequest) -> AbstractContextManager[None]:
        """Speak the language of who asks until the answer is there."""
        return translation.override(choose_language(request))

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Take the language of the person's profile, whom the view looks up anyway."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or api_errors.to_program(request.path):
            return
        own = getattr(request.user, "language", "")
        if own and is_offered(own):
            translation.activate(own)

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Tell caches that the same address reads otherwise for others."""
        if response.get("Content-Type", "").startswith("text/html") and not api_errors.to_program(
            request.path
        ):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
            response.headers.setdefault("Content-Language", translation.get_language() or ENGLISH)
        return response
