"""A product goes into a scene: what words are taken for, where it would stand, the order, one more take."""

import uuid

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from editor import scenes
from editor.files import uploads
from editor.forms import SceneForm
from editor.forms.framing import FramingForm
from editor.forms.understanding import UnderstandingForm
from editor.models import SOURCE_IS_GONE, Photo, Result, Task
from editor.tools import Tool
from editor.work import orders
from editor.work.backdrops import find_backdrop
from web.language.sentences import tell

from .access import Request, signed_in
from .responses import get_first_error, get_own_photo, refuse, show_task

NO_LONGER_OFFERED = _("This scene is no longer offered. Choose another one from the list.")


@signed_in
@require_POST
def start_scene(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """Put a photo's product into the scene that the form asks for; ?cutout= says which cutout of it."""
    photo = get_own_photo(request, photo_id)
    form = SceneForm(request.POST, request.FILES, page=True)
    if not form.is_valid():
        return refuse(request, get_first_error(form), 422, photo, form)
    try:
        task = order_scene(photo, form, find_cutout(photo, request.GET.get("cutout", "")))
    except (uploads.UploadRefused, orders.OrderRefused) as exc:
        return refuse(request, tell(exc.sentence), exc.status, photo, form)
    return show_task(request, task)


@signed_in
@require_POST
def another_take(request: Request, task_id: uuid.UUID) -> HttpResponseBase:
    """Photograph the same scene once more."""
    taken = Task.objects.owned_by(request.user).filter(tool=Tool.SCENE).select_related("photo")
    task = get_object_or_404(taken, pk=task_id)
    number = task.params.get("scene")
    if number is not None and not scenes.is_offered(number):
        return refuse(request, str(NO_LONGER_OFFERED), 409, task.photo)
    try:
        return show_task(request, orders.another_take(task))
    except orders.OrderRefused as exc:
        return refuse(request, tell(exc.sentence), exc.status, task.photo)


@signed_in
@require_safe
def scene_understood(request: Request) -> HttpResponseBase:
    """What a prompt would be taken for, or what of a scene would be taken out, in words."""
    return render(
        request, "editor/tools/scene/options.html#understood", UnderstandingForm(request.GET).describe()
    )


@signed_in
@require_safe
def scene_framing(request: Request) -> HttpResponseBase:
    """Where the product would stand and the horizon be, as JSON, for the stage."""
    form = FramingForm(request.GET)
    if not form.is_valid():
        return HttpResponse(get_first_error(form), status=400, content_type="text/plain; charset=utf-8")
    return JsonResponse(form.frame())


def find_cutout(photo: Photo, picked: str) -> Result | None:
    """Return what is to stand in the scene, None for the photo itself. Raises OrderRefused if it is gone."""
    found = scenes.find_cutout(photo, picked)
    if picked in ("", "photo") or (found is not None and str(found.pk) == picked):
        return found
    raise orders.OrderRefused("source_is_gone", SOURCE_IS_GONE, status=409)


def order_scene(photo: Photo, form: SceneForm, cutout: Result | None) -> Task:
    """Place the order of a valid form, with the photo of one's own that is the scene, or keep neither."""
    upload = form.backdrop_upload
    backdrop = find_backdrop(photo.owner, upload, form.backdrop_before)
    try:
        return orders.place(photo.owner, photo, Tool.SCENE, form.to_params(), backdrop, source_result=cutout)
    except orders.OrderRefused:
        if upload is not None and backdrop is not None:
            orders.delete_photo(backdrop)
        raise
