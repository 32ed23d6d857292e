"""How the one call tells of errors."""

import json

from web.api_errors import Answer, Family, Refusal, new_request_id

# Seed 004 names every error. What it has no name for goes by the nearest.
CODES = {
    400: "validation_error",
    401: "authentication_error",
    402: "payment_required",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "image_too_large",
    422: "validation_error",
    429: "rate_limit_exceeded",
    500: "internal_server_error",
    503: "upstream_error",
    507: "internal_server_error",
}


def tell_in_one_call(refusal: Refusal) -> Answer:
    status, code = refusal.status, refusal.code
    if status == 413:  # seed 004 counts it among the 400s
        status, code = 400, code or CODES[413]
    request_id = refusal.request_id or new_request_id()
    body: dict[str, object] = {
        "code": code or CODES.get(status, "validation_error" if status < 500 else "internal_server_error"),
        "message": refusal.sentence,
        "request_id": request_id,
    }
    if details := refusal.wrong or refusal.details:
        body["details"] = details
    headers = {"Content-Type": "application/json", "X-Request-ID": request_id}
    return status, headers, json.dumps(body).encode()


FAMILY = Family(("/v1/",), tell_in_one_call)
