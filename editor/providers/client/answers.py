"""What comes back: tasks, pictures, the account, and refusals, read tolerantly.

The documents give times as strings and the services as numbers; fields come that no document has.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

DONE = 1


class ClientError(Exception):
    """Base of all. `retry_helps` says whether the same call may end better."""

    retry_helps = False


class Unreached(ClientError):
    retry_helps = True


class Lost(Unreached):
    pass


class Declined(ClientError):
    """The other side said no. sentence, code: "" where it gives none. retry_after: seconds, where it says."""

    def __init__(self, status: int, sentence: str, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{status}: {sentence or 'It does not say why.'}")
        self.status, self.sentence, self.code, self.retry_after = status, sentence, code, retry_after
        self.retry_helps = status in (408, 429) or status >= 500


class BadAnswer(ClientError):
    pass


class NotInTime(ClientError):
    def __init__(self, task: "Task") -> None:
        super().__init__(f"Task {task.task_id} is still under way (state {task.state}).")
        self.task = task


@dataclass(frozen=True)
class Task:
    """A task as it stands. images: "image", "mask", "image_1" … to what they are given as.

    Times are Unix seconds, None for what has not come yet. message tells why it failed.
    """

    task_id: str
    state: int
    progress: int = 0
    message: str = ""
    created_at: int | None = None
    processed_at: int | None = None
    completed_at: int | None = None
    images: Mapping[str, str] = field(default_factory=dict)
    state_detail: str = ""
    time_elapsed: float | None = None

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def has_failed(self) -> bool:
        return self.state < 0

    @property
    def has_ended(self) -> bool:
        return self.is_done or self.has_failed

    @property
    def image(self) -> str:
        """The one picture, or the first of several. Raises BadAnswer where there is none."""
        for name in ("image", "image_1"):
            if name in self.images:
                return self.images[name]
        raise BadAnswer(f"Task {self.task_id} has no picture (state {self.state}). {self.message}".strip())


@dataclass(frozen=True)
class Picture:
    """A picture that came as the answer itself. milliseconds: of work, where the other side says.

    confidence, ambiguous: how sure its alpha is and how much of it is in between, 0..1, where it says.
    """

    content: bytes
    content_type: str
    width: int | None = None
    height: int | None = None
    milliseconds: int | None = None
    request_id: str = ""
    confidence: float | None = None
    ambiguous: float | None = None


@dataclass(frozen=True)
class Scene:
    scene_type: int
    name: str
    category: str = ""
    thumbnail: str = ""


@dataclass(frozen=True)
class Account:
    """max_credits is None where there is no limit."""

    organization_id: str
    plan: str
    max_credits: int | None
    used_credits: int


def read_refusal(answer: httpx.Response) -> Declined:
    """Return what an answer that is no 200 says, in whichever family's words."""
    try:
        found = read_json(answer)
    except BadAnswer:
        found = {}
    sentence, code = str(found.get("message") or ""), str(found.get("code") or "")
    return Declined(
        answer.status_code, sentence, code, read_retry_after(answer.headers.get("Retry-After", ""))
    )


def read_retry_after(text: str) -> float | None:
    """Return what a Retry-After asks for, in seconds or as a date; None where it is neither."""
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def read_json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except (ValueError, RecursionError) as exc:
        raise BadAnswer("The answer is not JSON.") from exc
    if not isinstance(found, dict):
        raise BadAnswer("The answer is not a JSON object.")
    return found


def read_data(answer: httpx.Response) -> dict[str, Any]:
    """Return an answer's data. Some say in its status, under HTTP 200, that they declined."""
    found = read_json(answer)
    status = read_integer(found.get("status"))
    if status is not None and status != httpx.codes.OK:
        raise Declined(status, str(found.get("message") or ""))
    if not isinstance(found.get("data"), dict):
        raise BadAnswer("The answer has no data.")
    return {**found["data"], "message": str(found.get("message") or "")}


def read_task(answer: httpx.Response) -> Task:
    """Return the task that an answer tells of. Numbers may be strings, and fields be more than documented."""
    data = read_data(answer)
    task_id, state = data.get("task_id"), data.get("state", 0)
    if not isinstance(task_id, str) or not task_id or read_integer(state) is None:
        raise BadAnswer("The answer names no task, or no state.")
    images = {name: str(data[name]) for name in ("image", "mask", "image_1", "image_2") if data.get(name)}
    created, processed, completed = (
        read_integer(data.get(name)) or None for name in ("created_at", "processed_at", "completed_at")
    )
    elapsed = data.get("time_elapsed")
    return Task(
        task_id=task_id,
        state=int(state),
        progress=read_integer(data.get("progress")) or 0,
        message=data["message"],
        created_at=created,
        processed_at=processed,
        completed_at=completed,
        images=images,
        state_detail=str(data.get("state_detail") or ""),
        time_elapsed=float(elapsed) if isinstance(elapsed, int | float) else None,
    )


def read_integer(value: Any) -> int | None:
    """Return a whole number that may have come as a string; None for what is none."""
    try:
        return None if value is None or isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def read_share(text: str | None) -> float | None:
    """Return a number from 0 to 1 that a header has; None for what is none."""
    try:
        share = float(text or "")
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
