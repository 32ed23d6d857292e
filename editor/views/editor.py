"""The editor page: the desk, the photo on it, and what can be ordered and done there."""

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.models import User
from editor.files import uploads
from editor.forms import CutoutForm
from editor.models import Photo, Task
from editor.tools import Tool
from editor.work import orders, trash

from . import desk
from .access import by_script, signed_in
from .tools.registry import tool_named, tool_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("editor:editor")


@signed_in
@require_safe
def editor(request: HttpRequest) -> HttpResponseBase:
    """The desk with the newest photo, or empty."""
    return desk.show(request, Photo.objects.owned_by(request.user).on_the_desk().first())


@signed_in
@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """The desk with this photo; ?result= picks one of its results."""
    return desk.show(request, own_photo(request, photo_id))


@signed_in
@require_POST
def start_cutout(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = own_photo(request, photo_id)
    form = CutoutForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, first_error(form), 422, photo, form)
    try:
        task = order_cutout(request, photo, form)
    except (uploads.UploadRefused, orders.OrderRefused) as exc:
        return refused(request, exc.sentence, exc.status, photo, form)
    if request.headers.get("HX-Request"):
        return desk.answer(request, photo, tool_named(Tool.CUTOUT), task)
    return redirect("editor:photo", photo.pk)


@signed_in
@require_POST
def put_away(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Take a photo off the desk. It and its results stay in the gallery."""
    photo = own_photo(request, photo_id)
    beside = neighbour(photo)
    moment = timezone.now()
    Photo.objects.filter(pk=photo.pk).put_away(moment)
    said = {"sentence": f"{photo.name} put away.", "moment": moment.isoformat(), "photo": str(photo.pk)}
    return trigger_client_event(instead_of(request, beside), "desk:put-away", said)


@signed_in
@require_POST
def delete_photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Move a photo to the trash with everything made of it."""
    photo = own_photo(request, photo_id)
    beside = neighbour(photo)
    trashed = trash.throw_photos(Photo.objects.filter(pk=photo.pk))
    said = {
        "sentence": f"{photo.name} moved to the trash.",
        "moment": trashed.moment.isoformat(),
        "photo": str(photo.pk),
    }
    return trigger_client_event(instead_of(request, beside), "desk:deleted", said)


def own_photo(request: HttpRequest, photo_id: uuid.UUID) -> Photo:
    return get_object_or_404(Photo.objects.owned_by(request.user).sources(), pk=photo_id)


def order_cutout(request: HttpRequest, photo: Photo, form: CutoutForm) -> Task:
    """Place the order of a valid form, with the picture behind it where one came along."""
    upload = form.backdrop_upload
    backdrop = backdrop_of(photo.owner, upload, form.backdrop_before)
    try:
        return orders.place(photo.owner, photo, Tool.CUTOUT, form.to_params(), backdrop)
    except orders.OrderRefused:
        if upload is not None and backdrop is not None:
            orders.delete_photo(backdrop)
        raise


def backdrop_of(owner: User, upload: UploadedFile | None, before: uuid.UUID | None) -> Photo | None:
    """Return the picture that is to stand behind: one that came along, or one that did before.

    Raises UploadRefused, and OrderRefused where the one of before is gone.
    """
    if upload is not None:
        return uploads.receive(owner, upload, Photo.Purpose.BACKDROP)
    if before is None:
        return None
    pictures = Photo.objects.owned_by(owner).filter(purpose=Photo.Purpose.BACKDROP)
    backdrop = pictures.filter(pk=before).first()
    if backdrop is None:
        raise orders.OrderRefused("backdrop_is_gone", "That picture was deleted. Choose it again.", 409)
    return backdrop


def neighbour(photo: Photo) -> Photo | None:
    """The photo that comes up when this one leaves: the next older, or else the newest."""
    others = Photo.objects.owned_by(photo.owner).on_the_desk().exclude(pk=photo.pk)
    return others.filter(created_at__lte=photo.created_at).first() or others.first()


def instead_of(request: HttpRequest, photo: Photo | None) -> HttpResponse:
    """Show another photo after one has left the desk, under its own address."""
    address = reverse("editor:photo", args=[photo.pk]) if photo else reverse("editor:editor")
    following = redirect(address + tool_of(request).query)
    if not request.headers.get("HX-Request"):
        return following
    response = desk.show(request, photo)
    response["HX-Replace-Url"] = following.url
    return response


def first_error(form: Form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def refused(
    request: HttpRequest, sentence: str, status: int, photo: Photo | None = None, form: Form | None = None
) -> HttpResponse:
    """Say why not: to a script the sentence with its status, to a browser on the page it came from.

    form: the options that were sent, so that the page keeps what was typed and chosen.
    """
    if by_script(request):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    messages.error(request, sentence)
    newest = Photo.objects.owned_by(request.user).on_the_desk().first()
    response = desk.show(request, photo or newest, form)
    response.status_code = status
    return response
