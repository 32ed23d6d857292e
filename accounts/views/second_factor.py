"""Pages of a person's second factors: an authenticator app, passkeys, recovery codes."""

import base64
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from accounts.emails import queue
from accounts.forms import CodeForm, PasskeyForm
from accounts.identity import second_factor as factors
from accounts.identity.second_factor import MUST_ADD, FactorAdapter, Type
from accounts.models import User
from accounts.protection import throttle

from .onward import reload_user
from .pages import get_data, render_page, render_too_often
from .proof import must_be_fresh

TOO_MANY_CODES = _("There were too many wrong codes")


@login_required
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """What there is, and what can be added."""
    user = reload_user(request)
    held = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((one for one in held if one.type == Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in held if one.type == Type.TOTP), None),
        "passkeys": [one for one in held if one.type == Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "has_one": factors.has_one(user),
        "must_add": request.session.get(MUST_ADD, False),
        "passkeys_work": factors.do_passkeys_work(),
    }
    return render(request, "accounts/second-factor/index.html", context)


@login_required
@must_be_fresh
@never_cache
@sensitive_variables("secret")
def app_add(request: HttpRequest) -> HttpResponse:
    """An authenticator app: its picture to read, and a code that shows that it has read it."""
    user = reload_user(request)
    if Authenticator.objects.filter(user=user, type=Type.TOTP).exists():
        return redirect("accounts:second-factor")
    form = CodeForm(get_data(request))
    # Of this browser's session: another page cannot have a secret of its own choice taken.
    secret = totp.get_totp_secret(regenerate=not form.is_bound)
    template = "accounts/second-factor/app.html"
    try:
        throttle.check_account(throttle.Kind.CODE, user.pk)
        if form.is_valid():
            if totp.validate_totp_code(secret, form.cleaned_data["code"]):
                return keep_app(request, user, secret)
            throttle.count_account(throttle.Kind.CODE, user.pk)
            form.add_error(
                "code", gettext("This is not the code of now. Wait for the next one; look at the clock.")
            )
    except throttle.TooMany as refused:
        return render_too_often(request, form, refused, str(TOO_MANY_CODES), template=template)
    address = FactorAdapter().build_totp_url(user, secret)
    picture = base64.b64encode(FactorAdapter().build_totp_svg(address).encode()).decode()
    return render_page(request, template, form, secret=secret, picture=picture)


def keep_app(request: HttpRequest, user: User, secret: str) -> HttpResponse:
    try:
        with transaction.atomic():
            totp.TOTP.activate(user, secret)
    except IntegrityError:
        # Sent twice: the first one has done it.
        return redirect("accounts:second-factor")
    totp.clear_totp_secret(request)
    return after_adding(request, user, "an authenticator app was added")


def after_adding(request: HttpRequest, user: User, what: str) -> HttpResponse:
    """Go on where something was added: with recovery codes, where there are none yet."""
    record_authentication(request, request.user, "mfa", reauthenticated=True)
    request.session.pop(MUST_ADD, None)
    queue.send_security_note.enqueue(user.pk, what)
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        messages.success(request, gettext("Added. It is asked for when you sign in."))
        return redirect("accounts:second-factor")
    return show_codes(request, RecoveryCodes.activate(user))


def show_codes(request: HttpRequest, codes: RecoveryCodes) -> HttpResponse:
    """Recovery codes, in the answer to their making and nowhere else."""
    shown = [f"{code[:4]} {code[4:]}" for code in codes.get_unused_codes()]
    return render(request, "accounts/second-factor/codes-shown.html", {"codes": shown})


@login_required
@must_be_fresh
@never_cache
def codes_renew(request: HttpRequest) -> HttpResponse:
    """Asks on a page of its own; then the codes that there were are worth nothing."""
    user = reload_user(request)
    if not factors.has_one(user):
        return redirect("accounts:second-factor")
    if request.method != "POST":
        return render(request, "accounts/second-factor/codes-renew.html")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(user)
    queue.send_security_note.enqueue(user.pk, "new recovery codes were made")
    return show_codes(request, codes)


@login_required
@must_be_fresh
@never_cache
def passkey_add(request: HttpRequest) -> HttpResponse:
    from accounts.identity import passkeys

    user, form = reload_user(request), PasskeyForm(get_data(request))
    if form.is_valid():
        try:
            passkeys.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
            return after_adding(request, user, "a passkey was added")
        except passkeys.NotAccepted:
            form.add_error(
                None, gettext("The passkey was not accepted. Try again, perhaps with another device.")
            )
    works = factors.do_passkeys_work()
    return render_page(request, "accounts/second-factor/passkey.html", form, passkeys_work=works)


@login_required
@must_be_fresh
@never_cache
def factor_remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Asks on a page of its own. The last one stays where one is asked of the person."""
    user = reload_user(request)
    factor = get_object_or_404(Authenticator, user=user, pk=factor_id, type__in=factors.MAIN)
    stays = not FactorAdapter().can_delete_authenticator(factor)
    name = (
        gettext("the authenticator app")
        if factor.type == Type.TOTP
        else gettext("the passkey “%(factor)s”") % {"factor": factor}
    )
    context: dict[str, Any] = {"name": name, "stays": stays}
    if request.method != "POST" or stays:
        status = 409 if request.method == "POST" else 200
        return render(request, "accounts/second-factor/remove.html", context, status=status)
    with transaction.atomic():
        factor.delete()
        if not factors.has_one(user):
            factors.reset(user)
    what = "an authenticator app was removed" if factor.type == Type.TOTP else "a passkey was removed"
    queue.send_security_note.enqueue(user.pk, what)
    messages.success(request, gettext("Removed %(name)s.") % {"name": name})
    return redirect("accounts:second-factor")
