"""Pages of the door: signing in, up and out, and lost passwords."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import lockout
from accounts.forms import NewPasswordForm, PasswordResetForm, SignInForm, SignUpForm
from picwish_site.errors import answer

from .pages import page, posted

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def asked_for(request: HttpRequest) -> str:
    """The page of ours that somebody wanted before the door stopped them, or ""."""
    url = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def onward(request: HttpRequest) -> HttpResponse:
    return redirect(asked_for(request) or settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return onward(request)
    form = SignInForm(request, posted(request))
    if form.is_valid():
        login(request, form.get_user())
        return onward(request)
    return page(request, "accounts/sign-in.html", form, next=asked_for(request))


@sensitive_post_parameters("password")
@never_cache
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return onward(request)
    if not settings.SIGNUP_OPEN:
        return render(request, "accounts/sign-up-closed.html", status=403)
    form = SignUpForm(posted(request))
    if form.is_valid() and (user := form.try_to_save()):
        login(request, user, backend=MODEL_BACKEND)
        return onward(request)
    return page(request, "accounts/sign-up.html", form, next=asked_for(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(
    request: HttpRequest, original_response: Any = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What axes shows after too many wrong passwords.

    Its middleware passes the credentials in either place, depending on whether it runs async;
    they are on the request in both cases.
    """
    ends_at = lockout.ends_at(request, getattr(request, "axes_credentials", None))
    minutes = lockout.minutes_until(ends_at)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    sentence = f"There were too many wrong passwords for this address. Try again in {wait}."
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch":
        response = answer(request, 429, "Locked", sentence)
    else:
        context = {"sentence": sentence, "ends_at": ends_at}
        response = render(request, "accounts/locked-out.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


@never_cache
def password_reset(request: HttpRequest) -> HttpResponse:
    form = PasswordResetForm(posted(request))
    if form.is_valid():
        form.send()
        return redirect("accounts:password-reset-done")
    return page(request, "accounts/password-reset.html", form)


def password_reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password-reset-done.html")


class PasswordResetConfirm(PasswordResetConfirmView):
    """Django's: it moves the token from the address into the session before it shows the form."""

    form_class = NewPasswordForm  # type: ignore[assignment]
    template_name = "accounts/password-reset-confirm.html"
    success_url = reverse_lazy("accounts:password-reset-complete")

    def render_to_response(self, context: dict[str, Any], **response: Any) -> Any:
        if not context["validlink"]:
            response["status"] = 410
        elif context["form"].is_bound:
            response["status"] = 422
        return super().render_to_response(context, **response)


password_reset_confirm = PasswordResetConfirm.as_view()


def password_reset_complete(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password-reset-complete.html")
