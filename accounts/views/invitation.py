"""The page of an invitation: a name, a password, and with them the account."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.emails import signed_links
from accounts.forms import InvitedForm
from accounts.identity import invitations
from accounts.identity.entrance import let_in
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany

from .pages import get_data, render_page, render_too_often

TEMPLATE = "accounts/sign-in/invitation.html"


@sensitive_post_parameters("password")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """By a letter's link the address is known to be theirs. By a link that was handed over, a letter shows
    that first, where letters arrive; where none do, it stays unconfirmed."""
    wanted = signed_links.Invite.read(token)
    found = wanted.invitation if wanted else None
    if wanted is None or found is None:
        return render(request, TEMPLATE, status=410)
    if request.user.is_authenticated:
        return render(request, TEMPLATE, {"signed_in": True}, status=409)
    writes_first = settings.LETTERS_ARRIVE and not wanted.by_letter
    # Without passwords there is a provider to come in by, and nothing to be sent here.
    data = get_data(request) if settings.PASSWORD_SIGN_IN else None
    form = InvitedForm(found, not writes_first, data)
    around: Any = {
        "template": TEMPLATE,
        "invitation": found,
        "token": token,
        "providers": settings.IDENTITY_PROVIDERS.values(),
        "asks_password": settings.PASSWORD_SIGN_IN,
    }
    if not form.is_valid():
        return render_page(request, form=form, **around)
    try:
        throttle.count_call(Kind.SIGN_UP, request)
    except TooMany as refused:
        return render_too_often(request, form, refused, gettext("There were too many new accounts"), **around)
    if writes_first:
        form.send()
        return redirect("accounts:sign-up-done")
    try:
        invitations.accept(found, form.user, confirmed=wanted.by_letter)
    except invitations.Over:
        return render(request, TEMPLATE, status=410)
    except IntegrityError:
        form.add_error(None, gettext("There is an account with this address already. Sign in with it."))
        return render_page(request, form=form, **around)
    return let_in(request, form.user, "")
