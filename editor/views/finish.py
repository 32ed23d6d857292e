"""Finishes from the page: set, undone, done again, given to many photos. Nothing of it is an order.

Scripts get JSON, as describe_current has it; a browser without them goes back to the photo's page.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from editor import finishes
from editor.files import uploads
from editor.forms import FinishForm
from editor.models import Photo
from editor.work import orders
from editor.work.backdrops import find_backdrop
from web.error_pages import is_by_script
from web.language.sentences import tell

from . import desk
from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, say
from .tools.cutout import describe_current

MOST_PHOTOS = 5000


class ApplyingForm(forms.Form):
    """Which photos are to have the finish of one. Their keys come in one field, or in one each."""

    photos = forms.CharField(error_messages={"required": _("Choose the photos first.")})
    source = forms.UUIDField(
        error_messages={"required": _("Say whose finish it is."), "invalid": _("Load the page again.")}
    )

    def __init__(self, data: Any) -> None:
        keys = ",".join(data.getlist("photos"))
        super().__init__({"photos": keys, "source": data.get("from", "")})

    def clean_photos(self) -> list[uuid.UUID]:
        try:
            keys = [uuid.UUID(key) for key in self.cleaned_data["photos"].split(",") if key]
        except ValueError:
            raise forms.ValidationError(gettext("Load the page again, and choose the photos anew.")) from None
        if len(keys) > MOST_PHOTOS:
            raise forms.ValidationError(
                gettext("Up to %(most_photos)s photos at once. Choose fewer.") % {"most_photos": MOST_PHOTOS}
            )
        return keys


@signed_in
@require_POST
def finish(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """Have a finish count for a photo. JSON: what describe_current has of it."""
    photo = get_own_photo(request, photo_id)
    form = FinishForm(request.POST, request.FILES)
    if not form.is_valid():
        return refuse_finish(request, get_first_error(form), 422, photo, form)
    try:
        current = keep_finish(photo, form)
    except (uploads.UploadRefused, orders.OrderRefused) as exc:
        return refuse_finish(request, tell(exc.sentence), exc.status, photo, form)
    return show_current(request, photo, current)


def keep_finish(photo: Photo, form: FinishForm) -> finishes.Current:
    """Set the finish of a valid form, with the picture behind it where one came along."""
    backdrop = find_backdrop(photo.owner, form.backdrop_upload, form.backdrop_before)
    return finishes.set_finish(photo, form.to_finish(), backdrop)


@signed_in
@require_POST
def finish_undo(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    return move(request, photo_id, finishes.undo)


@signed_in
@require_POST
def finish_redo(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    return move(request, photo_id, finishes.redo)


def move(
    request: Request, photo_id: uuid.UUID, step: Callable[[Photo], finishes.Current]
) -> HttpResponseBase:
    photo = get_own_photo(request, photo_id)
    return show_current(request, photo, step(photo))


@signed_in
@require_POST
def finish_apply(request: Request) -> HttpResponseBase:
    """Give the finish of one photo to many.

    JSON: count, how many have it now; photos, the keys of those that had another before, where going back
    by one undoes this; sentence, which says so.
    """
    form = ApplyingForm(request.POST)
    own = Photo.objects.owned_by(request.user).sources()
    if not form.is_valid():
        return refuse_finish(request, get_first_error(form), 422)
    source = get_object_or_404(own, pk=form.cleaned_data["source"])
    photos = list(own.filter(pk__in=form.cleaned_data["photos"]))
    if not photos:
        return refuse_finish(
            request, gettext("None of these photos is there any longer. Choose others."), 422, source
        )
    changed = finishes.apply_to(photos, source)
    sentence = ngettext(
        "%(count)s photo has this finish now.", "%(count)s photos have this finish now.", len(photos)
    ) % {"count": len(photos)}
    if is_by_script(request):
        keys = [str(photo.pk) for photo in changed]
        return JsonResponse({"count": len(photos), "photos": keys, "sentence": sentence})
    messages.success(request, sentence)
    return redirect("editor:photo", source.pk)


def show_current(request: Request, photo: Photo, current: finishes.Current) -> HttpResponseBase:
    """Tell a script what counts now, send a browser to the photo."""
    if is_by_script(request):
        return JsonResponse(describe_current(photo, current))
    return redirect(reverse("editor:photo", args=[photo.pk]))


def refuse_finish(
    request: Request, sentence: str, status: int, photo: Photo | None = None, form: FinishForm | None = None
) -> HttpResponse:
    """Say why not: to a script in a sentence, to a browser on the photo's page with what was typed."""
    if is_by_script(request):
        return say(sentence, status)
    messages.error(request, sentence)
    newest = Photo.objects.owned_by(request.user).on_the_desk().first()
    response = desk.show(request, photo or newest, finishing=form)
    response.status_code = status
    return response
