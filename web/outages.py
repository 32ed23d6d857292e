"""A database that is locked or away: no verdict on anything, only a reason to wait, or to come again."""

import logging
import sys
import time
from collections.abc import Callable
from functools import wraps
from itertools import chain, repeat

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from . import error_pages

logger = logging.getLogger(__name__)

# What SQLite calls it, and the beginnings of PostgreSQL's codes: no connection, shut down or not up yet,
# too many connections, a deadlock, a lock not had.
LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_PROTOCOL")
AWAY = ("08", "57P0", "53300", "40", "55P03")
PAUSES = (0.1, 0.5, 1.0, 2.0)  # seconds, and then LONGEST_PAUSE
LONGEST_PAUSE = 5.0


def is_outage(exc: BaseException) -> bool:
    """Whether this says no more than that the database, or Redis, cannot be used right now."""
    if isinstance(exc, InterfaceError | RedisConnectionError | RedisTimeoutError):
        return True
    if not isinstance(exc, OperationalError):
        return False
    name = getattr(exc.__cause__, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(LOCKED)
    code = getattr(exc.__cause__, "sqlstate", None)
    return str(code).startswith(AWAY) if code else "no such" not in str(exc)


def outlast[**Asked, Answer](function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Have a function done again until the database answers, however long that takes. It must be safe to."""

    @wraps(function)
    def again(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        if connection.in_atomic_block:  # which alone could be done again, and by whoever began it
            return function(*args, **kwargs)
        for pause in chain(PAUSES, repeat(LONGEST_PAUSE)):
            try:
                return function(*args, **kwargs)
            except Exception as exc:
                if not is_outage(exc):
                    raise
                rest(exc, pause)
        raise AssertionError("There is always another pause.")

    return again


def rest(exc: Exception, seconds: float) -> None:
    """Let a while go by, and begin with a new connection where the old one is broken."""
    logger.warning("The database cannot be used: %s; it is tried again.", exc)
    connection.close_if_unusable_or_obsolete()
    time.sleep(seconds)


class OutageMiddleware(MiddlewareMixin):
    """Tells who asks to come again in a moment."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_pages.unavailable(request) if is_outage(exception) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of what went wrong (handler500): of an outage before any view was reached, as above."""
    cause = sys.exc_info()[1]
    if cause is not None and is_outage(cause):
        return error_pages.unavailable(request)
    return error_pages.server_error(request)
