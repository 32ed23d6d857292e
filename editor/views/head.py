"""Heads: finding them so that the page can ring them, and cutting out those that were chosen."""

import uuid

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from editor.forms import HeadForm
from editor.models import Photo
from editor.tools import Tool
from editor.work import orders
from web.language.sentences import tell

from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, refuse, show_task
from .tools.registry import find_tool


@signed_in
@require_POST
def start_head(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = get_own_photo(request, photo_id)
    form = HeadForm(request.POST)
    if not form.is_valid():
        return refuse(request, get_first_error(form), 422, photo, form)
    try:
        task = orders.place(photo.owner, photo, Tool.HEAD, form.to_params())
    except orders.OrderRefused as exc:
        return refuse(request, tell(exc.sentence), exc.status, photo, form)
    return show_task(request, task)


@signed_in
@require_POST
def find_heads(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """Have the heads of a photo found, once."""
    photo = get_own_photo(request, photo_id)
    if photo.heads is None:
        orders.find_heads(photo)
    return show_rings(request, photo)


@signed_in
@require_safe
def heads(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """The rings around a photo's heads, as far as they were found."""
    return show_rings(request, get_own_photo(request, photo_id))


def show_rings(request: Request, photo: Photo) -> HttpResponse:
    tool = find_tool(Tool.HEAD)
    if not request.htmx:
        return redirect(reverse("editor:photo", args=[photo.pk]) + tool.query)
    sight = tool.sight.of(photo, tool, request.GET)
    return render(request, "editor/tools/head/stage.html", {"sight": sight, "tool": tool, "asked": True})
