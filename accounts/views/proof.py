"""The page on which somebody who is signed in shows again who they are, before something grave."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ProofForm, get_person
from accounts.identity import entrance

from .onward import get_next_url
from .pages import get_data, render_page

View = Callable[..., HttpResponse]


def must_be_fresh(view: View) -> View:
    """Have a view ask first who has not shown for a while who they are."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if entrance.is_fresh(request) else lead_to_proof(request)

    return guarded


def fresh_or_password(view: View) -> View:
    """The same for a view whose form asks for the password: of who has one, nothing more is asked."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = get_person(request).has_usable_password() or entrance.is_fresh(request)
        return view(request, *args, **kwargs) if asked else lead_to_proof(request)

    return guarded


def lead_to_proof(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('accounts:prove')}?{urlencode({'next': request.path})}")


@sensitive_post_parameters("password")
@login_required
@never_cache
def prove(request: HttpRequest) -> HttpResponse:
    form, has_password = ProofForm(request, get_data(request)), get_person(request).has_usable_password()
    if has_password and form.is_valid():
        entrance.prove(request, "password")
        going = resume_request(request)
        return going or redirect(get_next_url(request) or "accounts:profile")
    held = SocialAccount.objects.filter(user=request.user.pk).values_list("provider", flat=True)
    providers = [settings.IDENTITY_PROVIDERS[one] for one in held if one in settings.IDENTITY_PROVIDERS]
    return render_page(
        request,
        "accounts/prove.html",
        form,
        next=get_next_url(request),
        providers=providers,
        has_password=has_password,
    )
