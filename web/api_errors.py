"""Errors of the HTTP API: JSON in the shape that the family of the address has, a family for each dialect.

Free of Django: the cap on bodies answers before Django is reached.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

BROKEN = "Something broke on our side. Try again; if it fails again, tell the studio's admin."
# The reference, which is a page and answers as pages do.
REFERENCE = "/api/"
PAGES = ("/api", REFERENCE)
CHALLENGE = 'Bearer realm="Sweep"'
RETRY_AFTER = {429: "5", 503: "5", 507: "60"}
"""Seconds after which to try again, by status, where nothing better is known. A disk is emptied by people."""

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@dataclass(frozen=True)
class Refusal:
    """What is to be told. code, details, request_id: for families that have them, made up where empty.

    wrong: every parameter that is not as it must be, each with the sentences that say so.
    """

    status: int
    sentence: str
    code: str = ""
    details: str = ""
    request_id: str = ""
    wrong: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Family:
    """The addresses of one dialect, and how it tells of errors.

    beginnings: of its addresses; the longest that fits an address decides. statuses: HTTP statuses that its
    document does not know, each with the one that stands for it where an order is refused. exposed: headers
    of its answers that pages of other sites may read.
    """

    beginnings: tuple[str, ...]
    tell: Callable[[Refusal], Answer]
    statuses: Mapping[int, int] = field(default_factory=dict)
    exposed: tuple[str, ...] = ()


def tell_plainly(refusal: Refusal) -> Answer:
    # Clients look into data before they look at the status.
    body: dict[str, object] = {"status": refusal.status, "message": refusal.sentence, "data": None}
    return refusal.status, {"Content-Type": "application/json"}, json.dumps(body).encode()


# What has no family of its own, such as the reference's address when it is asked in a way that is no page's.
PLAIN = Family((REFERENCE,), tell_plainly)
FAMILIES: list[Family] = []
"""Those of all dialects. editor/api/dialects/registry.py fills it when the studio starts."""


def register(family: Family) -> None:
    """Make the words of a dialect known."""
    if family not in FAMILIES:
        FAMILIES.append(family)


def find_family(path: str) -> Family | None:
    """Return the family that an address is of, None for a page's."""
    if path in PAGES:
        return None
    fitting = [
        (len(beginning), family)
        for family in FAMILIES
        for beginning in family.beginnings
        if f"{path}/".startswith(beginning)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def to_program(path: str) -> bool:
    """Whether programs, not people, ask at this path."""
    return find_family(path) is not None


def new_request_id() -> str:
    """Return what identifies one request to whoever helps with it."""
    return "req_" + secrets.token_hex(12)


def refusal(path: str, status: int, sentence: str, **more: Any) -> Answer:
    """Return status, headers and JSON body of a refusal in the shape of the family that path is of.

    more: as Refusal has it.
    """
    family = find_family(path) or PLAIN
    told, headers, body = family.tell(Refusal(status, sentence, **more))
    # Without it old Android gives up with an error of its own; a browser asks nobody for a bearer token.
    challenge = {"WWW-Authenticate": CHALLENGE} if told == 401 else {}
    wait = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    return told, headers | challenge | wait, body
