"""Why a program's call was refused, and the answer that says so in the words of its family."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase

from editor.files.uploads import UploadRefused
from editor.work.orders import OrderRefused
from web import api_errors, outages

logger = logging.getLogger(__name__)

AWAY = "The studio cannot reach its database right now. Nothing was ordered. Try again in a moment."
NO_ROOM = "The studio's disk is full. Nothing was changed. Tell its admin, and try again once there is room."
STORE_AWAY = "The studio cannot reach its store of pictures right now. Try again in a moment."
UNREADABLE = "The body cannot be read. Send it as multipart/form-data, with every part ended properly."


class ApiError(Exception):
    """The call was refused. `sentence` names the parameter, where one is to blame.

    code: the dialect's name for it, where it is not the status' own. details: the parameter, or more on it.
    wrong: all parameters that are to blame, each with its sentences. headers: to send along.
    """

    def __init__(
        self,
        status: int,
        sentence: str,
        *,
        code: str = "",
        details: str = "",
        wrong: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.code, self.details = status, sentence, code, details
        self.wrong = wrong or {}
        self.headers = dict(headers or {})

    def told(self, path: str, request_id: str = "") -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for whoever asked at this path."""
        family = api_errors.find_family(path) or api_errors.PLAIN
        status = family.statuses.get(self.status, self.status)
        told = {"code": self.code, "details": self.details, "wrong": self.wrong, "request_id": request_id}
        status, headers, body = api_errors.refusal(path, status, self.sentence, **told)
        return status, headers | self.headers, body


def as_api_error(exc: Exception) -> ApiError:
    """Return what a program is told of an exception: its own words where it was foreseen, else nothing."""
    if isinstance(exc, ApiError):
        return exc
    if isinstance(exc, OrderRefused):
        if exc.status == 429:
            return ApiError(429, exc.sentence, headers={"Retry-After": "5"})
        return ApiError(exc.status, exc.sentence)
    if isinstance(exc, UploadRefused):
        return ApiError(exc.status if exc.status in (413, 507) else 400, exc.sentence)
    if isinstance(exc, RequestDataTooBig):
        return ApiError(413, "The form has more than 1 MB of text. Send pictures as files.")
    if isinstance(exc, TooManyFilesSent | TooManyFieldsSent):
        return ApiError(400, "The form has too many fields. Send the documented ones alone.")
    if isinstance(exc, MultiPartParserError | UnreadablePostError | SuspiciousOperation | BadRequest):
        return ApiError(400, UNREADABLE)
    if outages.is_full(exc):
        logger.error("A program's call found no room in the database: %s", exc)
        return ApiError(507, NO_ROOM)
    if outages.is_outage(exc):
        logger.error("A program's call could not reach the database or the store: %s", exc)
        words = STORE_AWAY if isinstance(exc, outages.StoreAway) else AWAY
        return ApiError(503, words, headers={"Retry-After": "5"})
    logger.error("A program's call failed", exc_info=exc)
    return ApiError(500, api_errors.BROKEN)


def make_response(error: ApiError, request: HttpRequest) -> HttpResponse:
    status, headers, body = error.told(request.path, getattr(request, "request_id", ""))
    return HttpResponse(body, status=status, headers=headers)


View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def answer_errors(view: View) -> View:
    """Let a view raise: whatever it is, the program gets JSON of its family, never a page or a trace."""

    @wraps(view)
    async def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return await view(request, *args, **kwargs)
        except Exception as exc:  # noqa: BLE001 - as_api_error logs what nobody foresaw
            return make_response(as_api_error(exc), request)

    return told
