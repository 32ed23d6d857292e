"""Lamps: where light comes from, and what stands in its way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import bpy
from mathutils import Vector

from .shaders import Colour, Shader, linear
from .stage import Build

Point = Sequence[float]

DAYLIGHT, WARM, TUNGSTEN, COOL = "#fffdfb", "#ffe3c2", "#ffc58a", "#dbe8ff"

UNMETERED = "unmetered"
"""What a lamp is marked with that is put out while the light on the product is metered."""


def area(
    build: Build,
    at: Point,
    to: Point,
    size: float | tuple[float, float],
    watts: float,
    colour: Colour = DAYLIGHT,
    *,
    mirrored: bool = True,
) -> Any:
    """Hang a soft box of a size in metres at a point, turned towards another.

    mirrored: whether it is seen in what reflects.
    """
    data = bpy.data.lights.new("area", "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size if isinstance(size, tuple) else (size, size)
    return _hang(build, data, at, to, watts, colour, mirrored)


def spot(
    build: Build,
    at: Point,
    to: Point,
    watts: float,
    colour: Colour = DAYLIGHT,
    *,
    angle: float = 0.6,
    blend: float = 0.5,
    radius: float = 0.08,
) -> Any:
    """Hang a spot: angle is its whole cone in radians, blend how soft the cone's edge is, 0 to 1."""
    data = bpy.data.lights.new("spot", "SPOT")
    data.spot_size, data.spot_blend, data.shadow_soft_size = angle, blend, radius
    return _hang(build, data, at, to, watts, colour, False)


def sun(
    build: Build,
    height: float,
    side: float,
    strength: float,
    colour: Colour = DAYLIGHT,
    *,
    width: float = 0.53,
) -> Any:
    """Let the sun shine from `height` degrees above the ground and `side` degrees from the camera's back.

    side 0 is over the camera's shoulder, 90 from the right, -90 from the left, 180 against it. width: of
    its disc in degrees; wider is softer.
    """
    data = bpy.data.lights.new("sun", "SUN")
    data.angle = math.radians(width)
    up, across = math.radians(height), math.radians(side)
    away = (math.cos(up) * math.sin(across), -math.cos(up) * math.cos(across), math.sin(up))
    return _hang(build, data, away, (0, 0, 0), strength, colour, False)


def point(build: Build, at: Point, watts: float, colour: Colour = WARM, *, radius: float = 0.03) -> Any:
    """Hang a small bulb."""
    data = bpy.data.lights.new("bulb", "POINT")
    data.shadow_soft_size = radius
    return _hang(build, data, at, (at[0], at[1], at[2] - 1), watts, colour, False)


def dome(build: Build, colour: Colour, strength: float, *, ground: Colour | None = None) -> Any:
    """Light all round, as from the walls of a bright room: the sky's colour, and below it the ground's."""
    s = _world(build)
    sky: Any = linear(colour)
    if ground is not None:
        direction = s.axes(s.node("TexCoord").outputs["Generated"])[2]
        sky = s.mix(s.span(direction, -0.25, 0.35), linear(ground), linear(colour))
    made = s.node("Background", {"Color": sky, "Strength": strength})
    s.finish(made.outputs[0])
    return made


def sky(build: Build, sun_height: float, sun_side: float, *, strength: float = 1.0, haze: float = 1.0) -> Any:
    """Light from a clear sky, the sun at these degrees as for `sun` but not in it itself.

    Single scattering, Nishita et al., "Display of the Earth taking into account atmospheric scattering",
    SIGGRAPH 1993.
    """
    s = _world(build)
    texture = s.node("TexSky", sky_type="SINGLE_SCATTERING", sun_disc=False)
    texture.sun_elevation = math.radians(max(sun_height, 1.0))
    texture.sun_rotation = math.radians(180 - sun_side)
    texture.aerosol_density = haze
    made = s.node("Background", {"Color": texture.outputs[0], "Strength": strength})
    s.finish(made.outputs[0])
    return made


class _WorldShader(Shader):
    """A world's node tree, written as a material's is."""

    def __init__(self, world: Any) -> None:
        self.tree = world.node_tree
        there = [node for node in self.tree.nodes if node.bl_idname == "ShaderNodeOutputWorld"]
        self.output = there[0] if there else self.tree.nodes.new("ShaderNodeOutputWorld")
        self._place: Any = None


def world_shader(world: Any) -> Shader:
    """Return a world's node tree to write on with."""
    return _WorldShader(world)


def _world(build: Build) -> Shader:
    world = bpy.data.worlds.new("world")
    build.scene.world = world
    # By itself Cycles maps such a sky at 4096 pixels before every render: 1.3 s and 350 MB.
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 128
    world.node_tree.nodes.clear()
    return _WorldShader(world)


def _hang(build: Build, data: Any, at: Point, to: Point, power: float, colour: Colour, mirrored: bool) -> Any:
    data.energy = power
    data.color = linear(colour)[:3]
    lamp = bpy.data.objects.new(data.name, data)
    lamp.location = at
    way = Vector(to) - Vector(at)
    lamp.rotation_euler = way.to_track_quat("-Z", "Y").to_euler()
    lamp.visible_camera = False
    lamp.visible_glossy = mirrored
    build.scene.collection.objects.link(lamp)
    return lamp
