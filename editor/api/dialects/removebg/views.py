"""remove.bg's two addresses: a cutout as the answer, and what the key's owner has left."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from accounts import ledger
from accounts.models import ApiKey
from editor.api.access.auth import with_key
from editor.api.errors import ApiError, View
from editor.api.picture_calls import PICTURES, encode_picture, make_picture, stream_file, wants_json
from editor.engines import errors
from editor.engines.io import words
from editor.models import Photo, Result, Task
from editor.states import State

from .forms import RemoveBgForm

ENDPOINT = "removebg"
# What an account without a limit is told to have: clients count with it.
NO_LIMIT = 1_000_000_000
TYPES = {"person": "person", "object": "product"}


def tell_pace(view: View) -> View:
    """Have every answer say how many calls are left, and stay out of caches."""

    async def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = await view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if pace := getattr(request, "pace", None):
            for name, value in pace.headers.items():
                response[name] = value
        return response

    called.csrf_exempt = True  # type: ignore[attr-defined]
    return called


@tell_pace
@with_key("POST", "order")
async def remove(request: HttpRequest) -> HttpResponseBase:
    """Take a picture in and answer with its cutout, as bytes or in JSON."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await make_picture(request, key, ENDPOINT, RemoveBgForm)
    if task.status is not State.DONE:
        raise await sync_to_async(explain_failure)(task)
    return await sync_to_async(answer_done)(task, inline=wants_json(request))


def answer_done(task: Task, *, inline: bool) -> HttpResponseBase:
    result: Result = task.results.get()
    place = find_place(task, result)
    response: HttpResponseBase
    if inline:
        told: dict[str, Any] = {"result_b64": encode_picture(task)}
        told |= {f"foreground_{name}": value for name, value in place.items()}
        response = JsonResponse({"data": told})
    else:
        response = stream_file(task)
    width, height = task.facts.get("canvas", (result.width, result.height))
    headers = {
        "X-Credits-Charged": task.credits,
        "X-Width": result.width,
        "X-Height": result.height,
        "X-Max-Width": width,
        "X-Max-Height": height,
        **{f"X-Foreground-{name.title()}": value for name, value in place.items()},
    }
    if task.answer.get("tells_type"):
        headers["X-Type"] = name_type(task)
    for header, value in headers.items():
        response[header] = str(value)
    return response


def find_place(task: Task, result: Result) -> dict[str, int]:
    """Return where in the picture the subject is: all of it, where nobody said."""
    left, top, right, bottom = task.facts.get("placed", (0, 0, result.width, result.height))
    return {"top": top, "left": left, "width": right - left, "height": bottom - top}


def name_type(task: Task) -> str:
    """Return what the subject was taken for: a person or a thing, which of things as the call said."""
    took = TYPES.get(task.facts.get("took", ""), "other")
    asked = task.answer.get("type", "auto")
    return asked if took == "product" and asked not in ("auto", "person") else took


def explain_failure(task: Task) -> ApiError:
    """Return the refusal of a call whose task has failed; whose fault that was decides about its status."""
    if task.status not in PICTURES:
        return ApiError(500, task.sentence)
    return ApiError(400, task.sentence, code=name_failure(task))


def name_failure(task: Task) -> str:
    """Return remove.bg's code for why a picture would not do."""
    # The ground is looked at last: where there is one that did not come, the picture itself was sound.
    of_ground = task.backdrop is not None and not task.backdrop.file and bool(task.photo.file)
    picture: Photo = task.backdrop if of_ground and task.backdrop is not None else task.photo
    match task.status:
        case State.NOT_FETCHED:
            return "failed_bg_download" if of_ground else "failed_image_download"
        case State.OVER_URL_LIMIT:
            return "file_too_large"
        case State.NOTHING_FOUND:
            return "unknown_foreground"
        case State.NOT_A_PICTURE:
            return "failed_to_read_image" if picture.file else "invalid_file_type"
    if not picture.file:
        return "resolution_too_high"
    if region := task.params.get("region"):
        try:
            words.resolve_region(region, picture.width, picture.height)
        except errors.RegionOutside:
            return "roi_exceeds_bounds"
        except errors.RegionEmpty:
            return "roi_region_empty"
    return "invalid_dimensions"


@tell_pace
@with_key("GET", "poll")
async def account(request: HttpRequest) -> HttpResponseBase:
    """Answer with the credits behind the key."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    return JsonResponse(await sync_to_async(describe_account)(key))


def describe_account(key: ApiKey) -> dict[str, Any]:
    """Return what is left: credits of the plan's month are of the subscription, granted ones are paid for."""
    left, of_plan = ledger.get_shares(key.owner)
    if left is None:
        left = of_plan = NO_LIMIT
    credits = {"total": left, "subscription": of_plan, "payg": left - of_plan, "enterprise": 0}
    return {"data": {"attributes": {"credits": credits, "api": {"free_calls": 0, "sizes": "all"}}}}
