"""The files that tools write: results, their thumbnails, the photo's preview, and what was found as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from editor.engines.types import Kind, Output

from . import pictures
from .colour.description import Density

THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 80
PREVIEW_QUALITY = 90


def write_picture(
    image: Image.Image,
    path: Path,
    kind: Kind,
    quality: int | None = None,
    of: Literal["photo", "result"] = "result",
    density: Density | None = None,
    xmp: bytes = b"",
) -> Output:
    """Write an RGB, RGBA or grey picture in the format that the path ends in; see pictures.save."""
    format = path.suffix.removeprefix(".")
    size = pictures.save(image, path, format=format, quality=quality, density=density, xmp=xmp)
    return Output(kind, str(path), image.width, image.height, format, size, of)


def write_result(
    image: Image.Image,
    folder: Path,
    format: str,
    *,
    kind: Literal["image", "mask"] = "image",
    number: int = 1,
    density: Density | None = None,
    xmp: bytes = b"",
) -> list[Output]:
    """Write a result, with its photo's density, and its thumbnail. xmp: what is said of its origin."""
    name = kind if number == 1 else f"{kind}-{number}"
    # Side by side: packing a picture leaves the other processors idle.
    with ThreadPoolExecutor(1) as other:
        small = other.submit(write_thumbnail, image, folder / f"{name}-thumbnail.webp", "result")
        made = write_picture(image, folder / f"{name}.{format}", kind, density=density, xmp=xmp)
        return [replace(made, number=number), replace(small.result(), number=number)]


def write_preview(picture: pictures.Picture, folder: Path) -> list[Output]:
    """Write the photo as a browser shows it, and a thumbnail: upright, sRGB, without metadata."""
    photo = pictures.to_pillow(picture.rgb, picture.alpha)
    path = folder / ("preview.jpg" if picture.alpha is None else "preview.webp")
    preview = write_picture(photo, path, "preview", PREVIEW_QUALITY, "photo")
    return [preview, write_thumbnail(photo, folder / "preview-thumbnail.webp", "photo")]


def write_facts(
    found: Mapping[str, Any],
    folder: Path,
    width: int,
    height: int,
    *,
    kind: Literal["facts", "faces"] = "facts",
) -> Output:
    """Write what was found in a photo of that size as JSON, for the page to say."""
    path = folder / f"{kind}.json"
    size = path.write_text(json.dumps(found), encoding="ascii")
    return Output(kind, str(path), width, height, "json", size, "photo")


def write_thumbnail(image: Image.Image, path: Path, of: Literal["photo", "result"]) -> Output:
    """Write the small copy of a picture."""
    small = pictures.shrink(image, THUMBNAIL_SIDE)
    if small is image:
        # Pillow notes in a picture how it is being saved, and two savings go on side by side.
        small = image.copy()
    return write_picture(small, path, "thumbnail", THUMBNAIL_QUALITY, of)
