"""The words of the scripts, a file for each language, which a browser keeps until they change."""

import hashlib
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

from web.language.choice import is_offered

register = template.Library()


class Catalogue(JavaScriptCatalog):
    """Django's view of a catalogue, of ours alone: the desk's own scripts bring their own."""

    packages = ["ours"]

    def get_paths(self, packages: list[str]) -> list[Any]:
        return list(settings.LOCALE_PATHS)


@cache
def make_script(language: str) -> tuple[bytes, str]:
    """Return the script with gettext() and its messages, and what tells it apart from earlier ones."""
    with translation.override(language):
        request = HttpRequest()
        request.method = "GET"
        response = Catalogue.as_view()(request)
    assert isinstance(response, HttpResponse)  # noqa: S101 - for the reader, and for types
    body = response.content
    return body, hashlib.sha256(body).hexdigest()[:16]


def words(request: HttpRequest, language: str, mark: str) -> HttpResponse:
    if not is_offered(language):
        raise Http404
    body, now = make_script(language)
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    # Of an older page: these are not the words that it asks for.
    kept = "public, max-age=31536000, immutable" if mark == now else "no-cache"
    response["Cache-Control"] = kept
    return response


@register.simple_tag
def words_script(language: Any) -> str:
    """Return the address of a language's script."""
    return reverse("words", args=[language, make_script(language)[1]])


@register.simple_tag
def list_languages() -> list[tuple[str, str]]:
    """Return the languages on offer, each by its own name: who looks for one may not read another."""
    return list(settings.LANGUAGES)
