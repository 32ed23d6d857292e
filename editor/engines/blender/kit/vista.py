"""Far views: skies by the hour, light that is seen but throws none, rooms' own lamps.

A view must look right in every light rig, whose lamps differ a hundredfold in power. So what shines by
itself here is given as it shall look in the picture; a driver divides by the exposure found later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from editor.engines.scenes.vocabulary import LIGHTS, Sky

from . import lamps, meshes
from .shaders import Shader
from .stage import FAR, Build

Heights = NDArray[np.float64]
SKY_Y = FAR + 30.0
"""Where the sky is painted, in metres of the set."""


def sky_of_hour(build: Build) -> Sky:
    """Return how the sky looks at the time of day that the light rig makes it."""
    return LIGHTS[build.plan.light].sky


def constant_brightness(build: Build, s: Shader, level: float = 1.0) -> Any:
    """Return a value that looks as bright as `level` in the picture, whatever the exposure will be."""
    node = s.node("Value")
    node.outputs[0].default_value = level
    _drive_by_exposure(build, node.outputs[0], "default_value", level)
    return node.outputs[0]


def finish_shining(build: Build, s: Shader, colour: Any, level: float = 1.0, *, share: Any = None) -> None:
    """Finish a material as light that is seen, and mirrored, at this level; it lights nothing."""
    strength = constant_brightness(build, s, level)
    if share is not None:
        strength = s.math("MULTIPLY", strength, share)
    s.glow(colour, strength)
    s.material.cycles.emission_sampling = "NONE"
    # What only shines has no colour of its own to guide the denoiser: its blurred edges would stay speckled.
    build.scene.cycles.denoising_prefilter = "ACCURATE"


def hide_from_light(thing: Any) -> Any:
    """Keep a shining object out of all light but what the camera and mirrors see; return it."""
    thing.visible_diffuse = thing.visible_shadow = False
    return thing


def backcloth(build: Build, shader: Shader, y: float, *, low: float = -3.0, margin: float = 1.4) -> Any:
    """Hang a shining picture that fills what is seen at y, with room for blur and reflections."""
    seen = build.view_at(y)
    reach = max(abs(seen.left), abs(seen.right)) * margin + 1.0
    top = seen.top + (margin - 1.0) * seen.height + 1.0
    points = np.array(
        [
            [(-reach, y, min(low, seen.bottom)), (reach, y, min(low, seen.bottom))],
            [(-reach, y, top), (reach, y, top)],
        ]
    )
    return hide_from_light(meshes.lattice(build, points, shader))


def angles(build: Build, s: Shader, y: float) -> tuple[Any, Any]:
    """Return how far right and above the horizon a place of the plane at y is seen, as tangents."""
    x, _, z = s.axes()
    distance = build.frame.distance + y
    level = build.foot_z + build.frame.camera_height
    return s.math("DIVIDE", x, distance), s.math("DIVIDE", s.math("SUBTRACT", z, level), distance)


def sky(build: Build, *, clouds: float = 0.5, colour: str = "") -> Any:
    """Paint the sky of the hour behind everything; clouds: how much of it they cover, 0 to 1."""
    time = sky_of_hour(build)
    s = Shader("sky")
    across, up = angles(build, s, SKY_Y)
    air = s.ramp(
        s.math("MULTIPLY", up, 3.2),
        ((0.0, time.horizon), (0.32, colour or time.middle), (1.0, colour or time.zenith)),
        smooth=False,
    )
    shift = build.rng.uniform(0, 50)
    where = s.node(
        "CombineXYZ", {0: s.math("MULTIPLY", across, 5.0), 1: s.math("MULTIPLY", up, 15.0), 2: shift}
    ).outputs[0]
    billows = s.noise(1.3, 7, roughness=0.56, distortion=0.25, place=where)
    above = s.noise(1.3, 4, roughness=0.5, place=s.vector("ADD", where, (0.05 * build.key_side, 0.22, 0.0)))
    cover = s.span(billows, 0.66 - 0.3 * clouds, 0.86 - 0.3 * clouds)
    cover = s.math("MULTIPLY", cover, s.span(up, -0.01, 0.05, 0.35, 0.92))
    lit = s.span(s.math("SUBTRACT", billows, above), -0.09, 0.12)
    shade = s.mix(0.42, time.cloud, time.middle)
    finish_shining(build, s, s.mix(cover, air, s.mix(lit, shade, time.cloud)), time.level)
    return backcloth(build, s, SKY_Y, low=-8.0)


def lamp(
    build: Build,
    things: Iterable[Any],
    at: tuple[float, float, float],
    to: tuple[float, float, float],
    size: float | tuple[float, float],
    watts: float,
    colour: str,
) -> Any:
    """Hang a lamp that lights only these things, by as much whatever the exposure will be."""
    made = lamps.area(build, at, to, size, watts, colour, mirrored=False)
    made.light_linking.receiver_collection = _gather(things)
    _drive_by_exposure(build, made.data, "energy", watts)
    return made


def _gather(things: Iterable[Any]) -> Any:
    collection = bpy.data.collections.new("lit")
    for thing in things:
        collection.objects.link(thing)
    return collection


def _drive_by_exposure(build: Build, owner: Any, path: str, level: float) -> None:
    driver = owner.driver_add(path).driver
    driver.type = "SCRIPTED"
    exposure = driver.variables.new()
    exposure.name, exposure.type = "stops", "SINGLE_PROP"
    exposure.targets[0].id_type = "SCENE"
    exposure.targets[0].id = build.scene
    exposure.targets[0].data_path = "view_settings.exposure"
    driver.expression = f"{level} * pow(2, 0 - stops)"


def level(build: Build) -> float:
    """Return how high the land of a view lies: on with the ground, or below a table that ends."""
    return 0.0 if build.is_land else -0.7


def rows(near: float, far: float, count: int) -> Heights:
    """Return count + 1 y from near to far, closer together where they are near."""
    return near + (far - near) * np.linspace(0, 1, count + 1) ** 2.2


def land(
    build: Build,
    shader: Shader,
    heights: Callable[[Heights, Heights], Heights],
    *,
    near: float,
    far: float = FAR,
    cells: tuple[int, int] = (140, 140),
) -> Any:
    """Lay a view's land from y near to far, raised by heights(x, y), and return its object."""
    y = rows(near, far, cells[1])
    seen = build.view_at(far)
    half = max(abs(seen.left), abs(seen.right)) * 1.15 + 2.0
    narrow = max(abs(build.view_at(near).left), abs(build.view_at(near).right)) * 1.25 + 1.0
    reach = narrow + (half - narrow) * (y - near) / (far - near)
    x = np.linspace(-1, 1, cells[0] + 1)[None] * reach[:, None]
    along = np.broadcast_to(y[:, None], x.shape)
    points = np.stack([x, along, level(build) + heights(x, along)], -1)
    return meshes.lattice(build, points, shader)


def finish_in_haze(
    build: Build, s: Shader, surface: Any, begin: float, end: float, most: float = 0.85
) -> None:
    """Finish a material whose shader socket fades into the horizon's colour between two y."""
    _, y, _ = s.axes()
    strength = constant_brightness(build, s, sky_of_hour(build).level * 0.92)
    air = s.node(
        "Emission",
        {"Color": s.mix(0.5, sky_of_hour(build).horizon, sky_of_hour(build).middle), "Strength": strength},
    )
    mix = s.node("MixShader", {0: s.span(y, begin, end, 0.0, most)})
    s.tree.links.new(surface, mix.inputs[1])
    s.tree.links.new(air.outputs[0], mix.inputs[2])
    s.finish(mix.outputs[0])
    s.material.cycles.emission_sampling = "NONE"
