"""What the eraser's tests share: marks, masks, and tasks that erased something."""

import json
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from editor.files import uploads
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from tests.conftest import encoded

BOX = {"x": 10, "y": 20, "width": 30, "height": 40}
MARKED = {"rectangles": json.dumps([BOX])}


def mask_file(width: int = 600, height: int = 400) -> SimpleUploadedFile:
    pixels = np.zeros((height, width), np.uint8)
    pixels[:40, :40] = 255
    return SimpleUploadedFile("mask.png", encoded(pixels, "PNG"), "image/png")


def mask_of(owner: User) -> Photo:
    return uploads.receive(owner, mask_file(), Photo.Purpose.MASK)


def erased(photo: Photo, state: State = State.DONE, **task: Any) -> Task:
    """A task that erased something of the photo; done, it has a result."""
    params = {"rectangles": [BOX], "seed": 0, "format": "png", **task.pop("params", {})}
    row = Task.objects.create(
        owner=photo.owner, photo=photo, tool=Tool.ERASE, state=state, params=params, **task
    )
    if state is State.DONE:
        pixels = np.zeros((400, 600, 3), np.uint8)
        Result.objects.create(
            owner=photo.owner,
            task=row,
            photo=photo,
            tool=Tool.ERASE,
            file=default_storage.save("results/one.png", ContentFile(encoded(pixels, "PNG"))),
            format="png",
            width=600,
            height=400,
            bytes=7,
        )
    return row


def address(photo: Photo, query: str = "?tool=erase") -> str:
    return reverse("editor:photo", args=[photo.pk]) + query


def start(photo: Photo, mark: str = "photo") -> str:
    return f"{reverse('editor:start-erase', args=[photo.pk])}?tool=erase&mark={mark}"
