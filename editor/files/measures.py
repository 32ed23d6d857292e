"""Measures of cutouts: taken once, by the process that makes pictures, and kept with the task that cut out.

Of those that nobody asked for nothing is kept, and nothing is measured.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction

from editor.engines.finishing.proposals import Measures
from editor.models import Result, Task

from . import render_process, renders

KEPT_AS = "measures"


def get_kept(result: Result) -> Measures | None:
    """Return what was measured on a cutout, None where it was not, or otherwise than today."""
    return Measures.from_dict(result.task.facts.get(KEPT_AS) or {})


async def find(result: Result) -> Measures:
    """Return what is measured on a cutout. result: with its task and its photo.

    Raises RenderFailed, and FileNotFoundError where the cutout's own file is gone.
    """
    if kept := get_kept(result):
        return kept
    found = await asyncio.wrap_future(render_process.submit(lambda run: take(result, run)))
    await sync_to_async(keep)(result, found)
    return Measures.from_dict(found) or Measures()


def take(result: Result, run: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Have a cutout measured, beside its photo as long as that is there."""
    folder = Path(tempfile.mkdtemp(prefix="measures-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        work = {"work": "measure", "source": str(renders.get_path(result, folder))}
        with suppress(FileNotFoundError):
            work["photo"] = str(renders.get_path(result.photo, folder)) if result.photo.file else ""
        return run(work)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(result: Result, found: dict[str, Any]) -> None:
    """Keep what was measured. A task that went meanwhile has nothing to keep it."""
    result.task.facts = {**result.task.facts, KEPT_AS: found}
    with transaction.atomic():
        task = Task.objects.select_for_update(no_key=True).filter(pk=result.task_id).first()
        if task is not None:
            Task.objects.filter(pk=task.pk).update(facts={**task.facts, KEPT_AS: found})
