"""Kitchen, bathroom, living room, a window: rooms out of focus behind a table; the worktop."""

from __future__ import annotations

import math

from editor.engines.blender.kit import meshes, rooms, vista
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.materials import wall_paint
from editor.engines.blender.kit.registry import backdrop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import tilework, wood
from .walls import plain_wall as wall_of

WALL_Y = 5.4


@surface("counter")
def counter(build: Build, piece: Piece) -> None:
    """A worktop of pale quartz: fine grains, a thin vein here and there, a silky finish."""
    s = Shader("quartz")
    grains = s.noise(190, 3, roughness=0.7)
    flecks = s.span(s.noise(75, 3), 0.62, 0.7)
    clouds = s.noise(1.6, 5)
    away = s.math("ABSOLUTE", s.math("SUBTRACT", s.noise(0.9, 6, distortion=0.9), 0.5))
    vein = s.math("MULTIPLY", s.span(away, 0.0, 0.012, 0.4, 0.0), s.span(clouds, 0.4, 0.6))
    base = s.vary(
        build.colour(piece, "", build.rng.choice(("#e9e6e0", "#dedad2", "#d2cfca"))),
        s.mix(0.5, clouds, grains),
        0.09,
    )
    colour = s.mix(s.math("MAXIMUM", s.math("MULTIPLY", flecks, 0.3), vein), base, "#8d8880")
    s.principled(colour=colour, roughness=s.span(clouds, 0.2, 0.8, 0.2, 0.3), specular=0.5)
    lay_ground(build, s)


@backdrop("kitchen")
def kitchen(build: Build, piece: Piece) -> None:
    """Tiles, an open shelf with jars, a worktop, and a window that lights it all."""
    rng = build.rng
    seen = build.view_at(WALL_Y)
    side = build.key_side
    with rooms.light_room(build, WALL_Y):
        colour = piece.colour or rng.choice(("#ece6da", "#dfe3dc", "#e6dfd6", "#cfd8d2"))
        wall_of(build, wall_paint(colour), WALL_Y)
        top = seen.bottom + 0.34 * seen.height
        front = rng.choice(("#f0ece4", "#7f8f80", "#3f4f56", "#d8cbb5")) if not piece.colour else "#f0ece4"
        oak = wood.solid_wood(gloss=0.5)
        half = rooms.reach(build, WALL_Y)
        tilework.tile_strip(
            build, "#f4f1ea", WALL_Y - 0.02, low=top, high=top + 0.3 * seen.height, size=(0.34, 0.17)
        )
        meshes.block(build, (2 * half, 0.85, 0.07), oak, at=(0, WALL_Y - 0.42, top - 0.07), bevel=0.012)
        cabinet = rooms.plain_material(front, roughness=0.5)
        count = math.ceil(2 * half / 0.9)
        for number in range(count):
            at = (-half + 0.9 * (number + 0.5), WALL_Y - 0.4, top - 2.6)
            meshes.block(build, (0.88, 0.78, 2.5), cabinet, at=at, bevel=0.01)
        opening = 0.42 * seen.width
        rooms.window(build, side * 0.36 * seen.width, WALL_Y - 0.02, top + 0.2, (opening, 0.62 * seen.height))
        shelf_x = -side * 0.27 * seen.width
        for z in (top + 0.3 * seen.height, top + 0.52 * seen.height):
            rooms.shelf(build, shelf_x, WALL_Y, z, 0.48 * seen.width, oak)
        x = seen.left
        while x < seen.right:
            if rng.random() < 0.7:
                x += rooms.vessel(build, (x, WALL_Y - 0.45, top), 1.25)
            x += rng.uniform(0.1, 0.5)
        rooms.leaning_board(
            build, -side * 0.1 * seen.width, WALL_Y, top, (0.4, 0.6), wood.solid_wood(wood.WALNUT)
        )
        rooms.potted_plant(build, (side * rng.uniform(0.12, 0.2) * seen.width, WALL_Y - 0.5, top), 0.3)
    rooms.pendant(build, -side * 0.12 * seen.width, WALL_Y - 1.2, seen.top - 0.22 * seen.height, 0.16)


@backdrop("living-room")
def living_room(build: Build, piece: Piece) -> None:
    """A sofa with cushions, pictures, a lamp, a plant, a curtain at a window."""
    rng = build.rng
    y = 6.4
    seen = build.view_at(y)
    side = build.key_side
    low = vista.level(build) - 0.6
    level = seen.bottom + 0.24 * seen.height
    with rooms.light_room(build, y, power=1.25):
        wall_of(
            build, wall_paint(piece.colour or rng.choice(("#e7e0d5", "#d9dcd6", "#e3d9cf", "#c9d1cf"))), y
        )
        cloth = rooms.plain_material(rng.choice(("#b9ab98", "#8d9a92", "#c7b7a3", "#7f8b98")), roughness=0.95)
        wide, x = 0.72 * seen.width, -side * 0.16 * seen.width
        meshes.block(build, (wide, 1.0, level - low + 0.15), cloth, at=(x, y - 0.9, low), bevel=0.12)
        meshes.block(build, (wide, 0.35, level - low + 0.85), cloth, at=(x, y - 0.35, low), bevel=0.14)
        for end in (-1, 1):
            meshes.block(
                build, (0.3, 1.0, level - low + 0.5), cloth, at=(x + end * wide / 2, y - 0.9, low), bevel=0.12
            )
        for number in range(3):
            colour = build.accent(number) if number else "#efe8dc"
            turn = (-0.3, rng.uniform(-0.25, 0.25), rng.uniform(-0.2, 0.2))
            at = (x + wide * (-0.36 + 0.34 * number + rng.uniform(-0.06, 0.06)), y - 0.85, level + 0.12)
            meshes.block(
                build,
                (0.62, 0.18, 0.56),
                rooms.plain_material(colour, roughness=0.95),
                at=at,
                turn=turn,
                bevel=0.08,
            )
        for number in range(2):
            at = (x + (number - 0.5) * 0.95, y - 0.06, level + 0.9 + rng.uniform(0, 0.1))
            meshes.block(
                build,
                (0.72, 0.04, 0.92),
                rooms.plain_material("#3a332d" if number else "#c9a877"),
                at=at,
                bevel=0.008,
            )
            meshes.block(
                build,
                (0.6, 0.04, 0.8),
                rooms.plain_material("#f4efe6"),
                at=(at[0], at[1] - 0.012, at[2] + 0.06),
                bevel=0.004,
            )
            meshes.ball(
                build,
                0.17,
                rooms.plain_material(build.accent(number)),
                at=(at[0], at[1] - 0.03, at[2] + 0.28),
                squash=1.0,
                segments=32,
            )
        rooms.window(
            build, side * 0.44 * seen.width, y - 0.02, level + 0.1, (0.36 * seen.width, seen.top - level)
        )
        edge = side * 0.24 * seen.width
        rooms.wavy_curtain(
            build,
            (edge - 0.32, edge + 0.32),
            y - 0.25,
            (low, seen.top + 1.0),
            rooms.plain_material("#f2ede4", roughness=0.9),
        )
        rooms.potted_plant(build, (side * 0.36 * seen.width, y - 1.2, low + 0.4), 0.55)
    rooms.pendant(build, -side * 0.42 * seen.width, y - 0.9, level + 0.85, 0.2)


@backdrop("window")
def window(build: Build, piece: Piece) -> None:
    """A wide window close behind the table: its bars, curtains at the sides, a garden in the light."""
    y = 2.9
    seen = build.view_at(y)
    time = vista.sky_of_hour(build)
    s = Shader("garden light")
    across, up = vista.angles(build, s, 16.0)
    where = s.node(
        "CombineXYZ",
        {0: s.math("MULTIPLY", across, 9.0), 1: s.math("MULTIPLY", up, 9.0), 2: build.rng.uniform(0, 40)},
    ).outputs[0]
    spots = s.noise(1.7, 5, roughness=0.6, place=where)
    green = (
        s.ramp(spots, ((0.3, "#1d2b22"), (0.5, "#33484a"), (0.7, "#6b7f8f")))
        if time.dark
        else s.ramp(spots, ((0.3, "#4f6b33"), (0.48, "#93ad5a"), (0.64, "#dbe6b0"), (0.8, "#fffbe6")))
    )
    view = s.mix(s.span(s.math("ADD", up, s.math("MULTIPLY", spots, 0.12)), 0.07, 0.2), green, time.horizon)
    vista.finish_shining(build, s, view, 1.15 * time.level)
    vista.backcloth(build, s, 16.0)
    with rooms.light_room(build, y, power=0.6):
        bar = rooms.plain_material(piece.colour or "#f2efe9", roughness=0.4)
        half = 0.5 * seen.width
        shift = build.rng.uniform(-0.15, 0.15)
        for number in range(-2, 3):
            x = shift + number * 0.46 * seen.width
            meshes.block(
                build, (0.1 if number % 2 else 0.06, 0.12, seen.top + 2.5), bar, at=(x, y, -1.5), bevel=0.012
            )
        rail = seen.bottom + 0.72 * seen.height
        meshes.block(build, (4 * half, 0.12, 0.06), bar, at=(0, y, rail), bevel=0.012)
        sill = seen.bottom + 0.2 * seen.height
        meshes.block(build, (5 * half, 0.5, 0.12), bar, at=(0, y - 0.12, sill - 0.12), bevel=0.02)
        meshes.block(build, (5 * half, 0.3, 2.0), wall_paint("#e9e2d6"), at=(0, y, sill - 2.1), bevel=0.01)
        sheer = _sheer()
        for side in (-1, 1):
            inner, outer = side * 0.76 * half, side * (1.3 * half + 0.3)
            rooms.wavy_curtain(
                build, (min(inner, outer), max(inner, outer)), y - 0.3, (sill - 2.0, seen.top + 1.0), sheer
            )
        rooms.potted_plant(build, (build.key_side * 0.55 * half, y - 0.15, sill), 0.26)


def _sheer() -> Shader:
    """Return thin curtain cloth that the daylight comes through."""
    s = Shader("sheer")
    body = s.node("BsdfDiffuse", {"Color": "#f6f2ea"})
    through = s.node("BsdfTranslucent", {"Color": "#fbf7ef"})
    cloth = s.node("MixShader", {0: 0.55})
    s.tree.links.new(body.outputs[0], cloth.inputs[1])
    s.tree.links.new(through.outputs[0], cloth.inputs[2])
    thin = s.node("MixShader", {0: 0.72})
    s.tree.links.new(s.node("BsdfTransparent").outputs[0], thin.inputs[1])
    s.tree.links.new(cloth.outputs[0], thin.inputs[2])
    s.finish(thin.outputs[0])
    return s


@backdrop("bathroom")
def bathroom(build: Build, piece: Piece) -> None:
    """Tiles, a round mirror, a basin on its shelf, bottles, a towel, a plant, a frosted window."""
    y = 5.2
    seen = build.view_at(y)
    side, rng = build.key_side, build.rng
    with rooms.light_room(build, y, power=1.1):
        colour = piece.colour or rng.choice(("#dfe8e4", "#e9e4db", "#c9dad6", "#e6dcd3"))
        wall_of(build, rooms.plain_material("#efece6"), y)
        tilework.tile_strip(
            build,
            colour,
            y - 0.02,
            low=seen.bottom - 1.0,
            high=seen.bottom + 0.78 * seen.height,
            size=rng.choice(((0.3, 0.3), (0.16, 0.48))),
            bond=0.0,
        )
        top = seen.bottom + 0.33 * seen.height
        half = rooms.reach(build, y)
        meshes.block(
            build,
            (2 * half, 0.8, 0.09),
            wood.solid_wood(gloss=0.45),
            at=(0, y - 0.4, top - 0.09),
            bevel=0.012,
        )
        x = -side * 0.22 * seen.width
        brass = rooms.plain_material(
            rng.choice(("#c9a365", "#2e2d2c", "#d4d4d2")), roughness=0.25, metallic=1.0
        )
        radius = 0.19 * seen.width
        middle = top + 0.42 * seen.height
        meshes.drum(
            build, radius, 0.02, _looking_glass(build), at=(x, y - 0.03, middle), turn=(math.pi / 2, 0, 0)
        )
        meshes.ring(build, radius, 0.022, brass, at=(x, y - 0.06, middle - radius - 0.022))
        basin = [(0.0, 0.0), (0.34, 0.0), (0.52, 0.14), (0.58, 0.3), (0.54, 0.3), (0.4, 0.1), (0.0, 0.07)]
        meshes.lathe(
            build,
            meshes.round_corners(basin, 0.05),
            rooms.plain_material("#f6f4f0", roughness=0.12),
            at=(x, y - 0.45, top),
        )
        meshes.tube(
            build,
            [
                (x, y - 0.08, top),
                (x, y - 0.08, top + 0.6),
                (x, y - 0.14, top + 0.68),
                (x, y - 0.34, top + 0.66),
            ],
            0.028,
            brass,
        )
        for number in range(3):
            rooms.vessel(build, (side * (0.04 + 0.07 * number) * seen.width, y - 0.4, top), 0.9)
        rooms.potted_plant(build, (side * 0.3 * seen.width, y - 0.45, top), 0.28)
        rooms.window(
            build, side * 0.4 * seen.width, y - 0.02, top + 0.3, (0.26 * seen.width, 0.55 * seen.height)
        )
        rail = side * 0.14 * seen.width
        rooms.wavy_curtain(
            build,
            (rail - 0.24, rail + 0.24),
            y - 0.12,
            (top + 0.12, top + 0.95),
            rooms.plain_material(build.accent(0), roughness=0.95),
            folds=5,
        )


def _looking_glass(build: Build) -> Shader:
    """Return what a mirror shows of the room before it: its light, soft and a little darker than the wall."""
    s = Shader("looking glass")
    x, y, _ = s.axes()
    time = vista.sky_of_hour(build)
    room = s.mix(
        s.span(s.math("ADD", s.math("MULTIPLY", x, build.key_side), y), -0.8, 0.9), "#8f9694", "#f3f1ec"
    )
    vista.finish_shining(
        build, s, s.mix(0.25 if time.dark else 0.0, room, "#b98a5a"), 0.16 if time.dark else 0.62
    )
    return s
