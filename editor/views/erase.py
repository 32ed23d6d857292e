"""Erasing what was marked on a photo, or on a result of it, and filling it in another way."""

import uuid

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from editor.files import uploads
from editor.forms import EraseForm
from editor.models import SOURCE_IS_GONE, Photo, Result, Task
from editor.tools import Tool
from editor.work import erase_orders, orders
from web.language.sentences import tell

from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, refuse, show_task
from .tools.base import is_id


@signed_in
@require_POST
def start_erase(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """Erase what the form marks; ?mark= says on which result of the photo, if not on the photo itself."""
    photo = get_own_photo(request, photo_id)
    try:
        source = find_source(photo, request.GET.get("mark", "photo"))
        size = (source.width, source.height) if source else (photo.width, photo.height)
        form = EraseForm(request.POST, request.FILES, size=size)
        if not form.is_valid():
            return refuse(request, get_first_error(form), 422, photo, form)
        task = erase_orders.place(photo, form.to_params(), form.mask_uploads, source)
    except (uploads.UploadRefused, orders.OrderRefused) as exc:
        return refuse(request, tell(exc.sentence), exc.status, photo)
    return show_task(request, task)


@signed_in
@require_POST
def another_fill(request: Request, task_id: uuid.UUID) -> HttpResponseBase:
    """Erase the same marks in another way, as one more variant."""
    erased = Task.objects.owned_by(request.user).filter(tool=Tool.ERASE).select_related("photo")
    task = get_object_or_404(erased, pk=task_id)
    try:
        return show_task(request, orders.another_fill(task, get_format(request)))
    except orders.OrderRefused as exc:
        return refuse(request, tell(exc.sentence), exc.status, task.photo)


def get_format(request: Request) -> str:
    """Return the format that the options ask for, "" where they ask for none of ours."""
    wanted = request.POST.get("format", "")
    return wanted if wanted in dict(EraseForm.FORMATS) else ""


def find_source(photo: Photo, marked: str) -> Result | None:
    """Return the result that was marked, None for the photo itself. Raises OrderRefused where it is gone."""
    if marked == "photo":
        return None
    found = photo.results.pictures().filter(pk=marked).first() if is_id(marked) else None
    if found is None:
        raise orders.OrderRefused("source_is_gone", SOURCE_IS_GONE, status=409)
    return found
