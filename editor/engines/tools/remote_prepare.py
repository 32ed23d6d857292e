"""What a service is handed of a picture: its pixels upright in sRGB, nothing else, and within its limits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from editor.engines import types
from editor.engines.errors import InvalidOptions
from editor.engines.inpainting import erase_mask
from editor.engines.io import compose, outputs, pictures
from editor.engines.limits import SEEDS
from editor.tools import Tool

from . import erase, scene

QUALITIES = (95, 90, 80, 70)
"""Of the JPEG that is sent where a PNG would be over SEEDS.bytes: the first that is not."""

LEAST_SCENE_SIDE = 256
"""Pixels a side that seed 001 asks for at least."""

SHRINK = 0.8
"""A product whose PNG is too many bytes is made so much smaller, until it is not: scenes have 1024 pixels."""


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Write what a service is handed of the picture file `source` into `folder`: an image, maybe a mask.

    options: `tool`, whose work is asked for, and `options`, that tool's own, of which an erasing's marks
    are heeded: from a mask_path a clean mask is made. A scene's product is cut out where it is not yet.
    Raises EngineError, see errors.py: what the tool itself would not take is not sent either.
    """
    tool, asked = options.pop("tool", ""), options.pop("options", {})
    if tool not in Tool or not isinstance(asked, Mapping) or options:
        raise InvalidOptions(f"Nothing is handed over with {', '.join(sorted(options)) or tool!r}.")
    picture = pictures.read(source)
    report(0.3)
    if tool == "scene":
        return [_write_product(picture, folder / "outgoing.png")]
    written = [_write_photo(pictures.to_pillow(picture.rgb, picture.alpha), folder)]
    report(0.8)
    if tool == "erase":
        mask = erase_mask.check_mask(erase.read_mask(picture, _erase_options(asked)), picture.rgb)
        if asked.get("mask_path"):
            grey = pictures.to_grey(mask.astype(np.float32))
            written.append(outputs.write_picture(grey, folder / "outgoing-mask.png", "mask"))
    return written


def _erase_options(asked: Mapping[str, Any]) -> erase.EraseOptions:
    return erase.EraseOptions(asked.get("rectangles"), asked.get("mask_path"))


def _write_photo(image: Image.Image, folder: Path) -> types.Output:
    """Write a picture as a PNG, or as the best JPEG that is not too many bytes."""
    made = outputs.write_picture(image, folder / "outgoing.png", "image")
    if made.bytes <= SEEDS.bytes:
        return made
    Path(made.path).unlink()
    rgb, alpha = pictures.from_pillow(image)
    flat = image if alpha is None else Image.fromarray(compose.lay_over(rgb, alpha, (255, 255, 255)))
    for quality in QUALITIES:
        made = outputs.write_picture(flat, folder / "outgoing.jpg", "image", quality)
        if made.bytes <= SEEDS.bytes:
            break
    return made


def _write_product(picture: pictures.Picture, path: Path) -> types.Output:
    """Write a product alone as a transparent PNG of a size that a scene can be made for."""
    image = _enlarge_to_least(pictures.to_pillow(*scene.cut_out(picture)).convert("RGBA"))
    made = outputs.write_picture(image, path, "image")
    while made.bytes > SEEDS.bytes:
        image = pictures.shrink(image, int(SHRINK * max(image.size)))
        made = outputs.write_picture(image, path, "image")
    return made


def _enlarge_to_least(image: Image.Image) -> Image.Image:
    """Return a picture enlarged, and widened where it is very long, to LEAST_SCENE_SIDE a side."""
    factor = LEAST_SCENE_SIDE / min(image.size)
    if factor <= 1:
        return image
    factor = min(factor, SEEDS.side / max(image.size))
    width, height = (max(1, round(side * factor)) for side in image.size)
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    if min(width, height) >= LEAST_SCENE_SIDE:
        return image
    wide = Image.new("RGBA", (max(width, LEAST_SCENE_SIDE), max(height, LEAST_SCENE_SIDE)))
    wide.paste(image, ((wide.width - width) // 2, (wide.height - height) // 2))
    return wide
