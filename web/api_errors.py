"""Errors of the HTTP API: JSON in the shape that the family of the address has, a family for each dialect.

Free of Django: the cap on bodies answers before Django is reached.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

BROKEN = "Something broke on our side. Try again; if it fails again, tell the studio's admin."
# The reference, which is a page and answers as pages do.
PAGES = ("/api", "/api/")

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@dataclass(frozen=True)
class Refusal:
    """What is to be told. code, details, request_id: for families that have them, made up where empty."""

    status: int
    sentence: str
    code: str = ""
    details: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Family:
    """The addresses of one dialect, and how it tells of errors.

    beginning: of its addresses. statuses: HTTP statuses that its document does not know, each with the one
    that stands for it where an order is refused.
    """

    beginning: str
    tell: Callable[[Refusal], Answer]
    statuses: Mapping[int, int] = field(default_factory=dict)


def tell_of_task(refusal: Refusal) -> Answer:
    # Clients look into data before they look at the status.
    body: dict[str, object] = {"status": refusal.status, "message": refusal.sentence, "data": None}
    return refusal.status, {"Content-Type": "application/json"}, json.dumps(body).encode()


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


def tell_in_one_call(refusal: Refusal) -> Answer:
    status, code = refusal.status, refusal.code
    if status == 413:  # seed 004 counts it among the 400s
        status, code = 400, code or CODES[413]
    request_id = refusal.request_id or new_request_id()
    body = {
        "code": code or CODES.get(status, "validation_error" if status < 500 else "internal_server_error"),
        "message": refusal.sentence,
        "details": refusal.details,
        "request_id": request_id,
    }
    headers = {"Content-Type": "application/json", "X-Request-ID": request_id}
    return status, headers, json.dumps(body).encode()


# That of the seeds 000 to 003, whose list knows no 402 and no 403: no credits is a wrong request there, and
# a service that is not for this key an unauthorized one.
TASKS = Family("/api/", tell_of_task, {402: 400, 403: 401})
# That of seed 004.
ONE_CALL = Family("/v1/", tell_in_one_call)
# Of each dialect in editor/api/dialects.py.
FAMILIES: tuple[Family, ...] = (
    TASKS,
    ONE_CALL,
)


def find_family(path: str) -> Family | None:
    """Return the family that an address is of, None for a page's."""
    if path in PAGES:
        return None
    return next((family for family in FAMILIES if f"{path}/".startswith(family.beginning)), None)


def to_program(path: str) -> bool:
    """Whether programs, not people, ask at this path."""
    return find_family(path) is not None


def new_request_id() -> str:
    """Return what identifies one request to whoever helps with it."""
    return "req_" + secrets.token_hex(12)


def refusal(
    path: str, status: int, sentence: str, *, code: str = "", details: str = "", request_id: str = ""
) -> Answer:
    """Return status, headers and JSON body of a refusal in the shape of the family that path is of."""
    family = find_family(path) or TASKS
    return family.tell(Refusal(status, sentence, code, details, request_id))
