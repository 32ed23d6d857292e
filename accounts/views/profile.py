"""Pages of a person's own account: name, e-mail, password, leaving."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language_from_request, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.emails import address_change, signed_links
from accounts.forms import DeleteForm, EmailChangeForm, LanguageForm, NameForm, PasswordChangeForm
from accounts.identity import addresses, places, second_factor
from accounts.models import User
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany
from web.error_pages import answer

from .onward import reload_user
from .pages import TOO_MANY_LETTERS, get_data, render_page, render_too_often
from .proof import fresh_or_password

NO_PASSWORDS = (
    "This studio lets nobody in by a password. Sign in by the provider of identity, or with a passkey."
)


@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    form = NameForm(get_data(request), instance=reload_user(request))
    if form.is_valid():
        form.save()
        messages.success(request, gettext("Your name is saved."))
        return redirect("accounts:profile")
    # A page to look at as well: no caret in it unasked.
    return render_page(
        request, "accounts/profile.html", form, to_type=form.is_bound, **list_ways_in(form.instance)
    )


@login_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language of somebody's pages and letters; the page that follows is in it."""
    form = LanguageForm(request.POST, instance=reload_user(request))
    if not form.is_valid():
        messages.error(request, gettext("The studio does not speak this language. Choose one of the list."))
        return redirect("accounts:profile")
    form.save()
    with translation.override(form.instance.language or get_language_from_request(request)):
        messages.success(request, gettext("Your language is saved."))
    return redirect("accounts:profile")


def list_ways_in(user: User) -> dict[str, Any]:
    """What opens an account: its address, and providers of identity that are connected or could be."""
    connected = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    return {
        "language_form": LanguageForm(instance=user),
        "is_confirmed": addresses.is_confirmed(user),
        "has_factor": second_factor.has_one(user),
        "may_use_password": user.may_use_password,
        "has_password": user.has_usable_password(),
        "providers": [(one, one.id in connected) for one in settings.IDENTITY_PROVIDERS.values()],
        "gone_providers": sorted(connected - settings.IDENTITY_PROVIDERS.keys()),
    }


@sensitive_post_parameters("password")
@login_required
@fresh_or_password
@never_cache
def email_change(request: HttpRequest) -> HttpResponse:
    """Where letters arrive, one of them confirms the address first, and the page tells of no account."""
    form = EmailChangeForm(request, get_data(request))
    template = "accounts/email-change.html"
    if not form.is_valid():
        return render_page(request, template, form)
    try:
        throttle.count_call(Kind.LETTER, request, account=form.request.user.pk)
    except TooMany as refused:
        return render_too_often(request, form, refused, str(TOO_MANY_LETTERS), template=template)
    email = form.cleaned_data["email"]
    if settings.LETTERS_ARRIVE:
        form.send()
        messages.success(
            request,
            gettext("A link is on its way to %(email)s. Open it, and you sign in with that address.")
            % {"email": email},
        )
    elif form.move():
        messages.success(request, gettext("From now on you sign in as %(email)s.") % {"email": email})
    else:
        return render_page(request, template, form)
    return redirect("accounts:profile")


@never_cache
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a letter's link. It asks once more: a GET never writes, and mail programs look at links."""
    wanted = signed_links.Move.read(token)
    user = wanted.user if wanted else None
    if wanted is None or user is None:
        return render(request, "accounts/email-confirm.html", status=410)
    if request.method != "POST":
        return render(request, "accounts/email-confirm.html", {"wanted": wanted})
    if not address_change.move(user, wanted.email, confirmed=True):
        return render(request, "accounts/email-confirm.html", status=410)
    messages.success(request, gettext("From now on you sign in as %(email)s.") % {"email": wanted.email})
    return redirect("accounts:profile")


@sensitive_post_parameters("password", "new_password")
@login_required
@fresh_or_password
@never_cache
def password_change(request: HttpRequest) -> HttpResponse:
    if not reload_user(request).may_use_password:
        return answer(request, 403, "No passwords here", NO_PASSWORDS)
    form = PasswordChangeForm(request, get_data(request))
    if form.is_valid():
        places.keep_here(request, form.save())
        messages.success(request, gettext("Your password is changed. Other devices were signed out."))
        return redirect("accounts:profile")
    return render_page(request, "accounts/password-change.html", form)


@sensitive_post_parameters("password")
@login_required
@fresh_or_password
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    form = DeleteForm(request, get_data(request))
    if form.is_valid() and form.delete_account():
        logout(request)
        messages.success(request, gettext("Your account and everything in it is deleted."))
        return redirect("accounts:sign-in")
    return render_page(request, "accounts/delete.html", form)
