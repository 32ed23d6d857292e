"""Backdrops of a studio and of a room: walls, discs, arches, blocks, and shadows on them."""

from __future__ import annotations

import math

from editor.engines.blender.kit import gobos, meshes
from editor.engines.blender.kit.finishes import matte, piece_material
from editor.engines.blender.kit.lamps import sun
from editor.engines.blender.kit.materials import cast_concrete, lime_plaster, wall_paint
from editor.engines.blender.kit.registry import backdrop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from .solids import arch_outline


def plain_wall(build: Build, shader: Shader, y: float | None = None) -> None:
    """Put up a wall as wide and high as is seen."""
    y = build.far if y is None else y
    seen = build.view_at(y)
    reach = max(abs(seen.left), abs(seen.right)) * 1.2 + 0.6
    height = seen.top + 2.0
    low = min(seen.bottom, 0.0) - 0.5
    wall = meshes.block(build, (2 * reach, 0.2, height - low), shader, at=(0, y + 0.1, low), bevel=0.001)
    wall.modifiers.clear()


@backdrop("wall")
def wall(build: Build, piece: Piece) -> None:
    plain_wall(
        build,
        piece_material(build, piece, role="backdrop")
        if piece.finish
        else wall_paint(build.colour(piece, "backdrop")),
    )


@backdrop("concrete-wall")
def concrete_wall(build: Build, piece: Piece) -> None:
    """Shuttered concrete: boards of casting, joints and the holes of their ties."""
    y = build.far
    shader = cast_concrete(build.colour(piece, "", "#aeaba6"))
    seen = build.view_at(y)
    reach = max(abs(seen.left), abs(seen.right)) * 1.2 + 0.6
    wide, high = 1.3, 0.95
    columns = math.ceil(2 * reach / wide)
    shift = build.rng.uniform(0, wide)
    for row in range(math.ceil((seen.top + 1.0) / high)):
        for column in range(columns + 1):
            x = -reach + column * wide - shift + wide / 2
            at = (x, y + 0.1, row * high)
            meshes.block(build, (wide - 0.006, 0.2, high - 0.006), shader, at=at, bevel=0.004)
    plain_wall(build, shader, y + 0.05)


@backdrop("arch")
def arch(build: Build, piece: Piece) -> None:
    """A thick wall with a round-arched opening, a second wall in its shade behind."""
    colour = build.colour(piece, "backdrop")
    y, seen = build.far, build.view_at(build.far)
    reach = max(abs(seen.left), abs(seen.right)) * 1.2 + 1.0
    top = seen.top + 2.0
    nearer = (build.frame.distance + y) / build.frame.distance
    half = min(0.62 * max(build.frame.size[0], 0.7), 0.42 * seen.width) * nearer * 0.9
    high = (build.foot_z + build.frame.size[1]) * 1.12 * nearer
    high = min(max(high, half * 1.5), seen.top - 0.12 * seen.height)
    x = build.rng.uniform(-0.12, 0.12)
    opening = [(x + a, z) for a, z in arch_outline(half, max(high, half + 0.05))]
    outline = [(-reach, -0.5), (-reach, top), (reach, top), (reach, -0.5)]
    shader = lime_plaster(colour)
    # One outline around the opening's foot, so that the wall is open down to the ground.
    path = [*outline[:2], *outline[2:], (opening[0][0], -0.5), *opening, (opening[-1][0], -0.5)]
    meshes.cutting(build, [path], 0.32, shader, at=(0, y + 0.16, 0), bevel=0.02)
    plain_wall(build, lime_plaster(build.scheme.of("surface") if not piece.colour else colour), y + 0.95)


@backdrop("disc")
def disc(build: Build, piece: Piece) -> None:
    """A large disc before a painted wall, a halo to the product."""
    base = build.colour(piece, "backdrop")
    plain_wall(build, wall_paint(base))
    y = build.foot_depth + 0.75
    nearer = (build.frame.distance + y) / build.frame.distance
    radius = 0.62 * nearer * max(build.frame.size[0], 0.75 * build.frame.size[1])
    radius = min(radius, 0.36 * build.view_at(y).width)
    x = build.rng.uniform(-0.06, 0.06)
    middle = max(radius, build.foot_z + 0.52 * build.frame.size[1] * nearer)
    colour = build.scheme.of("stand")
    meshes.drum(build, radius, 0.06, matte(colour), at=(x, y, middle), turn=(math.pi / 2, 0, 0), bevel=0.012)


@backdrop("blocks")
def blocks(build: Build, piece: Piece) -> None:
    """A wall with blocks of several heights before it, as a stage."""
    colour = build.colour(piece, "backdrop")
    plain_wall(build, wall_paint(colour))
    y = max(build.foot_depth + 0.55, 0.9)
    seen = build.view_at(y)
    shaders = [matte(colour), matte(build.scheme.of("stand")), matte(build.accent(0))]
    x = seen.left - 0.1
    while x < seen.right + 0.1:
        wide = build.rng.uniform(0.28, 0.62)
        centre = abs(x + wide / 2) / max(0.5 * seen.width, 0.1)
        high = build.rng.uniform(0.15, 0.4) + 0.75 * min(centre, 1.0) * build.rng.uniform(0.4, 1.0)
        shader = shaders[build.rng.choice((0, 0, 1, 1, 2))]
        deep = build.rng.uniform(0.3, 0.6)
        if build.rng.random() < 0.3:
            meshes.drum(build, wide / 2, high, shader, at=(x + wide / 2, y + 0.3, 0))
        else:
            meshes.block(build, (wide - 0.012, deep, high), shader, at=(x + wide / 2, y + 0.3, 0))
        x += wide
    build.take(0, y + 0.3, 0.3)


@backdrop("panels")
def panels(build: Build, piece: Piece) -> None:
    """A wall with the raised mouldings of an old salon."""
    shader = wall_paint(build.colour(piece, "backdrop"))
    plain_wall(build, shader)
    y, seen = build.far, build.view_at(build.far)
    reach = max(abs(seen.left), abs(seen.right)) * 1.2
    wide, gap = 1.05, 0.16
    shift = build.rng.choice((0.0, wide / 2 + gap / 2))
    rail = 0.62
    for low, high in ((0.2, rail - 0.06), (rail + 0.12, max(seen.top + 1.0, 2.0))):
        count = math.ceil(reach / (wide + gap))
        for number in range(-count, count + 1):
            _moulding(build, shader, number * (wide + gap) + shift, y, wide, low, high)
    meshes.block(build, (2 * reach, 0.05, 0.035), shader, at=(0, y, rail), bevel=0.012)
    meshes.block(build, (2 * reach, 0.045, 0.13), shader, at=(0, y, 0), bevel=0.014)


def _moulding(build: Build, shader: Shader, x: float, y: float, wide: float, low: float, high: float) -> None:
    for inset, thick in ((0.0, 0.026), (0.038, 0.015)):
        half = wide / 2 - inset
        outer = [
            (x - half, low + inset),
            (x + half, low + inset),
            (x + half, high - inset),
            (x - half, high - inset),
        ]
        inner = [(x - half + thick, low + inset + thick), (x + half - thick, low + inset + thick)]
        inner += [(x + half - thick, high - inset - thick), (x - half + thick, high - inset - thick)]
        meshes.cutting(build, [outer, inner], 0.05, shader, at=(0, y, 0), bevel=0.01)


@backdrop("sunlit-wall")
def sunlit(build: Build, piece: Piece) -> None:
    """A wall with the light of a window on it, its bars and a little of a plant."""
    plain_wall(build, _wall_plaster(build, piece))
    side = 48 * build.key_side
    sun(build, 30, side, 6.0, "#ffe4bd", width=0.5)
    gobos.panes(build, 30, side)


@backdrop("leaf-shadow-wall")
def leaf_shadow(build: Build, piece: Piece) -> None:
    """A wall with the shadows of palm leaves on it."""
    plain_wall(build, _wall_plaster(build, piece))
    side = 42 * build.key_side
    sun(build, 28, side, 7.0, "#ffe9cc", width=0.45)
    gobos.leaves(build, 28, side)


def _wall_plaster(build: Build, piece: Piece) -> Shader:
    return lime_plaster(build.colour(piece, "backdrop"))
