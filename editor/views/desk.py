"""The desk: the tool in hand with its options, one photo with the work done on it, the filmstrip."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render

from accounts import allowance
from editor.engines.limits import STUDIO
from editor.forms import FinishForm
from editor.models import Photo, Task
from editor.remote import routing
from editor.work import orders

from .access import Request
from .filmstrip.strip import Strip
from .tools.base import make_form_of_last_order
from .tools.cutout import list_ground_choices
from .tools.registry import TOOLS, ToolButton, find_tool_in_hand, find_tool_of_form


def show(
    request: Request, photo: Photo | None, form: Form | None = None, finishing: FinishForm | None = None
) -> HttpResponse:
    """Render the desk with a photo on it, or empty: whole to a browser, its changing part to htmx.

    form: a tool's options as they were sent and refused; they are shown once more, with their errors.
    finishing: a finish, the same.
    """
    tool = find_tool_of_form(form) if form is not None else find_tool_in_hand(request, photo)
    context: dict[str, Any] = {
        "tool": tool,
        "sight": tool.sight.of(photo, tool, request.GET) if photo else None,
        "max_bytes": STUDIO.bytes,
    }
    if request.htmx:
        response = render(request, "editor/desk/photo.html", {**context, "oob": True})
        response["X-Tool"] = tool.tool
        return response
    user = request.user
    context |= {
        "tools": TOOLS,
        "strip": Strip.of(user, around=photo, opened=photo.pk if photo else None),
        "put_away": Photo.objects.owned_by(user).sources().last_put_away(),
    }
    sight = context["sight"]
    form = form or (sight.asked if sight else make_form_of_last_order(user, tool))
    if tool.tool not in allowance.get_allowance(user).tools:
        context["barred"] = orders.describe_absence_in_plan(tool.tool)
    if absent := routing.explain_absence(tool.tool):
        context["barred"] = absent
    context |= {"form": form, **tool.sight.choices(user, form, photo)}
    if finishing is not None:
        context |= list_ground_choices(user, finishing)
    return render(request, "editor/desk.html", context)


def answer(
    request: Request,
    photo: Photo,
    tool: ToolButton,
    task: Task | None = None,
    query: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Render what changes once a task was placed, stopped or settled: its card, the stage, the results.

    query: what to look at, as an address says it; the newest result without it.
    """
    sight = tool.sight.of(photo, tool, query or {})
    context = {"sight": sight, "tool": tool, "task": task or sight.task, "oob": True}
    return render(request, "editor/desk/task.html", context)
