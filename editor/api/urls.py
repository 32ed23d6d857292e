"""Addresses for programs.

Each also with a slash at its end, and without a redirect: a POST would lose its body.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from . import remove, tasks
from .errors import ApiError, telling
from .reference import openapi, page
from .requests.forms import FORMS

app_name = "api"

VISUAL = "^api/tasks/visual"
ENDPOINTS = "|".join(FORMS)


@csrf_exempt
@telling
async def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    raise ApiError(404, "There is no such address. The reference at /api/ lists all there are.")


urlpatterns = [
    path("api/", page.reference, name="reference"),
    re_path(r"^api/openapi\.json$", openapi.openapi, name="openapi"),
    re_path(rf"{VISUAL}/background/scenes/?$", tasks.scenes, name="scenes"),
    re_path(rf"{VISUAL}/(?P<endpoint>{ENDPOINTS})/?$", tasks.create, name="create"),
    re_path(rf"{VISUAL}/(?P<endpoint>{ENDPOINTS})/(?P<task_id>[^/]+)/?$", tasks.query, name="query"),
    re_path(r"^v1/remove/?$", remove.remove, name="remove"),
    re_path(r"^v1/me/?$", remove.me, name="me"),
    re_path(r"^(?P<rest>(api/|v1(/|$)).*)$", nothing_here),
]
