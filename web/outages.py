"""A database or a store of pictures that is locked or away: no verdict on anything, only a reason to wait, or
to come again.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from itertools import chain, repeat
from typing import Any

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from . import error_pages

logger = logging.getLogger(__name__)

# What SQLite calls it, and the beginnings of PostgreSQL's codes: no connection, shut down or not up yet,
# too many connections, a deadlock, a lock not had, a transaction that stood still for too long.
LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_PROTOCOL")
AWAY = ("08", "57P0", "53300", "40", "55P03", "25P03")
# A deadlock, or rows that changed meanwhile: the transaction as such was in order.
CROSSED = "40"
# A disk under the database that has no room left, in PostgreSQL's words and in SQLite's.
FULL, FULL_WORDS = "53100", ("No space left", "disk is full")
MOST_BEGUN = 5
PAUSES = (0.1, 0.5, 1.0, 2.0)  # seconds, and then LONGEST_PAUSE
LONGEST_PAUSE = 5.0
# Seconds for which whoever has something for the store tries it again. A database is waited for without end,
# as nothing goes on without one; a store may also be unable to take, or give, this one file.
STORE_PATIENCE = 120.0


class StoreAway(ConnectionError):
    """The store of pictures does not answer, says that it cannot right now, or what came is damaged."""


def is_outage(exc: BaseException) -> bool:
    """Whether this says no more than that database, Redis or store cannot be used right now."""
    if isinstance(exc, InterfaceError | RedisConnectionError | RedisTimeoutError | StoreAway):
        return True
    if not isinstance(exc, OperationalError | InternalError):
        return False
    name = getattr(exc.__cause__, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(LOCKED)
    code = getattr(exc.__cause__, "sqlstate", None)
    if code:
        return str(code).startswith(AWAY)
    return isinstance(exc, OperationalError) and "no such" not in str(exc)


def is_full(exc: BaseException) -> bool:
    """Whether this says that the database's disk has no room left. Waiting makes none."""
    if not isinstance(exc, DatabaseError):
        return False
    code = getattr(exc.__cause__, "sqlstate", None)
    return code == FULL or any(words in str(exc) for words in FULL_WORDS)


def outlast[**Asked, Answer](function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Have a function done again until the database answers, however long that takes. It must be safe to.

    Raises StoreAway where the store was away for longer than STORE_PATIENCE.
    """

    @wraps(function)
    def again(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        if connection.in_atomic_block:  # which alone could be done again, and by whoever began it
            return function(*args, **kwargs)
        began = time.monotonic()
        for pause in chain(PAUSES, repeat(LONGEST_PAUSE)):
            try:
                return function(*args, **kwargs)
            except Exception as exc:
                late = time.monotonic() - began > STORE_PATIENCE
                if not is_outage(exc) or (isinstance(exc, StoreAway) and late):
                    raise
                rest(exc, pause)
        raise AssertionError("There is always another pause.")

    return again


def begin_again[**Asked, Answer](function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Have a transaction begun again that the database ended since it and another waited for each other.

    Rows are locked in one order, see docs/how-it-is-built.md; this is for what foreign keys lock besides.
    Within a transaction it does nothing: that alone could be begun again.
    """

    @wraps(function)
    def again(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        for left in reversed(range(MOST_BEGUN)):
            try:
                return function(*args, **kwargs)
            except OperationalError as exc:
                code = str(getattr(exc.__cause__, "sqlstate", None))
                if connection.in_atomic_block or not left or not code.startswith(CROSSED):
                    raise
                logger.warning("%s crossed another transaction: %s; it begins again.", function.__name__, exc)
        raise AssertionError("There is always another try.")

    return again


@contextmanager
def without_the_disk(
    begin: Callable[[], AbstractContextManager[Any]] = transaction.atomic,
) -> Iterator[None]:
    """Have a transaction for which nobody waits for the disk, where the database can: it may be lost so.

    For what says no more than who is at work on what: after a crash that is not true any more anyway. With
    SQLite it is the connection that waits or does not, and within a transaction that cannot change.
    """
    lighter = connection.vendor == "sqlite" and not connection.in_atomic_block
    with sparing_sqlite() if lighter else nullcontext(), begin():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO OFF")
        yield


@contextmanager
def sparing_sqlite() -> Iterator[None]:
    """Have what is committed meanwhile written along with what is committed next (WAL keeps it whole)."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        if connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=FULL")


def rest(exc: Exception, seconds: float) -> None:
    """Let a while go by, and begin with a new connection where the old one is broken."""
    what = "store of pictures" if isinstance(exc, StoreAway) else "database"
    logger.warning("The %s cannot be used: %s; it is tried again.", what, exc)
    connection.close_if_unusable_or_obsolete()
    time.sleep(seconds)


class OutageMiddleware(MiddlewareMixin):
    """Tells who asks to come again in a moment, or that the disk is full."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        response = answer(request, exception)
        if response is not None:
            given = (request.method, request.path, response.status_code, exception)
            logger.warning("%s %s is answered with %s: %s", *given)
        return response


def answer(request: HttpRequest, cause: BaseException) -> HttpResponse | None:
    """Return what an outage is answered with, None where it is another mistake."""
    if is_full(cause):
        return error_pages.full(request)
    if is_outage(cause):
        return error_pages.unavailable(request, isinstance(cause, StoreAway))
    return None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of what went wrong (handler500): of an outage before any view was reached, as above."""
    cause = sys.exc_info()[1]
    return (answer(request, cause) if cause is not None else None) or error_pages.server_error(request)
