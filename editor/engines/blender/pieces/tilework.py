"""Tiles and bricks: on the ground, on walls, none of them quite like the next."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, rooms
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.registry import backdrop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece


def courses(
    s: Shader, a: Any, b: Any, size: tuple[float, float], *, joint: float, bond: float = 0.0
) -> tuple[Any, Any, Any, Any]:
    """Return, for tiles of size along a and b, how far inside its tile a place is, in metres; and of each
    tile two random numbers and a random colour. bond: how far every other course is shifted, as a share.
    """
    row = s.math("DIVIDE", b, size[1])
    course = s.math("FLOOR", row)
    shift = s.math("MULTIPLY", s.math("MODULO", s.math("ABSOLUTE", course), 2.0), bond)
    column = s.math("ADD", s.math("DIVIDE", a, size[0]), shift)
    cell = s.node("CombineXYZ", {0: s.math("FLOOR", column), 1: course, 2: 3.7}).outputs[0]
    random = s.node("TexWhiteNoise", {"Vector": cell}, noise_dimensions="3D")
    aside = s.math(
        "MULTIPLY",
        s.math("SUBTRACT", 0.5, s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", column), 0.5))),
        size[0],
    )
    along = s.math(
        "MULTIPLY",
        s.math("SUBTRACT", 0.5, s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", row), 0.5))),
        size[1],
    )
    inside = s.math("SUBTRACT", s.math("MINIMUM", aside, along), joint / 2)
    red, green, _ = s.axes(random.outputs[1])
    return inside, red, green, random.outputs[1]


def glazed_tiles(
    build: Build,
    colour: str,
    size: tuple[float, float],
    *,
    upright: bool,
    grout: str = "#cfc9bf",
    bond: float = 0.0,
    uneven: float = 0.05,
    variety: float = 0.16,
) -> Shader:
    """Return handmade glazed tiles: each a little tilted, of its own shade, its edges round."""
    s = Shader("tiles")
    where = s.stretch(move=(build.rng.uniform(0, 9), build.rng.uniform(0, 9), 0.0))
    x, y, z = s.axes(where)
    inside, red, _, colours = courses(s, x, z if upright else y, size, joint=0.012, bond=bond)
    tile = s.span(inside, 0.0, 0.004)
    pools = s.noise(4, 5)
    shade = s.mix(0.3, s.node("CombineXYZ", {0: red, 1: red, 2: red}).outputs[0], pools)
    body = s.vary(colour, shade, variety)
    body = s.mix(s.span(inside, 0.0, 0.03, 0.3, 0.0), body, s.vary(colour, 0.0, 0.35))
    # Each tile is set a little askew, so that every one mirrors another part of the room.
    tilt = s.node(
        "VectorMath", {0: s.vector("SUBTRACT", colours, (0.5, 0.5, 0.5)), "Scale": uneven}, operation="SCALE"
    ).outputs[0]
    normal = s.vector("NORMALIZE", s.vector("ADD", s.node("NewGeometry").outputs["Normal"], tilt))
    dome = s.math("ADD", s.math("MULTIPLY", s.span(inside, 0.0, 0.022), 1.0), s.math("MULTIPLY", pools, 0.25))
    grain = s.noise(120, 3)
    height = s.mix(tile, s.math("MULTIPLY", grain, 0.1), dome)
    s.principled(
        colour=s.mix(tile, s.vary(grout, grain, 0.12), body),
        roughness=s.span(tile, 0, 1, 0.9, 0.12),
        specular=0.5,
        normal=s.bump(height, 0.6, 0.006, on=normal),
    )
    return s


@surface("tiles")
def tiles(build: Build, piece: Piece) -> None:
    colour = build.colour(piece, "surface", build.rng.choice(("#eef0ec", "#dfe7e4", "#cfdedd", "#efe6d9")))
    lay_ground(build, glazed_tiles(build, colour, (0.34, 0.34), upright=False))


def tile_strip(
    build: Build,
    colour: str,
    y: float,
    *,
    low: float,
    high: float,
    size: tuple[float, float],
    bond: float = 0.5,
) -> Any:
    """Tile a wall at y between two heights; return its object."""
    reach = rooms.reach(build, y)
    points = np.array([[(-reach, y, low), (reach, y, low)], [(-reach, y, high), (reach, y, high)]], float)
    return meshes.lattice(build, points, glazed_tiles(build, colour, size, upright=True, bond=bond))


@backdrop("tile-wall")
def tile_wall(build: Build, piece: Piece) -> None:
    colour = build.colour(
        piece, "backdrop", build.rng.choice(("#eef0ec", "#bcd3cd", "#d9c3b2", "#9fb7b0", "#e9e2d4"))
    )
    seen = build.view_at(build.far)
    size, bond = build.rng.choice((((0.22, 0.22), 0.0), ((0.42, 0.14), 0.5), ((0.14, 0.42), 0.0)))
    tile_strip(
        build, colour, build.far, low=min(seen.bottom, 0.0) - 0.5, high=seen.top + 2.0, size=size, bond=bond
    )


@backdrop("brick")
def brick(build: Build, piece: Piece) -> None:
    """A wall of old bricks: burnt to many shades, chipped, the mortar set back."""
    s = Shader("brick")
    where = s.wander(
        0.018, 3.5, place=s.stretch(move=(build.rng.uniform(0, 9), 0, build.rng.uniform(0, 9))), detail=4
    )
    x, _, z = s.axes(where)
    inside, red, green, _ = courses(s, x, z, (0.46, 0.15), joint=0.022, bond=0.5)
    chips = s.noise(16, 7, roughness=0.68)
    body = s.span(s.math("ADD", inside, s.math("MULTIPLY", s.math("SUBTRACT", chips, 0.5), 0.03)), 0.0, 0.008)
    colour = build.colour(piece, "", build.rng.choice(("#a4573f", "#d9d4cb", "#8f4a38")))
    burnt = s.vary(colour, red, 0.32)
    burnt = s.mix(s.span(green, 0.72, 0.95, 0.0, 0.55), burnt, "#5a3a33")
    dusty = s.span(s.noise(3.2, 7, roughness=0.65), 0.5, 0.72, 0.0, 0.45)
    burnt = s.mix(dusty, s.mix(0.3, burnt, s.vary(colour, chips, 0.5)), "#c9bfb2")
    mortar = s.vary("#b9b2a6", s.noise(50, 5), 0.2)
    height = s.math("ADD", s.math("MULTIPLY", body, 1.0), s.math("MULTIPLY", chips, 0.35))
    s.principled(
        colour=s.mix(body, mortar, burnt), roughness=0.92, specular=0.2, normal=s.bump(height, 0.9, 0.022)
    )
    seen = build.view_at(build.far)
    reach, y = rooms.reach(build, build.far), build.far
    low, high = min(seen.bottom, 0.0) - 0.5, seen.top + 2.0
    points = np.array([[(-reach, y, low), (reach, y, low)], [(-reach, y, high), (reach, y, high)]], float)
    meshes.lattice(build, points, s)
