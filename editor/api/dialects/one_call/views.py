"""Seed 004: background removal in one call, and what the key's owner has left."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from accounts import allowance, ledger
from accounts.models import ApiKey
from editor.api.access.auth import with_key
from editor.api.errors import ApiError
from editor.api.picture_calls import PICTURES, give_id, make_picture, stream_file
from editor.models import Task
from editor.states import State

from .forms import RemoveForm

ENDPOINT = "remove"
# Status and code of failures that the service has names for.
FAILURES = {
    State.NOT_A_PICTURE: (422, "invalid_image"),
    State.OVER_URL_LIMIT: (400, "image_too_large"),
}
FAILED = (500, "processing_failed")
# How sure the cutout is, by the header that tells so.
MATTE = {"X-Matte-Confidence": "confidence", "X-Matte-Ambiguous-Ratio": "ambiguous"}


@give_id
@with_key("POST", "order")
async def remove(request: HttpRequest) -> HttpResponseBase:
    """Take a picture in and answer with its cutout."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await make_picture(request, key, ENDPOINT, RemoveForm)
    return await sync_to_async(answer_with_picture)(task)


def answer_with_picture(task: Task) -> HttpResponseBase:
    """Answer with the picture. Raises ApiError where there is none."""
    if task.status is not State.DONE:
        status, code = FAILURES.get(task.status) or ((400, "") if task.status in PICTURES else FAILED)
        details = f"state {task.state}: {task.status.word}"
        raise ApiError(status, task.sentence, code=code, details=details)
    response = stream_file(task)
    response["X-Processing-Time-Ms"] = str(round((task.seconds or 0.0) * 1000))
    for header, fact in MATTE.items():
        if isinstance(share := task.facts.get(fact), int | float):
            response[header] = f"{share:.4f}"
    return response


@give_id
@with_key("GET", "free")
async def me(request: HttpRequest) -> HttpResponseBase:
    """Answer with the account behind the key."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return JsonResponse(await sync_to_async(describe_account)(key))


def describe_account(key: ApiKey) -> dict[str, Any]:
    """Return what seed 004's service tells of an account: what was used this month, and how much it can be.

    maxCredits is null where there is no limit. What is set aside for work under way is neither used nor
    gone: it counts among what can be used. Nothing is recharged by itself here, so no threshold is told.
    """
    used, most = ledger.count_used(key.owner, Task.objects.owned_by(key.owner).under_way())
    return {
        "organizationId": str(key.owner_id),
        "plan": allowance.get_allowance(key.owner).plan,
        "maxCredits": most,
        "usedCredits": used,
    }
