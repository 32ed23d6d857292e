"""Stands and props of simple form: podiums, steps, balls, rings, arches."""

from __future__ import annotations

import math

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.finishes import piece_material
from editor.engines.blender.kit.lamps import point
from editor.engines.blender.kit.registry import prop, stand
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece
from editor.engines.scenes.true_size import stands_on_floor

FLOOR_LAMP_CM = 125.0
"""From the floor to the shade of a lamp that stands beside furniture."""


def _radius(build: Build, margin: float = 1.3) -> float:
    """Return the radius of a round stand that holds the product's foot with room around it."""
    return max(0.5 * build.foot_width * margin + 0.05, 0.2)


def _middle(build: Build) -> float:
    """Return the y of the middle of the product's base."""
    return 0.5 * build.foot_depth


@stand("podium")
def podium(build: Build, piece: Piece) -> None:
    radius, height = max(_radius(build), 0.36), build.foot_z
    shader = piece_material(build, piece, role="stand")
    meshes.drum(build, radius, height, shader, at=(build.foot_x, _middle(build), 0), bevel=0.014)
    build.take(build.foot_x, _middle(build), radius)


@stand("steps")
def steps(build: Build, piece: Piece) -> None:
    """Three round steps, each a little off the middle of the one below."""
    top, count = build.foot_z, 3
    shader = piece_material(build, piece, role="stand")
    radius = max(_radius(build), 0.3)
    for number in range(count):
        below = count - 1 - number
        wide = radius + 0.17 * below
        x = build.rng.uniform(-0.03, 0.03) * below
        low = top * number / count
        meshes.drum(
            build,
            wide,
            top / count,
            shader,
            at=(build.foot_x + x, _middle(build) + 0.04 * below, low),
            bevel=0.01,
        )
    build.take(build.foot_x, _middle(build), radius + 0.36)


@stand("plinth")
def plinth(build: Build, piece: Piece) -> None:
    side = max(2 * _radius(build, 1.2), 0.46)
    shader = piece_material(build, piece, role="stand")
    turn = build.rng.uniform(-0.03, 0.03)
    depth = min(side, max(build.foot_depth * 1.5, 0.4))
    meshes.block(
        build,
        (side, depth, build.foot_z),
        shader,
        at=(build.foot_x, _middle(build), 0),
        turn=(0, 0, turn),
        bevel=0.012,
    )
    build.take(build.foot_x, _middle(build), side * 0.66)


@stand("column")
def column(build: Build, piece: Piece) -> None:
    """A column: a base, a shaft that swells a little, a round plate on top."""
    top = build.foot_z
    shader = piece_material(build, piece, role="stand", usual="stone" if not piece.finish else "matte")
    wide = max(_radius(build, 1.25), 0.22)
    outline = [
        (0.0, 0.0),
        (wide * 1.05, 0.0),
        (wide * 1.05, 0.05),
        (wide * 0.86, 0.08),
        (wide * 0.83, top - 0.1),
    ]
    outline += [(wide * 0.9, top - 0.06), (wide, top - 0.045), (wide, top), (0.0, top)]
    meshes.lathe(build, meshes.round_corners(outline, 0.014), shader, at=(build.foot_x, _middle(build), 0))
    build.take(build.foot_x, _middle(build), wide * 1.1)


@stand("block")
def block(build: Build, piece: Piece) -> None:
    shader = piece_material(build, piece, role="stand", usual="stone")
    side = max(build.foot_width * 1.35 + 0.1, 0.5)
    depth = max(build.foot_depth * 1.3, 0.42)
    turn = build.rng.uniform(-0.12, 0.12)
    meshes.block(
        build,
        (side, depth, build.foot_z),
        shader,
        at=(build.foot_x, _middle(build), 0),
        turn=(0, 0, turn),
        bevel=0.016,
    )
    build.take(build.foot_x, _middle(build), side * 0.62)


@prop("ball")
def balls(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or build.rng.randint(2, 3), 0.11, spread=0.5):
        meshes.ball(build, spot.size, piece_material(build, piece, spot.number), at=spot.at)


@prop("cube")
def cubes(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or build.rng.randint(2, 3), 0.13, spread=0.4):
        side = spot.size * 1.35
        meshes.block(
            build,
            (side, side, side),
            piece_material(build, piece, spot.number),
            at=spot.at,
            turn=(0, 0, spot.turn),
        )


@prop("cylinder")
def cylinders(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or build.rng.randint(2, 3), 0.13, spread=0.4):
        height = build.rng.uniform(0.12, 0.5)
        meshes.drum(build, spot.size * 0.9, height, piece_material(build, piece, spot.number), at=spot.at)


@prop("cone")
def cones(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or 2, 0.12, spread=0.3):
        height = spot.size * build.rng.uniform(2.0, 2.8)
        meshes.cone(build, spot.size, height, piece_material(build, piece, spot.number), at=spot.at)


@prop("ring")
def rings(build: Build, piece: Piece) -> None:
    """Upright rings, the first a large one behind the product, as a halo."""
    count = piece.count or 1
    if not build.lies:
        size = min(0.42, 0.4 * build.view_at(0.7).width)
        x = build.rng.uniform(-0.3, 0.3) * (0.6 + build.frame.size[0])
        y = build.foot_depth + 0.35
        shader = piece_material(build, piece, 0, usual="gold")
        meshes.ring(build, size, 0.022, shader, at=(x, y, 0), turn=(0, 0, build.rng.uniform(-0.3, 0.3)))
        build.take(x, y, 0.1)
        count -= 1
    for spot in build.spots(count, 0.13):
        flat = (math.pi / 2, 0, 0) if build.lies else (0, 0, build.rng.uniform(-0.6, 0.6))
        meshes.ring(
            build,
            spot.size,
            0.018,
            piece_material(build, piece, spot.number, usual="gold"),
            at=spot.at,
            turn=flat,
        )


@prop("disc")
def discs(build: Build, piece: Piece) -> None:
    """Standing discs behind the product."""
    y = build.foot_depth + 0.4
    for number in range(piece.count or 1):
        radius = min(0.5, 0.42 * build.view_at(y).width) * (1 if number == 0 else 0.55)
        x = build.rng.uniform(0.08, 0.3) * -build.key_side * (1 if number == 0 else -1.6)
        shader = piece_material(build, piece, number)
        meshes.drum(build, radius, 0.05, shader, at=(x, y + 0.12 * number, radius), turn=(math.pi / 2, 0, 0))
        build.take(x, y, 0.15)


@prop("arch")
def arches(build: Build, piece: Piece) -> None:
    """Small solid arches, as of a toy's blocks."""
    for spot in build.spots(piece.count or 1, 0.24, behind=True, depth=(build.foot_depth + 0.15, 0.9)):
        wide, high = spot.size, spot.size * build.rng.uniform(1.7, 2.4)
        shader = piece_material(build, piece, spot.number)
        meshes.cutting(
            build,
            [arch_outline(wide, high), arch_outline(wide * 0.6, high - wide * 0.4)],
            0.16,
            shader,
            at=spot.at,
            turn=(0, 0, build.rng.uniform(-0.25, 0.25)),
        )


def arch_outline(half: float, height: float, steps: int = 40) -> list[tuple[float, float]]:
    """Return a round arch as (x, z): half its width, its height in the middle, feet on z = 0."""
    spring = max(height - half, 0.0)
    turns = [math.pi * k / steps for k in range(steps + 1)]
    return [(half, 0.0), *((half * math.cos(t), spring + half * math.sin(t)) for t in turns), (-half, 0.0)]


@prop("lamp")
def lamps(build: Build, piece: Piece) -> None:
    """Small table lamps with a drum of a shade, alight; beside furniture they stand on a long stem."""
    on_floor = stands_on_floor(build.size_cm)
    for spot in build.spots(piece.count or 1, 0.14, spread=0.15, behind=on_floor, height=0.6):
        r = spot.size
        size = r / 0.14
        x, y, _ = spot.at
        tall = 0.32 * size
        if on_floor:
            # As tall as they are, but with their shades in the picture.
            tall = max(tall, min(FLOOR_LAMP_CM / build.size_cm, 0.94 * build.view_at(y).top - 0.26 * size))
        foot = piece_material(build, piece, spot.number, usual="gold")
        meshes.drum(build, 0.55 * r, 0.03 * size, foot, at=spot.at)
        meshes.tube(build, [(x, y, 0.02 * size), (x, y, tall + 0.04 * size)], 0.01 * size, foot)
        shade = Shader("shade")
        shade.principled(colour="#f2e3c8", roughness=0.9, emission="#ffc98a", strength=0.0)
        glow = next(node for node in shade.tree.nodes if node.type == "BSDF_PRINCIPLED")
        build.show(glow.inputs["Emission Strength"], 0.55)
        high = 0.26 * size
        outline = [(r, 0.0), (0.8 * r, high), (0.78 * r, high), (0.98 * r, 0.0)]
        meshes.lathe(build, outline, shade, at=(x, y, tall))
        point(build, (x, y, tall + 0.1 * size), 2.0 * size**2, "#ffc78c", radius=0.05 * size)
