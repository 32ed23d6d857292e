"""The desk: the tool in hand with its options, one photo with the work done on it, the filmstrip."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from editor.engines import formats
from editor.models import Photo, Task

from .rail import TOOLS, ToolButton, tool_of
from .strip import Strip


def show(request: HttpRequest, photo: Photo | None) -> HttpResponse:
    """Render the desk with a photo on it, or empty: whole to a browser, its changing part to htmx."""
    tool = tool_of(request, photo)
    context: dict[str, Any] = {
        "tool": tool,
        "sight": tool.sight.of(photo, tool, request.GET) if photo else None,
        "max_bytes": formats.MAX_BYTES,
    }
    if request.headers.get("HX-Request"):
        return render(request, "editor/photo.html", {**context, "oob": True})
    context |= {"tools": TOOLS, "strip": Strip.of(request.user)}  # type: ignore[arg-type]  # behind signed_in
    return render(request, "editor/editor.html", context | options_of(request, tool))


def options_of(request: HttpRequest, tool: ToolButton) -> dict[str, Any]:
    """Return the tool's form with what this person asked for last, and what there is to choose from."""
    user: Any = request.user
    last = Task.objects.owned_by(user).filter(tool=tool.tool, api_key=None).newest_first().first()
    form = tool.sight.options(user, last.params if last else {})
    return {"form": form, **tool.sight.choices(user, form)}


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
