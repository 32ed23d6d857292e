"""How remove.bg's addresses tell of errors."""

import json

from web.api_errors import Answer, Family, Refusal

# What a status is called where nothing more is known.
CODES = {
    402: "insufficient_credits",
    403: "auth_failed",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "file_too_large",
    422: "invalid_idempotency_key",
    429: "rate_limit_exceeded",
}
# Of these its document says 400.
WRONG_REQUESTS = frozenset({413, 422})


def tell(refusal: Refusal) -> Answer:
    status = refusal.status
    code = refusal.code or CODES.get(status, "")
    if not code and status == 400 and refusal.details:
        code = f"invalid_{refusal.details}"
    error = {"title": refusal.sentence} | ({"code": code} if code else {})
    status = 400 if status in WRONG_REQUESTS else status
    return status, {"Content-Type": "application/json"}, json.dumps({"errors": [error]}).encode()


HEADERS = (
    "X-Credits-Charged",
    "X-Type",
    "X-Width",
    "X-Height",
    "X-Max-Width",
    "X-Max-Height",
    "X-Foreground-Top",
    "X-Foreground-Left",
    "X-Foreground-Width",
    "X-Foreground-Height",
)
"""What its answers tell of a picture beside the picture."""

# Its list knows no 401: a missing key is as a wrong one there.
FAMILY = Family(("/v1.0/",), tell, {401: 403}, exposed=HEADERS)
