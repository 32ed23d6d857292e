"""Fruit that was cut: avocado, kiwi, coconut, fig, watermelon, cucumber. Their faces are rings of colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Points, Sprig, Tone, leafy, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

Rings = Sequence[tuple[float, str]]
"""Colours of a face from its middle, 0, to its rim, 1."""

AROUND = 72


@dataclass(frozen=True)
class Half:
    """A halved fruit, its radius 1: its face, rind and outline by the angle, how deep it is, its hollow."""

    rings: Rings
    rind: tuple[str, str]
    outline: Callable[[Points], Points]
    deep: float = 0.85
    hollow: float = 0.0
    bowl: float = 0.0
    pit: str = ""
    seeds: int = 0
    rough: float = 0.0


def _round(angle: Points) -> Points:
    return np.ones_like(angle)


def _oval(angle: Points) -> Points:
    return 1 / np.sqrt(np.cos(angle) ** 2 + (np.sin(angle) / 0.86) ** 2)


def _pear(angle: Points) -> Points:
    return 0.86 + 0.32 * np.clip(np.cos(angle), 0, 1) ** 2.2


HALVES = {
    "avocado": Half(
        (
            (0, "#dfcf7c"),
            (0.45, "#e0d584"),
            (0.7, "#d3d67c"),
            (0.9, "#9fbf57"),
            (0.97, "#5c8a34"),
            (1, "#2e4a22"),
        ),
        ("#1f2a18", "#34452a"),
        _pear,
        deep=0.72,
        hollow=0.44,
        pit="#6b4023",
        rough=0.02,
    ),
    "kiwi": Half(
        (
            (0, "#eef0cf"),
            (0.16, "#e6ecc0"),
            (0.24, "#8fbc3a"),
            (0.55, "#7fb02f"),
            (0.93, "#9ccb52"),
            (1, "#7a5c37"),
        ),
        ("#6e5232", "#8a6b42"),
        _oval,
        seeds=34,
        rough=0.02,
    ),
    "coconut": Half(
        ((0, "#fdfbf5"), (0.8, "#fffdf8"), (0.9, "#fbf6ea"), (0.93, "#6a4a2f"), (1, "#4d3320")),
        ("#3f2a1a", "#6d4c30"),
        _round,
        deep=0.95,
        bowl=0.72,
        rough=0.045,
    ),
    "dragon-fruit": Half(
        ((0, "#f7f5f3"), (0.86, "#f6f2f2"), (0.9, "#e8589a"), (1, "#d82a7c")),
        ("#c9216f", "#e0559a"),
        _oval,
        seeds=90,
    ),
}


def half_sprig(half: Half, radius: float, build: Build) -> Sprig:
    """Return half a fruit with its face up, its middle at the origin."""
    sprig, rng = Sprig(), build.rng
    around = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    rim = radius * half.outline(around)
    share = np.concatenate([[0.0], np.linspace(0.04, 1, 30)])
    colours = _colour_rings(half.rings, share)
    # The face sinks towards its middle, where a pit was or where it is a bowl.
    sunk = np.zeros_like(share)
    if half.bowl:
        sunk = -half.bowl * radius * np.clip(1 - (share / 0.88) ** 2.6, 0, 1)
    elif half.hollow and not half.pit:
        sunk = -half.hollow * radius * np.sqrt(np.clip(1 - (share / half.hollow) ** 2, 0, 1))
    face = np.stack(
        [
            share[:, None] * rim * np.cos(around),
            share[:, None] * rim * np.sin(around),
            np.repeat(sunk[:, None], AROUND, 1),
        ],
        -1,
    )
    sprig.lattice(face, np.repeat(colours[:, None], AROUND, 1), closed=True)
    down = np.linspace(0, np.pi / 2, 18)
    low = half.deep * radius
    swell = 1 + half.rough * np.sin(around * 23)[None] * np.cos(down * 17)[:, None]
    rind = np.stack(
        [
            np.cos(down)[:, None] * rim * np.cos(around) * swell,
            np.cos(down)[:, None] * rim * np.sin(around) * swell,
            -low * np.sin(down)[:, None] * np.ones(AROUND),
        ],
        -1,
    )
    first, second = solid(half.rind[0]), solid(half.rind[1])
    mottled = (0.5 + 0.5 * np.sin(around * 9)[None] * np.cos(down * 11)[:, None])[..., None]
    sprig.lattice(rind, first + (second - first) * mottled, closed=True)
    if half.pit:
        tone: Tone = (half.pit, half.pit, 0.0)
        sprig.round((-0.02 * radius, 0, 0.02 * radius), 0.46 * radius, tone, sides=28)
    for number in range(half.seeds):
        turn = number * 2.399963
        away = (
            (0.3 + 0.16 * rng.random()) if half.seeds < 50 else 0.84 * math.sqrt((number + 0.5) / half.seeds)
        )
        at = (away * radius * math.cos(turn), away * radius * math.sin(turn), 0.004 * radius)
        sprig.round(at, 0.032 * radius, ("#1b1712", "#2a231b", 0.0), squash=0.5, sides=8)
    return sprig


def _colour_rings(rings: Rings, share: Points) -> Points:
    at = [place for place, _ in rings]
    tones = np.array([solid(colour) for _, colour in rings])
    return np.stack([np.interp(share, at, tones[:, channel]) for channel in range(4)], -1)


def _lay_half(build: Build, spot: Spot, half: Half) -> None:
    """Lay half a fruit with its face up and turned to the camera."""
    radius = 0.86 * spot.size
    tip = 0.0 if build.lies else build.rng.uniform(0.62, 0.85)
    aside = 0.4 * math.sin(spot.turn)
    data = half_sprig(half, radius, build).data("half", leafy("cut", gloss=0.32, hue=0.004, value=0.04))
    low = half.deep * radius
    # Turned about its middle it rests on its rind.
    meshes.place(
        build, data, at=(spot.x, spot.y, 0.96 * max(low, radius * math.sin(tip) * 0.9)), turn=(tip, 0, aside)
    )


def _lay_halves(build: Build, piece: Piece, half: Half, size: float) -> None:
    for spot in build.spots(
        piece.count or build.rng.randint(3, 4), size, spread=0.08, behind=True, depth=(-0.3, 0.6)
    ):
        _lay_half(build, spot, half)


@prop("avocado")
def avocado(build: Build, piece: Piece) -> None:
    """Avocados cut in half, the stone in one of them."""
    _lay_halves(build, piece, HALVES["avocado"], 0.17)


@prop("kiwi")
def kiwi(build: Build, piece: Piece) -> None:
    """Kiwis cut in half."""
    _lay_halves(build, piece, HALVES["kiwi"], 0.13)


@prop("coconut")
def coconut(build: Build, piece: Piece) -> None:
    """Coconuts cut in half, white bowls in their shells."""
    _lay_halves(build, piece, HALVES["coconut"], 0.2)


@prop("dragon-fruit")
def dragon_fruit(build: Build, piece: Piece) -> None:
    """Dragon fruit cut in half."""
    _lay_halves(build, piece, HALVES["dragon-fruit"], 0.17)


@prop("watermelon")
def watermelon(build: Build, piece: Piece) -> None:
    """Wedges of watermelon that stand on their rind."""
    for spot in build.spots(
        piece.count or build.rng.randint(2, 4), 0.24, spread=0.1, behind=True, depth=(-0.1, 0.7)
    ):
        radius, sprig = spot.size, Sprig()
        thick = 0.3 * radius
        around = np.linspace(np.pi, 2 * np.pi, 60)
        share = np.linspace(0, 1, 30)
        rings = (
            (0, "#d93a44"),
            (0.78, "#e05058"),
            (0.86, "#f2b3ac"),
            (0.9, "#f0f2dc"),
            (0.95, "#bcd39a"),
            (1, "#2f6a34"),
        )
        colours = np.repeat(_colour_rings(rings, share)[:, None], 60, 1)
        flat = np.stack(
            [share[:, None] * np.cos(around), np.zeros((30, 60)), 1 + share[:, None] * np.sin(around)], -1
        )
        for side in (-1, 1):
            sheet = radius * flat + np.array([0, side * thick / 2, 0])
            sprig.lattice(sheet if side < 0 else sheet[:, ::-1], colours)
        rim = np.stack(
            [flat[-1] * radius + np.array([0, y, 0]) for y in np.linspace(-thick / 2, thick / 2, 6)]
        )
        stripes = np.where(np.sin(np.linspace(0, 31, 60)) > 0.2, 1.0, 0.0)[None, :, None]
        sprig.lattice(rim, solid("#2a5a2e") + (solid("#6f9a55") - solid("#2a5a2e")) * stripes)
        top = np.stack(
            [
                np.stack([np.linspace(-1, 1, 40) * radius, np.full(40, y), np.full(40, radius)], -1)
                for y in (-thick / 2, thick / 2)
            ]
        )
        sprig.lattice(top, np.repeat(_colour_rings(rings, np.abs(np.linspace(-1, 1, 40)))[None], 2, 0))
        for number in range(11):
            turn, away = np.pi * (1.12 + 0.076 * number), radius * (0.36 + 0.22 * (number % 3 != 1))
            for side in (-1, 1):
                at = (away * math.cos(turn), side * thick / 2, radius + away * math.sin(turn))
                sprig.round(at, 0.032 * radius, ("#1a1411", "#2b211b", 0.0), sides=8)
        data = sprig.data("wedge", leafy("melon", gloss=0.28, hue=0.004, value=0.03))
        meshes.place(
            build, data, at=spot.at, turn=(-1.3 if build.lies else -0.06, 0, 0.35 * math.sin(spot.turn))
        )


@prop("cucumber")
def cucumber(build: Build, piece: Piece) -> None:
    """Slices of cucumber, lying and leaning on each other."""
    rings = (
        (0, "#e3edc0"),
        (0.3, "#d4e3a6"),
        (0.62, "#cfe2a3"),
        (0.86, "#e2efc0"),
        (0.94, "#a9c970"),
        (1, "#2f5f2a"),
    )
    rng = build.rng
    for spot in build.spots(piece.count or rng.randint(5, 7), 0.11, spread=0.08, depth=(-0.35, 0.55)):
        radius, thick = spot.size, 0.16 * spot.size
        sprig = Sprig()
        around = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        share = np.linspace(0, 1, 26)
        face = np.stack(
            [
                share[:, None] * np.cos(around),
                share[:, None] * np.sin(around),
                0 * share[:, None] + 0 * around,
            ],
            -1,
        )
        colours = np.repeat(_colour_rings(rings, share)[:, None], 60, 1)
        sprig.lattice(radius * face + np.array([0, 0, thick]), colours, closed=True)
        edge = np.stack([radius * face[-1] + np.array([0, 0, z]) for z in (0.0, thick)])
        sprig.lattice(edge, solid("#2f5f2a"), closed=True)
        for number in range(15):
            turn = number * 2 * math.pi / 15
            away = radius * (0.36 + 0.2 * (number % 2))
            at = (away * math.cos(turn), away * math.sin(turn), thick)
            sprig.round(at, 0.05 * radius, ("#f1f3d8", "#f6f7e6", 0.0), squash=0.35, sides=8)
        data = sprig.data("slice", leafy("cucumber", gloss=0.2, hue=0.004, value=0.03))
        leans = not build.lies and spot.number % 2 == 0
        tip = rng.uniform(0.5, 0.9) if leans else 0.0
        meshes.place(
            build, data, at=(spot.x, spot.y, radius * math.sin(tip)), turn=(tip, 0, 0.4 * math.sin(spot.turn))
        )
