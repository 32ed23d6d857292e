"""How Photoroom's addresses tell of errors."""

import json

from web.api_errors import Answer, Family, Refusal

TYPES = {
    400: "invalid_request",
    402: "plan_limit_exceeded",
    403: "insufficient_permissions",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    429: "rate_limit_exceeded",
}
INVALID_KEY, BROKEN = "invalid_api_key", "internal_server_error"
# Its document knows no 401 and no 413; a key that is none is forbidden there.
STATUSES = {401: 403, 413: 400, 422: 400, 503: 500, 507: 500}


def tell(refusal: Refusal) -> Answer:
    status = STATUSES.get(refusal.status, refusal.status)
    kind = INVALID_KEY if refusal.status == 401 else TYPES.get(status, BROKEN)
    body = {
        "detail": refusal.sentence,
        "status_code": status,
        "type": refusal.code or kind,
    }
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


# Its first version's addresses begin as the one call's do.
FAMILY = Family(("/v1/segment/", "/v1/account/", "/v2/"), tell)
