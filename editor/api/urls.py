"""Addresses for programs: those of each dialect, the reference, and an answer in JSON for all others."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from web import api_errors

from .dialects import registry
from .errors import ApiError, answer_errors
from .moving import page as moving
from .reference import openapi, page

app_name = "api"

# All below the beginning of a family; that itself too, where it is no page.
BEGINNINGS = "|".join(
    re.escape(beginning[1:]) + ("" if beginning in api_errors.PAGES else "|" + end)
    for dialect in registry.list_dialects()
    for beginning in dialect.family.beginnings
    for end in [re.escape(beginning.strip("/")) + "$"]
)


@csrf_exempt
@answer_errors
async def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    raise ApiError(404, "There is no such address. The reference at /api/ lists all there are.")


urlpatterns = [
    path("moving-here/", moving.moving, name="moving"),
    path("api/", page.reference, name="reference"),
    re_path(r"^api/openapi\.json$", openapi.openapi, name="openapi"),
    *(pattern for dialect in registry.list_dialects() for pattern in dialect.urlpatterns),
    re_path(rf"^(?P<rest>({BEGINNINGS}).*)$", nothing_here),
]
