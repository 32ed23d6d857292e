"""The same POST sent again leads to the same task: Idempotency-Key."""

import hashlib
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from editor.api.errors import ApiError
from editor.models import IdempotencyKey, Task
from editor.states import State

KEPT = timedelta(hours=24)
LONGEST = 255
CHUNK = 1024 * 1024  # bytes


def read_key(request: HttpRequest) -> str:
    """Return the key that the call came with, "" for none. Raises ApiError 400 for one that is too long."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST:
        raise ApiError(400, f"Idempotency-Key is longer than {LONGEST} characters.")
    return key


def hash_call(request: HttpRequest) -> str:
    """Return a hash of what was asked. Of its meaning: a client sent again draws another boundary."""
    digest = hashlib.sha256(f"{request.method} {request.path.rstrip('/')}\n".encode())
    if request.content_type == "application/json":
        digest.update(request.body)
    for fields in (request.GET, request.POST):
        for name in sorted(fields):
            for value in fields.getlist(name):
                digest.update(f"{name}={len(value)}:{value}\n".encode())
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            content = hashlib.sha256()
            upload.seek(0)
            while chunk := upload.read(CHUNK):
                content.update(chunk)
            upload.seek(0)
            digest.update(f"{name}@{content.hexdigest()}\n".encode())
    return digest.hexdigest()


def recall_task(owner: User, key: str, asked: str) -> Task | None:
    """Return the task that this key led to before; None where it is new, or is 24 hours old.

    Raises ApiError 422 where something else was asked with it, 404 where its task is gone by now.
    """
    rows = IdempotencyKey.objects.filter(owner=owner, key=key)
    rows.filter(created_at__lt=timezone.now() - KEPT).delete()
    row = rows.select_related("task").first()
    if row is None:
        return None
    if row.fingerprint != asked:
        raise ApiError(422, "This Idempotency-Key was used for another call. Draw a new one for each call.")
    if row.task is None:
        raise ApiError(404, "The task of this Idempotency-Key has expired. Draw a new key to order again.")
    return row.task


def forget_cancelled(owner: User, key: str) -> None:
    """Forget what a key led to, if that was cancelled."""
    IdempotencyKey.objects.filter(owner=owner, key=key, task__state=State.CANCELLED).delete()


def remember_task(owner: User, key: str, asked: str, task: Task) -> None:
    """Note what a key led to. Raises IntegrityError where the same call was quicker elsewhere."""
    IdempotencyKey.objects.create(owner=owner, key=key, fingerprint=asked, task=task)
