"""Stone: marble, travertine, terrazzo, concrete, slate, plaster."""

from __future__ import annotations

from typing import Any

from editor.engines.blender.kit import meshes, relief
from editor.engines.blender.kit.finishes import piece_material
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.materials import cast_concrete, hewn_stone, lime_plaster, veined_marble
from editor.engines.blender.kit.registry import backdrop, stand, surface
from editor.engines.blender.kit.shaders import Shader, linear
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece


@surface("marble")
def marble(build: Build, piece: Piece) -> None:
    lay_ground(
        build, veined_marble(build.colour(piece, "", "#efedea"), "#77767c", turn=build.rng.uniform(0, 3))
    )


@surface("dark-marble")
def dark_marble(build: Build, piece: Piece) -> None:
    vein = build.rng.choice(("#c9c4ba", "#b59a6a", "#d8d6d2"))
    lay_ground(
        build,
        veined_marble(
            build.colour(piece, "", "#151517"),
            vein,
            scale=1.5,
            gloss=0.15,
            turn=build.rng.uniform(0, 3),
            bold=1.0,
        ),
    )


@surface("travertine")
def travertine(build: Build, piece: Piece) -> None:
    """Beige stone in bands, with the elongated holes that it is known by."""
    s = Shader("travertine")
    turn = build.rng.uniform(-0.15, 0.15)
    bands = s.noise(1.4, 7, distortion=0.3, place=s.stretch((0.7, 5, 5), turn=(0, 0, turn)))
    grain = s.noise(22, 7, roughness=0.7)
    along = s.wander(0.05, 6, place=s.stretch((5, 19, 19), turn=(0, 0, turn)))
    holes = s.span(s.noise(1.6, 7, roughness=0.62, place=along), 0.62, 0.68)
    base = build.colour(piece, "", "#d9c7ab")
    colour = s.vary(base, s.mix(0.35, bands, grain), 0.2)
    colour = s.mix(s.math("MULTIPLY", holes, 0.75), colour, "#8d7556")
    s.principled(colour=colour, roughness=0.55, normal=s.bump(s.math("SUBTRACT", 1.0, holes), 0.5, 0.008))
    lay_ground(build, s)


@surface("terrazzo")
def terrazzo(build: Build, piece: Piece) -> None:
    """Chips of several stones and sizes in cement, ground flat."""
    s = Shader("terrazzo")
    base = build.colour(piece, "surface", "#ece7df")
    chips = [build.accent(0), build.accent(1), "#5d5a57", "#f6f3ee"]
    colour: Any = s.vary(base, s.noise(4, 5), 0.05)
    for scale, share in ((16, 0.42), (34, 0.5)):
        where = s.wander(0.035, 9, place=s.stretch((1, 1, 1), move=(scale, 2.0 * scale, 0)), detail=2)
        edge = s.cells(scale, feature="DISTANCE_TO_EDGE", place=where)
        random = s.cells(scale, output="Color", place=where)
        red, green, _ = s.axes(random)
        kind = s.node("ValToRGB", {0: red})
        kind.color_ramp.interpolation = "CONSTANT"
        elements = kind.color_ramp.elements
        elements[0].position, elements[0].color = 0.0, linear(chips[0])
        elements[1].position, elements[1].color = 0.25, linear(chips[1])
        for position, chip in ((0.5, chips[2]), (0.75, chips[3])):
            elements.new(position).color = linear(chip)
        some = s.math("LESS_THAN", green, share)
        inside = s.math("MULTIPLY", s.span(edge, 0.07, 0.09), some)
        colour = s.mix(inside, colour, kind.outputs[0])
    s.principled(colour=colour, roughness=0.28, specular=0.45)
    lay_ground(build, s)


@surface("concrete")
def concrete(build: Build, piece: Piece) -> None:
    lay_ground(build, cast_concrete(build.colour(piece, "surface", "#b5b2ad")))


@surface("slate")
def slate(build: Build, piece: Piece) -> None:
    """Dark stone split along its layers: flat steps with torn edges."""
    s = Shader("slate")
    seed = build.rng.randint(0, 999)
    grain = s.noise(9, 9, roughness=0.65, place=s.stretch((1, 1.6, 1)))
    streaks = s.noise(3, 6, place=s.stretch((0.6, 4, 1), turn=(0, 0, 0.6)))
    colour = s.vary(build.colour(piece, "", "#4d5156"), s.mix(0.5, grain, streaks), 0.4)
    height = s.noise(14, 9, roughness=0.68)
    s.principled(
        colour=colour, roughness=s.span(grain, 0.2, 0.8, 0.42, 0.75), normal=s.bump(height, 0.5, 0.012)
    )

    def layers(x: Any, y: Any) -> Any:
        level = 2.6 * relief.layers(x * 0.9, y * 1.2, seed, count=5, roughness=0.5)
        flat = level.round()
        return 0.012 * (flat + relief.step(level - flat, 0.35, 0.5))

    lay_ground(build, s, layers, cells=420)


@surface("plaster")
def plaster(build: Build, piece: Piece) -> None:
    lay_ground(build, lime_plaster(build.colour(piece, "surface", "#e6ddd0")))


@surface("stone")
def slab(build: Build, piece: Piece) -> None:
    """A rough slab: gently uneven, as a quarry leaves it."""
    seed = build.rng.randint(0, 999)

    def uneven(x: relief.Heights, y: relief.Heights) -> relief.Heights:
        return 0.016 * relief.layers(x * 1.3, y * 1.3, seed, count=5, roughness=0.55)

    lay_ground(build, hewn_stone(build.colour(piece, "", "#a89e90")), uneven, cells=360)


@backdrop("stone-wall")
def stone_wall(build: Build, piece: Piece) -> None:
    """Slabs of stone in courses of several heights, their joints staggered."""
    y, seen, rng = build.far, build.view_at(build.far), build.rng
    base = build.colour(piece, "", "#a1968a")
    shaders = [hewn_stone(tone) for tone in _tones(base)]
    reach = max(abs(seen.left), abs(seen.right)) * 1.15 + 0.5
    low = -0.02
    while low < seen.top + 0.4:
        high = rng.choice((0.22, 0.3, 0.38))
        left = -reach - rng.uniform(0, 0.5)
        while left < reach:
            wide = rng.uniform(0.45, 1.0)
            size = (wide - 0.012, 0.2, high - 0.012)
            at = (left + wide / 2, y + 0.1 + rng.uniform(-0.012, 0.012), low)
            meshes.block(build, size, rng.choice(shaders), at=at, bevel=0.01)
            left += wide
        low += high
    mortar = cast_concrete("#7d756b")
    meshes.block(build, (2 * reach, 0.1, low + 0.1), mortar, at=(0, y + 0.12, -0.05), bevel=0.001)


def _tones(base: str) -> list[str]:
    """Return a colour and three like it, a little lighter and darker."""
    channels = [int(base[at : at + 2], 16) for at in (1, 3, 5)]
    return [
        "#" + "".join(f"{min(255, round(c * by)):02x}" for c in channels) for by in (0.86, 0.94, 1.0, 1.08)
    ]


@stand("tray")
def tray(build: Build, piece: Piece) -> None:
    """A round tray with a low rim."""
    radius, top = max(0.5 * build.foot_width * 1.3 + 0.08, 0.34), build.foot_z
    outline = [(0.0, 0.0), (radius - 0.02, 0.0), (radius, top + 0.022), (radius - 0.012, top + 0.022)]
    outline += [(radius - 0.03, top), (0.0, top)]
    shader = piece_material(build, piece, role="stand", usual="gold" if not piece.colour else "gloss")
    meshes.lathe(
        build, meshes.round_corners(outline, 0.006), shader, at=(build.foot_x, 0.5 * build.foot_depth, 0)
    )
    build.take(build.foot_x, 0.5 * build.foot_depth, radius)
