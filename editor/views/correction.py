"""Correcting a cutout by strokes that say what to keep and what to remove."""

import uuid

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from editor.forms import CorrectionForm
from editor.models import Result
from editor.tools import Tool
from editor.work import orders
from web.language.sentences import tell

from . import desk
from .access import Request, signed_in
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
