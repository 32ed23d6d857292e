"""The trash: what was deleted, with the ways back and the way out."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from editor.models import Photo, PhotoQuerySet, Result, ResultQuerySet
from editor.views.access import Request, signed_in
from editor.views.responses import get_first_error, say
from editor.work import trash
from web.error_pages import is_by_script
from web.language.sentences import tell

PAGE = 96
RELOAD = _("Load the page again, and tick what you mean.")


class TrashForm(forms.Form):
    """What of a trash is meant: the ticked, what was thrown away at one moment, or all of it."""

    all = forms.BooleanField(required=False)
    moment = forms.CharField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.items = data.getlist("item")

    def clean_moment(self) -> datetime | None:
        text = self.cleaned_data["moment"]
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise forms.ValidationError(RELOAD, code="no_moment")
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            pairs = [item.split("-", 1) for item in self.items]
            data["keys"] = {
                kind: [uuid.UUID(key) for name, key in pairs if name == kind] for kind in ("photo", "result")
            }
        except ValueError:
            raise forms.ValidationError(RELOAD, code="no_items") from None
        if not (data.get("all") or data.get("moment") or self.items or self.errors):
            raise forms.ValidationError(gettext("Tick something first."), code="none")
        return data

    @property
    def sentence(self) -> str:
        return get_first_error(self)

    def chosen_of(self, owner: User) -> tuple[PhotoQuerySet, ResultQuerySet]:
        """Return the photos and results of a person's trash that are meant."""
        photos = Photo.with_trash.owned_by(owner).in_trash()
        results = Result.with_trash.owned_by(owner).in_trash()
        data = self.cleaned_data
        if data["all"]:
            return photos, results
        if data["moment"]:
            return photos.filter(trashed_at=data["moment"]), results.filter(trashed_at=data["moment"])
        return photos.filter(pk__in=data["keys"]["photo"]), results.filter(pk__in=data["keys"]["result"])


@require_safe
@signed_in
def trash_page(request: Request) -> HttpResponseBase:
    """What is in the trash, what was thrown away last first."""
    user = request.user
    asked = request.GET.get("from", "0")
    start = min(int(asked), 10**6) if asked.isascii() and asked.isdigit() else 0
    found = trash.list_items(user, start, PAGE + 1)
    context = {
        "items": found[:PAGE],
        "load": trash.weigh_trash(user),
        "more": start + PAGE if len(found) > PAGE else 0,
        "start": start,
        "days": trash.KEPT.days,
    }
    return render(request, "editor/gallery/trash.html", context)


@require_POST
@signed_in
def trash_restore(request: Request) -> HttpResponseBase:
    """Bring back what is meant, a picture with its photo, a photo with what went along with it."""
    form = TrashForm(request.POST)
    if not form.is_valid():
        return answer(request, form.sentence, status=422)
    photos, results = form.chosen_of(request.user)
    return answer(request, tell(trash.restore(photos, results).sentence))


@require_POST
@signed_in
def trash_delete(request: Request) -> HttpResponseBase:
    """Give up what is meant. A few are gone with their files by the answer, many go by and by."""
    user = request.user
    form = TrashForm(request.POST)
    if not form.is_valid():
        return answer(request, form.sentence, status=422)
    trash.give_up(*form.chosen_of(user))
    photos, results = Photo.with_trash.owned_by(user), Result.with_trash.owned_by(user)
    trash.delete(photos.given_up(), results.given_up(), trash.FEW)
    if left := trash.weigh_trash(user).going:
        return answer(
            request,
            gettext("%(left)s more are being deleted for good. That goes on by itself.")
            % {"left": intcomma(left)},
        )
    return answer(
        request, gettext("The trash is empty.") if form.cleaned_data["all"] else gettext("Deleted for good.")
    )


def answer(request: Request, sentence: str, status: int = 200) -> HttpResponse:
    if is_by_script(request):
        if status == 200:
            return JsonResponse({"sentence": sentence})
        return say(sentence, status)
    (messages.error if status != 200 else messages.success)(request, sentence)
    return redirect("editor:gallery" if request.POST.get("to") == "gallery" else "editor:trash")
