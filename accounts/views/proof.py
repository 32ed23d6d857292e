"""The page on which somebody who is signed in shows again who they are, before something grave."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import CodeForm, ProofForm, get_person
from accounts.identity import entrance
from accounts.identity import second_factor as factors
from accounts.identity.second_factor import Type, do_passkeys_work
from accounts.models import User
from accounts.protection.throttle import TooMany

from .onward import get_next_url
from .pages import render_page, render_too_often

View = Callable[..., HttpResponse]


def must_be_fresh(view: View) -> View:
    """Have a view ask first who has not shown for a while who they are."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if entrance.is_fresh(request) else lead_to_proof(request.path)

    return guarded


def fresh_or_password(view: View) -> View:
    """The same for a view whose form asks for the password: of who has one, nothing more is asked."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = get_person(request).has_usable_password() or entrance.is_fresh(request)
        return view(request, *args, **kwargs) if asked else lead_to_proof(request.path)

    return guarded


def lead_to_proof(onward: str) -> HttpResponse:
    return redirect(f"{reverse('accounts:prove')}?{urlencode({'next': onward})}")


@sensitive_post_parameters("password")
@login_required
@never_cache
def prove(request: HttpRequest) -> HttpResponse:
    """By password, code, passkey, or a provider of identity: whatever somebody has of these."""
    person = get_person(request)
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    posted: Any = request.POST
    code_form = CodeForm(posted if "code" in posted else None)
    form = ProofForm(request, posted if "password" in posted else None)
    held = SocialAccount.objects.filter(user=person).values_list("provider", flat=True)
    around: Any = {
        "template": "accounts/prove.html",
        "next": get_next_url(request),
        "providers": [settings.IDENTITY_PROVIDERS[one] for one in held if one in settings.IDENTITY_PROVIDERS],
        "has_password": person.has_usable_password(),
        "has_passkey": Type.WEBAUTHN in kinds and do_passkeys_work(),
        "password_form": form,
        "code_form": code_form if kinds & {Type.TOTP, Type.RECOVERY_CODES} else None,
    }
    try:
        if person.has_usable_password() and form.is_valid():
            return go_on(request, "password")
        if find_factor(request, person, code_form) is not None:
            return go_on(request, "mfa")
    except TooMany as refused:
        return render_too_often(
            request, code_form, refused, gettext("There were too many wrong codes"), **around
        )
    return render_page(
        request, form=code_form if "code" in posted or "credential" in posted else form, **around
    )


def find_factor(request: HttpRequest, user: User, form: CodeForm) -> Authenticator | None:
    """Return the factor that was shown, None with an error at the form. Raises TooMany."""
    if "credential" in request.POST:
        from accounts.identity import passkeys

        try:
            return passkeys.find(user, request.POST["credential"])
        except passkeys.NotAccepted:
            # Bound, so that it has errors to show; nothing was typed into it.
            form.is_bound = True
            form.full_clean()
            form.errors.clear()
            form.add_error(None, gettext("The passkey was not accepted. Try again, or take another way."))
    elif form.is_valid():
        found = factors.find_code(user, form.cleaned_data["code"])
        if found is not None:
            return found
        form.add_error("code", gettext("This code is not right, or was used already. Each works once."))
    return None


def go_on(request: HttpRequest, by: str) -> HttpResponse:
    """Note the proof, and go on with what it was asked for."""
    entrance.prove(request, by)
    going: HttpResponse | None = resume_request(request)
    return going or redirect(get_next_url(request) or "accounts:profile")
