"""What the reference and the OpenAPI document say of Photoroom's addresses."""

from typing import Any

from editor.api.reference.operations import (
    describe_call,
    describe_operation,
    describe_response,
    make_object,
)
from editor.api.reference.reference_data import PHOTO, Call, Endpoint, Schema

from .forms import EditForm, SegmentForm

REFUSAL_NAME = "PhotoroomRefusal"
UNCERTAINTY = (
    "The header x-uncertainty-score is 0 for a cutout that is sure and 1 for one that is not; -1 where that "
    "is not known."
)
HEADERS = ("X-Request-ID", "X-Image-Width", "X-Image-Height", "x-uncertainty-score")
SEGMENT = Endpoint(
    "segment",
    "Photoroom: remove background",
    "One call, and the picture itself is the answer; or JSON with base64img, where the header Accept asks "
    "for application/json.",
    SegmentForm,
    notes=(UNCERTAINTY, "A picture may have 30 MB."),
    beginning="/v1/",
    headers=HEADERS,
    kinds={"application/json": make_object({"base64img": {"type": "string"}})},
    example=Call(PHOTO, "cutout.png", {"size": "hd"}),
)
EDIT = Endpoint(
    "edit",
    "Photoroom: edit, the framing part",
    "Cuts a picture out, puts it on a canvas within margins, on a ground, with a shadow. By GET with "
    "imageUrl, or by POST. What else an edit can be is refused by its name.",
    EditForm,
    notes=(UNCERTAINTY, "A picture may have 30 MB."),
    beginning="/v2/",
    headers=HEADERS,
    example=Call(
        PHOTO,
        "framed.jpg",
        {"outputSize": "800x800", "padding": "0.1", "background.color": "white", "export.format": "jpg"},
        field="imageFile",
    ),
)
STATUSES = {
    400: "invalid_request: a parameter is missing, wrong, or not done here, or no subject was found.",
    402: "plan_limit_exceeded: too few credits.",
    403: "invalid_api_key: no API key, or a wrong or revoked one. insufficient_permissions: its account is "
    "suspended, or the tool is not in its plan.",
    404: "not_found: no such address.",
    405: "method_not_allowed: another method is meant.",
    408: "request_timeout: the upload stalled.",
    429: "rate_limit_exceeded: wait for as long as Retry-After says.",
    500: "internal_server_error: something broke on our side, or it was not done within three minutes. "
    "Nothing was charged.",
}
REFUSAL = make_object(
    {"detail": {"type": "string"}, "status_code": {"type": "integer"}, "type": {"type": "string"}}
)


def describe_more() -> dict[str, Any]:
    """Return what there is besides, by path: an edit by GET, and the accounts."""
    numbers = make_object({name: {"type": "integer"} for name in ("available", "subscription")})
    told = {
        "/v1/account": make_object({"credits": numbers}),
        "/v2/account": make_object({"images": numbers, "plan": {"type": "string"}}),
    }
    statuses = {code: STATUSES[code] for code in (403, 405, 500)}
    accounts = {
        path: {"get": describe_account(f"photoroom{path.replace('/', '-')}", schema, statuses)}
        for path, schema in told.items()
    }
    return {
        **accounts,
        EDIT.path: {"post": describe_call(EDIT, STATUSES, REFUSAL_NAME), "get": describe_get()},
    }


def describe_account(name: str, schema: Schema, statuses: dict[int, str]) -> dict[str, Any]:
    done = {"200": describe_response("The account behind the key.", schema)}
    return describe_operation(name, "The account", "Pictures left, and in all.", done, statuses, REFUSAL_NAME)


def describe_get() -> dict[str, Any]:
    """Return the edit that is ordered by GET: its parameters stand in the address."""
    parameters = [
        {"name": one.name, "in": "query", "schema": one.schema, "description": one.about}
        for one in EDIT.parameters
        if one.schema.get("format") != "binary"
    ]
    done = describe_call(EDIT, STATUSES, REFUSAL_NAME)["responses"]["200"]
    return describe_operation(
        "edit-by-get",
        EDIT.title,
        "The same, with the picture's address as imageUrl.",
        {"200": done},
        STATUSES,
        REFUSAL_NAME,
        parameters=parameters,
    )
