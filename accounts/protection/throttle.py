"""Rate limits of sign-up, letters and passwords: by machine, and for all together.

Counted where the API's calls are (RATE_LIMIT_URL). Guesses at one address are django-axes' business
(lockout.py); here are those of one machine at many.
"""

import math
import time
from enum import StrEnum
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

ALL, ACCOUNT = "all", "account"
# Letters to one address, whoever asks for them; who has one on the way needs no second.
TO_ONE_ADDRESS = "1/minute;10/day"
# Letters that somebody who is signed in has sent, from whatever machines.
OF_ONE_ACCOUNT = "10/hour;30/day"
# Wrong passwords of one machine, whatever the addresses. No such limit for all: it would shut the door.
WRONG_PASSWORDS = "60/15 minutes"


# Ways to a provider of identity and back, each of which asks it for something. A whole company may come from
# behind one address at nine in the morning.
AT_PROVIDER = "600/15 minutes"


# Wrong codes of a second factor, from whatever machines: a right password went before each.
WRONG_CODES = "8/15 minutes"
# Invitations that one admin makes.
INVITATIONS = "30/hour;100/day"
# Tokens of one machine that were to end sessions and are not to be believed.
NO_LOGOUTS = "60/15 minutes"


class Kind(StrEnum):
    SIGN_UP = "sign-up"
    LETTER = "letter"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105  (no password)
    RECIPIENT = "recipient"
    PROVIDER = "provider"
    CODE = "code"
    INVITATION = "invitation"
    NO_LOGOUT = "no-logout"


BY_ACCOUNT = {Kind.CODE: WRONG_CODES, Kind.INVITATION: INVITATIONS}


class TooMany(Exception):
    """A machine, or all together, did something too often. Remedy: wait for so many seconds.

    by_all: whether the machine is not what was counted; another one would not help.
    """

    def __init__(self, seconds: int, by_all: bool) -> None:
        super().__init__(f"Wait {seconds} s.")
        self.seconds, self.by_all = seconds, by_all

    @property
    def minutes(self) -> int:
        return math.ceil(self.seconds / 60)


@cache
def get_limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(settings.RATE_LIMIT_URL))


def identify_machine(request: HttpRequest) -> str:
    """Return the address of the machine that asks; for IPv6 the network, of which one has all addresses.

    Behind TRUSTED_PROXIES it is the visitor's, which the web server has put there.
    """
    given = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:  # a socket of this machine has none
        return "0.0.0.0"  # noqa: S104  (nothing listens here)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


def count_call(kind: Kind, request: HttpRequest, account: int | None = None) -> None:
    """Count one more, of an account's too where it is one's. Raises TooMany where it is one too many."""
    own = [(item, f"{ACCOUNT} {account}") for item in parse_many(OF_ONE_ACCOUNT)] if account else []
    for item, who in list_limits(kind, request) + own:
        if not get_limiter().hit(item, kind, who):
            raise make_refusal(item, kind, who)


def check_limits(kind: Kind, request: HttpRequest) -> None:
    """Raise TooMany where no more is left; counts nothing."""
    for item, who in list_limits(kind, request):
        if not get_limiter().test(item, kind, who):
            raise make_refusal(item, kind, who)


def may_write_to(email: str, letter: str) -> bool:
    """Count a letter of this kind to an address; return whether it may go."""
    who = salted_hmac("accounts.throttle", f"{letter} {email}", algorithm="sha256").hexdigest()
    return all(get_limiter().hit(item, Kind.RECIPIENT, who) for item in parse_many(TO_ONE_ADDRESS))


def check_account(kind: Kind, account: int) -> None:
    """Raise TooMany where an account has no more of a kind left; counts nothing."""
    for item in parse_many(BY_ACCOUNT[kind]):
        if not get_limiter().test(item, kind, f"{ACCOUNT} {account}"):
            raise make_refusal(item, kind, f"{ACCOUNT} {account}")


def count_account(kind: Kind, account: int) -> None:
    """Count one more of an account. Raises TooMany where it is one too many."""
    for item in parse_many(BY_ACCOUNT[kind]):
        if not get_limiter().hit(item, kind, f"{ACCOUNT} {account}"):
            raise make_refusal(item, kind, f"{ACCOUNT} {account}")


def list_limits(kind: Kind, request: HttpRequest) -> list[tuple[RateLimitItem, str]]:
    """Return each limit with whom it counts: the machine first, whose excess is not the others' fault."""
    one, everybody = {
        Kind.SIGN_UP: (settings.SIGNUP_LIMIT, settings.SIGNUP_LIMIT_IN_ALL),
        Kind.LETTER: (settings.LETTER_LIMIT, settings.LETTER_LIMIT_IN_ALL),
        Kind.WRONG_PASSWORD: (WRONG_PASSWORDS, ""),
        Kind.PROVIDER: (AT_PROVIDER, ""),
        Kind.NO_LOGOUT: (NO_LOGOUTS, ""),
    }[kind]
    here = identify_machine(request)
    found = [(item, here) for item in parse_many(one)]
    return found + [(item, ALL) for item in (parse_many(everybody) if everybody else [])]


def make_refusal(item: RateLimitItem, kind: Kind, who: str) -> TooMany:
    reset = get_limiter().get_window_stats(item, kind, who).reset_time
    return TooMany(max(1, math.ceil(reset - time.time())), who == ALL or who.startswith(ACCOUNT))
