"""What the reference and the OpenAPI document say of remove.bg's addresses."""

from typing import Any

from editor.api.reference.operations import PICTURE, describe_operation, describe_response, make_object
from editor.api.reference.reference_data import PHOTO, Call, Endpoint, Schema

from .errors import HEADERS
from .forms import RemoveBgForm

BEGINNING = "/v1.0/"
WHOLE: Schema = {"type": "integer", "minimum": 0}
PACE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
INLINE = make_object(
    {
        "data": make_object(
            {
                "result_b64": {"type": "string"},
                **{f"foreground_{name}": WHOLE for name in ("top", "left", "width", "height")},
            }
        )
    }
)

REMOVEBG = Endpoint(
    "removebg",
    "Remove background, as remove.bg",
    "One call in remove.bg's words: the answer is the picture's bytes, or JSON with it in base64 where the "
    " call's Accept says application/json and no picture would do.",
    RemoveBgForm,
    notes=(
        "Bodies may be JSON as well, with the same names. A picture may have 22 MB.",
        "The headers X-Width, X-Height, X-Max-Width, X-Max-Height, X-Foreground-Top, -Left, -Width, -Height, "
        "X-Type, X-Credits-Charged and X-RateLimit-Limit, -Remaining and -Reset tell of it.",
    ),
    beginning=BEGINNING,
    headers=(*HEADERS, *PACE),
    kinds={"application/json": INLINE, "application/zip": PICTURE},
    takes_json=True,
    example=Call(PHOTO, "cutout.png", {"size": "auto", "crop": "true"}),
)

STATUSES = {
    400: "missing_source, multiple_sources, multiple_bg_sources, file_too_large, resolution_too_high, "
    "invalid_file_type, failed_to_read_image, invalid_dimensions, unknown_foreground, failed_image_download, "
    "failed_bg_download, roi_exceeds_bounds, roi_region_empty, or invalid_ and the parameter's name.",
    402: "insufficient_credits: too few credits.",
    403: "auth_failed: no API key, a wrong or revoked one, a suspended account, or the tool not in its plan.",
    404: "not_found: the task of this Idempotency-Key is gone.",
    405: "method_not_allowed",
    408: "request_timeout: the upload stalled.",
    429: "rate_limit_exceeded: wait for as long as Retry-After says.",
    500: "Something broke on our side; nothing was charged.",
    503: "It was not done within three minutes; nothing was charged.",
    507: "The studio's disk is full.",
}


def describe_account() -> dict[str, Any]:
    """Return the GET of the account behind a key, by its path."""
    credits = make_object(dict.fromkeys(("total", "subscription", "payg", "enterprise"), WHOLE))
    api = make_object({"free_calls": WHOLE, "sizes": {"type": "string", "const": "all"}})
    whole = make_object({"data": make_object({"attributes": make_object({"credits": credits, "api": api})})})
    statuses = {code: STATUSES[code] for code in (403, 405, 429, 500)}
    told = {"200": describe_response("What is left of the credits.", whole)}
    get = describe_operation(
        "removebg-account", "The account, as remove.bg", "Its credits.", told, statuses, "RemoveBgRefusal"
    )
    return {f"{BEGINNING}account": {"get": get}}
