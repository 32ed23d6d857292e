"""What the reference and the OpenAPI document say of the one call, and of the account behind a key."""

from typing import Any

from editor.api.reference.operations import describe_operation, describe_response, make_object
from editor.api.reference.reference_data import PHOTO, Call, Endpoint, Schema

from .forms import RemoveForm

REMOVE = Endpoint(
    "remove",
    "Remove background, in one call",
    "One call, and the picture itself is the answer.",
    RemoveForm,
    notes=(
        "The headers X-Image-Width, X-Image-Height, X-Processing-Time-Ms and X-Request-ID tell of it; "
        "X-Matte-Confidence how sure the cutout is, and X-Matte-Ambiguous-Ratio how much of it is half "
        "transparent, both 0 to 1, where that is known.",
        "Of several pictures the file counts before the address.",
    ),
    beginning="/v1/",
    headers=("X-Request-ID", "X-Processing-Time-Ms", "X-Image-Width", "X-Image-Height"),
    example=Call(PHOTO, "cutout.webp", {"format": "webp", "size": "medium"}),
)

STATUSES = {
    400: "validation_error, missing_image or image_too_large: also where no subject was found. details has "
    "every wrong parameter with what is wrong about it.",
    401: "authentication_error: no API key, or a wrong or revoked one.",
    402: "payment_required: too few credits.",
    403: "permission_denied: the key's account is suspended, or the tool is not in its plan.",
    405: "method_not_allowed",
    408: "request_timeout: the upload stalled.",
    422: "invalid_image: the file is no picture, or a damaged one. validation_error: the Idempotency-Key was "
    "used for another call.",
    429: "rate_limit_exceeded: wait for as long as Retry-After says.",
    500: "processing_failed: the picture could not be worked on. internal_server_error: something broke on "
    "our side. Neither costs anything.",
    503: "upstream_error: it was not done within three minutes; nothing was charged.",
    507: "internal_server_error: the studio's disk is full.",
}

# What is wrong with parameters is told by their names; of other refusals there may be more in words.
REFUSAL: Schema = {
    **make_object({name: {"type": "string"} for name in ("code", "message", "request_id")}),
    "additionalProperties": False,
}
REFUSAL["properties"]["details"] = {
    "type": ["object", "string"],
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}


def describe_account() -> dict[str, Any]:
    """Return the GET of the account behind a key, by its path."""
    fields: dict[str, Schema] = {
        "organizationId": {"type": "string"},
        "plan": {"type": "string"},
        "maxCredits": {"type": ["integer", "null"]},
        "usedCredits": {"type": "integer"},
    }
    statuses = {code: STATUSES[code] for code in (401, 403, 405, 500)}
    told = {"200": describe_response("The account behind the key.", make_object(fields))}
    get = describe_operation("me", "The account", "Its plan and credits.", told, statuses, "OneCallRefusal")
    return {"/v1/me": {"get": get}}
