"""How a task goes, for the program that ordered it: one answer, for the view and for the short way."""

import json
import uuid
from collections.abc import Mapping

from django.utils import timezone

from accounts.models import ApiKey
from editor.models import Task

from . import answers, door
from .errors import ApiError, as_api_error

NO_TASK = "There is no such task. Check the task_id and the address; a task goes an hour after it ended."
JSON = "application/json"


class Headers(dict[str, str]):
    """Headers by their names in small letters, to be asked for in any case."""

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return super().get(name.lower(), default)


def answer(
    path: str, headers: Mapping[str, str], endpoint: str, task_id: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body for whoever asks at this path how a task goes. Never raises."""
    try:
        key = door.admitted(door.secret_in(headers), "poll")
        status, told, body = 200, {"Content-Type": JSON}, looked_up(key, endpoint, task_id)
    except Exception as exc:  # noqa: BLE001 - as_api_error logs what nobody foresaw
        status, told, body = as_api_error(exc).told(path)
    return status, told | {"Cache-Control": "no-store", "Content-Length": str(len(body))}, body


def looked_up(key: ApiKey, endpoint: str, task_id: str) -> bytes:
    return json.dumps(answers.told(task_of(key, endpoint, task_id))).encode()


def task_of(key: ApiKey, endpoint: str, task_id: str) -> Task:
    """Return a task of the key's owner that was ordered at this endpoint. Raises ApiError 404."""
    try:
        pk = uuid.UUID(task_id)
    except ValueError:
        raise ApiError(404, NO_TASK) from None
    task = Task.objects.owned_by(key.owner).filter(pk=pk).first()
    if task is None or task.answer.get("endpoint") != endpoint or has_expired(task):
        raise ApiError(404, NO_TASK)
    return task


def has_expired(task: Task) -> bool:
    """Whether its hour is over, though upkeep has not been round yet."""
    return task.expires_at is not None and task.status.is_settled and task.expires_at < timezone.now()
