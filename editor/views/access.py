"""Access control of every page and fragment of the editor: who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from web.error_pages import is_by_script

SIGNED_OUT = _("You were signed out. Sign in in a new tab, then try again.")


class Request(HttpRequest):
    """A request as it is behind signed_in and the middleware."""

    user: User
    htmx: HtmxDetails


def signed_in[Answer](view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponseBase]:
    """Let people in who are signed in; send a browser to the sign-in page, tell a script 401."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> Answer | HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if is_by_script(request):
            return HttpResponse(SIGNED_OUT, status=401, content_type="text/plain; charset=utf-8")
        # A form that was sent while signed out cannot be repeated by a redirect: start at home.
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    return guarded
