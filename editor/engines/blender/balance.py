"""Balance: a set's exposure set right by its preview, as a photographer does who looks at the first shot.

The grey card says how much light falls on the product; what is around may swallow nearly all of it, as
grass does, or throw all of it back, as white silk does. The product keeps its light, what shines its look.
"""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from numpy.typing import NDArray

from editor.engines.scenes.exposure import choose_stops
from editor.engines.scenes.vocabulary import LIGHTS

from .kit.stage import Build

DIM, LIT = 0.14, 0.43
"""How bright, of 1 as it is seen, what is around is at least: in the dark, and in a view by day."""


def balance(build: Build, path: Path) -> None:
    """Move the exposure of a set whose preview lies linear in an EXR, and write that as the PNG at path."""
    file = path.with_suffix(".exr")
    image = bpy.data.images.load(str(file))
    image.colorspace_settings.name = "Linear Rec.709"
    scene = build.scene
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    seen = pixels.reshape(height, width, 4)[::-1, :, :3] * np.float32(2.0**scene.view_settings.exposure)
    stops = choose_stops(seen[mask_around(build, seen.shape)], find_least(build), white=is_white(build))
    if stops:
        scene.view_settings.exposure += stops
        for socket, _ in build.exposure_sockets:
            socket.default_value *= 2.0**-stops
    image.save_render(str(path), scene=scene)
    bpy.data.images.remove(image)
    file.unlink()


def is_white(build: Build) -> bool:
    """Whether a set is meant to be white without drawing: a studio's bright paper."""
    return build.backdrop.kind == "sweep" and build.plan.surface.name in ("sweep", "paper", "gloss")


def find_least(build: Build) -> float:
    """Return how bright what is around is to be at least; paper may be as dark as it was named."""
    if LIGHTS[build.plan.light].sky.dark:
        return DIM
    return LIT if build.backdrop.kind == "view" and not build.lies else 0.0


def mask_around(build: Build, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return where a picture (h, w) of the set lies outside the product's box."""
    around = np.ones(shape[:2], np.bool_)
    scale = shape[1] / build.frame.width
    left, top, right, bottom = (max(0, round(edge * scale)) for edge in build.frame.box)
    around[top:bottom, left:right] = False
    return around
