"""The address of rembg's server: a picture comes in, its cutout or its mask goes out."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import ApiKey
from editor.api.access.auth import with_key
from editor.api.errors import ApiError
from editor.api.picture_calls import PICTURES, give_id, make_picture, stream_file
from editor.models import Task
from editor.states import State

from .forms import ServerForm

ENDPOINT = "rembg"


@give_id
@with_key("GET or POST", "order")
async def remove(request: HttpRequest) -> HttpResponseBase:
    """Take a picture in and answer with its cutout.

    Its server takes the order by GET as well. That needs the key in a header, which no page of another site
    can send unasked; a HEAD orders nothing.
    """
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    task = await make_picture(request, key, ENDPOINT, ServerForm)
    return await sync_to_async(answer_with_picture)(task)


def answer_with_picture(task: Task) -> HttpResponseBase:
    """Answer with the picture. Raises ApiError where there is none."""
    if task.status is not State.DONE:
        raise ApiError(400 if task.status in PICTURES else 500, task.sentence)
    return stream_file(task)
