"""One piece of work on the desk: how it goes, stopping it, and having it done again."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from editor.models import Task
from editor.work import orders
from web.error_pages import is_by_script
from web.language.sentences import tell

from .access import Request, signed_in
from .desk import answer
from .responses import say
from .tools.registry import find_tool


@signed_in
@require_safe
def task_status(request: Request, task_id: uuid.UUID) -> HttpResponseBase:
    """The status card. Under way it asks again by itself; settled it brings the result along."""
    return show_card(request, get_own_task(request, task_id))


@signed_in
@require_POST
def task_cancel(request: Request, task_id: uuid.UUID) -> HttpResponseBase:
    task = get_own_task(request, task_id)
    orders.cancel(task)
    task.refresh_from_db()
    return show_card(request, task)


@signed_in
@require_POST
def task_retry(request: Request, task_id: uuid.UUID) -> HttpResponseBase:
    """Place the same order once more."""
    task = get_own_task(request, task_id)
    try:
        return show_card(request, orders.retry(task))
    except orders.OrderRefused as exc:
        if is_by_script(request):
            return say(tell(exc.sentence), exc.status)
        messages.error(request, tell(exc.sentence))
        return redirect(reverse("editor:photo", args=[task.photo_id]) + find_tool(task.tool).query)


def get_own_task(request: Request, task_id: uuid.UUID) -> Task:
    return get_object_or_404(Task.objects.owned_by(request.user).select_related("photo"), pk=task_id)


def show_card(request: Request, task: Task) -> HttpResponse:
    """Render the card alone for htmx, with the stage and the results once there is something new."""
    tool = find_tool(task.tool)
    if not request.htmx:
        return redirect(reverse("editor:photo", args=[task.photo_id]) + tool.query)
    if not task.status.is_settled and request.method == "GET":
        # The results need not be looked up every second.
        sight = tool.sight.at_work(task.photo, tool, task)
        context = {"sight": sight, "tool": tool, "task": task, "oob": True}
        # What can be seen of it early is put on the stage when there is more of it, not every second.
        if tool.stage and request.GET.get("early", "0") != str(sight.seen):
            context["stage"] = tool.stage
        return render(request, "editor/desk/progress.html", context)
    response = answer(request, task.photo, tool)
    # What asked was the line that polls; what changes now is the card around it.
    response["HX-Retarget"], response["HX-Reswap"] = "#task", "outerHTML"
    return response
