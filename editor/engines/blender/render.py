"""Exposure and rendering of a finished set."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines.scenes.framing import Frame

from .kit.lamps import UNMETERED
from .kit.shaders import Shader
from .kit.stage import Build
from .render_progress import Timing

CARD = 0.5
"""Reflectance of the card that light is measured on: that of a usual set, so that as much bounces about."""

FULL = 0.78
"""What the card's brighter parts are exposed to, were they white, at meter 1: white, not yet clipped."""

MIRRORED = 0.85
"""How bright the product is in a perfect mirror, beside its own pixels."""

BAND_PIXELS, OVERLAP = 1_500_000, 48
"""A picture of more pixels is rendered and denoised in bands, which share so many rows: the denoiser takes
nearly 1 kB for each pixel (3.6 GB at 2048², measured)."""

METER_SIDE = 56


def apply_settings(build: Build) -> None:
    """Set how all pictures of this set are rendered."""
    scene = build.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 2, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 6, 12
    cycles.volume_bounces = 0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy = 1.0
    cycles.sample_clamp_indirect = 6.0
    cycles.sample_clamp_direct = 40.0
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "FAST"
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.03
    # A set has few lamps; the tree pays off with many (12 % slower here).
    cycles.use_light_tree = False
    cycles.debug_use_spatial_splits = False
    cycles.tile_size = 2048
    scene.render.use_persistent_data = False
    scene.display_settings.display_device = "sRGB"
    scene.render.dither_intensity = 1.0
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.color_depth = "8"
    scene.render.image_settings.compression = 10


def output_size(frame: Frame, side: int) -> tuple[int, int]:
    """Return width and height of a picture of this frame whose longer side is `side` pixels."""
    scale = side / max(frame.width, frame.height)
    return max(1, round(frame.width * scale)), max(1, round(frame.height * scale))


def bands(frame: Frame, side: int) -> int:
    """Return in how many parts a picture of this frame is rendered in full."""
    width, height = output_size(frame, side)
    return -(-width * height // BAND_PIXELS)


def render_picture(
    build: Build, path: Path, *, side: int, samples: int, timing: Timing | None = None
) -> None:
    """Render the set into a PNG whose longer side is `side` pixels. timing: what is to know how it goes."""
    scene = build.scene
    scene.render.resolution_x, scene.render.resolution_y = output_size(build.frame, side)
    scene.render.resolution_percentage = 100
    scene.cycles.samples = samples
    scene.cycles.adaptive_min_samples = max(1, min(samples, 6))
    # What is measured, or is to be exposed, is small and comes in one piece.
    linear = scene.render.image_settings.file_format == "OPEN_EXR"
    count = 1 if linear else bands(build.frame, side)
    with timing or Timing(count) as timing:
        if count > 1:
            _render_bands(scene, path, count, timing)
        else:
            _render_file(scene, path, timing)


def _render_bands(scene: Any, path: Path, count: int, timing: Timing) -> None:
    """Render a picture band by band, from the top; where two overlap one fades into the other."""
    height = scene.render.resolution_y
    edges = [round(height * number / count) for number in range(count + 1)]
    whole: NDArray[np.float32] | None = None
    scene.render.use_border = scene.render.use_crop_to_border = True
    for first, last in itertools.pairwise(edges):
        top = max(0, first - OVERLAP)
        # Blender counts from below.
        scene.render.border_max_y = 1 - top / height
        scene.render.border_min_y = 1 - last / height
        part = path.with_stem(f"{path.stem}-{first}")
        _render_file(scene, part, timing, scene.render.resolution_x * (last - top))
        pixels = np.asarray(Image.open(part), np.float32)
        part.unlink()
        if whole is None:
            whole = np.zeros((height, *pixels.shape[1:]), np.float32)
        # Whatever Blender rounded, a band ends where it was to end.
        top = last - len(pixels)
        fade = np.clip((np.arange(len(pixels)) + 1) / (first - top + 1), 0, 1)[:, None, None]
        whole[top:last] = whole[top:last] * (1 - fade) + pixels * fade
    scene.render.use_border = scene.render.use_crop_to_border = False
    if whole is not None:
        Image.fromarray((whole + 0.5).astype(np.uint8)).save(path, compress_level=1)


def _render_file(scene: Any, path: Path, timing: Timing, pixels: int = 0) -> None:
    scene.render.filepath = str(path)
    scene.cycles.time_limit = limit = timing.begin()
    bpy.ops.render.render(write_still=True, scene=scene.name)
    timing.end(pixels or scene.render.resolution_x * scene.render.resolution_y, limit)


def meter_exposure(build: Build, folder: Path) -> float:
    """Set the exposure as a photographer's grey card would, and return its factor.

    All the set is rendered tiny in grey, the product included; how bright that is where the product
    stands is what light falls there, whatever the colours of the set.
    """
    scene = build.scene
    grey = Shader("grey card")
    grey.finish(grey.node("BsdfDiffuse", {"Color": (CARD, CARD, CARD, 1)}).outputs[0])
    layer = scene.view_layers[0]
    layer.material_override = grey.material
    hidden = [thing for thing in scene.objects if thing.type in ("MESH", "CURVE")]
    shown = {thing.name: thing.visible_camera for thing in hidden}
    for thing in hidden:
        if thing.name.startswith("product"):
            thing.visible_camera = True
    out = [thing for thing in scene.objects if thing.get(UNMETERED)]
    for lamp in out:
        lamp.hide_render = True
    blur, scene.camera.data.dof.use_dof = scene.camera.data.dof.use_dof, False
    denoising, scene.cycles.use_denoising = scene.cycles.use_denoising, False
    scene.render.image_settings.file_format = "OPEN_EXR"
    path = folder / f"{scene.name}-meter.exr"
    render_picture(build, path, side=METER_SIDE, samples=12)
    luminance = read_linear(path)[..., :3] @ np.array([0.2126, 0.7152, 0.0722])
    height, width = luminance.shape
    box = [round(edge * METER_SIDE / max(build.frame.width, build.frame.height)) for edge in build.frame.box]
    pad = max(2, (box[2] - box[0]) // 5)
    near = luminance[
        max(0, box[1]) : max(1, min(height, box[3] + pad)),
        max(0, box[0] - pad) : max(1, min(width, box[2] + pad)),
    ]
    light = float(0.35 * near.mean() + 0.65 * np.quantile(near, 0.85)) if near.size else CARD
    layer.material_override = None
    for lamp in out:
        lamp.hide_render = False
    for thing in hidden:
        thing.visible_camera = shown[thing.name]
    scene.camera.data.dof.use_dof = blur
    scene.cycles.use_denoising = denoising
    scene.render.image_settings.file_format = "PNG"
    exposure = min(max(math.log2(build.meter * build.gain * FULL * CARD / max(light, 1e-4)), -6.0), 6.0)
    scene.view_settings.exposure = exposure
    return 2.0**exposure


def read_linear(path: Path) -> NDArray[np.float32]:
    """Return a rendered EXR's pixels (h, w, 4), linear, and remove the file."""
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Linear Rec.709"
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    path.unlink()
    return pixels.reshape(height, width, 4)[::-1]


def set_exposure(build: Build, mirrored: Any, folder: Path) -> float:
    """Meter the set, then make what is to look the same at any exposure do so. Return its factor.

    mirrored: the node by which the product glows in mirrors, where it is to look like its pixels.
    """
    build.show(mirrored.inputs["Strength"], MIRRORED)
    factor = meter_exposure(build, folder)
    for socket, strength in build.exposure_sockets:
        socket.default_value = strength / factor
    return factor
