"""How programs are told that something did not work: in JSON, in the shape of the family they ask.

Free of Django: the cap on bodies answers before Django is reached.
"""

import json
import secrets

# /api/tasks is the family of the seeds 000 to 003, /v1 that of seed 004.
TASKS, ONE_CALL = "/api/", "/v1/"
# The reference, which is a page and answers as pages do.
PAGE = "/api/"

BROKEN = "Something broke on our side. Try again; if it fails again, tell the studio's admin."

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
    503: "internal_server_error",
    507: "internal_server_error",
}


def to_program(path: str) -> bool:
    """Whether programs, not people, ask at this path."""
    return f"{path}/".startswith(ONE_CALL) or (path.startswith(TASKS) and path != PAGE)


def new_request_id() -> str:
    """Return what identifies one request to whoever helps with it."""
    return "req_" + secrets.token_hex(12)


def refusal(
    path: str, status: int, sentence: str, *, code: str = "", details: str = "", request_id: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and JSON body of a refusal in the shape of the family that path is of.

    code, details and request_id: for /v1 alone; made up where none are given.
    """
    if not f"{path}/".startswith(ONE_CALL):
        # Clients look into data before they look at the status.
        body: dict[str, object] = {"status": status, "message": sentence, "data": None}
        return status, {"Content-Type": "application/json"}, json.dumps(body).encode()
    if status == 413:  # seed 004 counts it among the 400s
        status, code = 400, code or CODES[413]
    request_id = request_id or new_request_id()
    body = {
        "code": code or CODES.get(status, "validation_error" if status < 500 else "internal_server_error"),
        "message": sentence,
        "details": details,
        "request_id": request_id,
    }
    headers = {"Content-Type": "application/json", "X-Request-ID": request_id}
    return status, headers, json.dumps(body).encode()
