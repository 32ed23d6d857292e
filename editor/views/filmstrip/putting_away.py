"""Photos leave the desk and come back: one, those that are finished, some, all. The gallery keeps them."""

import uuid
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from editor.models import Photo, PhotoQuerySet
from editor.states import State
from editor.views.access import Request, signed_in
from editor.views.responses import get_first_error, say
from web.error_pages import is_by_script

from .frames import select_newest_task

MOST_CHOSEN = 5000


class PuttingAwayForm(forms.Form):
    """Which photos are to leave the desk: all, those whose newest work is done, or the chosen."""

    WHICH = [("all", "all"), ("finished", "finished"), ("chosen", "chosen")]

    which = forms.ChoiceField(choices=WHICH, error_messages={"required": _("Say which photos.")})
    photos = forms.CharField(required=False)

    def clean_photos(self) -> list[uuid.UUID]:
        """Return the chosen photos' keys, which come in one field: there may be thousands."""
        try:
            keys = [uuid.UUID(key) for key in self.cleaned_data["photos"].split(",") if key]
        except ValueError:
            raise forms.ValidationError(gettext("Load the page again, and choose the photos anew.")) from None
        if len(keys) > MOST_CHOSEN:
            raise forms.ValidationError(
                gettext("Up to %(most_chosen)s photos at once. Choose fewer, or put away all.")
                % {"most_chosen": MOST_CHOSEN}
            )
        return keys

    def chosen_of(self, photos: PhotoQuerySet) -> PhotoQuerySet:
        which = self.cleaned_data["which"]
        if which == "all":
            return photos
        if which == "chosen":
            return photos.filter(pk__in=self.cleaned_data["photos"])
        return photos.annotate(task_state=select_newest_task("state")).filter(task_state=State.DONE)


class PuttingBackForm(forms.Form):
    """When what is to come back was put away."""

    moment = forms.CharField()

    def clean_moment(self) -> datetime:
        try:
            moment = datetime.fromisoformat(self.cleaned_data["moment"])
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise forms.ValidationError(gettext("Nothing was put away then."))
        return moment


@signed_in
@require_safe
def desk_photos(request: Request) -> HttpResponseBase:
    """The keys of all photos on the desk in their order, as JSON, for whoever chooses among them."""
    photos = Photo.objects.owned_by(request.user).on_the_desk()
    return JsonResponse({"photos": [str(key) for key in photos.values_list("pk", flat=True)]})


@signed_in
@require_POST
def put_many_away(request: Request) -> HttpResponseBase:
    form = PuttingAwayForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form)
    own, moment = Photo.objects.owned_by(request.user).sources().filter(on_desk=True), timezone.now()
    count = form.chosen_of(own).put_away(moment)
    return answer(
        request,
        ngettext("%(count)s photo put away.", "%(count)s photos put away.", count) % {"count": count},
        count=count,
        moment=moment.isoformat(),
    )


@signed_in
@require_POST
def put_back(request: Request) -> HttpResponseBase:
    form = PuttingBackForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form)
    count = Photo.objects.owned_by(request.user).sources().put_back(form.cleaned_data["moment"])
    return answer(
        request,
        ngettext("%(count)s photo back on the desk.", "%(count)s photos back on the desk.", count)
        % {"count": count},
        count=count,
    )


def answer(request: Request, sentence: str, **facts: object) -> HttpResponse:
    if is_by_script(request):
        return JsonResponse({"sentence": sentence, **facts})
    messages.success(request, sentence)
    return redirect("editor:editor")


def refuse_form(request: Request, form: forms.Form) -> HttpResponse:
    sentence = get_first_error(form)
    if is_by_script(request):
        return say(sentence, 422)
    messages.error(request, sentence)
    return redirect(reverse("editor:editor"))
