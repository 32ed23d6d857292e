"""What the hostile service makes of pictures, honestly and cheaply, and what it makes where it should not."""

import json
from io import BytesIO

import numpy as np
from PIL import Image

from tests.conftest import bomb


def picture(width: int = 60, height: int = 40) -> bytes:
    """A photo of nothing: a slope of colours, as PNG."""
    rows, columns = np.mgrid[:height, :width]
    pixels = np.dstack([rows * 4, columns * 3, rows + columns]).clip(0, 255).astype(np.uint8)
    return as_png(Image.fromarray(pixels))


def as_png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def disc(sent: str | bytes) -> bytes:
    """A disc in the middle of what was sent, cut out."""
    image = opened(sent).convert("RGB")
    width, height = image.size
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot((rows - height / 2) / height, (columns - width / 2) / width)
    image.putalpha(Image.fromarray(((0.35 - away) * 2000 + 127).clip(0, 255).astype(np.uint8)))
    return as_png(image)


def opened(sent: str | bytes) -> Image.Image:
    assert isinstance(sent, bytes)
    return Image.open(BytesIO(sent))


def erased(sent: str | bytes, mask: str | bytes | None, rectangles: str) -> Image.Image:
    """What was sent, all of it a little darker, and grey where it was marked."""
    image = opened(sent).convert("RGB").point([max(0, level - 3) for level in range(256)] * 3)
    if mask is not None:
        image.paste("#808080", mask=opened(mask).convert("L"))
    for box in json.loads(rectangles):
        left, top = box["x"], box["y"]
        image.paste("#808080", (left, top, left + box["width"], top + box["height"]))
    return image


def _jpeg() -> bytes:
    buffer = BytesIO()
    opened(picture()).save(buffer, "JPEG")
    return buffer.getvalue()


WRONG = {
    "wrong_size": lambda: disc(picture(61, 40)),
    "jpeg": _jpeg,
    "opaque": picture,
    "text": lambda: b"This is no picture.",
    "bomb": bomb,
    "cut": lambda: disc(picture())[:-40],
}
