"""The index pass: which piece of a set is seen where, to measure whether what was asked for is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from . import render
from .kit.shaders import Shader
from .kit.stage import Build

MOST = 64.0
"""Pieces that can be told apart."""

SIDE = 192


@contextmanager
def numbered(number: int) -> Iterator[None]:
    """Give a number to all objects that are made meanwhile, those scattered by the hundred included."""
    before = set(bpy.data.objects)
    yield
    for thing in bpy.data.objects:
        if thing not in before:
            thing.pass_index = number


def write_index(build: Build, path: Path) -> None:
    """Write the number of the piece that is seen at each pixel, 0 for all else: uint8 (h, w), a npy file."""
    scene, settings = build.scene, build.scene.render.image_settings
    s = Shader("index")
    number = s.node("ObjectInfo").outputs["Object Index"]
    s.finish(
        s.node("Emission", {"Color": (1, 1, 1, 1), "Strength": s.math("DIVIDE", number, MOST)}).outputs[0]
    )
    world, scene.world = scene.world, None
    lamps = [thing for thing in scene.objects if thing.type == "LIGHT"]
    for lamp in lamps:
        lamp.hide_render = True
    sharp, scene.camera.data.dof.use_dof = scene.camera.data.dof.use_dof, False
    width, scene.cycles.pixel_filter_type = scene.cycles.filter_width, "BOX"
    scene.cycles.filter_width, scene.cycles.use_denoising = 0.01, False
    scene.view_layers[0].material_override = s.material
    settings.file_format, settings.color_depth = "OPEN_EXR", "32"
    file = path.with_suffix(".exr")
    render.render_picture(build, file, side=SIDE, samples=1)
    seen: Any = np.rint(render.read_linear(file)[..., 0] * MOST)
    np.save(path, np.clip(seen, 0, 255).astype(np.uint8))
    scene.view_layers[0].material_override = None
    settings.file_format, settings.color_depth = "PNG", "8"
    scene.cycles.use_denoising, scene.cycles.filter_width = True, width
    scene.cycles.pixel_filter_type = "BLACKMAN_HARRIS"
    scene.camera.data.dof.use_dof = sharp
    for lamp in lamps:
        lamp.hide_render = False
    scene.world = world
    bpy.data.materials.remove(s.material)
