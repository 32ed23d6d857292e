"""What is in a larder: nuts, spices, chocolate, sugar, salt: small things in heaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.growth import Points, Sprig, leafy, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

Pair = tuple[str, str]


def heap(
    build: Build, piece: Piece, kinds: Sequence[Any], shader: Shader | None, *, apart: float, each: int,
    radius: float = 0.18, tilt: float = 0.6, heaps: tuple[int, int] = (3, 4),
) -> None:  # fmt: skip
    """Strew small things from a few heaps: those in a heap's middle lie on others.

    apart: how near two may lie on the ground, in metres; each: how many to a heap; tilt: radians.
    """
    rng, rolled = build.rng, scatter.dice(build)
    points: list[tuple[float, float, float]] = []
    for spot in build.spots(piece.count or rng.randint(*heaps), radius, spread=0.25, depth=(-0.4, 0.55)):
        for number in range(each):
            angle, away = rng.uniform(0, 6.3), spot.size * abs(rng.gauss(0, 0.5))
            layer = number % 3 if away < 0.45 * spot.size else 0
            point = (spot.x + away * math.cos(angle), spot.y + away * math.sin(angle), 0.62 * apart * layer)
            if all(math.dist(point, other) > 0.82 * apart for other in points):
                points.append(point)
    if not points:
        return
    count = len(points)
    turns = np.stack(
        [rolled.normal(0, tilt, count), rolled.normal(0, tilt, count), rolled.uniform(0, 6.3, count)], -1
    )
    places = scatter.Places(
        np.array(points, float), turns, rolled.uniform(0.85, 1.15, count) * build.prop_scale
    )
    places = scatter.clear_of_foot(build, places.keep(scatter.headroom(build, places.points) > apart), 0.05)
    scatter.scatter_instances(build, kinds, places, shader)


def _pebble(name: str, shape: Points, tones: Pair, share: Points) -> Any:
    """Return mesh data of a closed shape (rows, columns, 3) whose tone runs by share (rows, columns)."""
    sprig = Sprig()
    first, second = solid(tones[0]), solid(tones[1])
    sprig.lattice(shape, first + (second - first) * np.clip(share, 0, 1)[..., None], closed=True)
    return sprig.data(name)


def _sphere(rows: int = 18, columns: int = 36) -> tuple[Points, Points, Points, Points, Points]:
    """Return polar angle, angle around, and x, y, z of a unit sphere whose poles are at ±x."""
    polar, around = np.meshgrid(
        np.linspace(0, np.pi, rows), np.linspace(0, 2 * np.pi, columns, endpoint=False), indexing="ij"
    )
    return polar, around, np.cos(polar), np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around)


@prop("almonds")
def almonds(build: Build, piece: Piece) -> None:
    """Almonds: flat drops, broad at one end and pointed at the other, their skin in fine brown wrinkles."""
    tones = (piece.colour, piece.colour) if piece.colour else ("#5f3a22", "#a97b52")
    polar, around, x, y, z = _sphere(26, 64)
    # A sphere's ring narrows evenly; an almond's is fullest a third of the way from its blunt end.
    along = polar / np.pi
    width = np.sin(np.pi * along**1.35) ** 0.82 / np.maximum(np.sin(polar), 0.05)
    width[[0, -1]] = 0.0
    kinds = []
    for kind in range(3):
        lean, shift = 0.06 * (kind - 1), 1.7 * kind
        wander = 1.6 * np.sin(2.1 * x + shift) + 0.7 * np.sin(5.3 * x - shift)
        wrinkles = 0.5 + 0.3 * np.sin(around * 17 + wander) + 0.2 * np.sin(around * 29 - 1.3 * wander + 3 * x)
        rough = (1 + 0.035 * (wrinkles - 0.5) * np.sin(polar))[..., None]
        shape = 0.052 * np.stack([x * 1.12, 0.62 * y * width + lean * x**2, 0.34 * z * width], -1) * rough
        shape[..., 2] += 0.018
        kinds.append(_pebble("almond", shape, tones, wrinkles))
    heap(
        build,
        piece,
        kinds,
        leafy("almonds", gloss=0.72, hue=0.006, value=0.14),
        apart=0.07,
        each=26,
        tilt=0.22,
    )


@prop("hazelnuts")
def hazelnuts(build: Build, piece: Piece) -> None:
    """Hazelnuts in their shells, a pale cap at one end."""
    tones = (piece.colour, piece.colour) if piece.colour else ("#8f5527", "#d8b98c")
    _, _, x, y, z = _sphere()
    shape = 0.044 * np.stack([x * 1.08 + 0.12 * np.clip(x, 0, 1) ** 6, y, z], -1)
    shape[..., 2] += 0.042
    cap = np.clip((-x - 0.72) / 0.1, 0, 1)
    heap(
        build,
        piece,
        [_pebble("hazelnut", shape, tones, cap)],
        leafy("hazelnuts", gloss=0.32, hue=0.01, value=0.2),
        apart=0.085,
        each=18,
        tilt=1.0,
    )


@prop("walnuts")
def walnuts(build: Build, piece: Piece) -> None:
    """Walnuts in their shells: wrinkled, a seam around them."""
    tones = (piece.colour, piece.colour) if piece.colour else ("#8a5f36", "#c79a63")
    polar, around, x, y, z = _sphere(34, 72)
    wrinkles = np.sin(around * 7 + 3 * np.sin(polar * 3)) * np.sin(polar * 9 + 2 * np.cos(around * 3))
    seam = np.exp(-((np.abs(z) / 0.09) ** 2))
    swell = 1 + 0.055 * wrinkles * (1 - seam) + 0.09 * seam
    shape = 0.1 * swell[..., None] * np.stack([1.12 * x, 0.95 * y, 0.92 * z], -1)
    shape[..., 2] += 0.09
    data = _pebble("walnut", shape, tones, 0.5 + 0.5 * wrinkles)
    heap(
        build,
        piece,
        [data],
        leafy("walnuts", gloss=0.6, hue=0.01, value=0.15),
        apart=0.19,
        each=9,
        radius=0.22,
        tilt=0.5,
    )


@prop("cinnamon")
def cinnamon(build: Build, piece: Piece) -> None:
    """Cinnamon sticks: bark that has rolled itself up from both sides."""
    rng = build.rng
    shader = leafy("cinnamon", gloss=0.75, hue=0.01, value=0.15)
    for spot in build.spots(
        piece.count or rng.randint(3, 4), 0.24, spread=0.1, behind=True, depth=(-0.3, 0.6)
    ):
        for stick in range(3):
            length, r = 1.8 * spot.size * rng.uniform(0.9, 1.05), 0.15 * spot.size
            roll = np.linspace(0.35, 2.9 * np.pi, 70)
            reach = r * (0.25 + 0.75 * roll / roll[-1])
            # Two scrolls that face each other.
            one = np.stack([reach * np.cos(roll) + 0.9 * r, reach * np.sin(roll)], -1)
            other = np.stack([-reach * np.cos(roll) - 0.9 * r, reach * np.sin(roll)], -1)
            sprig = Sprig()
            grain = 0.5 + 0.5 * np.sin(np.linspace(0, 40, 70))[None] * np.cos(np.linspace(0, 9, 12))[:, None]
            first, second = solid("#6d3b1d"), solid(piece.colour or "#a9683a")
            tones = first + (second - first) * grain[..., None]
            for scroll in (one, other[::-1]):
                sheet = np.stack(
                    [
                        np.stack([np.full(70, x), scroll[:, 0], scroll[:, 1] + 1.0 * r], -1)
                        for x in np.linspace(-length / 2, length / 2, 12)
                    ]
                )
                sprig.lattice(sheet, tones)
            z = 2.0 * r if stick == 2 else 0.0
            aside = (stick - 0.5) * 4.2 * r if stick < 2 else 0.0
            turn = spot.turn + rng.uniform(-0.12, 0.12) + (0.5 if stick == 2 else 0)
            at = (spot.x - aside * math.sin(spot.turn), spot.y + aside * math.cos(spot.turn), z)
            meshes.place(build, sprig.data("stick", shader), at=at, turn=(0, 0, turn))


@prop("star-anise")
def star_anise(build: Build, piece: Piece) -> None:
    """Star anise: eight boats with a seed in each."""
    sprig = Sprig()
    tone = (piece.colour or "#5c3119", piece.colour or "#8f5a30", 0.0)
    for number in range(8):
        turn = number * math.pi / 4
        for side in (-1, 1):
            sprig.leaf(
                (0, 0, 0.016),
                turn + 0.12 * side,
                0.1,
                0.034,
                tone,
                rise=0.25,
                droop=-0.35,
                fold=0.0,
                roll=1.15 * side,
                steps=9,
                form=1.1,
            )
        sprig.round(
            (0.055 * math.cos(turn), 0.055 * math.sin(turn), 0.03),
            0.0125,
            ("#7d3f17", "#b3682c", 0.0),
            squash=0.6,
            sides=10,
        )
    sprig.round((0, 0, 0.02), 0.015, ("#4a2814", "#6d3f20", 0.0), sides=10)
    heap(
        build,
        piece,
        [sprig.data("anise")],
        leafy("anise", gloss=0.35, hue=0.01, value=0.2),
        apart=0.19,
        each=6,
        radius=0.2,
        tilt=0.2,
        heaps=(4, 5),
    )


@prop("vanilla")
def vanilla(build: Build, piece: Piece) -> None:
    """Vanilla pods: long, dark, wrinkled, curled at one end."""
    rng = build.rng
    s = Shader("vanilla")
    folds = s.noise(40, 4, place=s.stretch((0.15, 1, 1)))
    s.principled(
        colour=s.vary(piece.colour or "#2a170d", folds, 0.4), roughness=0.36, normal=s.bump(folds, 0.5, 0.006)
    )
    for spot in build.spots(piece.count or rng.randint(3, 4), 0.28, spread=0.08, depth=(-0.4, 0.6)):
        for pod in range(3):
            share = np.linspace(-1, 1, 36)
            bend = rng.uniform(-0.25, 0.25)
            hook = np.clip(share - 0.75, 0, 1) * 4
            path = np.stack(
                [
                    spot.size * (share - 0.12 * hook**2),
                    spot.size * (bend * share**2 + 0.14 * hook**1.5 + 0.16 * (pod - 1)),
                    0.014 + 0.009 * pod + 0 * share,
                ],
                -1,
            )
            taper = np.interp(share, [-1, -0.9, 0.7, 1], [0.3, 0.9, 1.0, 0.45])
            meshes.tube(
                build, path, 0.014, s, at=spot.at, turn=(0, 0, 0.5 * math.sin(spot.turn)), taper=list(taper)
            )


@prop("chocolate")
def chocolate(build: Build, piece: Piece) -> None:
    """Bars of chocolate, broken into pieces that lie on each other."""
    rng = build.rng
    s = Shader("chocolate")
    s.principled(
        colour=s.vary(piece.colour or "#3b2013", s.noise(5, 4), 0.12),
        roughness=0.34,
        specular=0.45,
        normal=s.bump(s.noise(60, 3), 0.05, 0.003),
    )
    for spot in build.spots(
        piece.count or rng.randint(3, 4), 0.21, spread=0.12, behind=True, depth=(-0.3, 0.6)
    ):
        side, thick, z = 0.42 * spot.size, 0.15 * spot.size, 0.0
        for layer, (wide, deep) in enumerate(((3, 3), (2, 2), (1, 2))):
            turn = 0.5 * math.sin(spot.turn) + rng.uniform(-0.45, 0.45)
            c, sn = math.cos(turn), math.sin(turn)
            for column in range(wide):
                for row in range(deep):
                    if layer == 0 and (column, row) == (2, 2):
                        continue
                    x, y = (column - (wide - 1) / 2) * side, (row - (deep - 1) / 2) * side
                    at = (spot.x + c * x - sn * y, spot.y + sn * x + c * y, z)
                    meshes.block(build, (side, side, 0.6 * thick), s, at=at, turn=(0, 0, turn), bevel=0.004)
                    meshes.block(
                        build,
                        (0.82 * side, 0.82 * side, thick),
                        s,
                        at=at,
                        turn=(0, 0, turn),
                        bevel=0.16 * side,
                    )
            z += thick * 1.02


@prop("sugar")
def sugar(build: Build, piece: Piece) -> None:
    """Lumps of sugar."""
    rng = build.rng
    s = Shader("sugar")
    grains = s.cells(130)
    s.principled(
        colour=s.vary(piece.colour or "#fbfaf6", grains, 0.05),
        roughness=0.5,
        normal=s.bump(grains, 0.7, 0.008),
        subsurface=0.2,
    )
    for spot in build.spots(piece.count or rng.randint(5, 7), 0.12, spread=0.1, depth=(-0.35, 0.6)):
        side = 0.95 * spot.size
        for number, (x, y, z) in enumerate(((-0.55, 0, 0), (0.55, 0.1, 0), (0.05, 0.05, 1))):
            if number and spot.number % 2:
                continue
            turn = rng.uniform(-0.4, 0.4)
            meshes.block(
                build,
                (side, side, 0.8 * side),
                s,
                at=(spot.x + x * side, spot.y + y * side, 0.8 * z * side),
                turn=(0, 0, turn),
                bevel=0.06 * side,
            )


@prop("salt")
def salt(build: Build, piece: Piece) -> None:
    """Coarse salt, strewn in small heaps of crystals."""
    rng = build.rng
    sprig_kinds = []
    for _ in range(3):
        sides = [rng.uniform(0.6, 1.3) for _ in range(3)]
        sprig = Sprig()
        sprig.round(
            (0, 0, 0.012 * sides[2]),
            0.019 * sides[0],
            (piece.colour or "#f4f4f2", piece.colour or "#ffffff", 0.35),
            squash=sides[1],
            sides=5,
        )
        data = sprig.data("crystal")
        data.polygons.foreach_set("use_smooth", np.zeros(len(data.polygons), np.bool_))
        sprig_kinds.append(data)
    heap(
        build,
        piece,
        sprig_kinds,
        leafy("salt", gloss=0.15, hue=0.0, value=0.05),
        apart=0.024,
        each=150,
        tilt=1.2,
    )
