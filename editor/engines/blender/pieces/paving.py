"""Floors and streets: a checkerboard, cobbles, an asphalt road, a window sill; a street by day."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.engines.blender.kit import foliage, meshes, vista
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.registry import backdrop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from .tilework import courses


@surface("checkerboard")
def checkerboard(build: Build, piece: Piece) -> None:
    """Polished squares of two colours, set square or on their corners."""
    s = Shader("checkerboard")
    turn = 0.0 if build.lies else build.rng.choice((0.0, np.pi / 4))
    where = s.stretch(turn=(0, 0, turn), move=(0.17, 0.05, 0))
    x, y, _ = s.axes(where)
    size = 0.42
    column, row = s.math("FLOOR", s.math("DIVIDE", x, size)), s.math("FLOOR", s.math("DIVIDE", y, size))
    odd = s.math("GREATER_THAN", s.math("MODULO", s.math("ABSOLUTE", s.math("ADD", column, row)), 2.0), 0.5)
    inside, shade, _, _ = courses(s, x, y, (size, size), joint=0.006)
    tile = s.span(inside, 0.0, 0.003)
    dark = piece.colour or "#16161a"
    clouds = s.noise(3, 6, distortion=0.6)
    away = s.math("ABSOLUTE", s.math("SUBTRACT", s.noise(2.2, 5, distortion=0.8), 0.5))
    vein = s.span(away, 0.0, 0.02, 0.5, 0.0)
    light = s.mix(vein, s.vary("#f1eee8", s.mix(0.5, clouds, shade), 0.05), "#b9b4ac")
    body = s.mix(odd, light, s.vary(dark, s.mix(0.5, clouds, shade), 0.25))
    s.principled(
        colour=s.mix(tile, "#6f6b66", body),
        roughness=s.span(clouds, 0.3, 0.7, 0.1, 0.2),
        specular=0.5,
        normal=s.bump(tile, 0.3, 0.003),
    )
    lay_ground(build, s)


@surface("cobbles")
def cobbles(build: Build, piece: Piece) -> None:
    """Setts of granite in rows, each worn round, sand between them."""
    s = Shader("cobbles")
    bent = s.wander(0.035, 2.2, detail=3)
    x, y, _ = s.axes(bent)
    inside, shade, other, _ = courses(s, x, y, (0.21, 0.17), joint=0.02, bond=0.5)
    stone = s.span(inside, 0.0, 0.035)
    rough = s.noise(30, 7, roughness=0.7)
    body = s.vary(build.colour(piece, "", "#7d7a77"), s.mix(0.5, shade, rough), 0.4)
    body = s.mix(s.math("MULTIPLY", other, 0.22), body, "#8a7460")
    height = s.math("ADD", s.math("MULTIPLY", stone, 1.0), s.math("MULTIPLY", rough, 0.16))
    s.principled(
        colour=s.mix(stone, "#4a4038", body),
        roughness=s.span(stone, 0, 1, 0.95, 0.55),
        specular=0.35,
        normal=s.bump(height, 0.9, 0.035),
    )
    lay_ground(build, s)


@surface("asphalt")
def asphalt(build: Build, piece: Piece) -> None:
    """Dry asphalt: chippings, tar, fine cracks, the white line of a road behind the product."""
    s = Shader("asphalt")
    chips = s.axes(s.cells(95, output="Color"))[0]
    edge = s.span(s.cells(95, feature="DISTANCE_TO_EDGE"), 0.0, 0.06)
    patches = s.noise(1.2, 5)
    away = s.cells(1.1, feature="DISTANCE_TO_EDGE", place=s.wander(0.3, 2.0, detail=5))
    crack = s.math("MULTIPLY", s.span(away, 0.0, 0.006, 1.0, 0.0), s.span(s.noise(0.9, 2), 0.45, 0.6))
    base = build.colour(piece, "", "#77787a")
    body = s.vary(base, s.mix(0.35, chips, patches), 0.45)
    body = s.mix(s.math("MULTIPLY", edge, 0.4), s.mix(0.5, body, "#1b1b1c"), body)
    body = s.mix(crack, body, "#161617")
    x, y, _ = s.axes(s.wander(0.006, 20))
    line = y if not build.lies else s.math("ADD", x, 0.9)
    at = build.foot_depth + 0.62 if not build.lies else 0.0
    worn = s.span(s.noise(26, 6, roughness=0.7), 0.34, 0.52)
    near = s.math("ABSOLUTE", s.math("SUBTRACT", line, at))
    paint = s.math("MULTIPLY", s.span(near, 0.1, 0.108, 1.0, 0.0), worn)
    s.principled(
        colour=s.mix(s.math("MULTIPLY", paint, 0.9), body, "#e6e4de"),
        roughness=0.85,
        specular=0.3,
        normal=s.bump(s.math("ADD", s.math("MULTIPLY", chips, 0.7), edge), 0.7, 0.008),
    )
    lay_ground(build, s)


@surface("sill")
def sill(build: Build, piece: Piece) -> None:
    """A painted window sill: smooth boards with a rounded edge, the shadow of its bars to come."""
    s = Shader("sill")
    brush = s.noise(30, 4, place=s.stretch((0.12, 1.6, 1)))
    s.principled(
        colour=s.vary(build.colour(piece, "", "#f1eee8"), s.mix(0.4, brush, s.noise(1.5, 3)), 0.05),
        roughness=0.32,
        specular=0.45,
        normal=s.bump(brush, 0.12, 0.004),
    )
    lay_ground(build, s)


@backdrop("street")
def street(build: Build, piece: Piece) -> None:
    """A street by day, out of focus: fronts of houses down both sides, awnings, trees, the sky between."""
    vista.sky(build, clouds=0.4)
    rng, low = build.rng, vista.level(build)
    pavement = Shader("street")
    pavement.principled(colour=pavement.vary("#8f8b86", pavement.noise(2, 4), 0.2), roughness=0.8)
    vista.land(build, pavement, lambda x, y: 0.0 * x * y - 0.01, near=1.8, cells=(2, 8))
    walls = ("#b5654a", "#d9c3a0", "#c7b7a3", "#9a8f86", "#e3d9c8", "#8a5a4a", "#cfd3d1")
    for side in (-1, 1):
        y = 4.0
        while y < 34.0:
            long = rng.uniform(2.6, 4.6)
            _house(build, side, y, long, rng.choice(walls if not piece.colour else (piece.colour,)), low)
            y += long
    rows = [6.5 + 3.2 * number for number in range(9)]
    trees = [(side * (1.9 + 0.02 * y), y + rng.uniform(-0.6, 0.6)) for y in rows for side in (-1, 1)]
    foliage.avenue(build, trees, low, 1.5, (0.7, 1.05))


def _house(build: Build, side: int, y: float, long: float, colour: str, low: float) -> None:
    rng = build.rng
    seen = build.view_at(y)
    x = side * (2.5 + 0.03 * y)
    high = max(3.4, 0.8 * (seen.top - low)) * rng.uniform(0.85, 1.3)
    wall = _front(build, colour, lit=vista.sky_of_hour(build).dark)
    meshes.block(build, (1.6, long - 0.02, high), wall, at=(x + side * 0.8, y + long / 2, low), bevel=0.01)
    awning = Shader("awning")
    awning.principled(
        colour=awning.vary(
            rng.choice(("#b03a34", "#2f5d4f", "#e3ddd0", "#2f4a6d", "#d9a13c")), awning.noise(2, 2), 0.1
        ),
        roughness=0.9,
    )
    meshes.block(
        build,
        (0.55, long * 0.7, 0.06),
        awning,
        at=(x - side * 0.28, y + long / 2, low + 1.15),
        turn=(0, side * 0.5, 0),
        bevel=0.01,
    )


def _front(build: Build, colour: str, *, lit: bool) -> Shader:
    """Return the front of a house: windows in rows, a shop below; at night lamps in them."""
    s = Shader("front")
    _, y, z = s.axes()
    frame = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", s.math("DIVIDE", y, 0.85)), 0.5))
    floor = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", s.math("DIVIDE", z, 1.1)), 0.55))
    window = s.math("MULTIPLY", s.math("LESS_THAN", frame, 0.27), s.math("LESS_THAN", floor, 0.3))
    glass: Any = "#ffd9a0" if lit else "#5f7486"
    s.principled(
        colour=s.mix(window, s.vary(colour, s.noise(1.4, 5), 0.14), glass),
        roughness=s.span(window, 0, 1, 0.85, 0.1),
        emission=s.mix(window, colour, "#ffcf8a" if lit else "#9fb4c6"),
        strength=vista.constant_brightness(build, s, 0.5 if lit else 0.22),
    )
    return s
