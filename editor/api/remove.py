"""Seed 004: background removal in one call, and what the key's owner has left."""

import asyncio
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from accounts import allowance, ledger
from accounts.models import ApiKey
from editor.models import Task
from editor.states import State
from editor.work import orders
from web import api_errors

from . import long_poll, tasks
from .access.auth import with_key
from .errors import ApiError, View
from .orders import place_order
from .requests.forms import RemoveForm

ENDPOINT = "remove"
# Whose fault a failure is: the picture's or its address', or ours.
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


@give_id
@with_key("POST", "order")
async def remove(request: HttpRequest) -> HttpResponseBase:
    """Take a picture in and answer with its cutout."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await place_or_cancel(request, key)
    if not task.status.is_settled and (why := await wait_for_task(task)):
        raise ApiError(503, why, Retry_After="30")
    return await sync_to_async(answer_with_picture)(task)


async def place_or_cancel(request: HttpRequest, key: ApiKey) -> Task:
    """Place the order. Where its caller leaves in the midst of it, it is cancelled as soon as it stands."""
    placing = asyncio.ensure_future(sync_to_async(place_order)(request, key, ENDPOINT, RemoveForm))
    try:
        return await asyncio.shield(placing)
    except asyncio.CancelledError:
        await sync_to_async(orders.cancel)(await placing)
        raise


async def wait_for_task(task: Task) -> str:
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


def answer_with_picture(task: Task) -> HttpResponseBase:
    """Answer with the picture. Raises ApiError where there is none."""
    fresh = Task.objects.filter(pk=task.pk).first()
    if fresh is None:
        raise ApiError(500, api_errors.BROKEN)
    if fresh.status is not State.DONE:
        details = f"state {fresh.state}: {fresh.status.word}"
        code = "image_too_large" if fresh.status is State.OVER_URL_LIMIT else ""
        raise ApiError(400 if fresh.status in PICTURES else 500, fresh.sentence, code=code, details=details)
    response = tasks.stream_file(fresh)
    response["X-Processing-Time-Ms"] = str(round((fresh.seconds or 0.0) * 1000))
    return response


@give_id
@with_key("GET", "poll")
async def me(request: HttpRequest) -> HttpResponseBase:
    """Answer with the account behind the key."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return JsonResponse(await sync_to_async(describe_account)(key))


def describe_account(key: ApiKey) -> dict[str, Any]:
    """Return what seed 004's service tells of an account: what was used this month, and how much it can be.

    maxCredits is null where there is no limit. What is set aside for work under way is neither used nor
    gone: it counts among what can be used.
    """
    used, most = ledger.count_used(key.owner, Task.objects.owned_by(key.owner).under_way())
    return {
        "organizationId": str(key.owner_id),
        "plan": allowance.get_allowance(key.owner).plan,
        "maxCredits": most,
        "usedCredits": used,
        "autoRechargeThreshold": None,
    }
