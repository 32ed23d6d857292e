"""Calls whose answer is the picture itself: ordered, waited for, and cancelled where nobody could have it."""

import asyncio
import base64
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from accounts.models import ApiKey
from editor.files import downloads
from editor.models import Task
from editor.states import State
from editor.work import orders
from web import api_errors
from web.file_answers import FileStream

from . import long_poll
from .errors import ApiError, View
from .orders import place_order
from .requests.call_form import CallForm

# Failures that are the picture's or its address' fault; all others are ours.
PICTURES = frozenset(
    {
        State.NOT_A_PICTURE,
        State.UNSUITABLE,
        State.NOTHING_FOUND,
        State.NOT_FETCHED,
        State.OVER_URL_LIMIT,
    }
)


def give_id(view: View) -> View:
    """Give a call the id that its answer carries, whatever becomes of it."""

    async def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.request_id = api_errors.new_request_id()  # type: ignore[attr-defined]
        response = await view(request, *args, **kwargs)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response["Cache-Control"] = "no-store"
        return response

    called.csrf_exempt = True  # type: ignore[attr-defined]
    return called


async def make_picture(request: HttpRequest, key: ApiKey, endpoint: str, form_class: type[CallForm]) -> Task:
    """Return the task of a call once it has ended, however it did. Raises ApiError 503 where it is late."""
    task = await place_or_cancel(request, key, endpoint, form_class)
    if not task.status.is_settled and (why := await wait_for_end(task)):
        raise ApiError(503, why, headers={"Retry-After": "30"})
    fresh = await sync_to_async(Task.objects.filter(pk=task.pk).first)()
    if fresh is None:
        raise ApiError(500, api_errors.BROKEN)
    return fresh


async def place_or_cancel(
    request: HttpRequest, key: ApiKey, endpoint: str, form_class: type[CallForm]
) -> Task:
    """Place the order. Where its caller leaves in the midst of it, it is cancelled as soon as it stands."""
    place = partial(place_order, request, key, endpoint, form_class, waits=True)
    placing = asyncio.ensure_future(sync_to_async(place)())
    try:
        return await asyncio.shield(placing)
    except asyncio.CancelledError:
        await sync_to_async(orders.cancel)(await placing)
        raise


async def wait_for_end(task: Task) -> str:
    """Wait for a task. Return why it was in vain, "" where it was not.

    What takes too long, or whose caller leaves, is cancelled: nobody could have it.
    """
    done, why = False, ""
    try:
        done = await long_poll.wait_until_settled(task.pk)
        if not done:
            why = await sync_to_async(orders.describe_vain_wait)(task)
    finally:
        if not done and not await sync_to_async(orders.cancel)(task):
            why = ""  # it has ended meanwhile
    return why


def wants_json(request: HttpRequest) -> bool:
    """Whether JSON is asked for and no picture would do: many clients take both by default."""
    kinds = {f"{kind.main_type}/{kind.sub_type}" for kind in request.accepted_types}
    return "application/json" in kinds and not any(
        kind == "*/*" or kind.startswith("image/") for kind in kinds
    )


def encode_picture(task: Task) -> str:
    """Return the one picture that a task made in base64."""
    with task.results.get().file.open("rb") as file:
        return base64.b64encode(file.read()).decode()


def stream_file(task: Task) -> StreamingHttpResponse:
    """Answer with the one picture that a task made, streamed from any storage."""
    result = task.results.get()
    file = result.file.open("rb")
    response = StreamingHttpResponse(FileStream(file))
    response["Content-Type"] = downloads.get_content_type(result.format)
    response["Content-Length"] = str(result.bytes)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Image-Width"], response["X-Image-Height"] = str(result.width), str(result.height)
    response["X-Task-ID"] = str(task.pk)
    return response
