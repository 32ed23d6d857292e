"""Correcting a cutout by strokes that say what to keep and what to remove."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from editor.files import downloads
from editor.forms import CorrectionForm
from editor.models import Result, Task
from editor.tools import Tool
from editor.work import orders
from web.language.sentences import tell

from . import desk
from .access import Request, signed_in
from .files import Waiting, waits_for_renders
from .responses import get_first_error, refuse
from .tools.registry import find_tool


@signed_in
@require_POST
def correct(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """Cut a result's photo out once more as these strokes say; the result itself stays."""
    cutouts = Result.objects.owned_by(request.user).filter(tool=Tool.CUTOUT).select_related("task", "photo")
    result = get_object_or_404(cutouts, pk=result_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return refuse(request, get_first_error(form), 422, result.photo)
    try:
        task = orders.correct(result, form.cleaned_data["strokes"])
    except orders.OrderRefused as exc:
        return refuse(request, tell(exc.sentence), exc.status, result.photo)
    address = reverse("editor:photo", args=[result.photo_id])
    made = task.results.filter(kind=result.kind).first()
    picked = f"?result={made.pk}" if made else ""
    if not request.htmx:
        return redirect(address + picked)
    response = desk.answer(
        request, result.photo, find_tool(Tool.CUTOUT), query={"result": str(made.pk)} if made else None
    )
    response["HX-Replace-Url"] = address + picked
    return response


LOOK_EVERY = 0.03
LONGEST = 20.0
"""Seconds between two looks at a correction, and for how long somebody waits for what it changes."""


@require_safe
@waits_for_renders
@signed_in
def task_patch(request: Request, task_id: uuid.UUID) -> HttpResponseBase | Waiting:
    """What a correction changes of the stage, as soon as that is there: before its file is written.

    Where it lies is said in X-Patch. Without content where it ended, and its result counts.
    """
    task = get_object_or_404(Task.objects.owned_by(request.user).filter(tool=Tool.CUTOUT), pk=task_id)
    return ComingPatch(request, task)


@dataclass(frozen=True)
class ComingPatch(Waiting):
    """An answer that waits for what a correction changes, on no thread."""

    request: Request
    task: Task

    async def answer(self) -> HttpResponseBase:
        until = time.monotonic() + LONGEST
        while not (answer := await sync_to_async(self.look)()):
            if time.monotonic() > until:
                return HttpResponse(status=204)
            await asyncio.sleep(LOOK_EVERY)
        return answer

    def look(self) -> HttpResponseBase | None:
        """Return the answer, None as long as there is none."""
        task = Task.objects.filter(pk=self.task.pk).only("early", "facts", "state").first()
        if task is None or task.status.is_settled:
            return HttpResponse(status=204)
        if not task.early or "patch" not in task.facts:
            return None
        made = downloads.send_stored(
            self.request, task.early[0], picture_format="png", file_name="patch.png", cache=downloads.NEVER
        )
        made["X-Patch"] = json.dumps(task.facts["patch"])
        return made
