"""What a program is told of its task, in the fields of the seeds' documents."""

import base64
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from editor.files import signed_urls
from editor.models import Result, Task
from editor.models.retention import API_RESULTS_LAST
from editor.states import State
from editor.tasks import takes
from editor.tools import Tool

from .requests.call_form import BASE64, BOTH, URL

SUCCESS = "success"
COMPLETE, FAILED, PROCESSING = "Complete", "Failed", "Processing"


def describe_new(task: Task) -> dict[str, Any]:
    """Return what answers a call that does not wait."""
    return {"status": 200, "message": SUCCESS, "data": {"task_id": str(task.pk)}}


def describe_task(task: Task, *, inline: bool = True) -> dict[str, Any]:
    """Return how a task goes, and its pictures once it is done.

    HTTP's status tells of the call alone; a task that failed says so by its state and the message.
    inline: pictures as base64 where that was asked; else as addresses in any case.
    """
    message = task.sentence if task.status.is_failed else SUCCESS
    return {"status": 200, "message": message, "data": describe_data(task, inline=inline)}


def describe_data(task: Task, *, inline: bool) -> dict[str, Any]:
    results = list(task.results.order_by("kind", "number")) if task.status is State.DONE else []
    width, height = (results[0].width, results[0].height) if results else (0, 0)
    data: dict[str, Any] = {
        "task_id": str(task.pk),
        "created_at": format_unix(task.created_at),
        "processed_at": format_unix(task.processed_at),
        "completed_at": format_unix(task.completed_at),
        "time_elapsed": count_milliseconds(task),
        "progress": task.progress,
        "state": task.state,
        "state_detail": describe_state(task.status),
        "return_type": task.answer.get("return_type", URL),
        "image_width": width,
        "image_height": height,
    }
    # Another service builds sets of its own.
    if task.provider == "local" and (account := task.params.get("account")):
        data["prompt_detail"] = account
    if task.tool == Tool.HEAD:
        data["output_type"] = task.answer.get("output_type", BOTH)
    if results and (notes := takes.list_notes(task)):
        data["note"] = " ".join(note.put() for note in notes)
    if results and "deliver" in task.params:
        return data | describe_files(task, results, inline=inline)
    return data | {
        name_field(task, result): describe_result(task, result, inline=inline) for result in results
    }


def describe_files(task: Task, results: list[Result], *, inline: bool) -> dict[str, Any]:
    """Return the files of a recipe, each with what was found on its bytes, and the first as the picture."""
    told = {one["number"]: one for one in list_told(task)}
    files = [
        {**told.get(result.number, {}), "image": describe_result(task, result, inline=inline)}
        for result in results
    ]
    return {"image": files[0]["image"], "files": files}


def list_told(task: Task) -> list[dict[str, Any]]:
    """Return what is told of each file: its place in the archive, its marketplace, its checks."""
    asked, found = task.params["deliver"]["files"], task.facts.get("files", [])
    names = ("format", "width", "height", "bytes", "sha256", "verdict", "checks")
    return [
        {
            "number": number,
            "path": file["path"],
            "market": (file["market"] or {}).get("key", ""),
            **{name: made[name] for name in names},
        }
        for number, (file, made) in enumerate(zip(asked, found, strict=False), 1)
    ]


def describe_state(state: State) -> str:
    """Return the state in the word that programs wait for.

    Those of the services' public clients that read it go on until it is Complete or Failed, and some
    take every other word than Processing for trouble. What exactly happens is in the number.
    """
    if state is State.DONE:
        return COMPLETE
    return FAILED if state.is_failed else PROCESSING


def format_unix(moment: datetime | None) -> str:
    """Return a moment as a string of Unix seconds; "0" for what has not come yet."""
    return str(int(moment.timestamp())) if moment else "0"


def count_milliseconds(task: Task) -> int:
    """Return how long the work took, or has taken until now."""
    if task.processed_at is None:
        return 0
    return round(((task.completed_at or timezone.now()) - task.processed_at).total_seconds() * 1000)


def name_field(task: Task, result: Result) -> str:
    """Return the field that a result goes by: scenes count theirs, the others have one of each kind."""
    if task.tool == Tool.SCENE:
        return f"image_{result.number}"
    return "mask" if result.kind == Result.Kind.MASK else "image"


def describe_result(task: Task, result: Result, *, inline: bool) -> str:
    """Return a result's address, which ends with the result itself, or the file in base64."""
    if inline and task.answer.get("return_type") == BASE64:
        with default_storage.open(str(result.file)) as file:
            return base64.b64encode(file.read()).decode()
    left = task.expires_at - timezone.now() if task.expires_at else API_RESULTS_LAST
    seconds = min(int(left.total_seconds()), signed_urls.MAX_SECONDS)
    return signed_urls.sign(result, signed_urls.Kind.FILE, max(1, seconds))
