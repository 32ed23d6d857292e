"""A cutout's layers apart, for who puts them together: its colours, its alpha, and its ground, in one ZIP."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from editor.engines import types
from editor.engines.io import pictures

from .finish import Finish
from .render import Rendering, find_ground

SPREAD = 6.0
"""Standard deviation, in pixels, of how colours go on beyond the edge: as far as JPEG's blocks reach."""

LEAST = 1e-3
"""Of what is left of alpha so far from the edge that its colour no longer counts."""


def write_layers(made: Rendering, ground: types.Image | None, path: Path) -> int:
    """Write color.jpg, alpha.png and, where there is a ground, background.jpg; return the ZIP's bytes.

    made: rendered without its ground.
    """
    alpha = np.ones(made.mask.shape, np.float32) if made.alpha is None else made.alpha
    files = [
        ("color.jpg", Image.fromarray(extend_colours(made.rgb, alpha))),
        ("alpha.png", pictures.to_grey(alpha)),
    ]
    if ground is not None:
        files.append(("background.jpg", Image.fromarray(ground)))
    # What is in it is packed already.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, picture in files:
            packed = path.with_name(f"{path.stem}-{name}")
            pictures.save(picture, packed, format=packed.suffix.removeprefix("."))
            archive.writestr(zipfile.ZipInfo(name), packed.read_bytes())
            packed.unlink()
    return path.stat().st_size


def extend_colours(rgb: types.Image, alpha: types.Alpha) -> types.Image:
    """Return the colours with those of the edge going on a little beyond it, and black where nothing is near.

    So no block of a JPEG mixes the edge with black, and nothing of what was cut away is there to be found.
    """
    weighed = pictures.to_pillow(rgb, alpha).convert("RGBa")
    soft = np.asarray(weighed.filter(ImageFilter.GaussianBlur(SPREAD)), np.float32)
    near = soft[..., 3:] > 255 * LEAST
    beyond = np.where(near, soft[..., :3] * 255 / np.maximum(soft[..., 3:], 255 * LEAST), 0)
    return np.where(alpha[..., np.newaxis] > 0, rgb, np.clip(beyond + 0.5, 0, 255)).astype(np.uint8)


def paint_ground(finish: Finish, backdrop: str | Path | None, made: Rendering) -> types.Image | None:
    """Return the ground alone on the canvas of what was made, None where none is asked for."""
    if not (finish.background or backdrop):
        return None
    height, width = made.mask.shape
    # As of a jpg: it has no alpha to keep.
    ground = find_ground(replace(finish, format="jpg"), backdrop, width, height)
    return np.array(np.broadcast_to(np.asarray(ground, np.uint8), (height, width, 3)))
