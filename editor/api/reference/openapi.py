"""The OpenAPI 3.1 document, made of the dialects: of their forms, and of what they say of themselves."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from editor.api.access.auth import by_get
from editor.api.dialects import registry

from .operations import describe_answer, make_object

VERSION = "1.0"


@by_get
async def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(build_document())


@cache
def build_document() -> dict[str, Any]:
    """Return the whole document."""
    paths: dict[str, Any] = {}
    dialects = registry.list_dialects()
    schemas: dict[str, Any] = {dialect.refusal: dialect.refusal_schema for dialect in dialects}
    schemas["Created"] = describe_answer(make_object({"task_id": {"type": "string"}}))
    for dialect in dialects:
        paths |= dialect.describe_paths()
        schemas |= dialect.describe_schemas()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sweep",
            "version": VERSION,
            "description": "Cutouts, scenes, heads and erasing, over HTTP.",
        },
        "servers": [{"url": settings.SITE_URL}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-API-KEY"}},
            "schemas": schemas,
        },
    }
