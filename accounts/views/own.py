"""Pages of a person's own account: name, e-mail, password, leaving."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import DeleteForm, EmailChangeForm, NameForm, PasswordChangeForm
from accounts.models import User

from .pages import page, posted


def copy_of(request: HttpRequest) -> User:
    """The signed-in person afresh: a form that fails must not change what the header shows."""
    return User.objects.get_by_natural_key(request.user.get_username())


@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    form = NameForm(posted(request), instance=copy_of(request))
    if form.is_valid():
        form.save()
        messages.success(request, "Your name is saved.")
        return redirect("accounts:profile")
    return page(request, "accounts/profile.html", form)


@sensitive_post_parameters("password")
@login_required
@never_cache
def email_change(request: HttpRequest) -> HttpResponse:
    form = EmailChangeForm(request, posted(request), instance=copy_of(request))
    if form.is_valid() and (user := form.try_to_save()):
        messages.success(request, f"From now on you sign in as {user.email}.")
        return redirect("accounts:profile")
    return page(request, "accounts/email-change.html", form)


@sensitive_post_parameters("password", "new_password")
@login_required
@never_cache
def password_change(request: HttpRequest) -> HttpResponse:
    form = PasswordChangeForm(request, posted(request))
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "Your password is changed. Other devices were signed out.")
        return redirect("accounts:profile")
    return page(request, "accounts/password-change.html", form)


@sensitive_post_parameters("password")
@login_required
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    form = DeleteForm(request, posted(request))
    if form.is_valid() and form.delete_account():
        logout(request)
        messages.success(request, "Your account and everything in it is deleted.")
        return redirect("accounts:sign-in")
    return page(request, "accounts/delete.html", form)
