"""Calling the programs that want to hear of it when their tasks have ended.

A call carries what asking for the task would answer, signed, so that its receiver can tell it from a
stranger's: X-Sweep-Signature is "t=<Unix seconds>,v1=<hex>", the HMAC-SHA-256 of "<t>.<body>" under
the SHA-256 of the API key in hex. The program can work that out from its key; we keep nothing else
of the key. What is not answered with 2xx is tried again, ever more slowly, as long as the task stays.
"""

import hashlib
import hmac
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import httpx
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import F

from editor.models import Callback
from editor.providers.errors import ProviderError
from editor.providers.ssrf_guard import make_guarded_client
from web import clock

from . import payloads

logger = logging.getLogger(__name__)

SIGNATURE = "X-Sweep-Signature"
# Between tries. A task goes with its pictures an hour after it ended, and its call with it.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 1800))
AT_ONCE = 8
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
SECONDS = 20.0  # for all of one call, however slowly its answer trickles in
# One that is being made is not begun again by another process until then.
LEASE = timedelta(minutes=2)
LOOK_EVERY = 1.0  # seconds


def sign_body(digest: str, body: bytes, moment: int) -> str:
    """Return what a call's header says. digest: the SHA-256 of the API key in hex."""
    signed = f"{moment}.".encode() + body
    return f"t={moment},v1={hmac.new(digest.encode(), signed, hashlib.sha256).hexdigest()}"


def keep_delivering(stop: threading.Event) -> None:
    """Make the calls that are due, until told to stop. For a thread of its own: receivers may be slow."""
    while not stop.wait(LOOK_EVERY):
        close_old_connections()
        try:
            deliver_due()
        except (DatabaseError, InterfaceError):
            logger.exception("The callbacks could not be looked up; they are made later.")


def deliver_due() -> int:
    """Make the calls that are due now, several at once. Return how many were."""
    due = [callback for callback in list_due() if claim_call(callback)]
    if not due:
        return 0
    bodies = [json.dumps(payloads.describe_task(callback.task, inline=False)).encode() for callback in due]
    client = make_guarded_client(allowed=settings.FETCH_ALLOW, timeout=TIMEOUT)
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="callback")
    try:
        calls = [pool.submit(make_call, client, *pair) for pair in zip(due, bodies, strict=True)]
        done, _ = wait(calls, SECONDS)
    finally:
        client.close()  # whoever still reads finds the connection gone
        pool.shutdown(wait=False, cancel_futures=True)
    for callback, made in zip(due, calls, strict=True):
        record_outcome(callback, made.result() if made in done else "It did not answer in time.")
    return len(due)


def list_due() -> list[Callback]:
    due = Callback.objects.filter(delivered_at=None, next_at__lte=clock.now())
    return list(due.select_related("task__api_key").order_by("next_at")[:AT_ONCE])


def claim_call(callback: Callback) -> bool:
    """Claim a call, by one conditional update. False where another process was quicker."""
    mine = Callback.objects.filter(pk=callback.pk, next_at=callback.next_at, delivered_at=None)
    if not mine.update(next_at=clock.now() + LEASE, attempts=F("attempts") + 1):
        return False
    callback.attempts += 1
    return True


def make_call(client: httpx.Client, callback: Callback, body: bytes) -> str:
    """Make one call. Return what went wrong, "" if nothing did."""
    key = callback.task.api_key
    if key is None:
        return "Its API key was deleted, so the call could not be signed."
    headers = {"Content-Type": "application/json", SIGNATURE: sign_body(key.digest, body, int(time.time()))}
    try:
        # Only what it begins with: a receiver has nothing to tell us.
        with client.stream("POST", callback.url, content=body, headers=headers) as response:
            return "" if response.is_success else f"It answered {response.status_code}."
    except ProviderError as exc:
        return exc.sentence
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as exc:
        return f"It could not be reached: {type(exc).__name__}."


def record_outcome(callback: Callback, error: str) -> None:
    """Write down how a call went, and when the next one is due."""
    row = Callback.objects.filter(pk=callback.pk)
    now = clock.now()
    if not error:
        row.update(delivered_at=now, next_at=None, last_error="")
        return
    tries = callback.attempts
    following = now + PAUSES[tries - 1] if tries <= len(PAUSES) else None
    row.update(next_at=following, last_error=error[:200])
    logger.warning("Callback of task %s, try %s: %s", callback.task_id, tries, error)
