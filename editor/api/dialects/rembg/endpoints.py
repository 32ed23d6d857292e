"""What the reference and the OpenAPI document say of the address of rembg's server."""

from typing import Any

from editor.api.reference.operations import describe_call, describe_operation, make_object
from editor.api.reference.reference_data import PHOTO, Call, Endpoint

from .forms import ServerForm

REFUSAL_NAME = "RembgRefusal"
REMOVE = Endpoint(
    "rembg",
    "Remove background, as rembg’s server",
    "One call, and the picture itself is the answer, as PNG. By GET with url, or by POST.",
    ServerForm,
    notes=("rembg’s own server asks for no key. This one does, in X-API-KEY or as a bearer token.",),
    beginning="/api/",
    address="remove",
    headers=("X-Request-ID", "X-Image-Width", "X-Image-Height"),
    example=Call(PHOTO, "cutout.png", {"model": "isnet-general-use"}, field="file"),
)
STATUSES = {
    400: "A parameter is missing, wrong, or not done here, or no subject was found.",
    401: "No API key, or a wrong or revoked one.",
    402: "Too few credits.",
    403: "The key's account is suspended, or the tool is not in its plan.",
    405: "Another method is meant.",
    408: "The upload stalled.",
    413: "The picture is too large.",
    422: "The Idempotency-Key was used for another call.",
    429: "Wait for as long as Retry-After says.",
    500: "Something broke on our side. Nothing was charged.",
    503: "It was not done within three minutes; nothing was charged.",
    507: "The studio's disk is full.",
}
REFUSAL = make_object({"detail": {"type": "string"}})


def describe_more() -> dict[str, Any]:
    """Return the same by GET, its parameters in the address, by its path."""
    post = describe_call(REMOVE, STATUSES, REFUSAL_NAME)
    parameters = [
        {"name": one.name, "in": "query", "schema": one.schema, "description": one.about}
        for one in REMOVE.parameters
        if one.schema.get("format") != "binary"
    ]
    get = describe_operation(
        "rembg-by-get",
        REMOVE.title,
        "The same, with the picture's address as url.",
        {"200": post["responses"]["200"]},
        STATUSES,
        REFUSAL_NAME,
        parameters=parameters,
    )
    return {REMOVE.path: {"post": post, "get": get}}
