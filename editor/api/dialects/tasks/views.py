"""The four task endpoints of the seeds 000 to 003, and the scenes that one of them offers."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static

from accounts import ledger
from accounts.models import ApiKey
from editor import scenes as catalogue
from editor.api import long_poll, payloads, task_status
from editor.api.access.auth import by_get, with_key
from editor.api.errors import ApiError
from editor.api.orders import place_order
from editor.api.picture_calls import stream_file
from editor.api.requests.call_form import BINARY, URL
from editor.models import Scene, Task
from editor.remote import routing
from editor.states import State
from editor.tools import Tool
from editor.work import orders

from .forms import FORMS


@with_key("POST", "order")
async def create(request: HttpRequest, endpoint: str) -> HttpResponseBase:
    """Take an order in; with sync=1 answer when it has ended.

    What has not after the seeds' longest time has failed by their state -8 and costs nothing: who waited
    got no picture, and may never ask again.
    """
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await sync_to_async(place_order)(request, key, endpoint, FORMS[endpoint])
    if not task.answer["waits"]:
        return forbid_caching(JsonResponse(payloads.describe_new(task)))
    if not task.status.is_settled and not await long_poll.wait_until_settled(task.pk):
        await sync_to_async(orders.time_out)(task)
    return forbid_caching(await sync_to_async(answer_ended)(task))


def answer_ended(task: Task) -> HttpResponseBase:
    """Answer with the task as it stands now: the picture itself where that was asked and is there."""
    fresh = Task.objects.filter(pk=task.pk).first()
    if fresh is None:
        raise ApiError(404, task_status.NO_TASK)
    if fresh.answer.get("return_type", URL) == BINARY and fresh.status is State.DONE:
        return stream_file(fresh)
    return JsonResponse(payloads.describe_task(fresh))


@by_get
async def query(request: HttpRequest, endpoint: str, task_id: str) -> HttpResponse:
    """Answer how a task goes, to the key that may see it. poll_fast_path.py has the same answer."""
    status, headers, body = await sync_to_async(task_status.answer_poll)(
        request.path, request.headers, endpoint, task_id
    )
    return HttpResponse(body, status=status, headers=headers)


@with_key("GET", "poll")
async def scenes(request: HttpRequest) -> HttpResponseBase:
    """Answer with the scenes on offer."""
    return JsonResponse(await sync_to_async(list_offered)())


def list_offered() -> dict[str, Any]:
    if absent := routing.explain_absence(Tool.SCENE):
        return {"status": 200, "message": absent, "data": {"scenes": []}}
    listed = [
        {
            "scene_type": scene.number,
            "name": scene.name,
            "category": scene.category,
            "thumbnail": settings.SITE_URL + static(catalogue.find_thumbnail(scene.number)),
        }
        for scene in Scene.objects.offered()
    ]
    return tell({"scenes": listed})


# What an account without a limit is told to have: clients count with it.
NO_LIMIT = 1_000_000_000


@with_key("GET", "free")
async def coins(request: HttpRequest) -> HttpResponseBase:
    """Answer with what is left, as the service's clients add it up before they order."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return forbid_caching(JsonResponse(tell(await sync_to_async(list_coins)(key))))


@with_key("GET", "free")
async def package_credits(request: HttpRequest) -> HttpResponseBase:
    """Answer with the same, as clients of today add it up."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return forbid_caching(JsonResponse(tell(await sync_to_async(list_packages)(key))))


def tell(data: Any) -> dict[str, Any]:
    return {"status": 200, "message": payloads.SUCCESS, "data": data}


def count_credits(key: ApiKey) -> tuple[int, int, int]:
    """Return the credits that are left, how many of them are this month's, and how many it has used."""
    left, of_plan = ledger.get_shares(key.owner)
    used, _ = ledger.count_used(key.owner, Task.objects.owned_by(key.owner).under_way())
    return (NO_LIMIT, NO_LIMIT, used) if left is None else (left, of_plan, used)


def list_coins(key: ApiKey) -> list[dict[str, Any]]:
    """Return limits and what was used of them: what is left is the difference, of the month and for good."""
    left, of_plan, used = count_credits(key)
    month = {"period_limit": of_plan + used, "period_used": used}
    return [{"service_name": "visual", "lifetime_limit": left - of_plan, "lifetime_used": 0, **month}]


def list_packages(key: ApiKey) -> list[dict[str, Any]]:
    left, _, used = count_credits(key)
    return [{"remaining_credits": left, "used_credits": used}]


def forbid_caching(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    return response
