"""Letting somebody in who has shown who they are, and how long ago they last did."""

import contextlib
import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany

# Seconds for which somebody need not show again who they are.
FRESH = 600


def let_in(request: HttpRequest, user: User, onward: str, *, by: str = "password") -> HttpResponse:
    """Go on with a sign-in: to what is still asked of somebody, or in and to the page that they wanted."""
    record_authentication(request, user, by)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=onward or None))
    return response


def count_wrong(request: HttpRequest) -> None:
    """Count a try of this machine that was wrong; it counts with wrong passwords."""
    with contextlib.suppress(TooMany):
        throttle.count_call(Kind.WRONG_PASSWORD, request)


def prove(request: HttpRequest, by: str, **more: Any) -> None:
    """Note that somebody who is signed in has just shown again who they are."""
    record_authentication(request, request.user, by, reauthenticated=True, **more)


def is_fresh(request: HttpRequest) -> bool:
    """Return whether somebody has shown who they are a moment ago, by signing in or since."""
    records = get_authentication_records(request, request.user)
    return any(time.time() - record.get("at", 0) < FRESH for record in records)
