"""The gallery page: find, look at, take away and delete what was made."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from editor import archives
from editor.gallery import Gallery, SelectionForm, delete
from picwish_site.errors import answer

from .access import signed_in


class Request(HttpRequest):
    """A request as it is behind the guard and the middleware."""

    user: User
    htmx: HtmxDetails


GONE = "These pictures are gone already. Reload the gallery to see what is there."


@require_safe
@signed_in
def gallery(request: Request) -> HttpResponseBase:
    """The page; to htmx, what changes with the filter, or the next cards alone."""
    asked = Gallery(request.user, request.GET)
    template = "editor/gallery.html"
    if request.htmx and not request.htmx.history_restore_request:
        template = "editor/gallery/cards.html" if asked.before else "editor/gallery/found.html"
    return render(request, template, {"gallery": asked})


@require_POST
@signed_in
def gallery_delete(request: Request) -> HttpResponseBase:
    """Delete the ticked pictures. Without scripts it asks first, on a page of its own."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return answer(request, 422, "Nothing was deleted", form.sentence)
    chosen = form.chosen_of(request.user)
    if not chosen.exists():
        return answer(request, 404, "Nothing was deleted", GONE)
    if not form.cleaned_data["confirmed"]:
        return render(request, "editor/gallery/delete.html", {"chosen": chosen.select_related("photo")})
    deleted = delete(chosen, with_originals=form.cleaned_data["with_originals"])
    if request.htmx:
        shown = Gallery(request.user, QueryDict(urlsplit(request.htmx.current_url or "").query))
        if shown.count:
            response = render(request, "editor/gallery/deleted.html", {"deleted": deleted, "gallery": shown})
            said = {"sentence": deleted.sentence}
            return trigger_client_event(response, "gallery:deleted", said, after="settle")
    messages.success(request, deleted.sentence)
    # htmx would put the page that it is sent to into this one: it loads the page anew instead.
    return HttpResponseClientRefresh() if request.htmx else redirect("editor:gallery")


@require_http_methods(["GET", "POST"])
@signed_in
def gallery_zip(request: Request) -> HttpResponseBase:
    """A ZIP of the ticked pictures (POST: many keys make too long an address), or of all that match."""
    if request.method == "POST":
        form = SelectionForm(request.POST)
        if not form.is_valid():
            return answer(request, 422, "Nothing to download", form.sentence)
        results = form.chosen_of(request.user)
    else:
        results = Gallery(request.user, request.GET).results
    found = list(results.select_related("photo").newest_first()[: archives.MAX_PICTURES + 1])
    if not found:
        return answer(
            request, 404, "Nothing to download", "No pictures match. Change the filter, or tick some."
        )
    return archives.send(found[: archives.MAX_PICTURES], more=len(found) > archives.MAX_PICTURES)
