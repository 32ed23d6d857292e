"""The page of where one is signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.identity import places

from .onward import reload_user


@login_required
@never_cache
@require_safe
def places_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accounts/places.html", {"places": places.list_places(request, reload_user(request))}
    )


@login_required
@require_POST
def place_end(request: HttpRequest, place_id: int) -> HttpResponse:
    if not places.end_place(reload_user(request), place_id):
        raise Http404
    messages.success(request, gettext("That browser is signed out."))
    return redirect("accounts:places")


@login_required
@require_POST
def places_end_others(request: HttpRequest) -> HttpResponse:
    places.end_others(request, reload_user(request))
    messages.success(request, gettext("You are signed out everywhere but here."))
    return redirect("accounts:places")
