"""The light pass: how much light, and of what colour, falls on the product from everything else of its set.

The product's body is rendered in white twice: in the set, where nothing else is seen by the camera but all of
it lights, bounces and throws shadows; and in the even light that products are photographed in, which is in
their pictures already. What is kept is the one over the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import LIGHTS

from . import product, render
from .kit import meshes
from .kit.camera import place_camera
from .kit.lamps import area, dome
from .kit.shaders import Shader
from .kit.stage import Build, new_scene

Light = NDArray[np.float32]

SOFT_SIDE, SHARP_SIDE = 176, 352
"""Pixels of the product's longer side: in soft light, and where lamps throw a pattern."""

SAMPLES = 14
WHITE = 0.8
"""Reflectance of the body: bright, but not so that light goes on bouncing about in it."""

FACING = 1.25
"""How much more light falls on a front than the grey card of the exposure says (measured over ten sets)."""

USUAL = 0.85
"""The share of the body that is darker than what a photographer exposes for."""

SOFT, GLOW_SOFT = 3.0, 8.0
"""Pixels over which soft light, and that of tubes and candles, is evened: no seam of the body shows in it."""

LEAST = 0.02
FILL = 1.2
"""Pixels over which light is carried beyond the body's coarse outline."""


def measure_light(build: Build, cutout: product.Cutout, factor: float, path: Path) -> None:
    """Write the light on the product, beside what its picture was taken in, as float32 (h, w, 3) to a file.

    path: of the npy file. 1 is as bright, and as white, as a set at meter 1 is on average. It fills the
    product's box. factor: of the set's exposure.
    """
    side = SHARP_SIDE if LIGHTS[build.plan.light].is_hard else SOFT_SIDE
    with _bare_product(build) as body:
        body(cutout)
        lit = _render(build, path.with_suffix(".exr"), side)
    plain = _build_plain(build, cutout)
    usual = _render(plain, path.with_suffix(".exr"), side)
    bpy.data.scenes.remove(plain.scene)
    np.save(path, divide(lit, usual, factor, soft=_softness(build.plan.light)))


def _softness(light: str) -> float:
    """Return the pixels over which a rig's light is evened: two colours from both sides meet in no line."""
    row = LIGHTS[light]
    return 0.0 if row.is_hard else GLOW_SOFT if row.glows else SOFT


def divide(
    lit: NDArray[np.float32], usual: NDArray[np.float32], factor: float, *, soft: float = 0.0
) -> Light:
    """Return light over light of two renderings (h, w, 4), the second scaled to a proper exposure.

    soft: pixels over which light is evened on the body.
    """
    solid = np.minimum(lit[..., 3], usual[..., 3]) > 0.5
    if not solid.any():
        return np.ones((1, 1, 3), np.float32)
    exposed = float(np.quantile(usual[solid][:, :3].mean(-1), USUAL))
    ratio = lit[..., :3] * factor / (render.FULL * WHITE * FACING)
    ratio = ratio / np.maximum(usual[..., :3] / max(exposed, LEAST), LEAST)
    if soft:
        weight = ndimage.gaussian_filter(solid.astype(np.float32), soft)[..., None]
        kept = np.where(solid[..., None], ratio, 0).astype(np.float32)
        ratio = ndimage.gaussian_filter(kept, (soft, soft, 0)) / np.maximum(weight, 1e-3)
    return _fill(ratio.astype(np.float32), solid)


def _fill(light: Light, solid: NDArray[np.bool_]) -> Light:
    """Return light with what is outside the body taken from the nearest of it."""
    nearest = ndimage.distance_transform_edt(~solid, return_distances=False, return_indices=True)
    filled = light[tuple(nearest)]
    soft = np.stack([ndimage.gaussian_filter(filled[..., k], FILL) for k in range(3)], -1)
    return np.where(solid[..., None], filled, soft).astype(np.float32)


@contextlib.contextmanager
def _bare_product(build: Build) -> Iterator[Any]:
    """Hide all but a white body from the camera, and put everything back afterwards."""
    scene = build.scene
    seen = {thing: thing.visible_camera for thing in scene.objects}
    made: list[Any] = []
    scene.render.film_transparent = True
    for thing in seen:
        thing.visible_camera = False
    hidden = [thing for thing in seen if thing.get(product.MARK)]
    for thing in hidden:
        thing.hide_render = True
    try:
        yield lambda cutout: made.append(_stand_body(build, cutout))
    finally:
        for thing in made:
            bpy.data.objects.remove(thing)
        for thing, was in seen.items():
            thing.visible_camera = was
        for thing in hidden:
            thing.hide_render = False
        scene.render.film_transparent = False


def _stand_body(build: Build, cutout: product.Cutout) -> Any:
    white = Shader("white body")
    white.finish(white.node("BsdfDiffuse", {"Color": (WHITE, WHITE, WHITE, 1)}).outputs[0])
    body = meshes.place(build, product.round_front(build, cutout), white)
    body.visible_glossy = False
    return body


def _build_plain(build: Build, cutout: product.Cutout) -> Build:
    """Return a set of the white body alone, in the light that products are photographed in."""
    plan = SetPlan(Piece("sweep"), Piece("sweep"), blur=0.0, stand=build.plan.stand)
    plain = replace(build, plan=plan, scene=new_scene("plain"), exposure_sockets=[])
    render.apply_settings(plain)
    place_camera(plain)
    plain.scene.render.film_transparent = True
    _stand_body(plain, cutout)
    x, y, z = (0.0, 0.0, 0.3) if build.lies else (0.0, 0.0, build.foot_z + 0.5)
    dome(plain, "#ffffff", 0.6)
    # One large soft box over the camera, tilted down, and one to either side.
    reach = (x, y - 0.6, z + 3.0) if build.lies else (x, y - 2.4, z + 1.9)
    area(plain, reach, (x, y, z), 2.4, 120, "#ffffff")
    for side in (-1, 1):
        area(plain, (2.4 * side, y - 1.2, z + 0.6), (x, y, z), (1.0, 2.2), 45, "#ffffff")
    return plain


def _render(build: Build, path: Path, side: int) -> NDArray[np.float32]:
    """Render the product's box, its longer side so many pixels; return it (h, w, 4), linear, exposure 0."""
    scene, frame = build.scene, build.frame
    left, top, right, bottom = frame.box
    whole = max(frame.width, frame.height)
    shrunk = min(1.0, side / max(right - left, bottom - top))
    width, height = render.output_size(frame, max(1, round(whole * shrunk)))
    sharp, scene.camera.data.dof.use_dof = scene.camera.data.dof.use_dof, False
    settings = scene.render.image_settings
    settings.file_format, settings.color_mode, settings.color_depth = "OPEN_EXR", "RGBA", "32"
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
    scene.render.use_border = scene.render.use_crop_to_border = True
    scene.render.border_min_x, scene.render.border_max_x = _share(left, right, frame.width)
    below, above = _share(frame.height - bottom, frame.height - top, frame.height)
    scene.render.border_min_y, scene.render.border_max_y = below, above
    scene.cycles.samples, scene.cycles.time_limit = SAMPLES, 0.0
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True, scene=scene.name)
    scene.render.use_border = scene.render.use_crop_to_border = False
    scene.camera.data.dof.use_dof = sharp
    settings.file_format, settings.color_mode, settings.color_depth = "PNG", "RGB", "8"
    return render.read_linear(path)


def _share(low: float, high: float, whole: int) -> tuple[float, float]:
    return min(1.0, max(0.0, low / whole)), min(1.0, max(0.0, high / whole))
