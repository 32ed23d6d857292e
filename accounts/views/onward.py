"""Who has been let in, and where they go on to: the page that they wanted."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User


def get_next_url(request: HttpRequest) -> str:
    """The page of ours that somebody wanted before the door stopped them, or ""."""
    url = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def redirect_onward(request: HttpRequest) -> HttpResponse:
    return redirect(get_next_url(request) or settings.LOGIN_REDIRECT_URL)


def reload_user(request: HttpRequest) -> User:
    """The signed-in person afresh: a form that fails must not change what the header shows."""
    return User.objects.get_by_natural_key(request.user.get_username())


def sign_in_page(request: HttpRequest) -> str:
    """The address of the sign-in page, from which it goes on to the page that was wanted."""
    wanted = get_next_url(request)
    return reverse("accounts:sign-in") + (f"?{urlencode({'next': wanted})}" if wanted else "")
