"""What the tests of the gallery and of files going out share: results that exist, answers read whole."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import AsyncClient
from django.utils import timezone
from PIL import Image

from accounts.models import User
from editor.models import Photo, Result, Task, stored_name
from editor.states import State
from editor.tools import Tool


def cut_picture(width: int = 60, height: int = 40) -> Image.Image:
    """A red block on nothing: opaque in its middle half, see-through around it."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((200, 30, 30, 255), (width // 4, height // 4, 3 * width // 4, 3 * height // 4))
    return picture


@cache
def cut_file(width: int, height: int, format: str) -> bytes:
    """That picture as a file, drawn once for hundreds of rows."""
    return encoded(cut_picture(width, height), format)


def encoded(picture: Image.Image, format: str) -> bytes:
    buffer = BytesIO()
    picture.convert("RGB" if format == "jpg" else "RGBA").save(buffer, {"jpg": "JPEG"}.get(format, format))
    return buffer.getvalue()


def stored(folder: str, extension: str, content: bytes) -> str:
    return default_storage.save(stored_name(folder, extension), ContentFile(content))


def photo_of(owner: User, name: str = "lamp.jpg", **fields: Any) -> Photo:
    content = cut_file(60, 40, "jpg")
    facts = {"format": "JPEG", "bytes": len(content), "width": 60, "height": 40}
    return Photo.objects.create(
        owner=owner, name=name, **{**facts, "file": stored("photos", "jpg", content), **fields}
    )


def result_of(
    photo: Photo,
    *,
    tool: str = Tool.CUTOUT,
    format: str = "png",
    kind: str = Result.Kind.IMAGE,
    minutes_ago: float = 0,
    content: bytes | None = None,
    size: tuple[int, int] = (60, 40),
    thumbnail: bool = True,
    task: Task | None = None,
    bare: bool = False,
) -> Result:
    content = cut_file(*size, format) if content is None else content
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    task = task or Task.objects.create(owner=photo.owner, photo=photo, tool=tool, state=State.DONE)
    return Result.objects.create(
        owner=photo.owner,
        photo=photo,
        task=task,
        tool=tool,
        kind=kind,
        bare=bare,
        file=stored("results", format, content),
        thumbnail=stored("results", "webp", cut_file(12, 8, "webp")) if thumbnail else "",
        format=format,
        width=size[0],
        height=size[1],
        bytes=len(content),
        created_at=moment,
    )


async def whole(response: Any) -> bytes:
    """Read an answer to its end the way the server does, which wants asynchronous iterators."""
    try:
        if not response.streaming:
            return response.content
        assert response.is_async
        chunks: AsyncIterator[bytes] = response.streaming_content
        return b"".join([chunk async for chunk in chunks])
    finally:
        response.close()


def ask(user: User | None, method: str, path: str, data: Any = None, **extra: Any) -> tuple[Any, bytes]:
    """Send a request as the server would handle it, and return the answer with its whole body."""

    async def asked() -> tuple[Any, bytes]:
        client = AsyncClient()
        if user is not None:
            await client.aforce_login(user)
        response = await getattr(client, method)(path, data, **extra)
        return response, await whole(response)

    return async_to_sync(asked)()


def get(user: User | None, path: str, data: Any = None, **extra: Any) -> tuple[Any, bytes]:
    return ask(user, "get", path, data, **extra)
