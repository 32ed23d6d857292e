"""Books: to stand on, and in piles beside the product."""

from __future__ import annotations

import math

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.registry import prop, stand
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

COVERS = ("#2f4858", "#a4503c", "#d8c7a8", "#5b6b4f", "#7c3b47", "#c9a15a", "#e7e0d2", "#3c3a45")


@stand("books")
def books_below(build: Build, piece: Piece) -> None:
    """Three or four books on each other, turned a little against each other."""
    wide = max(1.35 * build.foot_width + 0.15, 1.1 * build.frame.size[0], 0.8)
    deep = max(1.4 * build.foot_depth + 0.08, 0.66 * build.frame.size[0], 0.58)
    pile(
        build, piece, (build.foot_x, build.foot_depth / 2), wide, deep, build.foot_z, build.rng.randint(3, 4)
    )
    build.take(build.foot_x, build.foot_depth / 2, 0.58 * wide)


def pile(
    build: Build, piece: Piece, at: tuple[float, float], wide: float, deep: float, height: float, count: int
) -> None:
    """Lay books on each other, together `height` metres high."""
    rng = build.rng
    shares = [rng.uniform(0.7, 1.3) for _ in range(count)]
    z = 0.0
    for number, share in enumerate(shares):
        thick = height * share / sum(shares)
        shrink = 1 - 0.05 * number * rng.random()
        turn = rng.uniform(-0.12, 0.12)
        colour = piece.colour if piece.colour else rng.choice((*COVERS, build.accent(number)))
        book(
            build,
            colour,
            (at[0] + rng.uniform(-0.015, 0.015), at[1], z),
            (wide * shrink, deep * shrink, thick),
            turn,
        )
        z += thick


def book(
    build: Build, colour: str, at: tuple[float, float, float], size: tuple[float, float, float], turn: float
) -> None:
    """Lay a bound book on its back, its spine towards the camera."""
    cover = Shader("cover")
    weave = cover.noise(120, 3)
    cover.principled(
        colour=cover.vary(colour, cover.noise(5, 4), 0.06),
        roughness=0.75,
        normal=cover.bump(weave, 0.15, 0.003),
    )
    pages = Shader("pages")
    lines = pages.noise(260, 2, place=pages.stretch((0.02, 0.02, 1)))
    pages.principled(colour=pages.vary("#ece3cf", lines, 0.14), roughness=0.9)
    wide, deep, thick = size
    lid = min(0.011, thick * 0.14)
    c, s = math.cos(turn), math.sin(turn)

    def put(
        part: tuple[float, float, float], offset: tuple[float, float, float], shader: Shader, bevel: float
    ) -> None:
        place = (
            at[0] + c * offset[0] - s * offset[1],
            at[1] + s * offset[0] + c * offset[1],
            at[2] + offset[2],
        )
        meshes.block(build, part, shader, at=place, turn=(0, 0, turn), bevel=bevel)

    put((wide, deep, lid), (0, 0, 0), cover, 0.003)
    put((wide, deep, lid), (0, 0, thick - lid), cover, 0.003)
    put((wide, 0.012, thick), (0, -deep / 2, 0), cover, 0.005)
    put((wide - 0.024, deep - 0.02, thick - 2 * lid), (0, 0.004, lid), pages, 0.002)


@prop("books")
def books(build: Build, piece: Piece) -> None:
    """A pile of books beside the product, or a little behind it."""
    for spot in build.spots(1, 0.3, spread=0.12, behind=True, depth=(build.foot_depth + 0.2, 0.9)):
        count = piece.count or build.rng.randint(2, 4)
        pile(build, piece, (spot.x, spot.y), 1.75 * spot.size, 1.2 * spot.size, 0.075 * count, count)
