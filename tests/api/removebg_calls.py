"""What the tests of remove.bg's addresses call with, and how they look at what is answered."""

import base64
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from editor.engines.finishing.finish import Finish
from editor.engines.tools.cutout import CutoutOptions
from editor.models import Photo, Task

from .conftest import Program, png

ADDRESS = "/v1.0/removebg"
URL = "https://pictures.example/lamp.jpg"
PICTURE = png(Image.new("RGB", (400, 300), (200, 30, 30)))
BLANK = Image.new("RGB", (300, 200), "white")
ENCODED = base64.b64encode(PICTURE).decode()
MULTIPART = "multipart/form-data; boundary=b"


def upload(content: bytes = PICTURE, name: str = "lamp.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def params(program: Program, **fields: Any) -> dict[str, Any]:
    """Order so and return what the engine is asked for, which it takes."""
    Task.objects.all().delete()
    answer = program.post(ADDRESS, {"image_url": URL, **fields})
    assert answer.status_code == 503, answer.content  # nobody works on it
    asked = Task.objects.get().params
    CutoutOptions.from_dict(asked)
    return asked


def finish(program: Program, **fields: Any) -> Finish:
    return Finish.from_dict(params(program, **fields)["finish"])


def refusal(program: Program, content_type: str = "", **fields: Any) -> str:
    """Return the code of a call that is refused with 400, and check that nothing is left of it."""
    body: Any = fields if not content_type else json.dumps(fields)
    answer = program.post(ADDRESS, body, **({"content_type": content_type} if content_type else {}))
    return check_refusal(answer, 400)


def check_refusal(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert told.keys() == {"errors"}
    (error,) = told["errors"]
    assert error["title"]
    assert not Task.objects.exists()
    assert not Photo.objects.exists()
    return error.get("code", "")


def photo_pixels() -> tuple[int, int]:
    photo = Task.objects.get().photo
    return photo.width, photo.height


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n"
