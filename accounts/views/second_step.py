"""The second step of signing in, signing in by a passkey alone, and what browsers need to ask for one."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import CodeForm
from accounts.identity import entrance, refusals
from accounts.identity import second_factor as factors
from accounts.identity.second_factor import SecondStep, Type
from accounts.models import User
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany
from web.error_pages import answer

from .onward import get_next_url, redirect_onward, reload_user
from .pages import render_page, render_too_often
from .proof import find_factor

TOO_MANY_CODES = _("There were too many wrong codes")


@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks who has a second factor for it; the password, or the provider, was right."""
    if request.user.is_authenticated:
        return redirect_onward(request)
    stage = get_pending_stage(request)
    if not isinstance(stage, SecondStep):
        return redirect("accounts:sign-in")
    user: User = stage.login.user
    form = CodeForm(request.POST if "code" in request.POST else None)
    held = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    around: Any = {
        "template": "accounts/sign-in/second-step.html",
        "has_passkey": Type.WEBAUTHN in held and factors.do_passkeys_work(),
        "has_app": Type.TOTP in held,
    }
    try:
        found = find_factor(request, user, form)
    except TooMany as refused:
        return render_too_often(request, form, refused, str(TOO_MANY_CODES), **around)
    if found is not None:
        post_authentication(request, found)
        response: HttpResponse = stage.exit()
        return response
    return render_page(request, form=form, **around)


@never_cache
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: the device has asked for finger, face or PIN."""
    if request.user.is_authenticated:
        return redirect_onward(request)
    from accounts.identity import passkeys

    try:
        throttle.check_limits(Kind.WRONG_PASSWORD, request)
        found = passkeys.find(None, request.POST.get("credential", ""))
    except TooMany as refused:
        response = answer(
            request,
            429,
            gettext("Too often"),
            gettext("Try again in %(minutes)s minutes.") % {"minutes": refused.minutes},
        )
        response["Retry-After"] = str(refused.seconds)
        return response
    except passkeys.NotAccepted:
        entrance.count_wrong(request)
        return refusals.render_refusal(request, refusals.WRONG_PASSKEY)
    post_authentication(request, found, passwordless=True)
    login = Login(user=found.user, redirect_url=get_next_url(request) or None)
    signed_in: HttpResponse = perform_login(request, login)
    return signed_in


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What a script of ours hands to the browser. for: "new", where one is made; else one is asked for."""
    from accounts.identity import passkeys

    if request.user.is_authenticated:
        user = reload_user(request)
        if request.POST.get("for") != "new":
            return JsonResponse(passkeys.begin_asking(user))
        if not entrance.is_fresh(request):
            return answer(
                request,
                403,
                gettext("Who are you?"),
                gettext("Load the page anew, and show once more who you are."),
            )
        return JsonResponse(passkeys.begin_making(user))
    stage = get_pending_stage(request)
    is_step = request.POST.get("for") == "step" and isinstance(stage, SecondStep)
    return JsonResponse(passkeys.begin_asking(stage.login.user if is_step else None))
