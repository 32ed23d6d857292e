"""Who may come in: programs with a key, and nobody by a cookie."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts.models import ApiKey
from editor.api.errors import ApiError, View, answer_errors

from . import rate_limit

# A key is 43 characters. What is far longer is none, and is not worth hashing.
LONGEST = 200
SCHEMES = frozenset({"bearer", "token", "apikey", "api-key", "key"})

NO_KEY = (
    "Send your API key in the X-API-KEY header: in the address, the body or as a password it is not looked "
    "for. Keys are made on the studio's account page."
)
WRONG_KEY = "This API key is not valid. Check X-API-KEY; a revoked key never works again."
SUSPENDED = "The account of this API key is suspended. Ask the studio's admin."


def read_secret(headers: Mapping[str, str]) -> str:
    """Return the key that a call shows: in X-API-KEY, or Authorization, with or without a word before it.

    headers: names in any case. A browser sends no such header by itself, as it would a password's (Basic).
    """
    shown = bare_key(headers.get("X-API-KEY", ""))
    return shown or bare_key(headers.get("Authorization", ""))


def bare_key(text: str) -> str:
    """Return a key without the quotes and the word that some put around it, "" for what is none."""
    first, _, rest = text.strip().strip("\"'").partition(" ")
    if rest and first.lower() not in SCHEMES:
        return ""
    return (rest or first).strip().strip("\"'")


def admit_key(secret: str, kind: rate_limit.Kind) -> tuple[ApiKey, rate_limit.Pace | None]:
    """Return the key with this secret, with its owner, and how its call was counted.

    Raises ApiError 401, 403, 429.
    """
    if not secret:
        raise ApiError(401, NO_KEY)
    key = ApiKey.objects.of_secret(secret) if len(secret) <= LONGEST else None
    if key is None:
        raise ApiError(401, WRONG_KEY)
    if not key.owner.is_active:
        raise ApiError(403, SUSPENDED)
    pace = rate_limit.count_call(key, kind)
    key.touch()
    return key, pace


# By what an address is asked. Where a GET orders, a HEAD is none: nobody would get what it was charged for.
METHODS = {"GET": ("GET", "HEAD"), "POST": ("POST",), "GET or POST": ("GET", "POST")}


def check_method(request: HttpRequest, method: str) -> HttpResponse | None:
    """Return the answer to who asks by OPTIONS what there is, None to who asks by this method.

    method: of METHODS. Raises ApiError 405 for every other.
    """
    methods = METHODS[method]
    if request.method in methods:
        return None
    allow = ", ".join((*methods, "OPTIONS"))
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": allow}, content_type="application/json")
    raise ApiError(405, f"{request.method} is not for this address. Use {method}.", headers={"Allow": allow})


def by_get(view: View) -> View:
    """Make a view for programs that looks for no key itself: GET alone, errors in JSON."""

    @csrf_exempt
    @answer_errors
    @wraps(view)
    async def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return check_method(request, "GET") or await view(request, *args, **kwargs)

    return asked


def with_key(method: str, kind: rate_limit.Kind) -> Callable[[View], View]:
    """Make a view for programs: a method of METHODS, a key instead of a session, errors in JSON.

    The view gets the key as request.api_key, and how its calls are counted as request.pace. No session is
    looked at, so a cookie opens nothing, and there is nothing that a forged form could abuse.
    """

    def made(view: View) -> View:
        @csrf_exempt
        @answer_errors
        @wraps(view)
        async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            told = check_method(request, method)
            if told is not None:
                return told
            secret = read_secret(request.headers)
            key, pace = await sync_to_async(admit_key)(secret, kind)
            request.api_key, request.pace = key, pace  # type: ignore[attr-defined]
            return await view(request, *args, **kwargs)

        return guarded

    return made
