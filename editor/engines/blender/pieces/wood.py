"""Wood: table tops, boards, and what is made of them to stand on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import foliage, meshes, relief
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.registry import stand, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece
from editor.engines.scenes.true_size import stands_on_floor

OAK, WALNUT, GREY = ("#c9a47a", "#956c45"), ("#6b4429", "#33200f"), ("#9a9184", "#5d554a")
FRESH = ("#d8b07c", "#a5733f")


def grained_wood(
    s: Shader,
    colours: tuple[str, str],
    place: Any,
    *,
    pores: float = 0.5,
    knots: float = 0.5,
) -> tuple[Any, Any]:
    """Return colour and height (0..1) of planed wood whose fibres run along x of place, in metres of the set.

    Years are shells about a far-off pith, cut at a slant: arches in a board's middle, lines at its sides.
    """
    swirl = s.span(s.cells(1.1, place=s.stretch((0.35, 1.6, 1.6), place=place)), 0.0, 0.16, knots, 0.0)
    where = s.wander(0.09, 1.3, place=s.stretch((0.16, 1, 1), place=place), detail=3)
    x, y, z = s.axes(where)
    across = s.math("ADD", s.math("ABSOLUTE", y), s.math("MULTIPLY", swirl, 0.1))
    away = s.math(
        "SQRT",
        s.math(
            "ADD",
            s.math("MULTIPLY", across, across),
            s.math("POWER", s.math("ADD", s.math("MULTIPLY", x, 0.35), s.math("ADD", z, 0.42)), 2.0),
        ),
    )
    years = s.math("FRACT", s.math("MULTIPLY", away, 26.0))
    late = s.math("POWER", years, 2.6)
    edge = s.span(years, 0.9, 1.0, 1.0, 0.0)
    late = s.math("MULTIPLY", late, edge)
    fibre = s.noise(70, 5, roughness=0.6, place=s.stretch((0.035, 1, 1), place=place))
    pore = s.span(s.noise(150, 2, place=s.stretch((0.05, 1, 1), place=place)), 0.6, 0.7)
    clouds = s.noise(1.6, 4, place=s.stretch((0.4, 1.4, 1), place=place))
    share = s.math("ADD", s.math("MULTIPLY", late, 0.55), s.math("MULTIPLY", fibre, 0.35))
    share = s.math("ADD", share, s.math("MULTIPLY", s.math("SUBTRACT", clouds, 0.5), 0.5), clamp=True)
    colour = s.mix(share, colours[0], colours[1])
    colour = s.mix(s.math("MULTIPLY", pore, pores), colour, "#2b1c10", blend="MULTIPLY")
    colour = s.mix(s.math("MULTIPLY", s.span(swirl, 0.25, 0.5), 0.8), colour, "#3a2414")
    height = s.math(
        "SUBTRACT",
        s.math("ADD", s.math("MULTIPLY", fibre, 0.6), s.math("MULTIPLY", late, 0.3)),
        s.math("MULTIPLY", pore, 0.6),
    )
    return colour, height


def boards(
    s: Shader, width: float, *, gap: float, shift: float = 0.0, length: float = 0.0
) -> tuple[Any, Any, Any]:
    """Return, for boards along x side by side: a place of each board's own, a number of each, the gap.

    The gap is 1 in the joint and 0 on the board; length: of boards, 0 for endless ones.
    """
    x, y, z = s.axes()
    row = s.math("DIVIDE", s.math("ADD", y, shift), width)
    number = s.math("FLOOR", row)
    first = s.node("TexWhiteNoise", {"W": number}, noise_dimensions="1D").outputs[0]
    joint = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", row), 0.5))
    gaps = s.span(joint, 0.5 - gap / width, 0.5 - 0.35 * gap / width)
    plank = number
    if length:
        column = s.math("DIVIDE", s.math("ADD", x, s.math("MULTIPLY", first, 7.3 * length)), length)
        plank = s.math("ADD", s.math("MULTIPLY", number, 31.7), s.math("FLOOR", column))
        ends = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", column), 0.5))
        gaps = s.math("MAXIMUM", gaps, s.span(ends, 0.5 - gap / length, 0.5 - 0.35 * gap / length))
    random = s.node("TexWhiteNoise", {"W": plank}, noise_dimensions="1D")
    own = s.node(
        "CombineXYZ",
        {
            0: s.math("ADD", x, s.math("MULTIPLY", random.outputs[0], 40.0)),
            1: s.math(
                "MULTIPLY",
                s.math("SUBTRACT", s.math("FRACT", row), s.span(random.outputs[0], 0, 1, 0.2, 0.8)),
                width,
            ),
            2: s.math("ADD", z, s.math("MULTIPLY", s.axes(random.outputs[1])[1], 0.4)),
        },
    ).outputs[0]
    return own, random.outputs[0], gaps


def table(
    build: Build,
    colours: tuple[str, str],
    *,
    width: float,
    gap: float,
    gloss: float,
    length: float = 0.0,
    worn: float = 0.0,
) -> Shader:
    """Return boards joined to a table top or a deck: gap in metres, gloss the roughness of the finish."""
    s = Shader("boards")
    own, random, gaps = boards(s, width, gap=gap, shift=build.rng.uniform(0, width), length=length)
    colour, height = grained_wood(s, colours, own, pores=0.35 + 0.3 * worn)
    tint = s.node(
        "HueSaturation",
        {
            "Value": s.span(random, 0, 1, 0.82, 1.12),
            "Saturation": s.span(random, 0, 1, 1.08, 0.9),
            "Color": colour,
        },
    ).outputs[0]
    if worn:
        stains = s.span(s.noise(2.3, 7, roughness=0.65), 0.42, 0.75)
        tint = s.mix(s.math("MULTIPLY", stains, 0.5 * worn), tint, "#6d665c")
        height = s.math(
            "ADD", height, s.math("MULTIPLY", s.noise(11, 6, place=s.stretch((0.3, 1, 1))), 0.8 * worn)
        )
    tint = s.mix(s.math("MULTIPLY", gaps, 0.85), tint, "#1c120a")
    raised = s.math("SUBTRACT", s.math("MULTIPLY", height, 0.12 + 0.5 * worn), s.math("MULTIPLY", gaps, 1.3))
    smear = s.noise(4, 5)
    s.principled(
        colour=tint,
        roughness=s.math("ADD", s.span(smear, 0.2, 0.8, gloss, gloss + 0.14), s.math("MULTIPLY", gaps, 0.3)),
        specular=0.4,
        normal=s.bump(raised, 0.55, 0.012),
        coat=0.12 * (1 - worn),
        coat_roughness=0.25,
    )
    return s


def _shades(piece: Piece, usual: tuple[str, str]) -> tuple[str, str]:
    """Return light and dark of an asked colour, or the wood's own."""
    if not piece.colour:
        return usual
    channels = (int(piece.colour[at : at + 2], 16) for at in (1, 3, 5))
    return piece.colour, "#" + "".join(f"{round(0.58 * channel):02x}" for channel in channels)


@surface("wood")
def wood(build: Build, piece: Piece) -> None:
    lay_ground(build, _top_or_floor(build, _shades(piece, OAK), width=0.55, gloss=0.36))


@surface("dark-wood")
def dark_wood(build: Build, piece: Piece) -> None:
    lay_ground(build, _top_or_floor(build, _shades(piece, WALNUT), width=0.6, gloss=0.26))


def _top_or_floor(build: Build, shades: tuple[str, str], *, width: float, gloss: float) -> Shader:
    """Return a table's top, its boards glued; or a floor, whose boards end and have joints that are seen."""
    if stands_on_floor(build.size_cm):
        return table(build, shades, width=width, gap=0.014, gloss=gloss, length=9 * width)
    return table(build, shades, width=width, gap=0.0016, gloss=gloss)


@surface("planks")
def planks(build: Build, piece: Piece) -> None:
    """Weathered boards with open joints, a little uneven."""
    seed = build.rng.randint(0, 999)
    shader = table(build, _shades(piece, GREY), width=0.46, gap=0.009, gloss=0.68, length=3.7, worn=1.0)
    lay_ground(build, shader, lambda x, y: 0.004 * relief.layers(x * 0.7, y * 2.0, seed, count=2), cells=80)


def solid_wood(
    colours: tuple[str, str] = FRESH, *, gloss: float = 0.5, turn: tuple[float, float, float] = (0, 0, 0)
) -> Shader:
    """Return wood for a body: fibres along its own x, each object cut from another place of the tree."""
    s = Shader("wood")
    random = s.node("ObjectInfo").outputs["Random"]
    shift = s.node(
        "CombineXYZ",
        {
            0: s.math("MULTIPLY", random, 30.0),
            1: s.math("SUBTRACT", random, 0.5),
            2: s.math("MULTIPLY", random, 0.5),
        },
    ).outputs[0]
    place = s.vector("ADD", s.stretch((1, 1, 1), turn=turn), shift)
    colour, height = grained_wood(s, colours, place, knots=0.3)
    tint = s.node("HueSaturation", {"Value": s.span(random, 0, 1, 0.85, 1.12), "Color": colour}).outputs[0]
    s.principled(colour=tint, roughness=gloss, specular=0.35, normal=s.bump(height, 0.25, 0.008))
    return s


@stand("log")
def log(build: Build, piece: Piece) -> None:
    """A slice of a tree: years and cracks on its face, bark around it."""
    radius = max(0.66 * build.foot_width + 0.08, 0.56 * build.frame.size[0], 0.4)
    rng = build.rng
    s = Shader("log")
    x, y, _ = s.axes(s.wander(0.1, 1.6, detail=3))
    away = s.math(
        "SQRT", s.math("ADD", s.math("MULTIPLY", x, x), s.math("MULTIPLY", s.math("MULTIPLY", y, y), 1.1))
    )
    uneven = s.math("ADD", away, s.math("MULTIPLY", s.noise(2.2, 3), 0.05))
    years = s.math("FRACT", s.math("MULTIPLY", uneven, 15.0 / radius))
    late = s.math("MULTIPLY", s.math("POWER", years, 2.2), s.span(years, 0.88, 1.0, 1.0, 0.0))
    around = s.math("ARCTAN2", y, x)
    where = s.node(
        "CombineXYZ", {0: s.math("MULTIPLY", around, 3.4), 1: s.math("MULTIPLY", away, 0.8)}
    ).outputs[0]
    split = s.span(
        s.math("ABSOLUTE", s.math("SUBTRACT", s.noise(1.4, 3, place=where), 0.5)), 0.0, 0.012, 1.0, 0.0
    )
    split = s.math("MULTIPLY", split, s.span(away, 0.25 * radius, 0.8 * radius))
    light, dark = _shades(piece, ("#d9b884", "#a9763f"))
    colour = s.mix(s.math("MULTIPLY", late, 0.7), s.vary(light, s.noise(30, 5), 0.12), dark)
    heart = s.span(away, 0.1 * radius, 0.75 * radius, 0.35, 0.0)
    colour = s.mix(heart, colour, "#9a6233")
    colour = s.mix(split, colour, "#2e1c0e")
    saw = s.noise(60, 4, place=s.stretch((0.15, 1, 1), turn=(0, 0, 0.5)))
    height = s.math("SUBTRACT", s.math("MULTIPLY", saw, 0.2), split)
    s.principled(colour=colour, roughness=0.7, specular=0.3, normal=s.bump(height, 0.5, 0.01))
    _slice(build, s, radius, rng.randint(0, 9999))
    build.take(build.foot_x, build.foot_depth / 2, radius + 0.05)


def _slice(build: Build, face: Shader, radius: float, seed: int) -> None:
    around = np.linspace(0, 2 * np.pi, 200)
    outline = radius * (1 + 0.05 * relief.layers(np.cos(around) * 1.2, np.sin(around) * 1.2, seed, count=3))
    top, middle = build.foot_z, build.foot_depth / 2
    inner = outline * 0.955
    share = np.linspace(0, 1, 14)[:, None]
    circle = np.stack([np.cos(around), np.sin(around)], -1)
    disc = np.concatenate([share[..., None] * (inner[:, None] * circle), np.zeros((14, 200, 1))], -1)
    meshes.lattice(build, disc[:, ::-1], face, at=(build.foot_x, middle, top))
    rows = np.linspace(0, 1, 40)[:, None]
    knobbly = (
        0.045
        * relief.layers(around * 6.0, rows * 2.0, seed + 1, count=4, roughness=0.6)
        * np.sin(np.pi * np.clip(rows * 0.9 + 0.08, 0, 1))
    )
    reach = np.where(rows < 0.06, inner + (outline - inner) * (rows / 0.06), outline + knobbly * radius)
    z = np.where(rows < 0.06, top + 0.012 * np.sin(np.pi * rows / 0.06), top * (1 - (rows - 0.06) / 0.94))
    rim = np.stack([reach * np.cos(around), reach * np.sin(around), np.broadcast_to(z, reach.shape)], -1)
    meshes.lattice(build, rim[:, ::-1], foliage.bark("#54402f", moss=0.25), at=(build.foot_x, middle, 0))


@stand("crate")
def crate(build: Build, piece: Piece) -> None:
    """An upturned fruit crate: slats nailed to corner posts."""
    wide = max(1.45 * build.foot_width + 0.15, 1.12 * build.frame.size[0], 0.75)
    deep = max(1.5 * build.foot_depth + 0.1, 0.6 * build.frame.size[0], 0.55)
    top, middle, x0 = build.foot_z, build.foot_depth / 2, build.foot_x
    colours = _shades(piece, ("#c49a68", "#86603a"))
    along = solid_wood(colours, gloss=0.75)
    across = solid_wood(colours, gloss=0.75, turn=(0, 0, math.pi / 2))
    count = max(3, round(deep / 0.15))
    pitch = deep / count
    rng = build.rng
    for number in range(count):
        y = middle - deep / 2 + (number + 0.5) * pitch
        meshes.block(
            build,
            (wide, pitch - 0.012, 0.02),
            along,
            at=(x0 + rng.uniform(-0.004, 0.004), y, top - 0.02),
            bevel=0.004,
        )
    slats = max(2, round(top / 0.11))
    tall = (top - 0.02) / slats
    for row in range(slats):
        for side in (-1, 1):
            z = row * tall + 0.006
            meshes.block(
                build,
                (wide, 0.016, tall - 0.014),
                along,
                at=(x0, middle + side * (deep / 2 - 0.008), z),
                bevel=0.003,
            )
            meshes.block(
                build,
                (0.016, deep - 0.034, tall - 0.014),
                across,
                at=(x0 + side * (wide / 2 - 0.008), middle, z),
                bevel=0.003,
            )
    for x in (-1, 1):
        for y in (-1, 1):
            meshes.block(
                build,
                (0.045, 0.045, top - 0.02),
                along,
                at=(x0 + x * (wide / 2 - 0.04), middle + y * (deep / 2 - 0.04), 0),
                bevel=0.004,
            )
    build.take(build.foot_x, middle, 0.62 * max(wide, deep))


@stand("board")
def board(build: Build, piece: Piece) -> None:
    """A cutting board with rounded corners and a hole in its handle."""
    wide = max(1.5 * build.foot_width + 0.25, 1.2 * build.frame.size[0], 0.95)
    deep = max(1.5 * build.foot_depth + 0.12, 0.7 * build.frame.size[0], 0.6)
    shader = solid_wood(_shades(piece, build.rng.choice((FRESH, ("#b98a58", "#7a5230")))), gloss=0.45)
    corner, steps = 0.09, 10
    outline: list[tuple[float, float]] = []
    for turn, x, y in ((0, 1, 1), (1, -1, 1), (2, -1, -1), (3, 1, -1)):
        for step in range(steps + 1):
            angle = math.pi / 2 * (turn + step / steps)
            outline.append(
                (
                    x * (wide / 2 - corner) + corner * math.cos(angle),
                    y * (deep / 2 - corner) + corner * math.sin(angle),
                )
            )
    side = build.rng.choice((-1, 1))
    hole = [
        (side * (wide / 2 - 0.09) + 0.03 * math.cos(t), 0.03 * math.sin(t))
        for t in np.linspace(0, 2 * math.pi, 24, endpoint=False)
    ]
    thick = build.foot_z
    thing = meshes.cutting(build, [outline, hole], thick, shader, bevel=0.007)
    thing.location = (build.foot_x, build.foot_depth / 2, thick / 2)
    thing.rotation_euler = (0, 0, build.rng.uniform(-0.08, 0.08))
    build.take(build.foot_x, build.foot_depth / 2, 0.52 * wide)
