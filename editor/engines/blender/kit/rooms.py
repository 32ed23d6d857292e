"""Furnishings of rooms that are seen out of focus: windows, shelves, jars, plants.

Its own lamps light a room, and nothing but the room: how far away it is from the product's lamps, and
how those are set, must not leave it dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import foliage, meshes, vista
from .growth import leafy
from .shaders import Shader
from .stage import Build

DAY_POWER, EVENING_POWER = 110.0, 34.0
"""Watts of a room's lamp, as it looks in the picture."""


def plain_material(
    colour: str, *, roughness: float = 0.6, metallic: float = 0.0, coat: float = 0.0
) -> Shader:
    """Return a simple material for what is far out of focus."""
    s = Shader("furnishing")
    s.principled(
        colour=s.vary(colour, s.noise(3, 3), 0.06), roughness=roughness, metallic=metallic, coat=coat
    )
    return s


@contextmanager
def light_room(build: Build, y: float, *, power: float = 1.0) -> Iterator[None]:
    """Light what is built inside: from the window's side by day, from warm lamps in the evening."""
    before = set(build.scene.objects)
    yield
    things = [thing for thing in build.scene.objects if thing not in before]
    seen = build.view_at(y)
    dark = vista.sky_of_hour(build).dark
    side = build.key_side
    at = (side * (0.5 * seen.width + 0.6), y - 2.6, 0.75 * seen.top + 0.8)
    to = (-0.2 * side * seen.width, y, 0.3 * seen.top)
    warm = (
        "#ffb066"
        if dark
        else ("#ffdcae" if build.plan.light in ("golden", "sunset", "morning") else "#fff6ea")
    )
    vista.lamp(build, things, at, to, (2.4, 2.4), power * (EVENING_POWER if dark else DAY_POWER), warm)
    vista.lamp(
        build,
        things,
        (-at[0], at[1] - 0.6, at[2]),
        (0.0, y, 0.0),
        3.0,
        power * (7.0 if dark else 42.0),
        "#e6eefc",
    )


def window(
    build: Build, x: float, y: float, low: float, size: tuple[float, float], *, frame: str = "#f3f0ea"
) -> None:
    """Set a window into the wall at y, its middle at x: the day behind it, bars before it."""
    wide, high = size
    time = vista.sky_of_hour(build)
    s = Shader("daylight")
    _, _, pz = s.axes()
    up = s.math("DIVIDE", pz, high)
    leaves = s.noise(1.9, 6, roughness=0.6, place=s.vector("ADD", s.place, (build.rng.uniform(0, 40), 0, 0)))
    if time.dark:
        green: Any = "#0d1a1c"
    else:
        green = s.ramp(leaves, ((0.3, "#4d6632"), (0.48, "#8ea65a"), (0.62, "#dfe6b8"), (0.75, "#fbf8e6")))
    view = s.mix(
        s.span(s.math("ADD", up, s.math("MULTIPLY", leaves, 0.9)), 0.55, 1.1),
        green,
        s.mix(0.45, time.horizon, "#ffffff"),
    )
    vista.finish_shining(build, s, view, (1.0 if time.dark else 2.3) * time.level)
    points = np.array(
        [[(-wide / 2, 0, 0), (wide / 2, 0, 0)], [(-wide / 2, 0, high), (wide / 2, 0, high)]], float
    )
    vista.hide_from_light(meshes.lattice(build, points, s, at=(x, y - 0.02, low)))
    bar = plain_material(frame, roughness=0.4)
    for offset in (-wide / 2, 0.0, wide / 2):
        thick = 0.05 if offset == 0 else 0.09
        meshes.block(build, (thick, 0.08, high), bar, at=(x + offset, y - 0.05, low))
    for height in (0.0, 0.62 * high, high):
        meshes.block(build, (wide + 0.14, 0.08, 0.05), bar, at=(x, y - 0.05, low + height - 0.025))


def shelf(build: Build, x: float, y: float, z: float, wide: float, shader: Shader) -> None:
    """Hang a board on the wall at y with jars, bowls and books on it."""
    meshes.block(build, (wide, 0.34, 0.06), shader, at=(x, y - 0.2, z - 0.06), bevel=0.01)
    place = x - wide / 2 + 0.15
    while place < x + wide / 2 - 0.12:
        place += vessel(build, (place, y - 0.2, z)) + build.rng.uniform(0.03, 0.22)


VESSELS = ("#f2ece2", "#d9c9b0", "#b98a66", "#8a9a8c", "#5f6f73", "#c96f4a", "#e8dccb", "#3f4a4d")


def vessel(build: Build, at: tuple[float, float, float], scale: float = 1.0) -> float:
    """Put a jar, bowl, bottle or stack of plates somewhere; return how wide it is."""
    rng = build.rng
    shader = plain_material(
        rng.choice((*VESSELS, build.accent(0), build.accent(1))), roughness=rng.uniform(0.15, 0.6)
    )
    kind = rng.randrange(5)
    wide = scale * rng.uniform(0.11, 0.2)
    high = scale * rng.uniform(0.26, 0.55)
    if kind == 0:
        outline = [
            (0.0, 0.0),
            (wide * 0.8, 0.0),
            (wide, 0.3 * high),
            (wide * 0.95, 0.75 * high),
            (wide * 0.55, high),
            (0.0, high),
        ]
    elif kind == 1:
        high = 0.45 * high
        wide *= 1.5
        outline = [
            (0.0, 0.0),
            (wide * 0.45, 0.0),
            (wide * 0.8, 0.4 * high),
            (wide, high),
            (wide * 0.93, high),
            (0.0, 0.25 * high),
        ]
    elif kind == 2:
        high *= 1.35
        outline = [
            (0.0, 0.0),
            (wide * 0.6, 0.0),
            (wide * 0.6, 0.6 * high),
            (wide * 0.2, 0.78 * high),
            (wide * 0.2, high),
            (0.0, high),
        ]
    elif kind == 3:
        meshes.drum(build, wide, high, shader, at=at, bevel=0.02)
        meshes.drum(
            build,
            wide * 1.04,
            0.06 * scale,
            plain_material("#c39a68"),
            at=(at[0], at[1], at[2] + high),
            bevel=0.015,
        )
        return 2 * wide
    else:
        wide *= 1.4
        for number in range(rng.randint(3, 6)):
            meshes.drum(
                build,
                wide * rng.uniform(0.94, 1.0),
                0.03 * scale,
                shader,
                at=(at[0], at[1], at[2] + 0.034 * scale * number),
                bevel=0.01,
            )
        return 2 * wide
    meshes.lathe(build, meshes.round_corners(outline, 0.2 * wide), shader, at=at, segments=48)
    return 2 * wide


def potted_plant(build: Build, at: tuple[float, float, float], size: float, *, pot: str = "") -> None:
    """Put a plant in its pot somewhere; size: the radius of its leaves."""
    colour = pot or build.rng.choice(("#efe9df", "#c47f5a", "#8c8f8c", "#d9c7a9"))
    outline = [
        (0.0, 0.0),
        (0.34 * size, 0.0),
        (0.46 * size, 0.7 * size),
        (0.4 * size, 0.7 * size),
        (0.0, 0.62 * size),
    ]
    meshes.lathe(
        build, meshes.round_corners(outline, 0.03 * size), plain_material(colour), at=at, segments=48
    )
    thing = meshes.place(
        build,
        foliage.pot_plant(build),
        leafy("pot plant"),
        at=(at[0], at[1], at[2] + 0.6 * size),
        turn=(0, 0, build.rng.uniform(0, 6)),
    )
    thing.scale = (0.95 * size, 0.95 * size, 1.15 * size)


def pendant(build: Build, x: float, y: float, z: float, size: float = 0.2) -> None:
    """Hang a lamp whose globe shines warmly."""
    s = Shader("globe")
    vista.finish_shining(build, s, "#ffd7a0", 3.2 if vista.sky_of_hour(build).dark else 1.5)
    vista.hide_from_light(meshes.ball(build, size, s, at=(x, y, z), segments=32))
    cord = plain_material("#2d2a28")
    meshes.block(build, (0.02, 0.02, 4.0), cord, at=(x, y, z + 2 * size), bevel=0.004)


def leaning_board(
    build: Build, x: float, y: float, z: float, size: tuple[float, float], shader: Shader
) -> None:
    """Lean a board, a tray or a picture against the wall at y."""
    meshes.block(
        build, (size[0], 0.04, size[1]), shader, at=(x, y - 0.16, z), turn=(-0.14, 0, 0), bevel=0.015
    )


def reach(build: Build, y: float) -> float:
    """Return how far to either side a wall at y must go."""
    seen = build.view_at(y)
    return max(abs(seen.left), abs(seen.right)) * 1.25 + 0.8


def wavy_curtain(
    build: Build,
    x: tuple[float, float],
    y: float,
    z: tuple[float, float],
    shader: Shader,
    *,
    folds: float = 9.0,
) -> Any:
    """Hang a curtain in folds between two x and two z."""
    across, up = np.meshgrid(np.linspace(*x, 90), np.linspace(*z, 12))
    share = (up - z[0]) / (z[1] - z[0])
    wave = np.sin(across * folds * 2 + 0.6 * np.sin(across * 5)) * (0.05 + 0.03 * (1 - share))
    return meshes.lattice(build, np.stack([across, y + wave, up], -1), shader)
