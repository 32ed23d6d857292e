"""More rooms out of focus: a bedroom, a shop, shelves of books, an office, a café, a gym."""

from __future__ import annotations

import math

from editor.engines.blender.kit import meshes, rooms, vista
from editor.engines.blender.kit.materials import wall_paint, woven_linen
from editor.engines.blender.kit.registry import backdrop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import wood
from .walls import plain_wall

PALE = ("#e7e0d5", "#dfe3dc", "#e6dfd6", "#d5dbd8")
SPINES = (
    "#2f4858",
    "#a4503c",
    "#d8c7a8",
    "#5b6b4f",
    "#7c3b47",
    "#c9a15a",
    "#e7e0d2",
    "#3c3a45",
    "#8a9aa5",
    "#b98a66",
)


@backdrop("bedroom")
def bedroom(build: Build, piece: Piece) -> None:
    """A made bed with pillows and a throw before its headboard, a lamp, a picture, a window."""
    rng, y, side = build.rng, 6.0, build.key_side
    seen, low = build.view_at(6.0), vista.level(build) - 0.5
    with rooms.light_room(build, y, power=1.2):
        plain_wall(build, wall_paint(piece.colour or rng.choice(PALE)), y)
        x = -side * 0.1 * seen.width
        wide = 0.62 * seen.width
        top = seen.bottom + 0.3 * seen.height
        head = rooms.plain_material(rng.choice(("#a58a6d", "#8d9a92", "#b9ab98", "#6f7f86")), roughness=0.9)
        meshes.block(
            build, (1.12 * wide, 0.16, top - low + 0.3 * seen.height), head, at=(x, y - 0.12, low), bevel=0.06
        )
        linen = woven_linen("#f4f0e9", threads=20)
        meshes.block(build, (wide, 2.4, top - low), linen, at=(x, y - 1.4, low), bevel=0.16)
        throw = rooms.plain_material(rng.choice(("#c7a58a", "#8fa39a", "#b5a2ad", "#d3b26f")), roughness=1.0)
        meshes.block(build, (1.03 * wide, 0.75, top - low + 0.04), throw, at=(x, y - 2.15, low), bevel=0.12)
        for row, (high, colour) in enumerate(
            ((0.2, "#f7f3ec"), (0.15, rng.choice(("#d9c3b0", "#a9b8ad", "#c9b7c4"))))
        ):
            for place in (-1, 1):
                pillow = rooms.plain_material(colour, roughness=0.95)
                size = (0.42 * wide * (1 - 0.22 * row), 0.22, high * seen.height)
                meshes.block(
                    build,
                    size,
                    pillow,
                    at=(x + place * 0.24 * wide * (1 - 0.2 * row), y - 0.45 - 0.25 * row, top - 0.02),
                    turn=(-0.3, 0, 0),
                    bevel=0.11,
                )
        table = wood.solid_wood(gloss=0.5)
        beside = x + side * (0.5 * wide + 0.1 * seen.width)
        meshes.block(build, (0.14 * seen.width, 0.6, top - low), table, at=(beside, y - 0.5, low), bevel=0.02)
        rooms.window(
            build, side * 0.5 * seen.width, y - 0.02, top + 0.1, (0.3 * seen.width, 0.6 * seen.height)
        )
        rooms.leaning_board(
            build,
            x,
            y,
            top + 0.46 * seen.height,
            (0.2 * seen.width, 0.26 * seen.height),
            rooms.plain_material("#d9cfc0"),
        )
    rooms.pendant(build, beside, y - 0.5, top + 0.14 * seen.height, 0.15)


@backdrop("shop")
def shop(build: Build, piece: Piece) -> None:
    """Shelves with goods along the wall, spots above them, a counter at one side."""
    rng, y, side = build.rng, 6.0, build.key_side
    seen, low = build.view_at(6.0), vista.level(build) - 0.5
    with rooms.light_room(build, y, power=1.35):
        plain_wall(build, wall_paint(piece.colour or rng.choice(("#efe9df", "#e3e0da", "#d9d3cb"))), y)
        board = wood.solid_wood(gloss=0.5)
        bay = 0.44 * seen.width
        for place in (-1, 0, 1):
            x = place * 1.06 * bay
            for number in range(5):
                z = seen.bottom + (0.12 + 0.19 * number) * seen.height
                rooms.shelf(build, x, y, z, 0.94 * bay, board)
            for edge in (-1, 1):
                meshes.block(
                    build,
                    (0.06, 0.36, 1.3 * seen.height),
                    board,
                    at=(x + edge * 0.48 * bay, y - 0.2, seen.bottom),
                    bevel=0.01,
                )
        desk = rooms.plain_material(rng.choice(("#7f8f86", "#3f4a4d", "#b98a66")), roughness=0.5)
        meshes.block(
            build,
            (0.5 * bay, 0.9, 0.36 * seen.height),
            desk,
            at=(side * 0.42 * seen.width, y - 1.6, low),
            bevel=0.03,
        )
    for number in range(4):
        rooms.pendant(build, (number - 1.5) * 0.26 * seen.width, y - 1.4, seen.top - 0.1 * seen.height, 0.11)


@backdrop("bookshelves")
def bookshelves(build: Build, piece: Piece) -> None:
    """A wall of shelves full of books, a lamp before it."""
    rng, y = build.rng, 5.4
    seen = build.view_at(y)
    with rooms.light_room(build, y, power=1.1):
        board = wood.solid_wood(rng.choice((wood.WALNUT, wood.OAK)), gloss=0.5)
        plain_wall(build, rooms.plain_material(piece.colour or "#5a4433"), y)
        half, rise = rooms.reach(build, y), 0.235 * seen.height
        for row in range(6):
            z = seen.bottom + (row - 0.3) * rise
            meshes.block(build, (2 * half, 0.5, 0.05), board, at=(0, y - 0.25, z), bevel=0.008)
            _fill_with_books(build, -half, half, y - 0.3, z + 0.05, rise)
        for number in range(5):
            x = -half + (number + 0.5) * 2 * half / 5
            meshes.block(
                build, (0.07, 0.52, 2 * seen.height), board, at=(x, y - 0.25, seen.bottom - 1), bevel=0.008
            )
    rooms.pendant(build, build.key_side * 0.3 * seen.width, y - 1.2, seen.bottom + 0.5 * seen.height, 0.14)


def _fill_with_books(build: Build, left: float, right: float, y: float, z: float, rise: float) -> None:
    """Stand books from left to right, some leaning, gaps between their groups."""
    rng = build.rng
    covers = [rooms.plain_material(colour, roughness=0.7) for colour in SPINES]
    x = left
    while x < right:
        if rng.random() < 0.06:
            x += rng.uniform(0.1, 0.3)
            continue
        thick, high = rng.uniform(0.06, 0.15), rise * rng.uniform(0.58, 0.84)
        lean = 0.2 if rng.random() < 0.05 else 0.0
        meshes.block(
            build,
            (thick, 0.34, high),
            rng.choice(covers),
            at=(x + thick / 2, y, z),
            turn=(0, lean, 0),
            bevel=0.006,
        ).modifiers.clear()
        x += thick + 0.006 + lean * 0.5


@backdrop("office")
def office(build: Build, piece: Piece) -> None:
    """A desk with a screen and a lamp before a wall with a shelf, a plant, a window."""
    rng, y, side = build.rng, 5.8, build.key_side
    seen, low = build.view_at(5.8), vista.level(build) - 0.5
    with rooms.light_room(build, y, power=1.25):
        plain_wall(build, wall_paint(piece.colour or rng.choice(PALE)), y)
        top = seen.bottom + 0.28 * seen.height
        oak, dark = wood.solid_wood(gloss=0.5), rooms.plain_material("#24262a", roughness=0.3)
        meshes.block(build, (0.86 * seen.width, 1.1, 0.09), oak, at=(0, y - 0.8, top - 0.09), bevel=0.02)
        for place in (-1, 1):
            meshes.block(
                build, (0.09, 0.9, top - low), dark, at=(place * 0.38 * seen.width, y - 0.8, low), bevel=0.01
            )
        x = -side * 0.14 * seen.width
        wide, high = 0.34 * seen.width, 0.27 * seen.height
        meshes.block(build, (wide, 0.06, high), dark, at=(x, y - 0.6, top + 0.12), bevel=0.02)
        picture = Shader("screen")
        vista.finish_shining(
            build, picture, picture.ramp(picture.noise(1.2, 3), ((0.3, "#4f6f9a"), (0.7, "#b9cfe3"))), 0.7
        )
        meshes.block(
            build,
            (0.94 * wide, 0.02, 0.9 * high),
            picture,
            at=(x, y - 0.64, top + 0.13 + 0.04 * high),
            bevel=0.002,
        )
        meshes.block(build, (0.08, 0.08, 0.14), dark, at=(x, y - 0.6, top), bevel=0.01)
        rooms.shelf(build, x, y, top + 0.52 * seen.height, 0.5 * seen.width, oak)
        rooms.window(
            build, side * 0.42 * seen.width, y - 0.02, top + 0.15, (0.3 * seen.width, 0.55 * seen.height)
        )
        rooms.potted_plant(build, (side * 0.26 * seen.width, y - 0.6, top), 0.28)
    rooms.pendant(build, -side * 0.38 * seen.width, y - 0.7, top + 0.3 * seen.height, 0.14)


@backdrop("cafe")
def cafe(build: Build, piece: Piece) -> None:
    """A café: a bar with cups and jars before a tiled wall, a board for the menu, warm lamps in a row."""
    rng, y, side = build.rng, 5.8, build.key_side
    seen, low = build.view_at(5.8), vista.level(build) - 0.5
    with rooms.light_room(build, y, power=0.95):
        plain_wall(
            build, wall_paint(piece.colour or rng.choice(("#5d6f66", "#4a4f55", "#8a6a52", "#d9cdb9"))), y
        )
        top = seen.bottom + 0.32 * seen.height
        bar, slab = wood.solid_wood(wood.WALNUT, gloss=0.45), rooms.plain_material("#e6e1d9", roughness=0.25)
        meshes.block(build, (1.5 * seen.width, 0.8, top - low), bar, at=(0, y - 1.3, low), bevel=0.02)
        meshes.block(build, (1.52 * seen.width, 0.95, 0.08), slab, at=(0, y - 1.3, top), bevel=0.02)
        for number in range(2):
            rooms.shelf(
                build,
                -side * 0.14 * seen.width,
                y,
                top + (0.22 + 0.2 * number) * seen.height,
                0.66 * seen.width,
                wood.solid_wood(gloss=0.5),
            )
        menu = rooms.plain_material("#1f2423", roughness=0.9)
        meshes.block(
            build,
            (0.24 * seen.width, 0.05, 0.34 * seen.height),
            menu,
            at=(side * 0.34 * seen.width, y - 0.06, top + 0.2 * seen.height),
            bevel=0.01,
        )
        steel = rooms.plain_material("#c9ccd0", roughness=0.2, metallic=1.0)
        meshes.block(
            build,
            (0.2 * seen.width, 0.6, 0.16 * seen.height),
            steel,
            at=(side * 0.2 * seen.width, y - 1.3, top + 0.08),
            bevel=0.05,
        )
        x = seen.left
        while x < seen.right:
            x += rooms.vessel(build, (x, y - 1.2, top + 0.08), 0.9) + rng.uniform(0.1, 0.6)
    for number in range(4):
        rooms.pendant(build, (number - 1.5) * 0.25 * seen.width, y - 1.7, seen.top - 0.2 * seen.height, 0.13)


@backdrop("gym")
def gym(build: Build, piece: Piece) -> None:
    """A gym: a rack of dumbbells before mirrors, discs on their bars, light in strips."""
    rng, y, side = build.rng, 5.8, build.key_side
    seen, low = build.view_at(5.8), vista.level(build) - 0.5
    with rooms.light_room(build, y, power=0.9):
        plain_wall(build, wall_paint(piece.colour or rng.choice(("#3a3d42", "#4a4540", "#5f6468"))), y)
        steel, rubber = (
            rooms.plain_material("#8f9499", roughness=0.25, metallic=1.0),
            rooms.plain_material("#17181a", roughness=0.6),
        )
        glass = rooms.plain_material("#cfd6da", roughness=0.04, metallic=1.0)
        meshes.block(
            build,
            (1.4 * seen.width, 0.03, 0.55 * seen.height),
            glass,
            at=(0, y - 0.02, seen.bottom + 0.34 * seen.height),
            bevel=0.005,
        )
        for number in range(3):
            z = low + 0.5 + 0.42 * number
            meshes.block(build, (1.1 * seen.width, 0.5, 0.06), steel, at=(0, y - 0.9, z), bevel=0.01)
            for place in range(11):
                x = (place - 5) * 0.1 * seen.width
                for end in (-1, 1):
                    meshes.drum(
                        build,
                        0.13,
                        0.13,
                        rubber,
                        at=(x + end * 0.16 - 0.065, y - 0.9, z + 0.2),
                        turn=(0, math.pi / 2, 0),
                        bevel=0.02,
                    )
                meshes.drum(
                    build,
                    0.03,
                    0.3,
                    steel,
                    at=(x - 0.15, y - 0.9, z + 0.2),
                    turn=(0, math.pi / 2, 0),
                    bevel=0.005,
                )
        accent = rooms.plain_material(rng.choice(("#d9822b", "#c43a34", "#3f7fd9", "#b5d334")), roughness=0.5)
        for disc in range(3):
            meshes.drum(
                build,
                0.36,
                0.09,
                accent if disc == 1 else rubber,
                at=(side * 0.4 * seen.width + 0.1 * disc, y - 1.4, low + 1.0),
                turn=(0, math.pi / 2, 0),
                bevel=0.03,
            )
    tube = Shader("strip")
    vista.finish_shining(build, tube, "#f4f8ff", 1.6)
    for number in range(3):
        strip = meshes.block(
            build,
            (0.4 * seen.width, 0.08, 0.06),
            tube,
            at=((number - 1) * 0.46 * seen.width, y - 0.6, seen.top - 0.12 * seen.height),
            bevel=0.01,
        )
        vista.hide_from_light(strip)
