"""Paper and sheets: the studio's own grounds."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import relief
from editor.engines.blender.kit.finishes import paper as paper_shader
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.lamps import area
from editor.engines.blender.kit.registry import backdrop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece


@surface("sweep")
def sweep(build: Build, piece: Piece) -> None:
    s = Shader("sweep")
    s.principled(
        colour=build.colour(piece, "surface"),
        roughness=0.85,
        specular=0.2,
        normal=s.bump(s.noise(140, 3), 0.04, 0.003),
    )
    lay_ground(build, s)


@backdrop("sweep")
def sweep_behind(build: Build, piece: Piece) -> None:
    """Nothing: the ground itself runs up."""


@backdrop("gradient")
def gradient(build: Build, piece: Piece) -> None:
    """A pool of light on the paper behind the product, falling off to the edges."""
    colour = piece.colour or "#ffffff"
    seen = build.view_at(build.far)
    at = (0.12 * seen.width * build.key_side, build.far - 0.95, build.foot_z + 0.2)
    to = (0.0, build.far, build.foot_z + 0.62)
    area(build, at, to, 0.5, 15.0, colour, mirrored=False)


@surface("gloss")
def gloss(build: Build, piece: Piece) -> None:
    s = Shader("acrylic")
    s.principled(colour=build.colour(piece, "surface"), roughness=0.07, specular=0.5, coat=0.3)
    lay_ground(build, s)


@surface("mirror")
def mirror(build: Build, piece: Piece) -> None:
    s = Shader("mirror")
    smudge = s.span(s.noise(3, 6), 0.35, 0.7, 0.015, 0.06)
    s.principled(
        colour=build.colour(piece, "", "#0b0b0d"),
        roughness=smudge,
        specular=1.0,
        coat=1.0,
        coat_roughness=0.02,
    )
    lay_ground(build, s)


@surface("paper")
def paper(build: Build, piece: Piece) -> None:
    lay_ground(build, paper_shader(build.colour(piece, "surface"), True))


@surface("crumpled-paper")
def crumpled(build: Build, piece: Piece) -> None:
    """Paper that was crumpled and smoothed again: flat facets between sharp creases."""
    rng = build.rng
    s = paper_shader(build.colour(piece, "", "#c4a27a"), True)
    creases = [
        (
            rng.uniform(0, math.pi),
            rng.uniform(-3.2, 3.2),
            rng.uniform(0.12, 0.5),
            rng.uniform(-1, 1),
            rng.uniform(0, 9),
        )
        for _ in range(90)
    ]
    seed = rng.randint(0, 999)

    def crumpled(x: relief.Heights, y: relief.Heights) -> relief.Heights:
        height = 0.012 * relief.noise(x * 1.3, y * 1.3, seed)
        for angle, offset, reach, strength, phase in creases:
            across = x * math.cos(angle) + y * math.sin(angle) - offset
            along = -x * math.sin(angle) + y * math.cos(angle)
            # Each crease wanders a little, and is deep in one place and smoothed out in another.
            across = across + 0.05 * np.sin(along * 2.2 + phase)
            depth = strength * (0.35 + 0.65 * np.sin(along * 1.1 + phase) ** 2)
            height = height + 0.26 * depth * np.maximum(0.0, reach - np.abs(across))
        return height

    lay_ground(build, s, crumpled, cells=460)
