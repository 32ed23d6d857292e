"""Paper and sheets: the studio's own grounds."""

from __future__ import annotations

from editor.engines.sets.plan import Piece

from . import relief
from .build import Build
from .finishes import paper as paper_shader
from .pieces import backdrop, surface
from .shaders import Shader


@surface("sweep")
def sweep(build: Build, piece: Piece) -> None:
    s = Shader("sweep")
    s.principled(
        colour=build.colour(piece, "surface"),
        roughness=0.85,
        specular=0.2,
        normal=s.bump(s.noise(140, 3), 0.04, 0.003),
    )
    build.ground(s)


@backdrop("sweep", kind="sweep", distance=2.3)
def sweep_behind(build: Build, piece: Piece) -> None:
    """Nothing: the ground itself runs up."""


@backdrop("gradient", kind="sweep", distance=2.6)
def gradient(build: Build, piece: Piece) -> None:
    """A pool of light on the paper behind the product, falling off to the edges."""
    from .lamps import area

    colour = piece.colour or "#ffffff"
    seen = build.seen(build.far)
    at = (0.15 * seen.width * build.key_side, build.far - 0.55, build.foot_z + 0.35)
    to = (0.0, build.far, build.foot_z + 0.62)
    area(build, at, to, 0.35, 13.0, colour)


@surface("gloss")
def gloss(build: Build, piece: Piece) -> None:
    s = Shader("acrylic")
    s.principled(colour=build.colour(piece, "surface"), roughness=0.07, specular=0.5, coat=0.3)
    build.ground(s)


@surface("mirror")
def mirror(build: Build, piece: Piece) -> None:
    s = Shader("mirror")
    smudge = s.span(s.noise(3, 6), 0.35, 0.7, 0.015, 0.06)
    s.principled(colour=build.colour(piece, "", "#0b0b0d"), roughness=smudge, specular=1.0, coat=1.0, coat_roughness=0.02)
    build.ground(s)


@surface("paper")
def paper(build: Build, piece: Piece) -> None:
    build.ground(paper_shader(build.colour(piece, "surface"), True))


@surface("crumpled-paper")
def crumpled(build: Build, piece: Piece) -> None:
    """Paper that was crumpled and smoothed again: flat facets between sharp creases."""
    seed = build.rng.randint(0, 999)
    s = paper_shader(build.colour(piece, "", "#c4a27a"), True)

    def creases(x: relief.Heights, y: relief.Heights) -> relief.Heights:
        bent = 0.25 * relief.noise(x * 2.1, y * 2.1, seed + 5)
        coarse = abs(relief.noise(x * 2.3 + bent, y * 2.3, seed)) + 0.6 * abs(relief.noise(x * 4.9, y * 4.9 + bent, seed + 1))
        fine = 0.3 * abs(relief.noise(x * 11, y * 11, seed + 2)) + 0.14 * abs(relief.noise(x * 23, y * 23, seed + 3))
        return 0.055 * (coarse + fine)

    build.ground(s, creases, cells=480)


