"""What the tests of scenes share: cutouts, tasks that took pictures, and the page they are on."""

from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from tests.conftest import encoded
from tests.support.markup import on_one_line

HTMX = {"HX-Request": "true"}
PICKED = {"by": "scene", "scene_type": "105", "batch_size": "2"}
SAID = {"by": "words", "prompt": "marble podium, pink wall"}


def stored(folder: str, format: str = "png") -> str:
    pixels = np.zeros((40, 60, 4 if format == "png" else 3), np.uint8)
    content = encoded(pixels, {"jpg": "JPEG"}.get(format, format.upper()))
    return default_storage.save(f"{folder}/one.{format}", ContentFile(content))


def pictured(task: Task, number: int = 1, format: str = "jpg", size: tuple[int, int] = (1024, 683)) -> Result:
    """A picture that a task made."""
    return Result.objects.create(
        owner=task.owner,
        task=task,
        photo=task.photo,
        tool=task.tool,
        number=number,
        file=stored("results", format),
        format=format,
        width=size[0],
        height=size[1],
        bytes=7,
    )


def cut_out(photo: Photo, format: str = "png", **task: Any) -> Result:
    """A cutout of the photo."""
    row = Task.objects.create(owner=photo.owner, photo=photo, tool=Tool.CUTOUT, state=State.DONE, **task)
    return pictured(row, format=format, size=(600, 400))


def staged(photo: Photo, state: State = State.DONE, takes: int = 2, **task: Any) -> Task:
    """A task that put the photo's product into a scene; done, it has its takes."""
    params = {"scene": 105, "takes": takes, "seed": 1, "size": 1024, "format": "jpg"}
    params |= task.pop("params", {})
    row = Task.objects.create(
        owner=photo.owner, photo=photo, tool=Tool.SCENE, state=state, params=params, **task
    )
    if state is State.DONE:
        for number in range(1, takes + 1):
            pictured(row, number)
    return row


def address(photo: Photo, query: str = "") -> str:
    return reverse("editor:photo", args=[photo.pk]) + "?tool=scene" + query


def start(photo: Photo, cutout: object = "") -> str:
    return f"{reverse('editor:start-scene', args=[photo.pk])}?tool=scene&cutout={cutout}"


def page_of(client: Client, photo: Photo, query: str = "") -> str:
    response = client.get(address(photo, query))
    assert response.status_code == 200
    return on_one_line(response)
