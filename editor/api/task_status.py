"""How a task goes, for the program that ordered it: one answer, for the view and for the short way."""

import json
import time
import uuid
from collections.abc import Mapping
from functools import cache

from django.db import connection
from django.utils import timezone

from accounts.models import ApiKey, User
from accounts.models.key import hash_secret
from editor.models import Task

from . import payloads
from .access import auth, rate_limit
from .errors import ApiError, as_api_error

NO_TASK = "There is no such task. Check the task_id and the address; a task goes an hour after it ended."
JSON = "application/json"
TOUCH_EVERY = 60.0  # seconds
MOST_REMEMBERED = 10_000

_touched: dict[uuid.UUID, float] = {}


class Headers(dict[str, str]):
    """Headers by their names in small letters, to be asked for in any case."""

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return super().get(name.lower(), default)


def answer_poll(
    path: str, headers: Mapping[str, str], endpoint: str, task_id: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body for whoever asks at this path how a task goes. Never raises."""
    try:
        task = find_task(auth.read_secret(headers), endpoint, task_id)
        body = json.dumps(payloads.describe_task(task)).encode()
        status, told = 200, {"Content-Type": JSON}
    except Exception as exc:  # noqa: BLE001 - as_api_error logs what nobody foresaw
        status, told, body = as_api_error(exc).told(path)
    return status, told | {"Cache-Control": "no-store", "Content-Length": str(len(body))}, body


def find_task(secret: str, endpoint: str, task_id: str) -> Task:
    """Return the task if this key may see it; its call is counted. Raises ApiError 401, 403, 404, 429."""
    pk = parse_id(task_id)
    found = find_task_and_key(pk, secret) if pk and len(secret) <= auth.LONGEST else None
    if found is None:
        auth.admit_key(secret, "poll")  # says what is wrong with the key, if that is what it is
        raise ApiError(404, NO_TASK)
    task, key = found
    rate_limit.count_call(key, "poll")
    touch_key(key)
    if task.answer.get("endpoint") != endpoint or has_expired(task):
        raise ApiError(404, NO_TASK)
    return task


def parse_id(task_id: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(task_id)
    except ValueError:
        return None


@cache
def write_statement() -> str:
    """One look for all that a poll needs. Written out: compiling it anew costs more than all the rest."""
    tasks, keys, users = (model._meta.db_table for model in (Task, ApiKey, User))
    return (
        f"SELECT task.*, owner_key.id AS key_id, owner_key.per_second AS key_per_second "  # noqa: S608
        f"FROM {tasks} task JOIN {keys} owner_key ON owner_key.owner_id = task.owner_id "
        f"JOIN {users} owner ON owner.id = task.owner_id "
        "WHERE task.id = %s AND owner_key.digest = %s AND owner_key.revoked_at IS NULL AND owner.is_active"
    )


def find_task_and_key(pk: uuid.UUID, secret: str) -> tuple[Task, ApiKey] | None:
    """Return a task and the valid key of its owner with this secret, None where there are no such two."""
    prepared = Task._meta.pk.get_db_prep_value(pk, connection)
    for task in Task.objects.raw(write_statement(), [prepared, hash_secret(secret)]):
        beside = vars(task)  # columns of others come as the database has them
        key_id = uuid.UUID(str(beside["key_id"]))
        return task, ApiKey(pk=key_id, owner_id=task.owner_id, per_second=beside["key_per_second"])
    return None


def touch_key(key: ApiKey) -> None:
    """Note that a key is in use, without a look at its row at every poll."""
    now = time.monotonic()
    if now - _touched.get(key.pk, -TOUCH_EVERY) < TOUCH_EVERY:
        return
    if len(_touched) >= MOST_REMEMBERED:
        _touched.clear()
    _touched[key.pk] = now
    ApiKey.objects.get(pk=key.pk).touch()


def has_expired(task: Task) -> bool:
    """Whether its hour is over, though upkeep has not been round yet."""
    return task.expires_at is not None and task.status.is_settled and task.expires_at < timezone.now()
