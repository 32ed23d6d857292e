"""Flowers, petals, vases and pot plants near the product."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.growth import Sprig, Tone, arc, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import branches

PETALS: tuple[tuple[str, str], ...] = (
    ("#f6d3d3", "#fbe9e4"),
    ("#e8a0ae", "#f5cdd2"),
    ("#f7efe2", "#fdfaf4"),
    ("#f0b48c", "#f9dcc4"),
    ("#c9b3e0", "#e6daf2"),
)
LEAF: Tone = ("#2f5230", "#5f8550", 0.25)


def bloom(build: Build, radius: float, colours: tuple[str, str]) -> Sprig:
    """Return an open blossom as of a peony or a ranunculus, its base at the origin: petals in layers."""
    rolled = scatter.dice(build)
    sprig = Sprig()
    # From the outside in: fewer, shorter and steeper petals.
    for layer in range(6):
        share = layer / 5
        count = (8, 8, 7, 7, 6, 5)[layer]
        heading = np.arange(count) * 2 * math.pi / count + layer * 0.7 + rolled.normal(0, 0.08, count)
        length = radius * (1.0 - 0.4 * share) * rolled.uniform(0.92, 1.06, count)
        rise = 0.35 + 1.05 * share + rolled.normal(0, 0.06, count)
        root = np.stack(
            [
                0.08 * radius * np.cos(heading),
                0.08 * radius * np.sin(heading),
                np.full(count, radius * (0.1 + 0.1 * share)),
            ],
            -1,
        )
        sprig.leaf(
            root,
            heading,
            length,
            length * rolled.uniform(0.82, 1.0, count),
            (colours[0], colours[1], 0.4),
            rise=rise,
            droop=-0.55 - 0.35 * share,
            fold=0.42,
            steps=10,
            form=0.7,
            blunt=0.5,
        )
    sprig.round((0, 0, 0.24 * radius), 0.2 * radius, (colours[0], colours[0], 0.2), squash=1.3, sides=14)
    for number in range(3):
        sprig.leaf(
            (0, 0, 0.03 * radius),
            number * 2.1 + 0.4,
            1.5 * radius,
            0.62 * radius,
            LEAF,
            rise=0.12,
            droop=0.35,
            fold=0.25,
            steps=8,
        )
    return sprig


@prop("flowers")
def flowers(build: Build, piece: Piece) -> None:
    """Blossoms that lie about the product, some larger, some smaller, with a leaf or two."""
    rng = build.rng
    shader = leafy("blossoms", gloss=0.55, hue=0.008, value=0.06)
    kinds = [(piece.colour, piece.colour)] if piece.colour else rng.sample(PETALS, 2)
    for spot in build.spots(
        piece.count or rng.randint(4, 6), 0.12, spread=0.35, behind=True, depth=(-0.25, 0.7)
    ):
        sprig = bloom(build, spot.size, kinds[spot.number % len(kinds)])
        tip = 0.0 if build.lies else rng.uniform(0.35, 0.85)
        meshes.place(
            build,
            sprig.data("bloom", shader),
            at=(spot.x, spot.y, 0.22 * spot.size * tip),
            turn=(tip, rng.uniform(-0.25, 0.25), 0.4 * math.sin(spot.turn)),
        )


@prop("petals")
def petals(build: Build, piece: Piece) -> None:
    """Petals that fell: cupped, each lying its own way."""
    rng = build.rng
    colours = (piece.colour, piece.colour) if piece.colour else rng.choice(PETALS)
    kinds = []
    for _ in range(4):
        sprig = Sprig()
        size = 0.05 * build.prop_scale
        sprig.leaf(
            (-size / 2, 0, 0.002),
            0.0,
            size,
            size * rng.uniform(0.75, 0.95),
            (colours[0], colours[1], 0.35),
            rise=rng.uniform(0.1, 0.35),
            droop=rng.uniform(-0.9, -0.3),
            fold=rng.uniform(0.2, 0.5),
            steps=9,
            form=0.75,
            blunt=0.55,
        )
        kinds.append(sprig.data("petal"))
    spots = list(build.strew(round(6 * (piece.count or 7) / build.prop_scale), clear=0.04, far=1.1))
    points = np.array([spot.at for spot in spots]).reshape(-1, 3)
    rolled = scatter.dice(build)
    turns = np.stack(
        [
            rolled.normal(0, 0.12, len(points)),
            rolled.normal(0, 0.12, len(points)),
            rolled.uniform(0, 6.3, len(points)),
        ],
        -1,
    )
    places = scatter.Places(points, turns, rolled.uniform(0.7, 1.25, len(points)))
    places = places.keep(scatter.headroom(build, points) > 0.03)
    scatter.scatter_instances(build, kinds, places, leafy("petals", gloss=0.5, hue=0.008, value=0.06))


VASES = (
    ((0.0, 0.0), (0.3, 0.0), (0.5, 0.32), (0.46, 0.7), (0.17, 1.0), (0.15, 1.25), (0.21, 1.36)),
    ((0.0, 0.0), (0.34, 0.0), (0.36, 0.05), (0.36, 1.05), (0.3, 1.2), (0.31, 1.25)),
    ((0.0, 0.0), (0.24, 0.0), (0.58, 0.5), (0.5, 0.82), (0.2, 0.98), (0.26, 1.1)),
)
"""Outlines of vases as radius and height, for one about a metre high."""


@prop("vase")
def vase(build: Build, piece: Piece) -> None:
    """A vase of clay with dry or green branches in it, behind the product."""
    rng = build.rng
    shader = leafy("vase branches", gloss=0.6, hue=0.01, value=0.1)
    for spot in build.spots(
        piece.count or 1, 0.22, spread=0.15, behind=True, depth=(build.foot_depth + 0.25, 1.0)
    ):
        scale = spot.size * 1.9
        outline = [(r * scale, h * scale) for r, h in rng.choice(VASES)]
        inner = [
            (0.86 * outline[-1][0], outline[-1][1]),
            (0.86 * outline[-2][0], 0.7 * outline[-1][1]),
            (0.0, 0.6 * outline[-1][1]),
        ]
        colour = piece.colour or rng.choice((build.accent(0), "#efe7da", "#d9c2a5", "#8d9488"))
        meshes.lathe(build, meshes.round_corners([*outline, *inner], 0.12 * scale), _clay(colour), at=spot.at)
        top = outline[-1][1]
        grown = rng.choice((branches.plume, branches.eucalyptus, branches.leafy_branch))
        for number in range(4):
            path = arc(scale * rng.uniform(1.5, 2.0), 1.45 - 0.1 * number, rng.uniform(0.3, 0.75), 0.0)
            turn = spot.turn + number * 1.7
            meshes.place(
                build,
                grown(build, path, "").data("branch", shader),
                at=(spot.x, spot.y, 0.6 * top),
                turn=(0, 0, turn),
            )


def _clay(colour: str) -> Shader:
    s = Shader("clay")
    grit = s.noise(60, 6, roughness=0.7)
    thrown = s.noise(3, 3, place=s.stretch((0.3, 0.3, 7)))
    height = s.math("ADD", s.math("MULTIPLY", grit, 0.35), s.math("MULTIPLY", thrown, 0.5))
    s.principled(
        colour=s.vary(colour, s.mix(0.5, grit, thrown), 0.12),
        roughness=0.82,
        specular=0.25,
        normal=s.bump(height, 0.35, 0.01),
    )
    return s


@prop("plant")
def plant(build: Build, piece: Piece) -> None:
    """A pot plant with broad leaves that arch over its rim."""
    rng = build.rng
    shader = leafy("pot plant", gloss=0.33, hue=0.012, value=0.1)
    tone: Tone = rng.choice((branches.DEEP, branches.FROND, ("#3a5f3c", "#7fa574", 0.25)))
    for spot in build.spots(
        piece.count or 1, 0.22, spread=0.15, behind=True, depth=(build.foot_depth + 0.2, 1.0)
    ):
        r = spot.size * 0.72
        pot = [
            (0.0, 0.0),
            (0.72 * r, 0.0),
            (1.0 * r, 1.5 * r),
            (0.9 * r, 1.5 * r),
            (0.85 * r, 1.35 * r),
            (0.0, 1.35 * r),
        ]
        colour = piece.colour or rng.choice(("#c47f5a", "#efe9df", "#8c8f8c", build.accent(0)))
        meshes.lathe(build, meshes.round_corners(pot, 0.06 * r), _clay(colour), at=spot.at)
        sprig = Sprig()
        rolled = scatter.dice(build)
        for number in range(15):
            heading = number * 2.39996
            steep = 1.45 - 0.06 * number
            long = r * rolled.uniform(1.4, 2.4)
            path = arc(long, steep, rolled.uniform(0.3, 0.7), heading, steps=8) + np.array([0, 0, 1.3 * r])
            sprig.stem(path, 0.035 * r, ("#4f7040", "#6d8f52", 0.1), sides=6)
            size = r * rolled.uniform(1.1, 1.6)
            sprig.leaf(
                path[-1],
                heading,
                size,
                0.56 * size,
                tone,
                rise=steep - 0.75,
                droop=rolled.uniform(0.7, 1.2),
                fold=0.25,
                steps=10,
                form=0.72,
            )
        meshes.place(build, sprig.data("plant", shader), at=spot.at, turn=(0, 0, spot.turn))
