"""Flowers that stand on their stalks: tulips, flowers of the field, lavender."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Points, Sprig, arc, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from .bouquets import LEAF, STEM, Head, daisy_head, deepen, tulip_head


@prop("tulips")
def tulips(build: Build, piece: Piece) -> None:
    """Tulips that stand behind, broad leaves at their feet."""
    colours = (piece.colour,) if piece.colour else ("#d9415d", "#e9a13c", "#e8d5df", "#b33a6f")

    def grow(build: Build, size: float) -> Sprig:
        return _stalked(build, tulip_head, size, colours, reach=0.17, leaves=(0.75, 0.16))

    _stand_all(build, piece, grow, many=(5, 7), height=0.55)


@prop("wildflowers")
def wildflowers(build: Build, piece: Piece) -> None:
    """Flowers of the field, of several kinds, standing among thin leaves."""
    kinds: tuple[tuple[Head, tuple[str, ...]], ...] = (
        (daisy_head, ("#fbf9f3", "#e9b7d0", "#8f8ae0")),
        (_poppy, ("#d8301f",)),
        (_cornflower, ("#4a63c9",)),
    )

    def grow(build: Build, size: float) -> Sprig:
        head, colours = build.rng.choice(kinds)
        return _stalked(
            build,
            head,
            size,
            (piece.colour,) if piece.colour else colours,
            reach=0.16,
            leaves=(0.55, 0.045),
            nod=0.85,
        )

    _stand_all(build, piece, grow, many=(14, 17), height=0.5)


def _poppy(build: Build, radius: float, colour: str) -> Sprig:
    sprig = Sprig()
    for number in range(4):
        sprig.leaf(
            (0, 0, 0.05 * radius),
            number * math.pi / 2,
            1.05 * radius,
            1.35 * radius,
            (deepen(colour, 0.6), colour, 0.4),
            rise=0.75,
            droop=-0.2,
            fold=0.4,
            steps=9,
            form=0.6,
            blunt=0.45,
        )
    sprig.round((0, 0, 0.2 * radius), 0.2 * radius, ("#1d1a18", "#3f4a2e", 0.0), sides=14)
    return sprig


def _cornflower(build: Build, radius: float, colour: str) -> Sprig:
    sprig = Sprig()
    for row in range(2):
        turn = np.arange(11) * 2 * math.pi / 11 + 0.3 * row
        root = np.stack(
            [0.1 * radius * np.cos(turn), 0.1 * radius * np.sin(turn), np.full(11, 0.3 * radius)], -1
        )
        sprig.leaf(
            root,
            turn,
            0.8 * radius,
            0.3 * radius,
            (deepen(colour, 0.7), colour, 0.35),
            rise=0.4 + 0.5 * row,
            droop=0.2,
            fold=0.5,
            steps=7,
            form=0.45,
        )
    sprig.round((0, 0, 0.18 * radius), 0.2 * radius, ("#4f6a36", "#3a2f6a", 0.0), squash=1.3, sides=14)
    return sprig


def _stalked(
    build: Build,
    head: Head,
    height: float,
    colours: tuple[str, ...],
    *,
    reach: float,
    leaves: tuple[float, float],
    nod: float = 0.0,
) -> Sprig:
    """Return a flower that stands: its stalk bent a little, leaves from its foot, its head on top."""
    rng = build.rng
    path = arc(height, 1.45, rng.uniform(0.05, 0.35), rng.uniform(0, 6.3))
    top = head(build, reach * height * rng.uniform(0.9, 1.1), rng.choice(colours))
    if not build.lies:  # most look to the camera
        top.tip(nod * rng.uniform(0.7, 1.2), -math.pi / 2 + rng.uniform(-0.7, 0.7))
    top.stem(path - path[-1], 0.011 * height + 0.003, STEM)
    for _ in range(3):
        top.leaf(
            -path[-1],
            rng.uniform(0, 6.3),
            leaves[0] * height,
            leaves[1] * height,
            LEAF,
            rise=1.25,
            droop=0.8,
            fold=0.35,
            steps=9,
            form=1.1,
        )
    return top


def _stand_all(
    build: Build, piece: Piece, grow: Callable[[Build, float], Sprig], *, many: tuple[int, int], height: float
) -> None:
    rng, shader = build.rng, leafy("flowers", gloss=0.5, hue=0.01, value=0.08)
    for spot in build.spots(
        piece.count or rng.randint(*many),
        0.09,
        spread=0.1,
        behind=True,
        depth=(build.foot_depth * 0.5, 0.75),
        height=height,
    ):
        tall = height * build.prop_scale * rng.uniform(0.8, 1.15)
        if build.lies:
            tall *= 0.8
        sprig = grow(build, tall)
        data = sprig.data("flower", shader)
        points = np.empty(3 * len(data.vertices), np.float32)
        data.vertices.foreach_get("co", points)
        lift = -float(points.reshape(-1, 3)[:, 2].min())
        turn: tuple[float, float, float] = (
            (1.35, 0.0, rng.uniform(-0.8, 0.8)) if build.lies else (0.0, 0.0, rng.uniform(-0.3, 0.3))
        )
        meshes.place(build, data, at=(spot.x, spot.y, 0.06 if build.lies else lift * 0.99), turn=turn)


def _lavender_sprig(build: Build, height: float, colour: str) -> Sprig:
    """Return a sprig of lavender: whorls of small buds along the upper third of a thin stalk."""
    rng, sprig = build.rng, Sprig()
    path = arc(height, 1.45, rng.uniform(0.05, 0.4), rng.uniform(0, 6.3))
    sprig.stem(path, 0.0065 * height + 0.002, ("#6d7f55", "#8a9a6d", 0.1))
    spike: Points = path[7:]
    for whorl in np.linspace(0, 1, 9):
        at = whorl * (len(spike) - 1)
        low = min(int(at), len(spike) - 2)
        middle = spike[low] + (at - low) * (spike[low + 1] - spike[low])
        wide = 0.034 * height * (1 - 0.55 * whorl) * (0.6 if whorl < 0.1 else 1)
        for number in range(7):
            turn = number * 0.9 + 3 * whorl
            bud = middle + np.array(
                [wide * math.cos(turn), wide * math.sin(turn), rng.uniform(-0.008, 0.008)]
            )
            sprig.round(bud, 0.62 * wide, (deepen(colour, 0.62), colour, 0.15), squash=1.35, sides=7)
    for _ in range(5):
        sprig.leaf(
            path[0],
            rng.uniform(0, 6.3),
            rng.uniform(0.3, 0.5) * height,
            0.03 * height,
            ("#7d8f6d", "#9aab88", 0.2),
            rise=1.2,
            droop=0.5,
            steps=7,
        )
    return sprig


@prop("lavender")
def lavender(build: Build, piece: Piece) -> None:
    """Lavender that stands in bunches, and lies in a flat lay."""
    rng, shader = build.rng, leafy("lavender", gloss=0.6, hue=0.01, value=0.15)
    colour = piece.colour or "#8a74c9"
    for spot in build.spots(
        piece.count or rng.randint(5, 6), 0.12, spread=0.1, behind=True, depth=(-0.05, 0.7), height=0.55
    ):
        for _ in range(7):
            sprig = _lavender_sprig(build, rng.uniform(0.45, 0.68) * build.prop_scale, colour)
            away, turn = 0.6 * spot.size * math.sqrt(rng.random()), rng.uniform(0, 6.3)
            at = (spot.x + away * math.cos(turn), spot.y + away * math.sin(turn), 0.03 if build.lies else 0.0)
            tip = (
                (1.4, 0.0, 0.6 * math.sin(spot.turn) + rng.uniform(-0.15, 0.15))
                if build.lies
                else (0.0, 0.0, 0.0)
            )
            meshes.place(build, sprig.data("lavender", shader), at=at, turn=tip)
