"""Answers that views share: a sentence that says why not, the task that was placed, one's own photo."""

import uuid

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from editor.models import Photo, Task
from web.error_pages import is_by_script, say_when

from . import desk
from .access import Request
from .tools.registry import find_tool


def get_own_photo(request: Request, photo_id: uuid.UUID) -> Photo:
    """Return a photo of the person who asks. Raises Http404 for anybody else's."""
    return get_object_or_404(Photo.objects.owned_by(request.user).sources(), pk=photo_id)


def get_first_error(form: Form) -> str:
    """Return the first of a refused form's sentences."""
    return next(str(error) for errors in form.errors.values() for error in errors)


def say(sentence: str, status: int) -> HttpResponse:
    """Answer a script with a sentence, which it shows as it is."""
    return say_when(HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8"))


def refuse(
    request: Request, sentence: str, status: int, photo: Photo | None = None, form: Form | None = None
) -> HttpResponse:
    """Say why not: to a script the sentence with its status, to a browser on the page it came from.

    form: the options that were sent, so that the page keeps what was typed and chosen.
    """
    if is_by_script(request):
        return say(sentence, status)
    messages.error(request, sentence)
    newest = Photo.objects.owned_by(request.user).on_the_desk().first()
    response = desk.show(request, photo or newest, form)
    response.status_code = status
    return say_when(response)


def show_task(request: Request, task: Task) -> HttpResponseBase:
    """Show the task that was placed, at the photo's own address: what was marked or picked is past."""
    tool = find_tool(task.tool)
    address = reverse("editor:photo", args=[task.photo_id]) + tool.query
    if not request.htmx:
        return redirect(address)
    response = desk.answer(request, task.photo, tool, task)
    response["HX-Replace-Url"] = address
    return response
