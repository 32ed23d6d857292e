"""The page of a person's API keys."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from accounts import allowance
from accounts.fields import focus
from accounts.forms import KeyForm
from accounts.models import ApiKey

from .pages import get_data


@login_required
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more. A new key is in the answer to its making and nowhere else."""
    form = KeyForm(request.user, get_data(request))
    secret = form.save() if form.is_valid() else ""
    if not secret:
        focus(form)
    context = {
        "form": KeyForm(request.user) if secret else form,
        "secret": secret,
        "keys": ApiKey.objects.owned_by(request.user).active().newest_first(),
        "allowance": allowance.get_allowance(form.owner),
    }
    return render(request, "accounts/keys.html", context, status=200 if secret or not form.is_bound else 422)


@login_required
@never_cache
def key_revoke(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """Asks on a page of its own; then no program gets in with the key any more."""
    key = get_object_or_404(ApiKey.objects.owned_by(request.user).active(), pk=key_id)
    if request.method != "POST":
        return render(request, "accounts/key-revoke.html", {"key": key})
    key.revoke()
    messages.success(
        request,
        gettext("The key %(key)s is revoked. Programs that use it are refused from now on.") % {"key": key},
    )
    return redirect("accounts:keys")
