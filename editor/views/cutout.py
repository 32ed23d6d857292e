"""Cutting a photo out: the order. What is done to the cutout then is no order (views/finish.py)."""

import uuid

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from editor.forms import SubjectForm
from editor.tools import Tool
from editor.work import orders
from web.language.sentences import tell

from . import desk
from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, refuse
from .tools.registry import find_tool


@signed_in
@require_POST
def start_cutout(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = get_own_photo(request, photo_id)
    form = SubjectForm(request.POST)
    if not form.is_valid():
        return refuse(request, get_first_error(form), 422, photo, form)
    try:
        task = orders.cut_out(photo, form.to_params())
    except orders.OrderRefused as exc:
        return refuse(request, tell(exc.sentence), exc.status, photo, form)
    if request.htmx:
        return desk.answer(request, photo, find_tool(Tool.CUTOUT), task)
    return redirect("editor:photo", photo.pk)
