"""The page on which somebody has a copy made of all that the studio has of them, and its download."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import belongings
from accounts.export import asking
from accounts.identity import entrance
from accounts.models import Export
from web.error_pages import answer
from web.file_answers import NEVER, send_open

from .onward import reload_user
from .proof import lead_to_proof

logger = logging.getLogger(__name__)


@login_required
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    user = reload_user(request)
    if request.method == "POST":
        if not entrance.is_fresh(request):
            return lead_to_proof(reverse("accounts:export"))
        asking.ask(user)
        return redirect("accounts:export")
    newest = asking.find_newest(user)
    context: dict[str, Any] = {"export": newest, "bytes": belongings.count_bytes(user)}
    if newest is not None and newest.state == Export.State.DONE:
        context["address"] = asking.make_path(newest)
    response = render(request, "accounts/export.html", context)
    if request.headers.get("HX-Request") and not (newest and newest.is_under_way):
        # What follows it has buttons of another kind by now: the whole page changes.
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def export_delete(request: HttpRequest) -> HttpResponse:
    if asking.drop(reload_user(request)):
        messages.success(request, gettext("The copy is deleted."))
    return redirect("accounts:export")


@login_required
@require_safe
def export_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The copy itself, to its owner while they are signed in. name: for whoever saves the file."""
    try:
        found = asking.find_by_address(reload_user(request), token)
    except asking.AddressExpired:
        page = reverse("accounts:export")
        return answer(
            request,
            410,
            gettext("This address has expired"),
            gettext("There is a new one at %(page)s.") % {"page": page},
        )
    if found is None:
        raise Http404
    try:
        file = default_storage.open(found.stored)
    except FileNotFoundError:
        logger.error("The copy %s of somebody's data is missing.", found.stored)
        return answer(
            request,
            404,
            gettext("The copy is gone"),
            gettext("Have another one made on your account's page."),
        )
    return send_open(
        request,
        file,
        found.bytes,
        content_type="application/zip",
        file_name=f"{asking.name_archive(found)}.zip",
        attachment=True,
        cache=NEVER,
        etag=f'"{found.pk.hex}"',
        is_large=True,
    )
