"""The desk: the tool in hand with its options, one photo with the work done on it, the filmstrip."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import allowance
from editor import orders, routes
from editor.engines import formats
from editor.models import Photo, Task

from .rail import TOOLS, ToolButton, tool_of, tool_with
from .strip import Strip


def show(request: HttpRequest, photo: Photo | None, form: Form | None = None) -> HttpResponse:
    """Render the desk with a photo on it, or empty: whole to a browser, its changing part to htmx.

    form: a tool's options as they were sent and refused; they are shown once more, with their errors.
    """
    tool = tool_with(form) if form is not None else tool_of(request, photo)
    context: dict[str, Any] = {
        "tool": tool,
        "sight": tool.sight.of(photo, tool, request.GET) if photo else None,
        "max_bytes": formats.MAX_BYTES,
    }
    if request.headers.get("HX-Request"):
        return render(request, "editor/photo.html", {**context, "oob": True})
    context |= {"tools": TOOLS, "strip": Strip.of(request.user)}  # type: ignore[arg-type]  # behind signed_in
    form = options_of(request, tool) if form is None else form
    if tool.tool not in allowance.of(request.user).tools:  # type: ignore[arg-type]  # behind signed_in
        context["barred"] = orders.not_in_plan(tool.tool)
    if absent := routes.absence(tool.tool):
        context["barred"] = absent
    context |= {"form": form, **tool.sight.choices(request.user, form)}  # type: ignore[arg-type]
    return render(request, "editor/editor.html", context)


def options_of(request: HttpRequest, tool: ToolButton) -> Form:
    """Return the tool's form with what this person asked for last."""
    user: Any = request.user
    last = Task.objects.owned_by(user).filter(tool=tool.tool, api_key=None).newest_first().first()
    return tool.sight.options(user, last.params if last else {})


def answer(
    request: HttpRequest,
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
    return render(request, "editor/task.html", context)
