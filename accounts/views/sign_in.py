"""Pages of the door: signing in, up and out, and lost passwords."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.emails import signed_links
from accounts.fields import focus
from accounts.forms import (
    FirstPasswordForm,
    NewPasswordForm,
    NewPersonForm,
    PasswordResetForm,
    SignInForm,
    SignUpForm,
)
from accounts.identity import addresses, places
from accounts.identity.entrance import let_in
from accounts.identity.second_factor import do_passkeys_work
from accounts.models import Invitation, User
from accounts.protection import lockout, throttle
from accounts.protection.throttle import Kind, TooMany
from web.error_pages import answer, is_by_script

from .onward import get_next_url, redirect_onward, sign_in_page
from .pages import TOO_MANY_LETTERS, describe_wait, get_data, render_page, render_too_often

# In the session: the address that was just signed up with, for the sign-in page to begin with.
SIGNED_UP = "signed_up"


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect_onward(request)
    form = SignInForm(request, get_data(request), initial={"username": request.session.get(SIGNED_UP, "")})
    around: Any = {
        "template": "accounts/sign-in/sign-in.html",
        "next": get_next_url(request),
        "providers": settings.IDENTITY_PROVIDERS.values(),
        "passkeys_work": do_passkeys_work(),
        # Where passwords are for who runs the studio alone, who asks for the form has it.
        "asks_password": settings.PASSWORD_SIGN_IN or request.method == "POST" or "password" in request.GET,
        "everybody_has_passwords": settings.PASSWORD_SIGN_IN,
        "left": settings.IDENTITY_PROVIDERS.get(request.GET.get("left", "")),
    }
    try:
        if form.is_valid():
            return let_in(request, form.get_user(), get_next_url(request))
    except TooMany as refused:
        return render_too_often(
            request, form, refused, gettext("There were too many wrong passwords"), **around
        )
    return render_page(request, form=form, **around)


@sensitive_post_parameters("password")
@never_cache
def sign_up(request: HttpRequest) -> HttpResponse:
    """Where letters arrive, one of them confirms the address first. Either way a taken address is
    answered as a free one is."""
    if request.user.is_authenticated:
        return redirect_onward(request)
    if not (settings.SIGNUP_OPEN and settings.PASSWORD_SIGN_IN):
        return render(request, "accounts/sign-in/sign-up-closed.html", status=403)
    form = NewPersonForm(get_data(request)) if settings.LETTERS_ARRIVE else SignUpForm(get_data(request))
    around: Any = {"template": "accounts/sign-in/sign-up.html", "next": get_next_url(request)}
    if not form.is_valid():
        return render_page(request, form=form, **around)
    try:
        throttle.count_call(Kind.SIGN_UP, request)
    except TooMany as refused:
        return render_too_often(request, form, refused, gettext("There were too many new accounts"), **around)
    if isinstance(form, SignUpForm):
        form.save_if_new()
        request.session[SIGNED_UP] = form.cleaned_data["email"]
        messages.success(
            request, gettext("Sign in with your new password. If you had an account before, with that one’s.")
        )
        return redirect(sign_in_page(request))
    form.send(get_next_url(request))
    return redirect("accounts:sign-up-done")


def sign_up_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign-in/sign-up-done.html")


@sensitive_post_parameters("new_password")
@never_cache
def sign_up_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a letter's link: the password, and with it the account."""
    wanted = signed_links.SignUp.read(token)
    invitation = Invitation.objects.open().filter(pk=wanted.invitation).first() if wanted else None
    if not settings.PASSWORD_SIGN_IN:
        return render(request, "accounts/sign-in/sign-up-closed.html", status=403)
    if wanted is None or not (invitation or (settings.SIGNUP_OPEN and not wanted.invitation)):
        return render(request, "accounts/sign-in/sign-up-confirm.html", status=410)
    form = FirstPasswordForm(User(email=wanted.email, name=wanted.name), get_data(request))
    if form.is_valid() and (user := form.make_account(invitation)):
        return let_in(request, user, wanted.onward)
    if User.objects.filter(email=wanted.email).exists():
        return render(request, "accounts/sign-in/sign-up-confirm.html", {"there_already": True}, status=410)
    return render_page(request, "accounts/sign-in/sign-up-confirm.html", form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here. Who came in by a provider of identity is told that they are still signed in there."""
    records = get_authentication_records(request, request.user)
    came_by = [record["provider"] for record in records if record.get("method") == "socialaccount"]
    places.forget_here(request)
    logout(request)
    left = f"?{urlencode({'left': came_by[-1]})}" if came_by else ""
    return redirect(reverse(settings.LOGOUT_REDIRECT_URL) + left)


def locked_out(
    request: HttpRequest, original_response: Any = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What axes shows after too many wrong passwords.

    Its middleware passes the credentials in either place, depending on whether it runs async;
    they are on the request in both cases.
    """
    ends_at = lockout.ends_at(request, getattr(request, "axes_credentials", None))
    minutes = lockout.minutes_until(ends_at)
    wait = describe_wait(minutes)
    sentence = gettext("There were too many wrong passwords for this address. Try again in %(wait)s.") % {
        "wait": wait
    }
    if is_by_script(request):
        response = answer(request, 429, gettext("Locked"), sentence)
    else:
        context = {"sentence": sentence, "ends_at": ends_at}
        response = render(request, "accounts/sign-in/locked-out.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


@never_cache
def password_reset(request: HttpRequest) -> HttpResponse:
    form = PasswordResetForm(get_data(request))
    if not form.is_valid():
        return render_page(request, "accounts/sign-in/password-reset.html", form)
    try:
        throttle.count_call(Kind.LETTER, request)
    except TooMany as refused:
        return render_too_often(
            request, form, refused, str(TOO_MANY_LETTERS), template="accounts/sign-in/password-reset.html"
        )
    form.send()
    return redirect("accounts:password-reset-done")


def password_reset_done(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accounts/sign-in/password-reset-done.html", {"letters_arrive": settings.LETTERS_ARRIVE}
    )


class PasswordResetConfirm(PasswordResetConfirmView):
    """Django's: it moves the token from the address into the session before it shows the form."""

    form_class = NewPasswordForm  # type: ignore[assignment]
    template_name = "accounts/sign-in/password-reset-confirm.html"
    success_url = reverse_lazy("accounts:password-reset-complete")

    def form_valid(self, form: Any) -> HttpResponse:
        """Who has the letter reads that address's mail."""
        response = super().form_valid(form)
        addresses.confirm(form.user)
        return response

    def render_to_response(self, context: dict[str, Any], **response: Any) -> Any:
        if not context["validlink"]:
            response["status"] = 410
        else:
            focus(context["form"])
            if context["form"].is_bound:
                response["status"] = 422
        return super().render_to_response(context, **response)


password_reset_confirm = PasswordResetConfirm.as_view()


def password_reset_complete(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign-in/password-reset-complete.html")
