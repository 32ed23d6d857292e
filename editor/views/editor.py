"""The editor page: the desk, the photo on it, and what can be ordered and done there."""

import uuid

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from editor import orders, photos
from editor.forms import CutoutForm
from editor.models import Photo, Task, Tool

from . import desk
from .access import by_script, signed_in
from .rail import tool_named, tool_of


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
    except (photos.UploadRefused, orders.OrderRefused) as exc:
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
    photo.on_desk = False
    photo.save(update_fields=["on_desk"])
    return instead_of(request, beside)


@signed_in
@require_POST
def delete_photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = own_photo(request, photo_id)
    beside = neighbour(photo)
    orders.delete_photo(photo)
    return instead_of(request, beside)


def own_photo(request: HttpRequest, photo_id: uuid.UUID) -> Photo:
    return get_object_or_404(Photo.objects.owned_by(request.user).sources(), pk=photo_id)


def order_cutout(request: HttpRequest, photo: Photo, form: CutoutForm) -> Task:
    """Place the order of a valid form, with the picture behind it where one came along."""
    upload, backdrop = form.backdrop_upload, None
    if upload is not None:
        backdrop = photos.receive(photo.owner, upload, Photo.Purpose.BACKDROP)
    try:
        return orders.place(photo.owner, photo, Tool.CUTOUT, form.to_params(), backdrop)
    except orders.OrderRefused:
        if backdrop is not None:
            orders.delete_photo(backdrop)
        raise


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
