"""Cutting a photo out: the order, with the picture that is to stand behind."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from editor.files import uploads
from editor.forms import CutoutForm
from editor.models import Photo, Task
from editor.tools import Tool
from editor.work import orders

from . import desk
from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, refuse
from .tools.registry import find_tool


@signed_in
@require_POST
def start_cutout(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = get_own_photo(request, photo_id)
    form = CutoutForm(request.POST, request.FILES)
    if not form.is_valid():
        return refuse(request, get_first_error(form), 422, photo, form)
    try:
        task = order_cutout(photo, form)
    except (uploads.UploadRefused, orders.OrderRefused) as exc:
        return refuse(request, exc.sentence, exc.status, photo, form)
    if request.htmx:
        return desk.answer(request, photo, find_tool(Tool.CUTOUT), task)
    return redirect("editor:photo", photo.pk)


def order_cutout(photo: Photo, form: CutoutForm) -> Task:
    """Place the order of a valid form, with the picture behind it where one came along."""
    upload = form.backdrop_upload
    backdrop = find_backdrop(photo.owner, upload, form.backdrop_before)
    try:
        return orders.place(photo.owner, photo, Tool.CUTOUT, form.to_params(), backdrop)
    except orders.OrderRefused:
        if upload is not None and backdrop is not None:
            orders.delete_photo(backdrop)
        raise


def find_backdrop(owner: User, upload: UploadedFile | None, before: uuid.UUID | None) -> Photo | None:
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
