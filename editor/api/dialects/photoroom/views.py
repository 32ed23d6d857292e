"""Photoroom's addresses: a background removed, an edit, and what the key's owner has left."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from accounts import allowance, ledger
from accounts.models import ApiKey
from editor.api.access.auth import with_key
from editor.api.errors import ApiError
from editor.api.picture_calls import (
    PICTURES,
    encode_picture,
    give_id,
    make_picture,
    stream_file,
    wants_json,
)
from editor.models import Task
from editor.states import State

from .forms import EditForm, SegmentForm

# What an account without a limit is told to have: clients count with it.
NO_LIMIT = 1_000_000_000
# What is told of a cutout that nobody judged.
NOT_KNOWN = "-1"


@give_id
@with_key("POST", "order")
async def segment(request: HttpRequest) -> HttpResponseBase:
    """Take a picture in and answer with its cutout, as bytes or in JSON."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await make_picture(request, key, "segment", SegmentForm)
    return await sync_to_async(answer_with_picture)(task, inline=wants_json(request))


@give_id
@with_key("GET or POST", "order")
async def edit(request: HttpRequest) -> HttpResponseBase:
    """Take a picture in and answer with what an edit makes of it.

    Its service takes the order by GET as well. That needs the key in a header, which no page of another
    site can send unasked; a HEAD orders nothing.
    """
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await make_picture(request, key, "edit", EditForm)
    return await sync_to_async(answer_with_picture)(task, inline=False)


def answer_with_picture(task: Task, *, inline: bool) -> HttpResponseBase:
    """Answer with the picture. Raises ApiError where there is none."""
    if task.status is not State.DONE:
        raise ApiError(400 if task.status in PICTURES else 500, task.sentence)
    response = JsonResponse({"base64img": encode_picture(task)}) if inline else stream_file(task)
    confidence = task.facts.get("confidence")
    is_known = isinstance(confidence, int | float)
    response["x-uncertainty-score"] = f"{1 - confidence:.4f}" if is_known else NOT_KNOWN
    return response


@give_id
@with_key("GET", "free")
async def account(request: HttpRequest) -> HttpResponseBase:
    """Answer with the account behind the key, as the first version tells it."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return JsonResponse({"credits": await sync_to_async(count_images)(key)})


@give_id
@with_key("GET", "free")
async def account_of_today(request: HttpRequest) -> HttpResponseBase:
    """Answer with the account behind the key, as the second version tells it."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return JsonResponse(await sync_to_async(describe_account)(key))


def describe_account(key: ApiKey) -> dict[str, Any]:
    return {"images": count_images(key), "plan": allowance.get_allowance(key.owner).plan}


def count_images(key: ApiKey) -> dict[str, int]:
    """Return how many pictures are left, and how many there are in all."""
    used, most = ledger.count_used(key.owner, Task.objects.owned_by(key.owner).under_way())
    most = NO_LIMIT if most is None else most
    return {"available": max(0, most - used), "subscription": most}
