"""What is baked, and honey: bread, croissants, cookies, macarons, honey on its dipper, honeycomb."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Sprig, leafy, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

from . import wood


def _crust(colour: str, dark: str, *, scale: float = 5.0) -> Shader:
    s = Shader("crust")
    patches = s.noise(scale, 5)
    s.principled(
        colour=s.mix(s.span(patches, 0.35, 0.7), colour, dark),
        roughness=0.55,
        normal=s.bump(s.noise(45, 5), 0.25, 0.008),
    )
    return s


@prop("cookies")
def cookies(build: Build, piece: Piece) -> None:
    """Cookies with chips of chocolate, in small piles, one leaning on each."""
    rng = build.rng
    dough, chips = _crust(piece.colour or "#d3a063", "#b3793f"), Shader("chips")
    chips.principled(colour="#34190e", roughness=0.35)
    for spot in build.spots(
        piece.count or rng.randint(3, 4), 0.19, spread=0.1, behind=True, depth=(-0.3, 0.6)
    ):
        r, thick, z = 0.95 * spot.size, 0.2 * spot.size, 0.0
        for level in range(rng.randint(2, 4)):
            x, y = spot.x + rng.uniform(-0.08, 0.08) * r, spot.y + rng.uniform(-0.08, 0.08) * r
            outline = meshes.round_corners(
                [(0.0, 0.0), (0.94 * r, 0.0), (r, 0.45 * thick), (0.8 * r, 0.92 * thick), (0.0, thick)],
                0.09 * r,
            )
            meshes.lathe(build, outline, dough, at=(x, y, z), segments=48)
            for chip in range(9 if level else 6):
                away, turn = r * (0.2 + 0.62 * rng.random()), chip * 2.4 + rng.uniform(-0.2, 0.2)
                at = (x + away * math.cos(turn), y + away * math.sin(turn), z + 0.86 * thick)
                meshes.lump(build, 0.1 * r, chips, at=at, squash=0.55, seed=chip, fineness=2)
            z += 0.94 * thick


@prop("macarons")
def macarons(build: Build, piece: Piece) -> None:
    """Macarons in soft colours, some of them on each other: two shells with ruffled feet, cream between."""
    rng = build.rng
    colours = [piece.colour] if piece.colour else ["#eab4bd", "#bcd7b5", "#f0dcae", "#c7b6dc", "#a8755a"]
    cream = Shader("cream")
    cream.principled(colour="#f7ecdc", roughness=0.5, subsurface=0.2)
    for spot in build.spots(
        piece.count or rng.randint(5, 7), 0.13, spread=0.08, behind=True, depth=(-0.35, 0.6)
    ):
        z, r = 0.0, 0.8 * spot.size
        for _ in range(rng.choice((1, 1, 2, 3))):
            aside = r * rng.uniform(-0.07, 0.07)
            _macaron(build, r, rng.choice(colours), cream, (spot.x + aside, spot.y, z))
            z += 1.22 * r


def _macaron(build: Build, r: float, colour: str, cream: Shader, at: tuple[float, float, float]) -> None:
    shell, foot = Shader("shell"), Shader("foot")
    shell.principled(colour=shell.vary(colour, shell.noise(40, 4), 0.05), roughness=0.42, subsurface=0.1)
    holes = foot.noise(55, 5)
    foot.principled(colour=foot.vary(colour, holes, 0.12), roughness=0.9, normal=foot.bump(holes, 1.0, 0.02))
    turns = np.linspace(0, math.pi / 2, 14)
    over = [(float(r * math.cos(t) ** 0.7), float(0.42 * r * math.sin(t))) for t in turns]
    over[-1] = (0.0, over[-1][1])
    under = [(radius, 0.42 * r - height) for radius, height in reversed(over)]
    ruffle = meshes.round_corners(
        [(0.0, 0.0), (r, 0.0), (1.05 * r, 0.06 * r), (1.03 * r, 0.13 * r), (0.0, 0.13 * r)], 0.03 * r
    )
    filling = meshes.round_corners(
        [(0.0, 0.0), (0.95 * r, 0.0), (0.95 * r, 0.12 * r), (0.0, 0.12 * r)], 0.04 * r
    )
    for outline, shader, height in (
        (under, shell, 0.0),
        (ruffle, foot, 0.42),
        (filling, cream, 0.55),
        (ruffle, foot, 0.67),
        ([(0.0, 0.0), *over], shell, 0.8),
    ):
        meshes.lathe(build, outline, shader, at=(at[0], at[1], at[2] + height * r), segments=56)


@prop("bread")
def bread(build: Build, piece: Piece) -> None:
    """A long loaf with cuts across its crust, dusted with flour."""
    for spot in build.spots(piece.count or 1, 0.36, spread=0.06, behind=True, depth=(0.1, 0.8)):
        size, s = spot.size, Shader("loaf")
        x, y, z = s.axes()
        slant = s.math("ADD", x, s.math("MULTIPLY", y, 0.55))
        bent = s.math("ADD", slant, s.math("MULTIPLY", s.noise(4, 3), 0.05))
        cuts = s.math(
            "ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", s.math("MULTIPLY", bent, 2.3 / size)), 0.5)
        )
        on_top = s.span(z, 0.4 * size, 0.58 * size)
        cut = s.math("MULTIPLY", s.span(cuts, 0.05, 0.13, 1.0, 0.0), on_top)
        flour = s.math("MULTIPLY", s.span(s.noise(14, 6), 0.46, 0.62), s.math("MULTIPLY", on_top, 0.55))
        crust = s.mix(s.span(s.noise(5, 5), 0.35, 0.7), piece.colour or "#b5743a", "#8a4f22")
        height = s.math("SUBTRACT", s.math("MULTIPLY", s.noise(35, 5), 0.3), s.math("MULTIPLY", cut, 0.9))
        s.principled(
            colour=s.mix(cut, s.mix(flour, crust, "#f2e8d8"), "#ecd7ac"),
            roughness=0.75,
            normal=s.bump(height, 0.8, 0.03),
        )
        polar, around = np.meshgrid(np.linspace(0, np.pi, 70), np.linspace(0, 2 * np.pi, 120), indexing="ij")
        wide = 0.62 * size * np.sin(polar) ** 0.72
        up = 0.66 * size * np.sin(polar) ** 0.6 * np.sin(around)
        points = np.stack(
            [
                -1.15 * size * np.cos(polar),
                wide * np.cos(around),
                np.where(up > 0, up, 0.16 * up) + 0.05 * size,
            ],
            -1,
        )
        meshes.lattice(build, points[:, ::-1], s, at=spot.at, turn=(0, 0, 0.3 * math.sin(spot.turn)))


@prop("croissants")
def croissants(build: Build, piece: Piece) -> None:
    """Croissants: crescents of rolled dough, ridged, brown at their edges."""
    rng = build.rng
    for spot in build.spots(
        piece.count or rng.randint(2, 3), 0.27, spread=0.08, behind=True, depth=(-0.1, 0.7)
    ):
        along = np.linspace(-1, 1, 120)
        bow = along * 1.75
        middle = np.stack(
            [spot.size * 0.74 * np.sin(bow), spot.size * 0.74 * (0.45 - np.cos(bow)), 0 * along], -1
        )
        way = np.gradient(middle, axis=0)
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        aside = np.stack([-way[:, 1], way[:, 0], 0 * along], -1)
        # Seven rolls, each thinner at its edges.
        saw = np.abs(along) * 3.4
        ridge = 1 - 0.26 * (1 - np.clip((saw - np.floor(saw)) / 0.3, 0, 1))
        reach = 0.44 * spot.size * (1 - np.abs(along) ** 1.7) ** 0.7 * ridge + 0.012
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        points = middle[:, None] + reach[:, None, None] * (
            np.cos(turn)[None, :, None] * aside[:, None]
            + np.sin(turn)[None, :, None] * np.array([0, 0, 0.86])
        )
        points[..., 2] = np.maximum(points[..., 2] + 0.8 * 0.4 * spot.size, 0.0) * 0.94
        brown = (
            np.clip(1 - (ridge - 0.74) / 0.26, 0, 1)[:, None] * 0.5
            + 0.25 * np.clip(np.sin(turn), 0, 1)[None]
            + 0.12 * np.sin(turn * 9 + along[:, None] * 30)
        )
        first, second = solid(piece.colour or "#d99a4a"), solid("#8f4f1e")
        sprig = Sprig()
        sprig.lattice(points, first + (second - first) * np.clip(brown, 0, 1)[..., None], closed=True)
        meshes.place(
            build,
            sprig.data("croissant", leafy("croissant", gloss=0.34, hue=0.004, value=0.06)),
            at=spot.at,
            turn=(0, 0, 0.5 * math.sin(spot.turn)),
        )


def honey_material(colour: str = "") -> Shader:
    """Return honey: amber, clear at its edges, light passing straight to the shadow."""
    s = Shader("honey")
    s.principled(
        colour=s.vary(colour or "#d98a12", s.noise(2, 2), 0.12),
        roughness=0.06,
        ior=1.48,
        subsurface=0.55,
        subsurface_radius=0.12,
        coat=0.5,
    )
    return s


def _fill_bowl(build: Build, spot: Spot, amber: Shader, beech: Shader) -> float:
    """Stand a wooden bowl of honey at a spot; return how high the honey in it is."""
    r = spot.size
    wall = [
        (0.0, 0.0), (0.5 * r, 0.0), (0.62 * r, 0.06 * r), (0.98 * r, 0.62 * r), (0.9 * r, 0.66 * r),
        (0.56 * r, 0.12 * r), (0.0, 0.1 * r),
    ]  # fmt: skip
    meshes.lathe(build, meshes.round_corners(wall, 0.03 * r), beech, at=spot.at)
    meshes.lathe(build, [(0.0, 0.0), (0.84 * r, 0.0)], amber, at=(spot.x, spot.y, 0.54 * r))
    return 0.54 * r


@prop("honey")
def honey(build: Build, piece: Piece) -> None:
    """A dipper full of honey over a pool that it runs into."""
    amber, beech = honey_material(piece.colour), wood.solid_wood(("#d6ad78", "#a97b48"), gloss=0.45)
    for spot in build.spots(piece.count or 1, 0.3, spread=0.06, behind=True, depth=(-0.12, 0.2)):
        r, low = spot.size, 0.0
        if build.is_land and not build.lies:
            # Between blades of grass a pool would be lost.
            low = _fill_bowl(build, spot, amber, beech)
        else:
            pool = [
                (0.0, 0.0),
                (0.98 * r, 0.0),
                (0.95 * r, 0.045 * r),
                (0.7 * r, 0.075 * r),
                (0.0, 0.085 * r),
            ]
            meshes.lathe(build, meshes.round_corners(pool, 0.06 * r), amber, at=spot.at)
        side = -1 if spot.x > 0 else 1
        lean = 0.62 * side if not build.lies else 0.0
        at = np.array([spot.x - 0.1 * r * side, spot.y, 0.5 * r + low])
        way = (
            np.array([-math.sin(lean), 0.25, math.cos(lean)]) if not build.lies else np.array([0.6, 0.8, 0.0])
        )
        way /= np.linalg.norm(way)
        for number in range(6):
            wide = 0.3 * r * (1 - 0.24 * abs(number - 2.2) / 2.2)
            middle = at + way * 0.12 * r * number
            meshes.ball(
                build,
                wide,
                beech if number % 2 else amber,
                at=(middle[0], middle[1], middle[2] - 0.35 * wide),
                squash=0.36,
                segments=40,
            )
        meshes.tube(build, [tuple(at), tuple(at + way * 2.0 * r)], 0.05 * r, beech)
        fall = np.linspace(0, 1, 12)
        thread = np.stack([np.full(12, at[0]), np.full(12, at[1]), at[2] + (low - at[2]) * fall + 0.03], -1)
        meshes.tube(
            build,
            thread,
            0.1 * r,
            amber,
            taper=list(np.interp(fall, [0, 0.25, 0.75, 1], [2.2, 0.7, 0.42, 1.6])),
        )


@prop("honeycomb")
def honeycomb(build: Build, piece: Piece) -> None:
    """A slab of honeycomb that stands leaning: cells of wax, honey in most of them."""
    rng = build.rng
    wax, amber = Shader("wax"), honey_material(piece.colour)
    wax.principled(colour=wax.vary("#e3b04a", wax.noise(9, 4), 0.2), roughness=0.45, subsurface=0.3)
    for spot in build.spots(
        piece.count or rng.randint(1, 2), 0.3, spread=0.08, behind=True, depth=(0.15, 0.8)
    ):
        cell, deep = 0.15 * spot.size, 0.2 * spot.size
        turn = (math.pi / 2 if build.lies else 0.0) - 0.22
        holes, fills = [], []
        for row in range(8):
            for column in range(7):
                x = (column - 3 + 0.5 * (row % 2)) * cell * 1.74
                z = (row + 0.9) * cell * 1.5
                ring = [
                    (x + 0.86 * cell * math.sin(a), z + 0.86 * cell * math.cos(a))
                    for a in np.arange(6) * math.pi / 3
                ]
                holes.append(ring)
                if rng.random() < 0.8:
                    fills.append((x, z))
        wide, high = 6.6 * cell, 13.1 * cell
        edge = [(-wide, 0.0), (wide, 0.0), (wide, high), (-wide, high)]
        at, way = spot.at, (-turn if not build.lies else turn, 0.0, 0.3 * math.sin(spot.turn))
        meshes.cutting(build, [edge, *holes], deep, wax, at=at, turn=way, bevel=0.012 * spot.size)
        back = [[(x, z) for x, z in edge]]
        plate = meshes.cutting(build, back, 0.3 * deep, amber, at=at, turn=way, bevel=0.002)
        plate.name = "honey"
