"""The gallery page: find, look at, take away and delete what was made."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from editor.files import zip_archives
from editor.gallery import Gallery, SelectionForm, throw_away
from editor.views.access import Request, signed_in
from web.error_pages import answer
from web.language.sentences import tell

# Pictures that are named one by one where they are asked about, or taken off a page.
NAMED = 100
GONE = _("These pictures are gone already. Reload the gallery to see what is there.")


@require_safe
@signed_in
def gallery(request: Request) -> HttpResponseBase:
    """The page; to htmx, what changes with the filter, or the next cards alone."""
    asked = Gallery(request.user, request.GET)
    template = "editor/gallery.html"
    if request.htmx and not request.htmx.history_restore_request:
        template = "editor/gallery/found.html#cards" if asked.before else "editor/gallery/found.html"
    return render(request, template, {"gallery": asked})


@require_POST
@signed_in
def gallery_delete(request: Request) -> HttpResponseBase:
    """Move the ticked pictures, or all that match, to the trash. Without scripts it asks first, on a page."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return answer(request, 422, gettext("Nothing was deleted"), form.sentence)
    chosen = form.chosen_of(request.user)
    count = chosen.count()
    if not count:
        return answer(request, 404, gettext("Nothing was deleted"), str(GONE))
    if not form.cleaned_data["confirmed"]:
        some = chosen.select_related("photo").newest_first()[:NAMED]
        context = {"chosen": some, "count": count, "more": max(0, count - NAMED), "selection": form}
        return render(request, "editor/gallery/delete.html", context)
    trashed = throw_away(chosen, with_originals=form.cleaned_data["with_originals"])
    if request.htmx:
        shown = Gallery(request.user, QueryDict(urlsplit(request.htmx.current_url or "").query))
        if shown.total:
            context = {"trashed": trashed, "gallery": shown, "anew": len(trashed.results) > NAMED}
            response = render(request, "editor/gallery/deleted.html", context)
            said = {"sentence": tell(trashed.sentence), "moment": trashed.moment.isoformat()}
            return trigger_client_event(response, "gallery:deleted", said, after="settle")
    messages.success(request, tell(trashed.sentence), extra_tags=f"trash {trashed.moment.isoformat()}")
    # htmx would put the page that it is sent to into this one: it loads the page anew instead.
    return HttpResponseClientRefresh() if request.htmx else redirect("editor:gallery")


@require_http_methods(["GET", "POST"])
@signed_in
def gallery_zip(request: Request) -> HttpResponseBase:
    """A ZIP of the ticked pictures (POST: many keys make too long an address), or of all that match."""
    if request.method == "POST":
        form = SelectionForm(request.POST)
        if not form.is_valid():
            return answer(request, 422, gettext("Nothing to download"), form.sentence)
        results = form.chosen_of(request.user)
    else:
        results = Gallery(request.user, request.GET).results
    found = list(results.select_related("photo").newest_first()[: zip_archives.MAX_PICTURES + 1])
    if not found:
        return answer(
            request,
            404,
            gettext("Nothing to download"),
            gettext("No pictures match. Change the filter, or tick some."),
        )
    return zip_archives.send(found[: zip_archives.MAX_PICTURES], more=len(found) > zip_archives.MAX_PICTURES)
