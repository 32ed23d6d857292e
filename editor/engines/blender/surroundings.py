"""Surroundings: real rooms and places that Blender itself carries, for metal, glass and gloss to mirror.

Eight panoramas of 1024 × 512 by Greg Zaal (Poly Haven, CC0) lie among the data of `bpy`. What mirrors sees
one of them, turned so that its bright side is the main light's. What does not mirror is lit by the same room:
the rig's dome has as much light as before, and comes from where, and in the colours, that the panorama has
it. Six colours say that, one for each way along the axes; the picture itself as a dome costs a seventh more,
and its noise. A Blender without panoramas has the plain dome alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from editor.engines.scenes.panoramas import choose_panorama, find_lobes
from editor.engines.scenes.vocabulary import LIGHTS

from .kit.lamps import world_shader
from .kit.shaders import Shader
from .kit.stage import Build

FOLDER = Path("datafiles/studiolights/world")


@dataclass(frozen=True)
class Surroundings:
    """A panorama: its file, its mean luminance, where its light comes from (0 to 1, from the left)."""

    file: str
    mean: float
    bright: float


PANORAMAS = {
    "studio": Surroundings("studio.exr", 0.1, 0.45),
    "interior": Surroundings("interior.exr", 0.49, 0.56),
    "courtyard": Surroundings("courtyard.exr", 0.47, 0.45),
    "forest": Surroundings("forest.exr", 0.68, 0.56),
    "city": Surroundings("city.exr", 0.83, 0.6),
    "sunrise": Surroundings("sunrise.exr", 0.22, 0.6),
    "sunset": Surroundings("sunset.exr", 0.42, 0.6),
    "night": Surroundings("night.exr", 0.08, 0.28),
}
"""Means measured on the files, their values clipped at 8."""

BRIGHTEST = 5.0
"""Times its mean, above which a panorama is clipped: its sun would be specks, and the rig has lamps."""

MIRRORED = 0.62
"""The share of a panorama, beside the plain dome, in what mirrors."""

LEVEL = 0.5
"""How bright a panorama is in a mirror on average, beside the sky of its hour."""


def surround(build: Build) -> None:
    """Put a panorama about the set, beside the dome that its light rig has made."""
    chosen = PANORAMAS[choose_panorama(build.plan)]
    path = Path(bpy.utils.resource_path("LOCAL")) / FOLDER / chosen.file
    world = build.scene.world
    if world is None or not path.exists():
        return
    s = world_shader(world)
    dome = s.output.inputs["Surface"].links[0].from_node
    image = bpy.data.images.get(chosen.file) or bpy.data.images.load(str(path))
    way = _turn(build, s, chosen)
    seen = _panorama(s, chosen, image, way)
    _light_unevenly(s, dome, find_lobes(_read(image), BRIGHTEST * chosen.mean), way)
    glossy = s.node("LightPath").outputs["Is Glossy Ray"]
    mirrored = s.node("Background", {"Color": seen})
    build.show(mirrored.inputs["Strength"], LEVEL * LIGHTS[build.plan.light].sky.level / chosen.mean)
    # Where no mirror looks the share is 0, and the panorama is not even looked up.
    s.finish(_blend(s, dome, mirrored, s.math("MULTIPLY", glossy, MIRRORED)).outputs[0])


def _turn(build: Build, s: Shader, chosen: Surroundings) -> Any:
    """Return the way that is looked in a panorama whose bright side is turned towards the main light."""
    key = math.atan2(-0.5, 0.87 * build.key_side)
    # The dice are put back: where props stand is none of its business.
    dice = build.rng.getstate()
    turn = (0.5 - chosen.bright) * 2 * math.pi - key + build.rng.uniform(-0.35, 0.35)
    build.rng.setstate(dice)
    way = s.node("TexCoord").outputs["Generated"]
    return s.node("Mapping", {"Vector": way, "Rotation": (0, 0, turn)}).outputs[0]


def _panorama(s: Shader, chosen: Surroundings, image: Any, way: Any) -> Any:
    """Return the colour of a panorama without what outshines it."""
    colour = s.node("TexEnvironment", {0: way}, image=image).outputs[0]
    most = BRIGHTEST * chosen.mean
    return s.vector("MINIMUM", colour, (most, most, most))


def _read(image: Any) -> NDArray[np.float32]:
    """Return a panorama's pixels (h, w, 3), linear, from below, every fourth of them."""
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(height, width, 4)[2::4, 2::4, :3]


def _light_unevenly(s: Shader, dome: Any, lobes: NDArray[np.float32], way: Any) -> None:
    """Let a dome's light come from where a room has it; a sky that is painted has its own unevenness."""
    colour = dome.inputs["Color"]
    if colour.is_linked and colour.links[0].from_node.bl_idname == "ShaderNodeTexSky":
        return
    total: Any = None
    for axis, along in enumerate(s.axes(way)):
        ahead, behind = ((*map(float, lobes[2 * axis + side]), 1.0) for side in (0, 1))
        side = s.mix(s.math("GREATER_THAN", along, 0.0), behind, ahead)
        square = s.math("MULTIPLY", along, along)
        part = s.node("VectorMath", {0: side, "Scale": square}, operation="SCALE").outputs[0]
        total = part if total is None else s.vector("ADD", total, part)
    usual = colour.links[0].from_socket if colour.is_linked else tuple(colour.default_value)[:3]
    s.tree.links.new(s.vector("MULTIPLY", total, usual), colour)


def _blend(s: Shader, one: Any, other: Any, share: Any) -> Any:
    mixed = s.node("MixShader", {0: share})
    s.tree.links.new(one.outputs[0], mixed.inputs[1])
    s.tree.links.new(other.outputs[0], mixed.inputs[2])
    return mixed
