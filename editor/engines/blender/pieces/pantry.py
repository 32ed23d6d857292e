"""What is eaten and drunk: citrus, berries, coffee, a cup."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.finishes import piece_material
from editor.engines.blender.kit.growth import Sprig, Tone, leafy, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

from .orchard import LEMON, is_lemon, put_fruit

FRUITS = (("#f08a1d", "#f6a93b"), ("#f3cf2e", "#f7e27a"), ("#a9c93a", "#d6e68a"), ("#e8604c", "#f08f7a"))
"""Rind and flesh of oranges, lemons, limes and blood oranges."""


@prop("citrus")
def citrus(build: Build, piece: Piece) -> None:
    """Slices and a whole fruit, of one kind."""
    rind, flesh = build.rng.choice(FRUITS)
    if piece.colour:
        rind = flesh = piece.colour
    peel, cut = _peel(rind), _cut_face(rind, flesh)
    rng = build.rng
    for spot in build.spots(piece.count or rng.randint(4, 6), 0.13, spread=0.12, depth=(-0.3, 0.6)):
        radius = spot.size
        if spot.number % 3 == 1 and is_lemon(rind):
            put_fruit(build, spot, LEMON, rind)
            continue
        if spot.number % 3 == 1:
            meshes.ball(build, radius, peel, at=spot.at, squash=rng.uniform(0.92, 1.05))
            continue
        thick = 0.12 * radius if spot.number % 3 else radius
        _slice(build, spot, radius, thick, peel, cut)


def _slice(build: Build, spot: Spot, radius: float, thick: float, peel: Shader, cut: Shader) -> None:
    """Lay a slice, or half a fruit with its cut side up and turned a little to the camera."""
    half = thick == radius
    tip = 0.0 if build.lies else build.rng.uniform(0.25, 0.5)
    if half:
        turns = np.linspace(0, np.pi / 2, 20)
        bowl = [
            (0.0, 0.0),
            *((float(radius * np.sin(t)), float(radius * (1 - np.cos(t)))) for t in turns[1:]),
        ]
        lift = 0.25 * radius * math.sin(tip)
        turn = (tip, 0, 0.3 * math.sin(spot.turn))
        meshes.lathe(build, bowl, peel, at=(spot.x, spot.y, lift * 0.2), turn=turn)
        offset = radius * np.array(
            [math.sin(turn[2]) * math.sin(tip), -math.cos(turn[2]) * math.sin(tip), math.cos(tip)]
        )
        at = tuple(np.array([spot.x, spot.y, lift * 0.2]) + offset * 1.001)
        meshes.lathe(build, [(0.0, 0.002), (0.99 * radius, 0.0)], cut, at=at, turn=turn)
        return
    meshes.drum(build, radius, thick, peel, at=spot.at, turn=(0, 0, spot.turn), bevel=0.02 * radius)
    meshes.lathe(
        build,
        [(0.0, 0.0), (0.985 * radius, 0.0)],
        cut,
        at=(spot.x, spot.y, thick + 0.0008),
        turn=(0, 0, spot.turn),
    )


def _peel(colour: str) -> Shader:
    s = Shader("peel")
    dimples = s.cells(75)
    s.principled(
        colour=s.vary(colour, s.noise(4, 4), 0.14),
        roughness=0.38,
        normal=s.bump(dimples, 0.35, 0.006),
        subsurface=0.1,
        subsurface_radius=0.03,
    )
    return s


def _cut_face(rind: str, flesh: str) -> Shader:
    """Return a cut face: segments of juicy flesh, pale skins between them, pith, rind."""
    s = Shader("cut")
    size = s.node("TexCoord").outputs["Generated"]
    gx, gy, _ = s.axes(size)
    u, v = s.math("SUBTRACT", gx, 0.5), s.math("SUBTRACT", gy, 0.5)
    away = s.math(
        "MULTIPLY", 2.0, s.math("SQRT", s.math("ADD", s.math("MULTIPLY", u, u), s.math("MULTIPLY", v, v)))
    )
    around = s.math("DIVIDE", s.math("ARCTAN2", v, u), 2 * math.pi)
    uneven = s.math("MULTIPLY", s.math("SUBTRACT", s.noise(9, 2), 0.5), 0.05)
    sector = s.math(
        "ABSOLUTE",
        s.math("SUBTRACT", s.math("FRACT", s.math("MULTIPLY", s.math("ADD", around, uneven), 10.0)), 0.5),
    )
    skin_at = s.math("MULTIPLY", s.math("SUBTRACT", 0.5, sector), away)
    inside = s.math(
        "MULTIPLY",
        s.span(skin_at, 0.015, 0.045),
        s.math("MULTIPLY", s.span(away, 0.07, 0.13), s.span(away, 0.8, 0.86, 1.0, 0.0)),
    )
    where = s.node(
        "CombineXYZ", {0: s.math("MULTIPLY", around, 60.0), 1: s.math("MULTIPLY", away, 6.0)}
    ).outputs[0]
    sacs = s.noise(1.3, 4, place=where)
    pulp = s.vary(flesh, sacs, 0.3)
    pith = s.mix(s.span(away, 0.9, 0.945), "#f8eecb", rind)
    s.principled(
        colour=s.mix(inside, pith, pulp),
        roughness=s.span(inside, 0, 1, 0.5, 0.16),
        normal=s.bump(
            s.math("ADD", s.math("MULTIPLY", inside, 0.6), s.math("MULTIPLY", sacs, 0.5)), 0.4, 0.008
        ),
        subsurface=0.15,
        subsurface_radius=0.03,
    )
    return s


@prop("berries")
def berries(build: Build, piece: Piece) -> None:
    """Raspberries and blueberries, in small heaps."""
    rng = build.rng
    raspberry = _raspberry((piece.colour, piece.colour, 0.0) if piece.colour else ("#7d0f26", "#c52a44", 0.0))
    blueberry = _blueberry()
    points: list[tuple[float, float, float]] = []
    for spot in build.spots(piece.count or rng.randint(3, 5), 0.12, spread=0.3, depth=(-0.4, 0.5)):
        for _ in range(6):
            angle, away = rng.uniform(0, 6.3), spot.size * math.sqrt(rng.random()) * 0.9
            point = (spot.x + away * math.cos(angle), spot.y + away * math.sin(angle), 0.0)
            if all(math.dist(point, other) > 0.06 for other in points):
                points.append(point)
    _heap(
        build,
        points,
        [raspberry, blueberry] if not piece.colour else [raspberry],
        leafy("berries", gloss=0.32, hue=0.008, value=0.2),
    )


def _heap(
    build: Build,
    points: list[tuple[float, float, float]],
    kinds: list[Any],
    shader: Shader,
    tilt: float = 0.5,
) -> None:
    """Put small things at points, each turned its own way, none before the product."""
    if not points:
        return
    rolled = scatter.dice(build)
    count = len(points)
    turns = np.stack(
        [rolled.normal(0, tilt, count), rolled.normal(0, tilt, count), rolled.uniform(0, 6.3, count)], -1
    )
    places = scatter.Places(np.array(points, float), turns, rolled.uniform(0.85, 1.15, count))
    places = scatter.clear_of_foot(build, places.keep(scatter.headroom(build, places.points) > 0.06), 0.05)
    scatter.scatter_instances(build, kinds, places, shader)


def _raspberry(tone: Tone) -> Any:
    sprig = Sprig()
    for row in range(6):
        share = row / 5
        radius, z = 0.03 * math.sin(math.pi * (0.22 + 0.74 * share)) ** 0.8, 0.012 + 0.045 * share
        for number in range(max(1, round(11 * radius / 0.03))):
            turn = 2 * math.pi * (number + 0.5 * (row % 2)) / max(1, round(11 * radius / 0.03))
            sprig.round((radius * math.cos(turn), radius * math.sin(turn), z), 0.0098, tone, sides=8)
    return sprig.data("raspberry")


def _blueberry() -> Any:
    sprig = Sprig()
    sprig.round((0, 0, 0.026), 0.027, ("#232a52", "#4d5a8f", 0.0), squash=0.92, sides=20)
    for number in range(5):
        sprig.leaf(
            (0, 0, 0.048),
            number * 1.257,
            0.011,
            0.009,
            ("#1c2145", "#3a4478", 0.0),
            rise=0.7,
            droop=0.4,
            steps=2,
        )
    return sprig.data("blueberry")


@prop("coffee")
def coffee(build: Build, piece: Piece) -> None:
    """Roasted beans, strewn from a few heaps."""
    rng = build.rng
    tone = (piece.colour, piece.colour, 0.0) if piece.colour else ("#2a160c", "#5b3520", 0.0)
    beans = [_bean(tone, rng.uniform(0.9, 1.1)) for _ in range(3)]
    points: list[tuple[float, float, float]] = []
    for spot in build.spots(piece.count or rng.randint(3, 4), 0.16, spread=0.3, depth=(-0.45, 0.5)):
        for _ in range(26):
            angle, away = rng.uniform(0, 6.3), spot.size * abs(rng.gauss(0, 0.62))
            height = 0.016 * max(0.0, 1 - away / spot.size) * rng.random() * 2
            points.append((spot.x + away * math.cos(angle), spot.y + away * math.sin(angle), height))
    _heap(build, points, beans, leafy("beans", gloss=0.34, hue=0.01, value=0.3), tilt=0.8)


def _bean(tone: Tone, size: float) -> Any:
    """Return a coffee bean: half an egg, a furrow along its flat side."""
    polar, around = np.meshgrid(
        np.linspace(0, np.pi, 17), np.linspace(0, 2 * np.pi, 28, endpoint=False), indexing="ij"
    )
    x, y, z = np.cos(polar), np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around)
    up = np.where(z > 0, 0.28 * z, 0.6 * z)
    furrow = np.exp(-((y - 0.12 * np.sin(2.6 * x)) ** 2) / 0.018) * (z > 0) * (1 - 0.8 * np.abs(x))
    points = 0.034 * size * np.stack([x, 0.68 * y, up - 0.2 * furrow], -1)
    points[..., 2] += 0.02 * size
    sprig = Sprig()
    base, tip = solid(tone[0]), solid(tone[1])
    mix = np.clip(1 - 1.1 * furrow, 0, 1)[..., None]
    sprig.lattice(points, base + (tip - base) * mix, closed=True)
    return sprig.data("bean")


@prop("cup")
def cup(build: Build, piece: Piece) -> None:
    """A cup of coffee on its saucer."""
    rng = build.rng
    for spot in build.spots(
        piece.count or 1, 0.24, spread=0.08, behind=True, depth=(build.foot_depth + 0.1, 0.8)
    ):
        shader = (
            piece_material(build, piece, 1, usual="gloss")
            if piece.colour or piece.finish
            else _glaze(rng.choice(("#f4f0e8", "#e3dccf", "#56646b", "#c9d2cc")))
        )
        r = spot.size * 0.62
        saucer = [
            (0.0, 0.0),
            (0.6 * r, 0.0),
            (1.45 * r, 0.17 * r),
            (1.47 * r, 0.21 * r),
            (0.62 * r, 0.06 * r),
            (0.0, 0.06 * r),
        ]
        meshes.lathe(build, meshes.round_corners(saucer, 0.05 * r), shader, at=spot.at)
        body = [
            (0.0, 0.06 * r),
            (0.48 * r, 0.06 * r),
            (0.56 * r, 0.18 * r),
            (0.86 * r, 0.75 * r),
            (0.92 * r, 1.35 * r),
            (0.87 * r, 1.35 * r),
            (0.8 * r, 0.8 * r),
            (0.5 * r, 0.24 * r),
            (0.0, 0.2 * r),
        ]
        meshes.lathe(build, meshes.round_corners(body, 0.08 * r), shader, at=spot.at)
        turn = spot.turn % (2 * math.pi)
        loop = [
            (0.8 * r + 0.45 * r * math.sin(t), 0, 0.78 * r - 0.36 * r * math.cos(t))
            for t in np.linspace(0.1, math.pi - 0.1, 16)
        ]
        meshes.tube(build, loop, 0.07 * r, shader, at=spot.at, turn=(0, 0, turn))
        drink = Shader("coffee")
        foam = drink.span(drink.noise(6 / r * 0.3, 5), 0.52, 0.7, 0.0, 0.35)
        drink.principled(colour=drink.mix(foam, "#2b150a", "#a8764a"), roughness=0.08)
        meshes.lathe(build, [(0.0, 0.0), (0.868 * r, 0.0)], drink, at=(spot.x, spot.y, 1.16 * r))


def _glaze(colour: str) -> Shader:
    s = Shader("glaze")
    specks = s.span(s.noise(70, 3), 0.68, 0.74, 0.0, 0.35)
    s.principled(
        colour=s.mix(specks, s.vary(colour, s.noise(3, 4), 0.06), "#6e5a45"), roughness=0.24, coat=0.4
    )
    return s
