"""What the browser tests of pages find in their studio: people with photos, signed in without typing.

Run inside the studio's own process, by `manage.py shell`; nothing here is worked on by an engine.
"""

import json
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from PIL import Image

from accounts.models import User
from editor.models import Photo, Result, Task
from editor.states import State
from tests.editor.files.files_out import cut_picture, encoded, photo_of, result_of, stored

PLAIN = {
    "subject": "",
    "background": None,
    "crop": False,
    "square": False,
    "margin": 0.0,
    "margin_of": "canvas",
    "format": "png",
    "outputs": "image",
    "size": "full",
}


def seat(name: str) -> User:
    """A new person."""
    return User.objects.create_user(f"{name}@example.com", "correct horse battery")


def ticket(user: User) -> dict[str, str]:
    """The cookie of a session of theirs."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}


def hand_over(**found: Any) -> None:
    """Print what the tests are to know, as JSON on the last line."""
    sys.stdout.write(json.dumps(found, default=str) + "\n")


def photos_of(user: User, count: int, name: str = "mug", **fields: Any) -> list[Photo]:
    """So many photos of a person, the first the newest, all with one file."""
    content = encoded(cut_picture(300, 200), "jpg")
    file = stored("photos", "jpg", content)
    now = timezone.now()
    facts = {"format": "jpeg", "bytes": len(content), "width": 300, "height": 200, "file": file} | fields
    return Photo.objects.bulk_create(
        Photo(owner=user, name=f"{name} {number:03}.jpg", created_at=now - timedelta(minutes=number), **facts)
        for number in range(count)
    )


def cut_out(photo: Photo, minutes_ago: float = 0, **asked: Any) -> Result:
    """A cutout of the photo, made with these params."""
    return made(photo, "cutout", {**PLAIN, **asked}, minutes_ago=minutes_ago)


def made(
    photo: Photo, tool: str, params: dict[str, Any], minutes_ago: float = 0, takes: int = 1, **task: Any
) -> Result:
    """The first of the pictures that a tool made of a photo, with these params."""
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    row = Task.objects.create(
        owner=photo.owner,
        photo=photo,
        tool=tool,
        params=params,
        state=State.DONE,
        created_at=moment,
        processed_at=moment,
        completed_at=moment + timedelta(seconds=2),
        **task,
    )
    format = params.get("format", "png")
    results = [
        result_of(photo, tool=tool, format=format, task=row, minutes_ago=minutes_ago, size=(300, 200))
        if number == 1
        else Result.objects.create(
            owner=photo.owner, photo=photo, task=row, tool=tool, number=number, format=format,
            file=stored("results", format, encoded(cut_picture(300, 200), format)),
            width=300, height=200, bytes=9, created_at=moment,
        )
        for number in range(1, takes + 1)
    ]  # fmt: skip
    return results[0]


def smooth(width: int, height: int) -> Image.Image:
    """Something soft on nothing: its colours and its edge change so slowly that scaling it loses nothing."""
    down, across = np.mgrid[:height, :width].astype(np.float32)
    across, down = (across + 0.5) / width, (down + 0.5) / height
    colours = [130 + 80 * np.sin(3 * across + 1), 120 + 70 * np.cos(2 * down), 110 + 60 * across * down]
    far = np.hypot((across - 0.45) / 0.33, (down - 0.55) / 0.3)
    edge = np.clip((1.15 - far) / 0.3, 0, 1)
    alpha = 255 * edge * edge * (3 - 2 * edge)
    return Image.fromarray(np.stack([*colours, alpha], axis=-1).round().astype(np.uint8), "RGBA")


def bare_cutout(
    user: User, width: int = 480, height: int = 360, name: str = "vase.jpg", ground: str = "#405060"
) -> Result:
    """A photo that was cut out, so that its finish can be changed."""
    picture = smooth(width, height)
    opaque = Image.alpha_composite(Image.new("RGBA", picture.size, ground), picture)
    content = encoded(opaque, "jpg")
    size = {"width": width, "height": height, "bytes": len(content)}
    photo = photo_named(user, name, format="jpeg", file=stored("photos", "jpg", content), **size)
    task = Task.objects.create(
        owner=user, photo=photo, tool="cutout", params={"subject": ""}, state=State.DONE,
        completed_at=timezone.now(),
    )  # fmt: skip
    result = result_of(photo, content=encoded(picture, "png"), size=(width, height), task=task)
    Result.objects.filter(pk=result.pk).update(bare=True)
    return result


def photo_named(user: User, name: str, **fields: Any) -> Photo:
    """One more photo of a person, the newest."""
    return photo_of(user, name=name, **fields)
