"""The index pass: which piece of a set is seen where; whether all that was named is to be seen at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines.scenes.plan import MOST_OF_A_PROP, Piece
from editor.engines.scenes.sight import LEAST_SEEN, measure_share
from editor.engines.scenes.true_size import scale_prop
from editor.engines.scenes.vocabulary import PROPS

from . import render
from .kit import registry
from .kit.shaders import Shader
from .kit.stage import Build

Index = NDArray[np.uint8]

MOST = 64.0
"""Pieces that can be told apart."""

SIDE = 192

FIRST_PROP = 2
"""The number of the first prop; the stand is 1."""

MOST_ENLARGED = 1.6
"""How much larger a prop may become that was too small to be seen."""

CUT_OFF = 0.1
"""Percent below which a thing is not too small but hidden, or cut by the picture's edge."""

SMALLER = (0.65, 0.45)
"""How large it becomes, beside its true size, where there was no room for it: a twig instead of a branch."""


@contextmanager
def numbered(number: int) -> Iterator[None]:
    """Give a number to all objects that are made meanwhile, those scattered by the hundred included."""
    before = set(bpy.data.objects)
    yield
    for thing in bpy.data.objects:
        if thing not in before:
            thing.pass_index = number


def build_prop(build: Build, prop: Piece, number: int) -> None:
    """Build a prop under its number; where a stand bears the props, on top of that."""
    before, taken = set(build.scene.objects), len(build.list_taken())
    with numbered(number):
        registry.PROPS[prop.name](build, prop)
    build.places_of[number] = build.list_taken()[taken:]
    if build.ledge is not None and not PROPS[prop.name].airborne:
        for thing in set(build.scene.objects) - before:
            if thing.parent is None:
                thing.location.z += build.foot_z


def write_index(build: Build, path: Path) -> None:
    """Write the number of the piece that is seen at each pixel, 0 for all else: uint8 (h, w), a npy file."""
    np.save(path, render_index(build, path.with_suffix(".exr")))


def render_index(build: Build, file: Path) -> Index:
    """Return the number of the piece that is seen at each pixel (h, w), 0 for all else. file: to pass by."""
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
    render.render_picture(build, file, side=SIDE, samples=1)
    seen: Any = np.rint(render.read_linear(file)[..., 0] * MOST)
    scene.view_layers[0].material_override = None
    settings.file_format, settings.color_depth = "PNG", "8"
    scene.cycles.use_denoising, scene.cycles.filter_width = True, width
    scene.cycles.pixel_filter_type = "BLACKMAN_HARRIS"
    scene.camera.data.dof.use_dof = sharp
    for lamp in lamps:
        lamp.hide_render = False
    scene.world = world
    bpy.data.materials.remove(s.material)
    return np.clip(seen, 0, 255).astype(np.uint8)


def bring_into_sight(build: Build, depth: NDArray[np.float32], folder: Path) -> list[str]:
    """Build props once more that can hardly be seen, larger and more of them. Return those still hidden.

    depth: of the product (h, w), 0 where it is not: what is behind it is hidden by it.
    """
    hidden = _find_hidden(build, depth, folder)
    for number, share in hidden.items():
        build_again(build, number, share)
    if hidden:
        hidden = _find_hidden(build, depth, folder)
        again = {number: share for number, share in hidden.items() if share < CUT_OFF}
        for number, share in again.items():
            build_again(build, number, share, small=True)
        if again:
            hidden = _find_hidden(build, depth, folder)
    return [build.plan.props[number - FIRST_PROP].name for number in hidden]


def build_again(build: Build, number: int, share: float, *, small: bool = False) -> None:
    """Build a prop again that covers but `share` percent: larger, else as it was, else as small as fits.

    Where it was larger already and is not seen, it is hidden or cut: then it becomes small.
    """
    prop = build.plan.props[number - FIRST_PROP]
    for thing in [thing for thing in build.scene.objects if thing.pass_index == number]:
        bpy.data.objects.remove(thing)
    # It may stand where it stood.
    build.free(build.places_of.get(number, []))
    more = prop if prop.count else replace(prop, count=MOST_OF_A_PROP)
    larger = min(MOST_ENLARGED, 1.2 * (LEAST_SEEN / max(share, 0.1)) ** 0.5)
    for size in SMALLER if small else (larger, 1.0, *SMALLER):
        build.prop_scale = scale_prop(prop.name, build.size_cm) * size
        build_prop(build, more, number)
        if any(thing.pass_index == number for thing in build.scene.objects):
            break


def _find_hidden(build: Build, depth: NDArray[np.float32], folder: Path) -> dict[int, float]:
    """Return the numbers of the props that cover too little of the picture, each with its percent."""
    index = render_index(build, folder / f"{build.scene.name}-index.exr")
    free = ~_mask_product(build, depth, index.shape)
    count = len(build.plan.props)
    shares = {
        number: measure_share((index == number) & free) for number in range(FIRST_PROP, FIRST_PROP + count)
    }
    return {number: share for number, share in shares.items() if share < LEAST_SEEN}


def _mask_product(build: Build, depth: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    scale = shape[1] / build.frame.width
    left, top, right, bottom = (round(edge * scale) for edge in build.frame.box)
    inside = Image.new("L", (shape[1], shape[0]))
    solid = Image.fromarray((depth > 0).astype(np.uint8) * 255)
    inside.paste(solid.resize((max(1, right - left), max(1, bottom - top))), (left, top))
    return np.asarray(inside) > 127
