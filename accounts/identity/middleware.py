"""Somebody of whom a second factor is asked and who has none sees nothing else before they have one."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext

from web import api_errors, error_pages

from .second_factor import MUST_ADD

# Where they get on by, and out.
OPEN = {
    "accounts:second-factor",
    "accounts:app-add",
    "accounts:passkey-add",
    "accounts:passkey-options",
    "accounts:prove",
    "accounts:oidc-begin",
    "accounts:oidc-callback",
    "accounts:oidc-sign-out",
    "accounts:sign-out",
}


class SecondFactorMiddleware(MiddlewareMixin):
    """Leads them there. Programs with keys of theirs go on: this is about who sits at a browser."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or api_errors.to_program(request.path):
            return None
        match = request.resolver_match
        if match is None or match.view_name in OPEN or not request.session.get(MUST_ADD):
            return None
        if error_pages.is_by_script(request):
            return error_pages.answer(
                request, 403, gettext("One thing first"), gettext("Add a second factor first.")
            )
        return redirect("accounts:second-factor")
