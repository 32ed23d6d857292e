"""The editor page: the desk with a photo on it, which can leave it."""

import uuid

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from editor.models import Photo
from editor.work import trash

from . import desk
from .access import Request, signed_in
from .responses import get_own_photo
from .tools.registry import find_tool_in_hand


@require_safe
def home(request: Request) -> HttpResponse:
    return redirect("editor:editor")


@signed_in
@require_safe
def editor(request: Request) -> HttpResponseBase:
    """The desk with the newest photo, or empty."""
    return desk.show(request, Photo.objects.owned_by(request.user).on_the_desk().first())


@signed_in
@require_safe
def photo(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """The desk with this photo; ?result= picks one of its results."""
    return desk.show(request, get_own_photo(request, photo_id))


@signed_in
@require_POST
def put_away(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """Take a photo off the desk. It and its results stay in the gallery."""
    photo = get_own_photo(request, photo_id)
    beside = find_neighbour(photo)
    moment = timezone.now()
    Photo.objects.filter(pk=photo.pk).put_away(moment)
    said = {
        "sentence": gettext("%(name)s put away.") % {"name": photo.name},
        "moment": moment.isoformat(),
        "photo": str(photo.pk),
    }
    return trigger_client_event(show_instead(request, beside), "desk:put-away", said)


@signed_in
@require_POST
def delete_photo(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """Move a photo to the trash with everything made of it."""
    photo = get_own_photo(request, photo_id)
    beside = find_neighbour(photo)
    trashed = trash.throw_photos(Photo.objects.filter(pk=photo.pk))
    said = {
        "sentence": gettext("%(name)s moved to the trash.") % {"name": photo.name},
        "moment": trashed.moment.isoformat(),
        "photo": str(photo.pk),
    }
    return trigger_client_event(show_instead(request, beside), "desk:deleted", said)


def find_neighbour(photo: Photo) -> Photo | None:
    """The photo that comes up when this one leaves: the next older, or else the newest."""
    others = Photo.objects.owned_by(photo.owner).on_the_desk().exclude(pk=photo.pk)
    return others.filter(created_at__lte=photo.created_at).first() or others.first()


def show_instead(request: Request, photo: Photo | None) -> HttpResponse:
    """Show another photo after one has left the desk, under its own address."""
    address = reverse("editor:photo", args=[photo.pk]) if photo else reverse("editor:editor")
    following = redirect(address + find_tool_in_hand(request).query)
    if not request.htmx:
        return following
    response = desk.show(request, photo)
    response["HX-Replace-Url"] = following.url
    return response
