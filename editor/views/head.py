"""Heads: finding them so that the page can ring them, and cutting out those that were chosen."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from editor.forms import HeadForm
from editor.models import Photo
from editor.tools import Tool
from editor.work import orders

from . import desk
from .access import signed_in
from .editor import first_error, own_photo, refused
from .tools.registry import tool_named


@signed_in
@require_POST
def start_head(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = own_photo(request, photo_id)
    form = HeadForm(request.POST)
    if not form.is_valid():
        return refused(request, first_error(form), 422, photo, form)
    try:
        task = orders.place(photo.owner, photo, Tool.HEAD, form.to_params())
    except orders.OrderRefused as exc:
        return refused(request, exc.sentence, exc.status, photo, form)
    tool = tool_named(Tool.HEAD)
    address = reverse("editor:photo", args=[photo.pk]) + tool.query
    if not request.headers.get("HX-Request"):
        return redirect(address)
    response = desk.answer(request, photo, tool, task)
    response["HX-Replace-Url"] = address
    return response


@signed_in
@require_POST
def find_heads(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Have the heads of a photo found, once."""
    photo = own_photo(request, photo_id)
    if photo.heads is None:
        orders.find_heads(photo)
    return shown(request, photo)


@signed_in
@require_safe
def heads(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """The rings around a photo's heads, as far as they were found."""
    return shown(request, own_photo(request, photo_id))


def shown(request: HttpRequest, photo: Photo) -> HttpResponse:
    tool = tool_named(Tool.HEAD)
    if not request.headers.get("HX-Request"):
        return redirect(reverse("editor:photo", args=[photo.pk]) + tool.query)
    sight = tool.sight.of(photo, tool, request.GET)
    return render(request, "editor/head-stage.html", {"sight": sight, "tool": tool, "asked": True})
